"""PubMed by NCBI's E-utilities (https://www.ncbi.nlm.nih.gov/books/NBK25499/): articles and books by
PubMed id, PubMed Central id and title. The elements are those of NLM's DTD
(https://www.nlm.nih.gov/bsd/licensee/elements_descriptions.html).

What is in PubMed Central has another number there; NCBI's converter tells the one in PubMed.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from xml.etree.ElementTree import Element

from .. import csl, dates, ids, plain, venues
from ..errors import SourceError
from ..models import Identifier, Paper, Problem, Standing, Version
from ..text import bibtex_source, one_line
from .client import Answer, Client, json_of, xml_of

URL = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"
CONVERTER = "https://pmc.ncbi.nlm.nih.gov/tools/idconv/api/v1/articles/"
SCHEMES = ("pmid", "pmcid")

_AT_ONCE = 200
_LONGEST = 500  # characters of a search
_SETS = ("PubmedArticleSet", "PubmedBookArticleSet")
_RECORDS = ("PubmedArticle", "PubmedBookArticle")
_WHEN = r"((?:1[5-9]|20)[0-9]{2})(?: ([A-Z][a-z]{2})[a-z]*(?: ([0-9]{1,2})(?![0-9-]))?)?"
_CITED = re.compile(rf"\. {_WHEN}")
_RETRACTIONS = {
    "RetractionIn": "retracted",
    "PartialRetractionIn": "retracted in part",
    "ExpressionOfConcernIn": "expression of concern",
}
_KEYWORDS = (
    "MedlineCitation/MeshHeadingList/MeshHeading/DescriptorName",
    "MedlineCitation/KeywordList/Keyword",
    "BookDocument/KeywordList/Keyword",
)
_MARK = re.compile(r"(?:RETRACTED|WITHDRAWN)(?: ARTICLE| PAPER)?\s*[:–-]\s*", re.IGNORECASE)
_PAGES = re.compile(r"([A-Za-z]*)([0-9]+)\s*[-–]\s*([A-Za-z]*)([0-9]+)")


def lookup(
    client: Client,
    identifiers: Sequence[Identifier],
    today: date,  # noqa: ARG001 - as every source
) -> Iterator[Paper | Problem]:
    """The papers in the order asked."""
    wanted = list(dict.fromkeys(identifiers))
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        numbers = _numbers(client, [i.value for i in some if i.scheme == "pmcid"])
        numbers |= {i.value: i.value for i in some if i.scheme == "pmid"}
        items = _fetch(client, list(dict.fromkeys(numbers.values())))
        found = {item.identifier("pmid"): item for item in items if isinstance(item, Paper)}
        for identifier in some:
            if paper := found.get(numbers.get(identifier.value, "")):
                known = dict.fromkeys([*paper.identifiers, identifier])
                yield replace(paper, identifiers=tuple(known))
        yield from [item for item in items if isinstance(item, Problem)]


def search(
    client: Client,
    title: str,
    today: date,  # noqa: ARG001 - as every source
) -> list[Paper]:
    """The papers whose titles have all words of this one."""
    words = " ".join(re.findall(r"[^\W_]+", title.lower()[:_LONGEST]))  # AND is an operator
    if not words:
        return []
    about = {"term": words, "field": "title", "sort": "relevance", "retmax": 10, "retmode": "json"}
    said = json_of(_ask(client, "esearch", **about))
    result = said.get("esearchresult") if isinstance(said, dict) else None
    numbers = result.get("idlist") if isinstance(result, dict) else None
    if not isinstance(numbers, list):
        error = csl.text(result.get("ERROR")) if isinstance(result, dict) else ""
        raise _not_papers(one_line(error))
    items = _fetch(client, [number for each in numbers if (number := csl.text(each))])
    return [item for item in items if isinstance(item, Paper)]


def _numbers(client: Client, pmcids: Sequence[str]) -> dict[str, str]:
    """The PubMed ids of PubMed Central ids, as far as they have one."""
    if not pmcids:
        return {}
    params = {"ids": ",".join(pmcids), "format": "json", **_who(client)}
    try:
        answer = client.get(CONVERTER, params=params)
    except SourceError as error:
        if error.status != 400:
            raise
        return {}  # it knows none of them
    said = json_of(answer) if answer.status < 400 else {}
    found = {}
    for record in csl.records(said.get("records") if isinstance(said, dict) else None):
        pmid = ids.parse(f"pmid:{csl.text(record.get('pmid'))}")
        for name in ("requested-id", "pmcid"):
            pmcid = ids.parse(f"pmcid:{csl.text(record.get(name))}")
            if pmid and pmcid:
                found[pmcid.value] = pmid.value
    return {pmcid: found[pmcid] for pmcid in pmcids if pmcid in found}


def _fetch(client: Client, numbers: Sequence[str]) -> list[Paper | Problem]:
    """The papers of PubMed ids."""
    if not numbers:
        return []
    try:
        answer = _ask(client, "efetch", id=",".join(numbers), retmode="xml")
    except SourceError as error:
        # It may refuse all for one that it does not know; a wrong key is refused so, too.
        if error.status != 400 or "key" in str(error).lower():
            raise
        known = _known(client, numbers)
        if len(known) == len(numbers):
            raise
        return _fetch(client, known)
    return parse(xml_of(answer)) if answer.status < 400 else []


def _known(client: Client, numbers: Sequence[str]) -> list[str]:
    """Those of PubMed ids that it knows, which alone have a summary without an error."""
    said = json_of(_ask(client, "esummary", id=",".join(numbers), retmode="json"))
    result = said.get("result") if isinstance(said, dict) else None
    summaries = result if isinstance(result, dict) else {}
    return [
        number
        for number in numbers
        if isinstance(summary := summaries.get(number), dict) and "error" not in summary
    ]


def _ask(client: Client, tool: str, **params: Any) -> Answer:
    key = client.key("ncbi")
    params |= {"db": "pubmed", **_who(client), **({"api_key": key} if key else {})}
    return client.get(f"{URL}/{tool}.fcgi", params=params)


def _who(client: Client) -> dict[str, str]:
    return {"tool": "readlist", "email": client.contact} if client.contact else {}


def _not_papers(said: str) -> SourceError:
    what = said or "something else than papers"
    return SourceError(f"eutils.ncbi.nlm.nih.gov answered with {what}")


# --- records ------------------------------------------------------------------------------------


def parse(root: Element) -> list[Paper | Problem]:
    """The papers of an answer.

    :raises SourceError: it is not about papers.
    """
    if root.tag not in (*_SETS, *_RECORDS):
        raise _not_papers(_words(root, ".//ERROR"))
    found: list[Paper | Problem] = []
    for record in [root] if root.tag in _RECORDS else root:
        if record.tag not in _RECORDS:
            continue  # as DeleteCitation
        paper = _article(record) if record.tag == "PubmedArticle" else _book(record)
        if paper.title or paper.identifiers:
            found.append(paper)
        else:
            raw = " ".join(record.itertext())
            what = "no title and no identifier"
            found.append(Problem(where="pubmed", what=what, raw=one_line(raw)[:200]))
    return found


def _article(record: Element) -> Paper:
    article = _part(record, "MedlineCitation/Article")
    kinds = {_text(kind) for kind in article.iterfind("PublicationTypeList/PublicationType")}
    title = _title(article)
    retractions = _retractions(record, kinds)
    if retractions:
        title = _MARK.sub("", title, count=1)
    version = _in_journal(record, article, title)
    is_preprint = "Preprint" in kinds or venues.is_preprint_server(version.venue)
    if is_preprint:
        version = Version(title=title, date=version.date)
    paper = _paper(record, article, version)
    # Who published a preprint tells its number in PubMed, too.
    later = "MedlineCitation/CommentsCorrectionsList/CommentsCorrections[@RefType='UpdateIn']/PMID"
    published = record.iterfind(later) if is_preprint else ()
    known = [*paper.identifiers, *filter(None, (ids.parse(f"pmid:{_text(n)}") for n in published))]
    return replace(paper, identifiers=tuple(dict.fromkeys(known)), retractions=retractions)


def _in_journal(record: Element, article: Element, title: str) -> Version:
    journal = _part(article, "Journal")
    short = _words(journal, "ISOAbbreviation") or _words(
        record, "MedlineCitation/MedlineJournalInfo/MedlineTA"
    )
    venue = _words(journal, "Title") or short
    return Version(
        standing=Standing.PUBLISHED if venue else Standing.PREPRINT,
        title=title,
        venue=venue,
        date=_appeared(article),
        type="article" if venue else "",
        fields=_fields(
            volume=_words(journal, "JournalIssue/Volume"),
            number=_words(journal, "JournalIssue/Issue"),
            pages=_pages(article),
            issn=_words(journal, "ISSN"),
            shortjournal=short if short != venue else "",
        ),
    )


def _book(record: Element) -> Paper:
    """A book, or a chapter of one."""
    document = _part(record, "BookDocument")
    book = _part(document, "Book")
    chapter, whole = _title(document), _stopless(_words(book, "BookTitle"))
    publisher = _words(book, "Publisher/PublisherName")
    editors = [
        bibtex_source(name) if "," in name else f"{{{bibtex_source(name)}}}"
        for name in _names(book.iterfind("AuthorList[@Type='editors']/Author"))
    ]
    isbns = [_text(isbn) for isbn in book.iterfind("Isbn")]
    venue = (whole or publisher) if chapter else publisher
    version = Version(
        standing=Standing.PUBLISHED if venue else Standing.PREPRINT,
        title=chapter or whole,
        venue=venue,
        date=_day(_part(book, "PubDate")) or _day(_part(document, "ContributionDate")),
        type="incollection" if chapter else "book" if whole else "",
        fields=_fields(
            volume=_words(book, "Volume"),
            pages=_pages(document),
            edition=_words(book, "Edition"),
            series=_words(book, "CollectionTitle"),
            publisher=publisher if chapter else "",
            address=_words(book, "Publisher/PublisherLocation"),
            isbn=", ".join(isbns),
        )
        | ({"editor": " and ".join(editors)} if editors else {}),
    )
    paper = _paper(record, document, version)
    authors = paper.authors or _authors(book)
    numbers = [] if chapter else [id for isbn in isbns if (id := ids.isbn(isbn))]
    return replace(paper, authors=authors, identifiers=(*paper.identifiers, *numbers))


def _paper(record: Element, article: Element, version: Version) -> Paper:
    """What articles and books have in common."""
    words = (_text(word) for path in _KEYWORDS for word in record.iterfind(path))
    keywords = ", ".join(dict.fromkeys(filter(None, words)))
    return Paper(
        versions=(version,),
        authors=_authors(article),
        abstract=_abstract(article.iterfind("Abstract/AbstractText"))
        or _abstract(record.iterfind("MedlineCitation/OtherAbstract/AbstractText")),
        identifiers=tuple(dict.fromkeys(_identifiers(record, article))),
        extra={"keywords": keywords} if keywords else {},
    )


def _identifiers(record: Element, article: Element) -> Iterator[Identifier]:
    stated = [
        f"pmid:{_words(record, path)}" for path in ("MedlineCitation/PMID", "BookDocument/PMID")
    ]
    stated += [
        f"doi:{_text(place)}"
        for place in article.iterfind("ELocationID[@EIdType='doi']")
        if place.get("ValidYN") != "N"
    ]
    schemes = {"pubmed": "pmid", "pmc": "pmcid", "doi": "doi"}
    for path in ("PubmedData", "PubmedBookData"):  # those within are of what it cites
        stated += [
            f"{schemes[kind]}:{_text(id)}"
            for id in record.iterfind(f"{path}/ArticleIdList/ArticleId")
            if (kind := id.get("IdType")) in schemes
        ]
    yield from filter(None, map(ids.parse, stated))


def _title(article: Element) -> str:
    """The title without its stop, and without the brackets of one that was translated."""
    title = _stopless(_words(article, "ArticleTitle"))
    inner = title[1:-1]
    if title[:1] + title[-1:] == "[]" and inner.find("]") >= inner.find("["):
        title = _stopless(inner)
    vernacular = _stopless(_words(article, "VernacularTitle"))
    return vernacular if title.lower() in ("", "not available") else title


def _stopless(title: str) -> str:
    return title if title.endswith("..") else title.removesuffix(".")


def _abstract(parts: Iterable[Element]) -> str:
    """The parts of an abstract, each behind its label."""
    found = []
    for part in parts:
        label, text = one_line(part.get("Label", "")), _text(part)
        has_label = label and label.upper() != "UNLABELLED"
        found += [f"{label}: {text}" if has_label else text] if text else []
    return "\n\n".join(found)


def _authors(parent: Element) -> tuple[str, ...]:
    lists = [each for each in parent.iterfind("AuthorList") if each.get("Type") != "editors"]
    return tuple(name for each in lists for name in _names(each.iterfind("Author")))


def _names(authors: Iterable[Element]) -> Iterator[str]:
    """`Family, Given` of people, the names of groups."""
    for author in authors:
        if author.get("ValidYN") == "N":  # how it was before a correction
            continue
        family, suffix = _words(author, "LastName"), _words(author, "Suffix")
        given = _words(author, "ForeName") or _words(author, "Initials")
        if family and given:
            yield ", ".join(filter(None, [family, suffix, given]))
        elif name := family or given or _words(author, "CollectiveName"):
            yield name


def _pages(article: Element) -> str:
    """The pages, of which the last is often short: `151-7`."""
    pages = _part(article, "Pagination")
    first, last = _words(pages, "StartPage"), _words(pages, "EndPage")
    if not first:
        first = _words(pages, "MedlinePgn")
        if span := _PAGES.fullmatch(first):
            letters, start, more, end = span.groups()
            first = f"{letters}{start}"
            last = f"{more or letters}{start[: max(len(start) - len(end), 0)]}{end}"
    return f"{first}--{last}" if last and last != first else first


def _appeared(article: Element) -> str:
    """When the issue appeared; more precisely if the article was online in that year or month."""
    issue = _day(_part(article, "Journal/JournalIssue/PubDate"))
    online = _day(_part(article, "ArticleDate"))
    return online if online.startswith(issue) else issue


def _day(when: Element) -> str:
    year, month, day = (_words(when, name) for name in ("Year", "Month", "Day"))
    if not re.fullmatch(r"[0-9]{4}", year):
        stated = re.search(rf"(?<![0-9]){_WHEN}", _words(when, "MedlineDate"))
        return _built(stated)
    is_day = re.fullmatch(r"[0-9]{1,2}", day)
    return dates.build(year, dates.month(month), day if is_day else None)


def _built(stated: re.Match[str] | None) -> str:
    return dates.build(stated[1], dates.month(stated[2] or ""), stated[3]) if stated else ""


def _retractions(record: Element, kinds: set[str]) -> tuple[str, ...]:
    """What PubMed says of it, with the date of the notice where that is cited."""
    found = []
    for notice in record.iterfind("MedlineCitation/CommentsCorrectionsList/CommentsCorrections"):
        if what := _RETRACTIONS.get(notice.get("RefType", "")):
            when = _built(_CITED.search(_words(notice, "RefSource")))
            found.append(" ".join(filter(None, [what, when, "(pubmed)"])))
    if "Retracted Publication" in kinds and not any(text.startswith("retracted") for text in found):
        found.append("retracted (pubmed)")
    return tuple(dict.fromkeys(found))


def _fields(**said: str) -> dict[str, str]:
    return {name: bibtex_source(text) for name, text in said.items() if text}


def _part(parent: Element, path: str) -> Element:
    """A part of a record, an empty one if it has none."""
    found = parent.find(path)
    return Element("none") if found is None else found


def _words(parent: Element, path: str) -> str:
    return _text(_part(parent, path))


def _text(element: Element) -> str:
    """The text with that of the markup in it; some of that is escaped twice."""
    return one_line(plain.text("".join(element.itertext())))
