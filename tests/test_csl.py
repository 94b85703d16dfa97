"""Items of CSL, and what is nearly CSL, as papers."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readlist import csl, ids, merge
from readlist.models import Paper, Problem, Standing

ITEM = {
    "id": "he2016",
    "type": "paper-conference",
    "title": "Deep Residual Learning for Image Recognition",
    "container-title": "2016 IEEE Conference on Computer Vision and Pattern Recognition (CVPR)",
    "author": [{"family": "He", "given": "Kaiming"}, {"family": "Zhang", "given": "Xiangyu"}],
    "issued": {"date-parts": [["2016", 6]]},
    "page": "770–778",
    "publisher": "IEEE",
    "publisher-place": "Las Vegas, NV",
    "DOI": "10.1109/CVPR.2016.90",
    "URL": "https://doi.org/10.1109/cvpr.2016.90",
}


def read(**fields: Any) -> Paper:
    found = csl.paper(fields, "x")
    assert isinstance(found, Paper)
    return found


def test_an_item_is_read():
    paper = read(**ITEM)
    assert paper.title == ITEM["title"]
    assert paper.venue == ITEM["container-title"]
    assert (paper.date, paper.type, paper.standing) == (
        "2016-06",
        "inproceedings",
        Standing.PUBLISHED,
    )
    assert paper.authors == ("He, Kaiming", "Zhang, Xiangyu")
    assert paper.identifiers == (ids.parse("10.1109/cvpr.2016.90"),)
    assert paper.versions[0].fields == {
        "pages": "770--778",
        "publisher": "IEEE",
        "address": "Las Vegas, NV",
    }
    assert (paper.key, paper.links, paper.sightings) == ("he2016", (), ())


@pytest.mark.parametrize("nothing", [None, 1, "x", [], {}, {"title": ""}, {"title": [], "id": "k"}])
def test_what_names_no_paper_is_a_problem(nothing: Any):
    problem = csl.paper(nothing, "refs.json line 3")
    assert isinstance(problem, Problem)
    assert problem.where == "refs.json line 3"


# --- titles -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "subtitle", "whole"),
    [
        (["Mice"], ["A Tale"], "Mice: A Tale"),
        ("Mice", "A Tale", "Mice: A Tale"),
        ("Of Mice: a tale", ["A Tale"], "Of Mice: a tale"),
        (["Mice?"], ["A Tale"], "Mice? A Tale"),
        (["Mäuse", "Mice"], ["Ein Märchen", "A Tale"], "Mäuse: Ein Märchen"),
        (["Mice"], [""], "Mice"),
        ([""], ["A Tale"], "A Tale"),
        ("H<sub>2</sub>O &amp; <i>C. elegans</i>", None, "H2O & C. elegans"),
        ("Kinase (\n  <i>PIK3CA</i>\n  ) in mice", None, "Kinase (PIK3CA) in mice"),
        ('The <span class="nocase">Mice</span>', None, "The Mice"),
    ],
)
def test_titles(title: Any, subtitle: Any, whole: str):
    assert read(title=title, subtitle=subtitle).title == whole


def test_for_want_of_a_title_the_original_one_is_taken():
    assert read(**{"title": [], "original-title": ["再生"]}).title == "再生"


# --- names --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "name"),
    [
        ({"family": "Ode", "given": "Ann"}, "Ode, Ann"),
        ({"family": "King", "given": "Martin", "suffix": "Jr."}, "King, Jr., Martin"),
        (
            {"family": "Beethoven", "given": "Ludwig", "dropping-particle": "van"},
            "van Beethoven, Ludwig",
        ),
        ({"family": "Brink", "non-dropping-particle": "van den"}, "van den Brink"),
        ({"family": "-", "given": "Xuewen Ding"}, "Xuewen Ding"),
        ({"literal": "Geological Survey of Canada"}, "Geological Survey of Canada"),
        ({"name": "ATLAS Collaboration", "sequence": "first"}, "ATLAS Collaboration"),
        ("Ann Ode", "Ann Ode"),
        ({"sequence": "additional", "affiliation": []}, ""),
        (None, ""),
        (7.5, "7.5"),
    ],
)
def test_names(person: Any, name: str):
    assert read(title="T", author=[person]).authors == ((name,) if name else ())


def test_editors_are_bibtex_and_organizations_one_piece():
    editors = [{"family": "Ode", "given": "Ann"}, {"literal": "Barnes and Noble & Sons"}]
    [version] = read(title="T", editor=editors).versions
    assert version.fields["editor"] == r"Ode, Ann and {Barnes and Noble \& Sons}"


# --- dates --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ({"date-parts": [[2017, 6, 12]]}, "2017-06-12"),
        ({"date-parts": [["2017", "06"]]}, "2017-06"),
        ({"date-parts": [["2014", 12, 31], ["2015", 1, 1]]}, "2014-12-31"),
        ({"date-parts": [[2018, 10, 21, 13]]}, "2018-10-21"),
        ({"date-parts": [[2017]], "season": 2, "circa": True}, "2017"),
        ({"date-parts": [["2012", 13]]}, "2012"),
        ({"date-parts": [[2017, 2, 30]]}, "2017-02"),
        ({"date-parts": [[None]]}, ""),
        ({"date-parts": [[]]}, ""),
        ({"date-parts": [["-333"]]}, ""),
        ({"date-parts": [["11", 3]]}, ""),
        ({"date-parts": [[2.5]]}, ""),
        ({"date-parts": 2017}, ""),
        ({"raw": "2019/03"}, "2019-03"),
        ({"literal": "about 1850"}, "1850"),
        ("March 2009", "2009-03"),
        (2019, "2019"),
        (True, ""),
        (10**400, ""),
        (None, ""),
    ],
)
def test_dates(value: Any, date: str):
    assert csl.date(value) == date


def test_the_earliest_date_of_publication_is_taken_and_never_that_of_the_record():
    day = {
        "created": {"date-parts": [[2006, 7, 5]]},
        "issued": {"date-parts": [[None]]},
        "published-print": {"date-parts": [[1962, 1]]},
        "published-online": {"date-parts": [[1962, 1, 20]]},
    }
    assert read(title="T", **day).date == "1962-01"
    assert read(title="T", **{**day, "issued": {"date-parts": [[1961, 12]]}}).date == "1961-12"
    assert read(title="T", created=day["created"]).date == ""


# --- where it appeared --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("type", "fields", "expected"),
    [
        ("article-journal", {"container-title": "Nature"}, ("article", "Nature")),
        ("journal-article", {"container-title": ["Nature", "Nat."]}, ("article", "Nature")),
        ("proceedings-article", {"event": {"name": "ICML"}}, ("inproceedings", "ICML")),
        ("paper-conference", {"event-title": "ICML"}, ("inproceedings", "ICML")),
        ("book-chapter", {"container-title": ["LNCS", "ECCV"]}, ("incollection", "ECCV")),
        ("chapter", {"container-title": "A Book"}, ("incollection", "A Book")),
        ("monograph", {"publisher": "MIT Press"}, ("book", "MIT Press")),
        ("proceedings", {"publisher": "ACM"}, ("proceedings", "ACM")),
        ("thesis", {"publisher": "MIT", "genre": "PhD thesis"}, ("phdthesis", "MIT")),
        ("thesis", {"publisher": "MIT", "genre": "Master's thesis"}, ("mastersthesis", "MIT")),
        (
            "dissertation",
            {"publisher": "Library", "institution": [{"name": "MIT"}], "degree": ["MSc"]},
            ("mastersthesis", "MIT"),
        ),
        ("report", {"publisher": "RAND"}, ("techreport", "RAND")),
        ("article", {"container-title": "Nature"}, ("article", "Nature")),
    ],
)
def test_publications(type: str, fields: dict[str, Any], expected: tuple[str, str]):
    paper = read(title="T", type=type, **fields)
    assert (paper.type, paper.venue) == expected
    assert paper.standing is Standing.PUBLISHED


@pytest.mark.parametrize(
    ("type", "fields"),
    [
        ("article", {"publisher": "arXiv"}),
        ("posted-content", {"group-title": "SSRN", "container-title": [], "volume": 3}),
        ("journal-article", {"container-title": ["SSRN Electronic Journal"]}),
        ("report", {"publisher": "arXiv", "container-title": "arXiv"}),
    ],
)
def test_preprints_have_no_venue(type: str, fields: dict[str, Any]):
    [version] = read(title="T", type=type, **fields).versions
    assert (version.standing, version.venue, version.fields) == (Standing.PREPRINT, "", {})


@pytest.mark.parametrize("type", ["article-journal", "webpage", "dataset", "unheard-of", ""])
def test_what_appeared_nowhere_is_not_published(type: str):
    assert read(title="T", type=type).standing is Standing.PREPRINT


def test_a_series_is_kept_beside_the_book():
    [version] = read(
        title="T", type="book-chapter", **{"container-title": ["Lecture Notes", "ECCV & Co."]}
    ).versions
    assert (version.venue, version.fields) == ("ECCV & Co.", {"series": "Lecture Notes"})


def test_fields_are_bibtex_source():
    fields = {
        "volume": 12,
        "issue": "3",
        "article-number": "e_17",
        "ISSN": ["1234-5678", "8765-4321"],
        "edition-number": "2",
        "publisher": {"name": "A & B"},
        "collection-title": "100% Notes",
    }
    [version] = read(
        title="T", type="article-journal", **{"container-title": "J", **fields}
    ).versions
    assert version.fields == {
        "volume": "12",
        "number": "3",
        "pages": r"e\_17",
        "issn": "1234-5678",
        "edition": "2",
        "publisher": r"A \& B",
        "series": r"100\% Notes",
    }


@pytest.mark.parametrize(
    ("page", "pages"),
    [("1-22", "1--22"), ("19–35", "19--35"), ("e12", "e12"), ("B13 — B14", "B13--B14")],
)
def test_pages(page: str, pages: str):
    assert read(title="T", type="article-journal", page=page).versions[0].fields["pages"] == pages


# --- what it is known by ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"DOI": "https://doi.org/10.1000/A"}, "doi:10.1000/a"),
        ({"DOI": "10.48550/arXiv.1706.03762"}, "arxiv:1706.03762"),
        ({"number": "arXiv:1706.03762"}, "arxiv:1706.03762"),
        ({"PMID": 29424689}, "pmid:29424689"),
        ({"PMCID": "PMC5832410"}, "pmcid:PMC5832410"),
        ({"id": "doi:10.1000/a"}, "doi:10.1000/a"),
        ({"URL": "https://arxiv.org/abs/1706.03762v5"}, "arxiv:1706.03762"),
        ({"note": "arXiv: 1706.03762 [cs]\nread this"}, "arxiv:1706.03762"),
        ({"type": "book", "ISBN": "978-0-13-468599-1 (pbk)"}, "isbn:9780134685991"),
        (
            {"type": "monograph", "ISBN": ["http://id.crossref.org/isbn/9780134685991"]},
            "isbn:9780134685991",
        ),
    ],
)
def test_identifiers(fields: dict[str, Any], expected: str):
    assert [ids.format(i) for i in read(title="T", **fields).identifiers] == [expected]


def test_other_lines_of_a_note_name_other_works():
    assert read(title="T", note="10.1000/other\nhttps://arxiv.org/abs/1706.03762").identifiers == ()


def test_the_isbn_of_a_chapter_is_that_of_its_book():
    paper = read(title="T", type="chapter", ISBN="9780134685991")
    assert paper.identifiers == ()
    assert paper.versions[0].fields == {"isbn": "9780134685991"}


def test_a_doi_that_an_address_seems_to_have_does_not_count_beside_the_one_stated():
    url = "https://academic.oup.com/dsh/article/doi/10.1093/llc/fqac083/6964525"
    paper = read(title="T", DOI="10.1093/llc/fqac083", URL=url)
    assert [i.value for i in paper.identifiers] == ["10.1093/llc/fqac083"]
    assert paper.links == (("page", url),)


def test_links():
    assert read(title="T", URL="https://x.example/a.PDF").links[0].kind == "pdf"
    assert read(title="T", URL="https://x.example/a").links[0].kind == "page"
    assert read(title="T", URL="javascript:alert(1)").links == ()


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"id": "he2016"}, "he2016"),
        ({"id": "12", "citation-key": "He16"}, "He16"),
        ({"id": "http://zotero.org/users/1/items/ABC"}, ""),
        ({"id": 7}, ""),
        ({"id": "7"}, ""),
        ({"id": "arXiv:1706.03762"}, ""),
    ],
)
def test_keys(fields: dict[str, Any], key: str):
    assert read(title="T", **fields).key == key


def test_what_else_is_kept():
    jats = "<jats:title>Abstract</jats:title><jats:p>We <jats:italic>do</jats:italic>.</jats:p>"
    paper = read(title="T", abstract=jats, keyword="a, b", note="for Ann")
    assert paper.abstract == "We do."
    assert paper.extra == {"keywords": "a, b", "note": "for Ann"}


# --- nothing is too odd -------------------------------------------------------------------------

odd = st.recursive(
    st.sampled_from(
        [None, True, 0, -1, 10**400, 1.5, float("nan"), float("inf"), "", "x", "2017", "\ud800"]
    ),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["date-parts", "name", "family", "given", "literal", "raw"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)
NAMES = (
    *ITEM,
    *("ISBN", "ISSN", "PMID", "abstract", "citation-key", "editor", "event", "institution"),
    *("keyword", "note", "number", "original-title", "subtitle", "volume", "categories"),
)


@given(st.dictionaries(st.sampled_from(NAMES), odd, max_size=6), st.booleans())
def test_nothing_is_too_odd(changed: dict[str, Any], rest: bool):
    found = csl.paper({**(ITEM if rest else {}), **changed}, "x")
    if isinstance(found, Paper):
        assert found.title or found.identifiers
        assert merge.normal(merge.normal(found)) == merge.normal(found)
