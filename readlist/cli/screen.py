"""How things look in a terminal: widths, lines, and words for values. Prints nothing."""

import json
import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from typing import Any

import click

from .. import ids
from ..library import Report
from ..models import Act, Entry, Leaning, Leant, Paper, Sighting, Status
from ..text import clean, one_line

_RATINGS = {1: "liked", -1: "disliked", None: ""}
_COLORS = {"liked": "green", "disliked": "red", "later": "cyan", "reading": "cyan"}
_NARROW = r"[ -~\xa1-\xac\xae-\u02ff\u2010-\u2027]*"  # what is one column wide, to know it fast
_AUTHORS_FROM = 72  # columns that a terminal needs to have room for authors


def safe(text: str) -> str:
    """Text that cannot do anything to a terminal, its newlines kept."""
    return "\n".join(clean(line) if not line.isprintable() else line for line in text.split("\n"))


def harmless(value: Any) -> Any:
    """A value, or a value made of values, its texts unable to do anything to a terminal."""
    if type(value) is str:
        return safe(value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: harmless(getattr(value, f.name)) for f in fields(value)})
    if isinstance(value, tuple):
        parts = [harmless(part) for part in value]
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    return value


def width(text: str) -> int:
    """Columns that a text takes; wide East Asian characters take two, combining ones none."""
    if re.fullmatch(_NARROW, text):
        return len(text)
    from wcwidth import wcswidth

    return max(0, wcswidth(text))


def fit(text: str, columns: int) -> str:
    """`text` in exactly so many columns, cut with an ellipsis or filled with blanks."""
    taken = width(text)
    if taken > columns:
        while text and width(text) > columns - 1:
            text = text[: min(len(text) - 1, columns - 1)]
        text, taken = f"{text}…", width(text) + 1
    return text + " " * (columns - taken)


def wrap(text: str, columns: int, indent: str = "") -> list[str]:
    """The lines of a text, each paragraph wrapped to the columns."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        if re.fullmatch(_NARROW, paragraph):
            lines += textwrap.wrap(paragraph, columns - len(indent)) or [""]
        else:
            lines += _wrap_wide(paragraph, columns - len(indent))
    return [f"{indent}{line}".rstrip() for line in lines]


def _wrap_wide(paragraph: str, columns: int) -> list[str]:
    lines, line = [], ""
    for word in paragraph.split():
        if line and width(line) + 1 + width(word) > columns:
            lines.append(line)
            line = ""
        line = f"{line} {word}" if line else word
        while width(line) > columns:  # a word longer than a line, as all of Chinese is
            cut = _cut(line, columns)
            lines.append(line[:cut])
            line = line[cut:]
    return [*lines, line]


def _cut(line: str, columns: int) -> int:
    """How many characters of a line that is too long fit."""
    from wcwidth import wcwidth

    taken = 0
    for number, character in enumerate(line):
        taken += max(0, wcwidth(character))
        if taken > columns:
            return max(1, number)
    return len(line)


def state(entry: Entry) -> str:
    """What the owner said, in a word or two: `liked`, `later`, `liked read`; `""` for nothing.
    Before that, whether the paper was taken back: `retracted`.
    """
    status = "" if entry.status is Status.NEW else entry.status.value
    taken_back = [text.partition(" ")[0] for text in entry.paper.retractions[:1]]
    return " ".join(filter(None, [*taken_back, _RATINGS[entry.rating], status]))


def styled_state(entry: Entry) -> str:
    words = state(entry)
    color = "red" if entry.paper.retractions else _COLORS.get(words.split(" ")[0])
    return click.style(words, fg=color) if words else ""


def person(author: str) -> str:
    """`Given Family` of a name as papers keep it."""
    family, comma, given = author.partition(",")
    return f"{given.strip()} {family}" if comma and given.strip() else family


def byline(paper: Paper) -> str:
    """Authors in short: `Chang`, `Ho & Ermon`, `Chang et al.`, `7 authors`."""
    families = [
        (author.partition(",")[0] if "," in author else author.rpartition(" ")[2])
        for author in paper.authors
    ]
    if not families:
        return people(paper)
    if len(families) > 2:
        return f"{families[0]} et al."
    return " & ".join(families)


def people(paper: Paper) -> str:
    """All authors, or how many they are, or who submitted the paper."""
    if paper.authors:
        return ", ".join(map(person, paper.authors))
    if paper.author_count:
        return number_of(paper.author_count, "author")
    return paper.organization


def lines(entries: Iterable[Entry], columns: int | None) -> Iterable[str]:
    """A table of entries in so many columns; tab-separated and uncut without a width.

    Number, date, title, then authors and what the owner said, as far as there is room.
    """
    return map(_tabbed, entries) if columns is None else _table([*map(harmless, entries)], columns)


def _tabbed(entry: Entry) -> str:
    paper = entry.paper
    cells = (str(entry.id), paper.date, paper.title or _name(paper), byline(paper), state(entry))
    return "\t".join(map(one_line, cells))


def _table(entries: Sequence[Entry], columns: int) -> list[str]:
    bylines = [byline(entry.paper) for entry in entries]
    states = [state(entry) for entry in entries]
    numbers = max((len(str(entry.id)) for entry in entries), default=0)
    dates = 10 if columns >= 50 else 4
    authors = min(22, _widest(bylines)) if columns >= _AUTHORS_FROM else 0
    rest = numbers + dates + authors + _widest(states) + 2 * (2 + bool(authors) + any(states))
    titles = [entry.paper.title or _name(entry.paper) for entry in entries]
    title = min(_widest(titles), max(8, columns - rest))
    found = []
    for entry, name, people, said in zip(entries, titles, bylines, states, strict=True):
        cells = [
            click.style(str(entry.id).rjust(numbers), dim=True),
            fit(entry.paper.date[:dates], dates),
            fit(name, title),
        ]
        if authors:
            cells.append(
                click.style(
                    fit(people, authors) if any(states) else fit(people, authors).rstrip(), dim=True
                )
            )
        if said:
            cells.append(styled_state(entry))
        found.append("  ".join(cells).rstrip())
    return found


def _widest(texts: Sequence[str]) -> int:
    return max(map(width, texts), default=0)


def label(entry: Entry) -> str:
    """One line that names an entry: its number and title."""
    return f"{entry.id}  {entry.paper.title or _name(entry.paper)}"


def _name(paper: Paper) -> str:
    return ids.format(paper.identifiers[0]) if paper.identifiers else "(no title)"


def heading(entry: Entry, columns: int) -> list[str]:
    """Title, authors, and where it appeared."""
    paper = entry.paper
    where = [paper.date, paper.venue]
    where += [f"arXiv {value}" for scheme, value in paper.identifiers if scheme == "arxiv"]
    where += [f"doi {value}" for scheme, value in paper.identifiers if scheme == "doi"]
    where += [paper.organization if paper.authors or paper.author_count else ""]
    found = [click.style(line, bold=True) for line in wrap(paper.title or _name(paper), columns)]
    authors = people(paper)
    if len(paper.authors) > 12:
        shown = ", ".join(map(person, paper.authors[:10]))
        authors = f"{shown}, … ({len(paper.authors)} authors)"
    found += [
        click.style(line, fg="red", bold=True)
        for text in paper.retractions
        for line in wrap(text, columns)
    ]
    found += wrap(authors, columns) if authors else []
    described = " · ".join(filter(None, where))
    found += [click.style(line, dim=True) for line in wrap(described, columns)] if described else []
    return found


def details(entry: Entry, columns: int) -> list[str]:
    """Everything about an entry."""
    entry = harmless(entry)
    paper = entry.paper
    mine = [f"paper {entry.id}", entry.key and f"key {entry.key}", styled_state(entry)]
    mine += [f"#{tag}" for tag in entry.tags]
    found = [*heading(entry, columns), " · ".join(filter(None, mine)), ""]
    if paper.abstract:
        found += [*wrap(paper.abstract, columns), ""]
    if entry.note:
        found += [click.style("note", bold=True), *wrap(entry.note, columns, "  "), ""]
    rows = [(link.kind, link.url) for link in ids.links(paper)]
    rows += [("topics", ", ".join(paper.categories))] if paper.categories else []
    rows += [("also", f"{v.venue or v.standing.name.lower()} {v.date}") for v in paper.versions[1:]]
    rows += [("met", sighting(s)) for s in paper.sightings]
    rows += [("added", day(entry.added))]
    names = max(len(name) for name, _ in rows)
    for name, value in rows:
        found.append(f"{click.style(name.ljust(names), dim=True)}  {value}")
    return found


def sighting(seen: Sighting) -> str:
    """`2025-12-11 hf page, 4 comments`"""
    signals = [
        number_of(number, name)
        for name, number in (
            ("upvote", seen.upvotes),
            ("comment", seen.comments),
            ("star", seen.stars),
            ("citation", seen.citations),
        )
        if number is not None
    ]
    return ", ".join([f"{seen.at[:10]} {seen.source} {seen.place}".strip(), *signals])


def act(act: Act) -> str:
    """What was done, in words: `liked`, `tagged #llm`, `read → later`."""
    if act.field == "rating":
        return {"1": "liked", "-1": "disliked", None: "rating cleared"}[act.after]
    if act.field == "status":
        return act.after or "status cleared"
    if act.field == "note":
        return "noted" if act.after else "note removed"
    if act.field == "tag":
        return f"tagged #{act.after}" if act.after else f"untagged #{act.before}"
    what = act.after or act.before
    return {
        "merge": f"merged {what} into it",
        "split": f"split off {what}",
        "apart": f"not {what}",
        "record": f"filled in: {what}",
    }[act.field]


def leaning(leaning: Leaning | Leant) -> str:
    """What it is about: `term blockchain`, or what a reset resets."""
    return "the profile" if leaning.kind == "reset" else f"{leaning.kind} {leaning.name}"


def outcome(report: Report) -> str:
    """What came in: `3 added, 1 updated, 2 problems`, or `""` for nothing."""
    counts = (
        (report.added, "added"),
        (report.updated, "updated"),
        (report.unchanged, "unchanged"),
        (report.folded, "folded into others"),
        (report.leanings, "leaning" if report.leanings == 1 else "leanings"),
        (len(report.problems), "problem" if len(report.problems) == 1 else "problems"),
    )
    return ", ".join(f"{count:,} {word}" for count, word in counts if count)


def number_of(count: int, thing: str) -> str:
    """`1 like`, `2,000 likes`"""
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"


def day(moment: datetime) -> str:
    """The local date."""
    return moment.astimezone().strftime("%Y-%m-%d")


def minute(moment: datetime) -> str:
    """The local date and time."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")


def json_text(value: Any) -> str:
    """A value as JSON in a line; bytes of a file name that are no text are escaped."""
    text = json.dumps(value, ensure_ascii=False)
    return json.dumps(value) if re.search("[\ud800-\udfff]", text) else text


def json_array(values: Iterable[Any]) -> Iterable[str]:
    """The lines of a JSON array, one value a line."""
    line = "["
    for number, value in enumerate(values):
        yield line if number == 0 else f"{line},"
        line = json_text(value)
    if line == "[":
        yield "[]"
    else:
        yield line
        yield "]"
