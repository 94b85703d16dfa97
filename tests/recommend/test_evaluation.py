"""How well it would have done: told when it is so, and never from what was not known then."""

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recommend.past import STARS, WORLD, act, day, decisions, past
from recommend.toy import text

from readlist.recommend.evaluation import Evaluation, evaluate
from readlist.recommend.replay import Arrival, Past, Setting, replay


def evaluated(of: Past, picks: int = 10) -> Evaluation:
    return evaluate(of, setting=Setting(half_life=70, picks=picks, explore=0))


def stars(id: int) -> str:
    return "1" if id in STARS else "-1"


def told(of: Past) -> dict[object, dict[int, float]]:
    """The scores that each day's papers got, by day and paper."""
    return {
        held_out.day: dict(
            zip(held_out.paper_ids.tolist(), held_out.scores["readlist"].tolist(), strict=True)
        )
        for held_out in replay(of, Setting(70, 10, 0), lambda _done, _left: None)
    }


# --- never from what was not known then ---------------------------------------------------------

HISTORY = decisions(stars, days=6, each=8)


@settings(max_examples=15)
@given(st.integers(1, 5), st.data())
def test_what_was_said_on_a_day_or_after_it_changes_no_score_of_the_day(held_out, data):
    later = [n for n, act in enumerate(HISTORY) if act.at.date() >= day(held_out)]
    flipped = data.draw(st.sets(st.sampled_from(later), min_size=1))
    other = {"1": "-1", "-1": "1"}
    acts = [
        replace(act, after=other[act.after]) if n in flipped else act
        for n, act in enumerate(HISTORY)
    ]
    before, after = told(past(HISTORY)), told(past(acts))
    until = [date for date in before if date <= day(held_out)]
    assert until
    assert [after[date] for date in until] == [before[date] for date in until]


def test_what_was_said_before_a_day_does_change_its_scores():
    acts = [replace(HISTORY[0], after="skipped", field="status"), *HISTORY[1:]]
    assert told(past(acts))[day(1)] != told(past(HISTORY))[day(1)]


@pytest.mark.parametrize("number", [2, 4])
def test_papers_and_picks_of_a_day_or_after_it_change_no_score_of_the_day(number):
    new = {id: text("prices", id) for id in range(300, 340)}
    undecided = [id for id in WORLD if id not in {act.paper_id for act in HISTORY}]
    alone = told(past(HISTORY))
    crowded = told(
        past(
            HISTORY,
            texts=WORLD | new,
            came=dict.fromkeys(new, number),
            shown=dict.fromkeys(undecided, day(number)),
        )
    )
    for date, scores in alone.items():
        if date <= day(number):
            assert {id: crowded[date][id] for id in scores} == scores
            assert (300 in crowded[date]) == (date == day(number))
        else:
            assert {id: crowded[date][id] for id in scores} != scores


def test_days_that_share_a_model_know_nothing_of_each_other():
    acts = decisions(stars, days=60, each=3)
    other = {"1": "-1", "-1": "1"}
    last_two = [
        replace(act, after=other[act.after]) if act.at.date() >= day(58) else act for act in acts
    ]
    before, after = told(past(acts)), told(past(last_two))
    assert len(before) > 50
    assert before == after


def test_at_most_thirty_models_are_trained_and_told():
    seen = []
    acts = decisions(stars, days=60, each=3)
    list(replay(past(acts), Setting(70, 10, 0), lambda done, left: seen.append((done, left))))
    assert seen == [(1, left) for left in range(29, -1, -1)]


def test_what_had_been_decided_or_was_not_there_yet_is_no_candidate():
    acts = [act(0, 1, "1"), act(1, 2, "1"), act(1, 3, "1", what="add"), act(2, 4, "-1")]
    scores = told(past(acts, came={5: 2, 6: 3, 2: 5}))
    assert not {1, 3, 5, 6} & scores[day(1)].keys()
    assert {2, 4} <= scores[day(1)].keys(), "2 was there when it was liked, whatever came later"
    assert not {1, 2, 3, 6} & scores[day(2)].keys()
    assert {4, 5} <= scores[day(2)].keys()


def test_days_before_the_first_like_and_days_of_imports_are_no_tests():
    acts = [act(0, 1, "-1"), act(1, 2, "1"), act(2, 3, "1", what="import a.bib"), act(3, 4, "1")]
    assert list(told(past(acts))) == [day(3)]


# --- what it comes to ---------------------------------------------------------------------------


def test_a_reader_of_one_topic_is_known():
    found = evaluated(past(decisions(stars, days=6, each=10)))
    assert found.better
    assert not found.passed_over
    assert found.measures["readlist"]["auc"].low > 0.95
    assert found.measures["newest_first"]["auc"] == (0.5, 0.5, 0.5), "all have one date"


def test_one_who_decides_on_all_that_comes_in_finds_what_is_liked_on_top():
    acts = decisions(stars, days=6, each=12)
    decided = {act.paper_id: (act.at.date() - day(0)).days for act in acts}
    texts = {id: WORLD[id] for id in decided}
    found = evaluated(past(acts, texts=texts, came=decided), picks=3)
    ours, newest = found.measures["readlist"], found.measures["newest_first"]
    assert ours["ndcg"].low > 0.95
    assert ours["precision"].low > 0.95
    assert newest["precision"].high < 0.9
    assert newest["ndcg"].high < 0.9


def test_the_picks_of_a_day_are_measured_as_they_are_put_forward():
    """Papers of other topics, unlike what was rated, explore: none is liked."""
    acts = decisions(stars, days=6, each=12)
    decided = {act.paper_id: (act.at.date() - day(0)).days for act in acts}
    of = past(acts, texts={id: WORLD[id] for id in decided}, came=decided)
    precision = {
        share: evaluate(of, setting=Setting(70, 2, share)).measures["readlist"]["precision"].mean
        for share in (0.0, 0.5, 1.0)
    }
    assert precision[0.0] > precision[0.5] > precision[1.0]


def test_a_taste_that_wavers_is_told_with_its_spread():
    chance = random.Random(3)

    def mostly_stars(id: int) -> str:
        return stars(id) if chance.random() < 0.8 else {"1": "-1", "-1": "1"}[stars(id)]

    found = evaluated(past(decisions(mostly_stars, days=12, each=12)))
    assert found.better
    for interval in found.measures["readlist"].values():
        assert interval.low < interval.mean < interval.high
        assert interval.high - interval.low > 0.02


def at_random(seed: int, answers: list[str | None]):
    chance = random.Random(seed)
    return lambda _id: chance.choice(answers)


@pytest.mark.parametrize("answers", [["1", "-1"], ["1", "skipped", "later"], ["1", None, None]])
@pytest.mark.parametrize("seed", [*range(4), 25, 43, 52])  # of the last the interval is above 50%
def test_random_labels_are_no_better_than_chance(seed, answers):
    acts = decisions(at_random(seed, answers), days=7, each=12, seed=seed)
    found = evaluated(past(acts))
    assert found.measures
    assert not found.better
    assert found.passed_over == (None in answers)


def test_days_of_one_topic_each_teach_nothing_of_the_next():
    """What a day has in common is never learned on that day."""
    acts = decisions(lambda _id: "1", days=8, each=12)
    by_day = [
        replace(act, after="1" if (act.paper_id in STARS) == (act.at.day % 2 == 0) else "-1")
        for act in acts
    ]
    assert not evaluated(past(by_day)).better


def test_without_dislikes_what_was_left_undecided_stands_for_them():
    acts = decisions(lambda id: "1" if id in STARS else None, days=6, each=10)
    found = evaluated(past(acts))
    assert found.passed_over
    assert found.better
    assert all(result.measured["readlist"].auc is None for result in found.results)


def test_rivals_are_ordered_by_what_they_say():
    acts = decisions(stars, days=6, each=10)
    arrivals = {
        id: Arrival(day(-1), "2026-03-02" if id in STARS else "2025", id % 7) for id in WORLD
    }
    measures = evaluated(past(acts, arrivals=arrivals)).measures
    assert list(measures) == ["readlist", "newest_first", "most_upvoted"]
    assert measures["newest_first"]["auc"].mean == 1
    assert 0.3 < measures["most_upvoted"]["auc"].mean < 0.8


def test_pairs_are_of_one_day():
    """What tells days apart and nothing else is worth nothing, even if it tells likes apart."""
    acts = [
        replace(
            act, after="1" if random.Random(act.paper_id).random() * 8 < act.at.day - 2 else "-1"
        )
        for act in decisions(stars, days=8, each=12)
    ]
    arrivals = {
        act.paper_id: Arrival(act.at.date(), act.at.date().isoformat(), None) for act in acts
    }
    newest = evaluated(past(acts, arrivals=arrivals)).measures["newest_first"]["auc"]
    assert newest == (0.5, 0.5, 0.5)


def test_too_few_likes_or_days_are_told_and_not_measured():
    def missing(acts):
        found = evaluated(past(acts))
        assert found.measures == {}
        assert not found.better
        return found.missing_likes, found.missing_days

    assert missing([]) == (11, 4)
    assert missing([act(0, 1, "1")]) == (10, 3)
    assert missing([act(0, 1, "1"), *(act(1, id, "1") for id in range(2, 8))]) == (4, 2)
    assert missing([act(0, 1, "1"), *(act(1, id, "1") for id in range(2, 30))]) == (0, 2)
    assert missing([act(n, n + 1, "1") for n in range(9)]) == (2, 0)


def test_measures_of_an_order_that_is_known():
    """Four candidates, a liked one first and third of them."""
    texts = {id: WORLD[id] for id in range(1, 6)}
    arrivals = {
        id: Arrival(day(-1), date, None)
        for id, date in {1: "2020", 2: "2025", 3: "2024", 4: "2023", 5: "2022"}.items()
    }
    acts = [act(0, 1, "1"), act(1, 2, "1"), act(1, 3, "-1"), act(1, 4, "1")]
    [result] = evaluated(past(acts, texts=texts, arrivals=arrivals), picks=3).results
    assert (result.likes, result.dislikes, result.candidates) == (2, 1, 4)
    auc, auc_all, ndcg, precision = result.measured["newest_first"]
    assert (auc, auc_all) == (0.5, 0.75)
    assert ndcg == pytest.approx((1 + 1 / np.log2(4)) / (1 + 1 / np.log2(3)))
    assert precision == pytest.approx(2 / 3)


def test_the_same_history_comes_to_the_same():
    acts = decisions(stars, days=5, each=8)
    first, second = evaluated(past(acts)), evaluated(past(acts))
    assert first.measures == second.measures
    assert first.results == second.results
