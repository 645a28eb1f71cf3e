"""The content of messages/ and a patient's values, for tests of answers and replies."""

from functools import cache
from pathlib import Path

from bot.content.load import load
from bot.content.model import Content

MESSAGES = Path(__file__).parents[2] / "messages"
VALUES = {"clinic": "Bright Skin", "phone": "(212) 555-0123", "name": "Maria"}


@cache
def the_content() -> Content:
    """messages/micro-needling as it is in service."""
    return load(MESSAGES)["micro-needling"]
