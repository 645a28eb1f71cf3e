"""Words are forgotten after a while; the ledger, the opt-outs and the answer to a repeated webhook are not."""

from datetime import timedelta

import pytest

from bot.commands.prune import prune as print_prune
from bot.records.database import Database
from bot.records.tables import Inbound, Message
from bot.usecases.ledger import why
from bot.usecases.retention import prune
from tests.usecases.front_desk import MARIA, FrontDesk, settings_for, words_in

SID = "SM" + "7" * 32


@pytest.fixture
def desk(database: Database) -> FrontDesk:
    desk = FrontDesk(database)
    desk.book()
    desk.wait(minutes=2)
    return desk


def test_old_words_go_and_the_ledger_stays(desk: FrontDesk):
    desk.text("can I exercise?")
    before = [(e.step, e.state, e.rule) for e in why(desk.clinic, desk.database, "A-1")]
    assert forget_all(desk) > 0
    sent = desk.rows(Message, Message.to_phone == MARIA, Message.sid.is_not(None))
    assert sent and all(message.body is None for message in sent)
    assert [row.body for row in desk.rows(Inbound)] == [None]
    assert [(e.step, e.state, e.rule) for e in why(desk.clinic, desk.database, "A-1")] == before


def test_years_of_words_go_in_batches(desk: FrontDesk, monkeypatch: pytest.MonkeyPatch):
    for words in ("can I exercise?", "and can I wash?", "and the sauna?"):
        desk.text(words)
    monkeypatch.setattr("bot.usecases.retention.AT_ONCE", 2)
    batches = []
    write = desk.database.write

    def counted(body, **more):
        batches.append(write(body, **more))
        return batches[-1]

    monkeypatch.setattr(desk.database, "write", counted)
    assert forget_all(desk) == sum(batches) > 5
    assert max(batches) == 2
    assert [row.body for row in desk.rows(Inbound)] == [None] * 3


def test_what_is_not_old_enough_is_kept(desk: FrontDesk):
    desk.text("can I exercise?")
    assert prune(desk.database, kept_for=400, now=desk.now + timedelta(days=399)) == 0


def test_zero_days_keep_the_words_for_ever(desk: FrontDesk):
    desk.text("can I exercise?")
    assert prune(desk.database, kept_for=0, now=desk.now + timedelta(days=4000)) == 0


def test_a_text_that_is_still_to_go_keeps_what_it_needs(desk: FrontDesk):
    forget_all(desk)
    assert "confirm" in desk.steps("scheduled")


def test_the_same_webhook_after_forgetting_is_not_acted_on_again(desk: FrontDesk):
    desk.text("please stop texting me", sid=SID)
    forget_all(desk)
    desk.text("START")
    assert desk.number().opted_out_at is None
    assert words_in(desk.xml("please stop texting me", sid=SID)) is None
    assert desk.number().opted_out_at is None


def test_an_opt_out_outlives_its_words(desk: FrontDesk):
    desk.text("please stop texting me")
    forget_all(desk)
    assert desk.number().opted_out_at is not None
    assert desk.number().opt_out_words is None


def test_bot_prune_says_what_it_did(
    desk: FrontDesk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    desk.text("can I exercise?")
    url = desk.database.engine.url.render_as_string(hide_password=False)
    monkeypatch.setattr("bot.commands.prune.clock.now", lambda: desk.now + timedelta(days=401))
    for kept_for, said in ((400, "lost their words; the ledger is kept"), (0, "kept for ever")):
        settings = settings_for(database_url=url, words_kept_for=kept_for)
        monkeypatch.setattr("bot.commands.prune.read_settings", lambda settings=settings, **_: settings)
        assert print_prune() == 0
        assert said in capsys.readouterr().out


def forget_all(desk: FrontDesk) -> int:
    return prune(desk.database, kept_for=400, now=desk.now + timedelta(days=430))
