"""What records of reference managers mean, whatever the format: types, names, dates, numbers."""

from typing import Any

import make
import pytest
from hypothesis import given
from strategies import hostile

from readlist.formats import reference
from readlist.formats.reference import Reference
from readlist.models import Link, Paper, Problem, Standing

SEEN = make.sighting("ris")


def paper(**said: Any) -> Paper:
    found = reference.paper(Reference(**said), where="here", raw="raw", seen=SEEN)
    assert isinstance(found, Paper), found
    return found


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2019", "2019"),
        ("2019/03/01/", "2019-03-01"),
        ("2016/01/", "2016-01"),
        ("2012///", "2012"),
        ("2005///Spring", "2005"),
        ("2001/00/00/", "2001"),
        ("2019/03/12/T20:12:22Z", "2019-03-12"),
        ("1973/74", "1973"),
        ("20180301", "2018-03-01"),
        ("2013 06 10", "2013-06-10"),
        ("2018 Mar 1", "2018-03-01"),
        ("2014 May-Jun", "2014-05"),
        ("1998 Dec-1999 Jan", "1998-12"),
        ("Spring 2000", "2000"),
        ("07 2006", "2006-07"),
        ("12/1985", "1985-12"),
        ("May 01, 1980", "1980-05-01"),
        ("January 07 , 2011", "2011-01-07"),
        ("January 30–February 3, 1989", "1989-01-30"),
        ("29 June-1 July 2011", "2011-06-29"),
        ("December 3-5, 1986", "1986-12-03"),
        ("3-5 December 1986", "1986-12-03"),
        ("c2016", "2016"),
        ("in press", ""),
        ("YEAR/MONTH/DAY/", ""),
        ("20", ""),
        ("99", ""),
        ("", ""),
    ],
)
def test_dates_as_people_type_them(text: str, date: str):
    assert reference.when(text) == date


@pytest.mark.parametrize(
    ("texts", "date"),
    [
        (["2018", "2018/03/01/"], "2018-03-01"),
        (["2018", "2019/03/01/"], "2018"),  # of something else
        (["2004", "JUN 8"], "2004-06-08"),
        (["in press", "2004/06"], "2004-06"),
        (["2018", ""], "2018"),
        ([], ""),
    ],
)
def test_the_most_precise_date_of_a_year_is_kept(texts: list[str], date: str):
    assert reference.dated(*texts) == date


def test_what_a_date_does_not_say_is_left():
    fields = {"PY": ["2018", "in press"], "DA": ["Mar 1", "2019/01/01"]}
    assert reference.take_date(fields, "PY", "DA") == "2018-03-01"
    assert fields == {"PY": ["in press"], "DA": ["2019/01/01"]}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Shannon,Claude E.", ("Shannon, Claude E.",)),
        ("King, Martin Luther, Jr.", ("King, Jr., Martin Luther",)),
        ("King, Jr., Martin Luther", ("King, Jr., Martin Luther",)),
        ("Ode, Ann; Li, Bo", ("Ode, Ann", "Li, Bo")),
        ("Ann Ode", ("Ann Ode",)),
        ("CMS Collaboration,", ("CMS Collaboration",)),
        ("et al.", ()),
        (" ,; ", ()),
    ],
)
def test_names(text: str, names: tuple[str, ...]):
    assert reference.names([text]) == names


@pytest.mark.parametrize(
    ("first", "last", "pages"),
    [
        ("193", "194", "193--194"),
        ("377", "86", "377--86"),
        ("1-22", "", "1--22"),
        ("1–22", "22", "1--22"),
        ("044504", "", "044504"),
        ("e12", "e12", "e12"),
        ("", "9", "9"),
        ("41103-1-3", "", "41103-1-3"),
        ("1-2, 7-9", "", "1--2, 7--9"),
    ],
)
def test_pages(first: str, last: str, pages: str):
    assert reference.pages(first, last) == pages


@pytest.mark.parametrize(
    ("name", "detail", "type"),
    [
        ("JOUR", "", "article"),
        ("Journal Article", "", "article"),
        ("CPAPER", "", "inproceedings"),
        ("Conference Proceedings", "", "inproceedings"),
        ("CHAP", "", "incollection"),
        ("Edited Book", "", "book"),
        ("THES", "Ph.D.", "phdthesis"),
        ("Thesis", "Master's thesis", "mastersthesis"),
        ("THES", "M.Sc.", "mastersthesis"),
        ("RPRT", "", "techreport"),
        ("VIDEO", "", "misc"),
        ("", "", ""),
    ],
)
def test_types(name: str, detail: str, type: str):
    assert reference.type_of(name, detail) == type


def test_a_paper_with_a_venue_is_published_and_its_fields_are_source_of_bibtex():
    found = paper(
        type="article",
        title="On <i>Rest</i> &amp; CO<sub>2</sub>",
        venue="Rest &amp; Sleep",
        date="2019-03",
        fields={"volume": "7", "publisher": "Johns & Sons", "number": " "},
        editors=("Ode, Ann", "Rest Society"),
    )
    [version] = found.versions
    assert (version.standing, version.type) == (Standing.PUBLISHED, "article")
    assert (version.title, version.venue) == ("On Rest & CO2", "Rest & Sleep")
    assert version.fields == {
        "volume": "7",
        "publisher": r"Johns \& Sons",
        "editor": "Ode, Ann and {Rest Society}",
    }


def test_without_a_venue_a_paper_is_not_known_to_be_published():
    assert paper(type="article", title="T").standing is Standing.PREPRINT
    assert paper(type="misc", title="T", venue="Some Site").standing is Standing.PREPRINT


@pytest.mark.parametrize(
    ("venue", "volume"),
    [
        ("arXiv:2104.12255 [cs.CL]", ""),
        ("arXiv preprint arXiv:2104.12255v2", ""),
        ("CoRR", "abs/2104.12255"),
    ],
)
def test_a_paper_in_arxiv_is_a_preprint(venue: str, volume: str):
    found = paper(type="article", title="T", venue=venue, fields={"volume": volume})
    assert found.identifier("arxiv") == "2104.12255"
    assert (found.standing, found.venue, found.type) == (Standing.PREPRINT, "", "misc")
    assert found.categories == (("cs.CL",) if "[" in venue else ())


def test_other_servers_of_preprints_are_named():
    found = paper(type="article", title="T", venue="bioRxiv")
    assert (found.standing, found.venue, found.type) == (Standing.PREPRINT, "", "misc")
    assert found.versions[0].fields == {"howpublished": "bioRxiv"}


def test_keywords_and_notes_are_kept():
    found = paper(title="T", keywords=["rest", " sleep", "rest", ""], notes=["good", "read it"])
    assert found.extra == {"keywords": "rest, sleep", "note": "good\n\nread it"}


def test_a_record_that_names_no_paper_is_a_problem():
    found = reference.paper(Reference(title="<i></i>"), where="here", raw="raw", seen=SEEN)
    assert found == Problem(where="here", what="no title and no identifier", raw="raw")


def test_identifiers_say_of_which_kind_they_are():
    said = Reference()
    texts = ["26957754[pmid]", "PMC4756000 [pmcid]", "PMC12", "arXiv:1706.03762 [cs]", "10.1/x"]
    texts += ["doi: 10.1000/a", "1234.5678", "WOS:000221807500019", "a note"]
    left = reference.add_identifiers(said, texts)
    assert [":".join(i) for i in said.identifiers] == [
        "pmid:26957754",
        "pmcid:PMC4756000",
        "pmcid:PMC12",
        "arxiv:1706.03762",
        "doi:10.1000/a",
    ]
    assert left == ["10.1/x", "1234.5678", "WOS:000221807500019", "a note"]


def test_urls_are_links_unless_they_say_what_is_known():
    said = Reference()
    texts = [
        "http://example.org; http://www.example.org",
        "http://example.org/a;http://example.org/b;c",
        "https://arxiv.org/abs/1706.03762v5",
        "https://doi.org/10.1000/a",
        "https://example.org/paper.pdf",
        "https://github.com/ode/rest",
        "www.example.com/x",
        "doi:10.1000/b",
        "file:///home/ann/paper.pdf",
    ]
    assert reference.add_urls(said, texts) == ["file:///home/ann/paper.pdf"]
    assert said.links == [
        Link("page", "http://example.org"),
        Link("page", "http://www.example.org"),
        Link("page", "http://example.org/a"),
        Link("page", "http://example.org/b;c"),
        Link("pdf", "https://example.org/paper.pdf"),
        Link("code", "https://github.com/ode/rest"),
        Link("page", "http://www.example.com/x"),
    ]
    assert [i.value for i in said.identifiers] == ["1706.03762", "10.1000/a", "10.1000/b"]


def test_the_isbn_of_a_book_is_an_identifier_and_that_of_its_chapters_is_not():
    book, chapter = Reference(type="book"), Reference(type="incollection")
    for said in (book, chapter):
        assert reference.add_numbers(said, ["978-0-521-86571-5 (print)", "none"]) == ["none"]
        assert said.fields == {"isbn": "978-0-521-86571-5"}
    assert [":".join(i) for i in book.identifiers] == ["isbn:9780521865715"]
    assert chapter.identifiers == []


def test_issns():
    said = Reference(type="article")
    assert reference.add_numbers(said, ["1546-1696 (Electronic)", "00251496", "12"]) == ["12"]
    assert said.fields == {"issn": "1546-1696, 0025-1496"}


@pytest.mark.parametrize("text", ["vaswani2017", "Ode:2019", "魏笑2016", "ISI:000270196200011-0"])
def test_citation_keys(text: str):
    assert reference.key(text) == text


@pytest.mark.parametrize("text", ["12345", "two words", "a,b", "{a}", "x", ""])
def test_what_is_no_citation_key(text: str):
    assert reference.key(text) == ""


@given(hostile, hostile)
def test_no_text_is_too_odd(one: str, two: str):
    said = Reference(type="book", title=one, venue=two, fields={"volume": one}, abstract=two)
    for add in (
        reference.add_numbers,
        reference.add_identifiers,
        reference.add_dois,
        reference.add_urls,
    ):
        assert set(add(said, [one, two])) <= {one, two}
    reference.names([one, two])
    reference.pages(one, two)
    assert reference.dated(one, two) == "" or reference.when(reference.dated(one, two))
    reference.paper(said, where="here", raw="", seen=SEEN)
