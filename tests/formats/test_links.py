"""Links: where they lead, which paper they name, and what a title is."""

import math
from typing import Any

import make
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readlist import ids
from readlist.formats import links
from readlist.models import Link, Paper, Problem, Standing

ATTENTION = "arxiv:1706.03762"


def paper(url: str, title: str = "", **rest: Any) -> Paper | Problem | None:
    return links.paper(url, title, where="here", seen=make.sighting(), **rest)


@pytest.mark.parametrize(
    ("url", "to"),
    [
        ("https://a.org/b?utm_source=x&c=d&utm_medium=y#top", "https://a.org/b?c=d"),
        ("https://a.org/b?c=a+b%2Cc&d", "https://a.org/b?c=a+b%2Cc&d"),
        ("http://scholar.google.de/scholar_url?url=https://a.org/b&hl=en", "https://a.org/b"),
        ("https://www.google.com/url?sa=t&q=https%3A%2F%2Fa.org%2Fb", "https://a.org/b"),
        (
            "https://x.safelinks.protection.outlook.com/?url=https%3A%2F%2Fa.org%2Fb&data=1",
            "https://a.org/b",
        ),
        (
            "https://google.com/url?url=http%3A%2F%2Fgoogle.com%2Furl%3Fq%3Dhttp://a.org",
            "http://a.org",
        ),
        ("https://urldefense.com/v3/__https://a.org/b__;!!x!y$", "https://a.org/b"),
        ("https://web.archive.org/web/20200101000000/https://a.org/b", "https://a.org/b"),
        ("chrome-extension://abc/https://a.org/b.pdf", "https://a.org/b.pdf"),
        ("about:reader?url=https%3A%2F%2Fa.org%2Fb", "https://a.org/b"),
        ("javascript:alert(1)", ""),
        ("place:type=6", ""),
        ("file:///home/a.pdf", ""),
        ("https://[::1", ""),
        ("http://", ""),
        ("?abc", ""),
    ],
)
def test_a_url_leads_somewhere(url: str, to: str):
    assert links.web(url) == to


@pytest.mark.parametrize(
    ("url", "identifier"),
    [
        ("https://arxiv.org/abs/1706.03762?utm_source=x", ATTENTION),
        ("https://www.google.com/url?q=https://arxiv.org/pdf/1706.03762v5.pdf", ATTENTION),
        ("https://papers.ssrn.com/sol3/papers.cfm?abstract_id=12345", "doi:10.2139/ssrn.12345"),
        ("https://openreview.net/forum?id=Bkeeca4Kvr#all", "openreview:Bkeeca4Kvr"),
        ("https://dl.acm.org/doi/10.1145/3292500.3330701", "doi:10.1145/3292500.3330701"),
    ],
)
def test_a_url_names_a_paper(url: str, identifier: str):
    found = paper(url)
    assert isinstance(found, Paper)
    assert [ids.format(i) for i in found.identifiers] == [identifier]


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/a-post-on-attention",
        "https://www.youtube.com/watch?v=iDulhoQ2pro",
        "https://github.com/a/b",
        "https://openreview.net/group?id=ICLR.cc/2024/Conference",
        "https://arxiv.org/list/cs.CL/recent",
        "https://ieeexplore.ieee.org/Xplore/home.jsp",
        "",
    ],
)
def test_other_links_name_no_paper(url: str):
    assert paper(url, "A Title of Something Else") is None


def test_a_title_can_name_a_paper_too():
    found = paper("https://example.com/viewer", "[1706.03762v5] Attention Is All You Need")
    assert found == make.paper(
        "Attention Is All You Need",
        ids=ATTENTION,
        standing=Standing.LISTED,
        sightings=(make.sighting(),),
    )


def test_the_pages_of_proceedings_are_papers_by_their_title():
    url = "https://openaccess.thecvf.com/content/CVPR2023/html/Ode_On_Rest.html"
    found = paper(url, "On Rest and Other Things")
    assert isinstance(found, Paper)
    assert found.title == "On Rest and Other Things"
    assert found.links == (Link("page", url),)
    [nameless] = [paper(url, "CVPR 2023 Open Access Repository")]
    assert isinstance(nameless, Problem)
    assert nameless.raw == url


def test_a_link_is_kept_where_the_identifier_does_not_lead_there():
    assert paper("https://arxiv.org/pdf/1706.03762").links == ()
    assert paper("https://doi.org/10.1000/a").links == ()
    pdf = "https://www.nature.com/articles/s41586-021-03819-2.pdf"
    assert paper(pdf).links == (Link("pdf", pdf),)


def test_keywords_and_notes_are_kept_once():
    found = paper("https://arxiv.org/abs/1706.03762", keywords=["a", " b", "a", ""], note=" n\n")
    assert found.extra == {"keywords": "a, b", "note": "n"}


# --- titles -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "On Rest",
        "[1706.03762] On Rest",
        "[math/0309136] On Rest - arXiv",
        "On Rest | OpenReview",
        "On Rest - ACL Anthology",
        "[PDF] On Rest | Semantic Scholar",
        "On Rest - PubMed - NCBI",
        "On Rest | Nature Communications",
        "On Rest | IEEE Conference Publication | IEEE Xplore",
        "On Rest | Proceedings of the 3rd Conference on Sleep",
        "Paper page - On Rest",
        "On\n  Rest",
    ],
)
def test_a_title_is_that_of_the_paper(text: str):
    assert links.title(text) == "On Rest"


@pytest.mark.parametrize(
    "text",
    [
        "GPT-4 - A Survey",
        "P(a | b) and Rest",
        "Error Correction",
        "Robots | A View",
        "Science - Why",
    ],
)
def test_a_title_keeps_what_is_its_own(text: str):
    assert links.title(text) == text


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "pdf",
            "[PDF]",
            "arXiv 2017",
            "Full text",
            "1706.03762v5.pdf",
            "paper.pdf",
            "untitled",
        ),
        *("https://arxiv.org/abs/1706.03762", "arXiv:1706.03762v5 [cs.CL] 6 Dec 2017"),
        *("CVPR 2017 Open Access Repository", "Just a moment...", "IEEE Xplore Full-Text PDF:"),
    ],
)
def test_what_is_no_title_is_none(text: str):
    assert links.title(text) == ""


@given(
    st.lists(st.sampled_from([*"aA []|-.", " | ", " - ", "pdf", "arXiv", "1706.03762"])).map(
        "".join
    )
)
def test_a_title_is_the_title_of_itself(text: str):
    title = links.title(text)
    assert links.title(title) == title


def test_a_title_that_different_papers_have_is_of_a_login_page():
    login = "Please Log Into Your Library Account"
    a, b, c = (
        make.paper(login, ids=id, standing=Standing.LISTED)
        for id in ("doi:10.1000/a", "doi:10.1000/b", ATTENTION)
    )
    d = make.paper("On Rest", ids="doi:10.1000/a", standing=Standing.LISTED)
    assert [paper.title for paper in links.doubt([a, a, d])] == [login, login, "On Rest"]
    assert [paper.title for paper in links.doubt([a, c])] == [login, login]  # two names of one
    assert [paper.title for paper in links.doubt([a, b, c, d])] == ["", "", "", "On Rest"]


# --- days ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        *(1_700_000_000, "1700000000", 1.7e9, "1700000000123", 1_700_000_000_123_456),
        *(1_700_000_000_123_456_789, "13344473600000000", "14/Nov/2023:22:13:20 +0000"),
        *("2023-11-14T22:13:20.123Z", "2023-11-14 22:13:20 UTC", "2023-11-14"),
    ],
)
def test_a_day_is_known_in_any_unit(value: object):
    assert links.day(value) == "2023-11-14"


@pytest.mark.parametrize(
    "value", [None, True, "", "soon", 2023, "2023", math.nan, math.inf, 10**30, []]
)
def test_what_is_no_day_is_none(value: object):
    assert links.day(value) == ""


def test_how_many_name_no_paper_is_said():
    assert str(links.Passed()) == ""
    assert str(links.Passed("message", 1)) == "with 1 message that names no paper"
    assert str(links.Passed(count=1234)) == "with 1,234 links that name no paper"


@given(st.text("htps:/.?=&#%[]a1", max_size=30), st.text("[]() |-a1.\x00", max_size=20))
def test_no_link_raises(url: str, title: str):
    paper(url, title)
    paper(f"https://arxiv.org/{url}", title)
    assert links.web(links.web(url)) == links.web(url)
