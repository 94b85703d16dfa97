"""OPML: the feeds in it, however broken it is."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readlist.formats import opml
from readlist.formats.opml import Feed

LIST = """<?xml version="1.0" encoding="UTF-8"?>
<!-- <outline xmlUrl="https://no.org/feed"/> -->
<opml version="2.0"><head><title>Mine &mdash; all</title></head><body>
  <outline text="Sleep" title="Sleep & Rest">
    <outline text=" On
      Rest " type="rss" xmlUrl=" https://rest.org/feed?a=1&section=2 " htmlUrl="https://rest.org"/>
    <outline title="arch&aelig;ology" xmlURL="feed://old.org/rss" rssowl:id="1">
    <outline xmlUrl="feed:https://new.org/rss"/>
  </outline>
  <outline text="again" xmlUrl="https://new.org/rss"/>
  <outline text="a list of lists" type="source" xmlUrl="https://lists.org/a.opml"/>
  <outline text="a page" type="link" url="https://page.org"/>
  <outline text="a file" xmlUrl="file:///etc/passwd"/><outline text="none" xmlUrl="http://"/>
</unexpected>
"""


def test_feeds_are_found_however_broken_the_file_is():
    assert opml.recognises(LIST)
    assert opml.feeds(LIST) == [
        Feed("On Rest", "https://rest.org/feed?a=1&section=2"),
        Feed("archæology", "http://old.org/rss"),
        Feed("new.org", "https://new.org/rss"),
    ]


def test_entities_are_not_expanded():
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><opml><outline text="&b;" xmlUrl='
    assert opml.feeds(bomb + '"https://a.org"/></opml>') == [Feed("&b;", "https://a.org")]


@pytest.mark.parametrize(
    "text", ["", "opml", "# <opml>", "<rss><opml/></rss>", "<html>", "{}", "<"]
)
def test_other_texts_are_not_opml(text: str):
    assert not opml.recognises(text)


@given(st.lists(st.sampled_from(["<outline ", "xmlUrl=", '"https://a.org"', "/>", "<", "&", "'"])))
def test_nothing_raises(pieces: list[str]):
    opml.feeds("".join(pieces))


RECORDED = {  # listparser's own tests of feeds, and files of the wild
    "awesome_India.opml": 36,
    "awesome_Tech.opml": 26,
    "pandoc_default.opml": 0,
    "roman_ai.opml": 4,
    "roman_business.opml": 1,
    "roman_computers.opml": 9,
    "roman_derstandard.opml": 7,
    "roman_heise.opml": 4,
    "roman_orf.opml": 0,
    "roman_science.opml": 1,
    "roman_security.opml": 2,
    "roman_youtube.opml": 2,
    "concatenated-documents.xml": 2,
    "end-element-missing.xml": 1,
    "end-element-unexpected.xml": 1,
    "html-entity-attribute.xml": 2,
    "outline-duplication-1.xml": 1,
    "outline-duplication-2.xml": 1,
    "outline_type-source.xml": 0,
    "outline_xmlUrl-miscapitalized.xml": 1,
    "outline_xmlUrl-whitespace.xml": 1,
}


def test_recorded_files_are_known_and_read(shared: Path):
    counts = {}
    for file in sorted(shared.rglob("*")):
        if file.is_file():
            text = file.read_text(encoding="utf-8-sig", errors="replace")
            if opml.recognises(text[:65_536]):
                counts[file.name] = len(opml.feeds(text))
    assert {name: counts[name] for name in RECORDED} == RECORDED
    files = [
        file for file in (shared / "fixtures/opml").rglob("*") if file.suffix in (".opml", ".xml")
    ]
    assert counts.keys() == {file.name for file in files}
    assert sum(counts.values()) == 125
