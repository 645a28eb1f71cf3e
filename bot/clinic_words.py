"""The clinic's words, read and made ready: for the wiring, and for the commands that need no database.

It demands no account and no .env, for an author of messages/ has neither; and it imports neither web nor database.
"""

from bot.content.load import load
from bot.content.model import Content
from bot.conversation.vocabulary import Vocabulary, build_vocabulary, vocabulary_problems
from bot.errors import BadRequest
from bot.settings import Settings


def contents(settings: Settings, *, with_patients_words: bool = True) -> dict[str, Content]:
    """Every treatment's content; ContentError where messages/ is broken.

    Without `with_patients_words` it is not checked whether two topics claim the same words, which takes a third of a
    second.
    """
    return load(settings.messages_dir, word_check=vocabulary_problems if with_patients_words else None)


def the_content(found: dict[str, Content], treatment: str | None, *, field: str = "--treatment") -> Content:
    """The content of this treatment, or of the only one there is."""
    name = treatment or next(iter(found))
    if name not in found:
        raise BadRequest(field, name, f"Known treatments: {', '.join(sorted(found))}.")
    return found[name]


def vocabulary_of(content: Content) -> Vocabulary:
    """What the understanding recognises, built from the content's words."""
    return build_vocabulary(list(content.questions), list(content.sign_words))


def clinic_values(settings: Settings, name: str = "there") -> dict[str, str]:
    """What texts call the clinic, its number and the patient; neutral words where nothing is set."""
    phone = spoken_number(settings.clinic_phone) if settings.clinic_phone else "our number"
    return {"clinic": settings.clinic_name or "Your clinic", "phone": phone, "name": name}


def spoken_number(e164: str) -> str:
    """A number as people of its country write it: "(212) 555-0123"; nothing where none is set."""
    import phonenumbers

    if not e164:
        return ""
    number = phonenumbers.parse(e164)
    home = number.country_code == 1
    style = phonenumbers.PhoneNumberFormat.NATIONAL if home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)
