"""From a library to picks: what the owner pins, mutes and is interested in, authors, upvotes, and
what is put forward to learn from.
"""

import pytest
from make import NOW, add, at, paper, sighting
from recommend.toy import text, world

from readlist import learning
from readlist.learning import Choice, Taste
from readlist.library import Filter, Library, Sort
from readlist.models import Change, Paper, Pick

TODAY = NOW.date()
STARS, CELLS, PRICES = range(1, 21), range(21, 41), range(41, 61)


def toy(topic: str, number: int, **rest: object) -> Paper:
    """A paper of the toy world that no other is taken for."""
    said = text(topic, number)
    title = f"{said.title} {topic}{number}"
    return paper(title, abstract=said.abstract, ids=f"doi:10.1000/{topic}-{number}", **rest)


@pytest.fixture
def filled(library: Library) -> Library:
    """20 papers of each topic, in the order of the toy world."""
    topics = ("stars", "cells", "prices")
    add(
        library,
        *(toy(t, n, authors=(f"Author {t.title()}{n}",)) for t in topics for n in range(20)),
    )
    assert len(world(stars=20, cells=20, prices=20)) == library.count(Filter()) == 60
    return library


def pick(
    library: Library,
    number: int = 10,
    *,
    explore: float = 0.0,
    popular: bool = True,
    interests: tuple[str, ...] = (),
    day: int = 0,
) -> list[Pick]:
    return learning.picks(
        library,
        choice=Choice(number, explore, popular),
        filter=Filter(),
        today=TODAY.replace(day=TODAY.day + day),
        taste=Taste(70, interests),
    )


def ids(picks: list[Pick]) -> list[int]:
    return [each.entry.id for each in picks]


def kinds(found: Pick) -> list[str]:
    return [reason.kind for reason in found.reasons]


def lean(library: Library, kind: str, name: str, stance: int) -> None:
    what = {1: "pinned", -1: "muted", 0: "unpinned"}[stance]
    assert library.lean(kind, [name], stance, what=what, now=NOW)


def rate(library: Library, likes: object = (), dislikes: object = ()) -> None:
    changes = [
        Change(paper_id=id, field="rating", value=value)
        for value, of in (("1", likes), ("-1", dislikes))
        for id in of
    ]
    library.act(changes, what="rated", now=NOW)


# --- what is pinned and muted -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("author", "Ode, Ann"),
        ("category", "cs"),
        ("venue", "journal of sheep"),
        ("term", "Quasars"),
    ],
)
def test_what_is_muted_is_never_picked_until_it_is_no_longer(filled: Library, kind: str, name: str):
    best = toy(
        "stars",
        90,
        authors=("Ann Ode", "Bo Li"),
        categories=("cs.LG",),
        venue="Journal of Sheep",
        sightings=(sighting(upvotes=999),),
    )
    said = f"{best.abstract} A quasar."
    [*_, new] = add(filled, paper(best.title, **_rest(best, said)))
    rate(filled, likes=STARS[:8])
    lean(filled, "author", "Bo Li", 1)
    before = pick(filled, 20)
    assert ids(before)[0] == new
    lean(filled, kind, name, -1)
    assert new not in ids(pick(filled, 100, explore=0.3))
    filled.undo(now=at(1))
    assert pick(filled, 20) == before
    lean(filled, kind, name, -1)
    lean(filled, kind, name, 0)
    assert ids(pick(filled, 20)) == ids(before)


def _rest(of: Paper, abstract: str) -> dict[str, object]:
    return {
        "abstract": abstract,
        "authors": of.authors,
        "categories": of.categories,
        "venue": "Journal of Sheep",
        "sightings": of.sightings,
    }


def test_a_new_paper_of_a_pinned_author_is_among_the_picks(filled: Library):
    rate(filled, likes=STARS[:5], dislikes=CELLS[:3])
    [*_, new] = add(filled, toy("prices", 90, authors=("Ann Ode",)))
    without = pick(filled, 5)
    assert new not in ids(without)
    lean(filled, "author", "Ann Ode", 1)
    [found] = [each for each in pick(filled, 5) if each.entry.id == new]
    assert ("pinned", "author Ann Ode") in [(r.kind, r.text) for r in found.reasons]
    score = found.entry.score
    filled.undo(now=at(1))
    assert pick(filled, 5) == without
    assert filled.get(new).score < score


@pytest.mark.parametrize(
    ("kind", "name"),
    [("category", "q-fin"), ("venue", "Annals of Rest"), ("term", "napping")],
)
def test_a_new_paper_of_what_is_pinned_is_among_the_picks(filled: Library, kind: str, name: str):
    rate(filled, likes=STARS[:5], dislikes=CELLS[:3])
    best = toy("prices", 90, categories=("q-fin.TR",), sightings=())
    [*_, new] = add(
        filled, paper(best.title, **_rest(best, "Of napping.") | {"venue": "Annals of Rest"})
    )
    assert new not in ids(pick(filled, 5))
    lean(filled, kind, name, 1)
    [found] = [each for each in pick(filled, 5) if each.entry.id == new]
    assert ("pinned", f"{kind} {name}") in [(r.kind, r.text) for r in found.reasons]


def test_an_author_who_is_always_liked_is_found_in_another_field(filled: Library):
    texts = [toy("stars", 60 + n, authors=("Ann Ode", f"Bo Li{n}")) for n in range(8)]
    strangers = [toy("prices", 60 + n, authors=(f"Cy Ro{n}",)) for n in range(5)]
    *known, hers = add(filled, *texts, *strangers, toy("prices", 90, authors=("Ann Ode",)))
    rate(filled, likes=known[60:68])
    order = filled.ids(Filter(undecided=True), Sort.SCORE) if pick(filled) else []
    of_prices = [id for id in order if id in {*PRICES, *known[68:], hers}]
    assert of_prices[0] == hers, "of all papers of a field that is not hers"


# --- interests ----------------------------------------------------------------------------------

ABOUT_STARS = "quasar, supernova and nebula seen by telescope"


@pytest.mark.parametrize("where", ["settings", "pinned"])
def test_from_no_likes_an_interest_brings_picks_about_it(filled: Library, where: str):
    assert {r.kind for each in pick(filled) for r in each.reasons} == {"fallback"}
    if where == "pinned":
        lean(filled, "interest", ABOUT_STARS, 1)
    found = pick(filled, interests=(ABOUT_STARS,) if where == "settings" else ())
    assert set(ids(found)[:5]) <= set(STARS)
    assert len(set(ids(found)) & set(STARS)) >= 8
    for each in found[:5]:
        assert {"interest", "terms"} & set(kinds(each))
        assert all(r.text == ABOUT_STARS for r in each.reasons if r.kind == "interest")
        assert each.match


def test_an_interest_beside_likes_is_not_lost(filled: Library):
    rate(filled, likes=CELLS[:5])
    assert not set(ids(pick(filled))) & set(STARS)
    both = set(ids(pick(filled, 20, interests=(ABOUT_STARS,))))
    assert both & set(STARS)
    assert both & set(CELLS)


def test_a_muted_interest_lowers_its_kind(filled: Library):
    rate(filled, likes=CELLS[:2])

    def by_score() -> list[int]:
        pick(filled)
        return filled.ids(Filter(undecided=True), Sort.SCORE)

    before = by_score()
    lean(filled, "interest", "quasar, supernova, nebula, telescope, galaxy", -1)
    after = by_score()
    assert sum(map(after.index, STARS)) > sum(map(before.index, STARS))
    assert set(after[-10:]) <= set(STARS)
    filled.undo(now=at(1))
    assert by_score() == before


def test_a_muted_interest_alone_is_nothing_to_pick_by(filled: Library):
    lean(filled, "interest", "quasar", -1)
    assert {r.kind for each in pick(filled) for r in each.reasons} == {"fallback"}


@pytest.mark.parametrize("liked", [(), CELLS[:3]])
def test_what_is_about_a_muted_interest_is_never_picked(filled: Library, liked: range):
    said = "Gravitational waves of black holes."
    new = add(filled, *(paper(f"Black holes as seen by {n}", abstract=said) for n in "xyz"))[-3:]
    rate(filled, likes=liked)
    before = pick(filled, 70)
    assert set(new) <= set(ids(before))
    lean(filled, "interest", "gravitational waves", -1)
    assert ids(pick(filled, 70, explore=0.3)) != ids(before)
    assert not set(ids(pick(filled, 70, explore=0.3))) & set(new)
    filled.undo(now=at(1))
    assert pick(filled, 70) == before


def test_likes_of_what_is_about_a_muted_interest_count_no_longer(filled: Library):
    said = "Gravitational waves of black holes."
    new = add(filled, *(paper(f"Black holes as seen by {n}", abstract=said) for n in "xyz"))[-3:]
    rate(filled, likes=new)
    assert pick(filled)[0].match
    lean(filled, "interest", "gravitational waves", -1)
    assert {r.kind for each in pick(filled) for r in each.reasons} == {"fallback"}
    rate(filled, likes=CELLS[:3])
    assert set(ids(pick(filled, 5))) <= set(CELLS)


def test_picks_are_never_those_of_other_interests(filled: Library):
    stars = pick(filled, interests=(ABOUT_STARS,))
    cells = pick(filled, interests=("enzyme, genome, kinase and antibody",))
    assert len(set(ids(stars)) & set(STARS)) >= 8
    assert ids(cells)[0] in CELLS
    assert pick(filled, interests=(ABOUT_STARS,)) == stars
    assert {r.kind for each in pick(filled) for r in each.reasons} == {"fallback"}


# --- authors ------------------------------------------------------------------------------------


def test_an_author_of_several_likes_is_found_and_named(library: Library):
    by = ("Ann Ode", "Bo Li", "Cy Poe")
    ann = [toy("stars", n, authors=("Ann Ode",)) for n in range(3)]
    others = [toy("stars", n, authors=(f"Other Author{n}",)) for n in range(3, 6)]
    same = text("stars", 50).abstract
    twins = [paper(f"Same Old Stars {n} by", abstract=same, authors=(by[n],)) for n in (1, 0, 2)]
    add(library, *ann, *others, *twins, *(toy("cells", n) for n in range(20)))
    rate(library, likes=range(1, 7))
    found = pick(library, 30, popular=False)
    best = min((each for each in found if each.entry.id in (7, 8, 9)), key=found.index)
    assert best.entry.id == 8
    assert ("author", "Ann Ode, of whom you liked 3 papers") in [
        (r.kind, r.text) for r in best.reasons
    ]
    assert all("author" not in kinds(each) for each in found if each is not best)


# --- upvotes ------------------------------------------------------------------------------------


def twins(library: Library, upvotes: int) -> tuple[int, int]:
    """Two papers of which no word that counts differs; the second has the upvotes."""
    known = add(
        library,
        *(
            paper(
                f"Twin{name} of a Quasar",
                abstract=text("stars", 50).abstract,
                ids=f"doi:10.1000/{name}",
                sightings=(sighting(upvotes=votes),),
            )
            for name, votes in (("ab", 0), ("cd", upvotes))
        ),
    )
    return known[-2], known[-1]


def test_of_two_equal_papers_the_more_upvoted_comes_first_and_says_so(filled: Library):
    first, second = twins(filled, 1234)
    rate(filled, likes=STARS[:5])
    assert filled.get(first).score == filled.get(second).score
    found = {each.entry.id: each for each in pick(filled, 100)}
    order = list(found)
    assert order.index(second) < order.index(first)
    assert ("popular", "1,234 upvotes") in [(r.kind, r.text) for r in found[second].reasons]
    assert [id for id in order if "popular" in kinds(found[id])] == [second]


def test_upvotes_can_be_left_out(filled: Library):
    first, second = twins(filled, 1234)
    rate(filled, likes=STARS[:5])
    found = pick(filled, 100, popular=False)
    order = ids(found)
    assert order.index(first) < order.index(second)
    assert not any("popular" in kinds(each) for each in found)


def test_upvotes_never_beat_a_clearly_better_paper(filled: Library):
    rate(filled, likes=STARS[:5])
    [*_, loud] = add(filled, toy("prices", 90, sightings=(sighting(upvotes=10**6),)))
    assert loud not in ids(pick(filled, 5))
    assert ids(pick(filled, 5))[0] in STARS
    assert filled.ids(Filter(undecided=True), Sort.SCORE).index(loud) >= 15


# --- exploring ----------------------------------------------------------------------------------


def test_one_in_ten_picks_explores_and_comes_last(filled: Library):
    rate(filled, likes=STARS[:5])
    found = pick(filled, 10, explore=0.1)
    assert [("explore" in kinds(each)) for each in found] == [False] * 9 + [True]
    assert kinds(found[-1]) == ["explore"]
    assert found[-1].entry.id not in STARS
    assert ids(found)[:9] == ids(pick(filled, 9))


@pytest.mark.parametrize(
    ("number", "share", "exploring"), [(10, 0.3, 3), (10, 1.0, 10), (3, 0.1, 0)]
)
def test_a_share_is_of_the_picks(filled: Library, number: int, share: float, exploring: int):
    rate(filled, likes=STARS[:5])
    found = pick(filled, number, explore=share)
    assert len(set(ids(found))) == number
    assert ["explore" in kinds(each) for each in found].count(True) == exploring


def test_none_explores_where_none_is_asked_for_or_all_are_picked(filled: Library):
    rate(filled, likes=STARS[:5])
    for found in (pick(filled, 10), pick(filled, 55, explore=0.1)):
        assert not any("explore" in kinds(each) for each in found)


def test_a_day_explores_the_same_and_another_day_another(filled: Library):
    rate(filled, likes=STARS[:5])
    by_day = {day: pick(filled, explore=0.1, day=day) for day in range(5)}
    assert len({found[-1].entry.id for found in by_day.values()}) > 1
    filled.drop_model()
    assert {day: pick(filled, explore=0.1, day=day) for day in range(5)} == by_day
    assert len({tuple(ids(found)[:9]) for found in by_day.values()}) == 1
