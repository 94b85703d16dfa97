"""What is found: filters, orders, words, handles, counts."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import make
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from make import NOW, add, at, paper, published, sighting
from strategies import hostile

from readlist.errors import AmbiguousError, NotFoundError
from readlist.library import PARTS, Filter, Library, Sort
from readlist.models import Status


@pytest.fixture
def shelf(library: Library) -> Library:
    """Five papers that differ in all that can be asked for."""
    add(
        library,
        published(
            "Resting Transformers for Long Documents",
            ids="arxiv:2401.00001 doi:10.1000/a",
            authors=("Ode, Ann", "Bo Li"),
            abstract="We let attention rest between two tokens.",
            venue="Annals of 100% Rest",
            date="2024-03-05",
            links=[("code", "https://github.com/a/b"), ("pdf", "https://a.org/x.pdf")],
            key="ode2024resting",
            sightings=(sighting(upvotes=5, comments=1),),
        ),
        paper(
            "Quantum Sheep and How to Count Them",
            ids="arxiv:2401.00002",
            authors=("Carl Li",),
            abstract="Counted sheep are quantised.",
            date="2024-03",
            sightings=(sighting(upvotes=9), sighting(source="bibtex", at="2026-11-22")),
        ),
        paper("Émile's Naïve Œuvre on Gröbner", authors=("Zoë Øster",), date="2024"),
        paper("An Undated Note on Sheep", sightings=(sighting(comments=4),)),
        paper("Old Sheep in Old Pastures", date="1998-01-01", abstract="Attention, sheep!"),
    )
    make.rate(library, 1, 1)
    make.status(library, 2, "later")
    make.rate(library, 3, -1)
    make.status(library, 3, "skipped")
    make.tag(library, 1, "llm")
    make.tag(library, 1, "rest")
    make.tag(library, 2, "llm")
    make.note(library, 4, "Who wrote this?")
    return library


def found(library: Library, sort: Sort | None = Sort.ADDED, **asked) -> list[int]:
    filter = Filter(**asked)
    ids = library.ids(filter, sort)
    assert [entry.id for entry in library.entries(filter, sort)] == ids
    assert library.count(filter) == len(ids)
    return ids


# --- filters ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        ({}, [5, 4, 3, 2, 1]),
        ({"ids": (2, 4, 99)}, [4, 2]),
        ({"ids": ()}, []),
        ({"statuses": (Status.LATER,)}, [2]),
        ({"statuses": (Status.NEW,)}, [5, 4, 1]),
        ({"statuses": (Status.LATER, Status.SKIPPED)}, [3, 2]),
        ({"ratings": (1,)}, [1]),
        ({"ratings": (None,)}, [5, 4, 2]),
        ({"ratings": (1, -1)}, [3, 1]),
        ({"undecided": True}, [5, 4]),
        ({"tags": ("llm",)}, [2, 1]),
        ({"tags": ("llm", "rest")}, [1]),
        ({"tags": ("none",)}, []),
        ({"since": "2024"}, [3, 2, 1]),
        ({"since": "2024-03"}, [3, 2, 1]),
        ({"since": "2024-03-06"}, [3, 2]),
        ({"since": "2024-04"}, [3]),
        ({"since": "2025"}, []),
        ({"until": "2024"}, [5, 3, 2, 1]),
        ({"until": "2024-03-04"}, [5, 3, 2]),
        ({"until": "2024-02"}, [5, 3]),
        ({"until": "1997"}, []),
        ({"since": "2024-03-05", "until": "2024-03-05"}, [3, 2, 1]),
        ({"source": "hf"}, [4, 2, 1]),
        ({"source": "bibtex"}, [2]),
        ({"source": "h"}, []),
        ({"author": "li"}, [2, 1]),
        ({"author": "Carl Li"}, [2]),
        ({"author": "ann ode"}, [1]),
        ({"author": "oster"}, []),  # ø is a letter of its own to SQLite
        ({"author": "øster"}, [3]),
        ({"author": "zoe"}, [3]),
        ({"venue": "annals"}, [1]),
        ({"venue": "100%"}, [1]),
        ({"venue": "1%0"}, []),
        ({"venue": "_"}, []),
        ({"words": "sheep", "since": "2000"}, [2]),
        ({"words": "sheep", "undecided": True}, [5, 4]),
        ({"has": ("abstract",)}, [5, 2, 1]),
        ({"lacks": ("abstract",)}, [4, 3]),
        ({"has": ("authors",)}, [3, 2, 1]),
        ({"has": ("date",)}, [5, 3, 2, 1]),
        ({"has": ("venue",)}, [1]),
        ({"has": ("doi",)}, [1]),
        ({"has": ("arxiv",), "lacks": ("doi",)}, [2]),
        ({"has": ("code",)}, [1]),
        ({"has": ("pdf",)}, [1]),
        ({"has": ("key",)}, [1]),
        ({"has": ("tags",)}, [2, 1]),
        ({"has": ("note",)}, [4]),
        ({"has": ("tags", "venue"), "ratings": (1,)}, [1]),
    ],
)
def test_a_filter_finds_what_it_says(shelf: Library, asked: dict, ids: list[int]):
    assert found(shelf, **asked) == ids


@pytest.mark.parametrize("part", PARTS)
def test_each_part_is_had_or_lacked(shelf: Library, part: str):
    assert sorted(found(shelf, has=(part,)) + found(shelf, lacks=(part,))) == [1, 2, 3, 4, 5]


def test_the_words_of_an_author_are_of_one_author(library: Library):
    add(library, paper(authors=("Jane Doe", "Bo Smith")))
    assert found(library, author="jane smith") == []
    assert found(library, author="bo smith") == [1]


def test_met_since_is_the_day_a_paper_came_in_or_was_seen(library: Library):
    one, other = make.distinct(2)
    add(library, one, now=at(0))
    add(library, other, now=at(2 * 24 * 60))
    assert found(library, met_since=datetime(2026, 11, 25, tzinfo=UTC)) == [2]
    seen = paper(ids="arxiv:2401.00001", sightings=(sighting(at="2026-11-30", upvotes=1),))
    add(library, seen, now=at(9 * 24 * 60))
    assert found(library, met_since=datetime(2026, 11, 25, tzinfo=UTC)) == [2, 1]


def test_met_since_is_in_the_time_zone_that_it_names(library: Library):
    day = "2026-11-23T00:00:00"
    add(library, paper(sightings=(sighting(at="2026-11-22"),)), now=at(0) - timedelta(hours=16))
    for zone, expected in (("+09:00", [1]), ("+00:00", []), ("-08:00", [])):
        assert found(library, met_since=datetime.fromisoformat(day + zone)) == expected
    seen = paper("Another Paper Seen That Day", sightings=(sighting(at="2026-11-23"),))
    add(library, seen, now=at(0) - timedelta(hours=30))
    for zone in ("+09:00", "+00:00", "-08:00"):  # the day of a sighting is one wherever one is
        assert 2 in found(library, met_since=datetime.fromisoformat(day + zone))


def test_a_filter_takes_any_number_of_papers(library: Library):
    add(library, *make.distinct(3))
    assert found(library, ids=tuple(range(1, 300_000))) == [3, 2, 1]


# --- orders -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sort", "ids"),
    [
        (Sort.DATE, [1, 2, 3, 5, 4]),
        (Sort.ADDED, [5, 4, 3, 2, 1]),
        (Sort.TITLE, [4, 5, 2, 1, 3]),
        (Sort.UPVOTES, [2, 1, 3, 5, 4]),
        (Sort.COMMENTS, [4, 1, 2, 3, 5]),
        (Sort.SCORE, [1, 2, 3, 5, 4]),  # without a model as by date
    ],
)
def test_entries_come_in_the_order_asked_for(shelf: Library, sort: Sort, ids: list[int]):
    assert found(shelf, sort) == ids
    assert shelf.ids(Filter(), sort, 2) == ids[:2]


def test_by_score_the_best_come_first_and_those_without_last(shelf: Library):
    shelf.save_model("x", b"", [(2, 0.1), (4, 0.9), (5, -3.0)])
    assert found(shelf, Sort.SCORE) == [4, 2, 5, 1, 3]
    assert shelf.ids(Filter(), Sort.SCORE, 2) == [4, 2]
    assert shelf.ids(Filter(), Sort.SCORE, 4) == [4, 2, 5, 1]
    assert shelf.get(4).score == 0.9
    assert shelf.get(1).score is None


def test_what_is_to_be_decided_comes_newest_and_most_upvoted_first(library: Library):
    add(
        library,
        paper("The First of Three Papers", date="2024-03", sightings=(sighting(upvotes=1),)),
        paper("The Second of Three Papers", date="2024-03", sightings=(sighting(upvotes=2),)),
        paper("The Third of Three Papers", date="2024-04"),
    )
    assert library.queue(Filter(undecided=True)) == [3, 2, 1]
    make.status(library, 2, "skipped")
    assert library.queue(Filter(undecided=True)) == [3, 1]
    library.save_model("x", b"", [(1, 0.5), (3, 0.1)])
    assert library.queue(Filter(undecided=True)) == [1, 3]


# --- words --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("sheep", [5, 4, 2]),
        ("SHEEP count", [2]),
        ("transformer rest", [1]),
        ('"attention rest"', [1]),
        ('"rest attention"', []),
        ('"long documents" ode', [1]),
        ("quant*", [2]),
        ("quan*", [2]),
        ("quan", []),
        ("emile oeuvre", []),  # œ is one letter to SQLite
        ("emile naive grobner", [3]),
        ("sheep OR quantum", []),
        ("NEAR(sheep old)", []),
        ("title:sheep", []),
        ("sheep -old", [5]),
        ("l'attention", []),
        ("", []),
        ('"', []),
        ("* ( ) - +", []),
    ],
)
def test_search_finds_words_phrases_and_beginnings(shelf: Library, words: str, ids: list[int]):
    if words:
        assert found(shelf, words=words) == ids


def test_the_best_match_comes_first(shelf: Library):
    add(shelf, paper("Something Entirely Different Here", abstract="It mentions sheep once."))
    ranked = found(shelf, sort=None, words="sheep")
    assert set(ranked) == {2, 4, 5, 6}
    assert ranked[-1] == 6


@given(hostile)
@example("\udcff")  # what a byte that is not UTF-8 becomes on the command line
def test_search_takes_any_text(text: str):
    with Library(":memory:") as library:
        add(library, paper("A Title with Few Words", authors=("Ann Ode",), abstract=text or "x"))
        for name in ("words", "author", "venue", "source", "since", "until"):
            filter = Filter(**{name: text})
            library.ids(filter, None if filter.words else Sort.DATE)
            library.count(filter)
        library.ids(Filter(tags=(text,)))
        library.complete(text)
        library.tags()
        with suppress(NotFoundError, AmbiguousError):
            assert library.find(text) == 1


@given(st.text("ab\"* -'", max_size=12))
def test_words_that_are_there_are_found_whatever_stands_around_them(noise: str):
    with Library(":memory:") as library:
        add(library, paper(abstract="aa ab ba bb a b " + noise))
        assert library.ids(Filter(words="aa b")) == [1]


def test_search_follows_each_change_of_a_paper(library: Library):
    add(library, paper(ids="doi:10.1000/a", abstract="Cats."))
    add(library, paper(ids="doi:10.1000/a", abstract="Dogs and more dogs."))
    assert found(library, words="cats") == []
    assert found(library, words="dogs") == [1]
    library._db.execute("INSERT INTO papers_text (papers_text, rank) VALUES ('integrity-check', 1)")


# --- handles ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("handle", "id"),
    [
        ("2", 2),
        (" 2 ", 2),
        ("ode2024resting", 1),
        ("ODE2024Resting", 1),
        ("2401.00002", 2),
        ("arXiv:2401.00002v3", 2),
        ("https://arxiv.org/pdf/2401.00002v1", 2),
        ("https://huggingface.co/papers/2401.00002", 2),
        ("10.1000/A", 1),
        ("https://doi.org/10.1000/a", 1),
        ("10.48550/arXiv.2401.00001", 1),
        ("quantum sheep", 2),
        ("Quantum Sheep and How to Count Them", 2),
        ("grobner", 3),
        ("undated", 4),
        ("undat*", 4),
    ],
)
def test_a_handle_finds_its_paper(shelf: Library, handle: str, id: int):
    assert shelf.find(handle) == id


def test_a_handle_that_fits_several_lists_them(shelf: Library):
    with pytest.raises(AmbiguousError) as caught:
        shelf.find("sheep")
    first, *candidates = str(caught.value).splitlines()
    assert "'sheep' fits several papers" in first
    assert sorted(line.split()[0] for line in candidates) == ["2", "4", "5"]
    assert any("Old Sheep in Old Pastures" in line for line in candidates)


def test_a_whole_title_is_unique_though_another_contains_it(library: Library):
    add(library, paper("Rest Is All You Need"), paper("Rest Is All You Need: A Reply to Critics"))
    assert library.find("rest is all you need") == 1


@pytest.mark.parametrize(
    "handle",
    ["99", "0", "-1", "", " ", "*", '"', "1706.03762", "10.1000/z", "nothing like it", "9" * 40],
)
def test_a_handle_that_fits_none_says_so(shelf: Library, handle: str):
    with pytest.raises(NotFoundError, match="no paper"):
        shelf.find(handle)


def test_a_title_that_is_a_number_or_looks_like_syntax_is_found(library: Library):
    add(library, paper("C++ (and C) for All"), paper('Is "NOT" an OR of ANDs?'))
    assert library.find("C++ (and C)") == 1
    assert library.find('"NOT" an OR') == 2


def test_get_says_what_is_missing(library: Library):
    with pytest.raises(NotFoundError, match="no paper 7"):
        library.get(7)


# --- completion and counts ----------------------------------------------------------------------


def test_keys_and_numbers_complete(shelf: Library):
    assert shelf.complete("ode") == [("ode2024resting", "Resting Transformers for Long Documents")]
    assert [handle for handle, _ in shelf.complete("3")] == ["3"]
    assert shelf.complete("z") == []
    assert shelf.complete("*") == []
    assert shelf.complete("", 2)


def test_counts(shelf: Library):
    assert shelf.tags() == {"llm": 2, "rest": 1}
    assert shelf.sources() == {"bibtex": 1, "hf": 3}
    assert shelf.counts("status") == {"new": 3, "later": 1, "skipped": 1}
    assert shelf.counts("rating") == {"1": 1, "-1": 1}
    assert shelf.counts("venue") == {"Annals of 100% Rest": 1}
    assert shelf.count() == 5


def test_many_entries_are_read_in_chunks_and_in_order(library: Library):
    add(library, *make.distinct(1_100))
    assert [entry.id for entry in library.entries(Filter(), Sort.ADDED)] == [*range(1_100, 0, -1)]


def test_entries_can_be_changed_while_they_are_read(library: Library):
    add(library, *make.distinct(3))
    for entry in library.entries(Filter(), Sort.ADDED):
        make.rate(library, entry.id, 1, NOW)
    assert library.counts("rating") == {"1": 3}


def test_arrivals_are_of_every_paper_with_the_most_upvotes(library: Library):
    seen = (sighting(upvotes=5), sighting(at="2026-11-21", upvotes=3))
    add(library, paper("The First of Two Papers", date="2024-03", sightings=seen))
    add(library, paper("The Second of Two Papers"), now=at(1))
    assert list(library.arrivals()) == [(1, NOW, "2024-03", 5), (2, at(1), "", None)]
