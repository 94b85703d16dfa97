"""Hypothesis strategies from tiny alphabets: with large ones nothing would ever collide."""

from hypothesis import strategies as st
from make import paper, version

from readlist.models import Identifier, Link, Paper, Sighting, Standing

TITLES = (
    "Attention Is All You Need",
    "attention is all you need.",
    "Deep Residual Learning for Images",
    "Deep residual learning for $\\Delta$ images",
)
SHORT_TITLES = ("", "Introduction", "Reply", "Deep Learning", "deep-learning")
AUTHORS = ((), ("Ann Ode",), ("Ode, Ann", "Bo Li"), ("Bo Li", "Ann Ode"))
DATES = ("", "2015", "2017-06", "2018-01-30", "2020", "2022-02", "2024")
VENUES = ("", "ICML", "icml", "Annals of Rest")
TEXTS = ("", "a", "b", "an abstract", "un abstract")
IDENTIFIERS = (
    Identifier("arxiv", "1706.03762"),
    Identifier("arxiv", "math/0309136"),
    Identifier("doi", "10.1000/a"),
    Identifier("doi", "10.1000/b"),
)
LINKS = (Link("code", "https://a.org/x"), Link("web", "https://a.org/x"), Link("pdf", "http://b.c"))

numbers = st.sampled_from([None, 0, 7])
signals = st.just((None, None, None)) | st.tuples(numbers, numbers, numbers)
sightings = st.builds(
    lambda at, place, signals: Sighting(
        source="hf", at=at, place=place, upvotes=signals[0], comments=signals[1], stars=signals[2]
    ),
    st.sampled_from(["2025-01-01", "2025-01-02"]),
    st.sampled_from(["", "page"]),
    signals,
)
some_sightings = st.lists(sightings, max_size=2).map(tuple)
fields = st.dictionaries(
    st.sampled_from(["volume", "pages"]), st.sampled_from(["1", "2--3"]), max_size=2
)


def versions(titles: tuple[str, ...] = TITLES) -> st.SearchStrategy:
    return st.builds(
        version,
        st.sampled_from(titles),
        standing=st.sampled_from(Standing),
        venue=st.sampled_from(VENUES),
        date=st.sampled_from(DATES),
        type=st.sampled_from(["", "article", "inproceedings"]),
        fields=fields,
    )


def papers(titles: tuple[str, ...] = TITLES, max_versions: int = 3) -> st.SearchStrategy:
    """Records; not all of them normal."""
    return st.builds(
        Paper,
        versions=st.lists(versions(titles), min_size=1, max_size=max_versions).map(tuple),
        authors=st.sampled_from(AUTHORS),
        author_count=numbers,
        abstract=st.sampled_from(TEXTS),
        identifiers=st.lists(st.sampled_from(IDENTIFIERS), max_size=2).map(tuple),
        links=st.lists(st.sampled_from(LINKS), max_size=2).map(tuple),
        categories=st.sampled_from([(), ("cs.CL",), ("cs.LG", "cs.CL")]),
        organization=st.sampled_from(TEXTS),
        extra=st.dictionaries(st.sampled_from("xy"), st.sampled_from(["1", "22"]), max_size=2),
        key=st.sampled_from(["", "ode2017", "Ode2017"]),
        sightings=some_sightings,
    )


def records(titles: tuple[str, ...] = TITLES) -> st.SearchStrategy[Paper]:
    """Records as formats make them, of few things only, so that most of them meet."""
    return st.builds(
        paper,
        st.sampled_from(titles),
        ids=st.sampled_from(("", "arxiv:1", "doi:10.1/a", "doi:10.1/b", "arxiv:1 doi:10.1/a")),
        authors=st.sampled_from(AUTHORS),
        date=st.sampled_from(DATES),
        standing=st.sampled_from(Standing),
        abstract=st.sampled_from(("", "an abstract")),
        sightings=sightings.map(lambda seen: (seen,)),
    )


# Text as hostile as it comes: what syntaxes are made of, controls, other scripts, halves of pairs.
hostile = st.text(
    st.one_of(
        st.sampled_from("\"*:^(){}[]<>+-'\\/.,;%&$#@!~|\x00\x1b\n\t\u2028\u200b\ufeff\ud800 "),
        st.sampled_from("aAéßωαIJıſ中가²𞤀½ "),
        st.characters(),
    ),
    max_size=30,
)
