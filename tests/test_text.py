import pytest
from hypothesis import given
from strategies import hostile

from readlist.text import clean, one_line


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("plain", "plain"),
        ("  two\nlines\t ", "two\nlines"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1bP1;2|hidden\x1b\\shown", "shown"),
        ("a\x1bcb", "ab"),
        ("a\x9b31mb", "ab"),
        ("null\x00 bell\x07 del\x7f", "null bell del"),
        ("dos\r\nmac\rend", "dos\nmac\nend"),
        ("safe\u202eevil\u2066x\u2069", "safeevilx"),
        ("\ufeffmark", "mark"),
        ("half\ud800pair", "halfpair"),
        ("Grüße 中文 🦉 x\u0301", "Grüße 中文 🦉 x\u0301"),
    ],
)
def test_text_from_the_world_is_safe_to_print(text: str, cleaned: str):
    assert clean(text) == cleaned


@given(hostile)
def test_clean_text_stays_as_it_is(text: str):
    assert clean(clean(text)) == clean(text)
    assert one_line(one_line(text)) == one_line(text)
    assert not set(clean(text)) & {chr(code) for code in range(32) if chr(code) not in "\t\n"}


@given(hostile)
def test_one_line_is_one_line(text: str):
    line = one_line(text)
    assert "\n" not in line
    assert "  " not in line
    assert line == line.strip()


def test_an_escape_sequence_may_not_appear_by_taking_another_away():
    assert "\x1b" not in clean("\x1b\x1b[0m[31mred")
    assert clean("\x1b\x00[31mred") == clean(clean("\x1b\x00[31mred"))


@pytest.mark.parametrize("quoted", ["“attention”", "‘attention’", "🦉 attention", "Ûber-attention"])
def test_text_in_a_wrong_encoding_is_not_cut_off(quoted: str):
    # Bytes of UTF-8 read as Latin-1 are control characters that can begin an escape sequence.
    garbled = f"They call it {quoted} and it works.".encode().decode("latin-1")
    cleaned = clean(garbled)
    assert cleaned.endswith("and it works.")
    assert "attention" in cleaned
