"""What Web of Science exports as plain text or for "other reference software", and Inspec and
MEDLINE through it: a dialect of RIS with `PT J`, further lines of a value indented, and `ER`.

The tags are listed at https://images.webofknowledge.com/images/help/WOS/hs_wos_fieldtags.html.
"""

import re
from collections.abc import Collection, Iterator
from typing import TextIO

from ..models import Paper, Problem, Sighting
from ..origin import Origin
from . import reference, tagged
from .reference import Reference
from .tagged import Fields, first, take

# FN, VR and EF are of the file.
_LINE = re.compile(r"\ufeff?(?!FN|VR|EF)([A-Z][A-Z0-9])(?:[ \t]+(.*)|\s*$)")
_START = re.compile(r"\s*(?:FN [^\n]*\n\s*)?(?:VR [^\n]*\n\s*)?PT [A-Z]\s*\n[A-Z][A-Z0-9] ")
_TYPES = {"B": "book", "C": "inproceedings", "J": "article", "P": "misc", "S": "incollection"}
_FIELDS = {
    "VL": "volume",
    "IS": "number",
    "PU": "publisher",
    "PI": "address",
    "SE": "series",
    "LA": "language",
    "JI": "shortjournal",
    "J9": "shortjournal",
}
# The works that it cites are not the paper, and how many they are is of no use without them.
_OTHERS = ("CR", "NR")


def recognises(head: str) -> bool:
    return _START.match(head) is not None


def load(file: TextIO, origin: Origin) -> Iterator[Paper | Problem]:
    for record in tagged.records(file, origin.name, _FORM):
        if isinstance(record, Problem):
            yield record
            continue
        seen = _sighting(record.fields, origin)
        said = _reference(record.fields)
        yield reference.paper(said, where=record.where, raw=record.raw, seen=seen)


def _split(line: str) -> tuple[str, str] | None:
    found = _LINE.match(line)
    return (found[1], found[2] or "") if found else None


def _begins(tag: str, _known: Collection[str], _blank: bool) -> bool:  # noqa: FBT001 - as Form has it
    return tag == "PT"


_FORM = tagged.Form(_split, _begins, "ER")


def _sighting(fields: Fields, origin: Origin) -> Sighting:
    """`DA` is the day of the export, on which the paper was cited so often."""
    counts = [int(n) for n in take(fields, "Z9", "TC") if n.isdecimal() and len(n) < 10]
    at = reference.when(first(fields, "DA"))
    return Sighting(
        source="wos",
        place=origin.place,
        at=at if len(at) == len("2019-03-18") else origin.today.isoformat(),
        citations=max(counts, default=None),
    )


def _reference(fields: Fields) -> Reference:
    take(fields, *_OTHERS)
    kind = first(fields, "PT")
    said = Reference(type=_TYPES.get(kind, "misc"))
    for tag in ("DI", "D2"):
        fields[tag] = reference.add_dois(said, fields.get(tag, []))
    pmids = [f"pmid:{text}" for text in take(fields, "PM")]
    ut = [text.replace("MEDLINE:", "pmid:") for text in take(fields, "UT")]
    fields["UT"] = reference.add_identifiers(said, [*pmids, *ut])
    said.title = first(fields, "TI")
    said.venue = first(fields, "PU" if said.type == "book" else "SO")
    said.authors = reference.names(
        [*(take(fields, "AF") or take(fields, "AU")), *take(fields, "CA")]
    )
    fields.pop("AU", None)
    said.editors = reference.names(take(fields, "BE", "ED"))
    said.abstract = "\n\n".join(take(fields, "AB"))
    said.date = reference.take_date(fields, "PY", "PD")
    said.keywords = [
        word for text in take(fields, "DE", "ID") for word in text.replace("\n", " ").split(";")
    ]
    said.fields["pages"] = reference.pages(first(fields, "BP"), first(fields, "EP"))
    if not said.fields["pages"]:
        said.fields["pages"] = reference.pages(first(fields, "PS", "AR"))
    fields["SN"] = reference.add_numbers(said, take(fields, "SN", "EI", "BN"))
    reference.add_fields(said, fields, _FIELDS)
    said.extra = tagged.rest(fields)
    return said
