"""How texts are fitted into columns."""

import json
import os
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


def test_a_file_name_that_is_no_text_is_valid_json(run, tmp_path):
    file = tmp_path / os.fsdecode(b"r\xffefs.bib")
    file.write_text("@misc{a, title = {A Good Title of Words}}")
    [told] = json.loads(run("import", "--json", file).stdout_bytes.decode())
    assert os.fsencode(told["file"]) == os.fsencode(file)


def test_a_line_is_not_cut_between_a_letter_and_its_accent():
    text = unicodedata.normalize("NFD", "\u1ebf" * 100)
    lines = screen.wrap(text, 30)
    assert [screen.width(line) for line in lines] == [30, 30, 30, 10]
    assert not any(unicodedata.combining(line[0]) for line in lines)
