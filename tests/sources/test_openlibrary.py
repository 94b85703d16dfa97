"""Open Library: books by ISBN."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from server import Service

from readlist import ids
from readlist.errors import SourceError
from readlist.models import Paper, Problem, Standing
from readlist.sources import openlibrary

TODAY = date(2026, 11, 23)
ISBN = "9780262035613"
BOOK: dict[str, Any] = {
    "url": "https://openlibrary.org/books/OL26354284M/Deep_learning",
    "key": "/books/OL26354284M",
    "title": "Deep Learning",
    "subtitle": "An Introduction",
    "authors": [{"url": "https://openlibrary.org/authors/OL1A/I_G", "name": "Ian Goodfellow"}],
    "publishers": [{"name": "The MIT Press"}],
    "publish_places": [{"name": "Cambridge, MA"}],
    "publish_date": "Nov 18, 2016",
    "number_of_pages": 775,
    "identifiers": {"isbn_10": ["0262035618"], "isbn_13": [ISBN], "openlibrary": ["OL26354284M"]},
}


def wanted(*numbers: str) -> list[Any]:
    return [ids.isbn(number) for number in numbers]


def test_a_book_is_read():
    [paper] = openlibrary.parse({f"ISBN:{ISBN}": BOOK}, wanted(ISBN))
    assert isinstance(paper, Paper)
    assert paper.title == "Deep Learning: An Introduction"
    assert paper.authors == ("Ian Goodfellow",)
    assert (paper.type, paper.venue) == ("book", "The MIT Press")
    assert (paper.date, paper.standing) == ("2016-11-18", Standing.PUBLISHED)
    assert paper.identifiers == (ids.isbn(ISBN),)
    assert paper.versions[0].fields["address"] == "Cambridge, MA"
    assert paper.links == (("page", BOOK["url"]),)
    assert paper.sightings == ()


@given(
    st.dictionaries(
        st.sampled_from(list(BOOK)),
        st.sampled_from([None, 0, "", "x", [], [None], ["x"], {}, [{}], {"isbn_13": 7}, [[1]]]),
        max_size=5,
    )
)
def test_no_book_is_too_odd(changed: dict[str, Any]):
    [found] = openlibrary.parse({f"ISBN:{ISBN}": {**BOOK, **changed}}, wanted(ISBN))
    assert isinstance(found, Paper | Problem)
    assert isinstance(found, Problem) or ids.isbn(ISBN) in found.identifiers


@pytest.mark.parametrize("said", [None, [], "x"])
def test_another_answer_is_an_error(said: Any):
    with pytest.raises(SourceError, match=r"openlibrary.org answered with something else"):
        openlibrary.parse(said, [])


@pytest.fixture
def client(service: Service) -> Iterator[Any]:
    with service.client() as opened:
        yield opened


def test_books_are_asked_for_at_once_and_come_in_that_order(service: Service, client: Any):
    other = "9780134685991"
    service.answer("api/books", {f"ISBN:{other}": {**BOOK, "title": "B"}, f"ISBN:{ISBN}": BOOK})
    found = openlibrary.lookup(client, wanted(ISBN, "9783161484100", other, ISBN), TODAY)
    assert [paper.title for paper in found] == [
        "Deep Learning: An Introduction",
        "B: An Introduction",
    ]
    assert service.requests[0].query == {
        "bibkeys": f"ISBN:{ISBN},ISBN:9783161484100,ISBN:{other},ISBN:{ISBN}",
        "format": "json",
        "jscmd": "data",
    }


def test_nothing_is_known_of_a_book(service: Service, client: Any):
    service.answer("api/books", {})
    assert list(openlibrary.lookup(client, wanted(ISBN), TODAY)) == []
