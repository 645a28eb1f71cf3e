"""A text from a staff number is a command; every one, wrong and late ones too, gets a useful answer, but a machine's.

What staff write to a patient goes out only where they said to whom: nothing is ever passed on by guessing.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlmodel import Session

from bot.content.render import clock_time, fill
from bot.content.segments import thrifty
from bot.conversation.model import Urgency
from bot.escalation import desk
from bot.escalation.commands import Close, Ended, Help, NotUnderstood, Reply, Show, Take, in_full, read_command
from bot.outbox.lost import TAKEN_BY_OTHER
from bot.records.numbers import ensure_numbers, lock_numbers
from bot.records.tables import EscalationRow, Inbound
from bot.usecases.alerts import STAFF_REPLY, notify_patient, patient_name, to_patient, to_staff
from bot.usecases.case_words import words_of_case
from bot.usecases.clinic import Clinic, Person
from bot.usecases.said import Said
from bot.usecases.staff_and_patient import may_be_no_order
from bot.usecases.treatment_end import report_end
from bot.usecases.who import is_a_loop

# Twilio refuses a text that is longer, and whoever wrote it would hear of that only later.
MOST_CHARACTERS = 1600


def obey(session: Session, clinic: Clinic, person: Person, row: Inbound, now: datetime) -> Said:
    """Carry out the command and say what was done."""
    speak = _Speech(clinic, session)
    command = read_command(row.body or "")
    if may_be_no_order(session, clinic, command, row.sent_at) and is_a_loop(session, row, now):
        return Said(None, "staff text not understood")
    match command:
        case Take(code=code):
            return _with_case(code, speak, "A", lambda case: _take(session, clinic, person, case, speak, now))
        case Reply(code=code, words=words):
            return _with_case(code, speak, "R", lambda case: _reply(session, clinic, person, case, words, speak, now))
        case Close(code=code, note=note):
            return _with_case(code, speak, "D", lambda case: _close(session, person, case, note, speak, now))
        case Show(code=code):
            return _with_case(code, speak, "W", lambda case: _show(session, case, speak))
        case Ended(name="", clock=clock) if code := _code_of_open_case(session, clock):
            # "Done 7" of case 7 would move the end of a treatment, and all that is texted after it.
            return Said(speak("case or time", code=code, time=in_full(code) or "2:40"), "case or time")
        case Ended(name=name, clock=clock):
            told = report_end(session, clinic, name, clock, sent_at=row.sent_at, now=now)
            return Said(told, "staff reported an end")
        case Help():
            return Said(speak("help", codes=speak.codes() or "none"), "staff asked for help")
        case NotUnderstood():
            return Said(speak("not understood"), "staff text not understood")


class _Speech:
    """The clinic's words for staff."""

    def __init__(self, clinic: Clinic, session: Session):
        self.clinic, self.session = clinic, session

    def __call__(self, key: str, **values: str) -> str:
        template = self.clinic.any_content.staff[key]
        return " ".join(fill(template, {**self.clinic.values(), **values}).text.split())

    def codes(self) -> str:
        """The open cases as "7 Maria G., 8 Dana K."."""
        return ", ".join(f"{c.id} {patient_name(self.session, c)}" for c in desk.unresolved(self.session)[:5])

    def open_cases(self) -> str:
        """ "Open: ..." or that nothing is."""
        codes = self.codes()
        return self("open cases", codes=codes) if codes else self("nothing open")


def _with_case(code: int | None, speak: _Speech, letter: str, act: Callable[[EscalationRow], Said]) -> Said:
    """The case meant: by its code, or the only open one."""
    open_cases = desk.unresolved(speak.session)
    if code is None:
        # Words for a patient never go out by guessing whose they are.
        if len(open_cases) != 1 or letter == "R":
            if not open_cases:
                return Said(speak("nothing open"), "nothing open")
            example = f"{letter} {open_cases[0].id}"
            return Said(speak("which code", open=speak.open_cases(), example=example), "which code")
        code = open_cases[0].id
    case = desk.find(speak.session, code) if code is not None and code < 2**31 else None
    if case is None:
        return Said(speak("no such code", code=str(code), open=speak.open_cases()), "no such code")
    return act(case)


def _take(session: Session, clinic: Clinic, person: Person, case: EscalationRow, speak: _Speech, now: datetime) -> Said:
    name = patient_name(session, case)
    if case.state == desk.RESOLVED:
        return Said(speak("already done", code=str(case.id), staff=case.resolved_by or ""), "already done")
    if not desk.acknowledge(session, case, person.name, now=now):
        at = clock_time(case.acknowledged_at.astimezone(clinic.zone)) if case.acknowledged_at else ""
        values = {"code": str(case.id), "staff": case.acknowledged_by or "", "time": at}
        return Said(speak("already taken", **values), "already taken")
    _tell_the_others(session, clinic, person, case, name, now)
    # Of a task that no text of hers brought about she knows nothing.
    is_hers = case.inbound_id is not None or case.urgency != Urgency.ROUTINE
    if case.phone and is_hers and not _opted_out(session, case.phone):
        to_patient(session, clinic, case, "taken", {"staff": person.name}, now=now)
    return Said(speak("taken", code=str(case.id), patient=name, phone=case.phone or ""), "taken")


def _reply(
    session: Session, clinic: Clinic, person: Person, case: EscalationRow, words: str, speak: _Speech, now: datetime
) -> Said:
    """Whoever answers a case that nobody has taken takes it."""
    name = patient_name(session, case)
    if not words:
        return Said(speak("no words", code=str(case.id)), "no words")
    if case.phone is None or _opted_out(session, case.phone):
        return Said(speak("opted out", patient=name, phone=case.phone or ""), "patient has opted out")
    spoken = fill(clinic.any_content.patients[STAFF_REPLY], {**clinic.values(), "staff": person.name, "words": words})
    body = thrifty(f"{clinic.name}, {spoken.text}")
    if len(body) > MOST_CHARACTERS:
        return Said(speak("too long", code=str(case.id), length=f"{len(body):,}"), "too long")
    if desk.acknowledge(session, case, person.name, now=now):
        _tell_the_others(session, clinic, person, case, name, now)
    notify_patient(session, case, STAFF_REPLY, body, now=now, details={"staff": person.name})
    return Said(speak("answered", patient=name), "answered")


def _close(session: Session, person: Person, case: EscalationRow, note: str, speak: _Speech, now: datetime) -> Said:
    if not desk.resolve(session, case, person.name, note or None, now=now):
        return Said(speak("already done", code=str(case.id), staff=case.resolved_by or ""), "already done")
    return Said(speak("resolved", code=str(case.id), patient=patient_name(session, case)), "resolved")


def _show(session: Session, case: EscalationRow, speak: _Speech) -> Said:
    words = words_of_case(session, case)
    key = "words" if words else "no words known"
    return Said(speak(key, code=str(case.id), patient=patient_name(session, case), words=words), "words shown")


def _code_of_open_case(session: Session, clock: str) -> str | None:
    """What stands for a clock time, where it is the code of a case that is not closed as well."""
    bare = clock.strip(".: ").lstrip("0")
    return bare if bare in [str(case.id) for case in desk.unresolved(session)] else None


def _tell_the_others(
    session: Session, clinic: Clinic, person: Person, case: EscalationRow, name: str, now: datetime
) -> None:
    others: Sequence[Person] = [p for p in clinic.staff if p.phone != person.phone]
    values = {"staff": person.name, "code": str(case.id), "patient": name}
    to_staff(session, clinic, others, TAKEN_BY_OTHER, values, now=now, escalation=case)


def _opted_out(session: Session, phone: str) -> bool:
    ensure_numbers(session, [phone])
    return lock_numbers(session, [phone])[phone].opted_out_at is not None
