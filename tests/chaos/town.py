"""The made-up town of a run: who is treated, who texts what and when, who moves. The same seed gives the same town.

It touches no database and no network.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

# Tuesday, a little before 10:00 in New York: at 10 the morning's bulk falls due.
OPENS_AT = datetime(2026, 3, 10, 13, 59, 50, tzinfo=UTC)
BOOKED_AT = OPENS_AT - timedelta(minutes=1)
TEXTS_EACH = 4  # that fall due within the run: five for one booked now and 8 days ahead, fewer for one of today
TODAY = 0.18  # of the patients were treated just now: only they have warning signs to report
SHARES = {"inbound": 5_000, "stops": 500, "moves": 500, "cancellations": 100, "numbers": 100}
NEW_NUMBERS_FROM = "+1918"

QUESTIONS = (
    "CAN I EXERCISE",
    "when can I wash my face?",
    "can I wear makeup tomorrow",
    "is it ok to go in the sun",
    "can I take ibuprofen",
    "can I use retinol again?",
    "how long until I can go to the sauna",
    "what should I do before the treatment",
)
UNCLEAR = ("my cousin says hello to the red door", "blue cheese is my favourite of all", "what does the invoice say")
WARNINGS = (
    "yellow stuff is coming out of my cheek",
    "my face is badly swollen and getting worse",
    "I have blisters all over and severe pain",
    "there is pus on my chin and I have a fever",
)
STOPS = ("STOP", "please stop texting me", "Unsubscribe", "stop", "take me off your list please")


@dataclass(frozen=True)
class Resident:
    """One patient and her appointment."""

    name: str
    phone: str
    appointment: str
    starts_at: datetime


@dataclass(frozen=True)
class Text:
    """A person texts the clinic `after` seconds into the run; `kind` is question, unclear, warning or stop."""

    after: float
    phone: str
    body: str
    kind: str
    web_down: bool = False
    repeated: bool = False


@dataclass(frozen=True)
class Call:
    """The clinic's calendar changes an appointment `after` seconds into the run; `twice` at once.

    `booking` is the appointment posted anew instead, as a calendar does where a number changes.
    """

    after: float
    appointment: str
    changes: dict[str, str]
    twice: bool = False
    booking: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Town:
    """Everything that will happen in a run that lasts `lasts_for` seconds."""

    residents: Sequence[Resident]
    texts: Sequence[Text]
    calls: Sequence[Call]
    lasts_for: float
    web_down_at: Sequence[float]
    web_down_for: float = 5.0

    @cached_property
    def moved(self) -> frozenset[str]:
        """The appointments that the calendar touches."""
        return frozenset(call.appointment for call in self.calls)

    @cached_property
    def stopping(self) -> frozenset[str]:
        """The phones that opt out."""
        return frozenset(text.phone for text in self.texts if text.kind == "stop")


def build(messages: int, *, seed: int, lasts_for: float) -> Town:
    """A town with about this many messages due, and everything else in proportion to 20,000."""
    chance = random.Random(seed)
    residents = _residents(max(messages // TEXTS_EACH, 24), chance)
    amounts = {name: max(round(share * messages / 20_000), 2) for name, share in SHARES.items()}
    today = [r for r in residents if r.starts_at < OPENS_AT]
    ahead = [r for r in residents if r.starts_at > OPENS_AT]
    chance.shuffle(ahead)
    stoppers, ahead = ahead[: amounts["stops"]], ahead[amounts["stops"] :]
    movers, ahead = ahead[: amounts["moves"]], ahead[amounts["moves"] :]
    leavers, ahead = ahead[: amounts["cancellations"]], ahead[amounts["cancellations"] :]
    # Half of those whose number changes are moved at the same moment.
    half = amounts["numbers"] // 2
    both, movers_only = movers[:half], movers[half:]
    renumbered, ahead = ahead[:half], ahead[half:]
    down_at = (lasts_for * 0.15, lasts_for * 0.55)
    # Whoever got another number does not text from the old one.
    texts = _texts(today, [*movers_only, *leavers, *ahead], stoppers, amounts, chance, lasts_for)
    texts = _some_while_down(texts, down_at, chance)
    moves = _moves(movers, chance, lasts_for)
    calls = [*moves, *_cancellations(leavers, chance, lasts_for), *_ends(today, chance, lasts_for)]
    calls += [_renumbered(person, call) for person, call in zip(both, moves, strict=False)]
    calls += [_renumbered(person, None, after=chance.uniform(0.1, 0.7) * lasts_for) for person in renumbered]
    return Town(residents, sorted(texts, key=_after), sorted(calls, key=_after), lasts_for, down_at)


def _residents(number: int, chance: random.Random) -> list[Resident]:
    made = []
    for n in range(number):
        ahead = timedelta(days=8, minutes=15 * chance.randrange(8, 24))
        starts_at = OPENS_AT - timedelta(minutes=50) if n < number * TODAY else OPENS_AT + ahead
        name = f"{chance.choice(('Maria', 'Dana', 'Ana', 'June'))} {chr(65 + n % 26)}{n}"
        made.append(Resident(name, f"+1917{5_000_000 + n}", f"C-{n:05}", starts_at))
    return made


def _texts(
    today: Sequence[Resident],
    others: Sequence[Resident],
    stoppers: Sequence[Resident],
    amounts: dict[str, int],
    chance: random.Random,
    lasts_for: float,
) -> list[Text]:
    """Whoever warns texts once, for the bot leaves what follows to staff; nobody sends the same words twice."""
    at = [chance.uniform(0.02, 0.9) * lasts_for for _ in range(amounts["inbound"])]
    warners, askers = today[: len(at) // 10], [*today[len(at) // 10 :], *others]
    chance.shuffle(askers)
    texts = [Text(after, p.phone, chance.choice(WARNINGS), "warning") for after, p in zip(at, warners, strict=False)]
    words = {p.phone: chance.sample([*QUESTIONS, *UNCLEAR], len(QUESTIONS) + len(UNCLEAR)) for p in askers}
    for n, after in enumerate(at[len(texts) :]):
        person = askers[n % len(askers)]
        body = words[person.phone][n // len(askers) % len(words[person.phone])]
        texts.append(Text(after, person.phone, body, "unclear" if body in UNCLEAR else "question"))
    for n, person in enumerate(stoppers):
        texts += _around_a_stop(person, chance, lasts_for, talks=n % 2 == 0)
    again = set(chance.sample(range(len(texts)), max(len(texts) // 20, 1)))
    return [_with(text, repeated=n in again) for n, text in enumerate(texts)]


def _around_a_stop(person: Resident, chance: random.Random, lasts_for: float, *, talks: bool) -> list[Text]:
    """STOP, and of whoever `talks` a question some time before it and another after it."""
    at = chance.uniform(0.2, 0.7) * lasts_for
    stop = Text(at, person.phone, chance.choice(STOPS), "stop")
    if not talks:
        return [stop]
    before, after = chance.sample(QUESTIONS, 2)
    return [
        Text(at - 0.1 * lasts_for, person.phone, before, "question"),
        stop,
        Text(at + 0.1 * lasts_for, person.phone, after, "question"),
    ]


def _some_while_down(texts: list[Text], down_at: Sequence[float], chance: random.Random) -> list[Text]:
    chosen = set(chance.sample(range(len(texts)), max(len(texts) // 20, 2)))
    moment = {n: chance.choice(down_at) + chance.uniform(1.0, 3.5) for n in chosen}
    return [_with(t, web_down=True, after=moment[n]) if n in chosen else t for n, t in enumerate(texts)]


def _moves(movers: Sequence[Resident], chance: random.Random, lasts_for: float) -> list[Call]:
    calls = []
    for n, mover in enumerate(movers):
        later = mover.starts_at + timedelta(days=chance.choice((1, 2, 5)))
        after = chance.uniform(0.1, 0.7) * lasts_for
        calls.append(Call(after, mover.appointment, {"starts_at": later.isoformat()}, twice=n % 10 == 0))
    return calls


def _renumbered(person: Resident, move: Call | None, *, after: float = 0.0) -> Call:
    starts_at = move.changes["starts_at"] if move else person.starts_at.isoformat()
    booking = {
        "external_id": person.appointment,
        "patient": {"name": person.name, "phone": person.phone.replace("+1917", NEW_NUMBERS_FROM, 1)},
        "treatment": "micro-needling",
        "starts_at": starts_at,
    }
    return Call(move.after if move else after, person.appointment, {}, booking=booking)


def _cancellations(leavers: Sequence[Resident], chance: random.Random, lasts_for: float) -> list[Call]:
    return [Call(chance.uniform(0.1, 0.7) * lasts_for, p.appointment, {"status": "cancelled"}) for p in leavers]


def _ends(today: Sequence[Resident], chance: random.Random, lasts_for: float) -> list[Call]:
    ended = {"procedure_ended_at": (OPENS_AT - timedelta(minutes=1)).isoformat()}
    return [
        Call(chance.uniform(0.1, 0.7) * lasts_for, p.appointment, ended, twice=n % 4 == 0) for n, p in enumerate(today)
    ]


def _with(text: Text, **change: object) -> Text:
    return Text(**{**text.__dict__, **change})  # type: ignore[arg-type]


def _after(happening: Text | Call) -> float:
    return happening.after
