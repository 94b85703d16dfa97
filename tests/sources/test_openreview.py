"""OpenReview: notes of two APIs, and a venue that accepts and changes papers while it is read."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from server import Reply, Service
from strategies import hostile

from readlist import ids
from readlist.errors import SourceError
from readlist.library import Library
from readlist.models import Identifier, Link, Paper, Problem, Sighting, Standing
from readlist.sources import openreview
from readlist.sources.client import Answer

DAY = 86_400_000
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
VENUE = "ICLR.cc/2025/Conference"
BIBTEX = """@inproceedings{
ode2025sheep,
title={Sheep that Count {S}heep},
author={Ann Ode and Bo Li},
booktitle={The Thirteenth International Conference on Learning Representations},
year={2025},
url={https://openreview.net/forum?id=sheepCount1}
}"""


def at(day: date) -> int:
    """So many milliseconds, some of them after the day has begun."""
    return int(datetime(day.year, day.month, day.day, 7, tzinfo=UTC).timestamp() * 1000)


CONTENT = {
    "title": "Sheep that Count Sheep",
    "authors": ["Ann Ode", "Bo Li"],
    "abstract": "Sheep count.",
    "keywords": ["sheep", "counting"],
    "TLDR": "They count.",
    "venue": "ICLR 2025 poster",
    "venueid": VENUE,
    "pdf": "/pdf/0123456789abcdef.pdf",
    "_bibtex": BIBTEX,
}
DATES = {
    "cdate": at(date(2024, 9, 20)),
    "odate": at(date(2024, 10, 13)),
    "pdate": at(date(2025, 1, 22)),
    "tmdate": at(date(2025, 3, 2)),
}


def note(id: str = "sheepCount1", *, v1: bool = False, **content: Any) -> dict[str, Any]:
    content = {name: value for name, value in {**CONTENT, **content}.items() if value is not None}
    wrapped = content if v1 else {name: {"value": value} for name, value in content.items()}
    return {"id": id, "forum": id, **DATES, "license": "CC BY 4.0", "content": wrapped}


def notes(*several: Any) -> dict[str, Any]:
    return {"notes": list(several), "count": len(several)}


def read(said: Any) -> Paper:
    [paper] = openreview.parse(notes(said))
    assert isinstance(paper, Paper)
    return paper


@pytest.fixture
def client(service: Service) -> Iterator[Any]:
    with service.client(keys={"openreview": "a-token"}) as opened:
        yield opened


# --- notes --------------------------------------------------------------------------------------


@pytest.mark.parametrize("v1", [False, True])
def test_an_accepted_paper_is_read(v1: bool):
    paper = read(note(v1=v1))
    published, preprint = paper.versions
    assert (published.standing, published.type, published.date) == (
        Standing.PUBLISHED,
        "inproceedings",
        "2025-01-22",
    )
    assert published.venue == "The Thirteenth International Conference on Learning Representations"
    assert (preprint.standing, preprint.venue, preprint.date) == (
        Standing.PREPRINT,
        "",
        "2024-10-13",
    )
    assert published.title == preprint.title == "Sheep that Count Sheep"
    assert paper.authors == ("Ann Ode", "Bo Li")
    assert paper.abstract == "Sheep count."
    assert paper.identifiers == (Identifier("openreview", "sheepCount1"),)
    assert paper.links == (Link("pdf", "https://openreview.net/pdf?id=sheepCount1"),)
    assert paper.extra == {
        "keywords": "sheep, counting",
        "tldr": "They count.",
        "license": "CC BY 4.0",
        "venue": "ICLR 2025 poster",
    }
    assert (paper.retractions, paper.sightings) == ((), ())


@pytest.mark.parametrize(
    ("venue", "name", "type"),
    [
        ("ICLR 2025 poster", "ICLR 2025", "inproceedings"),
        ("NeurIPS 2023 Oral", "NeurIPS 2023", "inproceedings"),
        ("ICLR 2023 notable top 5%", "ICLR 2023", "inproceedings"),
        ("Workshop on Oral History 2024", "Workshop on Oral History 2024", "inproceedings"),
        ("Accepted by TMLR", "TMLR", "article"),
    ],
)
def test_without_a_citation_the_venue_is_what_it_calls_itself(venue: str, name: str, type: str):
    version = read(note(_bibtex=None, venue=venue)).versions[0]
    assert (version.standing, version.venue, version.type) == (Standing.PUBLISHED, name, type)


@pytest.mark.parametrize(
    ("venue", "venueid", "outcome"),
    [
        ("Submitted to ICLR 2025", f"{VENUE}/Rejected_Submission", None),
        ("ICLR 2025 Conference Withdrawn Submission", f"{VENUE}/Withdrawn_Submission", None),
        ("ICLR 2025 Conference Desk Rejected Submission", VENUE, None),
        ("ICLR 2025", f"{VENUE}/Desk_Rejected_Submission", "Desk Rejected Submission"),
        ("Under review for TMLR", "TMLR/Under_Review", None),
        ("Decision pending for TMLR", "TMLR/Decision_Pending", None),
        ("Withdrawn by Authors", "TMLR/Withdrawn_by_Authors", None),
        ("TMLR", "TMLR/Withdrawn_by_Authors", "Withdrawn by Authors"),
        ("CoRR 2023", "dblp.org/journals/CORR/2023", None),
        (CONTENT["title"], "OpenReview.net/Public_Article", ""),
        (None, None, ""),
    ],
)
def test_what_was_not_accepted_is_a_preprint_and_not_retracted(
    venue: str | None, venueid: str | None, outcome: str | None
):
    said = {**note(venue=venue, venueid=venueid), "pdate": None}
    paper = read(said)
    [version] = paper.versions
    assert (version.standing, version.venue, version.type) == (Standing.PREPRINT, "", "")
    assert version.date == "2024-10-13"
    assert paper.retractions == ()
    assert "venue" not in paper.extra
    assert paper.extra.get("submission", "") == (venue if outcome is None else outcome)


def test_what_was_imported_says_more():
    bibtex = """@article{DBLP:journals/rest/OdeL24,
  author={Ann Ode and Bo Li},
  year={2024},
  journal={Annals of Rest \\& Sleep},
  volume={38},
  number={1},
  pages={7-14},
}
"""
    said = note(
        _bibtex=bibtex,
        venue="Ann. Rest 2024",
        venueid="dblp.org/journals/REST/2024",
        authors=[{"fullname": "Ann Ode", "username": "~Ann_Ode1"}, {"fullname": "Bo Li"}],
        keywords="sheep, counting",
        pdf="https://rest.example/7.pdf",
        html="https://doi.org/10.1000/REST.7",
        code="https://github.com/ode/sheep",
    )
    said |= {"externalIds": ["dblp:journals/rest/OdeL24", 7], "odate": None}
    paper = read({**said, "pdate": 1704067200000})
    [version] = paper.versions
    assert (version.venue, version.type, version.date) == (
        "Annals of Rest & Sleep",
        "article",
        "2024",
    )
    assert version.fields == {"volume": "38", "number": "1", "pages": "7--14"}
    assert paper.authors == ("Ann Ode", "Bo Li")
    assert paper.extra["keywords"] == "sheep, counting"
    assert [ids.format(identifier) for identifier in paper.identifiers] == [
        "openreview:sheepCount1",
        "dblp:journals/rest/OdeL24",
        "doi:10.1000/rest.7",
    ]
    assert paper.links == (
        Link("pdf", "https://rest.example/7.pdf"),
        Link("code", "https://github.com/ode/sheep"),
    )


def test_other_places_of_a_paper():
    paper = read(note(pdf="https://arxiv.org/pdf/1706.03762", html="https://lab.example/sheep"))
    assert paper.identifier("arxiv") == "1706.03762"
    assert paper.links == (Link("page", "https://lab.example/sheep"),)
    assert read(note(pdf="data:text/html,x", html="javascript:1", code="/attachment/1")).links == ()


def test_nobody_is_named_anonymous():
    assert read(note(authors=["Anonymous"])).authors == ()


@pytest.mark.parametrize(
    ("stated", "day"),
    [
        (1561939200000, "2019-07"),
        (1546300800000, "2019"),
        (1546300800001, "2019-01-01"),
        (10**15, ""),
        (-5, ""),
        ("2019", ""),
        (True, ""),
    ],
)
def test_days_are_as_precise_as_they_are_known(stated: Any, day: str):
    assert read({**note(), "pdate": stated, "odate": None, "cdate": None}).date == day


def test_a_review_is_no_paper():
    reply, nothing, odd = openreview.parse(
        notes({**note("review12345"), "forum": "sheepCount1"}, {"content": {}}, "x")
    )
    assert isinstance(reply, Problem)
    assert str(reply) == "openreview review12345: a reply to sheepCount1, not a paper"
    assert isinstance(nothing, Problem)
    assert str(nothing) == "openreview: no title and no identifier"
    assert isinstance(odd, Problem)


@pytest.mark.parametrize("said", [None, [], {}, {"notes": None}, {"name": "NotFoundError"}])
def test_another_answer_is_an_error(said: Any):
    with pytest.raises(SourceError, match=r"openreview.net answered with something else"):
        openreview.parse(said)


odd = st.recursive(
    st.sampled_from([None, True, 0, -1, 10**20, 1.5, float("nan"), "", [], {}]) | hostile,
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["value", "fullname", "name"]), inner, max_size=2)
    ),
    max_leaves=4,
)


@given(
    st.dictionaries(st.sampled_from([*CONTENT, "html", "code"]), odd, max_size=4),
    st.dictionaries(
        st.sampled_from([*DATES, "id", "forum", "content", "license", "externalIds"]),
        odd,
        max_size=3,
    ),
)
def test_no_note_is_too_odd(content: dict[str, Any], outer: dict[str, Any]):
    said = note()
    found = openreview.parse(notes({**said, "content": {**said["content"], **content}, **outer}))
    assert all(isinstance(item, Paper | Problem) for item in found)
    with Library(":memory:") as library:
        library.add_all(found, now=NOW)


def test_every_recorded_answer_is_read(shared: Path):
    counts: Counter[str] = Counter()
    for file in sorted((shared / "fixtures/openreview").glob("*.json")):
        for item in openreview.parse(json.loads(file.read_bytes())):
            counts[type(item).__name__] += 1
            if isinstance(item, Paper):
                assert item.identifier("openreview")
                counts["titled"] += bool(item.title)
                counts["authors"] += bool(item.authors)
                counts["dated"] += bool(item.date)
                counts["published"] += item.standing is Standing.PUBLISHED
    assert counts == {
        "Paper": 8,
        "Problem": 2,
        "titled": 7,
        "authors": 7,
        "dated": 6,
        "published": 1,
    }


# --- by id --------------------------------------------------------------------------------------


def look_up(client: Any, *wanted: str) -> list[Any]:
    identifiers = [Identifier("openreview", id) for id in wanted]
    return list(openreview.lookup(client, identifiers, NOW.date()))


def test_what_the_second_api_does_not_know_the_first_may(service: Service, client: Any):
    service.answer("openreview", Reply({"name": "NotFoundError"}, status=404))
    service.answer("api2.openreview.net/notes.id=newPaper01", notes(note("newPaper01")))
    service.answer("api2.openreview.net/notes.id=oldPaper01", notes())
    service.answer("api.openreview.net/notes.id=oldPaper01", notes(note("oldPaper01", v1=True)))
    papers = look_up(client, "oldPaper01", "unknown001", "newPaper01", "oldPaper01")
    assert [paper.identifier("openreview") for paper in papers] == ["oldPaper01", "newPaper01"]
    assert len(service.requests) == 5
    assert {r.headers["authorization"] for r in service.requests} == {"Bearer a-token"}
    assert set(service.clock.pauses) == {1.0}


def test_a_login_is_asked_for(service: Service):
    refused = Reply({"name": "ChallengeRequiredError", "message": "Challenge"}, status=403)
    service.answer("openreview", refused)
    message = "openreview.net wants a login: put the token .* into READLIST_OPENREVIEW_KEY$"
    with service.client() as client, pytest.raises(SourceError, match=message) as failed:
        look_up(client, "newPaper01")
    assert failed.value.status == 403
    assert "authorization" not in service.requests[0].headers


def test_an_old_token_is_told(service: Service, client: Any):
    service.answer("openreview", Reply({"name": "TokenExpiredError"}, status=401))
    with pytest.raises(SourceError, match="does not take the token; it may be too old: put"):
        look_up(client, "newPaper01")


def test_a_paper_that_is_not_public_is_unknown(service: Service, client: Any):
    message = "User Guest does not have permission to see Note secret0001"
    service.answer("secret", Reply({"name": "ForbiddenError", "message": message}, status=403))
    service.answer("api2.openreview.net/notes.id=newPaper01", notes(note("newPaper01")))
    assert len(look_up(client, "secret0001", "newPaper01")) == 1


def test_other_failures_are_told(service: Service, client: Any):
    service.answer("openreview", Reply({"message": "bad"}, status=400))
    with pytest.raises(SourceError, match="400 Bad Request: bad"):
        look_up(client, "newPaper01")


# --- a venue ------------------------------------------------------------------------------------


@dataclass
class World:
    """A venue: the time of the latest change of each of its papers, and of each public submission.
    Requests beyond `allowed` fail.
    """

    changed: dict[str, int]
    submitted: dict[str, int] = field(default_factory=dict)
    allowed: int = 10**6
    knows_order: bool = True
    asked: list[int] = field(default_factory=list)

    def key(self, name: str) -> str:  # noqa: ARG002
        return ""

    def get(self, url: str, *, params: Mapping[str, Any], headers: Mapping[str, str]) -> Answer:
        is_accepted = "content.venueid" in params
        changed = self.changed if is_accepted else self.submitted
        assert not headers
        assert [
            value for name, value in params.items() if "id" in name or name == "invitation"
        ] == [VENUE if is_accepted else f"{VENUE}/-/Submission"]
        if self.allowed <= 0:
            raise SourceError("broken")
        self.allowed -= 1
        order = sorted(changed, key=lambda id: (-changed[id], id))
        if not self.knows_order:
            order = sorted(changed, reverse=True)
        assert params["sort"] == "tmdate:desc"
        if url == openreview.OLD:
            return Answer(url, 200, {}, json.dumps(notes()).encode())
        if is_accepted:
            self.asked.append(params["offset"])
        some = order[params["offset"] :][: params["limit"]]
        found = [
            {
                "id": id,
                "forum": id,
                "tmdate": changed[id],
                "content": {"venue": "Rest 2025" if id in self.changed else "Submitted to Rest"},
            }
            for id in some
        ]
        return Answer(url, 200, {}, json.dumps(notes(*found)).encode())


def venue(count: int, day: int = 100) -> World:
    return World({f"paper{number:05}": day * DAY - number for number in range(count)})


def follow(
    client: Any, state: Mapping[str, Any], since: date | None = None, **options: Any
) -> tuple[list[str], dict[str, Any]]:
    """What came, and what is remembered, also where it broke off; the state has gone to disk."""
    options = {"venue": VENUE, **options}
    came: list[str] = []
    state = json.loads(json.dumps(state))
    with suppress(SourceError):
        for page in openreview.follow(client, options, state, NOW, since):
            came += [item.identifier("openreview") for item in page.items]
            state = json.loads(json.dumps(page.state))
    return came, dict(state)


def test_all_that_was_accepted_is_read_then_what_was_changed():
    world = venue(2500)
    came, state = follow(world, {})
    assert set(came) == set(world.changed)
    assert world.asked == [0, 980, 1960]
    assert state == {"accepted": {"read": 100 * DAY}, "submitted": {"read": 0}}
    world.asked.clear()
    world.changed |= {"paper01234": 105 * DAY, "paperLate1": 104 * DAY}
    came, state = follow(world, state)
    assert came[:2] == ["paper01234", "paperLate1"]
    assert world.asked == [0, 980, 1960]  # all else was changed in the day before
    world.asked.clear()
    assert follow(world, state) == (["paper01234", "paperLate1"], state)
    assert world.asked == [0]


def test_a_reading_goes_on_where_it_broke_off():
    world = venue(2500)
    world.allowed = 1
    first, state = follow(world, {})
    assert len(first) == 1000
    assert state == {"accepted": {"from": -DAY, "newest": 100 * DAY, "offset": 980}}
    world.allowed = 10**6
    world.asked.clear()
    gone = "paper00003"
    del world.changed[gone]
    world.changed |= {"paper02222": 102 * DAY, "paperLate1": 103 * DAY}
    rest, state = follow(world, state)
    assert world.asked[:2] == [980, 1960]
    assert {*first, *rest} - {gone} == set(world.changed)
    assert state["accepted"] == {"read": 103 * DAY}


def test_since_is_how_far_back_it_reads():
    world = World({"paperOld01": 19000 * DAY, "paperNew01": 20100 * DAY, "paperNew02": 20101 * DAY})
    day = date(1970, 1, 1) + timedelta(days=20050)
    came, state = follow(world, {}, day)
    assert came == ["paperNew02", "paperNew01"]
    assert follow(world, state)[0] == ["paperNew02", "paperNew01"]
    assert follow(world, state, date(2021, 1, 1))[0][-1] == "paperOld01"
    half = {"from": 18000 * DAY, "newest": 20101 * DAY, "offset": 980}
    assert len(follow(world, {"accepted": half}, day)[0]) == 3


def test_a_service_that_does_not_know_the_order_is_read_to_the_end():
    world = venue(1500)
    world.knows_order = False
    _, state = follow(world, {})
    world.changed["paper00100"] = 120 * DAY
    later = {"read": state["accepted"]["read"] + 10 * DAY}
    came, _ = follow(world, {"accepted": later})
    assert came == ["paper00100"]
    assert world.asked[-2:] == [0, 980]


@settings(max_examples=20)
@given(
    st.lists(
        st.tuples(
            st.lists(st.tuples(st.integers(0, 2100), st.integers(0, 30)), max_size=3),
            st.integers(0, 4),
        ),
        max_size=4,
    )
)
def test_no_change_is_missed_whenever_it_breaks_off(
    days: list[tuple[list[tuple[int, int]], int]],
):
    """Papers are accepted and changed, up to half a day before it shows, and requests fail."""
    world = venue(2050)
    state: dict[str, Any] = {}
    latest: dict[str, int] = {}
    for day, (changes, allowed) in enumerate([*days, ([], 10**6)]):
        for number, minutes in changes:
            when = 200 * DAY + day * DAY // 4 - minutes * DAY // 60
            world.changed[f"paper{number:05}"] = when
        world.allowed = allowed
        came, state = follow(world, state)
        latest |= {id: world.changed[id] for id in came}
    assert latest == world.changed


def test_submissions_are_preprints_until_they_are_accepted():
    world = World({"paperNew01": 101 * DAY}, {"paperNew01": 101 * DAY, "paperOld01": 100 * DAY})

    def fetch(state: Mapping[str, Any]) -> tuple[dict[str, Standing], Any]:
        client: Any = world
        pages = list(openreview.follow(client, {"venue": VENUE}, state, NOW, None))
        papers = [item for page in pages for item in page.items if isinstance(item, Paper)]
        return {p.identifier("openreview"): p.standing for p in papers}, pages[-1].state

    found, state = fetch({})
    assert found == {"paperNew01": Standing.PUBLISHED, "paperOld01": Standing.PREPRINT}
    world.changed["paperOld01"] = world.submitted["paperOld01"] = 103 * DAY
    found, state = fetch(state)
    assert found["paperOld01"] is Standing.PUBLISHED
    assert fetch(state) == ({"paperOld01": Standing.PUBLISHED}, state)


@settings(max_examples=50)
@given(
    st.lists(
        st.tuples(st.lists(st.tuples(st.integers(0, 3), st.booleans())), st.integers(0, 5)),
        max_size=4,
    )
)
def test_no_acceptance_is_missed_whenever_it_breaks_off(
    days: list[tuple[list[tuple[int, bool]], int]],
):
    world = World({})
    state: dict[str, Any] = {}
    came: set[str] = set()
    for day, (changes, allowed) in enumerate([*days, ([], 10**6)]):
        for number, is_accepted in changes:
            id, when = f"paper{number:05}", (200 + day) * DAY
            world.submitted[id] = when
            if is_accepted or id in world.changed:
                world.changed[id] = when
            came.discard(id)
        world.allowed = allowed
        new, state = follow(world, state)
        came.update(new)
    assert came == {*world.submitted}


def test_submissions_need_not_be_public(service: Service, client: Any):
    message = "User Guest does not have permission to see Notes"
    refused = Reply({"name": "ForbiddenError", "message": message}, status=403)
    service.answer("api2.openreview.net/notes", notes(note()))
    service.answer("invitation=", refused)
    pages = list(openreview.follow(client, {"venue": VENUE}, {}, NOW, None))
    assert [len(page.items) for page in pages] == [1, 0]


def test_papers_of_a_venue_tell_where_they_were_met(service: Service, client: Any):
    service.answer("openreview.net/notes", notes())
    service.answer("api2.openreview.net/notes.*venueid", notes(note()))
    options = {"venue": f"https://openreview.net/group?id={VENUE}#tab-accept-oral"}
    page, _ = openreview.follow(client, options, {}, NOW, None)
    [paper] = page.items
    assert isinstance(paper, Paper)
    assert paper.sightings == (Sighting(source="openreview", place=VENUE, at="2026-11-23"),)
    assert service.requests[0].query == {
        "content.venueid": VENUE,
        "sort": "tmdate:desc",
        "limit": "1000",
        "offset": "0",
    }


@pytest.mark.parametrize("options", [{}, {"venue": " "}, {"venue": "two words"}])
def test_a_feed_needs_a_venue(client: Any, options: dict[str, Any]):
    with pytest.raises(SourceError, match="the feed has no id of a venue"):
        list(openreview.follow(client, options, {}, NOW, None))
