"""What a paper is near, what speaks against it, and what would raise its score."""

import pytest
from make import NOW
from recommend.toy import rated, text, trained, world

from readlist.models import Leaning
from readlist.recommend.account import account, score
from readlist.recommend.features import Text, terms
from readlist.recommend.why import (
    Near,
    Said,
    Surroundings,
    distinct,
    doubts,
    raising,
    strongest,
    unloved,
)

WORLD = {
    id: paper._replace(authors=(f"Author Number{id}",))
    for id, paper in world(stars=20, cells=20, prices=20).items()
}


@pytest.mark.parametrize(
    ("likes", "dislikes"),
    [([1], []), ([1, 2, 3], [21]), ([1, 21], [41, 42]), (range(1, 16), range(21, 36))],
)
def test_to_like_papers_with_the_terms_named_raises_the_score(likes, dislikes):
    said = rated(likes, dislikes)
    decided = {*likes, *dislikes}
    _, model = trained(WORLD, said)
    tried = 0
    for id in WORLD.keys() - decided:
        named = unloved(WORLD[id], model, account(WORLD[id], model))
        for other in sorted(WORLD.keys() - decided - {id}):
            if named and set(named) <= terms(WORLD[other]).keys():
                _, after = trained(WORLD, [*said, *rated([other])])
                assert score(WORLD[id], after) > score(WORLD[id], model)
                tried += 1
                break
    assert tried > 10


def test_to_pin_and_to_unmute_what_is_named_raises_the_score():
    _, model = trained(WORLD, rated([1], [21]))
    muted = Leaning("term", "enzyme", -1, NOW)
    steps = raising(WORLD[30], model, account(WORLD[30], model, [muted]), [muted])
    by_act = {step.act: step for step in steps}
    assert (by_act["unmute"].kind, by_act["unmute"].names) == ("term", ("enzyme",))
    assert by_act["pin"].names == ("Author Number30",)
    pinned = Leaning("author", "Author Number30", 1, NOW)
    assert score(WORLD[30], model) > score(WORLD[30], model, [muted])
    assert score(WORLD[30], model, [muted, pinned]) > score(WORLD[30], model, [muted])


def test_whom_the_owner_spoke_of_is_not_named():
    _, model = trained(WORLD, rated([1]))
    pinned = Leaning("author", "Number30", 1, NOW)
    steps = raising(WORLD[30], model, account(WORLD[30], model), [pinned])
    assert "pin" not in {step.act for step in steps}


def test_what_is_near_is_named_by_kind_and_never_the_paper_itself():
    _, model = trained(WORLD, rated([1, 2, 3], [21]))
    said = [
        *(Said("liked", WORLD[id].title, id, WORLD[id]) for id in (1, 2, 3)),
        Said("disliked", WORLD[21].title, 21, WORLD[21]),
        Said("interest", "galaxy orbit telescope", None, Text("", "galaxy orbit telescope")),
    ]
    around = Surroundings(said, model)
    near = around.nearest(4, WORLD[4])
    assert [each.said.kind for each in near][:3] == ["liked", "liked", "interest"]
    assert near[0].similarity >= near[1].similarity
    assert near[0].terms
    assert near == around.nearest(4, WORLD[4])
    assert 1 not in {each.said.paper_id for each in around.nearest(1, WORLD[1])}


def test_a_paper_of_a_disliked_topic_is_doubted_for_its_terms_and_its_neighbours():
    _, model = trained(WORLD, rated([1, 2], [21, 22]))
    paper = WORLD[30]._replace(abstract="")
    near = [Near(Said("disliked", "Cells", 21, WORLD[21]), 0.5, ())]
    found = doubts(paper, account(paper, model), near, model.close)
    [against] = [each for each in found if each.startswith("against it speak ")]
    assert set(against.removeprefix("against it speak ").split(", ")) <= terms(paper).keys()
    assert "it shares next to nothing with what you liked" in found
    assert "it is closer to what you disliked: Cells" in found
    assert "no abstract of it is known; 'readlist enrich' may find one" in found


def test_what_was_learned_is_named_with_its_sign():
    texts = [paper._replace(authors=("Ann Ode",)) for paper in (text("stars", n) for n in range(5))]
    texts += [text("cells", n)._replace(authors=("Bo Li",)) for n in range(5)]
    rest = {id: paper for id, paper in WORLD.items() if id > 40}
    _, model = trained(dict(enumerate(texts, 1)) | rest, rated(range(1, 6), range(6, 11)))
    found = {(share.kind, share.name): share.amount for share in strongest(texts, model, 5)}
    assert found["author", "Ann Ode"] > 0 > found["author", "Bo Li"]
    assert len([kind for kind, _ in found if kind == "term"]) == 5


def test_no_word_is_named_twice():
    assert distinct(["draft", "draft tokens", "trees", "tree", "token", "a"], 3) == [
        "draft",
        "trees",
        "token",
    ]
