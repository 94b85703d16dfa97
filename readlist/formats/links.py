"""What a link says of a paper: its URL, and the title that somebody gave it or a browser found.

Bookmarks, reading lists and mails are made of links. Most URLs name a paper by an identifier, as
`ids.parse` knows; those of some proceedings only lead to one. All other links name no paper.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from .. import dates, ids
from ..models import Identifier, Link, Paper, Problem, Sighting, Standing, Version
from ..text import one_line

_LONG = 1000  # characters of a title; the longest on arXiv has under 400
_LONG_URL = 5000
_LONG_NOTE = 20_000

# --- URLs ---------------------------------------------------------------------------------------

_TRACKING = re.compile(r"utm_\w*|fbclid|gclid|mc_[ce]id|igshid|ref_src", re.IGNORECASE)
# Pages whose URL holds the one to which they lead, and the parameter that does.
_REDIRECTS = (
    (re.compile(r"scholar\.google\.[a-z.]+/scholar_url"), "url"),
    (re.compile(r"(?:www\.)?google\.[a-z.]+/url"), "url"),
    (re.compile(r"(?:www\.)?google\.[a-z.]+/url"), "q"),
    (re.compile(r"[a-z0-9]+\.safelinks\.protection\.outlook\.com/"), "url"),
    (re.compile(r"lm?\.facebook\.com/l\.php"), "u"),
)
# As of archives, proxies and the PDF viewers of browsers: .../https://arxiv.org/pdf/1706.03762
_INNER = re.compile(r"(?<=[/_=])https?:/{1,2}[^/]", re.IGNORECASE)
_OUTER = re.compile(
    r"(?:chrome-extension|moz-extension|edge|view-source|about|read):"
    r"|https?://(?:web\.archive\.org|archive\.(?:is|ph|today)|urldefense\.com|r\.jina\.ai)/",
    re.IGNORECASE,
)
# Pages of papers whose URLs have no identifier of them.
_PAGES = re.compile(
    r"openaccess\.thecvf\.com/.*(?:html|papers)/.|(?:papers|proceedings)\.(?:nips|neurips)\.cc/paper"
    r"|proceedings\.mlr\.press/v\d+/.|(?:www\.)?jmlr\.org/papers/v\d+/.|(?:www\.)?ecva\.net/papers/."
    r"|ieeexplore\.ieee\.org/(?:abstract|document|stamp)/|(?:www\.)?sciencedirect\.com/science/article/."
    r"|ojs\.aaai\.org/index\.php/.+/article/view/|(?:www\.)?ijcai\.org/proceedings/\d{4}/\d"
    r"|(?:www\.)?isca-(?:speech|archive)\.org/.*\d{4}/.+|(?:www\.)?usenix\.org/.*/presentation/."
    r"|eprint\.iacr\.org/\d{4}/\d|(?:www\.)?roboticsproceedings\.org/rss\d+/p|distill\.pub/\d{4}/."
    r"|direct\.mit\.edu/[a-z]+/article|academic\.oup\.com/[a-z]+/(?:advance-)?article"
    r"|(?:www\.)?mdpi\.com/\d{4}-\d|(?:www\.)?jstor\.org/stable/\d|hal\.science/hal-\d"
    r"|(?:www\.)?paperswithcode\.com/paper/.|transacl\.org/.*/article/view/"
)
_SSRN = re.compile(r"(?:abstract_?id=|ssrn\.com/abstract=)(\d+)", re.IGNORECASE)
_PDF = re.compile(r"\.pdf$|/e?pdf(?:ft)?(?:/|$)", re.IGNORECASE)
_CODE_HOSTS = ("github.com", "gitlab.com", "bitbucket.org", "codeberg.org")


def web(url: str) -> str:
    """Where a URL leads to, without what only serves to track readers; `""` if not to the web.

    >>> web("https://www.google.com/url?q=https://arxiv.org/abs/1706.03762%3Futm_source%3Dx%23S1")
    'https://arxiv.org/abs/1706.03762'
    """
    url = url.strip()[:_LONG_URL]
    for _ in range(3):  # redirects in redirects, as of a mail that was forwarded
        inner = _inner(url)
        if not inner:
            break
        url = inner
    try:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return ""
    except ValueError:
        return ""
    query = parts.query
    if _TRACKING.search(query):
        pairs = parse_qsl(query, keep_blank_values=True)
        query = urlencode([pair for pair in pairs if not _TRACKING.fullmatch(pair[0])])
    fragment = parts.fragment if parts.fragment.startswith(("!", "/")) else ""  # those are pages
    return urlunsplit(parts._replace(query=query, fragment=fragment))


def _inner(url: str) -> str:
    """The URL that a redirect, a viewer or an archive holds, or `""`."""
    if _OUTER.match(url):
        unquoted = url if url.startswith("http") else unquote(url)
        found = _INNER.search(unquoted)
        if not found:
            return ""
        inner = unquoted[found.start() :].partition("__;")[0]  # how urldefense.com ends
        return re.sub(r"^(https?):/{1,2}", r"\1://", inner)
    scheme, _, rest = url.partition("://")
    place, _, query = rest.partition("?")
    if scheme in ("http", "https") and query:
        for pattern, name in _REDIRECTS:
            if pattern.fullmatch(place) and (values := parse_qs(query).get(name)):
                return values[0]
    return ""


def identifier(url: str) -> Identifier | None:
    """The identifier that a URL, as `web` gives it, spells."""
    found = ids.parse(url)
    if found is None and (ssrn := _SSRN.search(url)):
        found = ids.parse(f"10.2139/ssrn.{ssrn[1]}")
    return found


def is_code(url: str) -> bool:
    """Whether a URL is of a repository or in one."""
    parts = url.split("/")
    return len(parts) > 4 and parts[2].removeprefix("www.") in _CODE_HOSTS


def is_page(url: str) -> bool:
    """Whether a URL without an identifier is of the page or the PDF of a paper."""
    return _PAGES.match(url.partition("://")[2]) is not None


# --- titles -------------------------------------------------------------------------------------

_ID = r"(?:arxiv:\s*)?(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?"
_ID_FIRST = re.compile(
    rf"(?:\[({_ID})\]|({_ID})(?: \[[\w.-]+\](?: \d+ \w{{3}} \d{{4}})?|\.pdf\b|$))\s*",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"(?:\[(?:pdf|html|doc|book|b|citation|c)\]|paper page -|papers with code -|dblp:|abstract:"
    r"|\((?:pdf|html)\)|pdf:)\s*",
    re.IGNORECASE,
)
_SITE = re.compile(
    r"""(?:arxiv(?:\.org)?(?:\ e-print\ archive)?|openreview(?:\.net)?|acl\ anthology|pubmed|ncbi|pmc
    |semantic\ scholar|(?:bio|med)rxiv|pubmed\ central|springerlink|springer\ nature\ link|springer
    |sciencedirect(?:\.com)?|ieee\ xplore(?:\ .*)?|ieee\ (?:journals|conference|early).*|elsevier
    |wiley\ online\ library|oxford\ academic|acm\ digital\ library|mit\ press|hugging\ ?face|ar5iv
    |alphaxiv|papers\ with\ code|nature|nature\ [a-z&\ ]{3,40}|scientific\ (?:reports|data)|science
    |science\ advances|pnas|plos\ [a-z\ ]{3,40}|elife|cell|mdpi|frontiers|jstor|zenodo|ssrn
    |researchgate|request\ pdf|google\ scholar|openalex|dblp|(?:the\ )?vldb\ endowment
    |proceedings\ of\ the\ .*|(?:acm|ieee)\ transactions\ .*|europe\ pmc|usenix|isca\ archive)""",
    re.IGNORECASE | re.VERBOSE,
)
_BETWEEN = (" | ", " - ", " – ", " — ", " · ", " :: ")
_NO_TITLE = re.compile(
    r"\S+\.(?:pdf|html?|ps|aspx?|php)|(?:https?:|www\.)\S*|untitled|no title(?: found)?|false|none"
    r"|.* open access repository|microsoft word - .*|layout 1|pdf\.js viewer|ieee xplore full-text.*"
    r"|(?:redirecting(?:…|\.|$| to )|just a moment\.|please wait|attention required!|access denied"
    r"|checking your browser|are you (?:a robot|human)|40[34] (?:not found|forbidden|error)|page not found"
    r"|sign in to |validate user|client challenge|cookie absent|download limit exceeded).*",
    re.IGNORECASE,
)
# What people write on links in place of a title.
_LABELS = """
a abs abstract acl acm anthology archive article arxiv at available bib bibtex biorxiv blog by
camera code conference cvf dataset datasets demo details doc doi download ee face for from full
fulltext github here hf home homepage html hugging huggingface ieee ieeexplore in info journal
link links local medrxiv mirror more neurips nips of official on online only open openreview
oral original page paper papers pdf post poster pre preprint presentation proceedings project ps
publication published publisher pubmed read ready repo report s2 scholar see semantic site
slides source spotlight springer summary supp supplement supplementary talk text the this to
tweet twitter url version video view web webpage website weights with youtube
"""
_COUNT = re.compile(r"v?\d+")
_IS_LABEL = frozenset(_LABELS.split())
_IS_PROJECT = frozenset(["demo", "homepage", "project", "site", "webpage", "website"])


def title(text: str) -> str:
    """The title of a paper in that of its page or link, or `""`.

    >>> title("[1706.03762] Attention Is All You Need - arXiv")
    'Attention Is All You Need'
    """
    text = one_line(text[: 4 * _LONG])[:_LONG]
    while found := _ID_FIRST.match(text) or _BEFORE.match(text):
        text = text[found.end() :]
    while cut := _site(text):
        text = text[:cut].rstrip()
    text = text.strip(" \t:|")
    return "" if _NO_TITLE.fullmatch(text) or is_label(text) else text


def _site(text: str) -> int:
    """Where the name of a site begins at the end of a title, or 0."""
    at = max(text.rfind(mark) for mark in _BETWEEN)
    return at if at > 0 and _SITE.fullmatch(text[at + 2 :].strip(" |-–—·:")) else 0


def is_label(text: str) -> bool:
    """Whether a text only says what it links to, as `[pdf]`, `Full text`, `arXiv 2017` do."""
    words = ids.words(text)
    return all(word in _IS_LABEL or len(word) < 2 or _COUNT.fullmatch(word) for word in words)


def is_project(text: str) -> bool:
    """Whether a text only says that it links to the page of a project."""
    return is_label(text) and not _IS_PROJECT.isdisjoint(ids.words(text))


# --- papers -------------------------------------------------------------------------------------


def paper(
    url: str,
    name: str,
    *,
    where: str,
    seen: Sighting,
    keywords: Iterable[str] = (),
    note: str = "",
) -> Paper | Problem | None:
    """The paper of a link with the title `name`; None where it names none.

    It is a problem when the URL is that of a paper, but nothing says of which.
    """
    address = web(url)
    said = _ID_FIRST.match(one_line(name[: 4 * _LONG]))
    found = identifier(address) or (ids.parse(said[1] or said[2]) if said else None)
    if found is None and not is_page(address):
        return None
    of = title(name)
    if found is None and not of:
        return nameless(address, where)
    extra = {
        "keywords": ", ".join(dict.fromkeys(filter(None, map(one_line, keywords)))),
        "note": note.strip()[:_LONG_NOTE],
    }
    return Paper(
        versions=(Version(standing=Standing.LISTED, title=of),),
        identifiers=(found,) if found else (),
        links=links(address, found),
        extra={key: value for key, value in extra.items() if value},
        sightings=(seen,),
    )


def nameless(url: str, where: str) -> Problem:
    what = "the page of a paper, but neither its title nor an identifier is there"
    return Problem(where=where, what=what, raw=url)


def links(url: str, found: Identifier | None) -> tuple[Link, ...]:
    """The link to keep of a paper's URL: none where its identifier says as much."""
    if not url or (found and found.scheme in ("arxiv", "acl")):
        return ()
    if _PDF.search(urlsplit(url).path):
        return (Link("pdf", url),)
    return () if found else (Link("page", url),)


def doubt(items: Iterable[Paper | Problem]) -> list[Paper | Problem]:
    """The items without titles that different papers have: they are of a login or an error page.

    Two papers with one title would be taken for the same.
    """
    items = list(items)
    owner: dict[tuple[str, str], str] = {}
    doubted = set()
    for item in items:
        if isinstance(item, Paper) and item.title:
            for scheme, value in item.identifiers:
                if owner.setdefault((scheme, item.title.lower()), value) != value:
                    doubted.add(item.title.lower())
    untitled = (Version(standing=Standing.LISTED),)
    return [
        replace(item, versions=untitled)
        if isinstance(item, Paper) and item.identifiers and item.title.lower() in doubted
        else item
        for item in items
    ]


@dataclass(slots=True)
class Passed:
    """How many links, or whatever `what` says, name no paper; to be asked when all are read."""

    what: str = "link"
    count: int = 0

    def __str__(self) -> str:
        if not self.count:
            return ""
        one = self.count == 1
        whats, name = (self.what, "names") if one else (f"{self.what}s", "name")
        return f"with {self.count:,} {whats} that {name} no paper"


# --- days ---------------------------------------------------------------------------------------

_APACHE = re.compile(r"(\d{1,2})/([A-Z][a-z]{2})/(\d{4})[: ].*")
_NUMBER = re.compile(r"\d{9,19}(?:\.\d*)?")
_TO_1970 = 11_644_473_600  # seconds since 1601, from where Chrome counts microseconds


def day(value: Any) -> str:
    """The day (UTC) of a time as services write it, as an ISO date, or `""`.

    Numbers are seconds, milli-, micro- or nanoseconds since 1970, which is told by their size.
    """
    text = str(value).strip() if isinstance(value, str | int | float) else ""
    if not _NUMBER.fullmatch(text):
        apache = _APACHE.fullmatch(text)
        date = dates.iso(f"{apache[1]} {apache[2]} {apache[3]}" if apache else text[:40])
        return date if len(date) == len("2017-06-12") else ""
    seconds = float(text)
    if 1.16e16 < seconds < 1.6e16:
        seconds = seconds / 1e6 - _TO_1970
    while seconds > 1e11:
        seconds /= 1000
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()
