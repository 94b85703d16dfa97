"""What is said of where a paper appeared is understood alike, whoever says it."""

from datetime import date

import pytest

from readlist import csl, records, venues
from readlist.formats import reference
from readlist.models import Paper, Sighting, Standing
from readlist.origin import Origin
from readlist.sources import semantic_scholar

TODAY = date(2026, 11, 23)


def standings(venue: str) -> set[Standing]:
    """What a paper is to the readers of several formats and services."""
    title = "How Sheep Count Sheep"
    seen = Sighting(source="x", place="", at=TODAY.isoformat())
    said = reference.Reference(type="article", title=title, venue=venue)
    [paper] = semantic_scholar.parse([{"title": title, "venue": venue}], TODAY)
    papers = [
        paper,
        csl.paper({"type": "article-journal", "title": title, "container-title": venue}, "x"),
        records.paper(
            {"title": title, "venue": venue}, Origin(name="x", place="", today=TODAY), "x"
        ),
        reference.paper(said, where="x", raw="", seen=seen),
    ]
    assert all(isinstance(paper, Paper) for paper in papers)
    return {paper.standing for paper in papers if isinstance(paper, Paper)}


@pytest.mark.parametrize(
    "venue",
    [
        *(
            "arXiv",
            "ar Xiv",
            "ArXiv e-prints",
            "arXiv.org",
            "CoRR",
            "Computing Research Repository",
        ),
        *("bioRxiv : the preprint server for biology", "medRxiv", "ChemRxiv", "PsyArXiv"),
        *("SSRN Electronic Journal", "Social Science Research Network", "Research Square"),
        *("Research square", "OSF Preprints", "Preprints.org", "HAL", "OpenReview", "Authorea"),
        *("Zenodo", "Cryptology ePrint Archive", "IACR Cryptol. ePrint Arch.", "Preprint"),
    ],
)
def test_servers_publish_nothing_themselves(venue: str):
    assert standings(venue) == {Standing.PREPRINT}


@pytest.mark.parametrize("venue", ["Nature", "Hal Leonard", "Halbleiter", "Corrosion", "Osfoods"])
def test_journals_publish(venue: str):
    assert standings(venue) == {Standing.PUBLISHED}


@pytest.mark.parametrize(
    "venue", ["Submitted to Rest", "under review", "Unpublished", "manuscript"]
)
def test_what_is_not_published_yet_has_no_venue(venue: str):
    assert venues.is_unpublished(venue)
    assert not venues.is_unpublished(f"Annals of {venue}")


@pytest.mark.parametrize("kind", ["Master's thesis", "M.Sc. thesis", "MA", "Diplomarbeit"])
def test_theses_before_a_doctorate(kind: str):
    assert venues.is_masters(kind)
    assert not venues.is_masters("Ph.D. thesis")
