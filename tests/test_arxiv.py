"""What arXiv says of a paper: names as they are typed, withdrawals, fields of any type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import hostile

from readlist import arxiv, merge
from readlist.models import Paper, Problem, Standing

ID = "1706.03762"


def record(**said: object) -> Paper:
    found = arxiv.paper({"id": ID, **said}, where="arxiv", authors=(), date="2017-06-12")
    assert isinstance(found, Paper)
    return found


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("Ashish Vaswani", ["Ashish Vaswani"]),
        ("A. B. Smith (1), C. Doe and D. Roe", ["A. B. Smith", "C. Doe", "D. Roe"]),
        ("A. Smith (1 and 2), B. Li (2) ((1) Here, (2) There)", ["A. Smith", "B. Li"]),
        ("J. Ode (Physics (Theory), Here) & K. Fu", ["J. Ode", "K. Fu"]),
        ("Ann Ode,\n  Bo Li, and Cy Fu", ["Ann Ode", "Bo Li", "Cy Fu"]),
        ("Ann Ode; Bo Li, et al.", ["Ann Ode", "Bo Li"]),
        ("Martin Luther King, Jr., Henry Ford, III", ["Martin Luther King Jr.", "Henry Ford III"]),
        ("ATLAS Collaboration: G. Aad, B. Abbott", ["ATLAS Collaboration", "G. Aad", "B. Abbott"]),
        ("A. Bee for the CMS Collaboration, C. Dee", ["A. Bee", "C. Dee"]),
        ("Andrew Anderson", ["Andrew Anderson"]),
        ("A. Smith (Here, B. Li", ["A. Smith Here", "B. Li"]),
        ("(1)", []),
        ("", []),
    ],
)
def test_a_list_of_authors_is_taken_apart(typed: str, names: list[str]):
    assert list(arxiv.authors(typed)) == names


@given(st.text(st.sampled_from("Ab .,;:()&and"), max_size=30))
def test_no_list_of_authors_is_too_odd(typed: str):
    assert all(name.strip() == name != "" for name in arxiv.authors(typed))


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (["Vaswani", "Ashish"], "Vaswani, Ashish"),
        (["King", "Martin Luther", "Jr."], "King, Jr., Martin Luther"),
        (["King", "", "Jr."], "King Jr."),
        (["Planck Collaboration", ""], "Planck Collaboration"),
        (["Collaboration", "for the DES"], "DES Collaboration"),
        (["Collaboration", "Ann Ode for the CMS"], "Ann Ode"),
        (["Yuan", "C. -P."], "Yuan, C.-P."),
    ],
)
def test_a_name_is_put_together(parts: list[str], name: str):
    assert arxiv.name(*parts) == name


@pytest.mark.parametrize(
    "comments",
    [
        "This paper has been withdrawn",
        "This paper has been withdrawn by the author due to a crucial error in Lemma 8",
        "This papers has been withdrawn",
        "paper withdrawn by author",
        "Withdrawn due to an error",
        "12 pages, withdrawn because of a gap",
        "12 pages. The article is temporarily withdrawn",
        "withdrawn by arXiv administrators due to plagiarism",
        "arXiv admin note: This submission has been removed by arXiv administrators",
        "arXiv admin note: submission has been withdrawn by arXiv administrators",
    ],
)
def test_a_paper_that_was_taken_back_says_so(comments: str):
    assert record(comments=comments).retractions == ("withdrawn (arxiv)",)


@pytest.mark.parametrize(
    "comments",
    [
        "12 pages, accepted as a conference paper but withdrawn",
        "Was accepted at ICUFN 2018 but later withdrawn for financial reasons",
        "Replaces arXiv:1801.00539 (now withdrawn)",
        "A revision of our earlier paper arXiv:1512.04245, which is now withdrawn",
        "One author has withdrawn",
        "Previously, this version was removed by arXiv administrators",
        "About retractions of withdrawn drugs",
        "",
    ],
)
def test_talk_of_other_withdrawals_is_none(comments: str):
    assert record(comments=comments, abstract="Approved drugs are withdrawn.").retractions == ()


def test_an_abstract_may_say_that_the_paper_was_taken_back():
    assert record(abstract="This paper has been withdrawn.").retractions == ("withdrawn (arxiv)",)


def test_what_arxiv_says_has_its_places():
    found = record(
        title="Attention Is All\n  You Need",
        abstract="  We propose\na network.\n  It is simple.\n",
        categories="cs.CL cs.LG 68T07 I.2.7 cs.LG",
        comments="15 pages,\n  5 figures",
        doi="10.1000/A 10.1000/b",
        **{"journal-ref": "NIPS 30 (2017)", "report-no": "R-1", "license": "https://a.org/l"},
    )
    assert found.title == "Attention Is All You Need"
    assert found.abstract == "We propose a network. It is simple."
    assert [":".join(i) for i in found.identifiers] == [
        "arxiv:1706.03762",
        "doi:10.1000/a",
        "doi:10.1000/b",
    ]
    assert found.categories == ("cs.CL", "cs.LG")
    assert found.extra == {
        "comments": "15 pages, 5 figures",
        "journal_ref": "NIPS 30 (2017)",
        "report_no": "R-1",
        "license": "https://a.org/l",
    }
    assert (found.standing, found.venue, found.date) == (Standing.PREPRINT, "", "2017-06-12")


@pytest.mark.parametrize(
    ("spelling", "value"),
    [
        ("1706.03762v5", "1706.03762"),
        ("oai:arXiv.org:1706.03762v5", "1706.03762"),
        ("http://arxiv.org/abs/quant-ph/0201082v1", "quant-ph/0201082"),
        ("math.GT/0309136", "math/0309136"),
    ],
)
def test_ids_are_known_in_every_spelling(spelling: str, value: str):
    assert arxiv.paper({"id": spelling}, where="", authors=(), date="").identifier("arxiv") == value


def test_other_identifiers_are_not_taken_for_arxivs():
    assert arxiv.arxiv_id("10.1000/a") is None
    assert record(doi="10.48550/arXiv.2104.12255").identifiers == record().identifiers


def test_a_record_of_nothing_is_a_problem():
    found = arxiv.paper({"id": "abc"}, where="arxiv abc", authors=(), date="")
    assert str(found) == "arxiv abc: no title and no arXiv id"


odd = st.none() | st.booleans() | st.integers() | st.floats() | hostile | st.lists(hostile)


@given(
    st.dictionaries(
        st.sampled_from(
            ["id", "title", "abstract", "categories", "comments", "journal-ref", "doi", "license"]
        ),
        odd,
    )
)
def test_no_record_is_too_odd(said: dict[str, object]):
    found = arxiv.paper(said, where="here", authors=(), date="")
    if isinstance(found, Paper):
        once = merge.normal(found)
        assert merge.normal(once) == once
    else:
        assert isinstance(found, Problem)
