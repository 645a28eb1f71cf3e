"""`python -m bot.sms.standin`: the stand-in as a process of its own. It must not serve anything but the loopback."""

import argparse
import asyncio
import json
import os
import signal
import sys
from pathlib import Path

from bot.clock import now
from bot.sms.standin.faults import Faults
from bot.sms.standin.serving import running
from bot.sms.standin.standin import StandIn


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM, having printed the base URL on one line. Returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        return asyncio.run(_serve(options))
    except (ValueError, OSError) as problem:
        print(f"stand-in: {problem}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot.sms.standin", description="A loopback Twilio.")
    parser.add_argument("--port", type=int, default=0, help="loopback port; 0 takes a free one")
    parser.add_argument("--number", required=True, help="the clinic's number, E.164")
    parser.add_argument("--webhook-url", help="where inbound texts are posted, overrides in the fragment")
    parser.add_argument("--log", type=Path, help="append every event to this file, a JSON object a line")
    parser.add_argument("--faults", type=Path, help="a JSON file of rates and seconds")
    parser.add_argument("--seed", type=int, help="repeat SIDs and faults; without it they are new each time")
    parser.add_argument("--account-sid", default=os.environ.get("TWILIO_ACCOUNT_SID"), help="or TWILIO_ACCOUNT_SID")
    parser.add_argument("--auth-token", default=os.environ.get("TWILIO_AUTH_TOKEN"), help="or TWILIO_AUTH_TOKEN")
    return parser


async def _serve(options: argparse.Namespace) -> int:
    for name in ("account_sid", "auth_token"):
        if not getattr(options, name):
            raise ValueError(f"{name}: missing. Set TWILIO_{name.upper()} or give --{name.replace('_', '-')}.")
    standin = StandIn(
        options.account_sid,
        options.auth_token,
        number=options.number,
        now=now,
        seed=options.seed,
        webhook_url=options.webhook_url,
        faults=_faults(options.faults, options.seed),
        log_path=options.log,
    )
    stop = asyncio.Event()
    for ending in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(ending, stop.set)
    async with running(standin, options.port) as base_url:
        print(base_url, flush=True)
        await stop.wait()
    return 0


def _faults(path: Path | None, seed: int | None) -> Faults:
    if path is None:
        return Faults(seed=seed)
    try:
        plan = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as problem:
        raise ValueError(f"{path}: not JSON ({problem}). Give an object of operations with rates.") from None
    if not isinstance(plan, dict):
        raise ValueError(f"{path}: not a JSON object. Give operations with rates.")
    return Faults.read(plan, seed=seed)


if __name__ == "__main__":
    sys.exit(main())
