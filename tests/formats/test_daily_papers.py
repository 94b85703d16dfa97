"""The text of a Daily Papers page: cards, dates, and pages that are not as they should be."""

from collections import Counter
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import make
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readlist import formats
from readlist.errors import FormatError
from readlist.formats import daily_papers
from readlist.models import Paper, Problem, Standing

BANNER = "new\n\nGet trending papers in your email inbox!\n\nSubscribe\n\nDaily Papers\n\nbyAK and the research community\n\n"
PROSE = (
    "Serving a language model spends most of its energy on moving the key-value cache. We keep the"
    " cache compressed in fast memory and expand it on the way, which saves a third of the power."
)


def card(title: str, tail: str = "  • 3 authors\n·\nMay 22 1", abstract: str = PROSE) -> str:
    return f"{title}\n\n{abstract}\n\n{tail}\n\n" if tail else f"{title}\n\n{abstract}\n\n"


def page(*cards: str, heading: str = "Dec 11") -> str:
    return BANNER + (f"{heading}\n\n" if heading else "") + "".join(cards)


def read(text: str, **origin: Any) -> tuple[str, list[Paper], list[Problem]]:
    reading = formats.read(BytesIO(text.encode()), make.origin("page.txt", **origin))
    items = list(reading.items)
    papers = [item for item in items if isinstance(item, Paper)]
    return reading.note, papers, [item for item in items if isinstance(item, Problem)]


def papers_of(text: str, **origin: Any) -> list[Paper]:
    _, papers, problems = read(text, **origin)
    assert problems == []
    return papers


# --- the real page ------------------------------------------------------------------------------


@pytest.fixture
def real(shared: Path) -> str:
    return (shared / "daily-papers-page.txt").read_text(encoding="utf-8")


def test_the_real_page_is_read_whole(real: str):
    note, papers, problems = read(real)
    assert problems == []
    assert note == "of 2025-12-11, its year inferred from those written on it (--date sets another)"
    assert len(papers) == 56
    assert sum(paper.author_count is not None for paper in papers) == 50
    assert sorted(p.organization for p in papers if p.organization) == [
        "Bethgelab",
        "NVIDIA",
        "ucas",
    ]
    dates = sorted(paper.date for paper in papers if paper.date)
    assert len(dates) == 53
    assert (dates[0], dates[-1]) == ("2017-05-24", "2025-11-25")
    comments = [seen.comments for paper in papers for seen in paper.sightings]
    assert len([count for count in comments if count]) == 15
    assert Counter(seen.at for paper in papers for seen in paper.sightings) == {"2025-12-11": 56}
    assert {paper.standing for paper in papers} == {Standing.LISTED}
    assert len({paper.title for paper in papers}) == 56
    assert all(len(paper.abstract) > 300 for paper in papers)


def test_the_real_page_tells_titles_from_abstracts(real: str):
    _, papers, _ = read(real)
    by_title = {paper.title: paper for paper in papers}
    first = by_title[
        "LLM as Effective Streaming Processor: Bridging Streaming-Batch Mismatches with Group"
        " Position Encoding"
    ]
    assert first.abstract.startswith(
        "Large Language Models (LLMs) are primarily designed for batch"
    )
    assert first.abstract.endswith("repository https://github.com/EIT-NLP/StreamingLLM.")
    assert [tuple(link) for link in first.links] == [
        ("code", "https://github.com/EIT-NLP/StreamingLLM")
    ]
    assert (first.author_count, first.date, first.sightings[0].comments) == (7, "2025-05-22", 1)
    undated = {paper.title for paper in papers if not paper.date}
    assert undated == {
        "Batch Speculative Decoding Done Right",
        "dInfer: An Efficient Inference Framework for Diffusion Language Models",
        "Training and Inference Efficiency of Encoder-Decoder Speech Models",
    }
    assert not any(paper.organization or paper.author_count for paper in papers if not paper.date)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_the_real_page_is_the_same_in_any_encoding(real: str, encoding: str, ending: str):
    expected = read(real)
    content = real.replace("\n", ending).encode(encoding)
    reading = formats.read(BytesIO(content), make.origin("page.txt"))
    assert (reading.note, list(reading.items), []) == expected


@pytest.mark.parametrize("share", [0.1, 0.35, 0.5, 0.77, 0.999])
def test_the_real_page_cut_off_gives_what_is_there(real: str, share: float):
    whole = read(real)[1]
    cut = real[: int(len(real) * share)]
    _, papers, problems = read(cut)
    assert len(papers) + len(problems) >= cut.count("\n·\n")
    assert [paper.title for paper in papers[:-1]] == [p.title for p in whole[: len(papers) - 1]]
    assert all(p.where.startswith("page.txt line ") for p in problems)
    # Cut inside an abstract it says so.
    assert len(problems) == (not cut.rstrip().endswith((".", "\n·")) and "\n·\n" not in cut[-20:])


def test_the_real_page_read_twice_is_nothing_new(real: str, library):
    origin = make.origin("page.txt")
    counts = []
    for _ in range(2):
        items = formats.read(BytesIO(real.encode()), origin).items
        report = library.add_all(items, now=make.NOW)
        counts.append((report.added, report.updated, report.unchanged, report.folded))
    assert counts == [(56, 0, 0, 0), (0, 0, 56, 0)]


# --- cards --------------------------------------------------------------------------------------


def test_a_card_is_title_abstract_and_tail():
    [paper] = papers_of(page(card("Caching Keys for Fewer Watts"), heading="Dec 11, 2025"))
    assert (paper.title, paper.abstract) == ("Caching Keys for Fewer Watts", PROSE)
    assert (paper.author_count, paper.date, paper.authors) == (3, "2025-05-22", ())
    [seen] = paper.sightings
    assert (seen.source, seen.place, seen.at, seen.comments, seen.upvotes) == (
        "hf",
        "page",
        "2025-12-11",
        1,
        None,
    )


@pytest.mark.parametrize(
    ("tail", "count", "organization", "day", "comments"),
    [
        ("  • 12 authors\n·\nMay 22", 12, "", "2025-05-22", None),
        ("  • 1 author\n·\nMay 2, 2024 3", 1, "", "2024-05-02", 3),
        ("12 authors\n·\nSep 30 1,204", 12, "", "2025-09-30", 1204),
        ("nvidia NVIDIA\n·\nMay 22 2", None, "NVIDIA", "2025-05-22", 2),
        (
            "ai2 Allen Institute for AI\n·\nMay 22",
            None,
            "Allen Institute for AI",
            "2025-05-22",
            None,
        ),
        ("·\nMay 22", None, "", "2025-05-22", None),
        ("", None, "", "", None),
    ],
)
def test_the_forms_of_a_tail(
    tail: str, count: int | None, organization: str, day: str, comments: int | None
):
    text = page(
        card("A First Title Here", tail), card("A Second Title Here"), heading="Dec 11, 2025"
    )
    first, second = papers_of(text)
    assert (first.author_count, first.organization, first.date) == (count, organization, day)
    assert first.sightings[0].comments == comments
    assert (second.title, second.author_count) == ("A Second Title Here", 3)


def test_cards_without_tails_stay_apart():
    cards = [card(f"The Title of Number {n}", "") for n in range(4)]
    papers = papers_of(page(*cards, heading="Dec 11, 2025"))
    assert [paper.title for paper in papers] == [f"The Title of Number {n}" for n in range(4)]
    assert {paper.abstract for paper in papers} == {PROSE}


def test_an_abstract_of_several_paragraphs_or_lines_is_one_abstract():
    paragraphs = f"{PROSE}\n\n{PROSE} {PROSE}"
    wrapped = PROSE.replace(". ", ".\n")
    one, two = papers_of(
        page(
            card("Two Paragraphs Make One", abstract=paragraphs),
            card("Wrapped Lines Make\nOne Paragraph", abstract=wrapped),
            heading="Dec 11, 2025",
        )
    )
    assert one.abstract == paragraphs
    assert (two.title, two.abstract) == ("Wrapped Lines Make One Paragraph", PROSE)


def test_a_page_without_blank_lines_is_read():
    text = page(card("A First Title Here"), card("A Second Title Here"), heading="Dec 11, 2025")
    dense = "\n".join(line for line in text.splitlines() if line)
    assert papers_of(dense) == papers_of(text)


def test_what_precedes_the_first_card_may_be_missing():
    papers = papers_of(card("A First Title Here") + card("A Second Title Here"))
    assert [paper.title for paper in papers] == ["A First Title Here", "A Second Title Here"]


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("Code: https://github.com/a/b.", [("code", "https://github.com/a/b")]),
        ("(see https://a.org/x_(y)).", [("web", "https://a.org/x_(y)")]),
        ("at github.com/a/b-c, and", [("code", "https://github.com/a/b-c")]),
        ("https://huggingface.co/a/b and https://a.b/c?d=1#e!", None),
        ("mail me@github.com/x or https://", []),
        ("https://github.com/a/b https://github.com/a/b", [("code", "https://github.com/a/b")]),
    ],
)
def test_links_are_taken_from_the_abstract(text: str, links: list | None):
    if links is None:
        links = [("code", "https://huggingface.co/a/b"), ("web", "https://a.b/c?d=1#e")]
    assert [tuple(link) for link in daily_papers.links(text)] == links


# --- what is wrong ------------------------------------------------------------------------------


def test_a_page_cut_off_in_an_abstract_says_so_and_keeps_it():
    text = page(card("A First Title Here"), card("A Second Title Here"), heading="Dec 11, 2025")
    _, papers, problems = read(text[: text.rindex("compressed")])
    assert [paper.title for paper in papers] == ["A First Title Here", "A Second Title Here"]
    [problem] = problems
    assert "cut off in the abstract of 'A Second Title Here'" in problem.what
    assert problem.where == "page.txt line 21"


def test_a_page_cut_off_behind_a_title_says_so_and_keeps_it():
    text = page(card("A First Title Here"), "A Second Title Here\n", heading="Dec 11, 2025")
    _, papers, problems = read(text)
    assert [paper.title for paper in papers] == ["A First Title Here", "A Second Title Here"]
    assert ["a title without an abstract" in problem.what for problem in problems] == [True]
    assert problems[0].raw == "A Second Title Here"


def test_a_page_without_papers_says_nothing_and_does_not_fail():
    assert papers_of(page(heading="Dec 11, 2025")) == []


@given(
    st.lists(st.sampled_from([*page(card("A Title of One")).splitlines(), "x", ""]), max_size=25)
)
def test_lines_in_any_order_are_read(lines: list[str]):
    note, papers = daily_papers.load("\n".join(["Daily Papers", *lines]), make.origin())
    for item in papers:
        assert isinstance(item, Problem) or item.title
    assert note


# --- the year -----------------------------------------------------------------------------------


def saved(year: int, month: int = 6, day: int = 1) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)


def dated(text: str, **origin: Any) -> tuple[str, list[str], str]:
    note, papers, _ = read(text, **origin)
    [seen] = {seen.at for paper in papers for seen in paper.sightings}
    assert note.startswith(f"of {seen}, ")
    return seen, [paper.date for paper in papers], note


def cards(*days: str) -> list[str]:
    return [card(f"The Title of {n}", f"  • 3 authors\n·\n{day}") for n, day in enumerate(days)]


def test_the_date_that_is_given_holds():
    text = page(*cards("May 22", "Dec 1, 2024"))
    day, papers, note = dated(text, page_date=date(2023, 12, 11), modified=saved(2026))
    assert (day, papers) == ("2023-12-11", ["2023-05-22", "2024-12-01"])
    assert note.endswith("as given")


def test_a_given_date_that_cannot_be_true_is_refused():
    with pytest.raises(FormatError) as caught:
        read(page(*cards("May 22", "Aug 3")), page_date=date(2025, 6, 1))
    assert "page.txt line 21: 'The Title of 1'" in str(caught.value)
    assert "is of 2025-08-03, after 2025-06-01" in str(caught.value)


def test_the_year_that_the_page_says_holds():
    text = page(*cards("May 22", "Dec 1, 2021"), heading="Dec 11, 2024")
    assert dated(text, modified=saved(2026))[:2] == ("2024-12-11", ["2024-05-22", "2021-12-01"])


def test_the_year_is_the_one_after_the_newest_written_out():
    text = page(*cards("May 22", "Feb 3, 2021", "Aug 9, 2023"))
    day, papers, note = dated(text, modified=saved(2026))
    assert (day, papers) == ("2024-12-11", ["2024-05-22", "2021-02-03", "2023-08-09"])
    assert "inferred" in note


def test_a_year_that_would_put_papers_after_the_page_is_not_inferred():
    text = page(*cards("Dec 20", "Aug 9, 2023"))
    day, _, note = dated(text, modified=saved(2026))
    assert day == "2025-12-11"
    assert "that of the file" in note


def test_without_years_it_is_that_of_the_file():
    text = page(*cards("May 22", "Aug 3"))
    assert dated(text, modified=saved(2024))[:2] == ("2023-12-11", ["2023-05-22", "2023-08-03"])
    assert dated(text, modified=saved(2023, 12, 11))[0] == "2023-12-11"
    assert dated(text)[0] == "2025-12-11"  # of no file, as of today


def test_a_page_without_a_day_is_of_the_day_of_the_file():
    text = page(*cards("May 22"), heading="")
    assert dated(text, modified=saved(2024))[:2] == ("2024-06-01", ["2024-05-22"])
    assert dated(text)[0] == "2026-11-23"


def test_a_page_without_a_day_is_never_of_the_future():
    text = page(*cards("Dec 30", "May 22", "Aug 9, 2023"), heading="")
    day, papers, note = dated(text, modified=saved(2026, 1, 3))
    assert (day, papers) == ("2025-12-30", ["2025-12-30", "2025-05-22", "2023-08-09"])
    assert "in the year before its file's" in note
    off_by_one = dated(text, modified=saved(2025, 12, 29))
    assert off_by_one[0] == "2025-12-30"


def test_the_29th_of_february_is_only_in_leap_years():
    text = page(*cards("Feb 29", "Aug 9, 2023"), heading="Feb 29")
    assert dated(text, modified=saved(2026))[:2] == ("2024-02-29", ["2024-02-29", "2023-08-09"])
    text = page(*cards("Aug 9, 2024"), heading="Feb 29")
    assert dated(text, modified=saved(2026))[0] == "2024-02-29"
    text = page(*cards("Feb 29", "Aug 9, 2022"), heading="Mar 3")
    assert dated(text)[:2] == ("2023-03-03", ["", "2022-08-09"])


def test_an_impossible_day_is_no_date_and_the_paper_is_kept():
    text = page(*cards("Feb 31", "Feb 31, 2024"), heading="Dec 11, 2025")
    assert dated(text)[1] == ["", "2024"]
