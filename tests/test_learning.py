"""From acts to picks through the caches: what is kept is never more than a shortcut."""

import json
import statistics
from datetime import timedelta
from pathlib import Path

import pytest

from readlist import learning
from readlist.learning import Choice, Taste
from readlist.library import Filter
from readlist.models import Change, Paper, Sighting, Version
from readlist.recommend import VERSION

SAMPLE = Path(__file__).parents[1] / "readlist" / "demo"
READER = json.loads((SAMPLE / "reader.json").read_text(encoding="utf-8"))


@pytest.fixture
def rated(run, library):
    """The sample, with what its reader likes and dislikes."""
    run("import", SAMPLE / "page.txt", SAMPLE / "records.jsonl")
    run("like", *READER["like"])
    run("dislike", *READER["dislike"])
    return library


def pick(
    library, now, number=10, filter=Filter(), *, explore=0.0, popular=True, interests=(), **options
):
    return learning.picks(
        library,
        choice=Choice(number, explore, popular),
        filter=filter,
        today=now.date(),
        taste=Taste(70, interests),
        **options,
    )


def test_picks_are_of_the_topics_that_were_liked(rated, now):
    for found in pick(rated, now, number=5):
        text = f"{found.entry.paper.title} {found.entry.paper.abstract}".lower()
        assert any(
            word in text for word in ("reinforcement", "decod", "cache", "quantiz", "reasoning")
        )
        assert found.reasons


def test_picks_are_undecided_and_each_once(rated, now):
    found = pick(rated, now, number=100)
    assert len(found) == len({p.entry.id for p in found}) == 60 - 18
    assert not any(p.entry.decided for p in found)


def test_the_same_library_and_day_give_the_same_picks_without_any_cache(rated, now, tmp_path):
    first = pick(rated, now)
    assert pick(rated, now) == first
    rated.close()
    for file in tmp_path.glob("library.db-cache*"):
        file.unlink()
    with type(rated)(rated.path) as reopened:
        assert pick(reopened, now) == first


def test_a_damaged_cache_is_made_anew(rated, now, tmp_path):
    first = pick(rated, now)
    rated.close()
    for file in tmp_path.glob("library.db-cache*"):
        file.unlink()
    (tmp_path / "library.db-cache").write_bytes(b"not a cache" * 1000)
    with type(rated)(rated.path) as reopened:
        assert pick(reopened, now) == first


def test_a_decision_changes_the_picks_and_undo_brings_them_back(rated, now):
    first = pick(rated, now)
    best = first[0].entry.id
    rated.act([Change(paper_id=best, field="rating", value="-1")], what="disliked", now=now)
    assert best not in [p.entry.id for p in pick(rated, now)]
    rated.undo(now=now)
    assert [p.entry.id for p in pick(rated, now)] == [p.entry.id for p in first]


def test_a_new_paper_is_considered_at_once(rated, now):
    pick(rated, now)
    copied = rated.get(rated.find(READER["like"][0])).paper
    new = Paper(
        versions=(Version(title="A Fresh Take on Self-Speculative Decoding"),),
        abstract=copied.abstract,
        sightings=(Sighting(source="json", at="2026-11-23"),),
    )
    rated.add_all([new], now=now)
    assert pick(rated, now)[0].entry.paper.title == new.title


def test_filters_narrow_what_is_picked_from(rated, now):
    splatting = Filter(words="splatting")
    found = pick(rated, now, filter=splatting)
    assert found
    assert all("splat" in f"{p.entry.paper}".lower() for p in found)


def test_before_the_first_like_the_newest_come_first_and_say_so(run, library, now):
    run("import", SAMPLE / "page.txt")
    found = pick(library, now, number=60)
    dates = [p.entry.paper.date for p in found]
    assert dates == sorted(dates, reverse=True)
    assert all(p.match is None and p.probability is None for p in found)
    assert {r.text for p in found for r in p.reasons} == {
        "you have not liked anything yet: the newest first"
    }
    run("dislike", 1)
    only = pick(library, now)[0]
    assert only.match is None
    assert only.reasons[0].text == "dislikes count once you like something: the newest first"


def test_matches_fall_and_there_is_no_probability_for_few_ratings(rated, now):
    found = pick(rated, now, number=100)
    assert max(p.match for p in found) == found[0].match == 100
    assert all(1 <= p.match <= 100 for p in found)
    assert all(p.probability is None for p in found)


def test_thirty_ratings_bring_probabilities_that_follow_the_match(rated, now):
    liked = rated.ids(Filter(undecided=True, words="reinforcement OR decoding"))
    others = [id for id in rated.ids(Filter(undecided=True)) if id not in liked]
    more = [Change(paper_id=id, field="rating", value="-1") for id in others[:14]]
    rated.act(more, what="disliked", now=now)
    found = pick(rated, now, number=100)
    assert all(0 < p.probability < 1 for p in found)
    by_match = sorted(found, key=lambda p: p.match)
    assert by_match[0].probability < by_match[-1].probability


def test_reading_papers_is_reported(rated, now):
    told = []
    pick(rated, now, progress=lambda done, left: told.append((done, left)))
    assert sum(done for done, _ in told) == 60
    assert told[-1][1] == 0


def test_a_model_of_another_method_is_made_anew(rated, now):
    found = pick(rated, now)
    state, model = rated.model()
    other = state.replace(f" method {VERSION} ", " method 0 ")
    assert other != state
    scores = [(id, 0.0) for id in rated.ids()]
    rated.save_model(other, model, scores)
    assert learning.last_model(rated, today=now.date(), taste=Taste(70)) is None
    assert pick(rated, now, number=9) == found[:9]
    assert rated.model()[0] == state


def test_a_like_of_long_ago_counts_less_the_shorter_the_half_life(run, library, now):
    run("import", SAMPLE / "page.txt", SAMPLE / "records.jsonl")
    likes = dict(zip(READER["like"], (now - timedelta(days=300), now), strict=False))
    for handle, at in likes.items():
        change = Change(paper_id=library.find(handle), field="rating", value="1")
        library.act([change], what="liked", now=at)
    scores = {}
    for half_life in (0.0, 10.0):
        learning.train(library, today=now.date(), taste=Taste(half_life))
        scores[half_life] = [library.get(library.find(handle)).score for handle in likes]
    (old, new), (faded, fresh) = scores[0.0], scores[10.0]
    assert new - old < fresh - faded


def test_ignored_picks_of_another_day_count_against_their_kind(rated, now):
    first = [p.entry.id for p in pick(rated, now, number=3)]
    rated.mark_shown(first, now.date())
    assert [p.entry.id for p in pick(rated, now, number=3)] == first
    tomorrow = now.replace(day=now.day + 1)
    scores = {p.entry.id: p.entry.score for p in pick(rated, now, number=100)}
    later = {p.entry.id: p.entry.score for p in pick(rated, tomorrow, number=100)}
    gain = {id: later[id] - scores[id] for id in scores}
    others = [gain[id] for id in scores if id not in first]
    assert max(gain[id] for id in first) < statistics.median(others)
