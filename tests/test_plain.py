"""Markup of services as plain text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import hostile

from readlist import plain


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("Plain", "Plain"),
        ("A <i>title</i> of AT&amp;T", "A title of AT&T"),
        ("CO<sub>2</sub> and <SPAN class='x y'>H<sup>+</sup></SPAN>", "CO2 and H+"),
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("One<br/>Two<br>Three", "One\nTwo\nThree"),
        (
            "<jats:title>Aim</jats:title><jats:p>To <jats:italic>do</jats:italic></jats:p>",
            "Aim\n\nTo do",
        ),
        (
            '<mml:math><mml:mi>x</mml:mi><mml:annotation encoding="t">\\x</mml:annotation></mml:math>',
            "x",
        ),
        ("a<!-- b --> c<!-- d", "a c"),
        ("<![CDATA[a &lt; b]]>", "a < b"),
        ("<script>if (a<b) { '</b>' }</script>ok<style>p {}", "ok"),
        ("a</script>b<script/>c", "abc"),
        # What only looks like markup.
        ("p<0.05 and q>3", "p<0.05 and q>3"),
        ("x <y and y> z, a <b or b> c", "x <y and y> z, a <b or b> c"),
        ("List<String> of <T>", "List<String> of <T>"),
        ("&lt;b&gt; is a tag", "<b> is a tag"),
        ("", ""),
    ],
)
def test_the_text_of_markup(markup: str, text: str):
    assert plain.text(markup) == text


@given(hostile | st.text(st.sampled_from("<>/!-pb &;\"'= "), max_size=30))
def test_no_markup_is_too_odd(markup: str):
    assert isinstance(plain.text(markup), str)


@pytest.mark.parametrize(
    "piece", ["<a ", "<", "<!--", "<p>", "</p", "<script>", "&amp", "<a b=", "\n ", "<![CDATA["]
)
def test_long_markup_is_read_in_one_pass(piece: str):
    # What is quadratic in its length takes hours for this.
    plain.text(piece * (2_000_000 // len(piece)))
