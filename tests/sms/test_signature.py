import pytest
from starlette.datastructures import FormData, UploadFile

from bot.sms.signature import genuine, public_url

CALL = {
    "CallSid": "CA1234567890ABCDE",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
    "Caller": "+14158675309",
}
URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
HASH = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
JSON = '{"property": "value", "boolean": true}'
HI = "RyHpijVpC/bpMctutBZS07psiZU="


@pytest.mark.parametrize(
    ("url", "signature"),
    [
        (URL, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (URL.replace(".com", ".com:1234").replace("https", "http"), "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
        (URL.replace(".com", ".com:443"), "kvajT1Ptam85bY51eRf/AJRuM3w="),
        (URL.replace(".com", ".com:80").replace("https", "http"), "0ZXoZLH/DfblKGATFgpif+LLRf4="),
        (URL, "kvajT1Ptam85bY51eRf/AJRuM3w="),  # signed with the port that the URL leaves unsaid
        (URL.replace(".com", ".com:443"), "RSOYDt4T1cUTdK1PDd93/VVr8B8="),  # and the other way round
    ],
)
def test_twilios_own_vectors_are_genuine_with_and_without_ports(url: str, signature: str) -> None:
    assert genuine(["12345"], url, CALL, signature)


@pytest.mark.parametrize(
    ("host", "number", "signature"),
    [
        ("example.com", "+14158675310", "L/OH5YylLD5NRKLltdqwSvS0BnU="),
        ("mycompany.com", "+12349013030", "0/KCTR6DLpKmkAf8muzZqo1nDgQ="),
    ],
)
def test_the_examples_of_twilios_guides_are_genuine(host: str, number: str, signature: str) -> None:
    form = CALL | {"From": number, "Caller": number}
    assert genuine(["12345"], URL.replace("mycompany.com", host), form, signature)


def test_a_repeated_field_counts_each_value_once() -> None:
    form = FormData([("Sid", "CA123"), ("SidAccount", "AC123")] + [("Digits", d) for d in ("5678", "1234", "1234")])
    assert genuine(["12345"], URL, form, "IK+Dwps556ElfBT0I3Rgjkr1wJU=")
    as_lists = {"Sid": "CA123", "SidAccount": ["AC123"], "Digits": ["5678", "1234"]}
    assert genuine(["12345"], URL, as_lists, "IK+Dwps556ElfBT0I3Rgjkr1wJU=")


def test_a_json_post_is_bound_by_its_hash() -> None:
    url = f"{URL}&bodySHA256={HASH}"
    signature = "a9nBmqA0ju/hNViExpshrM61xv4="
    assert genuine(["12345"], url, JSON, signature)
    assert genuine(["12345"], url, JSON.encode(), signature)
    assert not genuine(["12345"], url, JSON.replace("true", "false"), signature)
    assert not genuine(["12345"], URL, JSON, signature)


def test_a_form_post_with_a_body_hash_in_its_query_is_checked_as_a_form() -> None:
    from twilio.request_validator import RequestValidator

    url = f"https://clinic.example/twilio/inbound?bodySHA256={HASH}"
    signature = RequestValidator("12345").compute_signature(url, {"Body": "hi"})
    assert genuine(["12345"], url, FormData([("Body", "hi")]), signature)
    assert not genuine(["12345"], url, FormData([("Body", "ho")]), signature)


def test_a_local_post_is_signed_with_its_port() -> None:
    assert genuine(["12345"], "http://127.0.0.1:8000/sms", {"Body": "hi"}, HI)
    assert not genuine(["12345"], "http://127.0.0.1:8001/sms", {"Body": "hi"}, HI)


@pytest.mark.parametrize("form", [{"Body": "hi "}, {"Body": "hi", "Extra": ""}, {}, {"body": "hi"}])
def test_any_change_to_the_fields_is_noticed(form: dict[str, str]) -> None:
    assert not genuine(["12345"], "http://127.0.0.1:8000/sms", form, HI)


def test_blank_values_are_signed_too() -> None:
    from twilio.request_validator import RequestValidator

    form = FormData([("Body", ""), ("NumMedia", "1")])
    signature = RequestValidator("12345").compute_signature("https://clinic.example/sms", form)
    assert genuine(["12345"], "https://clinic.example/sms", form, signature)
    assert genuine(["12345"], "https://clinic.example/sms", form, signature, "")
    assert not genuine(["12345"], "https://clinic.example/sms/", form, signature)


@pytest.mark.parametrize("signature", [None, "", "x", HI[:-1], HI + "=", "é" * 28, "\ud800"])
def test_a_missing_or_broken_signature_is_refused_without_an_error(signature: str | None) -> None:
    assert not genuine(["12345"], "http://127.0.0.1:8000/sms", {"Body": "hi"}, signature)


@pytest.mark.parametrize(
    ("tokens", "expected"),
    [
        (["12345"], True),
        (["a new one", "12345"], True),  # around a promotion both are tried
        (["12345", "a new one"], True),
        (["a new one"], False),
        ([], False),
        ([""], False),  # an empty token would let anybody sign
    ],
)
def test_any_token_of_ours_may_have_signed(tokens: list[str], expected: bool) -> None:
    assert genuine(tokens, "http://127.0.0.1:8000/sms", {"Body": "hi"}, HI) is expected


def test_an_empty_token_signs_nothing() -> None:
    from twilio.request_validator import RequestValidator

    forged = RequestValidator("").compute_signature("https://clinic.example/sms", {"Body": "hi"})
    assert not genuine(["", "12345"], "https://clinic.example/sms", {"Body": "hi"}, forged)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, True),
        ("algorithm=HMAC_SHA1", True),
        ("key=webhooks_sharedkey_1,algorithm=HMAC_SHA256", False),
        ("key=webhooks_sharedkey_1,algorithm=HMAC_SHA512", False),
        ("algorithm=none", False),
    ],
)
def test_a_shared_key_that_we_do_not_hold_is_refused(header: str | None, expected: bool) -> None:
    assert genuine(["12345"], "http://127.0.0.1:8000/sms", {"Body": "hi"}, HI, header) is expected


def test_an_uploaded_file_is_refused_without_an_error() -> None:
    import io

    form = FormData([("Body", UploadFile(io.BytesIO(b"hi")))])
    assert not genuine(["12345"], "http://127.0.0.1:8000/sms", form, HI)


def test_a_broken_port_is_refused_without_an_error() -> None:
    assert not genuine(["12345"], "http://127.0.0.1:port/sms", {"Body": "hi"}, HI)


@pytest.mark.parametrize(
    ("base", "path", "query", "url"),
    [
        ("https://clinic.example", b"/twilio/inbound", b"", "https://clinic.example/twilio/inbound"),
        ("https://clinic.example/", b"/twilio/inbound", b"", "https://clinic.example/twilio/inbound"),
        ("https://clinic.example/needling", b"/twilio/status", b"", "https://clinic.example/needling/twilio/status"),
        ("https://clinic.example/needling/", "/twilio/status", "", "https://clinic.example/needling/twilio/status"),
        ("https://clinic.example:8443", b"/s", b"m=1&m=2", "https://clinic.example:8443/s?m=1&m=2"),
        ("http://127.0.0.1:8000", b"/raw/a%20b%2Bc", b"q=a%20b+c", "http://127.0.0.1:8000/raw/a%20b%2Bc?q=a%20b+c"),
        ("https://user:secret@clinic.example:8443", b"/s", b"", "https://clinic.example:8443/s"),
        ("https://clinic.example", b"/s/", b"", "https://clinic.example/s/"),
        ("https://clinic.example", b"/s?m=1", b"m=1", "https://clinic.example/s?m=1"),
    ],
)
def test_the_public_url_is_rebuilt_as_twilio_was_given_it(base: str, path: bytes, query: bytes, url: str) -> None:
    assert public_url(base, path, query) == url
