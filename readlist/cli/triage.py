"""`readlist triage`: what is undecided, one paper a screen, one key each.

`Session` is the walk through the queue, `body` and `frame` are how things look, `Paged` and
`Linear` put them on a terminal. Only `_sit` waits for keys.
"""

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from datetime import datetime
from io import StringIO
from typing import NamedTuple

import click

from .. import ids
from ..errors import LibraryError, NotFoundError, ReadlistError, UsageError
from ..library import Filter, Library, Sort
from ..models import Act, Change, Entry, Status
from ..text import one_line
from . import decide, look, options, screen
from .app import App, no_color, pass_app, report
from .terminal import Ended, Terminal, cut, end, fitting, frame, harmless, line, packed, table

_DECISIONS = {  # key: what was done, and what to set
    "l": ("liked", "rating", "1"),
    "d": ("disliked", "rating", "-1"),
    "a": ("later", "status", Status.LATER),
    "r": ("read", "status", Status.READ),
    "s": ("skipped", "status", Status.SKIPPED),
}
_MORE = (" ", "m", "down", "page down")
_LESS = ("b", "-", "up", "page up")
_QUIT = {"q": 0, "end": 0, "interrupt": 130}
_HINTS = (  # the most used first; what does not fit is in the help
    *("l like", "d dislike", "a later", "r read", "s skip", "u undo", "q quit"),
    *("o open", "n note", "t tag", "space more", "S skip all"),
)
_HELP = (
    ("l d", "like, dislike: more of these, none of these"),
    ("a", "later: on the list to read"),
    ("r", "read: you have read it"),
    ("s", "skip: decided, and not for you"),
    ("S", "skip all that is left in this queue, as one step"),
    ("u Left", "undo the last step, then those of earlier sessions"),
    ("o", "open it in the browser"),
    ("n N", "add a line to its note; edit the note in $EDITOR"),
    ("t", "tag it: words to put on, -words to take off"),
    ("space m Down", "the next page of a long abstract"),
    ("b - Up", "the page before"),
    ("q", "quit; each key was saved when you pressed it"),
)
_ALL_DECIDED = "All is decided: u takes the last step back, q quits."
_COLUMNS = 100  # longer lines are hard to read


class Said(NamedTuple):
    """What came of a key: what was done, to what, and whether `u` takes it back."""

    what: str = ""
    about: str = ""
    undoes: bool = False


class Step(NamedTuple):
    """A step of this session, and where in the queue it was made."""

    number: int
    what: str
    at: int
    papers: int


class Session:
    """A walk through the queue: the entry to decide on, what was done, and the way back.

    Papers that are gone, or were decided elsewhere meanwhile, are passed over. What a key does
    is in the library when its method returns.
    """

    def __init__(self, library: Library, filter: Filter, clock: Callable[[], datetime]) -> None:
        self._library = library
        self._filter = filter
        self._clock = clock
        self._steps: list[Step] = []
        self.queue = library.queue(filter)
        self.at = 0
        self.entry: Entry | None = None
        self.settle()

    def settle(self) -> None:
        """Find the entry to show, from where the session is on."""
        while self.at < len(self.queue):
            try:
                self.entry = self._library.get(self.queue[self.at])
                if not self.entry.decided:
                    return
            except NotFoundError:
                pass
            self.at += 1
        self.entry = None

    def current(self) -> Entry:
        """The entry as it is now.

        :raises UsageError: there is none.
        :raises NotFoundError: it was folded into another one since it was shown.
        """
        if self.entry is None:
            raise UsageError(_ALL_DECIDED)
        return self._library.get(self.entry.id)

    def decide(self, key: str) -> Said:
        what, field, value = _DECISIONS[key]
        entry = self.current()
        done = self._act(what, [Change(paper_id=entry.id, field=field, value=value)])
        self.at += 1
        self.settle()
        return Said(what if done else f"already {what}", screen.label(entry), undoes=done)

    def note(self, text: str) -> Said:
        """Make `text` the note."""
        return self._mark("noted", [Change(paper_id=self.current().id, field="note", value=text)])

    def tag(self, words: Iterable[str]) -> Said:
        """Put tags on; those with a minus take off."""
        id = self.current().id
        tags = {word.lstrip("-").lstrip("#"): not word.startswith("-") for word in words}
        what = ", ".join(f"{'tagged' if on else 'untagged'} #{tag}" for tag, on in tags.items())
        return self._mark(
            what, [Change(paper_id=id, field="tag", value=tag, on=on) for tag, on in tags.items()]
        )

    def _mark(self, what: str, changes: Sequence[Change]) -> Said:
        done = self._act(what, changes)
        self.settle()
        return Said(what if done else f"already {what}", undoes=done)

    def skip_all(self) -> Said:
        """Skip, as one step, whatever of the queue is not decided yet."""
        waiting = set(self._library.ids(Filter(undecided=True), Sort.ADDED))
        rest = [id for id in dict.fromkeys(self.queue[self.at :]) if id in waiting]
        what, field, value = _DECISIONS["s"]
        done = self._act(what, [Change(paper_id=id, field=field, value=value) for id in rest])
        self.at = len(self.queue)
        self.settle()
        return Said(f"{what} {screen.number_of(len(rest), 'paper')}", undoes=done)

    def _act(self, what: str, changes: Sequence[Change]) -> bool:
        """Do it as one step, to be undone in turn; False if all of it was so already."""
        at = self.at
        acts = self._library.act(changes, what=what, now=self._clock())
        if acts:
            papers = len({act.paper_id for act in acts})
            self._steps.append(Step(acts[0].step, what, at, papers))
        return bool(acts)

    def undo(self) -> Said:
        """Take back this session's last step, else the last of earlier ones, and go there."""
        if not self._steps:
            return self._undo_earlier()
        step = self._steps[-1]
        acts = self._library.undo(now=self._clock(), step=step.number)
        self._steps.pop()
        self.at = step.at
        self.settle()
        if not acts:
            return Said(f"'{step.what}' was undone or changed elsewhere meanwhile")
        return Said(f"undid: {step.what}", self._about(acts))

    def _undo_earlier(self) -> Said:
        acts = self._library.undo(now=self._clock())
        if not acts:
            return Said("nothing to undo")
        papers = dict.fromkeys(act.paper_id for act in acts)
        self.queue[self.at : self.at] = [id for id in papers if not self._library.get(id).decided]
        self.settle()
        return Said(f"undid: {acts[0].what}, {screen.minute(acts[0].at)}", self._about(acts))

    def _about(self, acts: Sequence[Act]) -> str:
        papers = {act.paper_id for act in acts}
        if len(papers) > 1:
            return screen.number_of(len(papers), "paper")
        return screen.label(self._library.get(acts[0].paper_id))

    def summary(self) -> str:
        """What this session decided and still stands, and what is left."""
        counts: Counter[str] = Counter()
        for step in self._steps:
            counts[step.what] += step.papers
        decided = [(what, counts[what]) for what, _, _ in _DECISIONS.values() if counts[what]]
        left = f"{self._library.count(self._filter) or 'nothing':,} left"
        if not decided:
            return f"nothing decided; {left}"
        parts = ", ".join(f"{count:,} {what}" for what, count in decided)
        return f"{sum(count for _, count in decided):,} decided: {parts}; {left}"


# --- how things look ----------------------------------------------------------------------------


def body(entry: Entry, columns: int) -> list[str]:
    """The lines of a paper. Text that came past the library's own checks is harmless, too."""
    entry = harmless(entry)
    paper = entry.paper
    about = [f"paper {entry.id}", *(f"#{tag}" for tag in entry.tags)]
    about += [f"score {entry.score:.2f}"] if entry.score is not None else []
    about += [f"met {screen.sighting(sighting)}" for sighting in paper.sightings]
    lines = screen.wrap(" · ".join(about), columns)
    lines += packed([f"{link.kind} {one_line(link.url)}" for link in ids.links(paper)], columns)
    found = screen.heading(entry, columns) + [click.style(text, dim=True) for text in lines]
    if entry.note:
        found += ["", *screen.wrap(f"note: {entry.note}", columns)]
    return [*found, "", *screen.wrap(paper.abstract or "(no abstract)", columns)]


def hints(columns: int, *, entry: bool = True, between: str = "  ") -> str:
    """The keys that fit; the help always does."""
    known = _HINTS if entry else ("u undo", "q quit")
    room = columns - len(f"{between}? help")
    return between.join([*fitting(known, room, between), "? help"])


def status(said: Said, columns: int) -> list[str]:
    """What came of the last key: one line if it was done to something, else up to three."""
    text = one_line(f"{said.what} {said.about}")
    if not said.about:
        return screen.wrap(text, columns)[:3]
    undoes = " · u undoes" if said.undoes else ""
    return [cut(text, columns - len(undoes)) + undoes]


def header(session: Session) -> list[str]:
    if session.entry is None:
        return ["all decided"]
    total = len(session.queue)
    return [f"{session.at + 1:,} / {total:,}", f"{total - session.at:,} left"]


class Paged:
    """Each paper on a screen of its own, redrawn with each key."""

    def __init__(self, terminal: Terminal, session: Session) -> None:
        self._terminal = terminal
        self._session = session
        self._said = Said()
        self._helping = False
        self._page = 0

    def show(self, asked: str | None = None) -> None:
        """Draw what there is; `asked` is a line that is being typed."""
        columns, rows = self._terminal.size
        columns = min(columns, _COLUMNS)
        entry = self._session.entry
        if self._helping:
            lines = table(_HELP, columns)
        elif entry:
            lines = body(entry, columns)
        else:
            lines = [_ALL_DECIDED]
        foot = [end(asked, columns - 1)] if asked is not None else status(self._said, columns)
        cursor = None if asked is None else (rows - 2, screen.width(foot[0]))
        foot.append(click.style(hints(columns, entry=bool(entry)), dim=True))
        shown, self._page = frame(header(self._session), lines, foot, self._page, (columns, rows))
        self._terminal.draw(shown, cursor)

    def ask(self, label: str) -> str | None:
        return line(lambda text: self.show(f"{label}{text}"), self._terminal.read)

    def tell(self, said: Said) -> None:
        self._said = said

    def takes(self, key: str) -> bool:
        """Whether the key is about looking only; if so it is done."""
        if key == "?" or (self._helping and key not in (*_MORE, *_LESS, "interrupt", "redraw")):
            self._helping = not self._helping
            self._page = 0
        elif key in _MORE or key in _LESS:
            self._page += 1 if key in _MORE else -1
        else:
            return key == "redraw"
        return True


class Linear:
    """One paper below the other, each written once: for screen readers and dumb terminals."""

    def __init__(self, terminal: Terminal, session: Session) -> None:
        self._terminal = terminal
        self._session = session
        self._shown: int | None = -1  # the paper above; none is the end of the queue

    def show(self) -> None:
        columns = min(self._terminal.size[0], _COLUMNS) - 1
        entry = self._session.entry
        lines = []
        if self._shown != (entry.id if entry else None):
            self._shown = entry.id if entry else None
            lines = ["", *header(self._session), *(body(entry, columns) if entry else []), ""]
        prompt = hints(columns - 3, entry=bool(entry), between=", ") + " > "
        self._terminal.write("\n".join([*lines, prompt]))

    def ask(self, label: str) -> str | None:
        self._terminal.write(f"\n{label}")
        shown = ""

        def show(text: str) -> None:
            nonlocal shown
            gone = max(0, screen.width(shown) - screen.width(text))
            self._terminal.write("\b" * gone + " " * gone + "\b" * gone + text[len(shown) :])
            shown = text

        text = line(show, self._terminal.read)
        self._terminal.write("\n")
        return text

    def tell(self, said: Said) -> None:
        """The word only where the paper stands above."""
        text = said.what if said.undoes else f"{said.what} {said.about}"
        self._terminal.write(f"{one_line(text)}\n")

    def takes(self, key: str) -> bool:
        if key == "?":
            self._terminal.write("\n".join(["", *table(_HELP, self._terminal.size[0] - 1), "", ""]))
        elif key in _MORE or key in _LESS:
            self._shown = -1  # write it again
        elif key != "redraw":
            return False
        self._terminal.write("\n")
        return True


# --- what keys do -------------------------------------------------------------------------------


def press(key: str, session: Session, view: Paged | Linear, terminal: Terminal) -> Said:
    """Do what a key says."""
    try:
        if key in _DECISIONS:
            return session.decide(key)
        if key == "S":
            return session.skip_all()
        if key in ("u", "left"):
            return session.undo()
        if key == "o":
            return _open(session.current(), terminal)
        if key == "n":
            return _note(session, view)
        if key == "N":
            return _edit(session, terminal)
        if key == "t":
            return _tag(session, view)
    except NotFoundError:
        session.settle()
        return Said("that paper was just folded into another one")
    except ReadlistError as error:
        return Said(str(error))
    caps = "caps lock? " if key.lower() in _DECISIONS else ""
    return Said(f"{caps}that key does nothing; ? shows those that do")


def _open(entry: Entry, terminal: Terminal) -> Said:
    said = StringIO()
    with terminal.paused(), redirect_stdout(said), redirect_stderr(said):
        look.open_link(entry, "page")
    return Said(said.getvalue())


def _note(session: Session, view: Paged | Linear) -> Said:
    session.current()
    text = view.ask("note: ")
    if not text:
        return Said("no note")
    note = session.current().note
    return session.note(f"{note}\n{text}" if note else text)


def _edit(session: Session, terminal: Terminal) -> Said:
    note = session.current().note
    with terminal.paused():
        text = decide.edit(note)
    if text is None or text.strip() == note:
        return Said("the note is as it was")
    return session.note(text)


def _tag(session: Session, view: Paged | Linear) -> Said:
    session.current()
    words = [word for word in (view.ask("tag: ") or "").split() if word.strip("-#")]
    return session.tag(words) if words else Said("no tag")


def _sit(session: Session, terminal: Terminal) -> int:
    """Show papers and do what keys say, until the owner has had enough; the exit code."""
    try:
        with terminal:
            view = Linear(terminal, session) if terminal.plain else Paged(terminal, session)
            while True:
                view.show()
                key = terminal.read()
                if view.takes(key):
                    continue
                if key in _QUIT:
                    return _QUIT[key]
                view.tell(press(key, session, view, terminal))
    except Ended as end:
        return end.code


@click.command
@options.filters(dates=False)
@click.option("--since", type=options.DAY, help="Met then or later: 2026-05-03, 2026, 7d.")
@pass_app
def triage(app: App, filter: Filter, since: str | None) -> None:
    """Decide on what is new, one paper a screen, one key each.

    The best come first: by score once there is a model, else the newest and most upvoted. Each
    key is saved when it is pressed and u takes it back, now or next week; ? shows the keys. The
    next time goes on where this one stops.

    \b
    readlist triage
    readlist triage --since 7d --source hf
    """
    if not all(stream and stream.isatty() for stream in (sys.stdin, sys.stdout)):
        raise UsageError(
            "triage reads keys from a terminal, and there is none; in scripts use"
            " 'readlist list --status new --rating none --json' and 'readlist like HANDLE...'"
        )
    name = os.environ.get("TERM") or "dumb"
    plain = app.config().triage.plain or name == "dumb" or sys.platform == "win32"
    color = not (no_color() or name == "dumb" or sys.platform == "win32")
    filter = replace(filter, undecided=True, met_since=options.start_of(since) if since else "")
    with app.open_library() as library:
        if library.read_only:
            raise LibraryError(
                f"{library.path} cannot be written, so nothing can be decided; change its"
                " permissions or name another file with --library"
            )
        session = Session(library, filter, lambda: app.time)
        if session.entry is None:
            report(_nothing(library))
            return
        terminal = Terminal(plain=plain, color=color)
        code = _sit(session, terminal)
        terminal.write(f"\n{session.summary()}\n" if plain else f"{session.summary()}\n")
    if code:
        raise click.exceptions.Exit(code)


def _nothing(library: Library) -> str:
    if not library.count():
        return "the library is empty; 'readlist import FILE' fills it, 'readlist demo' shows how"
    if undecided := library.count(Filter(undecided=True)):
        papers = screen.number_of(undecided, "undecided paper")
        return f"nothing undecided fits; 'readlist triage' without options shows {papers}"
    return "all is decided; 'readlist import FILE' brings more, 'readlist picks' says what to read"


commands = {"triage": triage}
