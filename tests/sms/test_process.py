"""The stand-in as a process of its own, steered over HTTP and read from its journal."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from bot.sms.gateway import Accepted, Outgoing, Throttled
from tests.sms.conftest import ACCOUNT, CLINIC, MARIA, TOKEN, GatewayTo
from tests.sms.receiver import Receiver

pytestmark = pytest.mark.anyio

ENVIRONMENT = {**os.environ, "TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN}


@pytest.fixture
async def start() -> AsyncIterator[Callable[..., str]]:
    """Start the stand-in with these arguments; gives its base URL. All of them end with the test, in good order."""
    started: list[subprocess.Popen[str]] = []

    def process(*arguments: str) -> str:
        command = [sys.executable, "-W", "error", "-m", "bot.sms.standin", "--number", CLINIC, *arguments]
        started.append(subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True))
        output = started[-1].stdout
        assert output is not None
        return output.readline().strip()

    yield process
    for each in started:
        each.send_signal(signal.SIGTERM)
        output, _ = each.communicate(timeout=10)
        assert (each.returncode, output) == (0, "")


async def test_texts_go_both_ways_and_everything_is_in_the_journal(
    start: Callable[..., str], bot: Receiver, gateway_to: GatewayTo, tmp_path: Path
) -> None:
    log = tmp_path / "standin.jsonl"
    url = start("--webhook-url", f"{bot.base_url}/in", "--log", str(log))
    outcome = await gateway_to(url).send(Outgoing(MARIA, "hello", f"{bot.base_url}/s?m=1"))
    assert isinstance(outcome, Accepted)
    async with httpx.AsyncClient(base_url=url) as control:
        await control.post("/standin/settled")
        bot.say("Not yet.")
        answer = (await control.post("/standin/text", json={"from": MARIA, "body": "can I exercise"})).json()
        await control.post("/standin/settled")
        conversation = (await control.get(f"/standin/conversation/{MARIA}")).json()
        again = (await control.post("/standin/redeliver", json={"sid": answer["sid"]})).json()
    assert (answer["http_status"], answer["reply_texts"]) == (200, ["Not yet."])
    assert [bubble["body"] for bubble in conversation] == ["hello", "can I exercise", "Not yet."]
    assert again["http_status"] == 200
    events = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert (events[0]["event"], events[0]["sid"], events[0]["body"]) == ("created", outcome.sid, "hello")
    assert {event["event"] for event in events} == {"created", "status", "callback", "inbound", "inbound_webhook"}
    assert all(event["at"].endswith("+00:00") for event in events)
    assert [event["status"] for event in events if event["event"] == "callback"] == ["sent", "delivered"]


async def test_faults_come_from_a_file_and_may_be_changed_while_it_runs(
    start: Callable[..., str], gateway_to: GatewayTo, tmp_path: Path
) -> None:
    plan = tmp_path / "faults.json"
    plan.write_text('{"create": {"throttle": 1.0}, "retry_after": 3}', encoding="utf-8")
    url = start("--faults", str(plan), "--seed", "5")
    gateway = gateway_to(url)
    assert await gateway.send(Outgoing(MARIA, "hello", None)) == Throttled(20429, 3.0)
    async with httpx.AsyncClient(base_url=url) as control:
        wrong = await control.post("/standin/faults", json={"create": {"nonsense": 1}})
        assert (wrong.status_code, wrong.text.split(":")[0]) == (400, "create.nonsense")
        await control.post("/standin/faults", json={})
        await control.post("/standin/script", json={"number": MARIA, "status": "undelivered", "error_code": 30005})
        await control.post("/standin/webhook", json={"url": "http://127.0.0.1:9/nobody"})
        assert isinstance(await gateway.send(Outgoing(MARIA, "hello", None)), Accepted)
        await control.post("/standin/settled")
        await control.post("/standin/text", json={"from": MARIA, "body": "hi"})
        assert [alert["code"] for alert in (await control.get("/standin/alerts")).json()] == [11205]
        listed = await gateway.list_sent(to=MARIA, since=datetime(2020, 1, 1, tzinfo=UTC))
    assert [(text.status, text.error_code) for text in listed] == [("undelivered", 30005)]


@pytest.mark.parametrize(
    ("arguments", "missing", "problem"),
    [
        ([], "TWILIO_AUTH_TOKEN", "auth_token: missing. Set TWILIO_AUTH_TOKEN"),
        (["--faults", "{folder}/no-such-file"], None, "No such file"),
        (["--faults", "{folder}/broken"], None, "not JSON"),
        (["--faults", "{folder}/wrong"], None, "create.slow: 7 is not a share"),
    ],
)
def test_what_it_cannot_start_with_is_said_in_one_line(
    tmp_path: Path, arguments: list[str], missing: str | None, problem: str
) -> None:
    (tmp_path / "broken").write_text("{", encoding="utf-8")
    (tmp_path / "wrong").write_text('{"create": {"slow": 7}}', encoding="utf-8")
    filled = [argument.format(folder=tmp_path) for argument in arguments]
    environment = {name: value for name, value in ENVIRONMENT.items() if name != missing}
    command = [sys.executable, "-m", "bot.sms.standin", "--number", CLINIC, *filled]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30)
    assert ended.returncode == 2
    assert problem in ended.stderr and len(ended.stderr.splitlines()) == 1
