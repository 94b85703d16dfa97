"""The harvest of a set of arXiv."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from server import Service

from readlist.errors import SourceError
from readlist.ids import parse as identifier
from readlist.models import Paper, Problem, Standing
from readlist.sources import arxiv_oai
from readlist.sources.client import Answer, xml_of

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
OPTIONS = {"set": "physics:hep-th"}
RECORD = """<record><header><identifier>oai:arXiv.org:hep-th/9901001</identifier>
<datestamp>2026-11-20</datestamp><setSpec>physics:hep-th</setSpec></header><metadata>
<arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>hep-th/9901001</id><created>1999-01-04</created>
<updated>2026-11-19</updated><authors>
<author><keyname>King</keyname><forenames>M. L.</forenames><suffix>Jr.</suffix></author>
<author><keyname>Planck Collaboration</keyname></author></authors>
<title>A Title on
  Two Lines</title><categories>hep-th gr-qc</categories><comments>3 pages</comments>
<report-no>R-1</report-no><journal-ref>J. Things 1 (2000)</journal-ref><doi>10.1000/A 10.1000/b</doi>
<license>https://a.org/l</license><abstract>  We
do.
</abstract></arXiv></metadata></record>"""
DELETED = '<record><header status="deleted"><identifier>oai:x</identifier></header></record>'


def answer(inner: str = "", *, verb: str = "ListRecords", at: str = "2026-11-23T03:00:00Z") -> str:
    return f"""<?xml version="1.0"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>{at}</responseDate>
{f"<{verb}>{inner}</{verb}>" if verb else inner}</OAI-PMH>"""


def error(code: str) -> str:
    return answer(f'<error code="{code}">so</error>', verb="")


def record(number: int) -> str:
    return RECORD.replace("9901001", f"99010{number:02}")


def parse(text: str) -> list[Paper | Problem]:
    return arxiv_oai.parse(xml_of(Answer(arxiv_oai.URL, 200, {}, text.encode())))


@pytest.fixture
def client(service: Service) -> Iterator[Any]:
    with service.client() as opened:
        yield opened


def follow(client: Any, state: dict[str, Any], since: date | None = None) -> list[Any]:
    return list(arxiv_oai.follow(client, OPTIONS, state, NOW, since))


def ids(items: list[Any]) -> list[str]:
    return [found.identifier("arxiv")[-2:] for found in items]


def test_a_record_is_read():
    [paper] = parse(answer(RECORD + DELETED))
    assert paper.title == "A Title on Two Lines"
    assert paper.authors == ("King, Jr., M. L.", "Planck Collaboration")
    assert [":".join(i) for i in paper.identifiers] == [
        "arxiv:hep-th/9901001",
        "doi:10.1000/a",
        "doi:10.1000/b",
    ]
    assert (paper.date, paper.standing) == ("1999-01-04", Standing.PREPRINT)
    assert (paper.abstract, paper.categories) == ("We do.", ("hep-th", "gr-qc"))
    assert paper.extra == {
        "comments": "3 pages",
        "journal_ref": "J. Things 1 (2000)",
        "report_no": "R-1",
        "license": "https://a.org/l",
    }


def test_records_of_other_repositories_are_problems():
    other = RECORD.replace("<arXiv xmlns", "<dc xmlns").replace("</arXiv>", "</dc>")
    [problem] = parse(answer(other))
    assert str(problem) == "oai:arXiv.org:hep-th/9901001: a record without arXiv's metadata"


@pytest.mark.parametrize("code", ["badArgument", "badVerb", "cannotDisseminateFormat"])
def test_what_the_service_objects_to_is_said(code: str):
    with pytest.raises(SourceError, match=f"oaipmh.arxiv.org answered: {code} so"):
        parse(error(code))
    with pytest.raises(SourceError, match="something else than OAI-PMH"):
        parse("<rss/>")


@given(st.sets(st.sampled_from(["id", "created", "authors", "keyname", "title", "header"])))
def test_no_record_is_too_odd(missing: set[str]):
    text = RECORD
    for name in missing:
        text = text.replace(f"<{name}>", "<odd>").replace(f"</{name}>", "</odd>")
    assert len(parse(answer(text))) == 1


@pytest.mark.parametrize(
    ("category", "name"),
    [
        ("cs", "cs"),
        ("cs.LG", "cs:cs:LG"),
        ("q-bio.NC", "q-bio:q-bio:NC"),
        ("hep-th", "physics:hep-th"),
        ("astro-ph.CO", "physics:astro-ph:CO"),
        ("physics.optics", "physics:physics:optics"),
        ("physics", "physics:physics"),
    ],
)
def test_categories_are_sets(category: str, name: str):
    assert arxiv_oai.set_of(category) == name


def test_a_harvest_goes_on_page_by_page_and_next_time_from_where_it_began(
    service: Service, client: Any
):
    service.answer("set=physics", answer(record(1) + "<resumptionToken>a|1</resumptionToken>"))
    service.answer("resumptionToken=", answer(record(2) + "<resumptionToken/>"))
    first, last = follow(client, {})
    assert (ids(first.items), ids(last.items)) == (["01"], ["02"])
    assert [seen.place for seen in first.items[0].sightings] == ["physics:hep-th"]
    assert service.requests[0].query["from"] == "2026-11-16"
    assert service.requests[1].query == {"verb": "ListRecords", "resumptionToken": "a|1"}
    assert last.state == {"from": "2026-11-22"}  # a day before the service's own
    service.answer("set=physics", error("noRecordsMatch"))
    [nothing] = follow(client, last.state)
    assert nothing.items == []
    assert service.requests[2].query["from"] == "2026-11-22"


def test_a_harvest_that_was_broken_off_goes_on(service: Service, client: Any):
    service.answer("set=physics", answer(record(1) + "<resumptionToken>a</resumptionToken>"))
    service.answer("resumptionToken=a", 500)
    pages = arxiv_oai.follow(client, OPTIONS, {}, NOW, None)
    state = next(pages).state
    with pytest.raises(SourceError, match="500"):
        next(pages)
    service.answer("resumptionToken=a", answer(record(2)))
    service.answer("set=physics", answer(record(3), at="2026-11-24T03:00:00Z"))
    rest, since = follow(client, state)
    assert (ids(rest.items), ids(since.items)) == (["02"], ["03"])
    assert service.requests[-1].query["from"] == "2026-11-22"
    assert since.state == {"from": "2026-11-23"}


def test_with_a_token_of_yesterday_it_begins_anew(service: Service, client: Any):
    service.answer("set=physics", answer(record(1)))
    service.answer("resumptionToken=old", error("badResumptionToken"))
    state = {
        "from": "2026-01-01",
        "begun": "2026-11-20",
        "left": ["physics:hep-th"],
        "token": "old",
    }
    pages = follow(client, state)
    assert [ids(page.items) for page in pages] == [["01"], ["01"]]
    assert [r.query.get("from") for r in service.requests] == [None, "2026-01-01", "2026-11-19"]


def test_since_overrides_where_it_stood(service: Service, client: Any):
    service.answer("set=physics", answer(record(1)))
    follow(client, {"from": "2026-11-22"}, since=date(2020, 5, 1))
    assert service.requests[0].query["from"] == "2020-05-01"


def test_single_papers_are_got_and_unknown_ones_are_not(service: Service, client: Any):
    service.answer("9901001", answer(RECORD, verb="GetRecord"))
    service.answer("0000.0001", error("idDoesNotExist"))
    wanted = [i for text in ("0704.0001", "hep-th/9901001") if (i := identifier(text))]
    service.answer("0704.0001", error("idDoesNotExist"))
    assert ids(list(arxiv_oai.get(client, wanted))) == ["01"]
    assert service.requests[1].query == {
        "verb": "GetRecord",
        "identifier": "oai:arXiv.org:hep-th/9901001",
        "metadataPrefix": "arXiv",
    }


def test_every_recorded_answer_is_read(shared: Path):
    counts: dict[str, tuple[int, int] | str] = {}
    for file in sorted((shared / "fixtures/arxiv_oai").glob("*.xml")):
        try:
            items = arxiv_oai.parse(xml_of(Answer(arxiv_oai.URL, 200, {}, file.read_bytes())))
        except SourceError as failed:
            counts[file.name] = str(failed).partition("answered ")[2]
            continue
        papers = [item for item in items if isinstance(item, Paper)]
        assert all(p.title and p.authors and p.date and p.categories for p in papers)
        counts[file.name] = (len(papers), len(items) - len(papers))
    arxivs = {name: n for name, n in counts.items() if isinstance(n, tuple) and n[0]}
    assert arxivs.pop("arxiv-physics-hep-th.xml") == (3, 0)
    assert arxivs.pop("arxiv-single.xml") == (1, 0)
    assert arxivs.pop("sample_arxiv_record.xml") == (12, 0)
    assert list(arxivs.values()) == [(1, 0)] * 8
    assert counts["generic_ListRecords.xml"] == (0, 1)
    assert counts["generic_noRecordsMatch.xml"] == (0, 0)
    assert counts["generic_ListRecordsBroken.xml"] == "with damaged XML; try again later"
    assert len(counts) == 44
