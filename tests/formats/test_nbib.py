"""PubMed's .nbib."""

import re
from io import StringIO
from pathlib import Path

import make
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import hostile

from readlist.formats import nbib
from readlist.models import Paper, Problem, Standing

RECORD = """PMID- 28288103
OWN - NLM
STAT- MEDLINE
DCOM- 20170606
IS  - 1546-1696 (Electronic)
IS  - 1087-0156 (Linking)
VI  - 35
IP  - 4
DP  - 2017 Apr 1
TI  - Reproducibility of computational workflows is automated using continuous
      analysis.
PG  - 342-346
LID - 10.1038/nbt.3780 [doi]
AB  - Replication matters.
      It is difficult.
CI  - (c) 2017
FAU - Beaulieu-Jones, Brett K Jr
AU  - Beaulieu-Jones BK Jr
AD  - Philadelphia, Pennsylvania, USA.
FAU - Greene, Casey S
AU  - Greene CS
CN  - Reproducers
LA  - eng
PT  - Journal Article
DEP - 20170313
TA  - Nat Biotechnol
JT  - Nature biotechnology
MH  - *Machine Learning
OT  - workflows
PMC - PMC6103790
PHST- 2016/06/10 00:00 [received]
AID - nbt.3780 [pii]
AID - 10.1038/nbt.3780 [doi]
PST - ppublish
SO  - Nat Biotechnol. 2017 Apr 1;35(4):342-346. doi: 10.1038/nbt.3780.
"""


def load(text: str) -> list[Paper | Problem]:
    return list(nbib.load(StringIO(text), make.origin("refs.nbib")))


def one(text: str) -> Paper:
    [paper] = load(text)
    assert isinstance(paper, Paper), paper
    return paper


def test_a_record_is_read():
    paper = one(RECORD)
    assert paper.versions == (
        make.version(
            "Reproducibility of computational workflows is automated using continuous analysis",
            standing=Standing.PUBLISHED,
            venue="Nature biotechnology",
            date="2017-04-01",
            type="article",
            fields={
                "pages": "342--346",
                "issn": "1546-1696, 1087-0156",
                "volume": "35",
                "number": "4",
                "language": "eng",
                "shortjournal": "Nat Biotechnol",
            },
        ),
    )
    assert paper.authors == ("Beaulieu-Jones, Jr, Brett K", "Greene, Casey S", "Reproducers")
    assert paper.abstract == "Replication matters. It is difficult."
    assert [":".join(i) for i in paper.identifiers] == [
        "pmid:28288103",
        "pmcid:PMC6103790",
        "doi:10.1038/nbt.3780",
    ]
    assert paper.extra == {
        "keywords": "workflows, Machine Learning",
        "AID": "nbt.3780 [pii]",
        "CI": "(c) 2017",
        "AD": "Philadelphia, Pennsylvania, USA.",
        "PT": "Journal Article",
    }
    assert paper.retractions == ()
    assert paper.sightings == (make.sighting("nbib", at="2026-11-23", place="refs.nbib"),)


def test_records_follow_each_other():
    texts = (RECORD, RECORD, "\n\nCut from a page\n\nPMC - PMC1\nTI  - Rest.\n", "\n" + RECORD)
    papers = load("".join(texts))
    assert [p.identifiers[0].scheme for p in papers] == ["pmid", "pmid", "pmcid", "pmid"]
    assert papers[2].title == "Rest"


def test_short_names_are_taken_where_there_are_no_full_ones():
    paper = one("PMID- 1\nTI  - Rest\nAU  - Van Gogh VW\nAU  - King ML Jr\nAU  - Plato\n")
    assert paper.authors == ("Van Gogh, VW", "King, Jr, ML", "Plato")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("[On rest].", "On rest"),
        ("[On rest.]", "On rest"),
        ("On rest [and sleep].", "On rest [and sleep]"),
        ("On rest?", "On rest?"),
    ],
)
def test_a_title_has_no_stop_and_a_translated_one_no_brackets(text: str, title: str):
    assert one(f"PMID- 1\nTI  - {text}\nTT  - Von der Ruhe.\n").title == title


@pytest.mark.parametrize(
    ("lines", "retractions"),
    [
        ("PT  - Retracted Publication", ("retracted (pubmed)",)),
        (
            "PT  - Retracted Publication\nRIN - Lancet. 2010 Feb 6;375(9713):445. PMID: 20137807",
            ("retracted 2010-02-06 (pubmed)",),
        ),
        ("ECI - J Rest. 2020;1:2. PMID: 1", ("expression of concern 2020 (pubmed)",)),
        ("PT  - Retraction of Publication\nROF - J Rest. 2020;1:2. PMID: 1", ()),
    ],
)
def test_retractions(lines: str, retractions: tuple[str, ...]):
    assert one(f"PMID- 1\nTI  - Rest\n{lines}\n").retractions == retractions


@pytest.mark.parametrize(
    ("lines", "type", "venue", "title"),
    [
        ("TI  - Rest\nBTI - On Rest\nPB  - Press", "incollection", "On Rest", "Rest"),
        ("BTI - On Rest\nPB  - Press", "book", "Press", "On Rest"),
        ("TI  - Rest\nPT  - Preprint\nJT  - bioRxiv", "misc", "", "Rest"),
        ("TI  - Rest\nPT  - Technical Report\nPB  - Press", "techreport", "Press", "Rest"),
        ("TI  - Rest\nTA  - J Rest", "article", "J Rest", "Rest"),
        ("TI  - Rest", "misc", "", "Rest"),
    ],
)
def test_types(lines: str, type: str, venue: str, title: str):
    paper = one(f"PMID- 1\n{lines}\n")
    assert (paper.type, paper.venue, paper.title) == (type, venue, title)


def test_a_record_without_title_and_identifier_is_a_problem_and_says_where():
    paper, problem = load(f"{RECORD}\nOWN - NLM\nAU  - Ode A\n")
    assert isinstance(paper, Paper)
    assert str(problem) == "refs.nbib line 37: no title and no identifier"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PMC some PMC\n  PMID\n\n\nSO-something stands here",
        "as in PMID- 1",
        "TY  - JOUR\nTI  - Rest\nPMID- 28288103\nER  -\n",
        "@article{a,\n  pmid = {28288103},\n}",
    ],
)
def test_other_texts_are_not_nbib(text: str):
    assert not nbib.recognises(text)


lines = st.builds(
    "{}- {}".format,
    st.sampled_from(["PMID", "TI  ", "DP  ", "FAU ", "AU  ", "AID ", "PT  "]),
    hostile,
)


@given(st.lists(lines | hostile, max_size=20))
def test_no_file_is_too_odd(some: list[str]):
    text = "\n".join(["PMID- 1", *some])
    nbib.recognises(text)
    assert all(isinstance(item, Paper | Problem) for item in load(text))


def test_every_recorded_file_is_read_whole(shared: Path):
    folder = shared / "fixtures/pubmed"
    counts = {}
    for file in [*folder.glob("*.nbib"), *folder.glob("*.txt"), *folder.glob("*InvalidFormat*")]:
        text = file.read_text(encoding="utf-8")
        if not nbib.recognises(text[:65536]):
            continue
        items = load(text)
        assert all(isinstance(item, Paper) for item in items)
        assert len(items) >= len(re.findall(r"^PMID *-", text, re.MULTILINE))
        counts[file.stem] = len(items)
    assert counts == {
        "manubot_bibliography": 2,
        "nbib_pubmed-balloongui-set": 75,
        "jabref_MedlinePlainImporterTestCompleteEntry": 1,
        "jabref_MedlinePlainImporterTestDOI": 1,
        "jabref_MedlinePlainImporterTestMultiAbstract": 1,
        "jabref_MedlinePlainImporterTestMultipleEntries": 7,
    }


def test_recorded_papers_are_whole(shared: Path):
    file = shared / "fixtures/pubmed/nbib_pubmed-balloongui-set.nbib"
    papers = load(file.read_text(encoding="utf-8"))
    assert all(p.title and p.authors and p.venue and p.date for p in papers)
    assert sum(p.abstract != "" for p in papers) == 70
    assert sum(p.identifier("doi") != "" for p in papers) == 74
    assert sum(len(p.authors) for p in papers) == 773
