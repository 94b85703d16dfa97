"""PubMed's `.nbib`, the MEDLINE format: tags of up to four letters in front of a hyphen, further
lines of a value indented, and blank lines between records.

The tags are listed at https://pubmed.ncbi.nlm.nih.gov/help/#pubmed-format.
"""

import re
from collections.abc import Collection, Iterator
from typing import TextIO

from ..models import Paper, Problem, Sighting
from ..origin import Origin
from . import reference, ris, tagged
from .reference import Reference
from .tagged import Fields, first, take

_LINE = re.compile(r"\ufeff?([A-Z][A-Z0-9]{1,3}) {0,3}-(.*)")
_START = re.compile(r"^\ufeff?PMID {0,2}- ?\d{1,8}\s*$|\A\s*PMC ?- ?\w+\s*\n[A-Z]", re.MULTILINE)
# What PubMed keeps of the record, and what repeats other fields: status, dates, owner, citation.
_HOUSEKEEPING = (
    *("OWN", "STAT", "DA", "DCOM", "LR", "EDAT", "MHDA", "CRDT", "PHST", "PST", "JID", "SB", "SO"),
    *("OTO", "DEP", "PMCR"),
)
_TYPES = {
    "preprint": "misc",
    "book": "book",
    "technical report": "techreport",
    "academic dissertation": "phdthesis",
}
_FIELDS = {"VI": "volume", "IP": "number", "LA": "language", "TA": "shortjournal", "EN": "edition"}
_AUTHOR = re.compile(r"([^,]+?) ([A-Z]{1,4})(?: (Jr|Sr|I{2,3}|IV|\d(?:nd|rd|th)))?")
_SUFFIXED = re.compile(r"([^,]+), ([^,]+) (Jr|Sr|I{2,3}|IV|\d(?:nd|rd|th))")
_CITED = re.compile(r"\. (\d{4}(?: [A-Z][a-z]{2}(?: \d{1,2})?)?)")
_RETRACTIONS = (("RIN", "retracted"), ("ECI", "expression of concern"))


def recognises(head: str) -> bool:
    # RIS may have a line with the PMID, too.
    return _START.search(head) is not None and not ris.recognises(head)


def load(file: TextIO, origin: Origin) -> Iterator[Paper | Problem]:
    seen = Sighting(source="nbib", place=origin.place, at=origin.today.isoformat())
    for record in tagged.records(file, origin.name, _FORM):
        if isinstance(record, Problem):
            yield record
        else:
            said = _reference(record.fields)
            yield reference.paper(said, where=record.where, raw=record.raw, seen=seen)


def _split(line: str) -> tuple[str, str] | None:
    found = _LINE.match(line)
    return (found[1], found[2]) if found else None


def _begins(tag: str, known: Collection[str], blank: bool) -> bool:  # noqa: FBT001 - as Form has it
    return blank or (tag == "PMID" and "PMID" in known)


_FORM = tagged.Form(_split, _begins)


def _reference(fields: Fields) -> Reference:
    fields = {tag: [" ".join(text.split()) for text in texts] for tag, texts in fields.items()}
    take(fields, *_HOUSEKEEPING)
    said = Reference()
    said.retractions = _retractions(fields)
    said.type = _type(fields)
    _identify(said, fields)
    said.title = _title(" ".join(take(fields, "TI"))) or first(fields, "BTI")
    said.venue = first(
        fields, *(("PB",) if said.type == "book" else ("JT", "BTI", "CTI", "TA", "PB"))
    )
    said.authors = (*_authors(fields), *map(str.strip, take(fields, "CN")))
    said.editors = reference.names(take(fields, "FED") or take(fields, "ED"))
    fields.pop("ED", None)
    said.abstract = "\n\n".join(take(fields, "AB") or take(fields, "OAB"))
    said.date = reference.take_date(fields, "DP")
    said.keywords = [text.replace("*", "") for text in take(fields, "OT", "MH")]
    said.notes = take(fields, "GN")
    said.fields["pages"] = reference.pages(first(fields, "PG"))
    fields["IS"] = reference.add_numbers(said, take(fields, "IS", "ISBN"))
    if said.type != "article":
        said.fields |= {"publisher": first(fields, "PB"), "address": first(fields, "PL")}
    reference.add_fields(said, fields, _FIELDS)
    said.extra = tagged.rest(fields)
    return said


def _title(text: str) -> str:
    """The title without the stop at its end, and the brackets around one that was translated."""
    text = text.removesuffix(".")
    return text[1:-1].removesuffix(".") if text[:1] + text[-1:] == "[]" else text


def _type(fields: Fields) -> str:
    kinds = {text.lower() for text in fields.get("PT", [])}
    named = next((type for kind, type in _TYPES.items() if kind in kinds), "")
    if fields.get("BTI") or fields.get("CTI"):
        return "incollection" if fields.get("TI") else "book"
    if not named or (fields.get("JT") and named != "misc"):
        return "article" if fields.get("JT") or fields.get("TA") else "misc"
    return named


def _identify(said: Reference, fields: Fields) -> None:
    for scheme, tag in (("pmid", "PMID"), ("pmcid", "PMC")):
        texts = [re.sub(r"^(?=\d+$)", "PMC" * (tag == "PMC"), text) for text in take(fields, tag)]
        fields[tag] = reference.add_identifiers(said, [f"{scheme}:{text}" for text in texts])
    for tag in ("AID", "LID"):
        fields[tag] = reference.add_dois(said, fields.get(tag, []))


def _authors(fields: Fields) -> tuple[str, ...]:
    """The full names if each author has one, else those with initials."""
    full, short = take(fields, "FAU"), take(fields, "AU")
    if len(full) >= len(short):
        return reference.names(
            f"{found[1]}, {found[2]}, {found[3]}" if (found := _SUFFIXED.fullmatch(text)) else text
            for text in full
        )
    return reference.names(
        ", ".join(filter(None, found.groups())) if (found := _AUTHOR.fullmatch(text)) else text
        for text in short
    )


def _retractions(fields: Fields) -> tuple[str, ...]:
    """What PubMed says of it, with the date of the notice where that is cited."""
    found = []
    for tag, what in _RETRACTIONS:
        for text in fields.get(tag, []):
            cited = _CITED.search(text)
            day = reference.when(cited[1]) if cited else ""
            found.append(" ".join(filter(None, (what, day, "(pubmed)"))))
    if not found and "Retracted Publication" in fields.get("PT", []):
        found.append("retracted (pubmed)")
    return tuple(found)
