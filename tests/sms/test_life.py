"""The life of a message, told by signed callbacks: in order, or lost, repeated, late and overtaken where scripted."""

from urllib.parse import parse_qs

import pytest

from bot.sms.standin import Ending, Faults, OptOuts, Pace, StandIn, running
from bot.sms.statuses import later
from tests.sms.conftest import ACCOUNT, CLINIC, MARIA, SERVICE, TOKEN, Clock
from tests.sms.receiver import Answer, Receiver

pytestmark = pytest.mark.anyio


def create(standin: StandIn, callback: str | None, to: str = MARIA, **more: str) -> str:
    """Create a message as the REST side does; gives its SID."""
    form = {"To": to, "From": CLINIC, "Body": "hello"} | ({"StatusCallback": callback} if callback else {}) | more
    made = standin.create({name: [value] for name, value in form.items() if value})
    return getattr(made, "sid", "")


async def test_each_step_but_the_first_is_posted_signed_and_in_order(standin: StandIn, bot: Receiver) -> None:
    sid = create(standin, f"{bot.base_url}/twilio/status?m=7&a=%20b#rc=2&rp=all")
    await standin.settled()
    assert bot.statuses() == ["sent", "delivered"]
    assert all(post.genuine and post.path == "/twilio/status" for post in bot.posts)
    assert bot.posts[0].query == "m=7&a=%20b"
    fields = bot.posts[1].fields
    assert {fields["MessageSid"], fields["SmsSid"]} == {sid}
    assert (fields["AccountSid"], fields["From"], fields["To"]) == (ACCOUNT, CLINIC, MARIA)
    assert (fields["SmsStatus"], fields["ApiVersion"]) == ("delivered", "2010-04-01")
    assert (fields["RawDlrDoneDate"], "ErrorCode" in fields) == ("2603101800", False)
    assert bot.posts[0].headers["i-twilio-idempotency-token"]


async def test_behind_a_messaging_service_queued_is_posted_too(standin: StandIn, bot: Receiver) -> None:
    create(standin, f"{bot.base_url}/s", From="", MessagingServiceSid=SERVICE)
    assert (standin.messages[0].from_, standin.messages[0].segments) == (None, 0)
    await standin.settled()
    assert bot.statuses() == ["queued", "sent", "delivered"]
    assert all(post.fields["MessagingServiceSid"] == SERVICE for post in bot.posts)
    assert (standin.messages[0].from_, standin.messages[0].segments) == (CLINIC, 1)
    assert [bubble.body for bubble in standin.conversation(CLINIC)] == ["hello"]


@pytest.mark.parametrize(
    ("ending", "statuses", "code"),
    [
        (Ending("undelivered", 30003), ["sent", "undelivered"], "30003"),
        (Ending("failed", 30007), ["failed"], "30007"),
        (Ending("read"), ["sent", "delivered", "read"], None),
        (Ending("sent"), ["sent"], None),  # no receipt ever comes
    ],
)
async def test_a_number_may_be_scripted_to_end_otherwise(
    standin: StandIn, bot: Receiver, ending: Ending, statuses: list[str], code: str | None
) -> None:
    standin.script(MARIA, ending)
    create(standin, f"{bot.base_url}/s")
    await standin.settled()
    assert bot.statuses() == statuses
    assert bot.posts[-1].fields.get("ErrorCode") == code
    bot.posts.clear()
    create(standin, f"{bot.base_url}/s")
    await standin.settled()
    assert bot.statuses() == ["sent", "delivered"]


async def test_a_script_may_last(standin: StandIn) -> None:
    standin.script(MARIA, Ending("undelivered", 30005), always=True)
    standin.script(MARIA, Ending(), Ending("failed", 30007))
    for _ in range(4):
        create(standin, None)
        await standin.settled()
    assert [message.error_code for message in standin.messages] == [None, 30007, 30005, 30005]


async def test_a_message_that_waits_longer_than_it_may_fails_with_30036(standin: StandIn, bot: Receiver) -> None:
    standin.lives.pace = Pace(sent_after=60)
    create(standin, f"{bot.base_url}/s", ValidityPeriod="1")
    await standin.settled()
    assert (bot.statuses(), bot.posts[-1].fields["ErrorCode"]) == (["failed"], "30036")


@pytest.mark.parametrize(
    ("fault", "statuses"),
    [
        ("lost", ["delivered"]),
        ("repeated", ["sent", "sent", "delivered"]),
        ("out_of_order", ["delivered", "sent"]),
        ("delayed", ["sent", "delivered"]),
    ],
)
async def test_callbacks_go_astray_as_scripted(
    standin: StandIn, bot: Receiver, fault: str, statuses: list[str]
) -> None:
    standin.faults.next("callback", fault, after=0.4)
    create(standin, f"{bot.base_url}/s")
    await standin.settled()
    assert bot.statuses() == statuses
    assert all(post.genuine for post in bot.posts)


async def test_whatever_the_order_ranked_statuses_end_where_the_carrier_ended(clock: Clock, bot: Receiver) -> None:
    faults = Faults({"callback": {"lost": 0.1, "repeated": 0.1, "out_of_order": 0.3}}, seed=4, delay_for=0.05)
    standin = StandIn(ACCOUNT, TOKEN, number=CLINIC, now=clock, faults=faults, pace=Pace(0.001, 0.002, 0.002))
    async with running(standin):
        for n in range(100):
            create(standin, f"{bot.base_url}/s?m={n}", to=f"+1415555{n:04d}")
        await standin.settled()
    stands: dict[str, str] = {}
    for post in bot.posts:
        (key,) = parse_qs(post.query)["m"]
        if later(stands.get(key), post.fields["MessageStatus"]):
            stands[key] = post.fields["MessageStatus"]
    assert {message.status for message in standin.messages} == {"delivered"}
    assert set(stands.values()) <= {"sent", "delivered"}
    assert list(stands.values()).count("delivered") > 80
    assert len(bot.posts) != 200


@pytest.mark.parametrize(
    ("fragment", "failing", "tries"),
    [
        ("", Answer(status=500), 1),  # by default a 500 loses the callback
        ("", Answer(status=403), 1),
        ("#rc=3&rp=all", Answer(status=500), 2),
        ("#rc=3&rp=5xx", Answer(status=500), 2),
        ("#rc=3&rp=4xx", Answer(status=500), 1),
        ("#rc=0&rp=all", Answer(status=500), 1),
        ("#rc=9&rp=5xx", Answer(status=500), 2),  # out of range: the default of one
        ("#rc=3&rp=5xx,4xx", Answer(status=404), 2),
        ("#rc=3&rp=rt&rt=250", Answer(after=0.6), 2),
        ("#rt=250", Answer(after=0.6), 1),
    ],
)
async def test_a_failed_callback_is_tried_again_by_twilios_rule_with_one_token(
    standin: StandIn, bot: Receiver, fragment: str, failing: Answer, tries: int
) -> None:
    standin.script(MARIA, Ending("sent"))
    bot.say(failing)
    create(standin, f"{bot.base_url}/s{fragment}")
    await standin.settled()
    assert len(bot.posts) == tries
    assert len({post.headers["i-twilio-idempotency-token"] for post in bot.posts}) == 1


async def test_all_tries_together_end_at_the_total_time(standin: StandIn, bot: Receiver) -> None:
    standin.script(MARIA, Ending("sent"))
    bot.say(*[Answer(after=0.4) for _ in range(6)])
    create(standin, f"{bot.base_url}/s#rc=5&rp=all&rt=200&tt=500")
    await standin.settled()
    assert 2 <= len(bot.posts) <= 3


async def test_a_late_opt_out_fails_the_message_afterwards(clock: Clock, bot: Receiver) -> None:
    standin = StandIn(ACCOUNT, TOKEN, number=CLINIC, now=clock, opt_outs=OptOuts(late=True))
    async with running(standin):
        await standin.text(MARIA, "STOP")
        assert create(standin, f"{bot.base_url}/s")
        await standin.settled()
    assert (bot.statuses(), bot.posts[-1].fields["ErrorCode"]) == (["failed"], "21610")


async def test_everybody_who_subscribed_sees_each_change(standin: StandIn) -> None:
    seen: list[tuple[str, str]] = []
    unsubscribe = standin.subscribe(lambda change: seen.append((change.what, change.message.status)))
    create(standin, None)
    await standin.settled()
    unsubscribe()
    create(standin, None)
    await standin.settled()
    assert seen == [("created", "queued"), ("status", "sent"), ("status", "delivered")]


async def test_the_same_seed_makes_the_same_sids_and_none_makes_new_ones(clock: Clock) -> None:
    async def sids(seed: int | None) -> list[str]:
        standin = StandIn(ACCOUNT, TOKEN, number=CLINIC, now=clock, seed=seed)
        made = [create(standin, None) for _ in range(3)]
        await standin.aclose()
        return made

    assert await sids(7) == await sids(7)
    assert await sids(7) != await sids(8)
    assert await sids(None) != await sids(None)


def test_rates_are_met_over_many_draws() -> None:
    faults = Faults({"create": {"slow": 0.03, "error_after": 0.03, "throttle": 0.03}}, seed=3)
    drawn = [fault.kind if (fault := faults.draw("create")) else None for _ in range(20_000)]
    for kind in ("slow", "error_after", "throttle"):
        assert 0.02 < drawn.count(kind) / len(drawn) < 0.04
    assert not any(faults.draw("list") for _ in range(100))


@pytest.mark.parametrize(
    ("plan", "problem"),
    [
        ({"creat": {}}, "creat: no such operation"),
        ({"create": {"slowly": 0.1}}, r"create\.slowly: no such fault"),
        ({"create": {"slow": 3}}, r"create\.slow: 3 is not a share"),
        ({"create": {"slow": 0.6, "throttle": 0.6}}, "create: the shares add up"),
        ({"list_lag": "2"}, "list_lag: '2' is not a number of seconds"),
        ({"slow_for": -1}, "slow_for: -1 is not"),
    ],
)
def test_a_plan_of_faults_that_cannot_be_is_refused_by_name(plan: dict[str, object], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        Faults.read(plan)


def test_a_plan_of_faults_is_read_from_plain_data() -> None:
    faults = Faults.read({"create": {"slow": 1}, "list_lag": 2, "slow_for": 4.5}, seed=1)
    fault = faults.draw("create")
    assert fault is not None and (fault.kind, fault.after, faults.list_lag) == ("slow", 4.5, 2)
