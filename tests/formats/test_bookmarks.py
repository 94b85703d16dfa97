"""Bookmarks in HTML: folders, tags, notes and dates, of every program."""

from io import StringIO
from pathlib import Path

import make
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readlist.formats import bookmarks
from readlist.models import Paper, Problem

NETSCAPE = """<!DOCTYPE NETSCAPE-Bookmark-file-1>
<!-- This is an automatically generated file. <A HREF="https://arxiv.org/abs/2001.00001">No</A> -->
<TITLE>Bookmarks</TITLE>
<H1>Bookmarks</H1>
<DL><p>
  <DT><H3 ADD_DATE="1" PERSONAL_TOOLBAR_FOLDER="true">Bookmarks bar</H3>
  <DL><p>
    <DT><H3>Sleep &amp; Rest</H3>
    <DD>a folder of mine
    <DL><p>
      <DT><A HREF="https://arxiv.org/abs/1706.03762?utm_source=x" ADD_DATE="1700000000" ICON="data:image/png;base64,AA==" TAGS="nlp, to read">[1706.03762] Attention Is
        All You Need</A>
      <DD>Read <i>this</i> first,
      and <a href="https://arxiv.org/abs/2001.00002">this</a>.
      <DT><A HREF="javascript:void(0)">Cite</A>
      <HR>
      <DT><A HREF="https://example.com/post">A Post on Attention</A>
    </DL><p>
    <DT><A HREF="https://openreview.net/forum?id=Bkeeca4Kvr" ADD_DATE="1700000000123456">On Rest | OpenReview</A>
  </DL><p>
  <DT><A HREF="https://doi.org/10.1000/A" ADD_DATE="invaliddate" description="old">On Sleep</A>
  <DT><A HREF="https://openaccess.thecvf.com/content/CVPR2023/papers/a.pdf">a.pdf</A>
</DL><p>
"""
POCKET = """<!DOCTYPE html><html><head><title>Pocket Export</title></head><body><h1>Unread</h1><ul>
<li><a href="https://arxiv.org/abs/1706.03762" time_added="1700000000" tags="a,b">Attention</a></li>
</ul><h1>Read Archive</h1><ul></ul></body></html>"""


def load(text: str) -> tuple[str, list[Paper | Problem]]:
    passed, items = bookmarks.load(StringIO(text), make.origin("b.html"))
    return str(passed), list(items)


def test_bookmarks_are_papers_with_what_their_owner_says():
    note, [attention, rest, sleep, nameless] = load(NETSCAPE)
    assert note == "with 2 bookmarks that name no paper"
    assert attention.title == "Attention Is All You Need"
    assert attention.identifier("arxiv") == "1706.03762"
    assert attention.extra == {
        "keywords": "Sleep & Rest, nlp, to read",
        "note": "Read this first,\n      and this.",
    }
    assert attention.sightings == (make.sighting("bookmarks", "2023-11-14", place="b.html"),)
    assert rest.title == "On Rest"
    assert rest.extra == {}
    assert rest.sightings[0].at == "2023-11-14"
    assert sleep.identifier("doi") == "10.1000/a"
    assert sleep.extra == {"note": "old"}
    assert sleep.sightings[0].at == "2026-11-23"  # today
    assert isinstance(nameless, Problem)
    assert nameless.where == "b.html 'a.pdf'"


def test_exports_of_lists_are_read_too():
    note, [paper] = load(POCKET)
    assert note == ""
    assert paper.identifier("arxiv") == "1706.03762"
    assert paper.extra["keywords"] == "a, b"
    assert paper.sightings[0].at == "2023-11-14"


def test_tags_may_be_separated_by_blanks():
    _, [paper] = load(
        '<DT><A HREF="https://doi.org/10.1/a" TAGS="a b">x</A>'.replace("10.1/", "10.1000/")
    )
    assert paper.extra["keywords"] == "a, b"


@pytest.mark.parametrize("text", [NETSCAPE, POCKET, NETSCAPE.lower(), f"\n {NETSCAPE}"])
def test_bookmarks_are_known(text: str):
    assert bookmarks.recognises(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "<",
            "<!DOCTYPE html><title>Bookmarks</title><p>none</p>",
            "# Bookmarks\n<dt><a href=x>",
        ),
        "<opml><outline text='Pocket Export'/></opml>",
    ],
)
def test_other_texts_are_not(text: str):
    assert not bookmarks.recognises(text)


PIECES = [
    "<DL>",
    "</DL>",
    "<DT>",
    "<DD>",
    "<H3>",
    "</H3>",
    '<A HREF="https://doi.org/10.1000/a">',
    "</A>",
]


@given(
    st.lists(st.sampled_from([*PIECES, "x", "<", "&amp;", '<A ADD_DATE="9999999999999999999">']))
)
def test_nothing_raises(pieces: list[str]):
    _, items = load("".join(pieces))
    assert len(items) == pieces.count(PIECES[6]) or "<DD>" in pieces or "<" in pieces


def test_nothing_takes_long():
    for text in ("<DL>", "<DT><A HREF=x>", "<DD>", "</DL>", "<H3>", '<A HREF="'):
        load(text * 20_000)
    load("<DL><DT><H3>x</H3>" * 3000 + '<A HREF="https://doi.org/10.1000/a">x</A>' * 3000)


RECORDED = {
    "kipclip_bookmarks.html": 5,
    "netscape_chromium_nested.htm": 18,
    "netscape_delicious.htm": 5,
    "netscape_delicious_sanitize.htm": 2,
    "netscape_firefox_flat.htm": 24,
    "netscape_firefox_nested.htm": 24,
    "netscape_google_bookmarks_nested.htm": 6,
    "netscape_netscape_basic.htm": 2,
    "netscape_netscape_extended.htm": 1,
    "netscape_netscape_multiline.htm": 3,
    "netscape_netscape_nested.htm": 8,
    "netscape_scuttle.htm": 4,
    "netscape_scuttle_new_line.htm": 1,
    "netscape_shaarli_legacy.htm": 2,
    "netscape_shaarli_markdown.htm": 3,
    "netscape_shaarli_with_tabs_and_spaces.htm": 1,
    "netscape_shaarli_with_whitespace_tags.htm": 1,
    "real_firefox_5nacks_1.7MB.html": 323,
    "wallabag_ril_export.html": 2,
    "wallabag_shaarli-bookmarks.html": 2,
}


def test_recorded_exports_are_known_and_read(shared: Path):
    """None of their bookmarks is of a paper, so each is counted; and no other file is claimed."""
    counts = {}
    for file in sorted(shared.rglob("*")):
        if not file.is_file():
            continue
        text = file.read_text(encoding="utf-8-sig", errors="replace")
        if bookmarks.recognises(text[:65_536]):
            passed, items = bookmarks.load(StringIO(text), make.origin())
            assert list(items) == []
            counts[file.name] = passed.count
    assert counts == RECORDED
