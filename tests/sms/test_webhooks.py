import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import FormData

from bot.sms.webhooks import BODY_LIMIT, MalformedWebhook, inbound_text, status_receipt

INBOUND = {
    "MessageSid": "SM" + "1" * 32,
    "AccountSid": "AC" + "2" * 32,
    "From": "+14155550101",
    "To": "+15005550006",
    "Body": "can I exercise",
    "NumMedia": "0",
}
RECEIPT = {"MessageSid": "SM" + "1" * 32, "MessageStatus": "undelivered", "ErrorCode": "30003", "To": "+14155550101"}


def test_an_inbound_text_is_read() -> None:
    text = inbound_text(FormData(list(INBOUND.items())))
    assert (text.message_sid, text.from_, text.to) == (INBOUND["MessageSid"], INBOUND["From"], INBOUND["To"])
    assert (text.body, text.media_count, text.opt_out_type) == ("can I exercise", 0, None)
    assert (text.account_sid, text.messaging_service_sid) == (INBOUND["AccountSid"], None)


@pytest.mark.parametrize("missing", ["MessageSid", "AccountSid", "From", "To"])
@pytest.mark.parametrize("value", [None, "", "  ", "\x00"])
def test_a_missing_or_blank_field_is_named(missing: str, value: str | None) -> None:
    form = {name: text for name, text in INBOUND.items() if name != missing} | ({missing: value} if value else {})
    with pytest.raises(MalformedWebhook) as error:
        inbound_text(form)
    assert error.value.field == missing
    assert str(error.value).startswith(missing)


def test_the_error_does_not_repeat_what_was_posted() -> None:
    with pytest.raises(MalformedWebhook) as error:
        inbound_text(INBOUND | {"From": "+1415555" * 100})
    assert "+1415555" not in str(error.value)
    assert "800 characters" in str(error.value)


def test_a_picture_alone_has_an_empty_body() -> None:
    without_body = {name: value for name, value in INBOUND.items() if name != "Body"}
    assert inbound_text(without_body | {"NumMedia": "2"}).body == ""
    assert inbound_text(INBOUND | {"Body": "", "NumMedia": "2"}).media_count == 2


@pytest.mark.parametrize(
    ("digits", "count"), [("3", 3), ("", 0), ("-1", 0), ("two", 0), ("99", 10), ("9" * 5000, 0), ("٣", 0)]
)
def test_the_count_of_pictures_is_a_small_number_whatever_is_posted(digits: str, count: int) -> None:
    assert inbound_text(INBOUND | {"NumMedia": digits}).media_count == count


def test_of_a_repeated_field_the_first_counts() -> None:
    assert inbound_text(INBOUND | {"Body": ["first", "second"]}).body == "first"
    assert inbound_text(FormData([*INBOUND.items(), ("NumMedia", "1")])).media_count in (0, 1)
    assert inbound_text(INBOUND | {"Body": []}).body == ""


def test_what_cannot_be_stored_is_left_out_of_the_body_and_lines_are_kept() -> None:
    assert inbound_text(INBOUND | {"Body": "it\x00 hurts\nhere\t!\x1b\ud800 \U0001f622"}).body == (
        "it hurts\nhere\t! \U0001f622"
    )


def test_an_absurdly_long_body_is_cut() -> None:
    assert len(inbound_text(INBOUND | {"Body": "x" * 1_000_000}).body) == BODY_LIMIT
    assert len(inbound_text(INBOUND | {"Body": "x" * 1600}).body) == 1600


@pytest.mark.parametrize(
    ("word", "meaning"), [("STOP", "STOP"), ("stop", "STOP"), ("START", "START"), ("HELP", "HELP"), ("MAYBE", None)]
)
def test_an_opt_out_type_says_that_twilio_has_answered(word: str, meaning: str | None) -> None:
    assert inbound_text(INBOUND | {"OptOutType": word}).opt_out_type == meaning


def test_older_names_of_the_sid_do_as_well() -> None:
    form = {name: value for name, value in INBOUND.items() if name != "MessageSid"}
    assert inbound_text(form | {"SmsSid": "SM" + "3" * 32}).message_sid == "SM" + "3" * 32


def test_a_status_receipt_is_read() -> None:
    receipt = status_receipt(FormData(list(RECEIPT.items())))
    assert (receipt.sid, receipt.status, receipt.error_code, receipt.to) == (
        RECEIPT["MessageSid"],
        "undelivered",
        30003,
        "+14155550101",
    )


@pytest.mark.parametrize("code", ["", "0", "none", "-3", "9" * 400, "30003.5"])
def test_an_error_code_that_is_none_is_none(code: str) -> None:
    assert status_receipt(RECEIPT | {"ErrorCode": code}).error_code is None


def test_a_receipt_may_come_by_its_older_names_and_in_any_case() -> None:
    receipt = status_receipt({"SmsSid": "SM1", "SmsStatus": "Delivered"})
    assert (receipt.sid, receipt.status, receipt.to) == ("SM1", "delivered", None)


@pytest.mark.parametrize("missing", ["MessageSid", "MessageStatus"])
def test_a_receipt_without_sid_or_status_is_refused(missing: str) -> None:
    with pytest.raises(MalformedWebhook, match=f"^{missing}: missing"):
        status_receipt({name: value for name, value in RECEIPT.items() if name != missing})


NAMES = st.sampled_from([*INBOUND, *RECEIPT, "OptOutType", "SmsSid", "SmsStatus", "MessagingServiceSid"])
TEXTS = st.text(st.sampled_from("aZ0 +-\n\x00\x1b\ud800\u0663é\U0001f600"), max_size=12)
VALUES = st.one_of(st.none(), TEXTS, st.lists(TEXTS, max_size=3), st.integers())


@given(st.dictionaries(NAMES, VALUES))
def test_whatever_is_posted_is_read_or_refused_by_name(form: dict[str, object]) -> None:
    for read in (inbound_text, status_receipt):
        try:
            read(form)
        except MalformedWebhook as error:
            assert error.field in str(error)
