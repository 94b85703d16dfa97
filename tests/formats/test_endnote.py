"""EndNote's .enw, and Refer, from which it comes."""

from io import StringIO
from pathlib import Path

import make
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import hostile

from readlist.formats import endnote
from readlist.models import Link, Paper, Problem, Standing

PROCEEDINGS = """%0 Conference Proceedings
%T BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding
%A Devlin, Jacob
%A Chang, Ming-Wei
%Y Burstein, Jill
%S Proceedings of NAACL-HLT 2019
%D 2019
%8 June
%I Association for Computational Linguistics
%C Minneapolis, Minnesota
%F devlin-etal-2019-bert
%X We introduce BERT.

It is simple.
%R 10.18653/v1/N19-1423
%U https://aclanthology.org/N19-1423/
%P 4171-4186
"""
REFER = """%A Claude E. Shannon
%T A Mathematical Theory of Communication
%J Bell System Technical Journal
%V 27
%N 3
%P 379-423
%D July 1948
%K entropy
channels

%A A. V. Aho
%A P. J. Weinberger
%T The AWK Programming Language
%I Addison-Wesley
%D 1988
"""


def load(text: str) -> list[Paper | Problem]:
    return list(endnote.load(StringIO(text), make.origin("refs.enw")))


def papers_of(text: str) -> list[Paper]:
    items = load(text)
    assert all(isinstance(item, Paper) for item in items), items
    return items


def test_a_record_is_read():
    [paper] = papers_of(PROCEEDINGS)
    [version] = paper.versions
    assert version == make.version(
        "BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding",
        standing=Standing.PUBLISHED,
        venue="Proceedings of NAACL-HLT 2019",
        date="2019-06",
        type="inproceedings",
        fields={
            "pages": "4171--4186",
            "publisher": "Association for Computational Linguistics",
            "address": "Minneapolis, Minnesota",
            "editor": "Burstein, Jill",
        },
    )
    assert paper.authors == ("Devlin, Jacob", "Chang, Ming-Wei")
    assert paper.abstract == "We introduce BERT.\n\nIt is simple."
    assert [":".join(i) for i in paper.identifiers] == ["doi:10.18653/v1/n19-1423", "acl:N19-1423"]
    assert (paper.links, paper.extra) == ((), {})
    assert paper.key == "devlin-etal-2019-bert"
    assert paper.sightings == (make.sighting("endnote", at="2026-11-23", place="refs.enw"),)


def test_records_without_types_are_told_apart_by_blank_lines():
    article, book = papers_of(REFER)
    assert (article.type, article.venue) == ("article", "Bell System Technical Journal")
    assert (article.date, article.authors) == ("1948-07", ("Claude E. Shannon",))
    assert article.extra == {"keywords": "entropy, channels"}
    assert (book.type, book.venue) == ("book", "Addison-Wesley")


def test_records_with_and_without_types_and_blank_lines_follow_each_other():
    titles = [p.title for p in papers_of(f"{PROCEEDINGS}{PROCEEDINGS}\n{REFER}\n\n{PROCEEDINGS}")]
    assert [title[:4] for title in titles] == ["BERT", "BERT", "A Ma", "The ", "BERT"]


def test_nothing_is_lost():
    [paper] = papers_of(
        "%0 Journal Article\n%T Rest\n%J J\n%B Journal of Rest\n%M WOS:1\n%1 x y\n%L QA 76\n%Z good\n"
        "%O read\n%@ 1533-7928\n%> internal-pdf://1.pdf\n%U https://example.org/rest.pdf\n%8 3\n%[ 2020"
    )
    assert paper.venue == "J"
    assert paper.versions[0].fields == {"issn": "1533-7928"}
    assert paper.links == (Link("pdf", "https://example.org/rest.pdf"),)
    assert paper.extra == {
        "note": "good\n\nread",
        "%B": "Journal of Rest",
        "%M": "WOS:1",
        "%1": "x y",
        "%L": "QA 76",
        "%>": "internal-pdf://1.pdf",
        "%8": "3",
        "%[": "2020",
    }


@pytest.mark.parametrize(
    ("lines", "type"),
    [
        ("%0 Thesis\n%9 Ph.D.", "phdthesis"),
        ("%0 Thesis\n%9 Masters", "mastersthesis"),
        ("%0 Book Section", "incollection"),
        ("%0 Report", "techreport"),
        ("%0 Generic\n%J Journal of Rest", "article"),
        ("%0 Generic", "misc"),
        ("%0 Web Page", "misc"),
    ],
)
def test_types(lines: str, type: str):
    [paper] = papers_of(f"{lines}\n%T Rest\n")
    assert paper.type == type
    assert paper.extra.get("type", "") == ("Web Page" if "Web" in lines else "")


def test_the_key_of_bibsonomy():
    [paper] = papers_of("%0 Journal Article\n%1 shannon1948\n%T Rest\n%J arXiv:1706.03762 [cs]\n")
    assert (paper.key, paper.identifier("arxiv")) == ("shannon1948", "1706.03762")


def test_a_record_without_title_and_identifier_is_a_problem_and_says_where():
    paper, problem = load(f"{PROCEEDINGS}\n%0 Journal Article\n%A Ode, Ann\n")
    assert isinstance(paper, Paper)
    assert str(problem) == "refs.enw line 19: no title and no identifier"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "% A comment\n@article{a,\n title = {A},\n}\n",
        "%A comment\n@article{a,\n title = {A},\n}\n",
        "%PDF-1.5\n",
        "100 %T of it",
        "TY  - JOUR\nTI  - %T\n",
    ],
)
def test_other_texts_are_not_endnote(text: str):
    assert not endnote.recognises(text)


lines = st.builds("%{} {}".format, st.sampled_from("0ABDEFIJKPRTUXZ@8>"), hostile)


@given(st.lists(lines | hostile, max_size=20))
def test_no_file_is_too_odd(some: list[str]):
    text = "\n".join(["%0 Book", *some])
    endnote.recognises(text)
    assert all(isinstance(item, Paper | Problem) for item in load(text))


def test_every_recorded_file_is_read_whole(shared: Path):
    counts = {}
    for file in (shared / "fixtures/endnote_refer").glob("*.enw"):
        text = file.read_text(encoding="utf-8")
        assert endnote.recognises(text)
        items = load(text)
        papers = [item for item in items if isinstance(item, Paper)]
        counts[file.stem] = (len(papers), len(items) - len(papers))
    assert counts == {
        "jabref_Endnote.book.example": (1, 0),
        "jabref_Endnote.entries": (1, 4),  # nine types one after the other, and one title
        "jabref_Endnote.pattern.E": (0, 1),  # nothing but an editor
    }
