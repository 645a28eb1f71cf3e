"""A person's text reaches the bot signed; its answer, the carrier's keywords and the error log are as at Twilio."""

import pytest

from bot.sms.standin import OptOuts, StandIn, running
from bot.sms.twiml import reply
from bot.sms.webhooks import inbound_text
from tests.sms.conftest import ACCOUNT, CLINIC, MARIA, SERVICE, TOKEN, Clock
from tests.sms.receiver import Answer, Receiver

pytestmark = pytest.mark.anyio


@pytest.fixture
def told(standin: StandIn, bot: Receiver, base_url: str) -> StandIn:
    """The stand-in, telling the bot of every inbound text."""
    standin.webhook_url = f"{bot.base_url}/twilio/inbound"
    return standin


async def test_a_text_is_posted_signed_with_all_its_fields(told: StandIn, bot: Receiver) -> None:
    result = await told.text(MARIA, "can I exercise? \U0001f600")
    (post,) = bot.posts
    assert post.genuine
    text = inbound_text(post.fields)
    assert (text.message_sid, text.account_sid, text.from_, text.to) == (result.sid, ACCOUNT, MARIA, CLINIC)
    assert (text.body, text.media_count, text.opt_out_type) == ("can I exercise? \U0001f600", 0, None)
    assert {post.fields["SmsSid"], post.fields["SmsMessageSid"]} == {result.sid}
    assert (result.http_status, result.reply_texts) == (200, ())


async def test_a_picture_alone_has_an_empty_body_and_its_addresses(told: StandIn, bot: Receiver) -> None:
    result = await told.text(MARIA, "", media=["https://example.com/a.jpg", "https://example.com/b.jpg"])
    fields = bot.posts[0].fields
    assert (fields["Body"], fields["NumMedia"], fields["MediaUrl1"]) == ("", "2", "https://example.com/b.jpg")
    assert fields["MediaContentType0"] == "image/jpeg" and result.sid.startswith("MM")


async def test_the_answer_is_texted_back_and_its_life_is_told(told: StandIn, bot: Receiver) -> None:
    bot.say(Answer(reply("Not yet.", status_callback=f"{bot.base_url}/twilio/status?m=9")))
    result = await told.text(MARIA, "can I exercise")
    await told.settled()
    assert result.reply_texts == ("Not yet.",)
    assert [bubble[:2] for bubble in told.conversation(MARIA)] == [
        ("from_phone", "can I exercise"),
        ("to_phone", "Not yet."),
    ]
    assert told.messages[-1].direction == "outbound-reply"
    assert bot.statuses() == ["sent", "delivered"] and bot.posts[-1].query == "m=9" and bot.posts[-1].genuine


TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response>{}</Response>'

ANSWERS = {
    "several messages": (
        Answer(TWIML.format("<Message>one</Message><Message><Body>two</Body></Message>")),
        ["one", "two"],
    ),
    "application/xml": (Answer(TWIML.format("<Message>one</Message>"), content_type="application/xml"), ["one"]),
    "text/html": (Answer(TWIML.format("<Message>one</Message>"), content_type="text/html; charset=utf-8"), ["one"]),
    "plain text is itself the text": (Answer('{"detail": "oops"}', content_type="text/plain"), ['{"detail": "oops"}']),
    "plain text, empty": (Answer("", content_type="text/plain"), []),
    "204": (Answer(status=204, content_type=None), []),
    "a picture": (Answer(TWIML.format("<Message><Media>https://e.com/a.jpg</Media></Message>")), [""]),
    "escaped": (Answer(TWIML.format("<Message>a &lt; b &amp; c</Message>")), ["a < b & c"]),
}


@pytest.mark.parametrize(("answer", "texts"), ANSWERS.values(), ids=ANSWERS.keys())
async def test_answers_are_read_as_twilio_reads_them(
    told: StandIn, bot: Receiver, answer: Answer, texts: list[str]
) -> None:
    bot.say(answer)
    assert list((await told.text(MARIA, "hi")).reply_texts) == texts
    assert told.alerts == []


BROKEN = {
    "500": (Answer("oops", status=500), 11200),
    "403": (Answer("no", status=403), 11200),
    "a redirect by HTTP": (Answer("", status=307), 11200),
    "no content type": (Answer(TWIML.format("<Message>lost</Message>"), content_type=None), 11200),
    "not XML": (Answer("<Response>"), 12100),
    "not TwiML": (Answer("<Answer/>"), 12200),
    "an unknown verb": (Answer(TWIML.format("<Dial>911</Dial>")), 12200),
    "JSON": (Answer("{}", content_type="application/json"), 12300),
}


@pytest.mark.parametrize(("answer", "code"), BROKEN.values(), ids=BROKEN.keys())
async def test_a_broken_answer_loses_the_reply_and_is_in_the_error_log(
    told: StandIn, bot: Receiver, answer: Answer, code: int
) -> None:
    bot.say(answer)
    result = await told.text(MARIA, "hi")
    assert result.reply_texts == ()
    assert [(alert.code, alert.sid, alert.http_status) for alert in told.alerts] == [(code, result.sid, answer.status)]
    assert len(bot.posts) == 1  # not tried again by default


async def test_a_bot_that_is_down_loses_the_text_but_for_the_list(told: StandIn) -> None:
    told.webhook_url = "http://127.0.0.1:9/inbound#rp=ct&rc=1"
    result = await told.text(MARIA, "hi")
    assert (result.http_status, result.reply_texts) == (None, ())
    assert [alert.code for alert in told.alerts] == [11205]
    assert [message.direction for message in told.messages] == ["inbound"]


async def test_with_overrides_a_500_is_tried_again_and_the_last_answer_counts(told: StandIn, bot: Receiver) -> None:
    told.webhook_url = f"{bot.base_url}/twilio/inbound#rc=3&rp=all"
    bot.say(Answer("oops", status=500), Answer("oops", status=503), "Not yet.")
    result = await told.text(MARIA, "can I exercise")
    assert (len(bot.posts), result.http_status, result.reply_texts) == (3, 200, ("Not yet.",))
    assert len({post.fields["MessageSid"] for post in bot.posts}) == 1
    assert all(post.genuine for post in bot.posts)


async def test_the_fallback_is_asked_after_a_failure_and_told_why(told: StandIn, bot: Receiver) -> None:
    told.fallback_url = f"{bot.base_url}/fallback"
    bot.say(Answer("oops", status=500), "We will call you.")
    result = await told.text(MARIA, "help me")
    assert result.reply_texts == ("We will call you.",)
    assert (bot.posts[1].path, bot.posts[1].fields["ErrorCode"]) == ("/fallback", "11200")
    assert bot.posts[1].genuine


async def test_action_wins_over_status_callback_and_both_may_be_relative(told: StandIn, bot: Receiver) -> None:
    bot.say(Answer(TWIML.format('<Message action="/a?m=1" statusCallback="/s">one</Message>')))
    await told.text(MARIA, "hi")
    await told.settled()
    assert {(post.path, post.query) for post in bot.posts[1:]} == {("/a", "m=1")}


async def test_a_redirect_in_twiml_is_followed_with_the_same_fields(told: StandIn, bot: Receiver) -> None:
    bot.say(Answer(TWIML.format("<Message>one</Message><Redirect>other?x=1</Redirect>")), "two")
    result = await told.text(MARIA, "hi")
    assert result.reply_texts == ("one", "two")
    assert (bot.posts[1].path, bot.posts[1].query, bot.posts[1].fields["Body"]) == ("/twilio/other", "x=1", "hi")


async def test_redirects_in_a_circle_end(told: StandIn, bot: Receiver) -> None:
    bot.say(*[Answer(TWIML.format("<Redirect>inbound</Redirect>")) for _ in range(50)])
    await told.text(MARIA, "hi")
    assert len(bot.posts) == 6


async def test_a_text_may_be_answered_to_another_number(told: StandIn, bot: Receiver) -> None:
    bot.say(Answer(TWIML.format('<Message to="+14155550777">Maria writes</Message>')))
    await told.text(MARIA, "hi")
    assert [bubble.body for bubble in told.conversation("+14155550777")] == ["Maria writes"]


async def test_the_same_webhook_again_sends_nothing_twice(told: StandIn, bot: Receiver) -> None:
    bot.say("Not yet.", "Not yet.")
    first = await told.text(MARIA, "can I exercise")
    again = await told.redeliver(first.sid)
    assert again == first
    assert [post.fields["MessageSid"] for post in bot.posts] == [first.sid] * 2
    assert [bubble.body for bubble in told.conversation(MARIA)] == ["can I exercise", "Not yet."]
    with pytest.raises(ValueError, match="no inbound text of ours"):
        await told.redeliver("SM" + "0" * 32)


@pytest.mark.parametrize(("fault", "posts"), [("lost", 0), ("repeated", 2)])
async def test_inbound_webhooks_go_astray_as_scripted(told: StandIn, bot: Receiver, fault: str, posts: int) -> None:
    told.faults.next("inbound", fault)
    await told.text(MARIA, "hi")
    assert len(bot.posts) == posts
    assert len(told.messages) == 1


STOPS = ["STOP", "stop", " StopAll ", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"]


@pytest.mark.parametrize("word", STOPS)
async def test_a_stop_word_is_answered_by_the_carrier_told_to_the_bot_and_blocks(
    told: StandIn, bot: Receiver, word: str
) -> None:
    await told.text(MARIA, word)
    await told.settled()
    refused = told.create({"To": [MARIA], "From": [CLINIC], "Body": ["hello"]})
    assert getattr(refused, "code", None) == 21610
    assert [bubble.direction for bubble in told.conversation(MARIA)] == ["from_phone", "to_phone"]
    assert "unsubscribed" in told.conversation(MARIA)[1].body
    assert (bot.posts[0].fields["Body"], "OptOutType" in bot.posts[0].fields) == (word, False)


@pytest.mark.parametrize("words", ["OPT OUT", "please stop", "STOP texting me", "STOP.", "YES", "HELLO"])
async def test_other_words_block_nothing(told: StandIn, words: str) -> None:
    await told.text(MARIA, words)
    assert getattr(told.create({"To": [MARIA], "From": [CLINIC], "Body": ["hello"]}), "code", None) is None


@pytest.mark.parametrize("word", ["START", "yes", "UNSTOP"])
async def test_a_start_word_reopens(told: StandIn, word: str) -> None:
    await told.text(MARIA, "STOP")
    await told.text(MARIA, word)
    await told.settled()
    assert "re-subscribed" in told.conversation(MARIA)[-1].body
    assert getattr(told.create({"To": [MARIA], "From": [CLINIC], "Body": ["hello"]}), "code", None) is None


async def test_one_confirmation_of_stop_is_all_and_help_gets_none_after_it(told: StandIn) -> None:
    for word in ("HELP", "STOP", "STOP", "HELP"):
        await told.text(MARIA, word)
    assert [bubble.direction for bubble in told.conversation(MARIA)].count("to_phone") == 2


async def test_the_carriers_own_words_are_not_in_the_accounts_records(told: StandIn) -> None:
    await told.text(MARIA, "STOP")
    assert [message.in_records for message in told.messages] == [True, False]
    assert told.ledger.get(told.messages[1].sid) is None


async def test_a_reply_to_somebody_who_said_stop_fails(told: StandIn, bot: Receiver) -> None:
    bot.say(Answer(reply("Sorry to see you go", status_callback=f"{bot.base_url}/s")))
    await told.text(MARIA, "STOP")
    await told.settled()
    assert (bot.statuses(), bot.posts[-1].fields["ErrorCode"]) == (["failed"], "21610")


async def test_on_a_toll_free_number_yes_does_not_reopen(clock: Clock) -> None:
    standin = StandIn(ACCOUNT, TOKEN, number=CLINIC, now=clock, opt_outs=OptOuts(toll_free=True))
    async with running(standin):
        await standin.text(MARIA, "STOP")
        await standin.text(MARIA, "YES")
        assert MARIA in standin.opt_outs
        await standin.text(MARIA, "UNSTOP")
        assert MARIA not in standin.opt_outs


@pytest.mark.parametrize(
    ("body", "kind"), [("STOP", "STOP"), ("alto", "STOP"), ("start", "START"), ("HELP", "HELP"), ("hello", None)]
)
async def test_advanced_opt_out_says_that_twilio_has_answered(
    clock: Clock, bot: Receiver, body: str, kind: str | None
) -> None:
    opt_outs = OptOuts(advanced=True, words={"ALTO": "STOP"})
    standin = StandIn(
        ACCOUNT,
        TOKEN,
        number=CLINIC,
        now=clock,
        opt_outs=opt_outs,
        webhook_url=f"{bot.base_url}/i",
        messaging_service_sid=SERVICE,
    )
    async with running(standin):
        await standin.text(MARIA, body)
    text = inbound_text(bot.posts[0].fields)
    assert (text.opt_out_type, text.messaging_service_sid) == (kind, SERVICE)


async def test_user_and_password_in_the_address_are_not_signed(told: StandIn, bot: Receiver) -> None:
    told.webhook_url = bot.base_url.replace("://", "://user:secret@") + "/twilio/inbound"
    await told.text(MARIA, "hi")
    assert bot.posts[0].genuine and bot.posts[0].headers["authorization"].startswith("Basic ")
