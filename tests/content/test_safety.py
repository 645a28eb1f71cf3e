"""No text may make a patient stop a prescribed medicine: whatever rules one out says whom to ask first."""

import re
from collections.abc import Iterator

import pytest

from bot.content.load import load
from bot.content.model import Verdict
from tests.content.broken import MESSAGES, TREATMENT

MEDICINES = re.compile(
    r"retinoid|retin-a|antibiotic|\bacids?\b|accutane|blood.thin|anti-inflammator|ibuprofen|motrin|advil|nsaid"
    r"|aspirin|prescri|medicine|medication|\{limits\}",
    re.IGNORECASE,
)
RULES_OUT = re.compile(r"\b(no|not|never|none|stop|avoid|avoided|rules out|until)\b", re.IGNORECASE)
ASKS_FIRST = re.compile(
    r"ask\s+(your\s+prescriber\s+or\s+)?(call\s+)?us\s+first"
    r"|do not stop a prescribed medicine|never stop a prescribed|do not stop it on your own",
    re.IGNORECASE,
)
TELLS_TO_STOP = re.compile(r"\b(stop|quit|discontinue|skip|pause|come off|leave off)\b[^.?!]*", re.IGNORECASE)
# What these speak of is allowed again, or is what was not asked about.
HARMLESS = {
    "timeline.yaml one-week text": "says from when they are allowed again",
    "timeline.yaml welcome text": "asks to be told of all medicines",
    "timeline.yaml day-of text": "asks to be told of all medicines",
    "timeline.yaml day-of prp": "asks to be told of all medicines",
    "timeline.yaml day-of-eve text": "asks to be told of all medicines",
    "timeline.yaml day-of-eve prp": "asks to be told of all medicines",
    "timeline.yaml catch-up nothing prescribed": "goes only where nothing in it can be prescribed",
    "answers.yaml skincare 4": "speaks of products for the skin",
    "answers.yaml skincare 5": "speaks of products for the skin",
    "timeline.yaml next-day text": "speaks of cleansers",
}


def _texts() -> Iterator[tuple[str, str]]:
    content = load(MESSAGES)[TREATMENT]
    prescribed = content.patients["prescribed"]
    for step in content.timeline.steps:
        yield f"timeline.yaml {step.id} text", step.text
        yield from ((f"timeline.yaml {step.id} {name}", words) for name, words in step.variants.items())
    for topic in content.topics.values():
        for place, window in enumerate(topic.windows, 1):
            if window.verdict is not Verdict.OK or window.until is not None:
                yield f"answers.yaml {topic.id} {place}", window.text.replace("{prescribed}", prescribed)
    yield from ((f"clinic.yaml {key}", words) for key, words in content.patients.items())
    yield from ((f"warning-signs.yaml {sign.id}", sign.reply) for sign in content.signs.values())


TEXTS = dict(_texts())
RULING_OUT = [where for where, text in TEXTS.items() if MEDICINES.search(text) and RULES_OUT.search(text)]


@pytest.mark.parametrize("where", [where for where in RULING_OUT if where not in HARMLESS])
def test_a_text_that_rules_out_a_medicine_says_to_ask_first(where: str) -> None:
    assert ASKS_FIRST.search(TEXTS[where]), TEXTS[where]


def test_no_text_tells_a_patient_to_stop_a_medicine() -> None:
    for where, text in TEXTS.items():
        without_care = ASKS_FIRST.sub("", text)
        for match in TELLS_TO_STOP.finditer(without_care):
            assert match[0].startswith("STOP ") or re.search(r"not stop|never stop", text), (where, match[0])


def test_every_limit_on_a_medicine_was_looked_at() -> None:
    assert len(RULING_OUT) > 15
    assert set(HARMLESS) <= set(TEXTS)


def test_emergencies_are_told_to_call_emergency_services() -> None:
    for where in ("warning-signs.yaml emergency", "clinic.yaml unknown number in danger", "clinic.yaml nobody yet"):
        assert "call 911 (or your local emergency number)" in TEXTS[where]
