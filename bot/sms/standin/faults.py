"""When the stand-in misbehaves, and how: by seeded chance or once on demand. It must not do the misbehaving."""

import random
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_REST = ("slow", "error_before", "error_after", "drop_before", "drop_after", "throttle", "unreadable")

KINDS = {
    "create": _REST,
    "list": _REST,
    "fetch": _REST,
    "callback": ("lost", "repeated", "out_of_order", "delayed"),
    "inbound": ("lost", "repeated"),
}
SECONDS = ("slow_for", "delay_for", "list_lag", "retry_after")


class Faults:
    """Trouble by operation (`create`, `list`, `fetch`, `callback`, `inbound`).

    Rates are shares of one: `{"create": {"slow": 0.03, "error_after": 0.03}}`; of one operation's faults at most one
    happens at a time. Seconds: `slow_for` before a slow answer, `delay_for` for late callbacks, `list_lag` until a
    message shows in lists, `retry_after` in a 429.
    """

    def __init__(
        self,
        rates: Mapping[str, Mapping[str, float]] | None = None,
        *,
        seed: int | None = 0,
        slow_for: float = 15.0,
        delay_for: float = 0.5,
        list_lag: float = 0.0,
        retry_after: float | None = None,
    ) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - a run must be repeatable, not secret
        self._once: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self.rates = _checked(rates or {})
        self.slow_for, self.delay_for, self.list_lag, self.retry_after = slow_for, delay_for, list_lag, retry_after

    @classmethod
    def read(cls, plan: Mapping[str, Any], *, seed: int | None = 0) -> "Faults":
        """Faults from a plain mapping (a JSON file): operations with their rates, and the seconds by their names."""
        seconds = {name: plan[name] for name in SECONDS if name in plan}
        for name, value in seconds.items():
            if not isinstance(value, int | float) or isinstance(value, bool) or value < 0:
                raise ValueError(f"{name}: {value!r} is not a number of seconds. Give zero or more.")
        return cls({name: rates for name, rates in plan.items() if name not in SECONDS}, seed=seed, **seconds)

    def next(self, operation: str, kind: str, after: float | None = None) -> None:
        """The next call of `operation` meets this fault; several are met in turn. `after` in seconds."""
        _checked({operation: {kind: 1.0}})
        self._once[operation].append(Fault(kind, after if after is not None else self._seconds(kind)))

    def draw(self, operation: str) -> "Fault | None":
        """The fault that this call meets, or None."""
        if self._once[operation]:
            return self._once[operation].popleft()
        chance = self._chance.random() if operation in self.rates else 1.0
        for kind, rate in self.rates.get(operation, {}).items():
            if chance < rate:
                return Fault(kind, self._seconds(kind))
            chance -= rate
        return None

    def _seconds(self, kind: str) -> float:
        return self.slow_for if kind == "slow" else self.delay_for


@dataclass(frozen=True)
class Fault:
    """One piece of trouble; `after` is the seconds that a slow answer or a late callback takes."""

    kind: str
    after: float


def _checked(rates: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    for operation, by_kind in rates.items():
        if operation not in KINDS:
            raise ValueError(f"{operation}: no such operation. Known: {', '.join((*KINDS, *SECONDS))}.")
        for kind, rate in by_kind.items():
            if kind not in KINDS[operation]:
                raise ValueError(f"{operation}.{kind}: no such fault. Known: {', '.join(KINDS[operation])}.")
            if not isinstance(rate, int | float) or not 0 <= rate <= 1:
                raise ValueError(f"{operation}.{kind}: {rate!r} is not a share. Give a number from 0 to 1.")
        if sum(by_kind.values()) > 1:
            raise ValueError(f"{operation}: the shares add up to more than 1. Lower some.")
    return {operation: dict(by_kind) for operation, by_kind in rates.items()}
