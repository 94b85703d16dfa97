"""Who is this paper: recognise and normalise identifiers, and fingerprint titles. Pure.

Identifier forms follow the services' own documentation: arXiv
(https://info.arxiv.org/help/arxiv_identifier.html), DOI (ISO 26324; DOI names are
case-insensitive), ISBN (ISO 2108 check digits).
"""

import re
import unicodedata
from functools import cache

from .models import Fingerprint, Identifier, Link, Paper

# Patterns are compiled when first used: most commands need none of them.
_ARXIV = (
    r"(?ai)(?:arxiv:\s*)?"
    r"(?:(\d\d)(0[1-9]|1[0-2])\.(\d{4,5})|([a-z-]+)(?:\.[a-z]{2})?/(\d{7}))(?:v\d+)?"
)
_ARXIV_DOI = "10.48550/arxiv."
_DOI = r"(?i)(?:doi:\s*)?(10\.[0-9]{4,9}(?:\.[0-9]+)*/\S+)"
_PREFIXED = {
    "acl": r"(?ai)[A-Z]\d{2}-\d{4}|\d{4}\.[a-z0-9_]+-[a-z0-9_]+\.\d+",
    "dblp": r"(?ai)[a-z]+/[^\s/]+/\S+",
    "openalex": r"(?ai)W\d{4,}",
    "openreview": r"(?a)[A-Za-z0-9_-]{6,20}",
    "pmid": r"(?a)\d{1,8}",
    "pmcid": r"(?ai)PMC\d+",
    "s2": r"(?ai)[0-9a-f]{40}",
    "corpusid": r"(?a)\d{1,12}",  # Semantic Scholar's numbers, which it has beside the above
    "isbn": r"(?ai)(?:\d[ -]?){9}[\dX]|(?:\d[ -]?){13}",
}
_ARXIV_HOSTS = ("arxiv.org", "alphaxiv.org", "ar5iv.org", "ar5iv.labs.arxiv.org", "huggingface.co")
_SAME_HOSTS = {
    "hf.co": "huggingface.co",
    "dblp.uni-trier.de": "dblp.org",
    "aclweb.org": "aclanthology.org",
    "pmc.ncbi.nlm.nih.gov": "ncbi.nlm.nih.gov",
}
# The pages of services: host, path, and what stands before the identifier in it.
_PAGES = (
    ("aclanthology.org", r"(?:.*/)?([^/]+?)(?:v[0-9]+)?(?:\.(?:pdf|bib|xml|endf))?", "acl:"),
    ("pubmed.ncbi.nlm.nih.gov", r"([0-9]+).*", "pmid:"),
    ("ncbi.nlm.nih.gov", r"pubmed/([0-9]+).*", "pmid:"),
    ("ncbi.nlm.nih.gov", r"(?:pmc/)?articles/(PMC[0-9]+).*", "pmcid:"),
    ("europepmc.org", r"(?i:abstract|article)/(?i:med)/([0-9]+)", "pmid:"),
    ("europepmc.org", r"(?i:articles?)(?:/(?i:pmc))?/((?i:pmc)[0-9]+).*", "pmcid:"),
    ("dblp.org", r"rec/(?:bibtex/|bib[0-9]?/)?(.+?)(?:\.(?:html|bib|xml))?", "dblp:"),
    ("openalex.org", r"(?:works/)?([Ww][0-9]+)", "openalex:"),
    ("semanticscholar.org", r"(?:p/|.*(?i:corpusid):)([0-9]+)", "corpusid:"),
    ("semanticscholar.org", r"paper/(?:.*/)?([^/]+)", "s2:"),
    ("nature.com", r"articles/([a-z]+[0-9][a-z0-9.-]*?)(?:\.pdf)?", "10.1038/"),
    ("zenodo.org", r"records?/([0-9]+).*", "10.5281/zenodo."),
)
_DOI_IN_URL = (
    r"(?:^|/)(10\.[0-9]{4,9}/.+?)(?:(?:/(?:full|fulltext|full-text|abstract|meta|e?pdf|html?))+"
    r"|(?:\.full|\.full-text)?(?:\.pdf|\.html?|\.svg)?)$"
)
_ISBN = r"(?a)(?<!\d)(?:97[89][- ]?)?(?:\d[- ]?){9}[\dXx](?!\d)"
_CLOSING = {")": "(", "]": "[", "}": "{", ">": "<"}


@cache
def _pattern(source: str) -> re.Pattern[str]:
    # As `re` does, but an import of papers asks a million times.
    return re.compile(source)


def parse(text: str) -> Identifier | None:
    """The identifier that the whole of `text` spells, or None; never raises.

    Understands bare arXiv ids and DOIs, `scheme:value`, and the URLs of the services.

    >>> parse("https://arxiv.org/pdf/1706.03762v5.pdf")
    Identifier(scheme='arxiv', value='1706.03762')
    >>> parse("doi:10.48550/arXiv.1706.03762") == parse("1706.03762")
    True
    """
    text = text.strip().rstrip(".,;").strip()
    if text.startswith("<") and text.endswith(">"):
        text = text[1:-1]
    if not 5 <= len(text) <= 2000:
        return None
    if text[:4].lower() == "http" or text[:4].lower() == "www.":
        return _from_url(text)
    if text.endswith("]"):  # as arXiv writes "arXiv:1706.03762 [cs.CL]"
        text = re.sub(r" \[[a-z-]+(\.[A-Za-z-]+)?\]$", "", text)
    plain = _arxiv(text) or _doi(text) or _prefixed(text)
    return _from_url(text) if plain is None and "/" in text else plain


def format(identifier: Identifier) -> str:
    """The one spelling that `parse` gives back unchanged, e.g. `arxiv:1706.03762`."""
    return f"{identifier.scheme}:{identifier.value}"


def url(identifier: Identifier) -> str:
    """The page of an identifier, or `""` where its scheme has none."""
    scheme, value = identifier
    patterns = {
        "arxiv": "https://arxiv.org/abs/{}",
        "doi": "https://doi.org/{}",
        "acl": "https://aclanthology.org/{}/",
        "dblp": "https://dblp.org/rec/{}",
        "openalex": "https://openalex.org/{}",
        "openreview": "https://openreview.net/forum?id={}",
        "pmid": "https://pubmed.ncbi.nlm.nih.gov/{}/",
        "pmcid": "https://pmc.ncbi.nlm.nih.gov/articles/{}/",
        "s2": "https://www.semanticscholar.org/paper/{}",
        "corpusid": "https://api.semanticscholar.org/CorpusID:{}",
    }
    return patterns.get(scheme, "").format(value)


def links(paper: Paper) -> tuple[Link, ...]:
    """Where to find a paper: its own links and those that follow from its identifiers, a page
    first, then PDF, code and the rest; each place once.
    """
    found = list(paper.links)
    if arxiv := paper.identifier("arxiv"):
        found += [
            Link("page", f"https://arxiv.org/abs/{arxiv}"),
            Link("pdf", f"https://arxiv.org/pdf/{arxiv}"),
        ]
    found += [
        Link("page", page)
        for i in paper.identifiers
        if (page := url(i)) and not (i.scheme == "corpusid" and paper.identifier("s2"))
    ]
    kinds = ("page", "pdf", "code", "project", "web")
    unique = {link.url: link for link in reversed(found)}
    return tuple(sorted(unique.values(), key=lambda k: (kinds.index(k.kind), k.url)))


def _arxiv(text: str) -> Identifier | None:
    match = _pattern(_ARXIV).fullmatch(text)
    if match is None:
        return None
    year, month, number, archive, old = match.groups()
    if old:
        # Subject classes are not part of the identity: math.GT/0309136 is math/0309136.
        valid = old[:4] >= "9107" or old[:4] <= "0703"
        return Identifier("arxiv", f"{archive.lower()}/{old}") if valid else None
    # Four digits from 0704 to 1412, five from 1501 on.
    if f"{year}{month}" < "0704" or len(number) != (5 if year >= "15" else 4):
        return None
    return Identifier("arxiv", f"{year}{month}.{number}")


def _doi(text: str) -> Identifier | None:
    match = _pattern(_DOI).fullmatch(text)
    if match is None:
        return None
    value = match[1]
    while re.search(r"%[0-9a-fA-F]{2}", value):  # encoded once, or by several programs in a row
        from urllib.parse import unquote

        if (decoded := unquote(value)) == value or any(map(str.isspace, decoded)):
            break
        value = decoded
    value = value.lower()
    while value and (value[-1] in ".,;:'\"" or _closes_nothing(value)):
        value = value[:-1]
    if value.startswith(_ARXIV_DOI):
        return _arxiv(value[len(_ARXIV_DOI) :])
    return Identifier("doi", value) if value.partition("/")[2] else None


def _closes_nothing(value: str) -> bool:
    opening = _CLOSING.get(value[-1])
    return opening is not None and value.count(value[-1]) > value.count(opening)


def _prefixed(text: str) -> Identifier | None:
    scheme, colon, value = text.partition(":")
    scheme, value = scheme.strip().lower(), value.strip().rstrip(".,;")
    pattern = _PREFIXED.get(scheme)
    if not colon or pattern is None or not re.fullmatch(pattern, value):
        return None
    if scheme == "isbn":
        return isbn(value)
    if scheme in ("s2", "acl"):
        # ACL ids are printed in capitals before 2020 and in lower case since.
        value = value.upper() if scheme == "acl" and value[0].isalpha() else value.lower()
    if scheme in ("openalex", "pmcid"):
        value = value.upper()
    if scheme in ("pmid", "corpusid"):
        value = value.lstrip("0")
        if not value:
            return None
    return Identifier(scheme, value)


def isbns(text: str) -> list[str]:
    """What may be an ISBN in a text, as it is written there; `isbn` tells whether it is one."""
    return _pattern(_ISBN).findall(text)


def isbn(text: str) -> Identifier | None:
    """The ISBN-13 of a valid ISBN-10 or ISBN-13 with or without hyphens, else None."""
    digits = re.sub(r"[ -]", "", text).upper()
    if re.fullmatch(r"[0-9]{9}[0-9X]", digits):
        values = [10 if d == "X" else int(d) for d in digits]
        if sum(value * weight for value, weight in zip(values, range(10, 0, -1), strict=True)) % 11:
            return None
        digits = "978" + digits[:9]
        digits += str(-_isbn_sum(digits) % 10)
    if re.fullmatch(r"97[89][0-9]{10}", digits) and _isbn_sum(digits) % 10 == 0:
        return Identifier("isbn", digits)
    return None


def _isbn_sum(digits: str) -> int:
    return sum(int(d) * (1, 3)[i % 2] for i, d in enumerate(digits))


def _from_url(text: str) -> Identifier | None:
    from urllib.parse import parse_qs, unquote, urlsplit

    try:
        parts = urlsplit(text if "://" in text[:8] else f"https://{text}")
        host = re.sub(r"^(www|export|api|m)\.", "", parts.hostname or "")
        host = _SAME_HOSTS.get(host, host)
    except ValueError:
        return None
    path = unquote(parts.path).strip("/")
    first, _, rest = path.partition("/")
    last = path.rpartition("/")[2]
    if host in ("doi.org", "dx.doi.org"):
        return _doi(path)
    if host in _ARXIV_HOSTS:
        if host == "huggingface.co" and first != "papers":
            return None
        tail = re.sub(r"\.pdf$", "", rest)
        return _arxiv(tail) or _arxiv(tail.rpartition("/")[2])
    if host == "openreview.net":
        return _prefixed(f"openreview:{parse_qs(parts.query).get('id', [''])[0]}")
    if host == "semanticscholar.org" and first.lower().startswith("arxiv:"):
        return _arxiv(first)
    for place, pattern, prefix in _PAGES:
        if host == place and (found := _pattern(pattern).fullmatch(path)):
            return _doi(prefix + found[1]) if prefix[0].isdigit() else _prefixed(prefix + found[1])
    if host in ("biorxiv.org", "medrxiv.org"):
        path = path[: -len(last)] + re.sub(r"v[0-9]+(\..*)?$", "", last)
    # Publishers put the DOI into the path or the query: .../doi/pdf/10.1145/3292500.3330701
    stated = [
        path,
        *(value for name in ("id", "doi") for value in parse_qs(parts.query).get(name, [])),
    ]
    for place in stated:
        if found := _pattern(_DOI_IN_URL).search(place):
            return _doi(found[1])
    return None


# --- titles -----------------------------------------------------------------------------------

_LETTERS = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho"
_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρστυφχψω",
        [*_LETTERS.split(), "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega"],
        strict=True,
    )
)
_FOLD = str.maketrans(
    {**_GREEK, "ς": "sigma", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss"}
    | {"æ": "ae", "œ": "oe", "ı": "i", "’": "", "'": "", "`": ""}
)
_LATEX = dict.fromkeys(map(ord, "${}^_\\~"))
_COMMAND = r"\\([a-zA-Z]+)\*?"
_MARKUP = r"<[^<>]{1,60}>|&(?:amp|lt|gt|quot|nbsp|#\d+);"
_LETTER_COMMANDS = {name: name for name in _GREEK.values()} | {
    "o": "o", "l": "l", "i": "i", "j": "j", "ss": "ss", "ae": "ae", "oe": "oe", "aa": "a"
}  # fmt: skip
_WORD = r"[^\W_]+"
_IDEOGRAPH = r"[぀-ヿ㐀-鿿가-힯]"
_PLAIN = r"[A-Za-z0-9 ,.:;?!()/\"+=*|@%#\[\]-]*"
_NOT_WORDS = dict.fromkeys(map(ord, ' ,.:;?!()/"+=*|@%#[]-'))


def fold(text: str) -> str:
    """`text` in lower case without LaTeX, markup, accents, and apostrophes; Greek by name."""
    if _pattern(_PLAIN).fullmatch(text):
        return text.lower()
    if "<" in text or "&" in text:
        text = re.sub(_MARKUP, " ", text)
    if "\\" in text:
        text = re.sub(r"\\[`'^\"~=.]", "", text)
        text = re.sub(_COMMAND, lambda m: _LETTER_COMMANDS.get(m[1].lower(), ""), text)
    text = text.translate(_LATEX).casefold().translate(_FOLD)
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def words(title: str) -> list[str]:
    """The words of a title as they are compared: letters and digits only, folded."""
    return _pattern(_WORD).findall(fold(title))


def _letters(text: str) -> str:
    """The words of a text in a row."""
    if _pattern(_PLAIN).fullmatch(text):
        return text.lower().translate(_NOT_WORDS)
    return "".join(words(text))


def family_key(author: str) -> str:
    """The last word of an author's family name, folded; `""` for no name.

    >>> family_key("Ludwig van Beethoven") == family_key("van Beethoven, Ludwig")
    True
    """
    family, comma, given = author.partition(",")
    parts = words(family)
    if not comma or not given.strip():
        while len(parts) > 1 and parts[-1] in ("jr", "sr", "ii", "iii", "iv"):
            parts.pop()
    return parts[-1] if parts else ""


def fingerprints(paper: Paper) -> tuple[Fingerprint, ...]:
    """What the titles of one record say about who it is; compare them with `compatible`.

    A title of four words or more speaks for itself. A shorter one is never enough alone: it
    counts together with the abstract, with the citation key that its owner gave it, or, in a
    record without any identifier, as the very same record once more.
    """
    author = family_key(paper.authors[0]) if paper.authors else ""
    found: dict[Fingerprint, None] = {}
    for version in paper.versions:
        title = _letters(version.title)
        if not title:
            continue
        year = int(version.date[:4]) if version.date else 0
        if (
            len([w for w in version.title.split() if w.isalnum() or words(w)]) >= 4
            or len(re.findall(_IDEOGRAPH, title)) >= 4
        ):
            found[Fingerprint(_hash(title), author, year)] = None
            continue
        if paper.abstract:
            found[Fingerprint(_hash(title, _letters(paper.abstract)), author, year)] = None
        if paper.key:
            found[Fingerprint(_hash(title, "key", paper.key.lower()), author, year)] = None
        if not paper.identifiers and not paper.abstract:
            record = (title, "record", *paper.authors, version.venue, version.date)
            found[Fingerprint(_hash(*record), author, year)] = None
    return tuple(found)


def compatible(a: Fingerprint, b: Fingerprint) -> bool:
    """Whether two records' titles name one paper: the same title, first authors that do not
    differ, and years within three; what is unknown does not differ.
    """
    return (
        a.value == b.value
        and (a.author == b.author or not a.author or not b.author)
        and (not a.year or not b.year or abs(a.year - b.year) <= 3)
    )


def _hash(*parts: str) -> int:
    from hashlib import blake2b  # loads OpenSSL, which only an import of papers needs

    digest = blake2b("\n".join(parts).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
