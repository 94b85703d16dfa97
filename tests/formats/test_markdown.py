"""Reading lists in Markdown and plain text: which links are papers, and what their titles are."""

from io import StringIO
from pathlib import Path

import make
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readlist import ids
from readlist.formats import markdown
from readlist.formats.markdown_links import pieces
from readlist.models import Paper, Problem, Standing

ARXIV = "https://arxiv.org/abs/1706.03762"
OTHER = "https://arxiv.org/abs/1810.04805"
CODE = "https://github.com/a/b"
PAGE = "https://proceedings.mlr.press/v202/ode23a.html"


def load(text: str) -> list[Paper | Problem]:
    return list(markdown.load(StringIO(text), make.origin("list.md"))[1])


def note(text: str) -> str:
    return str(markdown.load(StringIO(text), make.origin("list.md"))[0])


def said(text: str) -> list[tuple[str, str]]:
    """The title and the identifiers of each paper."""
    assert all(isinstance(paper, Paper) for paper in load(text))
    return [(paper.title, " ".join(map(ids.format, paper.identifiers))) for paper in load(text)]


# --- links --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[a](http://x.org)", [("a", "http://x.org")]),
        ("[a [b] *c*](<http://x.org/y> 'z')", [("a [b] *c*", "http://x.org/y")]),
        ("[a](http://x.org/y_(z)).", [("a", "http://x.org/y_(z)")]),
        ("[[a](http://x.org)]", [("a", "http://x.org")]),
        (
            "[![a](http://i.org/b.svg)](http://x.org)",
            [("![a](http://i.org/b.svg)", "http://x.org")],
        ),
        ("[a][1], [b][], [c] and [d]", [("a", "http://1"), ("b", "http://b"), ("c", "http://c")]),
        ("<http://x.org>", [("", "http://x.org")]),
        ('<a class="y" href="http://x.org/?a&amp;b">z</a>', [("z", "http://x.org/?a&b")]),
        ("(see http://x.org/y_(z)).", [("", "http://x.org/y_(z)")]),
        (
            "arXiv:1706.03762v5, doi: 10.1000/a(b)c.",
            [("", "arXiv:1706.03762v5"), ("", "doi: 10.1000/a(b)c")],
        ),
        ("[arXiv:1706.03762]", [("", "arXiv:1706.03762")]),
        ("arxiv.org/abs/1706.03762", [("", "arxiv.org/abs/1706.03762")]),
        (r"\[a](http://x.org) `[b](http://y.org)`", [("", "http://x.org"), ("", "http://y.org")]),
        ("![a](http://x.org)", [("", "http://x.org")]),
        ("1706.03762 and x@10.1000/a", []),
    ],
)
def test_links_are_found(text: str, found: list[tuple[str, str]]):
    defined = {"1": "http://1", "b": "http://b", "c": "http://c"}
    assert [(piece.text, piece.url) for piece in pieces(text, defined) if piece.url] == found


@given(
    st.lists(
        st.sampled_from([*"[]()!<>`\"' ax", "http://x.org", "](", "<a href='y'>", "</a>"])
    ).map("".join)
)
def test_pieces_lose_no_text_between_links(text: str):
    found = list(pieces(text, {}))
    if not any(piece.url for piece in found):
        assert "".join(piece.text for piece in found) == text


@pytest.mark.parametrize(
    "text",
    [
        "[",
        "](",
        "[](",
        "![",
        "(",
        "<",
        "<a ",
        "`",
        "http://",
        "[a](b",
        '](a "',
        "10.1234/",
        "arxiv:",
    ],
)
def test_no_link_takes_long(text: str):
    list(pieces(text * 100_000, {}))


# --- items --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        f"- [On Rest and Sleep]({ARXIV}) - Ann Ode, ICML",
        f"* **[On Rest and Sleep]({ARXIV})**, 2023",
        f"1. [On Rest and Sleep][1]\n\n[1]: {ARXIV}",
        f"- On Rest and Sleep [[pdf]({ARXIV})] [[code]({CODE})]",
        f'- **REST**: "On Rest and Sleep", ICCV, 2021 (*Org*). [[Paper]({ARXIV})]',
        f"- [ICLR 2020] On Rest and Sleep. [[paper]({ARXIV})]",
        f"- 2020, On Rest and Sleep, ICML 2020 [arXiv]({ARXIV})",
        f"- [[PAPER]]({ARXIV}) On Rest and Sleep, ICML 2020",
        f"- [x] On Rest and Sleep\n  {ARXIV}",
        f"- On Rest and Sleep\n  - Ann Ode\n  - Paper: {ARXIV}\n  - [[code]]({CODE})",
        f"| Title | Link |\n|---|---|\n| On Rest and Sleep | [pdf]({ARXIV}) |",
        f"| 1 | Ann Ode | ICML 2020 |\n\n| 2 | On Rest and Sleep | [pdf]({ARXIV}) |",
        f"### On Rest and Sleep [[paper]]({ARXIV})",
        f"**On Rest and Sleep**<br>\n*Ann Ode*<br>\n[[paper]]({ARXIV})",
        f"> - [On Rest and Sleep]({ARXIV})",
        f"[![On Rest and Sleep](https://i.org/b.svg)]({ARXIV})",
        f'<li><a href="{ARXIV}">On <b>Rest</b> and Sleep</a></li>',
        f"{ARXIV} | [1706.03762] On Rest and Sleep",
    ],
)
def test_a_title_is_found_wherever_it_stands(text: str):
    assert said(text) == [("On Rest and Sleep", "arxiv:1706.03762")]
    assert markdown.recognises(text)


@pytest.mark.parametrize(
    "text",
    [
        f"- [pdf]({ARXIV})",
        f"- Ode et al. On Rest and Sleep [[pdf]]({ARXIV})",
        f"- Ode, A., Li, B.: On Rest and Sleep. ICML (2020) [[pdf]]({ARXIV})",
        f"Have a look at this one, please: {ARXIV}",
        "arXiv:1706.03762",
        f"<{ARXIV}>",
        "See arxiv.org/abs/1706.03762.",
    ],
)
def test_a_doubtful_title_is_none(text: str):
    assert said(text) == [("", "arxiv:1706.03762")]
    assert markdown.recognises(text)


@pytest.mark.parametrize(
    "title",
    [
        *("Training ResNet 50 in Minutes", "A Report on COVID 19", "The State of Rest in 2019"),
        *("1000 Layers of Rest", "(Almost) Free Rest for All", "Paper Folding for Rest"),
        *("GPT-4 and the Rest", "$\\infty$-Rest for All"),
    ],
)
def test_a_title_keeps_what_is_its_own(title: str):
    assert said(f"- {title} [[pdf]]({ARXIV})") == [(title, "arxiv:1706.03762")]


def test_links_of_one_item_are_of_one_paper():
    [paper] = load(
        f"- [On Rest]({ARXIV}) [[ACL](https://aclanthology.org/N19-1423/)] [[code]({CODE})]"
        " [[project page](https://rest.org)] [[slides](https://rest.org/s)] doi:10.1000/A"
    )
    assert paper.identifiers == (
        *(ids.parse("arxiv:1706.03762"), ids.parse("acl:N19-1423"), ids.parse("doi:10.1000/a")),
    )
    assert paper.links == (("code", CODE), ("project", "https://rest.org"))
    assert paper.standing is Standing.LISTED
    assert paper.sightings == (make.sighting("list", "2026-11-23", place="list.md"),)


def test_two_of_a_kind_are_two_papers():
    assert said(f"- On Rest and Sleep [[v1]({ARXIV})] [[v2]({OTHER})]") == [
        ("On Rest and Sleep", "arxiv:1706.03762"),
        ("", "arxiv:1810.04805"),
    ]


def test_in_running_text_each_link_is_for_itself():
    text = f"As [Rest]({ARXIV}) or the [paper](https://doi.org/10.1000/a) say,\nthere is [more]({OTHER})."
    assert said(text) == [
        ("Rest", "arxiv:1706.03762"),
        ("", "doi:10.1000/a"),
        ("", "arxiv:1810.04805"),
    ]


def test_items_below_a_topic_are_papers_of_their_own():
    text = f"- Sleep\n  - [On Rest]({ARXIV})\n  - On Sleep and Rest [[pdf]]({OTHER})\n\n    More of it.\n"
    assert said(text) == [
        ("On Rest", "arxiv:1706.03762"),
        ("On Sleep and Rest", "arxiv:1810.04805"),
    ]


def test_a_title_that_stands_beside_different_papers_is_none():
    text = f"- Click here for the paper [[pdf]]({ARXIV})\n- Click here for the paper [[pdf]]({OTHER})\n"
    assert said(text) == [("", "arxiv:1706.03762"), ("", "arxiv:1810.04805")]


def test_the_first_authors_are_taken_where_it_is_certain_who_is_one():
    [paper] = load(f"- [On Rest]({ARXIV}). Ode et al. *ICML 2020*.")
    assert paper.authors == ("Ode",)
    [paper] = load(f"- [On Rest]({ARXIV}) - Ann Ode, Bo Li, Big Company")
    assert paper.authors == ()


def test_code_is_not_read_and_other_links_are_counted():
    text = f"- [On Rest]({ARXIV})\n```\n@article{{a, url={{{OTHER}}}}}\n```\n- [A Post](https://a.org)\n"
    assert said(text) == [("On Rest", "arxiv:1706.03762")]
    assert note(text) == "with 1 link that names no paper"
    assert note("[Contents](#contents)\n") == ""


def test_pages_of_proceedings_are_papers_with_a_title():
    [paper, problem] = load(f"- [On Rest]({PAGE})\n\n[pdf]({PAGE})\n")
    assert paper.title == "On Rest"
    assert paper.links == (("page", PAGE),)
    assert isinstance(problem, Problem)
    assert problem.where == "list.md line 3"


@pytest.mark.parametrize(
    "text",
    [
        *("", "No links at all.", "See [this](https://a.org).", "# Title\n\n- [a](b.md)\n"),
        f"@article{{a,\n  url = {{{ARXIV}}},\n}}\n",
        f" @article{{a, url={{{ARXIV}}}}}",
        f"TY  - JOUR\nUR  - {ARXIV}\nER  - \n",
        f"PMID- 1\nSO  - doi: 10.1000/a\nURL {ARXIV}\n",
        f"%0 Journal Article\n%U {ARXIV}\n",
        f"FN ISI\nPT J\nDI {ARXIV}\n",
        f'{{"url": "{ARXIV}"}}',
        f'[\n"{ARXIV}"]',
        f"<!DOCTYPE html><a href='{ARXIV}'>x</a>",
        f"<feed><id>{ARXIV}</id></feed>",
        f"url,title\n{ARXIV},x\n",
        "\\\\\narXiv:2306.04700\nDate: x\n",
        f"Daily Papers\n\nOn Rest\n\nCode is at {ARXIV}\n",
    ],
)
def test_other_texts_are_not_lists(text: str):
    assert not markdown.recognises(text)


PIECES = [
    "- ",
    "  ",
    "\n",
    "|",
    "#",
    "[",
    "](",
    ")",
    ARXIV,
    OTHER,
    "On Rest and Sleep",
    "**",
    '"',
    ">",
    "```",
    "et al",
    "[a]: ",
]


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_nothing_raises(text: str):
    markdown.recognises(text)
    for paper in load(text):
        assert isinstance(paper, Problem) or paper.identifiers or paper.title


@pytest.mark.parametrize(
    "text", ["- \n", "x\n", "|a\n", "  - x\n", "# x\n", "> ", f"[a]({ARXIV}) ", "[", "- [a](x) "]
)
def test_nothing_takes_long(text: str):
    load(text * 20_000)
    load("- " + text.strip("\n") * 20_000)


def test_texts_that_hold_links_but_are_of_other_formats_are_not_claimed(shared: Path):
    claimed = set()
    for file in sorted(shared.rglob("*")):
        if file.is_file():
            text = file.read_text(encoding="utf-8-sig", errors="replace")
            if markdown.recognises(text[:65_536]):
                list(markdown.load(StringIO(text), make.origin())[1])
                claimed.add(file.suffix)
    # Documents, the text of a citation, and programs and descriptions of services.
    assert claimed == {".md", ".txt", ".js", ".yaml"}


def test_a_document_with_links_to_papers_is_read(shared: Path):
    text = (shared / "fixtures/openalex/doc_api-guide-for-llms.md").read_text(encoding="utf-8")
    assert len(load(text)) == 2
