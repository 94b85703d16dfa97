"""The ACL Anthology: papers by their ids, as MODS, and files of its volumes."""

import html
import re
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from make import NOW
from server import Reply, Service

from readlist import ids
from readlist.errors import SourceError
from readlist.models import Identifier, Link, Paper, Problem, Standing
from readlist.sources import acl
from readlist.sources.client import Answer, xml_of

TODAY = NOW.date()
MODS = """<?xml version="1.0" encoding="UTF-8"?>
<modsCollection xmlns="http://www.loc.gov/mods/v3">
<mods ID="le-scao-rush-2021-many">
  <titleInfo><title>How many data points is a prompt worth?</title></titleInfo>
  <name type="personal">
    <namePart type="given">Teven</namePart><namePart type="family">Le Scao</namePart>
    <role><roleTerm authority="marcrelator" type="text">author</roleTerm></role>
  </name>
  <name type="corporate"><namePart>Team of Rest</namePart>
    <role><roleTerm authority="marcrelator" type="text">author</roleTerm></role>
  </name>
  <originInfo><dateIssued>2021-06</dateIssued></originInfo>
  <typeOfResource>text</typeOfResource>
  <relatedItem type="host">
    <titleInfo><title>Proceedings of the 2021 Conference</title></titleInfo>
    <name type="personal">
      <namePart type="given">Kristina</namePart><namePart type="family">Toutanova</namePart>
      <role><roleTerm authority="marcrelator" type="text">editor</roleTerm></role>
    </name>
    <originInfo><publisher>Johns &amp; Sons</publisher>
      <place><placeTerm type="text">Online</placeTerm></place>
    </originInfo>
    <genre authority="marcgt">conference publication</genre>
  </relatedItem>
  <abstract>Often hundreds.</abstract>
  <identifier type="citekey">le-scao-rush-2021-many</identifier>
  <identifier type="doi">10.18653/v1/2021.naacl-main.208</identifier>
  <location><url>https://aclanthology.org/2021.naacl-main.208/</url></location>
  <part><date>2021-06</date>
    <extent unit="page"><start>2627</start><end>2636</end></extent>
  </part>
</mods>
</modsCollection>"""
ARTICLE = """<modsCollection xmlns="http://www.loc.gov/mods/v3"><mods>
  <titleInfo><title>Rest</title></titleInfo>
  <relatedItem type="host"><titleInfo><title>Computational Linguistics</title></titleInfo>
    <genre authority="bibutilsgt">academic journal</genre></relatedItem>
  <location><url>https://aclanthology.org/J89-1001/</url></location>
  <part><date>1989-03</date><detail type="volume"><number>15</number></detail>
    <detail type="issue"><number>1</number></detail>
    <extent unit="page"><start>7</start><end>7</end></extent></part>
</mods></modsCollection>"""


def volume(
    paper: str, collection: str = "2022.acl", name: str = "long", meta: str = "", type: str = ""
) -> str:
    meta = meta or (
        "<booktitle>Proceedings of the 60th Annual Meeting</booktitle>"
        "<editor><first>Smaranda</first><last>Muresan</last></editor>"
        "<publisher>ACL</publisher><address>Dublin, Ireland</address>"
        "<month>May–June</month><year>2022</year>"
    )
    return (
        f'<collection id="{collection}"><volume id="{name}" type="{type or "proceedings"}">'
        f"<meta>{meta}</meta><frontmatter><url>{collection}-{name}.0</url></frontmatter>"
        f"{paper}</volume></collection>"
    )


def parse(text: str) -> list[Paper | Problem]:
    return acl.parse(xml_of(Answer(acl.URL, 200, {}, text.encode())))


def read(text: str) -> Paper:
    [paper] = parse(text)
    assert isinstance(paper, Paper)
    return paper


def named(paper: Paper) -> list[str]:
    return [ids.format(identifier) for identifier in paper.identifiers]


# --- MODS ---------------------------------------------------------------------------------------


def test_a_conference_paper_is_read():
    paper = read(MODS)
    (version,) = paper.versions
    assert version.title == "How many data points is a prompt worth?"
    assert (version.standing, version.type) == (Standing.PUBLISHED, "inproceedings")
    assert (version.venue, version.date) == ("Proceedings of the 2021 Conference", "2021-06")
    assert version.fields == {
        "pages": "2627--2636",
        "editor": "Toutanova, Kristina",
        "publisher": "Johns \\& Sons",
        "address": "Online",
    }
    assert paper.authors == ("Le Scao, Teven", "Team of Rest")
    assert paper.abstract == "Often hundreds."
    assert named(paper) == ["acl:2021.naacl-main.208", "doi:10.18653/v1/2021.naacl-main.208"]
    assert paper.links == (Link("pdf", "https://aclanthology.org/2021.naacl-main.208.pdf"),)
    assert paper.key == ""
    assert paper.sightings == ()


def test_an_article_has_volume_and_number():
    paper = read(ARTICLE)
    (version,) = paper.versions
    assert (version.type, version.venue) == ("article", "Computational Linguistics")
    assert version.date == "1989-03"
    assert version.fields == {"volume": "15", "number": "1", "pages": "7"}
    assert named(paper) == ["acl:J89-1001"]


# --- volumes ------------------------------------------------------------------------------------


def test_a_paper_of_a_volume_is_read():
    paper = read(
        volume(
            '<paper id="1"><title><fixed-case>A</fixed-case>dap<fixed-case>L</fixed-case>e: a'
            "\n  <tex-math>k^2</tex-math> <i>speed-up</i></title>"
            "<author><first>Ali</first><last>Modarressi</last>"
            "<affiliation>Rest</affiliation></author>"
            "<author><first/><last>Plato</last></author>"
            "<pages>1–15</pages><abstract>We <b>rest</b>.</abstract>"
            '<url hash="a3b4bfc3">2022.acl-long.1</url><bibkey>modarressi-2022</bibkey>'
            "<doi>10.18653/v1/2022.acl-long.1</doi>"
            '<pwccode url="https://github.com/amodaresi/adapler">amodaresi/adapler</pwccode>'
            "</paper>"
        )
    )
    (version,) = paper.versions
    assert version.title == "AdapLe: a $k^2$ speed-up"
    assert (version.type, version.date) == ("inproceedings", "2022-05")
    assert version.venue == "Proceedings of the 60th Annual Meeting"
    assert version.fields == {
        "pages": "1--15",
        "editor": "Muresan, Smaranda",
        "publisher": "ACL",
        "address": "Dublin, Ireland",
    }
    assert paper.authors == ("Modarressi, Ali", "Plato")
    assert (paper.abstract, paper.key) == ("We rest.", "")
    assert named(paper) == ["acl:2022.acl-long.1", "doi:10.18653/v1/2022.acl-long.1"]
    assert paper.links == (
        Link("pdf", "https://aclanthology.org/2022.acl-long.1.pdf"),
        Link("code", "https://github.com/amodaresi/adapler"),
    )


def test_a_volume_of_a_journal_has_articles():
    meta = (
        "<booktitle>Computational Linguistics, Volume 15, Number 1, March 1989</booktitle>"
        "<year>1989</year><journal-volume>15</journal-volume><journal-issue>1</journal-issue>"
    )
    paper = read(volume('<paper id="4"><title>Rest</title></paper>', "J89", "1", meta, "journal"))
    (version,) = paper.versions
    assert (version.type, version.venue) == ("article", "Computational Linguistics")
    assert (version.date, version.fields) == ("1989", {"volume": "15", "number": "1"})
    assert named(paper) == ["acl:J89-1004"]


@pytest.mark.parametrize(
    ("collection", "name", "number", "id"),
    [
        ("P18", "1", "7", "P18-1007"),
        ("W19", "52", "7", "W19-5207"),
        ("C69", "1", "7", "C69-0107"),
        ("D19", "1", "670", "D19-1670"),
        ("D19", "50", "7", "D19-5007"),
        ("2020.findings", "emnlp", "3", "2020.findings-emnlp.3"),
    ],
)
def test_ids_of_old_and_new(collection: str, name: str, number: str, id: str):
    paper = read(volume(f'<paper id="{number}"><title>Rest</title></paper>', collection, name))
    assert named(paper) == [f"acl:{id}"]


def test_a_paper_may_be_elsewhere():
    url = "http://www.example.org/pdf/5.pdf"
    paper = read(volume(f'<paper id="5"><title>Rest</title><url>{url}</url></paper>'))
    assert paper.links == (Link("pdf", url),)


def test_what_was_taken_back_is_told():
    paper = read(
        volume(
            '<paper id="5"><title>Rest</title><retracted date="2021-03-04">By us.</retracted>'
            "<removed>Gone.</removed></paper>"
        )
    )
    assert paper.retractions == ("retracted 2021-03-04 (acl)", "removed (acl)")


def test_front_matter_is_no_paper():
    assert parse(volume("")) == []


def test_what_names_nothing_is_a_problem():
    (problem,) = parse(volume("<paper/>", "J89", "one"))
    assert problem == Problem(where="acl", what="no title and no identifier")
    assert isinstance(parse('<modsCollection xmlns="http://www.loc.gov/mods/v3"><mods/>'
                            "</modsCollection>")[0], Problem)  # fmt: skip


def test_titles_within_titles_have_an_end():
    deep = "<i>" * 5000 + "x" + "</i>" * 5000
    assert read(volume(f'<paper id="5"><title>Rest{deep} Sleep</title></paper>')).title == (
        "Rest Sleep"
    )


NAMES = ["mods", "title", "titleInfo", "paper", "volume", "meta", "year", "month", "author", "url",
         "relatedItem", "part", "extent", "start", "last", "pages", "tex-math", "name"]  # fmt: skip
texts = st.sampled_from(["", "Rest", "2022", "J89", "1-", "–", "٣", "²", "0000", "May", "://"])
trees: Any = st.recursive(
    texts,
    lambda inner: st.builds(
        lambda name, id, parts: f'<{name} id="{escape(id)}">{"".join(parts)}</{name}>',
        st.sampled_from(NAMES),
        texts,
        st.lists(inner, max_size=4),
    ),
    max_leaves=12,
)


@given(st.sampled_from(["collection", "modsCollection"]), texts, trees)
def test_odd_documents_are_papers_or_problems(root: str, id: str, inner: str):
    space = ' xmlns="http://www.loc.gov/mods/v3"' if root == "modsCollection" else ""
    one = f"<mods>{inner}</mods>" if space else f"<paper id='1'>{inner}</paper>"
    inside = one if space else f"<volume id='{id}'>{one}{inner}<meta>{inner}</meta></volume>"
    items = parse(f'<{root}{space} id="{id}">{inside}{inner}</{root}>')
    assert items
    assert all(isinstance(item, Paper | Problem) for item in items)


# --- asking -------------------------------------------------------------------------------------


def asked(*names: str) -> list[Identifier]:
    return [found for name in names if (found := ids.parse(f"acl:{name}"))]


def test_each_is_asked_for_and_the_unknown_are_left_out(service: Service):
    service.answer(r"\.xml", Reply("<html>Not found</html>", status=404))
    service.answer(r"/2021\.naacl-main\.208\.xml", MODS)
    service.answer(r"/J89-1001\.xml", ARTICLE)
    wanted = asked("J89-1001", "P18-9999", "2021.naacl-main.208", "J89-1001")
    with service.client() as client:
        found = list(acl.lookup(client, wanted, TODAY))
    assert [i.identifier("acl") for i in found if isinstance(i, Paper)] == [
        "J89-1001",
        "2021.naacl-main.208",
    ]
    assert [request.path for request in service.requests] == [
        "/J89-1001.xml",
        "/P18-9999.xml",
        "/2021.naacl-main.208.xml",
    ]


def test_another_paper_is_not_taken_for_it(service: Service):
    service.answer(r"\.xml", ARTICLE)
    with service.client() as client:
        assert list(acl.lookup(client, asked("P18-1001"), TODAY)) == []


@pytest.mark.parametrize("body", ["<html><body>Wait</body></html>", "<feed/>", "none"])
def test_other_answers_fail(service: Service, body: str):
    service.answer(r"\.xml", body)
    with service.client() as client, pytest.raises(SourceError, match=r"aclanthology\.org answer"):
        list(acl.lookup(client, asked("P18-1001"), TODAY))


# --- recordings ---------------------------------------------------------------------------------


def test_every_recorded_volume_is_read(shared: Path):
    counts = {}
    for file in sorted((shared / "fixtures" / "acl_anthology").glob("*.xml")):
        items = parse(file.read_text())
        papers = [item for item in items if isinstance(item, Paper)]
        assert len(papers) == len(items) == len({paper.identifier("acl") for paper in papers})
        stated = re.findall(r"<url[^>]*>([^<]*[.-][0-9]+)</url>\s*<", file.read_text())
        assert {paper.identifier("acl") for paper in papers} <= set(stated)
        dois = [paper for paper in papers if paper.identifier("doi")]
        counts[file.stem] = (len(papers), len(dois))
    assert counts == {"toy_2022.acl": (774, 773), "toy_2022.naloma": (5, 0), "toy_J89": (58, 0)}


def test_the_recorded_mods_is_read(shared: Path):
    page = shared / "fixtures" / "acl_anthology" / "papis_ACL_2021.naacl-main.208.html"
    stated = re.search(r"<pre id=citeModsContent[^>]*>(.*?)</pre>", page.read_text(), re.DOTALL)
    assert stated
    paper = read(html.unescape(stated[1]))
    assert paper.identifier("acl") == "2021.naacl-main.208"
    assert paper.authors == ("Le Scao, Teven", "Rush, Alexander")
    assert paper.versions[0].fields["pages"] == "2627--2636"
