r"""The listings that arXiv mails each day and keeps of a month, whole, in parts or quoted.

A record is its id on a line, fields whose further lines are indented, a line `\\`, mostly an
abstract, and a line `\\` with the URL. Cross-lists say so beside the id; replacements have the
date of the new version in place of the first one's, and no abstract. Dashes or per cent signs
separate records and parts; lists of a week have a line `/* Fri, 3 Mar 2023 */` above each day.
The grammar is that of arXiv's own reader, `parse_new_listing_file.py` of arxiv-browse.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from .. import arxiv, dates
from ..models import Paper, Problem, Sighting
from ..origin import Origin

_CROSS = r"\(\*cross-listing\*\)"
_ID = re.compile(rf"(?:arXiv:|Paper(?: ({_CROSS}))?:)\s*(\S+\d)(?:\s+({_CROSS}))?")
_QUOTE = r"(?:[ \t]?[>|])+ ?"
_START = re.compile(
    rf"^({_QUOTE})?[ \t]*\\\\[ \t]*\n(?:{_QUOTE})?[ \t]*{_ID.pattern}[ \t]*$", re.MULTILINE
)
_FIELD = re.compile(
    r"(Title|Authors?|Categories|Comments|Report-no|MSC-class|ACM-class|Journal-ref|DOI|License"
    r"|Subj-class|Proxy|Merge|From|Date|Date \(revised[^)]*\)|replaced with revised version)"
    r"(?::|(?<=version))\s*(.*)"
)
_BREAK = re.compile(r"\\\\( \(.*\))?")
_SEPARATOR = re.compile(r"[-%]{20,}")
_HEADING = re.compile(r"Date:.*|/\* .* \*/")
_DAY = re.compile(r"(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}|\d\d)\b")
_NO_SOURCE = ",I)"  # how the size of a version ends that takes the paper back


@dataclass(slots=True)
class _Record:
    line: int
    id: str
    kind: str  # new, cross-list or replacement
    day: str  # on which it was listed, "" where that is not said
    fields: dict[str, str] = field(default_factory=dict)
    abstract: list[str] = field(default_factory=list)
    size: str = ""  # of the last version, with its date
    breaks: int = 0
    whole: bool = False


def recognises(head: str) -> bool:
    return _START.search(head) is not None


def load(text: str, origin: Origin) -> tuple[str, Iterator[Paper | Problem]]:
    """How many papers of which kind are listed, and the papers."""
    records = list(_records(text))
    counts = Counter(record.kind for record in records)
    note = ", ".join(f"{count} {_kind(kind, count)}" for kind, count in counts.most_common())
    return note, (item for record in records for item in _items(record, origin))


def _kind(kind: str, count: int) -> str:
    return kind if count == 1 or kind == "new" else f"{kind}s"


def _records(text: str) -> Iterator[_Record]:
    start = _START.search(text)
    if start and start[1]:
        text = re.sub(f"^{_QUOTE}", "", text, flags=re.MULTILINE)
    record: _Record | None = None
    name = day = ""
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.rstrip()
        if begun := _ID.fullmatch(line.lstrip()):
            if record:
                record.whole = record.breaks > 0
                yield record
            kind = "cross-list" if begun[1] or begun[3] else "new"
            record, name = _Record(number, begun[2], kind, day), ""
        elif record is None:
            if _HEADING.fullmatch(line):
                day = _day(line) or day
        elif (end := _BREAK.fullmatch(line)) or _SEPARATOR.fullmatch(line):
            record.breaks += end is not None
            if end is None or end[1] or record.breaks == 2:
                record.whole = record.breaks > 0
                yield record
                record = None
        elif record.breaks:
            record.abstract.append(line)
        elif found := _FIELD.fullmatch(line.lstrip() if not name else line):
            name = found[1]
            record.fields[name] = found[2]
            if name.startswith(("Date", "replaced")):
                record.size = found[2]
            if name.startswith("replaced"):
                record.kind = "replacement"
        elif name:
            record.fields[name] += f" {line}"
    if record:
        record.whole = record.breaks == 1 and not any(record.abstract)
        yield record


def _items(record: _Record, origin: Origin) -> Iterator[Paper | Problem]:
    where = f"{origin.name} line {record.line}"
    fields = record.fields
    at = record.day or (origin.page_date or origin.today).isoformat()
    found = arxiv.paper(
        {
            "id": record.id,
            "title": fields.get("Title"),
            "abstract": " ".join(record.abstract),
            "categories": fields.get("Categories"),
            "comments": fields.get("Comments"),
            "journal-ref": fields.get("Journal-ref"),
            "report-no": fields.get("Report-no"),
            "doi": fields.get("DOI"),
            "license": fields.get("License"),
        },
        where=where,
        authors=_authors(fields.get("Authors") or fields.get("Author") or ""),
        date=_day(fields.get("Date", "")),
        sightings=(Sighting(source="arxiv", place=origin.place, at=at),),
    )
    if isinstance(found, Paper) and record.size.endswith(_NO_SOURCE):
        found = replace(found, retractions=(arxiv.WITHDRAWN,))
    yield found
    if not record.whole:
        what = f"the listing is cut off in arXiv:{record.id}; saved what is there"
        yield Problem(
            where=where, what=what, raw=" ".join([*fields.values(), *record.abstract])[-200:]
        )


def _authors(typed: str) -> tuple[str, ...]:
    names = arxiv.authors(typed)
    if "\\" in typed or "{" in typed:
        from . import latex

        return tuple(map(latex.decode, names))
    return names


def _day(text: str) -> str:
    match = _DAY.search(text)
    if not match:
        return ""
    year = match[3] if len(match[3]) == 4 else f"{'19' if match[3] > '90' else '20'}{match[3]}"
    return dates.iso(f"{match[1]} {match[2]} {year}")
