"""What the fields of a BibTeX entry say of a paper. Pure.

What is understood becomes an attribute, as plain text. All other fields stay source text under
their own names, the common ones in lower case; and so does the source of a title, names, a venue
or a date where the attribute alone would not give it back.
"""

import re
from functools import lru_cache

from .. import ids, venues
from ..dates import MONTHS, build
from ..models import Identifier, Link, Paper, Standing, Version
from . import bibtex_names, latex
from .bibtex_scan import Block

# The field that says where an entry of each type appeared; for other types it is howpublished.
VENUE_FIELDS = {
    **dict.fromkeys(("article", "periodical", "suppperiodical"), "journal"),
    **dict.fromkeys(("inproceedings", "conference", "incollection", "inbook"), "booktitle"),
    **dict.fromkeys(("phdthesis", "mastersthesis", "thesis"), "school"),
    **dict.fromkeys(("techreport", "report"), "institution"),
    **dict.fromkeys(("book", "mvbook", "proceedings", "collection"), "publisher"),
}
# Where to look for it, as people use them.
_PUBLICATION = ("journal", "journaltitle", "booktitle")
VENUE_CANDIDATES = {
    "journal": _PUBLICATION,
    "booktitle": ("booktitle", "journal", "journaltitle"),
    "school": ("school", "institution", *_PUBLICATION),
    "institution": ("institution", "school", *_PUBLICATION),
    "publisher": ("publisher", *_PUBLICATION),
    "howpublished": (*_PUBLICATION, "howpublished"),
}
# The ISBN of other types is that of the book they are in, and no identifier of theirs.
BOOKS = frozenset(
    ["book", "mvbook", "proceedings", "mvproceedings", "collection", "mvcollection", "booklet"]
)
# BibTeX does not tell Volume from volume; these are the fields that others look for.
COMMON = frozenset(
    [
        *("author", "title", "journal", "journaltitle", "booktitle", "school", "institution"),
        *("howpublished", "publisher", "year", "month", "date", "volume", "number", "pages"),
        *("editor", "series", "edition", "address", "chapter", "issn", "isbn", "doi", "url"),
        *("note", "keywords", "eprint", "crossref"),
    ]
)

# What Mendeley has put into the records of thousands of papers that it did not know.
_NOBODYS = frozenset(
    [
        Identifier("arxiv", "1011.1669"),
        Identifier("arxiv", "1408.1149"),
        Identifier("doi", "10.1017/cbo9781107415324.004"),
        Identifier("isbn", "9788578110796"),
        Identifier("pmid", "25246403"),
    ]
)

_ARXIV = re.compile(
    r"(?:e-?prints?[: ]*|pre-?prints?[: ]*)?(?:ar ?xiv|corr\b|computing research)", re.IGNORECASE
)
_ARXIV_ID = r"((?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?)(?!\d)"
_ARXIV_NAMED = re.compile(rf"arxiv(?: preprint)?(?:\.org/abs/|[:\s]+){_ARXIV_ID}", re.IGNORECASE)
_ARXIV_NOTE = re.compile(
    rf"[\[(]?(?:(?:arxiv|e-?print|pre-?print)[:\s]*)+{_ARXIV_ID}", re.IGNORECASE
)
_ARXIV_VOLUME = re.compile(rf"abs/{_ARXIV_ID}", re.IGNORECASE)
_ARXIV_ELSEWHERE = (
    ("journal", _ARXIV_NAMED.search),
    ("journaltitle", _ARXIV_NAMED.search),
    ("volume", _ARXIV_VOLUME.fullmatch),
    ("number", _ARXIV_NOTE.match),
    ("note", _ARXIV_NOTE.match),
    ("howpublished", _ARXIV_NOTE.match),
    ("eid", _ARXIV_NOTE.match),
    ("pages", _ARXIV_NOTE.match),
)
_CATEGORY = re.compile(
    r"(?:astro-ph|cond-mat|cs|econ|eess|gr-qc|hep-(?:ex|lat|ph|th)|math|math-ph|nlin"
    r"|nucl-(?:ex|th)|physics|q-bio|q-fin|quant-ph|stat)(?:\.[A-Za-z-]+)?"
)
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_URL = re.compile(r"https?://[^\s{}\\]+")
_URL_COMMAND = re.compile(r"\\url\s*\{([^{}]*)\}")
_ESCAPED = re.compile(r"\{?\\([_&%#~$])\}?")
_CODE = re.compile(
    r"https?://(?:www\.)?(?:github|gitlab|bitbucket|codeberg)\.(?:com|org)/", re.IGNORECASE
)
_PDF = re.compile(r"\.pdf(?:[?#].*)?$|//arxiv\.org/pdf/", re.IGNORECASE)

_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:T[\d:.]+(?:Z|[+-][\d:]+)?)?[?~%]?")
_SOME_YEAR = re.compile(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d)")
_MONTH = re.compile(r"(?:(\d{1,2})\W+)?(?:([a-z]{3,9})\b\.?(?:\W+(\d{1,2})(?!\d))?)?")
_MONTH_NAMES = re.compile(
    "(jan(?:uary)?)|(feb(?:ruary)?)|(mar(?:ch)?)|(apr(?:il)?)|(may)|(june?)|(july?)|(aug(?:ust)?)"
    "|(sept?(?:ember)?)|(oct(?:ober)?)|(nov(?:ember)?)|(dec(?:ember)?)"
)

# What the Astrophysics Data System writes for journals; AASTeX defines the commands.
_AASTEX = {
    r"\aap": "Astronomy and Astrophysics",
    r"\aj": "The Astronomical Journal",
    r"\apj": "The Astrophysical Journal",
    r"\apjl": "The Astrophysical Journal Letters",
    r"\apjs": "The Astrophysical Journal Supplement Series",
    r"\araa": "Annual Review of Astronomy and Astrophysics",
    r"\jcap": "Journal of Cosmology and Astroparticle Physics",
    r"\mnras": "Monthly Notices of the Royal Astronomical Society",
    r"\nat": "Nature",
    r"\pasp": "Publications of the Astronomical Society of the Pacific",
    r"\prd": "Physical Review D",
    r"\prl": "Physical Review Letters",
}


def paper(block: Block, key: str) -> tuple[Paper, list[str]]:
    """The paper of an entry, and what is wrong with its fields."""
    names: dict[str, str] = {}
    values: dict[str, str] = {}
    faults = []
    for name, value in block.fields:
        if not value:
            continue
        lower = name if name.islower() else name.lower()
        if lower not in values:
            values[lower] = value
            if name != lower and lower not in COMMON:
                names[lower] = name
        elif value != values[lower]:
            faults.append(f"`{lower}` is there twice and the first one is kept")
    used = {"abstract"}
    title = _title(values, used)
    authors = _authors(values, used)
    venue, standing = _venue(block.type, values, used)
    date = _date(values, used)
    links = _links(values, used)
    identifiers, categories = _identifiers(block, values, used)
    for link in links:
        # Most links say again what is known, and parsing them takes its time.
        again = any(link.url.endswith(identifier.value) for identifier in identifiers)
        if not again and link.kind != "code" and (identifier := _identifier(link.url)):
            identifiers[identifier] = None
    abstract = values.get("abstract", "")
    version = Version(
        standing=standing,
        title=title,
        venue=venue,
        date=date,
        type=block.type,
        fields={names.get(name, name): value for name, value in values.items() if name not in used},
    )
    found = Paper(
        versions=(version,),
        authors=authors,
        abstract=latex.decode(abstract) if abstract else "",
        identifiers=tuple(identifiers),
        links=tuple(links),
        categories=categories,
        key=key,
    )
    return found, faults


def _title(values: dict[str, str], used: set[str]) -> str:
    source = values.get("title", "")
    if latex.is_plain(source):
        used.add("title")
        return latex.fold(source)
    values["title"] = latex.fold(source)
    return latex.decode(source)


def _authors(values: dict[str, str], used: set[str]) -> tuple[str, ...]:
    source = values.get("author", "")
    found = bibtex_names.authors(source) if source else ()
    source = latex.fold(source)
    if " and ".join(found) == source and latex.is_plain(source):
        used.add("author")
    else:
        values["author"] = source
    return found


# --- where it appeared ------------------------------------------------------------------------


def _venue(type: str, values: dict[str, str], used: set[str]) -> tuple[str, Standing]:
    own = VENUE_FIELDS.get(type, "howpublished")
    for name in VENUE_CANDIDATES[own]:
        if source := values.get(name):
            text, plain = venue(source)
            values[name] = latex.fold(source)
            if plain and text and name == own:
                used.add(name)
            published = text and name != "howpublished" and not venues.is_unpublished(text)
            return text, Standing.PUBLISHED if published else Standing.PREPRINT
    # The venue of an entry that refers to another one is there.
    inherited = "crossref" in values and own == "booktitle"
    return "", Standing.PUBLISHED if inherited else Standing.PREPRINT


@lru_cache(4096)
def venue(source: str) -> tuple[str, bool]:
    """The name of a venue, and whether the source is just that; arXiv is none, nor is a URL."""
    text = _AASTEX.get(source) or latex.decode(source)
    if _ARXIV.match(text) or _URL.search(text):
        return "", False
    return text, latex.is_plain(source)


def is_arxiv(source: str) -> bool:
    """Whether the source of a venue says that it is arXiv."""
    return _ARXIV.match(latex.decode(source)) is not None


def is_category(text: str) -> bool:
    """Whether the text looks like a category of arXiv."""
    return _CATEGORY.fullmatch(text) is not None


# --- when -------------------------------------------------------------------------------------


def _date(values: dict[str, str], used: set[str]) -> str:
    source = values.get("date", "")
    if found := iso(source):
        if source == found and len(found) <= len("2017-06"):
            used.add("date")
        if year(values.get("year", "")) == found[:4]:
            used.add("year")
            month_only = month(values.get("month", ""))
            if month_only[1] and month_only[0] == found[5:7].lstrip("0"):
                used.add("month")
        return found
    source = values.get("year", "")
    known = iso(source)
    if source == known and len(known) <= len("2017-06"):
        used.add("year")
    known = known or year(source)
    if len(known) != len("2017"):
        return known
    number, exact, day = month(values.get("month", ""))
    if exact:
        used.add("month")
    return build(known, number, day or _number(values.get("day", "")))


@lru_cache(4096)
def iso(source: str) -> str:
    """The date, or the start of the period, that biblatex's `date` gives; `""` if none."""
    start, slash, end = source.partition("/")
    match = _DATE.fullmatch(start if start.strip(".") or not slash else end)
    return build(match[1], match[2], match[3]) if match else ""


@lru_cache(4096)
def year(source: str) -> str:
    """The first year in the value of a `year` field, or `""`."""
    match = _SOME_YEAR.search(latex.decode(source))
    return match[1] if match else iso(source)[:4]


@lru_cache(4096)
def month(source: str) -> tuple[str, bool, str]:
    """The number of the (first) month in a `month` field, whether that is all, and the day."""
    text = latex.decode(source).lower()
    match = _MONTH.match(text)
    before, name, after = match.groups() if match else (None, None, None)
    if name and (known := _MONTH_NAMES.fullmatch(name)):
        return str(known.lastindex), text.rstrip(".") == name, before or after or ""
    number_only = _number(text)
    if number_only and int(number_only) <= len(MONTHS):
        return number_only, True, ""
    return "", False, ""


def _number(text: str) -> str:
    return text.lstrip("0") if len(text) <= 2 and text.isascii() and text.isdigit() else ""


# --- what it is known by ----------------------------------------------------------------------


def _links(values: dict[str, str], used: set[str]) -> list[Link]:
    found: dict[Link, None] = {}
    if source := values.get("url"):
        url = unescaped(_URL_COMMAND.sub(r"\1", source))
        if _URL.fullmatch(url):
            link = Link(_kind(url), url)
            found[link] = None
            # Only a page or a PDF is what a citation shows when nothing else is said.
            if link.kind != "code":
                used.add("url")
        else:
            found |= _links_in(url)
    if "http" in (source := values.get("howpublished", "")):
        found |= _links_in(unescaped(source))
    if (source := values.get("pdf", "")) and _URL.fullmatch(source):
        found[Link("pdf", source)] = None
    return list(found)


def _links_in(text: str) -> dict[Link, None]:
    urls = (url.rstrip(".,;)>") for url in _URL.findall(text))
    return {Link(_kind(url), url): None for url in urls}


def _kind(url: str) -> str:
    if _CODE.match(url):
        return "code"
    return "pdf" if "pdf" in url.lower() and _PDF.search(url) else "page"


def unescaped(source: str) -> str:
    r"""A URL or DOI without what its writer has escaped for LaTeX, as Mendeley's `{\_}`."""
    if "\\" not in source:
        return source
    return _ESCAPED.sub(r"\1", source.replace(r"{\textasciitilde}", "~")).strip()


def _identifier(text: str) -> Identifier | None:
    found = ids.parse(text)
    return None if found in _NOBODYS else found


def _identifiers(
    block: Block, values: dict[str, str], used: set[str]
) -> tuple[dict[Identifier, None], tuple[str, ...]]:
    found: dict[Identifier, None] = {}

    def add(text: str, scheme: str = "") -> bool:
        identifier = _identifier(text)
        if identifier is None or scheme not in ("", identifier.scheme):
            return False
        found[identifier] = None
        return True

    if (source := values.get("doi")) and (doi := _DOI.search(unescaped(source))) and add(doi[0]):
        used.add("doi")
    categories: tuple[str, ...] = ()
    if source := values.get("eprint"):
        kind = values.get("archiveprefix", values.get("eprinttype", "arxiv")).lower()
        category = values.get("primaryclass", values.get("eprintclass", ""))
        number = source.partition(" ")[0]
        old = f"{category.partition('.')[0]}/{number}"
        if kind == "arxiv" and (add(number, "arxiv") or add(old, "arxiv")):
            used |= {"eprint", "archiveprefix", "eprinttype"}
            categories = tuple(filter(is_category, re.split(r"[\s,;]+", category)))
            if categories == (category,):
                used |= {"primaryclass", "eprintclass"}
        elif kind == "pubmed":
            add(f"pmid:{source}")
    for name in ("arxivid", "arxiv", "biburl"):
        if source := values.get(name):
            add(source)
    for name, scheme in (("pmid", "pmid"), ("pmcid", "pmcid"), ("s2id", "s2")):
        # Mendeley guesses these; beside a DOI they are not worth the risk.
        if "doi" not in used and (source := values.get(name)):
            add(f"{scheme}:{source}")
    source = values.get("isbn", "")
    # Written in another way, with hyphens or ten digits, it stays as it is, too.
    if block.type in BOOKS and add(f"isbn:{source}") and Identifier("isbn", source) in found:
        used.add("isbn")
    if block.key.startswith("DBLP:"):
        add(block.key)
    if not any(identifier.scheme == "arxiv" for identifier in found):
        for name, find in _ARXIV_ELSEWHERE:
            if (source := values.get(name)) and (match := find(source)) and add(match[1]):
                break
    return found, categories
