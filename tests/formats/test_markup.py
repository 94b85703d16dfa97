"""HTML in the wild: what is a tag, what is text, and no input that takes long."""

from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readlist.formats import markup
from readlist.formats.markup import Tag


def read(text: str) -> list[object]:
    """Texts, and tags as (name, attributes) with a slash where they close."""
    found: list[object] = []
    for token in markup.tokens(StringIO(text)):
        if isinstance(token, Tag):
            found.append((f"{'/' * token.closes}{token.name}", token.attributes()))
        elif found and isinstance(found[-1], str):
            found[-1] += token
        else:
            found.append(token)
    return found


def test_tags_have_names_and_attributes():
    [tag, text, end] = read("<A HREF='x>y' Tags=a,b checked DATE = \"1\">T<b</A\n>")[:3]
    assert tag == ("a", {"href": "x>y", "tags": "a,b", "checked": "", "date": "1"})
    assert text == "T"
    assert end == ("/a", {})


def test_comments_instructions_and_scripts_are_no_text():
    text = "<?xml?><!DOCTYPE x>a<!-- <b> -->b<![CDATA[<c>]]><script>if (a<b) '</p>'</SCRIPT>c"
    assert "".join(token for token in read(text) if isinstance(token, str)) == "abc"


def test_a_less_than_sign_in_a_text_is_text():
    assert read("1 < 2 <3") == ["1 < 2 <3"]


def test_entities_end_in_a_semicolon():
    [(_, attributes)] = read('<a href="?a=1&section=2&amp;b=3" title="&aelig;&#230;&nosuch;">')
    assert attributes == {"href": "?a=1&section=2&b=3", "title": "ææ&nosuch;"}


def test_what_has_no_end_is_left_out():
    assert read("a<!-- b") == ["a"]
    assert read('a<b c="d') == ["a"]


class Drip(StringIO):
    """A file of which one character at a time can be read."""

    def read(self, _size: int | None = -1) -> str:
        return super().read(1)


@given(st.text("<>a/=\"' !-&;", max_size=40))
def test_it_does_not_matter_how_a_file_is_read(text: str):
    def joined(file: StringIO) -> list[object]:
        found: list[object] = []
        for token in markup.tokens(file):
            if isinstance(token, str) and found and isinstance(found[-1], str):
                found[-1] += token
            else:
                found.append(token)
        return found

    assert joined(Drip(text)) == joined(StringIO(text))


@pytest.mark.parametrize(
    "text", ["<", "<a ", "<!--", "<!", "</", '<a b="', "<a ='", "&#", "<a ='\"", "<script>", "<a b"]
)
def test_nothing_takes_long(text: str):
    for token in markup.tokens(StringIO(text * 60_000)):
        if isinstance(token, Tag):
            token.attributes()
        else:
            markup.unescape(token)
