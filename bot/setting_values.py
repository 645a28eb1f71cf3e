"""What each kind of setting must look like: numbers, names, addresses. Pure; it reads no environment.

Every check gives the value in its one form, or raises ValueError with words for whoever runs the installation. These
repeat the value, and so no check of a secret may.
"""

import re
from datetime import time
from urllib.parse import urlsplit

import phonenumbers

from bot.content.segments import measure, thrifty

LONGEST_CLINIC_NAME = 24
LONGEST_STAFF_NAME = 30
LOOPBACK = ("localhost", "127.0.0.1", "::1")
# user:password@host:port/database?more, as the database driver takes it apart; a password may be empty.
_DATABASE_SERVER = re.compile(
    r"postgresql\+psycopg://(?:[^:/@]*(?::[^@]*)?@)?(?:\[[^\]/?]+\]|[^\[\]:/?@]*)(?::(?P<port>[0-9]*))?(?:/[^?]*)?(?:\?.*)?"
)
_OUR_PATH = re.compile(r"(/twilio(/inbound|/status)?|/api(/appointments)?|/healthz)$")
_STANDS_FOR_A_HOST = re.compile(r"(.*\.)?(your-?(host|domain|server|app|site)(\..*)?|example(\.(com|net|org))?)")


def database_address(value: str) -> str:
    """The database's address as SQLAlchemy spells it. Its errors never repeat the value: it holds a password."""
    for prefix in ("postgres://", "postgresql://"):
        if value.startswith(prefix):
            value = "postgresql+psycopg://" + value.removeprefix(prefix)
    if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError("must start with sqlite:/// or postgres://")
    if value in ("sqlite:///", "sqlite:///:memory:"):
        raise ValueError("names no file; what is kept in memory is lost. Write sqlite:///needling.db")
    if value.startswith("postgresql"):
        match = _DATABASE_SERVER.fullmatch(value)
        if match is None or not 0 < int(match["port"] or 5432) < 65536:
            raise ValueError(
                "cannot be taken apart. Write postgres://user:password@host:5432/name; in the password write @ as %40, "
                ": as %3A and / as %2F"
            )
    return value


def web_address(value: str) -> str:
    """An http or https address without the slash at its end."""
    if not value.startswith(("https://", "http://")):
        raise ValueError(f"{_shown(value)} must start with https://")
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError(f"{_shown(value)} is no address ({error}). Write it like https://bot.example.com") from None
    if not host or re.search(r"[\s<>{}\"]", value):
        raise ValueError(f"{_shown(value)} names no host. Write it like https://bot.example.com")
    return value.rstrip("/")


def base_address(value: str) -> str:
    """Where the outside reaches us: our own paths, and what belongs to one request, are added to it later."""
    address = web_address(value)
    parts = urlsplit(address)
    prefix = _OUR_PATH.sub("", parts.path.rstrip("/"))
    if parts.path != prefix or "?" in address or "#" in address:
        only = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{prefix}"
        raise ValueError(f"{_shown(value)} has more than the bot can add its own paths to. Write only {only}")
    return address


def unreachable(address: str) -> str | None:
    """What keeps Twilio from reaching this address, with the remedy; None where nothing is known to."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if host in LOOPBACK:
        return None
    if parts.scheme == "http":
        return f"{_shown(address)} starts with http://: what patients write would travel in the open. Use https://"
    if _STANDS_FOR_A_HOST.fullmatch(host) or ("." not in host and ":" not in host):
        return f"{_shown(address)} names no host of yours. Write the host's own name, like https://bot.your-clinic.com"
    if "_" in host:
        return f"{_shown(address)} has an underscore in its host, which Twilio does not accept. Use another name"
    return None


def clinic_name(value: str) -> str:
    """The clinic's name: every text begins with it, so it must be short and cost nothing extra."""
    if len(value) > LONGEST_CLINIC_NAME:
        raise ValueError(
            f"{value!r} has {len(value)} characters; every text begins with it, so keep it to {LONGEST_CLINIC_NAME}"
        )
    return _plain_line(value)


def people(value: str) -> list[str]:
    """The parts of a list of people, each a name:number pair or a number alone."""
    return [part.strip() for part in re.split(r"[,;\n]", value) if part.strip()]


def staff(pairs: tuple[str, ...]) -> list[tuple[str, str]]:
    """(name, E.164 number) of each; names in letters that any text can carry. Nobody may be named or called twice."""
    found: list[tuple[str, str]] = []
    for place, part in enumerate(pairs, 1):
        name, number = _person(part, place)
        for other, other_number in found:
            if number == other_number:
                raise ValueError(f"{number} stands there twice, for {other} and for {name}. Keep one of them")
            if name.casefold() == other.casefold():
                raise ValueError(f"two people are called {name}. Tell them apart, as in {name} A and {name} B")
        found.append((name, number))
    return found


def e164(value: str) -> str:
    """A telephone number in E.164; one without a country code is taken for a US one."""
    try:
        number = phonenumbers.parse(value, "US")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise ValueError(f"{value!r} is no telephone number; write it like +12125550123")
    if number.extension:
        raise ValueError(f"{value!r} has an extension, which no text can carry; give a number without one")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def quiet_hours(value: str) -> tuple[time, time]:
    """("20:00-8:00") as two local times."""
    try:
        begins, ends = (time(*map(int, part.strip().split(":"))) for part in value.split("-"))
    except (ValueError, TypeError):
        raise ValueError(f"{value!r} must look like 20:00-8:00") from None
    return begins, ends


def _person(part: str, place: int) -> tuple[str, str]:
    name, colon, number = (piece.strip() for piece in part.rpartition(":"))
    if not colon:
        return f"Staff {place}", e164(number)
    if not name:
        raise ValueError(f"{part!r} has no name before its colon. Write it like Alice:+12125550123")
    if ":" in name or len(name) > LONGEST_STAFF_NAME:
        raise ValueError(f"{part!r} is not one person. Write name:number pairs separated by commas")
    return _plain_line(thrifty(name)), e164(number)


def _plain_line(value: str) -> str:
    """On one line and in GSM-7: a letter outside it would make every text cost more than twice as much."""
    if any(not character.isprintable() for character in value):
        raise ValueError(f"{value!r} has a character that cannot be seen. Write it on one line, in letters and marks")
    character = measure(value).forced_by
    if character is not None:
        plainer = thrifty(value)
        instead = f"Write {plainer!r}" if plainer != value else "Write it in plain letters"
        raise ValueError(
            f"{value!r} has {character!r} (U+{ord(character):04X}), which makes every text that has it cost more than "
            f"twice as much. {instead}"
        )
    return value


def _shown(address: str) -> str:
    """An address as an error may repeat it: without user and password."""
    return repr(re.sub(r"//[^/]*@", "//", address))
