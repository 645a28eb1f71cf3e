import pytest

from bot.sms.standin.segments import count


@pytest.mark.parametrize(
    ("body", "segments", "encoding"),
    [
        ("", 1, "GSM-7"),
        ("a" * 160, 1, "GSM-7"),
        ("a" * 161, 2, "GSM-7"),
        ("a" * 306, 2, "GSM-7"),
        ("a" * 307, 3, "GSM-7"),
        ("á" * 70, 1, "UCS-2"),
        ("á" * 71, 2, "UCS-2"),
        ("á" * 134, 2, "UCS-2"),
        ("á" * 135, 3, "UCS-2"),
        ("€" * 80, 1, "GSM-7"),
        ("€" * 81, 2, "GSM-7"),
        ("\U0001f44d" * 35, 1, "UCS-2"),
        ("\U0001f44d" * 36, 2, "UCS-2"),
        ("a" * 1600, 11, "GSM-7"),
        ("á" * 1600, 24, "UCS-2"),
        ("ñ¿¡é", 1, "GSM-7"),
        ("it’s", 1, "UCS-2"),  # noqa: RUF001 - the curly apostrophe is the point
        ("`", 1, "UCS-2"),
        ("ç", 1, "UCS-2"),
        ("{}[]~|^\\\f", 1, "GSM-7"),
        ("a" * 152 + "€" + "a" * 152, 3, "GSM-7"),  # the euro is not cut: it opens the second part
    ],
)
def test_texts_cost_what_twilio_counts(body: str, segments: int, encoding: str) -> None:
    assert count(body) == (segments, encoding)
