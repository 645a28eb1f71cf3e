"""The clinic as the use cases see it: its name, people, hours and words. Holds data only; reads no setting itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.care.model import QuietHours
from bot.content.model import Content
from bot.content.segments import plain_name, thrifty
from bot.conversation.vocabulary import Vocabulary
from bot.records.tables import Patient


@dataclass(frozen=True)
class Person:
    """A member of staff; `phone` is E.164."""

    name: str
    phone: str


@dataclass(frozen=True)
class Clinic:
    """Everything about the clinic that does not change while the bot runs.

    `alert_words` lets alerts carry what the patient wrote; `texts_from` is our own number, empty where a Messaging
    Service picks one.
    """

    name: str
    phone: str
    phone_spoken: str
    zone: ZoneInfo
    quiet: QuietHours
    staff: tuple[Person, ...]
    contents: Mapping[str, Content]
    vocabularies: Mapping[str, Vocabulary]
    public_base_url: str
    alert_words: bool = False
    escalation_wait: timedelta = timedelta(minutes=5)
    texts_from: str = ""

    @property
    def any_content(self) -> Content:
        """The words of the first treatment, for whoever has no appointment."""
        return next(iter(self.contents.values()))

    @property
    def any_vocabulary(self) -> Vocabulary:
        """The vocabulary of the first treatment."""
        return next(iter(self.vocabularies.values()))

    def zone_of(self, patient: Patient | None) -> ZoneInfo:
        """The patient's time zone, else the clinic's."""
        return ZoneInfo(patient.timezone) if patient and patient.timezone else self.zone

    def values(self, patient: Patient | None = None) -> dict[str, str]:
        """What every text to this patient may be filled with."""
        name = name_in_texts(patient) if patient else ""
        return {"clinic": self.name, "phone": self.phone_spoken, "name": name}

    def staff_member(self, phone: str) -> Person | None:
        """Who of the staff has this number."""
        return next((person for person in self.staff if person.phone == phone), None)


def first_name(patient: Patient) -> str:
    """The first word of the patient's name."""
    return patient.name.split()[0] if patient.name.split() else patient.name


def name_in_texts(patient: Patient) -> str:
    """Her first name in GSM-7 letters; "there", as in "hi there", where it cannot be written in them."""
    return plain_name(first_name(patient)) or "there"


def as_staff_know(patient: Patient) -> str:
    """First name and initial, as alerts name a patient: "Maria G"; in plain letters where the name has such."""
    words = patient.name.split()
    return thrifty(f"{words[0]} {words[-1][0]}" if len(words) > 1 else patient.name)


def told_apart(patient: Patient, others: Sequence[Patient]) -> str:
    """Her first name, with the initial or all of her name where others share it: "Maria", "Maria G", "Maria Gomez".

    In plain letters where it has such; whose text it is must be said, were it in letters that cost more.
    """
    for called in (first_name, as_staff_know):
        hers = thrifty(called(patient))
        if all(thrifty(called(each)).casefold() != hers.casefold() for each in others if each.id != patient.id):
            return hers
    return thrifty(patient.name)
