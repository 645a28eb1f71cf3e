"""The order of a message's statuses, so that late and repeated news never moves it back. It must not store anything."""


def later(old: str | None, new: str) -> bool:
    """Whether `new` is news for a message that stands at `old` (None: nothing known yet).

    Callbacks arrive in any order: a terminal status is never left, but for `read`, which follows `delivered`. A status
    that we do not know is never news.
    """
    return rank(new) > (0 if old is None else rank(old))


def rank(status: str) -> int:
    """How far along a message is; 0 for a status that Twilio has not told us of. All terminal statuses rank alike."""
    return _RANKS.get(status.lower(), 0)


def is_terminal(status: str) -> bool:
    """Whether nothing but `read` can follow."""
    return rank(status) >= _TERMINAL


_TERMINAL = 6

_RANKS = {
    "scheduled": 1,
    "accepted": 2,
    "queued": 3,
    "receiving": 3,
    "sending": 4,
    "sent": 5,
    "delivered": _TERMINAL,
    "partially_delivered": _TERMINAL,
    "undelivered": _TERMINAL,
    "failed": _TERMINAL,
    "canceled": _TERMINAL,
    "received": _TERMINAL,
    "read": 7,
}
