"""What the record of a reference manager says of a paper, whatever format it is written in. Pure.

The formats fill a `Reference` with texts, by the names of BibTeX; `paper` makes of it a paper with
the one version that the record is about.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .. import ids, venues
from ..dates import build, month
from ..models import Identifier, Link, Paper, Problem, Sighting, Standing, Version
from ..plain import text as plain
from ..text import RANGE, bibtex_source, one_line, page_range
from . import bibtex_names, links
from .bibtex_papers import BOOKS, VENUE_FIELDS, is_category
from .tagged import Fields, first


@dataclass(slots=True)
class Reference:
    """What a record says, in text that may have markup; `date` is ISO.

    `fields` and `type` are BibTeX's. The venue of a book is its publisher, that of a thesis the
    university.
    """

    type: str = ""
    title: str = ""
    venue: str = ""
    date: str = ""
    authors: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    abstract: str = ""
    key: str = ""
    identifiers: list[Identifier] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    categories: tuple[str, ...] = ()
    fields: dict[str, str] = field(default_factory=dict)
    keywords: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    extra: dict[str, str] = field(default_factory=dict)
    retractions: tuple[str, ...] = ()


# What may be a preprint. Other types have a publisher or a university as venue, as Hal Leonard.
_PREPRINTS = ("article", "inproceedings", "incollection", "techreport", "misc", "")
_ARXIV = re.compile(r"(?:(?:e-?|pre-?)prints?[: ]*)?(?:ar ?xiv|corr\b)|computing", re.IGNORECASE)


def paper(said: Reference, *, where: str, raw: str, seen: Sighting) -> Paper | Problem:
    """The paper of a record; a problem where it names none."""
    title, venue = plain(said.title), one_line(plain(said.venue))
    fields = {
        name: bibtex_source(plain(text)) for name, text in said.fields.items() if text.strip()
    }
    if said.editors:
        fields["editor"] = bibtex_names.source(said.editors)
    type, standing = said.type, Standing.PREPRINT
    if type in _PREPRINTS and venues.is_unpublished(venue):
        add_arxiv(said, venue, said.fields.get("volume", ""))
        if not _ARXIV.match(venue):
            fields["howpublished"] = bibtex_source(venue)
        type, venue = "misc", ""
    elif venue and type in VENUE_FIELDS:
        standing = Standing.PUBLISHED
    if not one_line(title) and not said.identifiers:
        return Problem(where=where, what="no title and no identifier", raw=raw)
    extra = {
        "keywords": ", ".join(dict.fromkeys(filter(None, map(one_line, said.keywords)))),
        "note": "\n\n".join(dict.fromkeys(filter(None, map(str.strip, said.notes)))),
        **said.extra,
    }
    return Paper(
        versions=(
            Version(
                standing=standing,
                title=title,
                venue=venue,
                date=said.date,
                type=type,
                fields=fields,
            ),
        ),
        authors=said.authors,
        abstract=plain(said.abstract),
        identifiers=tuple(dict.fromkeys(said.identifiers)),
        links=tuple(dict.fromkeys(said.links)),
        categories=said.categories,
        extra={name: text for name, text in extra.items() if text.strip()},
        retractions=said.retractions,
        key=said.key,
        sightings=(seen,),
    )


def add_fields(said: Reference, fields: Fields, names: Mapping[str, str]) -> None:
    """Take in fields, `names` their names in BibTeX by their tags, the best tag first."""
    for tag, name in names.items():
        if not said.fields.get(name):
            said.fields[name] = first(fields, tag)


# --- types --------------------------------------------------------------------------------------

# The types of RIS by their codes and of EndNote by their names, which some write in RIS, too.
_TYPES = {
    name: type
    for type, names in {
        "article": "JOUR EJOUR JFULL MGZN NEWS ABST INPR journal_article journal electronic_article"
        " magazine_article newspaper_article review article",
        "inproceedings": "CONF CPAPER conference_proceedings conference_paper conference"
        " conference_proceeding",
        "incollection": "CHAP ECHAP ENCYC DICT book_section book_chapter electronic_book_section"
        " encyclopedia dictionary",
        "book": "BOOK EBOOK EDBOOK CLSWK SER book whole_book electronic_book edited_book"
        " classical_work serial",
        "phdthesis": "THES thesis thesis/dissertation dissertation",
        "techreport": "RPRT GOVDOC STAND report government_document standard technical_report",
    }.items()
    for name in names.lower().split()
}


def type_of(name: str, detail: str = "") -> str:
    """The BibTeX type; `detail` is what kind of thesis it is. `misc` for others, `""` for none."""
    type = _TYPES.get(one_line(name).lower().replace(" ", "_"), "misc" if name else "")
    return "mastersthesis" if type == "phdthesis" and venues.is_masters(detail) else type


# --- names and dates ----------------------------------------------------------------------------

_SUFFIX = re.compile(r"(?:jr|sr|esq)\.?|I{2,3}|IV|VI?|[2-5](?:nd|rd|th)", re.IGNORECASE)
_OTHERS = re.compile(r"(?:and )?others|et\.? al\.?", re.IGNORECASE)
_MONTH = re.compile(
    r"(?:(?<!\d)(\d{1,2})(?:\s?[-–/]\s?\d{1,2})?(?:st|nd|rd|th)?\.?[\s-])?"
    r"\b(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?(?:[\s-](\d{1,2})(?!\d))?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d)")
_NUMBERS = re.compile(r"(?a)(\d{4})\s?[-/. ]\s?(\d{1,2})(?:\s?[-/. ]\s?(\d{1,2}))?(?!\d)")
_COMPACT = re.compile(r"(?a)((?:19|20)\d\d)([01]\d)([0-3]\d)")
_MONTH_AND_YEAR = re.compile(r"(?a)(\d{1,2})[-/. ](\d{4})")


def name(text: str) -> str:
    """A name as it is kept; a suffix at its end goes behind the family name, as in BibTeX.

    >>> name("King,Martin Luther,Jr.")
    'King, Jr., Martin Luther'
    """
    parts = [part for piece in one_line(text).split(",") if (part := piece.strip(' "'))]
    if len(parts) == 3 and _SUFFIX.fullmatch(parts[2]):
        parts = [parts[0], parts[2], parts[1]]
    return "" if _OTHERS.fullmatch(text.strip()) else ", ".join(parts)


def names(texts: Iterable[str]) -> tuple[str, ...]:
    """The names in some texts, each of which may have several, as `Ode, Ann; Li, Bo`."""
    parts = (part for text in texts for part in re.split(r"[;\n]", text))
    return tuple(found for part in parts if (found := name(part)))


def when(text: str) -> str:
    """The date, or the start of the period, in a text as people type it, in ISO form, or `""`.

    >>> when("2014 Mar-Apr"), when("29 June-1 July 2011"), when("08/1993"), when("1948/07//")
    ('2014-03', '2011-06-29', '1993-08', '1948-07')
    """
    text = one_line(text)[:100]
    if found := _NUMBERS.match(text) or _COMPACT.fullmatch(text):
        return build(found[1], found[2], found[3])
    if found := _MONTH_AND_YEAR.fullmatch(text):
        return build(found[2], found[1])
    year, named = _YEAR.search(text), _MONTH.search(text)
    if not year or not named:
        return year[1] if year else ""
    return build(year[1], month(named[2]), named[1] or named[3])


def dated(*texts: str) -> str:
    """The most precise date of several texts. The first one says the year, others may not.

    >>> dated("2019", "Jul 12")
    '2019-07-12'
    """
    dates = list(map(when, texts))
    year = next(filter(None, dates), "")[:4]
    dates += [when(f"{text} {year}") for text in texts if text and year]
    return max((date for date in dates if date[:4] == year), key=len, default="")


def take_date(fields: Fields, *tags: str) -> str:
    """The most precise date of some tags; what they say of anything else is left."""
    date = dated(*(text for tag in tags for text in fields.get(tag, [])))
    for tag in tags:
        if left := [text for text in fields.pop(tag, []) if not _says(text, date)]:
            fields[tag] = left
    return date


def _says(text: str, date: str) -> bool:
    """Whether a text says the date or a part of it, the year at least or the month."""
    if said := when(text):
        return date.startswith(said)
    day = when(f"{text} {date[:4]}")
    return len(day) > len("2019") and date.startswith(day)


# --- numbers ------------------------------------------------------------------------------------

_RANGE = re.compile(RANGE)
_ISSN = re.compile(r"(?a)(?<![\d-])(\d{4})-?(\d{3}[\dXx])(?![\d-])")
_KEY = re.compile(r"(?=\S*[^\W\d_])[^\s,\"{}\\%#~=()]{2,100}")


def pages(first: str, last: str = "") -> str:
    """A range of pages as BibTeX has it.

    >>> pages("377", "86"), pages("1-22"), pages("e12", "e12")
    ('377--86', '1--22', 'e12')
    """
    first, last = one_line(first), one_line(last)
    if first and last and first != last and not (_RANGE.search(first) and first.endswith(last)):
        return f"{first}--{last}"
    text = first or last
    return page_range(text) if len(_RANGE.findall(text)) == 1 + text.count(",") else text


def add_numbers(said: Reference, texts: Iterable[str]) -> list[str]:
    """Take in ISBNs and ISSNs; the texts without any are left."""
    left, found = [], {"isbn": dict[str, None](), "issn": dict[str, None]()}
    for text in texts:
        isbns = [number for number in ids.isbns(text) if ids.isbn(number)]
        issns = [] if isbns else [f"{a}-{b}" for a, b in _ISSN.findall(text)]
        found["isbn"] |= dict.fromkeys(isbns)
        found["issn"] |= dict.fromkeys(issns)
        if not isbns and not issns:
            left.append(text)
        if said.type in BOOKS:  # that of other types is of the book they are in
            said.identifiers += [isbn for number in isbns if (isbn := ids.isbn(number))]
    said.fields |= {name: ", ".join(numbers) for name, numbers in found.items() if numbers}
    return left


def key(text: str) -> str:
    """The citation key that a text is; numbers count the records of a database and are none."""
    return text if _KEY.fullmatch(text) else ""


# --- identifiers and links ----------------------------------------------------------------------

_NAMED = re.compile(r"(\S+)\s*\[(pmid|pmcid|pmc|doi)\]", re.IGNORECASE)
_PMC = re.compile(r"(?a)(?:PMCI?D?:?\s*)?(PMC\d+)", re.IGNORECASE)
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/[^\s\[\]]+")
_ARXIV_NAMED = re.compile(
    r"(?:\barxiv(?: preprint)?[,:\s]+(?:arxiv:)?|^abs/)((?:\d{4}\.\d{4,5}"
    r"|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?)(?![\d.])(?:\s*\[([A-Za-z.-]+)\])?",
    re.IGNORECASE,
)
_URL = re.compile(r"(?:https?://|www\.)[^\s;]+(?:;(?!https?://|www\.)[^\s;]+)*", re.IGNORECASE)


def add_identifiers(said: Reference, texts: Iterable[str]) -> list[str]:
    """Take in texts that are identifiers and say of which kind; the others are left."""
    left = []
    for text in texts:
        named, pmc = _NAMED.fullmatch(text), _PMC.fullmatch(text)
        spelled = f"{named[2]}:{named[1]}" if named else f"pmcid:{pmc[1]}" if pmc else text
        found = ids.parse(spelled) if ":" in spelled or "/" in spelled else None
        if found:
            said.identifiers.append(found)
        else:
            left.append(text)
    return left


def add_dois(said: Reference, texts: Iterable[str]) -> list[str]:
    """Take in the DOIs that stand in texts; the texts without any are left."""
    left = []
    for text in texts:
        found = [doi for part in _DOI.findall(text) if (doi := ids.parse(part))]
        said.identifiers += found
        if not found:
            left.append(text)
    return left


def add_arxiv(said: Reference, *texts: str) -> bool:
    """Take in the arXiv ids in texts as `arXiv:1706.03762 [cs]`; whether there are any."""
    found = [match for text in texts for match in _ARXIV_NAMED.finditer(text)]
    said.identifiers += [arxiv for match in found if (arxiv := ids.parse(f"arxiv:{match[1]}"))]
    said.categories = said.categories or tuple(
        match[2] for match in found if match[2] and "." in match[2] and is_category(match[2])
    )
    return bool(found)


def add_urls(said: Reference, texts: Iterable[str]) -> list[str]:
    """Take in the URLs in texts, as links and for the identifiers in them; other texts are left."""
    left = []
    for text in texts:
        urls = [links.web(url if "://" in url else f"http://{url}") for url in _URL.findall(text)]
        for url in filter(None, urls):
            if links.is_code(url):
                said.links.append(Link("code", url))
                continue
            found = links.identifier(url)
            said.identifiers += [found] if found else []
            said.links += links.links(url, found)
        if not any(urls):
            left.append(text)
    return add_identifiers(said, left)
