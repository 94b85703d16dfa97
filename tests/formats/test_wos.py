"""Web of Science's dialect of RIS."""

from io import StringIO
from pathlib import Path

import make
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import hostile

from readlist.formats import wos
from readlist.models import Paper, Problem, Standing

RECORD = """FN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Cao, WX
   Ye, X
AF Cao, Wenxiang
   Ye, Xiong
TI Proximal and distal influences on ligand binding kinetics in
   microperoxidase
SO BIOCHEMISTRY
LA English
DE heme; ligand
   binding
ID KINETICS
AB We use lasers.
CR Adams P. A., 1996, CYTOCHROME C MULTIDI, P635
   Cao WX, 2001, BIOPHYS J, V80, p283A
NR 2
TC 31
Z9 33
PU AMER CHEMICAL SOC
PI WASHINGTON
SN 0006-2960
EI 1520-4995
J9 BIOCHEMISTRY-US
JI Biochemistry
PD JUN 8
PY 2004
VL 43
IS 22
BP 7017
EP 7027
DI 10.1021/bi0497291
UT WOS:000221807500020
PM 15170339
DA 2019-03-18
ER

EF
"""


def load(text: str) -> list[Paper | Problem]:
    return list(wos.load(StringIO(text), make.origin("savedrecs.txt")))


def test_a_record_is_read():
    [paper] = load(RECORD)
    assert isinstance(paper, Paper)
    [version] = paper.versions
    assert " ".join(version.title.split()) == (
        "Proximal and distal influences on ligand binding kinetics in microperoxidase"
    )
    assert (version.venue, version.date, version.type) == ("BIOCHEMISTRY", "2004-06-08", "article")
    assert version.standing is Standing.PUBLISHED
    assert version.fields["pages"] == "7017--7027"
    assert version.fields["issn"] == "0006-2960, 1520-4995"
    assert version.fields["shortjournal"] == "Biochemistry"
    assert paper.authors == ("Cao, Wenxiang", "Ye, Xiong")
    assert [":".join(i) for i in paper.identifiers] == ["doi:10.1021/bi0497291", "pmid:15170339"]
    assert paper.extra == {
        "keywords": "heme, ligand binding, KINETICS",
        "J9": "BIOCHEMISTRY-US",
        "UT": "WOS:000221807500020",
    }


def test_how_often_a_paper_was_cited_is_kept_with_the_day_of_the_export():
    [paper] = load(RECORD)
    assert paper.sightings == (
        make.sighting("wos", at="2019-03-18", place="savedrecs.txt", citations=33),
    )
    [paper] = load(RECORD.replace("DA 2019-03-18\n", "").replace("Z9 33\nTC 31", ""))
    assert paper.sightings[0].at == "2026-11-23"


def test_records_of_inspec_and_medline():
    text = "PT J\nTI Rest\nAU Ode, Ann; Li, Bo\nSO J Rest\nPS 411-22\nPY 2006\nPD 07 2006\n"
    [paper] = load(f"{text}UT MEDLINE:16735938\nER\n")
    assert paper.authors == ("Ode, Ann", "Li, Bo")
    assert (paper.date, paper.identifier("pmid")) == ("2006-07", "16735938")
    assert paper.versions[0].fields == {"pages": "411--22"}


def test_a_record_without_title_and_identifier_is_a_problem():
    [problem] = load("PT J\nAU Ode, A\nER\nEF\n")
    assert str(problem) == "savedrecs.txt line 1: no title and no identifier"


@pytest.mark.parametrize(
    "text", ["", "PT J", "PT is short for patient\nAU is gold\n", "TY  - JOUR\nPT  - J\n"]
)
def test_other_texts_are_not_of_web_of_science(text: str):
    assert not wos.recognises(text)


lines = st.sampled_from([*RECORD.split("\n"), "PT X", "ER"])


@given(st.lists(lines | hostile, max_size=20))
def test_no_file_is_too_odd(some: list[str]):
    text = "\n".join(["PT J", *some])
    wos.recognises(text)
    assert all(isinstance(item, Paper | Problem) for item in load(text))


def test_every_recorded_file_is_read_whole(shared: Path):
    files = [shared / "fixtures/ris/rispy_example_wos.ris"]
    files += (shared / "fixtures/endnote_refer").glob("*.isi")
    papers = {}
    for file in files:
        text = file.read_text(encoding="utf-8-sig")
        if wos.recognises(text):
            papers[file.stem] = load(text)
    assert {name: len(found) for name, found in papers.items()} == {
        "rispy_example_wos": 2,
        "jabref_IsiImporterTest1": 1,
        "jabref_IsiImporterTestInspec": 2,
        "jabref_IsiImporterTestMedline": 2,
    }
    for found in papers.values():
        assert all(isinstance(p, Paper) and p.title and p.authors and p.venue for p in found)
