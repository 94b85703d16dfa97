from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from make import paper, published, sighting, version
from strategies import TITLES, hostile, papers, some_sightings

from readlist.merge import join, join_sightings, normal
from readlist.models import Identifier, Paper, Sighting, Standing, Version

normal_papers = papers((*TITLES, "", "BERT")).map(normal)


def keyless(paper: Paper) -> Paper:
    return replace(paper, key="")


# --- laws ---------------------------------------------------------------------------------------


@given(normal_papers, normal_papers)
def test_which_record_came_first_does_not_matter(a: Paper, b: Paper):
    assert keyless(join(a, b)) == keyless(join(b, a))


@given(normal_papers, normal_papers, normal_papers)
def test_which_records_met_first_does_not_matter(a: Paper, b: Paper, c: Paper):
    assert join(join(a, b), c) == join(a, join(b, c))


@given(normal_papers, normal_papers)
def test_meeting_a_record_again_changes_nothing(a: Paper, b: Paper):
    assert join(a, a) == a
    both = join(a, b)
    assert join(both, a) == both
    assert keyless(join(b, both)) == keyless(both)


@given(normal_papers, normal_papers)
def test_what_normal_papers_make_is_normal(a: Paper, b: Paper):
    assert normal(a) == a
    assert normal(join(a, b)) == join(a, b)


@given(normal_papers, normal_papers)
def test_the_first_citation_key_stays(a: Paper, b: Paper):
    assert join(a, b).key == (a.key or b.key)


@given(normal_papers, normal_papers)
def test_no_full_field_becomes_empty(a: Paper, b: Paper):
    both = join(a, b)
    for one in (a, b):
        for name in ("title", "venue", "date", "type", *(f.name for f in fields(Paper))):
            assert getattr(both, name) or not getattr(one, name), name
        assert set(one.identifiers) <= set(both.identifiers)
        assert set(one.links) <= set(both.links)
        assert one.extra.keys() <= both.extra.keys()
        assert len(one.abstract) <= len(both.abstract)
        assert len(one.authors) <= len(both.authors)
        for part in one.versions:
            assert any(
                part.standing == kept.standing
                and part.venue.lower() == kept.venue.lower()
                and part.fields.keys() <= kept.fields.keys()
                and bool(kept.title) >= bool(part.title)
                and bool(kept.date) >= bool(part.date)
                for kept in both.versions
            )


# --- fields -------------------------------------------------------------------------------------


def test_the_longer_abstract_wins():
    short, long = paper(abstract="We."), paper(abstract="We study this.")
    assert join(short, long).abstract == join(long, short).abstract == "We study this."


def test_an_empty_field_never_overwrites_a_full_one():
    full = paper(
        abstract="x",
        authors=("Ann Ode",),
        author_count=1,
        organization="Lab",
        categories=("cs.CL",),
        venue="ICML",
        date="2020",
        type="misc",
        ids="doi:10.1000/a",
        extra={"a": "b"},
        key="ode",
    )
    both = join(paper(""), full)
    for name in ("title", "venue", "date", "type", "abstract", "authors", "organization", "extra"):
        assert getattr(both, name) == getattr(full, name)
    assert (both.author_count, both.categories, both.key) == (1, ("cs.CL",), "ode")


def test_all_dois_are_kept():
    both = join(paper(ids="doi:10.1000/a"), paper(ids="doi:10.1000/b arxiv:1706.03762"))
    assert both.identifiers == (
        Identifier("arxiv", "1706.03762"),
        Identifier("doi", "10.1000/a"),
        Identifier("doi", "10.1000/b"),
    )


PREPRINT = paper("Rest Is All you Need", venue="CoRR", date="2017-06-12", ids="arxiv:1706.03762")
JOURNAL = published(
    "Rest Is All You Need", venue="Annals of Rest", date="2019", ids="doi:10.1000/a", type="article"
)


def test_the_published_record_wins_for_title_venue_date_and_type():
    both = join(PREPRINT, JOURNAL)
    assert (both.title, both.venue, both.date, both.type) == (
        "Rest Is All You Need",
        "Annals of Rest",
        "2019",
        "article",
    )
    assert both.standing is Standing.PUBLISHED


def test_the_preprint_stays_beside_the_publication_unmixed():
    assert join(PREPRINT, JOURNAL).versions == (JOURNAL.versions[0], PREPRINT.versions[0])


def test_where_the_publication_is_silent_the_preprint_speaks():
    both = join(published("Rest", venue="Annals", date=""), PREPRINT)
    assert (both.venue, both.date) == ("Annals", "2017-06-12")


def test_a_second_hand_listing_never_wins_over_the_preprint():
    listed = paper("Rest is all", standing=Standing.LISTED, date="2017-06-13")
    both = join(listed, PREPRINT)
    assert (both.title, both.date) == ("Rest Is All you Need", "2017-06-12")


def test_two_venues_are_two_versions_and_case_does_not_make_a_venue():
    one = published(venue="ICML", date="2020")
    assert len(join(one, published(venue="Annals", date="2021")).versions) == 2
    assert len(join(one, published(venue="icml", date="2020-07")).versions) == 1


@pytest.mark.parametrize(
    ("one", "other", "date"),
    [
        ("2017", "2017-06", "2017-06"),
        ("2017-06", "2017-06-12", "2017-06-12"),
        ("2017-06-12", "2017-06-14", "2017-06-12"),
        ("", "2017", "2017"),
    ],
)
def test_the_more_precise_date_wins_then_the_earlier(one: str, other: str, date: str):
    assert join(paper(date=one), paper(date=other)).date == date
    assert join(paper(date=other), paper(date=one)).date == date


@pytest.mark.parametrize(
    ("one", "other", "title"),
    [
        ("Bert for the masses", "BERT for the Masses", "BERT for the Masses"),
        ("BERT FOR THE MASSES", "BERT for the Masses", "BERT for the Masses"),
        ("", "BERT", "BERT"),
    ],
)
def test_the_title_that_kept_its_capitals_and_does_not_shout_wins(one: str, other: str, title: str):
    assert join(paper(one), paper(other)).title == title
    assert join(paper(other), paper(one)).title == title


def test_the_fuller_list_of_authors_wins():
    both = join(paper(authors=("A. Ode", "B. Li")), paper(authors=("Ann Ode",)))
    assert both.authors == ("A. Ode", "B. Li")
    assert join(paper(authors=("A. Ode",)), paper(authors=("Ann Ode",))).authors == ("Ann Ode",)


def test_further_fields_of_one_version_are_joined():
    one = published(venue="ICML", fields={"pages": "1"})
    other = published(venue="ICML", fields={"pages": "1--9", "editor": "Li"})
    assert join(one, other).versions[0].fields == {"pages": "1--9", "editor": "Li"}


# --- sightings ----------------------------------------------------------------------------------


@given(some_sightings, some_sightings)
def test_signals_of_one_sighting_only_grow(a: tuple[Sighting, ...], b: tuple[Sighting, ...]):
    joined = join_sightings([*a, *b])
    assert joined == join_sightings([*b, *a])
    assert join_sightings([*joined, *a]) == joined
    places = [(s.at, s.source, s.place) for s in joined]
    assert places == sorted(set(places))
    for seen in (*a, *b):
        for kept in joined:
            if (seen.at, seen.source, seen.place) == (kept.at, kept.source, kept.place):
                for name in ("upvotes", "comments", "stars"):
                    assert (getattr(kept, name) or 0) >= (getattr(seen, name) or 0)


def test_the_highest_signals_of_a_day_are_kept():
    both = join_sightings([sighting(upvotes=3, comments=1), sighting(upvotes=9, stars=0)])
    assert both == (sighting(upvotes=9, comments=1, stars=0),)


def test_each_day_with_signals_is_kept():
    days = (sighting(at="2026-11-20", upvotes=3), sighting(at="2026-11-21", upvotes=9))
    assert join_sightings(days[::-1]) == days


def test_of_sightings_without_signals_the_first_in_each_place_is_kept():
    first, later = sighting(at="2026-11-20"), sighting(at="2026-11-21")
    elsewhere = sighting(at="2026-11-22", place="page")
    assert join_sightings([later, elsewhere, first]) == (first, elsewhere)


# --- what comes in ------------------------------------------------------------------------------


@given(hostile, hostile)
def test_what_comes_in_is_safe_to_print(text: str, other: str):
    record = normal(
        paper(
            versions=(version(text, venue=other, type=text, fields={other: text}),),
            authors=(text, other),
            abstract=text,
            organization=other,
            categories=(text,),
            extra={text: other},
            key=other,
        )
    )
    told = [record.title, record.venue, record.type, record.organization, record.key]
    told += [*record.authors, *record.categories, *record.extra, *record.versions[0].fields]
    for line in told:
        assert line.isprintable() or not set(line) & set(map(chr, range(32)))
        assert line == line.strip()
    for line in (*told, record.abstract, *record.extra.values()):
        assert not set(line) & {"\x1b", "\x00", "\x9b", "\u202e", "\ud800", "\r"}
        line.encode("utf-8")
    assert normal(record) == record


@given(papers())
def test_normal_loses_nothing_but_what_is_unsafe(record: Paper):
    kept = normal(record)
    assert normal(kept) == kept
    assert set(kept.identifiers) == set(record.identifiers)
    assert (kept.abstract, kept.authors, kept.extra) == (
        record.abstract,
        record.authors,
        record.extra,
    )


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "https://a\x1b[2J.org"]
)
def test_only_links_to_the_web_come_in(url: str):
    assert normal(paper(links=[("page", url), ("page", "https://a.org")])).links == (
        ("page", "https://a.org"),
    )


@pytest.mark.parametrize("date", ["soon", "2017-13", "17", "2017-6-1", "2017-06-12T00:00"])
def test_what_is_no_date_is_unknown(date: str):
    assert normal(paper(date=date)).date == ""


@given(st.lists(normal_papers, min_size=2, max_size=5), st.randoms(use_true_random=False))
def test_many_records_make_one_paper_in_any_order(records: list[Paper], chance):
    def joined(records: list[Paper]) -> Paper:
        first, *rest = records
        for record in rest:
            first = join(first, record)
        return keyless(first)

    shuffled = records[:]
    chance.shuffle(shuffled)
    assert joined(shuffled) == joined(records)


def test_a_version_says_what_it_was_made_of():
    # A new field of Version or Paper needs its rule in `join` and a line in these tests.
    assert {f.name for f in fields(Version)} == {
        "standing",
        "title",
        "venue",
        "date",
        "type",
        "fields",
    }
