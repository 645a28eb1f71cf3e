import pytest

from bot.sms.gateway import Kind
from bot.sms.twilio_codes import TABLE, classify

LISTED = {
    Kind.CONFIGURATION: [
        *(10001, 20003, 20005, 20006, 20008, 20404, 90010),
        *(21212, 21408, 21601, 21603, 21606, 21607, 21608, 21609, 21616, 21659, 21660, 21661),
        *(21701, 21703, 21704, 21705),
        *(30002, 30032, 30034, 30035, 30450, 63007, 11200, 11205, 12100, 12200, 12300),
    ],
    Kind.RETRY: [20429, 21611, 30001, 30003, 30008, 30017, 30022, 30023, 30036, 30610, 30047, 63018, 63038],
    Kind.AMBIGUOUS: [20500, 20503, 30410],
    Kind.OPT_OUT: [21610],
    Kind.PERMANENT: [
        *(21211, 21612, 21614, 30004, 30005, 30006, 30007, 63003, 63016, 63024, 63032),
        *(21602, 21604, 21617, 21620, 30045, 90007, 35111, 35114, 35115, 35117, 35118, 35125),
    ],
}


@pytest.mark.parametrize(("kind", "code"), [(kind, code) for kind, codes in LISTED.items() for code in codes])
def test_every_code_that_can_reach_us_has_its_kind(kind: Kind, code: int) -> None:
    assert classify(code).kind is kind


def test_the_table_holds_each_code_once_and_no_other() -> None:
    assert set(TABLE) == {code for codes in LISTED.values() for code in codes}
    assert all(code == info.code for code, info in TABLE.items())


@pytest.mark.parametrize("code", sorted(code for code in TABLE if code))
def test_staff_can_read_every_entry(code: int) -> None:
    info = classify(code)
    assert info.words and info.remedy
    assert len(info.words) <= 70 and len(info.remedy) <= 80
    assert info.words.isascii() and not info.words.endswith(".")


@pytest.mark.parametrize("code", LISTED[Kind.CONFIGURATION])
def test_what_is_ours_to_mend_raises_an_alarm_and_is_never_given_up(code: int) -> None:
    assert classify(code).alarm
    assert classify(code).further_tries is None


def test_an_unreachable_handset_is_tried_twice_more_and_an_unexplained_failure_once() -> None:
    assert classify(30003).further_tries == 2
    assert classify(30008).further_tries == 1


def test_what_is_permanent_is_never_tried_again() -> None:
    assert all(info.further_tries == 0 for info in TABLE.values() if info.kind in (Kind.PERMANENT, Kind.OPT_OUT))


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408])
@pytest.mark.parametrize("code", [None, 20500, 21211, 99999])
def test_a_server_error_is_ambiguous_whatever_its_code(code: int | None, status: int) -> None:
    assert classify(code, status).kind is Kind.AMBIGUOUS


@pytest.mark.parametrize("code", [21999, 99999])
def test_an_unknown_refusal_is_permanent_and_raises_an_alarm(code: int) -> None:
    info = classify(code, 400)
    assert (info.kind, info.alarm) == (Kind.PERMANENT, True)
    assert str(code) in info.words


@pytest.mark.parametrize("status", [301, 302, 307, 401, 403, 404, 405])
def test_an_answer_that_is_not_twilios_points_at_our_settings(status: int) -> None:
    assert classify(None, status).kind is Kind.CONFIGURATION


@pytest.mark.parametrize("code", [None, 20099, 99999])
@pytest.mark.parametrize("status", [401, 403])
def test_an_account_that_is_refused_is_ours_to_mend_whatever_the_code(code: int | None, status: int) -> None:
    assert classify(code, status).kind is Kind.CONFIGURATION
    assert classify(21610, status).kind is Kind.OPT_OUT


def test_a_refusal_without_a_code_is_permanent_and_too_many_requests_is_not() -> None:
    assert classify(None, 400).kind is Kind.PERMANENT
    assert classify(None, 429).kind is Kind.RETRY
    assert classify(99999).kind is Kind.PERMANENT
