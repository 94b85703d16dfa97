"""Entries of the library as BibTeX: what to write, in which fields, and in which order. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..dates import MONTHS
from ..models import Entry, Identifier, Link, Paper, Standing, Version
from . import bibtex_names, latex
from .bibtex_papers import (
    BOOKS,
    COMMON,
    VENUE_CANDIDATES,
    VENUE_FIELDS,
    is_arxiv,
    is_category,
    iso,
    month,
    unescaped,
    venue,
    year,
)

NOT_IN_KEYS = re.compile(r"[\s,\"{}\\%#~=]+")
_NOT_IN_NAMES = re.compile(r"""[\s"#%'(),={}\\@]+""")
_TYPE = re.compile(r"(?!(?:comment|string|preamble)$)[a-z][a-z0-9_-]*")
_BLOCK_LINE = re.compile(r"\s*\n\s*@")
_PAGE_RANGE = re.compile(r"(\d[A-Za-z]*)\s*[-‐-―−]+\s*(?=[A-Za-z]*\d)")
_ARXIV_VOLUME = re.compile(r"abs/.*")
# bioRxiv and medRxiv, arXiv, SSRN, Research Square, ChemRxiv, PsyArXiv, SocArXiv, TechRxiv,
# Preprints.org
_PREPRINT_DOI = re.compile(
    r"10\.(?:1101/(?:\d{6}|\d{4}\.\d\d\.\d\d\.)|64898/|48550/|2139/ssrn|21203/|26434/|31234/|31235/"
    r"|36227/|20944/)"
)

_ORDER = [
    "author",
    "title",
    "journal",
    "journaltitle",
    "booktitle",
    "school",
    "institution",
    "howpublished",
    "year",
    "month",
    "volume",
    "number",
    "pages",
    "publisher",
    "doi",
    "eprint",
    "archivePrefix",
    "primaryClass",
    "url",
]
_VENUES = frozenset(["journal", "journaltitle", "booktitle", "howpublished"])
_EPRINT = frozenset(["eprint", "eprinttype", "eprintclass", "archiveprefix", "primaryclass"])

# Of several links the first one of these kinds is cited.
_KINDS = ("page", "pdf", "web")
_LISTING = "https://huggingface.co/papers"
_PERCENT = {"{": "%7b", "}": "%7d", "\\": "%5c"}

_JOURNAL = re.compile(
    r"\b(?:Journal|Transactions|Letters|Magazine|Annals|Reviews?|Explorations)\b"
    r"|Proceedings of the (?:National|IEEE$|VLDB|Royal|ACM on|London|American|Edinburgh|Combustion)"
)
_CONFERENCE = re.compile(
    r"\b(?:(?i:proceedings|proc|conference|conf|workshop|symposium|colloquium|congress"
    r"|annual meeting|lecture notes|advances in neural information)"
    r"|NeurIPS|NIPS|ICML|ICLR|AISTATS|UAI|COLT|COLM|MLSys|CoRL|AAAI|IJCAI|ECAI|AAMAS|GECCO"
    r"|CVPR|ICCV|ECCV|WACV|ACCV|BMVC|3DV|MICCAI|SIGGRAPH|ACL|EMNLP|NAACL|EACL|AACL|COLING|CoNLL"
    r"|LREC|INTERSPEECH|Interspeech|ICASSP|ISMIR|KDD|SIGKDD|SIGIR|SIGMOD|VLDB|ICDE|WWW|WSDM|CIKM"
    r"|RecSys|ICDM|ISWC|ICRA|IROS|RSS|CHI|UIST|CSCW|STOC|FOCS|SODA|ICALP|PODC|LICS|CAV|POPL|PLDI"
    r"|OOPSLA|ICSE|FSE|ASE|OSDI|SOSP|NSDI|EuroSys|USENIX|ASPLOS|ISCA|HPCA|SIGCOMM|INFOCOM|CCS"
    r"|NDSS|CRYPTO|EUROCRYPT|ASIACRYPT)\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How entries are written."""

    abstract: bool = False


def missing(entry: Entry) -> tuple[str, ...]:
    """What a citation of the entry needs and no record says: `author`, `title`, `year`."""
    paper = entry.paper
    fields = set(map(str.lower, paper.versions[0].fields))
    known = {
        "author": paper.authors or "editor" in fields or "organization" in fields,
        "title": paper.title,
        "year": paper.date or "year" in fields,
    }
    return tuple(name for name, value in known.items() if not value)


def dumps(entries: Iterable[Entry], style: Style = Style()) -> str:
    """The entries as a BibTeX file, by citation key.

    Only an entry to which others refer comes after them, or BibTeX does not find it.
    """
    entries = list(entries)
    referred = {_crossref(entry.paper.versions[0]).casefold() for entry in entries}
    entries.sort(key=lambda e: (e.key.casefold() in referred, e.key.casefold(), e.key))
    return "\n".join(dump(entry, style) for entry in entries)


def dump(entry: Entry, style: Style = Style()) -> str:
    """The entry alone, with a line end."""
    paper, version = entry.paper, entry.paper.versions[0]
    source = _source(paper, version)
    type = _type(paper, version, source)
    fields = {name.lower(): (name, latex.balanced(value)) for name, value in source.items()}
    known = {
        **_author(paper, source),
        **_title(paper, source),
        **_venue(version, type, source),
        **_date(paper.date, source),
        **_identifiers(paper, version, type, source),
        "pages": _PAGE_RANGE.sub(r"\1--", latex.balanced(source.get("pages", ""))),
        "abstract": latex.encode(latex.fold(paper.abstract)) if style.abstract else "",
    }
    fields |= {name.lower(): (name, value) for name, value in known.items() if value}
    ordered = [fields.pop(name.lower()) for name in _ORDER if name.lower() in fields]
    lines = [f"@{type}{{{NOT_IN_KEYS.sub('', entry.key)},"]
    for name, value in [*ordered, *fields.values()]:
        # A line that starts with @word{ would be the next entry.
        text = _BLOCK_LINE.sub(" @", value)
        is_macro = name == "month" and text in MONTHS
        lines.append(f"  {name} = {text if is_macro else f'{{{text}}}'},")
    return "\n".join([*lines, "}\n"])


def _crossref(version: Version) -> str:
    return next((value for name, value in version.fields.items() if name.lower() == "crossref"), "")


def _source(paper: Paper, version: Version) -> dict[str, str]:
    """The fields that were read, without those that would say again or no longer what we write."""
    arxiv = paper.identifier("arxiv")
    found = {}
    for name, value in version.fields.items():
        lower = name.lower()
        again = arxiv and (
            lower in _EPRINT
            or (lower in _VENUES and is_arxiv(value))
            or (lower == "volume" and _ARXIV_VOLUME.fullmatch(value))
        )
        stale = lower == "date" and iso(value) not in ("", paper.date)
        if not again and not stale and lower != "abstract":
            found[lower if lower in COMMON else _NOT_IN_NAMES.sub("-", name)] = value
    return found


def _type(paper: Paper, version: Version, source: Mapping[str, str]) -> str:
    type = version.type
    own = VENUE_FIELDS.get(type, "howpublished")
    published = version.standing is Standing.PUBLISHED and version.venue
    if type == "article" and not version.venue and "journal" not in source:
        fits = not paper.identifier("arxiv")
    else:
        fits = own != "howpublished" or not published or _venue_source(version, own, source) != ""
    if fits and _TYPE.fullmatch(type):
        return type
    if not published:
        return "misc"
    conference = _CONFERENCE.search(version.venue) and not _JOURNAL.search(version.venue)
    return "inproceedings" if conference else "article"


def _author(paper: Paper, source: Mapping[str, str]) -> dict[str, str]:
    read = latex.balanced(source.get("author", ""))
    if read and bibtex_names.authors(read) == paper.authors:
        return {"author": read}
    more = (paper.author_count or 0) > len(paper.authors) > 0
    return {"author": bibtex_names.source(paper.authors, more=more)}


def _title(paper: Paper, source: Mapping[str, str]) -> dict[str, str]:
    read = latex.balanced(source.get("title", ""))
    if latex.decode(read) == paper.title:
        return {"title": read}
    return {"title": latex.encode_title(paper.title)}


def _venue(version: Version, type: str, source: Mapping[str, str]) -> dict[str, str]:
    own = VENUE_FIELDS.get(type, "howpublished")
    if not version.venue:
        return {}
    if name := _venue_source(version, own, source):
        return {name: latex.balanced(source[name])}
    return {own: latex.encode(version.venue)}


def _venue_source(version: Version, own: str, source: Mapping[str, str]) -> str:
    """The field from which the venue was read, or `""`."""
    for name in VENUE_CANDIDATES[own]:
        if name in source and venue(latex.balanced(source[name]))[0] == version.venue:
            return name
    return ""


def _date(date: str, source: Mapping[str, str]) -> dict[str, str]:
    read_year, read_month = (latex.balanced(source.get(name, "")) for name in ("year", "month"))
    stated, exact, _ = month(read_month)
    known = date[5:7].lstrip("0") if date else stated
    macro = MONTHS[int(known) - 1] if known else ""
    return {
        "year": read_year if not date or year(read_year) == date[:4] else date[:4],
        "month": read_month if stated == known and not exact else macro,
    }


def _identifiers(
    paper: Paper, version: Version, type: str, source: Mapping[str, str]
) -> dict[str, str]:
    fields = {"doi": _verbatim(_doi(paper.identifiers, version.standing))}
    if arxiv := paper.identifier("arxiv"):
        fields |= {"eprint": _verbatim(arxiv), "archivePrefix": "arXiv"}
        if paper.categories and is_category(paper.categories[0]):
            fields["primaryClass"] = paper.categories[0]
    url = _url(paper, version.standing)
    if "url" not in source and url not in unescaped(source.get("howpublished", "")):
        fields["url"] = _verbatim(url)
    if type in BOOKS and "isbn" not in source:
        fields["isbn"] = _verbatim(paper.identifier("isbn"))
    return fields


def _doi(identifiers: Iterable[Identifier], standing: Standing) -> str:
    """The DOI of the version to cite: of the published one, or of the preprint."""
    found = [i.value for i in identifiers if i.scheme == "doi"]
    published = standing is Standing.PUBLISHED
    found.sort(key=lambda doi: (_PREPRINT_DOI.match(doi) is not None) is published)
    return found[0] if found else ""


def _url(paper: Paper, standing: Standing) -> str:
    """The link to cite; of several pages not the one of the preprint if there is a better one."""

    def rank(link: Link) -> tuple[int, bool]:
        preprint = "arxiv.org/" in link.url
        return _KINDS.index(link.kind), preprint is (standing is Standing.PUBLISHED)

    links = [x for x in paper.links if x.kind in _KINDS and not x.url.startswith(_LISTING)]
    if links:
        return min(links, key=rank).url
    # Where its code or a listing of it is says something only if nothing else does.
    return paper.links[0].url if paper.links and not paper.identifiers else ""


def _verbatim(text: str) -> str:
    """A URL or an identifier; braces and backslashes in it would not end the value well."""
    return "".join(_PERCENT.get(c, c) for c in text)
