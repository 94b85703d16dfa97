"""What arXiv says of a paper, in its API, feeds, harvests, snapshot and listings alike. Pure.

They all use the fields of the submission form (https://info.arxiv.org/help/prep.html), which are
named here as the harvest and the snapshot name them: `id`, `title`, `abstract`, `categories`,
`comments`, `journal-ref`, `report-no`, `doi`, `license`.
"""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from . import ids
from .models import Identifier, Paper, Problem, Sighting, Standing, Version

WITHDRAWN = "withdrawn (arxiv)"

_EXTRA = (
    ("comments", "comments"),
    ("journal-ref", "journal_ref"),
    ("report-no", "report_no"),
    ("license", "license"),
)
# ACM and MSC classes may stand among the categories: H.3.1, 68T07.
_CATEGORY = r"[a-z]+(?:-[a-z]+)*(?:\.[A-Za-z-]+)?"
# At the start of a sentence or clause: others speak of other papers, or of conferences.
_WITHDRAWN = (
    r"(?i)(?:^|[.;:,]\s|\band\s)(?<!previously,\s)(?:this |the |our |current |arxiv )*"
    r"(?:(?:paper|article|submission|manuscript|preprint|upload|work|version|note|it|this)s?\s)?"
    r"(?:by [^.:]{1,40} )?(?:(?:has|have|had|is|was) )?(?:now )?(?:been |being )?(?:temporarily )?"
    r"(?:withdrawn\b|retracted by|removed by arxiv)"
)
_AFFILIATION = re.compile(r"\([^()]*\)")
_BETWEEN_AUTHORS = re.compile(r"\s*[,;]\s*(?:and\s+|&\s+)?|\s+(?:and|\\?&)\s+")
_FOR = re.compile(r"\s(?:for|on behalf of) the\s[^,;]*")
_SUFFIX = re.compile(r"(?:Jr|Sr)\.?|I{2,3}|IV")


@cache
def _pattern(source: str) -> re.Pattern[str]:
    # Compiled when first used: a snapshot asks a million times, most commands never.
    return re.compile(source)


def paper(
    said: Mapping[str, Any],
    *,
    where: str,
    authors: tuple[str, ...],
    date: str,
    standing: Standing = Standing.PREPRINT,
    sightings: tuple[Sighting, ...] = (),
) -> Paper | Problem:
    """The paper that arXiv's fields describe, of whatever types they are; `date` is ISO.

    The journal reference is free text: it goes to `extra`, and the version stays a preprint.
    """
    identifier = arxiv_id(said.get("id"))
    title = fold(said.get("title"))
    if identifier is None and not title:
        return Problem(where=where, what="no title and no arXiv id", raw=str(said)[:200])
    found = [] if identifier is None else [identifier]
    if doi := said.get("doi"):
        found += dois(doi)
    abstract = fold(said.get("abstract"))
    extra = {name: fold(value) for field, name in _EXTRA if (value := said.get(field))}
    return Paper(
        versions=(Version(standing=standing, title=title, date=date),),
        authors=authors,
        abstract=abstract,
        identifiers=tuple(found),
        categories=categories(said.get("categories")),
        extra=extra,
        retractions=(WITHDRAWN,) if is_withdrawn(extra.get("comments", ""), abstract) else (),
        sightings=sightings,
    )


def arxiv_id(text: Any) -> Identifier | None:
    """The identifier in any of arXiv's spellings: a bare id, `oai:arXiv.org:…`, a URL; or None."""
    if not isinstance(text, str):
        return None
    found = ids.parse(text.removeprefix("oai:arXiv.org:"))
    return found if found and found.scheme == "arxiv" else None


def dois(text: Any) -> list[Identifier]:
    """The publishers' DOIs in a field that may hold several, separated by blanks or commas."""
    if not isinstance(text, str):
        return []
    found = [ids.parse(part) for part in re.split(r"[\s,;]+(?=10\.|doi:|http|$)", text) if part]
    return [doi for doi in found if doi and doi.scheme == "doi"]


@lru_cache(4096)
def _categories(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(c for c in text.split() if _pattern(_CATEGORY).fullmatch(c)))


def categories(text: Any) -> tuple[str, ...]:
    """The categories of arXiv in a text, without classes of other schemes."""
    return _categories(text) if isinstance(text, str) else ()


def fold(text: Any) -> str:
    """A field on one line: arXiv breaks lines where it likes, and the API breaks none."""
    return " ".join(text.split()) if isinstance(text, str) else ""


def is_withdrawn(comments: str, abstract: str) -> bool:
    """Whether the authors or arXiv took the paper back.

    Nothing marks such a paper but what its last version says in the comments or, in old ones, in
    place of the abstract. Talk of other papers or of conferences does not count.

    >>> is_withdrawn("This paper has been withdrawn by the author due to an error", "")
    True
    >>> is_withdrawn("Replaces arXiv:1801.00539 (now withdrawn)", "")
    False
    """
    return any(
        ("ithdrawn" in text or "removed by" in text or "etracted" in text)
        and _pattern(_WITHDRAWN).search(text) is not None
        for text in (comments, abstract[:100])
    )


# --- authors ----------------------------------------------------------------------------------


def name(family: str, given: str = "", suffix: str = "") -> str:
    """A name of its parts as `Family, Given` or `Family, Jr., Given`.

    >>> name("Yuan", "C. -P.")
    'Yuan, C.-P.'
    """
    if "for the" in family or "for the" in given:  # Collaboration, Ann Ode for the CMS
        person, _, group = f"{given} {family}".partition("for the")
        return person.strip() or group.strip()
    if not suffix and not given:
        return family
    if not given:
        return f"{family} {suffix}"
    if " -" in given:
        given = given.replace(". -", ".-")  # how arXiv takes initials apart
    return f"{family}, {suffix}, {given}" if suffix else f"{family}, {given}"


def authors(text: str) -> tuple[str, ...]:
    """The names in a list of authors as it was typed, without affiliations.

    >>> authors("A. B. Smith (1), C. Doe (1 and 2) and D. Roe Jr. ((1) Here, (2) There)")
    ('A. B. Smith', 'C. Doe', 'D. Roe Jr.')
    """
    without = None
    while without != text:
        without, text = text, _AFFILIATION.sub(" ", text)
    text = _FOR.sub("", fold(re.sub(r"[()]", " ", text)))
    group, colon, rest = text.partition(": ")  # The ATLAS Collaboration: G. Aad, …
    parts = [group, *_BETWEEN_AUTHORS.split(rest)] if colon else _BETWEEN_AUTHORS.split(text)
    names: list[str] = []
    for part in parts:
        author = part.strip(" ,;:")
        if _SUFFIX.fullmatch(author) and names:
            names[-1] += f" {author}"
        elif author and author.rstrip(".").lower() not in ("et al", "others", "and"):
            names.append(author)
    return tuple(names)
