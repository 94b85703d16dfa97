"""What a paper becomes when we meet it again. Pure.

`join` is the least upper bound in a lattice of papers: commutative, associative and idempotent.
So the order in which records arrive never matters, and a record met twice changes nothing.
Each field keeps the value that is larger in an order of values chosen for it: a longer
abstract, a fuller list of authors, a more precise date.

Versions are joined only with versions of the same standing and venue. The published one is
shown and cited, and nothing of the preprint is mixed into it or lost.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from .ids import fold
from .models import Identifier, Link, Paper, Sighting, Version
from .text import clean, one_line

_DATE = r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?"


def normal(paper: Paper) -> Paper:
    """A record as it is kept: text safe to print, parts in order, links only to the web.

    `join` of normal papers is normal, and `join(p, p) == p`.
    """
    if _is_plain(paper):
        return paper
    return Paper(
        versions=join_versions([_normal_version(version) for version in paper.versions]),
        authors=tuple([name for author in paper.authors if (name := one_line(author))]),
        author_count=paper.author_count,
        abstract=_paragraphs(paper.abstract),
        identifiers=_normal_identifiers(paper.identifiers),
        links=tuple(sorted({link for link in paper.links if _web(link)})),
        categories=tuple([one_line(category) for category in paper.categories]),
        organization=one_line(paper.organization),
        extra=_normal_fields(paper.extra),
        retractions=tuple(sorted({one_line(text) for text in paper.retractions})),
        key=one_line(paper.key),
        sightings=join_sightings([_normal_sighting(seen) for seen in paper.sightings]),
    )


def _paragraphs(text: str) -> str:
    """A text with its paragraphs on a line each: where a source wrapped them says nothing."""
    return "\n\n".join(filter(None, map(one_line, re.split(r"\n\s*\n", clean(text)))))


def _is_plain(paper: Paper) -> bool:
    """Whether a record is normal as it is, seen fast: most are, and an import is made of them."""
    version = paper.versions[0]
    if (
        len(paper.versions) > 1
        or len(paper.sightings) > 1
        or (
            len(paper.identifiers) > 1 and list(paper.identifiers) != sorted(set(paper.identifiers))
        )
        or not all(paper.authors)
        or not all(paper.extra.values())
        or paper.links
        or paper.retractions
        or version.fields
        or version.type
        or (version.date and not re.fullmatch(_DATE, version.date))
    ):
        return False
    parts = [version.title, version.venue, *paper.authors, paper.abstract, *paper.categories]
    parts += [paper.organization, paper.key, *paper.extra, *paper.extra.values()]
    parts += [identifier.value for identifier in paper.identifiers]
    parts += [text for seen in paper.sightings for text in (seen.source, seen.place, seen.at)]
    # A blank at the end of a part shows as two blanks between parts.
    text = " ".join([part for part in parts if part])
    return text.isprintable() and "  " not in text and text == text.strip()


def _normal_version(version: Version) -> Version:
    return Version(
        standing=version.standing,
        title=one_line(version.title),
        venue=one_line(version.venue),
        date=version.date if re.fullmatch(_DATE, version.date) else "",
        type=one_line(version.type).lower(),
        fields=_normal_fields(version.fields),
    )


def _normal_sighting(seen: Sighting) -> Sighting:
    return replace(
        seen, source=one_line(seen.source), place=one_line(seen.place), at=one_line(seen.at)
    )


def _normal_fields(fields: Mapping[str, str]) -> Mapping[str, str]:
    if not fields:
        return fields
    return {one_line(name): text for name, value in fields.items() if (text := clean(value))}


def _normal_identifiers(identifiers: tuple[Identifier, ...]) -> tuple[Identifier, ...]:
    found = {Identifier(scheme, one_line(value)) for scheme, value in identifiers}
    return tuple(sorted(found)) if len(found) > 1 else tuple(found)


def _web(link: Link) -> bool:
    return link.url.startswith(("https://", "http://")) and link.url == one_line(link.url)


def join(a: Paper, b: Paper) -> Paper:
    """The paper that two records of it make together; of two citation keys the first stays."""
    if same(a, b):
        return a
    authors = max(a.authors, b.authors, key=_names)
    counts = [n for n in (a.author_count, b.author_count) if n is not None]
    return Paper(
        versions=join_versions([*a.versions, *b.versions]),
        authors=authors,
        author_count=max(counts) if counts else None,
        abstract=_longer(a.abstract, b.abstract),
        identifiers=tuple(sorted({*a.identifiers, *b.identifiers})),
        links=tuple(sorted({*a.links, *b.links})),
        categories=max(a.categories, b.categories, key=lambda c: (len(c), c)),
        organization=_longer(a.organization, b.organization),
        extra=_join_fields(a.extra, b.extra),
        retractions=tuple(sorted({*a.retractions, *b.retractions})),
        key=a.key or b.key,
        sightings=join_sightings([*a.sightings, *b.sightings]),
    )


def same(a: Paper, b: Paper) -> bool:
    """Whether two papers are equal, the order of their fields included."""
    return (
        a == b
        and list(a.extra) == list(b.extra)
        and all(
            list(v.fields) == list(w.fields) for v, w in zip(a.versions, b.versions, strict=True)
        )
    )


def join_versions(versions: Iterable[Version]) -> tuple[Version, ...]:
    """One version for each standing and venue, the one to show and cite first."""
    versions = tuple(versions)
    if len(versions) == 1:
        return versions
    joined: dict[tuple[int, str], Version] = {}
    for version in versions:
        place = (version.standing, fold(version.venue))
        known = joined.get(place)
        joined[place] = version if known is None else _join_version(known, version)
    return tuple(sorted(joined.values(), key=order, reverse=True))


def order(version: Version) -> tuple[int, bool, int, str, str, str]:
    """Sorts versions; the greatest is the best to show: published, titled, full, late."""
    return (
        version.standing,
        bool(version.title),
        len(version.fields),
        version.date,
        fold(version.venue),
        version.venue,
    )


def join_sightings(sightings: Iterable[Sighting]) -> tuple[Sighting, ...]:
    """One sighting for each source, place and time with the highest signals, oldest first.

    Meeting a paper again in the same place says nothing new unless there are signals: without
    any, only the first in each place is kept.
    """
    sightings = tuple(sightings)
    if len(sightings) == 1:
        return sightings
    joined: dict[tuple[str, str, str], Sighting] = {}
    for seen in sightings:
        where = (seen.at, seen.source, seen.place)
        known = joined.get(where)
        joined[where] = seen if known is None else _join_sighting(known, seen)
    kept, places = [], set()
    for where in sorted(joined):
        seen = joined[where]
        silent = seen.upvotes is seen.comments is seen.stars is seen.citations is None
        if not silent or where[1:] not in places:
            kept.append(seen)
        places.add(where[1:])
    return tuple(kept)


def _join_sighting(a: Sighting, b: Sighting) -> Sighting:
    return Sighting(
        source=a.source,
        at=a.at,
        place=a.place,
        upvotes=_most(a.upvotes, b.upvotes),
        comments=_most(a.comments, b.comments),
        stars=_most(a.stars, b.stars),
        citations=_most(a.citations, b.citations),
    )


def _join_version(a: Version, b: Version) -> Version:
    return Version(
        standing=a.standing,
        title=max(a.title, b.title, key=_title),
        venue=max(a.venue, b.venue),
        date=max(a.date, b.date, key=_date),
        type=_longer(a.type, b.type),
        fields=_join_fields(a.fields, b.fields),
    )


def _join_fields(a: Mapping[str, str], b: Mapping[str, str]) -> Mapping[str, str]:
    """The longer text of each field. The order of a record is kept while it is the only one
    with any; of several that differ no order is right, so it is by name.
    """
    if not b or list(a.items()) == list(b.items()):
        return a
    if not a:
        return b
    return {name: _longer(a.get(name, ""), b.get(name, "")) for name in sorted({*a, *b})}


def _longer(a: str, b: str) -> str:
    return max(a, b, key=lambda text: (len(text), text))


def _most(a: int | None, b: int | None) -> int | None:
    return b if a is None else a if b is None else max(a, b)


def _title(title: str) -> tuple[bool, bool, int, int, str]:
    # Sources lose capitals or shout; the one with most capitals that does not shout is right.
    return (bool(title), not title.isupper(), sum(map(str.isupper, title)), len(title), title)


def _date(date: str) -> tuple[int, tuple[int, ...]]:
    # The more precise, then the earlier.
    return (len(date), tuple(-ord(c) for c in date))


def _names(authors: tuple[str, ...]) -> tuple[int, int, tuple[str, ...]]:
    return (len(authors), sum(map(len, authors)), authors)
