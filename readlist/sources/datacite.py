"""DataCite's REST API (https://support.datacite.org/docs/api-get-doi): theses, reports, software, data
and preprints by DOI, one at a time.

Its records (https://datacite-metadata-schema.readthedocs.io/) are read by way of CSL. A publication
is dated by when it was issued, a preprint by when its first version was submitted.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import quote

from .. import csl, ids
from ..errors import SourceError
from ..models import Identifier, Paper, Problem, Sighting
from .client import Client, json_of

URL = "https://api.datacite.org/dois"
SCHEMES = ("doi",)

# Types of CSL, by DataCite's own; `Text` may be anything, and says by BibTeX's what it is.
_GENERAL = {
    "Preprint": "posted-content",
    "JournalArticle": "article-journal",
    "ConferencePaper": "paper-conference",
    "ConferenceProceeding": "proceedings",
    "Dissertation": "thesis",
    "Report": "report",
    "Book": "book",
    "BookChapter": "chapter",
}
_BIBTEX = {
    "article": "article",
    "inproceedings": "paper-conference",
    "phdthesis": "thesis",
    "mastersthesis": "thesis",
    "techreport": "report",
    "book": "book",
    "inbook": "chapter",
    "incollection": "chapter",
}
_DATES = ("Issued", "Available", "Created")
_SAME_WORK = ("IsVersionOf", "IsIdenticalTo", "IsPreprintOf")


def lookup(
    client: Client, identifiers: Sequence[Identifier], today: date
) -> Iterator[Paper | Problem]:
    """The works of DOIs, by a request each."""
    for doi in identifiers:
        answer = client.get(f"{URL}/{quote(doi.value, safe='')}")
        if answer.status not in (404, 410):
            yield parse(json_of(answer), today)


def parse(said: Any, today: date) -> Paper | Problem:
    """The work of an answer.

    :raises SourceError: it is not about one.
    """
    data = said.get("data") if isinstance(said, dict) else None
    work = data.get("attributes") if isinstance(data, dict) else None
    if not isinstance(work, dict):
        raise SourceError("api.datacite.org answered with something else than a work")
    return paper(work, today)


def paper(work: Mapping[str, Any], today: date) -> Paper | Problem:
    """The paper of a record, which is also what content negotiation gives as DataCite JSON."""
    doi = csl.text(work.get("doi"))
    found = csl.paper(_item(work), f"datacite {doi}".rstrip())
    if isinstance(found, Problem):
        return found
    more = [ids.parse(each) for each in _named(work)]
    cited = csl.count(work.get("citationCount"))
    seen = Sighting(source="datacite", at=today.isoformat(), citations=cited)
    return replace(
        found,
        identifiers=tuple(dict.fromkeys([*found.identifiers, *filter(None, more)])),
        sightings=(seen,) if cited else (),  # nobody counts the citations of most: they have 0
    )


def _item(work: Mapping[str, Any]) -> dict[str, Any]:
    container = csl.records(work.get("container"))
    within: Mapping[str, Any] = container[0] if container else {}
    pages = [csl.text(within.get(name)) for name in ("firstPage", "lastPage")]
    titles = csl.records(work.get("titles"))
    main = [
        t for t in titles if csl.text(t.get("titleType")) not in ("AlternativeTitle", "Subtitle")
    ]
    abstracts = _texts(work.get("descriptions"), "descriptionType", "Abstract", "description")
    subtitles = _texts(titles, "titleType", "Subtitle", "title")
    subjects = [csl.text(subject.get("subject")) for subject in csl.records(work.get("subjects"))]
    return {
        "type": _type(work.get("types"), csl.text(within.get("title"))),
        "title": [csl.text(title.get("title")) for title in main or titles],
        "subtitle": subtitles,
        "author": [_name(person) for person in csl.records(work.get("creators"))],
        "editor": [
            _name(person)
            for person in csl.records(work.get("contributors"))
            if person.get("contributorType") == "Editor"
        ],
        "issued": _date(work),
        "container-title": within.get("title"),
        "volume": within.get("volume"),
        "issue": within.get("issue"),
        "page": "-".join(dict.fromkeys(filter(None, pages))),
        "publisher": work.get("publisher"),
        "abstract": abstracts,
        # "FOS" is a scheme of whole sciences, which repositories add by themselves.
        "keyword": ", ".join(s for s in dict.fromkeys(subjects) if s and not s.startswith("FOS:")),
        "DOI": work.get("doi"),
        "URL": work.get("url"),
    }


def _type(types: Any, container: str) -> str:
    if not isinstance(types, dict):
        return ""
    general = csl.text(types.get("resourceTypeGeneral"))
    stated = _BIBTEX.get(csl.text(types.get("bibtex")), "dataset")
    if stated == "article" and container:
        stated = "article-journal"
    return _GENERAL.get(general) or (stated if general in ("", "Text") else "dataset")


def _name(person: Mapping[str, Any]) -> dict[str, Any]:
    """A name of its parts; without them `name` is `Family, Given` as it stands."""
    if person.get("familyName") and person.get("nameType") != "Organizational":
        return {"family": person["familyName"], "given": person.get("givenName")}
    return {"literal": person.get("name")}


def _date(work: Mapping[str, Any]) -> str:
    known: dict[str, list[str]] = {}
    for each in csl.records(work.get("dates")):
        if day := csl.date(each.get("date")):
            known.setdefault(csl.text(each.get("dateType")), []).append(day)
    types = work.get("types")
    is_preprint = isinstance(types, dict) and types.get("resourceTypeGeneral") == "Preprint"
    if is_preprint and "Submitted" in known:
        return min(known["Submitted"])
    days = [day for name in _DATES for day in known.get(name, [])]
    return next(iter(days), "") or csl.date(work.get("publicationYear"))


def _named(work: Mapping[str, Any]) -> Iterator[str]:
    """What names the work, and other versions of it."""
    for each in csl.records(work.get("identifiers")):
        kind, value = csl.text(each.get("identifierType")), csl.text(each.get("identifier"))
        if kind.lower() in ("arxiv", "doi", "pmid", "pmcid"):
            yield value if "://" in value else f"{kind.lower()}:{value.removeprefix('arXiv:')}"
    for each in csl.records(work.get("relatedIdentifiers")):
        is_doi = csl.text(each.get("relatedIdentifierType")) in ("DOI", "arXiv")
        if is_doi and csl.text(each.get("relationType")) in _SAME_WORK:
            yield csl.text(each.get("relatedIdentifier"))


def _texts(value: Any, kind: str, wanted: str, name: str) -> list[str]:
    return [
        csl.text(each.get(name))
        for each in csl.records(value)
        if csl.text(each.get(kind)) == wanted
    ]
