"""How texts are fitted into columns."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from readlist.cli import screen


@given(
    st.text("ab \u6ce8\u610f\u0301\u3000\U0001f600", max_size=80),
    st.integers(min_value=2, max_value=20),
)
def test_wrapping_keeps_to_the_columns_and_loses_nothing(text: str, columns: int):
    lines = screen.wrap(text, columns)
    assert all(screen.width(line) <= columns for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_a_line_is_not_cut_between_a_letter_and_its_accent():
    text = unicodedata.normalize("NFD", "\u1ebf" * 100)
    lines = screen.wrap(text, 30)
    assert [screen.width(line) for line in lines] == [30, 30, 30, 10]
    assert not any(unicodedata.combining(line[0]) for line in lines)
