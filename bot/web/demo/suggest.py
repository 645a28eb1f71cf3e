"""What the page offers to type and to try next, from where the story stands. Pure; it sends nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

QUESTION = "CAN I EXERCISE"
WARNING = "yellow stuff is coming out"
UNDER_WAY_FOR = timedelta(hours=12)


@dataclass(frozen=True)
class Case:
    """An escalation that is not closed; `taken_by` is None while nobody has acknowledged it."""

    code: int
    taken_by: str | None


@dataclass(frozen=True)
class Scene:
    """Where one patient's story stands; times are instants, `said` is what the patient has texted."""

    first_name: str
    starts_at: datetime
    ended_at: datetime | None
    booked: bool
    opted_out: bool
    last_words: str
    said: Sequence[str]

    def under_way(self, now: datetime) -> bool:
        """Whether the treatment has begun and nobody has reported its end."""
        started = self.starts_at <= now < self.starts_at + UNDER_WAY_FOR
        return self.booked and started and self.ended_at is None


def patient_chips(scene: Scene, now: datetime) -> list[str]:
    """What the patient might text now; an answer to our question first, then what the hint names."""
    if scene.opted_out:
        return ["START", QUESTION]
    before = now < scene.starts_at
    own = [QUESTION, "can i take advil for a headache", "MOVE"] if before else [QUESTION, "WASH?"]
    later = ["WASH?", "is makeup ok tomorow"] if before else ["my face is red, is that normal", "MAKEUP"]
    return list(dict.fromkeys([*_answers(scene.last_words), *_tries(scene, now), *own, WARNING, *later, "STOP"]))


def staff_chips(cases: Sequence[Case], under_way: Sequence[Scene], *, whose: str, clock: str) -> list[str]:
    """What this member of staff might text now: take, answer or close a case, report the end of a treatment."""
    chips = []
    for case in cases:
        if case.taken_by is None:
            chips.append(f"A {case.code}")
        elif case.taken_by == whose:
            chips += [f"R {case.code} I will call you in five minutes", f"D {case.code}"]
    chips += [f"DONE {scene.first_name} {clock}" for scene in under_way]
    return [*chips, "HELP"]


def hint(scene: Scene | None, cases: Sequence[Case], *, on_call: str, now: datetime) -> str:
    """The one thing worth trying next."""
    if scene is None:
        return "Start here: book a sample patient. The whole timeline of texts is planned at once."
    if scene.opted_out:
        return "Stopped: nothing more goes out. START brings back what is still useful, Start over begins anew."
    waiting = next((case for case in cases if case.taken_by is None), None)
    if waiting:
        take = f"Text A {waiting.code} as {on_call} to take it"
        return f"Staff were alerted. {take}, or press +15 min to see what happens if nobody does."
    if cases:
        taken, code = cases[0].taken_by, cases[0].code
        return (
            f"{taken} has case {code}, and the patient was told. R {code} and your words answers, D {code} closes it."
        )
    return _hint_on_the_way(scene, now)


def _hint_on_the_way(scene: Scene, now: datetime) -> str:
    if _answers(scene.last_words):
        return f"{scene.first_name} was asked something: answer with a tap, or press Next text to go on."
    if scene.under_way(now):
        return "Press Treatment ends now: every time that follows is counted from that minute."
    if now < scene.starts_at:
        return "Press Next text to follow the days before the treatment, or To the treatment to skip them."
    tries = _tries(scene, now)
    if QUESTION in tries:
        return f"Ask as {scene.first_name}: {QUESTION}. The answer is a clock time of this very treatment."
    if WARNING in tries:
        return f'Now something serious, as {scene.first_name}: "{WARNING}".'
    return "Press Next text to follow the two weeks after, or text STOP and watch the timeline."


def _tries(scene: Scene, now: datetime) -> list[str]:
    """What is worth texting next once the treatment is over, so that it is in reach where the hint names it."""
    if now < scene.starts_at or scene.under_way(now):
        return []
    said = {words.casefold() for words in scene.said}
    return [next((words for words in (QUESTION, WARNING) if words.casefold() not in said), "STOP")]


def _answers(words: str) -> list[str]:
    if "Reply Y or N" in words:
        return ["Y", "N"]
    return ["C", "MOVE"] if "Reply C to confirm" in words else []
