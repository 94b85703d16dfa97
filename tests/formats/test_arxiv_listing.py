r"""Listings of arXiv: what is new, cross-listed and replaced; whole, quoted and cut off."""

import re
from pathlib import Path
from typing import Any

import make
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readlist.formats import arxiv_listing
from readlist.models import Paper, Problem

DASHES = "-" * 78
MAIL = rf"""Date: Fri,  9 Jun 23 00:44:20 GMT
Subject: math.OA daily Subj-class mailing

{DASHES}
 Submissions to:
Operator Algebras
 received from  Wed  7 Jun 23 18:00:00 GMT  to  Thu  8 Jun 23 18:00:00 GMT
{DASHES}
{DASHES}
\\
arXiv:2306.04700
Date: Wed, 7 Jun 2023 17:23:40 GMT   (14kb,D)

Title: On a Thing That Goes on
  for Two Lines
Authors: Ann Ode (Here), Bo
  Li and Fr\'ed\'eric Fu
Categories: math.OA math.GR
Comments: 7 pages, no figures
Journal-ref: J. Things 1 (2023)
DOI: 10.1000/things.1
\\
  An abstract whose first line is indented and
whose other lines are not.
\\ ( https://arxiv.org/abs/2306.04700 ,  14kb)
%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-
{DASHES}
\\
arXiv:math/0306123 (*cross-listing*)
Date: Mon, 9 Jun 2003 18:23:40 GMT   (14kb)

Title: On Another Thing
Authors: Cy Fu
Categories: math.GR math.OA
\\
  Another abstract.
\\ ( https://arxiv.org/abs/math/0306123 ,  14kb)
%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%
{DASHES}
\\
arXiv:2204.01445
replaced with revised version Thu, 8 Jun 2023 08:03:26 GMT   (0kb,I)

Title: On a Thing That Was Wrong
Authors: Di Go
Categories: math.OA
\\ ( https://arxiv.org/abs/2204.01445 ,  25kb)
%%%---%%%---%%%---%%%---%%%---%%%---%%%---%%%---%%%---%%%---%%%---%%%---%%%---
For subscribe options to combined math archives,
e-mail To: math@arxiv.org, Subject: subscribe
"""
WEEK = rf"""{DASHES}
\\
/* Fri, 3 Mar 2023 */
\\
{DASHES}
\\
arXiv:2303.01198
Date: Thu, 2 Mar 2023 12:28:09 GMT   (8824kb,D)

Title: One
Authors: Ann Ode
Categories: astro-ph.CO
\\
{DASHES}
\\
/* Thu, 2 Mar 2023 */
\\
{DASHES}
\\
arXiv:2303.00746
Date: Wed, 1 Mar 2023 18:59:00 GMT   (8664kb,D)

Title: Two
Authors: Bo Li
Categories: astro-ph.CO
\\
"""
MONTH = rf"""
Papers received as of Sat  1 Jan 00 00:00:02 GMT.

{DASHES}
{DASHES}
\\
Paper: astro-ph/0001003
From: Matthias Steinmetz  <example@example.com>
Date: Sun, 2 Jan 2000 01:09:29 GMT   (193kb)
Date (revised v2): Tue, 4 Jan 2000 21:59:55 GMT   (193kb)

Title: Dark Halo and Disk Galaxy Scaling Laws in Hierarchical Universes
Authors: Julio F. Navarro (University of Victoria) and Matthias Steinmetz
  (University of Arizona)
Categories: astro-ph
\\
{DASHES}
\\
Paper (*cross-listing*): quant-ph/0001012
From: W. A. Hofer   <example@example.com>
Date: Thu, 6 Jan 2000 15:58:43 GMT   (14kb)

Title: Evidence for a dynamic origin of charge
Authors: W. A. Hofer
Categories: quant-ph astro-ph
\\
"""


def load(text: str, **origin: Any) -> tuple[str, list[Paper | Problem]]:
    note, items = arxiv_listing.load(text, make.origin("mail.txt", **origin))
    return note, list(items)


def papers_of(text: str) -> list[Paper]:
    _, items = load(text)
    assert all(isinstance(item, Paper) for item in items), items
    return items


def test_a_mail_is_read():
    note, items = load(MAIL)
    assert note == "1 new, 1 cross-list, 1 replacement"
    new, cross, _ = items
    assert new.title == "On a Thing That Goes on for Two Lines"
    assert new.authors == ("Ann Ode", "Bo Li", "Frédéric Fu")
    assert new.abstract == "An abstract whose first line is indented and whose other lines are not."
    assert new.categories == ("math.OA", "math.GR")
    assert [i.value for i in new.identifiers] == ["2306.04700", "10.1000/things.1"]
    assert new.extra == {"comments": "7 pages, no figures", "journal_ref": "J. Things 1 (2023)"}
    assert (new.date, cross.date) == ("2023-06-07", "2003-06-09")
    assert cross.identifier("arxiv") == "math/0306123"
    assert {seen.at for item in items for seen in item.sightings} == {"2023-06-09"}


def test_a_replacement_does_not_tell_when_the_paper_appeared_but_that_it_was_taken_back():
    replaced = papers_of(MAIL)[2]
    assert (replaced.title, replaced.date) == ("On a Thing That Was Wrong", "")
    assert replaced.retractions == ("withdrawn (arxiv)",)


def test_the_days_of_a_week_are_kept():
    assert load(WEEK)[0] == "2 new"
    assert [(p.title, p.date, p.sightings[0].at) for p in papers_of(WEEK)] == [
        ("One", "2023-03-02", "2023-03-03"),
        ("Two", "2023-03-01", "2023-03-02"),
    ]


def test_a_month_of_old_is_read():
    first, cross = papers_of(MONTH)
    assert first.date == "2000-01-02"  # not that of the revision
    assert first.authors == ("Julio F. Navarro", "Matthias Steinmetz")
    assert cross.identifier("arxiv") == "quant-ph/0001012"
    assert first.sightings[0].at == "2026-11-23"  # it does not say when it was listed


@pytest.mark.parametrize("quote", ["> ", ">", ">> ", "> > ", " | "])
def test_a_quoted_mail_is_read_as_the_mail(quote: str):
    quoted = "Have you seen this?\n\n" + re.sub("^", quote, MAIL, flags=re.MULTILINE)
    assert arxiv_listing.recognises(quoted)
    assert papers_of(quoted) == papers_of(MAIL)


def test_part_of_a_listing_is_enough():
    part = MAIL[MAIL.index("\\\\\narXiv:math") : MAIL.index("%%--")]
    assert arxiv_listing.recognises(part)
    assert [paper.title for paper in papers_of(part)] == ["On Another Thing"]


def test_several_mails_in_a_row_are_of_their_days():
    later = MAIL.replace(" 9 Jun 23", "10 Jun 23").replace("2306.047", "2306.048")
    days = [paper.sightings[0].at for paper in papers_of(MAIL + "\n" + later)]
    assert days == ["2023-06-09"] * 3 + ["2023-06-10"] * 3


@pytest.mark.parametrize(
    ("end", "papers"),
    [("Bo\n  Li", 1), ("is indented", 1), ("Another", 2), ("Title: On Another Th", 2)],
)
def test_where_a_listing_is_cut_off_is_said(end: str, papers: int):
    _, items = load(MAIL[: MAIL.index(end) + len(end)])
    assert sum(isinstance(item, Paper) for item in items) == papers
    problem = items[-1]
    assert isinstance(problem, Problem)
    assert "cut off in arXiv:" in problem.what


def test_a_record_without_id_and_title_is_a_problem():
    _, [problem] = load("\\\\\narXiv:none0\nDate: Mon, 9 Jun 2003\n\nAuthors: A\n\\\\\n")
    assert str(problem) == "mail.txt line 2: no title and no arXiv id"


@pytest.mark.parametrize(
    "text", ["", "arXiv:1706.03762", "\\\\ see arXiv:1706.03762", "@article{arXiv:1706.03762,\n}"]
)
def test_other_texts_are_no_listings(text: str):
    assert not arxiv_listing.recognises(text)


lines = st.lists(st.sampled_from([*MAIL.split("\n"), *WEEK.split("\n"), "", "> \\\\", "Title:"]))


@given(lines)
def test_no_listing_is_too_odd(some: list[str]):
    text = "\n".join(some)
    arxiv_listing.recognises(text)
    assert all(isinstance(item, Paper | Problem) for item in load(text)[1])


def recorded(shared: Path, folder: str) -> list[Path]:
    files = (shared / "fixtures" / folder).rglob("*")
    return [file for file in sorted(files) if file.is_file() and file.suffix != ".md"]


def test_every_recorded_listing_is_read_whole(shared: Path):
    counts = {}
    for file in recorded(shared, "arxiv_listing_email"):
        text = file.read_text(encoding="utf-8", errors="replace")
        assert arxiv_listing.recognises(text[:65536])
        papers = papers_of(text)
        assert len(papers) == len(re.findall(r"^(?:arXiv:|Paper[ :])", text, re.MULTILINE))
        assert all(p.title and p.authors and p.categories and p.identifiers for p in papers)
        counts[f"{file.parent.parent.name} {file.name}"] = (len(papers), load(text)[0])
    assert len(counts) == 12
    assert sum(count for count, _ in counts.values()) == 1528
    assert counts["astro-ph new.CO"] == (23, "16 replacements, 5 new, 2 cross-lists")
    assert counts["math new.OA"] == (3, "2 replacements, 1 cross-list")


def test_every_recorded_abstract_is_read(shared: Path):
    files = recorded(shared, "arxiv_abs")
    papers = [p for f in files for p in papers_of(f.read_text(encoding="utf-8", errors="replace"))]
    assert len(papers) == len(files) == 44
    assert all(p.title and p.authors and p.abstract and p.date for p in papers)
    assert sum(p.retractions != () for p in papers) == 7
