"""PubMed: articles and books, by the numbers of two services and by title."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring, tostring

import pytest
from hypothesis import given
from hypothesis import strategies as st
from server import Reply, Service

from readlist import ids, sources
from readlist.errors import SourceError
from readlist.library import Library
from readlist.models import Identifier, Paper, Problem, Standing
from readlist.sources import pubmed
from readlist.sources.client import Answer, xml_of

TODAY = date(2026, 11, 23)
JOURNAL = """<Journal><ISSN IssnType="Electronic">1234-5679</ISSN>
  <JournalIssue><Volume>5</Volume><Issue>2</Issue>
    <PubDate><Year>2014</Year><Month>Oct</Month></PubDate></JournalIssue>
  <Title>Annals of rest &amp; sleep</Title><ISOAbbreviation>Ann Rest Sleep</ISOAbbreviation>
</Journal>"""
TITLE = "<ArticleTitle>Sleep of <i>Ovis aries</i> in CO<sub>2</sub>.</ArticleTitle>"
AUTHORS = """<AuthorList CompleteYN="Y">
  <Author ValidYN="Y"><LastName>Ode</LastName><ForeName>Ann M</ForeName><Initials>AM</Initials>
    <AffiliationInfo><Affiliation>Institute of Rest</Affiliation></AffiliationInfo></Author>
  <Author ValidYN="N"><LastName>Lie</LastName><ForeName>Bo</ForeName></Author>
  <Author><LastName>Li</LastName><Initials>B</Initials><Suffix>Jr</Suffix></Author>
  <Author><CollectiveName>Sheep Consortium</CollectiveName></Author>
</AuthorList>"""
ABSTRACT = """<Abstract><AbstractText Label="AIM" NlmCategory="OBJECTIVE">To rest.</AbstractText>
  <AbstractText Label="UNLABELLED">Sheep <b>sleep</b>.</AbstractText>
  <CopyrightInformation>Copyright.</CopyrightInformation></Abstract>"""
PAGES = "<Pagination><MedlinePgn>151-7</MedlinePgn></Pagination>"
NUMBERS = """<ArticleId IdType="pubmed">101</ArticleId><ArticleId IdType="pmc">PMC202</ArticleId>
  <ArticleId IdType="doi">10.1000/REST.5</ArticleId><ArticleId IdType="pii">5</ArticleId>"""


def article(
    pmid: str = "101",
    *,
    journal: str = JOURNAL,
    title: str = TITLE,
    more: str = "",
    kinds: str = "Journal Article",
    around: str = "",
    numbers: str = NUMBERS,
) -> str:
    types = "".join(f"<PublicationType>{kind}</PublicationType>" for kind in kinds.split("; "))
    return f"""<PubmedArticle><MedlineCitation><PMID Version="1">{pmid}</PMID>
      <Article>{journal}{title}{more}<PublicationTypeList>{types}</PublicationTypeList></Article>
      {around}</MedlineCitation><PubmedData><ArticleIdList>{numbers}</ArticleIdList>
      <ReferenceList><Reference><ArticleIdList><ArticleId IdType="doi">10.1000/cited</ArticleId>
      </ArticleIdList></Reference></ReferenceList></PubmedData></PubmedArticle>"""


def answer(*records: str) -> str:
    return f"""<?xml version="1.0" ?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN"
  "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">
<PubmedArticleSet>{"".join(records)}</PubmedArticleSet>"""


def root(said: str) -> Element:
    return xml_of(Answer(pubmed.URL, 200, {}, said.encode()))


def read(record: str) -> Paper:
    [paper] = pubmed.parse(root(answer(record)))
    assert isinstance(paper, Paper)
    return paper


def named(paper: Paper) -> list[str]:
    return [ids.format(identifier) for identifier in paper.identifiers]


@pytest.fixture
def client(service: Service) -> Iterator[Any]:
    with service.client() as opened:
        yield opened


# --- articles -----------------------------------------------------------------------------------


def test_an_article_is_read():
    headings = """<MeshHeadingList><MeshHeading><DescriptorName UI="D1">Sheep, Domestic
      </DescriptorName><QualifierName>physiology</QualifierName></MeshHeading></MeshHeadingList>
      <KeywordList Owner="NOTNLM"><Keyword>sleep</Keyword><Keyword>rest</Keyword></KeywordList>"""
    paper = read(article(more=PAGES + ABSTRACT + AUTHORS, around=headings))
    [version] = paper.versions
    assert version.title == "Sleep of Ovis aries in CO2"
    assert (version.standing, version.type) == (Standing.PUBLISHED, "article")
    assert (version.venue, version.date) == ("Annals of rest & sleep", "2014-10")
    assert version.fields == {
        "volume": "5",
        "number": "2",
        "pages": "151--157",
        "issn": "1234-5679",
        "shortjournal": "Ann Rest Sleep",
    }
    assert paper.authors == ("Ode, Ann M", "Li, Jr, B", "Sheep Consortium")
    assert paper.abstract == "AIM: To rest.\n\nSheep sleep."
    assert named(paper) == ["pmid:101", "pmcid:PMC202", "doi:10.1000/rest.5"]
    assert paper.extra == {"keywords": "Sheep, Domestic, sleep, rest"}
    assert (paper.retractions, paper.sightings, paper.links) == ((), (), ())


@pytest.mark.parametrize(
    ("stated", "title"),
    [
        ("<ArticleTitle>[The sleep of sheep].</ArticleTitle>", "The sleep of sheep"),
        ("<ArticleTitle>[Sheep and [3H] water.]</ArticleTitle>", "Sheep and [3H] water"),
        ("<ArticleTitle>[3H]water and [4He].</ArticleTitle>", "[3H]water and [4He]"),
        ("<ArticleTitle>And then...</ArticleTitle>", "And then..."),
        (
            (
                "<ArticleTitle>[Not Available].</ArticleTitle>"
                "<VernacularTitle>Schafe schlafen.</VernacularTitle>"
            ),
            "Schafe schlafen",
        ),
        (
            (
                "<ArticleTitle>Of <mml:math xmlns:mml='http://www.w3.org/1998/Math/MathML'>"
                "<mml:mi>n</mml:mi></mml:math> sheep &amp;amp; goats</ArticleTitle>"
            ),
            "Of n sheep & goats",
        ),
        ("<ArticleTitle/>", ""),
    ],
)
def test_titles(stated: str, title: str):
    assert read(article(title=stated)).title == title


@pytest.mark.parametrize(
    ("stated", "day"),
    [
        ("<Year>2014</Year><Month>Oct</Month><Day>3</Day>", "2014-10-03"),
        ("<Year>2014</Year><Month>10</Month>", "2014-10"),
        ("<Year>2014</Year><Season>Spring</Season>", "2014"),
        ("<MedlineDate>1998 Dec-1999 Jan</MedlineDate>", "1998-12"),
        ("<MedlineDate>2015 Nov 3-9</MedlineDate>", "2015-11"),
        ("<MedlineDate>2015 Nov 30-Dec 6</MedlineDate>", "2015-11"),
        ("<MedlineDate>Spring 2000</MedlineDate>", "2000"),
        ("<MedlineDate>2000 Spring</MedlineDate>", "2000"),
        ("<MedlineDate>1978-1979</MedlineDate>", "1978"),
        ("<Year>next</Year>", ""),
        ("<Year>2014</Year><Month>Oct</Month><Day>3rd</Day>", "2014-10"),
    ],
)
def test_dates_of_issues(stated: str, day: str):
    issue = f"<JournalIssue><PubDate>{stated}</PubDate></JournalIssue>"
    assert read(article(journal=f"<Journal><Title>Rest</Title>{issue}</Journal>")).date == day


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [("2014", "10", "2014-10-09"), ("2014", "08", "2014-10"), ("2013", "10", "2014-10")],
)
def test_the_day_on_which_it_was_online_is_that_of_the_same_month(year: str, month: str, day: str):
    online = f"<Year>{year}</Year><Month>{month}</Month><Day>09</Day>"
    more = f'<ArticleDate DateType="Electronic">{online}</ArticleDate>'
    assert read(article(more=more)).date == day
    assert read(article(journal="<Journal/>", more=more)).date == f"{year}-{month}-09"


@pytest.mark.parametrize(
    ("stated", "pages"),
    [
        ("<MedlinePgn>1234-45</MedlinePgn>", "1234--1245"),
        ("<MedlinePgn>e157-61</MedlinePgn>", "e157--e161"),
        ("<MedlinePgn>S12-S18</MedlinePgn>", "S12--S18"),
        ("<MedlinePgn>98-103</MedlinePgn>", "98--103"),
        ("<MedlinePgn>e5807</MedlinePgn>", "e5807"),
        ("<MedlinePgn>12-5, 20</MedlinePgn>", "12-5, 20"),
        ("<StartPage>151</StartPage><EndPage>157</EndPage>", "151--157"),
        ("<StartPage>151</StartPage><MedlinePgn>151</MedlinePgn>", "151"),
        ("<StartPage>9</StartPage><EndPage>9</EndPage>", "9"),
    ],
)
def test_pages(stated: str, pages: str):
    paper = read(article(more=f"<Pagination>{stated}</Pagination>"))
    assert paper.versions[0].fields["pages"] == pages


def test_an_abstract_may_be_in_another_language_only():
    other = """<OtherAbstract Type="Publisher" Language="ger"><AbstractText>Schafe ruhen.
      </AbstractText></OtherAbstract>"""
    assert read(article(around=other)).abstract == "Schafe ruhen."
    assert read(article(more=ABSTRACT, around=other)).abstract.startswith("AIM")


def test_a_journal_may_have_its_short_name_only():
    info = "<MedlineJournalInfo><MedlineTA>Ann Rest</MedlineTA></MedlineJournalInfo>"
    version = read(article(journal="<Journal/>", around=info)).versions[0]
    assert (version.venue, version.fields) == ("Ann Rest", {})


def test_a_doi_that_was_wrong_is_not_taken():
    places = """<ELocationID EIdType="doi" ValidYN="N">10.1000/wrong</ELocationID>
      <ELocationID EIdType="doi" ValidYN="Y">10.1000/right</ELocationID>
      <ELocationID EIdType="pii">e5</ELocationID>"""
    assert named(read(article(more=places, numbers=""))) == ["pmid:101", "doi:10.1000/right"]


def notice(type: str, source: str = "") -> str:
    return f"""<CommentsCorrections RefType="{type}"><RefSource>{source}</RefSource>
      <PMID>909</PMID></CommentsCorrections>"""


@pytest.mark.parametrize(
    ("kinds", "notices", "texts"),
    [
        ("Journal Article", "", ()),
        ("Journal Article", notice("Cites", "Lancet. 2010 Feb 6;375"), ()),
        ("Retraction of Publication", notice("RetractionOf", "Lancet. 1998 Feb 28;351"), ()),
        ("Retracted Publication", "", ("retracted (pubmed)",)),
        (
            "Journal Article; Retracted Publication",
            notice("RetractionIn", "Lancet. 2010 Feb 6;375(9713):445"),
            ("retracted 2010-02-06 (pubmed)",),
        ),
        (
            "Retracted Publication",
            notice("ExpressionOfConcernIn", "Rest. 2009 Mar;3") + notice("RetractionIn", "odd"),
            ("expression of concern 2009-03 (pubmed)", "retracted (pubmed)"),
        ),
        (
            "x",
            notice("PartialRetractionIn", "Lancet. 2004;1"),
            ("retracted in part 2004 (pubmed)",),
        ),
    ],
)
def test_retractions(kinds: str, notices: str, texts: tuple[str, ...]):
    around = f"<CommentsCorrectionsList>{notices}</CommentsCorrectionsList>"
    title = "<ArticleTitle>RETRACTED: Counting sheep.</ArticleTitle>"
    paper = read(article(kinds=kinds, around=around, title=title))
    assert paper.retractions == texts
    assert paper.title == ("Counting sheep" if texts else "RETRACTED: Counting sheep")


def test_a_preprint_names_its_publication():
    around = f"""<CommentsCorrectionsList>{notice("UpdateIn", "Ann Rest. 2015")}
      {notice("Cites")}</CommentsCorrectionsList>"""
    paper = read(article(kinds="Preprint; Journal Article", around=around, numbers=""))
    [version] = paper.versions
    assert (version.standing, version.venue, version.type) == (Standing.PREPRINT, "", "")
    assert named(paper) == ["pmid:101", "pmid:909"]


@pytest.mark.parametrize("name", ["bioRxiv : the preprint server for biology", "ArXiv", "medRxiv"])
def test_a_preprint_server_is_no_journal(name: str):
    around = f"""<CommentsCorrectionsList>{notice("UpdateIn", "Ann Rest. 2015")}
      </CommentsCorrectionsList>"""
    said = JOURNAL.replace("Annals of rest &amp; sleep", name)
    paper = read(article(journal=said, around=around, numbers=""))
    [version] = paper.versions
    assert (version.standing, version.venue, version.fields) == (Standing.PREPRINT, "", {})
    assert version.date == "2014-10"
    assert named(paper) == ["pmid:101", "pmid:909"]


# --- books --------------------------------------------------------------------------------------


def book(title: str = "", isbn: str = "9781860163593") -> str:
    return f"""<PubmedBookArticle><BookDocument><PMID>303</PMID>{title}
      <Book><Publisher><PublisherName>Rest &amp; Sons</PublisherName>
      <PublisherLocation>London</PublisherLocation></Publisher>
      <BookTitle book="rest">The Book of Rest</BookTitle>
      <PubDate><Year>2009</Year><Month>02</Month></PubDate>
      <AuthorList Type="authors"><Author><CollectiveName>Centre of Rest</CollectiveName></Author>
      </AuthorList><AuthorList Type="editors"><Author><LastName>Ode</LastName>
      <ForeName>Ann</ForeName></Author><Author><CollectiveName>Rest and Co</CollectiveName></Author>
      </AuthorList><CollectionTitle>Guides</CollectionTitle><Isbn>{isbn}</Isbn></Book>
      <Abstract><AbstractText>On rest.</AbstractText></Abstract></BookDocument>
      <PubmedBookData><ArticleIdList><ArticleId IdType="pubmed">303</ArticleId></ArticleIdList>
      </PubmedBookData></PubmedBookArticle>"""


def test_a_book_is_read():
    paper = read(book())
    [version] = paper.versions
    assert (version.title, version.venue, version.type, version.date) == (
        "The Book of Rest",
        "Rest & Sons",
        "book",
        "2009-02",
    )
    assert version.fields == {
        "series": "Guides",
        "address": "London",
        "isbn": "9781860163593",
        "editor": "Ode, Ann and {Rest and Co}",
    }
    assert (paper.authors, paper.abstract) == (("Centre of Rest",), "On rest.")
    assert named(paper) == ["pmid:303", "isbn:9781860163593"]


def test_a_chapter_is_in_a_book():
    authors = """<AuthorList Type="authors"><Author><LastName>Li</LastName></Author></AuthorList>"""
    paper = read(book(f"<ArticleTitle>Sheep.</ArticleTitle>{authors}"))
    [version] = paper.versions
    assert (version.title, version.venue, version.type) == (
        "Sheep",
        "The Book of Rest",
        "incollection",
    )
    assert version.fields["publisher"] == r"Rest \& Sons"
    assert (paper.authors, named(paper)) == (("Li",), ["pmid:303"])


@pytest.mark.parametrize("record", [article(), book()])
def test_a_record_may_stand_alone(record: str):
    assert pubmed.parse(root(record)) == pubmed.parse(root(answer(record)))


# --- nothing is too odd -------------------------------------------------------------------------


def test_what_has_neither_title_nor_number_is_a_problem():
    nothing = "<PubmedArticle><x>some words</x></PubmedArticle><PubmedBookArticle/>"
    good, *problems = pubmed.parse(root(answer(article(), "<DeleteCitation/>", nothing)))
    assert isinstance(good, Paper)
    assert [str(problem) for problem in problems] == ["pubmed: no title and no identifier"] * 2
    assert isinstance(problems[0], Problem)
    assert problems[0].raw == "some words"


@given(st.lists(st.tuples(st.integers(0, 200), st.sampled_from("xtdn"))), st.booleans())
def test_no_record_is_too_odd(changes: list[tuple[int, str]], is_book: bool):
    """Elements lose their names, their texts or their children, or have others' texts."""
    full = article(more=PAGES + ABSTRACT + AUTHORS, around=notice("RetractionIn", "L. 2010 Feb 31"))
    tree = fromstring(book() if is_book else full)
    for number, change in changes:
        elements = list(tree.iter())[1:]
        if not elements:
            break
        element = elements[number % len(elements)]
        if change == "x":
            element.tag = "x"
        elif change == "t":
            element.text = None
        elif change == "d":
            element[:] = []
        else:
            element.text = elements[(number * 7) % len(elements)].text
    found = pubmed.parse(root(answer(tostring(tree, encoding="unicode"))))
    assert len(found) == 1
    with Library(":memory:") as library:
        library.add_all(found, now=datetime(2026, 11, 23, tzinfo=UTC))


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("<eFetchResult><ERROR>Unable to obtain query #1</ERROR></eFetchResult>", "Unable to"),
        ("<eLinkResult/>", "something else than papers"),
        ("<html><body>Maintenance</body></html>", "a web page instead of XML"),
    ],
)
def test_another_answer_is_an_error(service: Service, client: Any, said: str, message: str):
    service.answer("efetch", said)
    with pytest.raises(SourceError, match=f"eutils.ncbi.nlm.nih.gov answered with {message}"):
        look_up(client, "pmid:101")


def test_every_recorded_answer_is_read(shared: Path):
    counts: Counter[str] = Counter()
    for file in sorted((shared / "fixtures/pubmed").glob("*.xml")):
        try:
            found = pubmed.parse(xml_of(Answer(pubmed.URL, 200, {}, file.read_bytes())))
        except SourceError as failed:
            counts[str(failed).partition("answered with ")[2]] += 1
            continue
        counts["empty"] += not found
        for item in found:
            counts[type(item).__name__] += 1
            if isinstance(item, Paper):
                assert item.identifier("pmid")
                counts["titled"] += bool(item.title)
                counts["dated"] += bool(item.date)
                counts["abstracts"] += bool(item.abstract)
                counts["authors"] += bool(item.authors)
                counts["published"] += item.standing is Standing.PUBLISHED
                counts["doi"] += bool(item.identifier("doi"))
                counts["pmcid"] += bool(item.identifier("pmcid"))
    assert counts == {
        "Paper": 107,
        "Problem": 1,
        "empty": 1,
        "titled": 106,
        "dated": 106,
        "abstracts": 90,
        "authors": 104,
        "published": 106,
        "doi": 102,
        "pmcid": 54,
        "something else than papers": 1,
        "damaged XML; try again later": 2,
    }


# --- by number ----------------------------------------------------------------------------------


def look_up(client: Any, *wanted: str) -> list[Any]:
    identifiers = [Identifier(*each.split(":")) for each in wanted]
    return list(pubmed.lookup(client, identifiers, TODAY))


def test_papers_come_in_the_order_asked(service: Service, client: Any):
    service.answer("efetch", answer(article("7", numbers=""), article("8", numbers=""), "<x/>"))
    papers = look_up(client, "pmid:8", "pmid:99", "pmid:7", "pmid:8")
    assert [named(paper) for paper in papers] == [["pmid:8"], ["pmid:7"]]
    assert service.requests[0].query == {"db": "pubmed", "id": "8,99,7", "retmode": "xml"}


def test_many_are_asked_for_in_few_requests(service: Service, client: Any):
    service.answer("efetch", answer())
    assert look_up(client, *[f"pmid:{number}" for number in range(1, 451)]) == []
    assert [len(r.query["id"].split(",")) for r in service.requests] == [200, 200, 50]
    assert service.clock.pauses == [0.4, 0.4]


def test_numbers_of_pubmed_central_are_converted(service: Service, client: Any):
    records = [
        {"requested-id": "PMC202", "pmcid": "PMC202", "pmid": 7, "doi": "10.1000/a"},
        {"requested-id": "PMC203", "pmcid": "PMC203", "pmid": "8"},
        {"requested-id": "PMC204", "status": "error", "errmsg": "invalid article id"},
        {"requested-id": "PMC205", "pmcid": "PMC205", "doi": "10.1000/only"},
        None,
    ]
    service.answer("idconv", {"status": "ok", "records": records})
    service.answer("efetch", answer(article("8", numbers=""), article("7", numbers="")))
    papers = look_up(client, "pmcid:PMC205", "pmcid:PMC202", "pmcid:PMC204", "pmcid:PMC203")
    assert [named(paper) for paper in papers] == [
        ["pmid:7", "pmcid:PMC202"],
        ["pmid:8", "pmcid:PMC203"],
    ]
    convert, fetch = service.requests
    assert convert.query == {"ids": "PMC205,PMC202,PMC204,PMC203", "format": "json"}
    assert fetch.query["id"] == "7,8"


@pytest.mark.parametrize("said", [{}, [], {"records": None}, 404, 400])
def test_without_a_number_in_pubmed_there_is_no_paper(service: Service, client: Any, said: Any):
    service.answer("idconv", said)
    assert look_up(client, "pmcid:PMC202") == []
    assert len(service.requests) == 1


def test_a_refused_conversion_spoils_no_other_number(service: Service, client: Any):
    service.answer("idconv", 400)
    service.answer("efetch", answer(article("7", numbers="")))
    assert [named(paper) for paper in look_up(client, "pmcid:PMC202", "pmid:7")] == [["pmid:7"]]


def test_it_is_told_who_asks(service: Service):
    service.answer("idconv", {"records": [{"pmcid": "PMC202", "pmid": 7}]})
    service.answer("efetch", answer())
    with service.client(contact="ode@rest.example", keys={"ncbi": "a-key"}) as client:
        look_up(client, "pmcid:PMC202")
    convert, fetch = service.requests
    who = {"tool": "readlist", "email": "ode@rest.example"}
    assert convert.query == {"ids": "PMC202", "format": "json", **who}
    assert fetch.query == {"db": "pubmed", "id": "7", "retmode": "xml", "api_key": "a-key", **who}


UNKNOWN = {"uid": "8", "error": "cannot get document summary"}


def test_one_number_that_is_refused_does_not_spoil_the_others(service: Service, client: Any):
    service.answer("efetch", 400)
    service.answer("efetch.*id=7%2C9&", answer(article("7", numbers=""), article("9", numbers="")))
    summaries = {"uids": ["7", "8", "9"], "7": {"uid": "7"}, "8": UNKNOWN, "9": {"uid": "9"}}
    service.answer("esummary", {"result": summaries})
    papers = look_up(client, "pmid:7", "pmid:8", "pmid:9")
    assert [named(paper) for paper in papers] == [["pmid:7"], ["pmid:9"]]
    assert len(service.requests) == 3
    assert service.requests[1].query == {"db": "pubmed", "id": "7,8,9", "retmode": "json"}


@pytest.mark.parametrize("known", [[], {}, {"result": None}, {"result": {"8": UNKNOWN}}])
def test_many_that_are_unknown_cost_two_requests(service: Service, known: Any):
    service.answer("efetch", 400)
    service.answer("esummary", known)
    service.answer("api.semanticscholar.org", [None] * 200)
    wanted = [Identifier("pmid", str(number)) for number in range(1, 201)]
    with service.client() as client:
        found = list(sources.lookup(client, wanted, TODAY))
    why = "unknown to pubmed and semantic_scholar"
    assert found == [sources.Missing(identifier, why, unknown=True) for identifier in wanted]
    assert [r.path.rpartition("/")[2] for r in service.requests] == [
        *("efetch.fcgi", "esummary.fcgi", "batch")
    ]


def test_what_is_known_and_refused_is_an_error(service: Service, client: Any):
    service.answer("efetch", 400)
    service.answer("esummary", {"result": {"uids": ["7"], "7": {"uid": "7"}}})
    with pytest.raises(SourceError, match="400 Bad Request"):
        look_up(client, "pmid:7")
    assert len(service.requests) == 2


def test_a_wrong_key_is_told(service: Service):
    service.answer("efetch", Reply({"error": "API key invalid"}, status=400))
    with (
        service.client(keys={"ncbi": "wrong"}) as client,
        pytest.raises(SourceError, match="400 Bad Request: API key invalid"),
    ):
        look_up(client, "pmid:7", "pmid:8")


def test_problems_come_beside_papers(service: Service, client: Any):
    service.answer("efetch", answer("<PubmedArticle/>", article("7", numbers="")))
    paper, problem = look_up(client, "pmid:7")
    assert isinstance(paper, Paper)
    assert isinstance(problem, Problem)


# --- by title -----------------------------------------------------------------------------------


def test_a_title_is_looked_for(service: Service, client: Any):
    service.answer("esearch", {"esearchresult": {"count": "2", "idlist": ["8", "7"]}})
    service.answer("efetch", answer(article("8"), article("7"), "<PubmedArticle/>"))
    found = pubmed.search(client, "Sheep AND Goats: [a β-study]", TODAY)
    assert [paper.identifier("pmid") for paper in found] == ["8", "7"]
    assert service.requests[0].query == {
        "db": "pubmed",
        "term": "sheep and goats a β study",
        "field": "title",
        "sort": "relevance",
        "retmax": "10",
        "retmode": "json",
    }


def test_nothing_is_found(service: Service, client: Any):
    assert pubmed.search(client, " – ", TODAY) == []
    assert service.requests == []
    service.answer("esearch", {"esearchresult": {"count": "0", "idlist": []}})
    assert pubmed.search(client, "Sheep", TODAY) == []
    assert len(service.requests) == 1


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"esearchresult": {"ERROR": "Search Backend failed"}}, "Search Backend failed"),
        ({"esearchresult": {"idlist": None}}, "something else than papers"),
        ([], "something else than papers"),
    ],
)
def test_a_search_that_fails_is_told(service: Service, client: Any, said: Any, message: str):
    service.answer("esearch", said)
    with pytest.raises(SourceError, match=f"answered with {message}"):
        pubmed.search(client, "Sheep", TODAY)
