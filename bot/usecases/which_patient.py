"""Two patients on one phone: whose text is it? Named, asked, the same answer for all, or else we ask."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.content.render import fill
from bot.content.segments import thrifty
from bot.conversation.model import Command, Kind, Reading
from bot.outbox.model import LEFT_US
from bot.records.tables import AppointmentRow, Inbound, Message, Patient
from bot.usecases.clinic import Clinic, first_name

ASKED_WITHIN = timedelta(hours=12)
BESIDE_A_NAME = frozenset({"for", "its", "it's", "it", "is", "about", "me", "this", "im", "i'm"})
FOR_EACH = frozenset({"both", "all", "each", "everyone", "everybody", "two"})
CONFIRM = "C"
C_WORDS = frozenset({"c", "confirm", "confirmed"})
FOR_ANYONE = (Command.STOP, Command.START, Command.HELP)


@dataclass(frozen=True)
class Several:
    """One text that may be from any of several patients, read as from each of them."""

    session: Session
    row: Inbound
    patients: Sequence[Patient]
    readings: Mapping[str, Reading]
    asked_patient: str | None


@dataclass(frozen=True)
class Choice:
    """The patient and the words to take for hers; or nobody, and then the names to ask for.

    `is_anyones` says that it could be any of them, and only the answer is the same for all; `all_of` are the patients
    where it is meant for each. `confirms` says that what we ask about is a confirmation.
    """

    patient_id: str | None
    text: str
    names: tuple[str, ...] = ()
    is_anyones: bool = False
    all_of: tuple[str, ...] = ()
    confirms: bool = False

    def question(self, clinic: Clinic) -> str:
        """Our question which of them it is about."""
        names = ", ".join(self.names[:-1]) + f" or {self.names[-1]}"
        return " ".join(
            fill(clinic.any_content.patients["which patient"], {**clinic.values(), "names": names}).text.split()
        )


def sort_out(several: Several, reply_for: Callable[[str], str | None], now: datetime) -> Choice:
    """Whose text it is. `reply_for` gives what each patient would be told: where all are told the same, it is any's."""
    text, people = several.row.body or "", several.patients
    named = named_in(text, people)
    earlier = _the_text_we_asked_about(several, now)
    is_a_c = _is_a_c(text, people)
    if len(named) == 1 and is_a_c:
        return Choice(named[0].id, CONFIRM)
    if len(named) == 1:
        return Choice(named[0].id, earlier if earlier is not None and _is_only_a_name(named[0], text) else text)
    first = several.readings[people[0].id]
    if first.command in FOR_ANYONE or first.kind in (Kind.CHITCHAT, Kind.AUTO_REPLY, Kind.WRONG_NUMBER):
        return Choice(people[0].id, text, is_anyones=True)
    to_confirm = _to_confirm(several, now)
    confirms = is_a_c or any(reading.command is Command.CONFIRM for reading in several.readings.values())
    if len(to_confirm) > 1 and FOR_EACH & set(_words(text)) and (confirms or earlier == CONFIRM):
        return Choice(None, CONFIRM, all_of=to_confirm)
    if len(to_confirm) > 1 and confirms:
        return Choice(None, text, _names([p for p in people if p.id in to_confirm]), confirms=True)
    answered = several.readings[several.asked_patient] if several.asked_patient else None
    if several.asked_patient and answered and (_answers(answered) or answered.command is Command.CONFIRM):
        return Choice(several.asked_patient, text)
    if len({reply_for(p.id) for p in people}) == 1:
        return Choice(people[0].id, text, is_anyones=True)
    return Choice(None, text, _names(people))


def named_in(text: str, people: Sequence[Patient]) -> list[Patient]:
    """Who of these is named in a text, by a word that names nobody else of them."""
    return [p for p in people if _own_words(p, people) & set(_words(text))]


def _is_a_c(text: str, people: Sequence[Patient]) -> bool:
    """Whether a text is a C once it is taken from it for whom it is: "C for both", "this is Maria, C"."""
    names = {word for p in people for word in _words(p.name)}
    said = set(_words(text)) - names - BESIDE_A_NAME - FOR_EACH - {""}
    return bool(said) and said <= C_WORDS


def _names(people: Sequence[Patient]) -> tuple[str, ...]:
    alike = len({first_name(p).casefold() for p in people}) < len(people)
    return tuple(thrifty(p.name if alike else first_name(p)) for p in people)


def _to_confirm(several: Several, now: datetime) -> tuple[str, ...]:
    """Who of them has been asked to confirm and has not: a bare C may be from any of these."""
    asked = (
        select(AppointmentRow.patient_id)
        .join(Message, col(Message.appointment_id) == col(AppointmentRow.id))
        .where(Message.to_phone == several.row.from_phone, Message.step == "confirm", col(Message.state).in_(LEFT_US))
        .where(AppointmentRow.status == "booked", col(AppointmentRow.confirmed_at).is_(None))
        .where(col(AppointmentRow.starts_at) > now)
    )
    found = set(several.session.exec(asked))
    return tuple(p.id for p in several.patients if p.id in found)


def _answers(reading: Reading) -> bool:
    return reading.answer is not None or reading.in_doubt


def _the_text_we_asked_about(several: Several, now: datetime) -> str | None:
    asked = (
        select(Message)
        .where(Message.to_phone == several.row.from_phone, Message.step == "which patient")
        .where(col(Message.attempted_at) > now - ASKED_WITHIN)
        .order_by(col(Message.attempted_at).desc())
    )
    message = several.session.exec(asked.limit(1)).first()
    if message is None:
        return None
    if message.details.get("confirms"):
        return CONFIRM  # a "yes" means nothing to the one who was not asked last
    earlier = several.session.get(Inbound, message.details.get("inbound"))
    return earlier.body if earlier else None


def _own_words(patient: Patient, people: Sequence[Patient]) -> set[str]:
    """The words that name her and nobody else: her first name, or what tells her from another of that name."""
    first = _words(first_name(patient))
    others = [p for p in people if p.id != patient.id]
    if all(_words(first_name(p)) != first for p in others):
        return set(first)
    return set(_words(patient.name)).difference(*(_words(p.name) for p in others))


def _is_only_a_name(patient: Patient, text: str) -> bool:
    return set(_words(text)) <= BESIDE_A_NAME.union(_words(patient.name))


def _words(text: str) -> list[str]:
    """In plain letters, as our question writes the names, and as a name with a mark is often typed."""
    plain = (thrifty(word).casefold() for word in text.split())
    return [word for word in ("".join(c for c in each if c.isalnum() or c == "'") for each in plain) if word]
