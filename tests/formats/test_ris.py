"""RIS as programs write it, and as it gets broken on its way."""

from io import StringIO
from pathlib import Path

import make
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import hostile

from readlist.formats import ris
from readlist.models import Link, Paper, Problem, Standing

JOURNAL = """TY  - JOUR
ID  - shannon1948
AU  - Shannon,Claude E.
PY  - 1948/07//
TI  - A Mathematical Theory of Communication
JF  - Bell System Technical Journal
JO  - Bell Syst. Tech. J.
SP  - 379
EP  - 423
VL  - 27
IS  - 3
SN  - 0005-8580
DO  - https://doi.org/10.1002/j.1538-7305.1948.tb01338.x
UR  - https://ieeexplore.ieee.org/document/6773024
KW  - entropy; channels
KW  - noise
AB  - The engineering problem.
N1  - read again
ER  - \n"""


def load(text: str) -> list[Paper | Problem]:
    return list(ris.load(StringIO(text), make.origin("refs.ris")))


def papers_of(text: str) -> list[Paper]:
    items = load(text)
    assert all(isinstance(item, Paper) for item in items), items
    return items


def one(text: str) -> Paper:
    [paper] = papers_of(text)
    return paper


def test_a_record_is_read():
    paper = one(JOURNAL)
    [version] = paper.versions
    assert version == make.version(
        "A Mathematical Theory of Communication",
        standing=Standing.PUBLISHED,
        venue="Bell System Technical Journal",
        date="1948-07",
        type="article",
        fields={
            "pages": "379--423",
            "issn": "0005-8580",
            "volume": "27",
            "number": "3",
            "shortjournal": "Bell Syst. Tech. J.",
        },
    )
    assert paper.authors == ("Shannon, Claude E.",)
    assert paper.abstract == "The engineering problem."
    assert [":".join(i) for i in paper.identifiers] == ["doi:10.1002/j.1538-7305.1948.tb01338.x"]
    assert paper.links == (Link("page", "https://ieeexplore.ieee.org/document/6773024"),)
    assert paper.key == "shannon1948"
    assert paper.extra == {"keywords": "entropy, channels, noise", "note": "read again"}
    assert paper.sightings == (make.sighting("ris", at="2026-11-23", place="refs.ris"),)


@pytest.mark.parametrize(
    "broken",
    [
        JOURNAL.replace("  - ", " - "),
        JOURNAL.replace("  - ", "\t-\t"),
        JOURNAL.replace("  - ", "  -"),
        JOURNAL.replace("  - ", "\u00a0 - "),
        JOURNAL.replace("TY  - ", "TY -  "),
        JOURNAL.replace("ER  - \n", "ER  -\n"),
        JOURNAL.replace("ER  - \n", ""),
        JOURNAL.replace("\n", "\n\n"),
        JOURNAL.replace("ER  - \n", "ER  - \n\n\n"),
        "Record #1 of 1\nProvider: Somebody\n1.\n" + JOURNAL,
        "\n\n\ufeff" + JOURNAL,
        JOURNAL.replace("Theory of Communication", "Theory\nof Communication"),
        JOURNAL.replace("Theory of Communication", "Theory\n      of Communication"),
        JOURNAL.replace("TY  - JOUR", "TY  - Journal Article"),
        JOURNAL.replace("TY  - JOUR\n", "TY  - BOOK\nTY  - JOUR\n"),
    ],
)
def test_what_programs_break_is_read_all_the_same(broken: str):
    assert ris.recognises(broken)
    paper, whole = one(broken), one(JOURNAL)
    assert paper.title.split() == whole.title.split()
    assert (paper.authors, paper.identifiers, paper.extra) == (
        whole.authors,
        whole.identifiers,
        whole.extra,
    )
    assert [v.fields for v in paper.versions] == [v.fields for v in whole.versions]


def test_a_record_begins_where_the_one_before_has_no_end():
    first, second = papers_of(JOURNAL.replace("ER  - \n", "") + "TY  - BOOK\nTI  - Rest\nER  -\n")
    assert (first.title, second.title) == ("A Mathematical Theory of Communication", "Rest")


def test_a_file_that_is_cut_off_is_told_of():
    first, second, problem = load(JOURNAL + JOURNAL[:150])
    assert isinstance(first, Paper)
    assert isinstance(second, Paper)
    assert str(problem).startswith("refs.ris line 20: the last record has no ER")


def test_a_record_without_title_and_identifier_is_a_problem_and_says_where():
    first, problem, last = load(JOURNAL + "TY  - JOUR\nAU  - Ode, Ann\nER  -\n" + JOURNAL)
    assert str(problem) == "refs.ris line 20: no title and no identifier"
    assert problem.raw == "TY  - JOUR\nAU  - Ode, Ann\n"
    assert isinstance(first, Paper)
    assert isinstance(last, Paper)


def test_a_line_that_only_looks_like_a_tag_is_text():
    paper = one("TY  - JOUR\nTI  - Rest\nAB  - We rest at the\nER then go\nAI - driven on\nER  -\n")
    assert paper.abstract == "We rest at the\nER then go\nAI - driven on"


def test_a_paper_in_proceedings():
    paper = one(
        "TY  - CPAPER\nTI  - Rest Is All You Need\nT2  - Rest 2019\nC3  - Proceedings of Rest\n"
        "ED  - Ode, Ann\nA2  - Li, Bo\nPB  - ACM\nCY  - Oslo\nSN  - 978-0-521-86571-5\nER  -\n"
    )
    assert (paper.type, paper.venue) == ("inproceedings", "Proceedings of Rest")
    assert paper.versions[0].fields == {
        "isbn": "978-0-521-86571-5",
        "publisher": "ACM",
        "address": "Oslo",
        "editor": "Ode, Ann and Li, Bo",
    }
    assert paper.extra["T2"] == "Rest 2019"


def test_a_book_appeared_with_its_publisher():
    paper = one(
        "TY  - BOOK\nBT  - On Rest\nED  - Ode, Ann\nPB  - Rest Press\nET  - 2nd\nSP  - 300\n"
        "T2  - Works on Rest\nSN  - 9780521865715\nER  -\n"
    )
    assert (paper.title, paper.venue, paper.standing) == ("On Rest", "Rest Press", 2)
    assert paper.identifier("isbn") == "9780521865715"
    assert paper.versions[0].fields == {
        "pagetotal": "300",
        "isbn": "9780521865715",
        "edition": "2nd",
        "series": "Works on Rest",
        "editor": "Ode, Ann",
    }


def test_a_thesis_appeared_at_its_university():
    paper = one("TY  - THES\nTI  - On Rest\nPB  - Rest University\nM3  - Master's thesis\nER  -\n")
    assert (paper.type, paper.venue) == ("mastersthesis", "Rest University")


@pytest.mark.parametrize(
    "lines",
    [
        "TY  - JOUR\nJO  - arXiv preprint arXiv:1706.03762",
        "TY  - UNPB\nPB  - arXiv\nAN  - arXiv:1706.03762",
        "TY  - GEN\nDO  - 10.48550/arXiv.1706.03762",
        "TY  - JOUR\nT2  - CoRR\nVL  - abs/1706.03762",
        "TY  - RPRT\nPB  - arXiv\nN1  - arXiv:1706.03762 [cs]",
    ],
)
def test_preprints_of_arxiv(lines: str):
    paper = one(f"{lines}\nTI  - Attention Is All You Need\nER  -\n")
    assert [":".join(i) for i in paper.identifiers] == ["arxiv:1706.03762"]
    assert (paper.standing, paper.venue) == (Standing.PREPRINT, "")
    assert "note" not in paper.extra


def test_a_record_without_a_type_is_of_a_journal_if_it_has_one():
    paper = one("TY  - GEN\nTI  - Rest\nJO  - Journal of Rest\nER  -\n")
    assert (paper.type, paper.standing) == ("article", Standing.PUBLISHED)
    page = one("TY  - ELEC\nTI  - Rest\nUR  - https://example.org\nER  -\n")
    assert (page.type, page.extra) == ("misc", {"type": "ELEC"})


@pytest.mark.parametrize(
    ("lines", "identifier"),
    [
        ("DB  - PubMed\nAN  - 26957754", "pmid:26957754"),
        ("U1  - 26957754[pmid]", "pmid:26957754"),
        ("PMID- 26957754", "pmid:26957754"),
        ("C2  - PMC4756000", "pmcid:PMC4756000"),
        ("M3  - doi: 10.1000/a", "doi:10.1000/a"),
        ("N1  - doi:10.1000/a", "doi:10.1000/a"),
        ("ID  - 10.1000/a", "doi:10.1000/a"),
        ("DO  - DOI 10.1000/a.", "doi:10.1000/a"),
        ("UR  - https://pubmed.ncbi.nlm.nih.gov/26957754", "pmid:26957754"),
    ],
)
def test_identifiers_stand_in_many_places(lines: str, identifier: str):
    paper = one(f"TY  - JOUR\nTI  - Rest\n{lines}\nER  -\n")
    assert [":".join(i) for i in paper.identifiers] == [identifier]
    assert (paper.key, paper.extra.get("note", "")) == ("", "")


def test_nothing_is_lost():
    paper = one(
        "TY  - JOUR\nTI  - Rest\nT1  - Rest, Too\nAD  - Oslo\nAD  - Rome\nXX  - what\nAN  - WOS:1\n"
        "ID  - 12345\nSN  - none\nDO  - none\nL1  - file:///a.pdf\nPY  - 2019\nDA  - 2020/01/01\n"
        "AB  - Long enough.\nN2  - Short.\nY2  - 2021/02/03\nER  -\n"
    )
    assert paper.extra == {
        "T1": "Rest, Too",
        "AD": "Oslo; Rome",
        "XX": "what",
        "AN": "WOS:1",
        "ID": "12345",
        "SN": "none",
        "DO": "none",
        "L1": "file:///a.pdf",
        "DA": "2020/01/01",
        "N2": "Short.",
    }
    assert paper.versions[0].fields == {"urldate": "2021-02-03"}
    assert (paper.title, paper.date, paper.abstract) == ("Rest", "2019", "Long enough.")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "TY  - JOUR",
        "TY or not TY\nAU  - Ode",
        "@article{a,\n  title = {TY  - JOUR},\n}\n",
        "PMID- 1\nTI  - Rest\n",
        "PT J\nAU Ode, A\n",
        "%0 Book\n%T Rest\n",
        '{"title": "TY  - JOUR"}',
    ],
)
def test_other_texts_are_not_ris(text: str):
    assert not ris.recognises(text)


tags = st.sampled_from(
    ["TY", "ER", "TI", "AU", "PY", "DA", "SP", "EP", "DO", "UR", "SN", "AN", "KW"]
)
lines = st.builds(
    "{}{}{}".format, tags, st.sampled_from(["  - ", " - ", "  -", "", "\t-"]), hostile
)


types = st.sampled_from(["JOUR", "CONF", "CHAP", "BOOK", "THES", "RPRT", "GEN", "VIDEO", "odd"])
TAGS = (
    "A1 A2 A3 AB AD AN AU BT C2 C3 CY DA DO ED EP ET ID IS JA JF JO KW L1 M3 N1 N2 PB PMID PY SN SP"
    " ST T1 T2 T3 TI TT U1 UR VL XX Y1 Y2"
)


@given(types, st.permutations(TAGS.split()))
def test_every_word_of_every_type_is_kept(type: str, some: list[str]):
    text = "".join(f"{tag}  - word{tag}\n{tag}  - other{tag}\n" for tag in some)
    said = str(one(f"TY  - {type}\n{text}ER  -\n"))
    assert [tag for tag in some if f"word{tag}" not in said or f"other{tag}" not in said] == []


@given(st.lists(lines | hostile, max_size=20))
def test_no_file_is_too_odd(some: list[str]):
    text = "\n".join(["TY  - JOUR", *some])
    ris.recognises(text)
    assert all(isinstance(item, Paper | Problem) for item in load(text))


def test_every_recorded_file_is_read_whole(shared: Path):
    counts = {}
    for file in sorted((shared / "fixtures/ris").glob("*.ris")):
        text = file.read_text(encoding="utf-8-sig")
        if not ris.recognises(text[:65536]):
            continue
        items = load(text)
        papers = [item for item in items if isinstance(item, Paper)]
        counts[file.stem] = (len(papers), len(items) - len(papers))
        assert all(
            p.authors or p.identifiers or p.links or "editor" in p.versions[0].fields
            for p in papers
        )
    assert len(counts) == 23  # all but the one of Web of Science
    assert counts.pop("rispy_example_multiline") == (0, 3)  # records of nothing but an abstract
    assert counts.pop("jabref_RisImporterTest1") == (2, 1)  # three types and some garbage
    assert counts.pop("rispy_example_urls") == (4, 0)
    two = {name for name, count in counts.items() if count == (2, 0)}
    assert two == {
        "manubot_bibliography",
        "rispy_example_extraneous_data",
        "rispy_example_full",
        "rispy_example_full_without_whitespace",
        "rispy_example_full_write",
    }
    assert {count for name, count in counts.items() if name not in two} == {(1, 0)}
