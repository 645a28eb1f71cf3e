from xml.etree import ElementTree

import pytest

from bot.sms.standin.answers import read
from bot.sms.standin.poster import Posted
from bot.sms.twiml import CONTENT_TYPE, reply


@pytest.mark.parametrize("nothing", [None, "", "  \n"])
def test_no_reply_is_an_empty_response(nothing: str | None) -> None:
    assert reply(nothing) == '<?xml version="1.0" encoding="UTF-8"?><Response />'


@pytest.mark.parametrize(
    "text", ["Yes.", "a < b & \"c\" > 'd'", "</Body></Message>", "]]>", "línea\nnueva", "\U0001f600"]
)
def test_the_words_arrive_as_they_were_written(text: str) -> None:
    callback = "https://clinic.example/twilio/status?m=1&x=\"'<"
    message = _parsed(reply(text, status_callback=callback)).find("Message")
    assert message is not None
    assert message.findtext("Body") == text
    assert message.get("statusCallback") == callback


def test_characters_that_xml_forbids_are_left_out_rather_than_lose_the_reply() -> None:
    document = reply("it\x00 is\x1b fine\ufffe \ud800")
    assert _parsed(document).findtext("Message/Body") == "it is fine "


def test_twilio_reads_it_as_twiml() -> None:
    answer = read(
        Posted(200, CONTENT_TYPE, reply("Yes & no", status_callback="/s?m=1"), 1, None), "https://c.example/i"
    )
    assert [(text.body, text.status_callback) for text in answer.texts] == [("Yes & no", "https://c.example/s?m=1")]
    assert answer.alert is None


def _parsed(document: str) -> ElementTree.Element:
    return ElementTree.fromstring(document)  # noqa: S314 - our own words
