"""`readlist triage`: what is undecided, one paper a screen, one key each.

`Session` is the walk through the queue, `body` and `frame` are how things look, `Paged` and
`Linear` put them on a terminal. Only `_sit` waits for keys.
"""

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import redirect_stderr, redirect_stdout, suppress
from datetime import datetime
from functools import partial
from io import StringIO

import click
from click.exceptions import Exit

from .. import ids, learning
from ..errors import LibraryError, NotFoundError, ReadlistError, UsageError
from ..library import Filter, Library
from ..models import Act, Change, Entry, Status
from ..text import one_line
from . import decide, look, options, screen
from .app import INTERRUPTED, App, pass_app, report
from .terminal import Said, Terminal, end, fitting, frame, line, message, packed, table

_DECISIONS = {  # key: what was done, and what to set
    "l": ("liked", "rating", "1"),
    "d": ("disliked", "rating", "-1"),
    "a": ("later", "status", Status.LATER),
    "r": ("read", "status", Status.READ),
    "s": ("skipped", "status", Status.SKIPPED),
}
_TURNS = {" ": 1, "m": 1, "down": 1, "page down": 1, "b": -1, "-": -1, "up": -1, "page up": -1}
_QUIT = {"q": 0, "end": 0, "interrupt": INTERRUPTED}
_KEYS = (  # as hints, the most used first, and in the help
    ("l", "like", "more of these"),
    ("d", "dislike", "none of these"),
    ("a", "later", "on the list to read"),
    ("r", "read", "you have read it"),
    ("s", "skip", "decided, and not for you"),
    ("u", "undo", "the last step, then those of earlier sessions; also Left"),
    ("q", "quit", "each key was saved when you pressed it"),
    ("o", "open", "in the browser"),
    ("n", "note", "a line to add; N edits the note in $EDITOR"),
    ("t", "tag", "words to put on, -words to take off"),
    ("space", "more", "the next page of a long abstract; also m, Down"),
    ("b", "less", "the page before; also -, Up"),
    ("S", "skip all", "what is left in this queue, as one step"),
)
_HELP = [(key, f"{word}: {text}") for key, word, text in _KEYS]
_CHUNK = 10_000  # what SQLite takes at once is limited


class Session:
    """A walk through the queue: the entry to decide on, what was done, and the way back.

    Papers that are gone, or are decided by now, are passed over. What a method does is in the
    library when it returns.
    """

    def __init__(self, library: Library, filter: Filter, clock: Callable[[], datetime]) -> None:
        self._library = library
        self._filter = filter
        self._clock = clock
        self._steps: list[tuple[int, list[Act]]] = []  # where in the queue, and what was done
        self.queue = library.queue(filter)
        self.at = 0
        self.entry: Entry | None = None
        self.settle()

    def settle(self) -> None:
        """Find the entry to show, from where the session is on."""
        while self.at < len(self.queue):
            with suppress(NotFoundError):
                self.entry = self._library.get(self.queue[self.at])
                if not self.entry.decided:
                    return
            self.at += 1
        self.entry = None

    def current(self) -> Entry:
        """The entry as it is now.

        :raises UsageError: there is none.
        :raises NotFoundError: it was folded into another one since it was shown.
        """
        if self.entry is None:
            raise UsageError("all is decided; u takes the last step back, q quits")
        return self._library.get(self.entry.id)

    def decide(self, key: str) -> Said:
        what, field, value = _DECISIONS[key]
        return self._set(what, (field, value, True))

    def note(self, text: str) -> Said:
        """Make `text` the note."""
        return self._set("noted", ("note", text, True))

    def tag(self, words: Iterable[str]) -> Said:
        """Put tags on; those with a minus take off."""
        tags = {options.tag_name(word.removeprefix("-")): word[0] != "-" for word in words}
        what = ", ".join(f"{'tagged' if on else 'untagged'} #{tag}" for tag, on in tags.items())
        return self._set(what, *[("tag", tag, on) for tag, on in tags.items()])

    def _set(self, what: str, *values: tuple[str, str, bool]) -> Said:
        entry = self.current()
        changes = [Change(paper_id=entry.id, field=f, value=v, on=on) for f, v, on in values]
        return self._do(what, changes, screen.label(entry))

    def skip_all(self) -> Said:
        """Skip, as one step, whatever of the queue is not decided yet."""
        self.current()
        rest = self._undecided(self.queue[self.at :])
        what, field, value = _DECISIONS["s"]
        changes = [Change(paper_id=id, field=field, value=value) for id in rest]
        papers = screen.number_of(len(rest), "paper")
        return self._do(what, changes, papers, past=len(self.queue) - self.at)

    def _undecided(self, ids: Iterable[int]) -> list[int]:
        """Those that are not decided yet, in their order, each once."""
        pending, found = list(dict.fromkeys(ids)), set()
        for at in range(0, len(pending), _CHUNK):
            asked = Filter(ids=tuple(pending[at : at + _CHUNK]), undecided=True)
            found.update(self._library.ids(asked))
        return [id for id in pending if id in found]

    def _do(self, what: str, changes: Sequence[Change], about: str, past: int = 0) -> Said:
        """Do it as one step, then go `past` so many papers and on to the next undecided one."""
        acts = self._library.act(changes, what=what, now=self._clock())
        if acts:
            self._steps.append((self.at, acts))
        self.at += past
        self.settle()
        word = what if acts else f"already {what}"
        text = f"{word} {about}"
        return Said(text, text if past else word, " · u undoes" if acts else "")

    def undo(self) -> Said:
        """Take back this session's last step, else the last of earlier ones, and go there."""
        at, mine = self._steps[-1] if self._steps else (self.at, [])
        acts = self._library.undo(now=self._clock(), step=mine[0].step if mine else None)
        papers = dict.fromkeys(act.paper_id for act in acts if isinstance(act, Act))
        if mine:
            self._steps.pop()
            self.at = at
        else:
            self.queue[at:at] = self._undecided(papers)
        self.settle()
        if not acts:
            return Said("that was undone or changed elsewhere" if mine else "nothing to undo")
        when = "" if mine else f", {screen.minute(acts[0].at)},"
        text = f"undid: {acts[0].what}{when} {decide.undone(self._library, acts)[1]}"
        return Said(text, text)

    def summary(self) -> str:
        """What this session decided and still stands, and what is left."""
        counts = Counter(act.what for _, acts in self._steps for act in acts)
        done = [(counts[what], what) for what, _, _ in _DECISIONS.values() if counts[what]]
        parts = ", ".join(f"{count:,} {what}" for count, what in done)
        total = f"{sum(count for count, _ in done):,} decided: {parts}"
        left = f"{self._library.count(self._filter):,} left"
        return f"{total if done else 'nothing decided'}; {left}"


def body(session: Session, columns: int) -> list[str]:
    """The lines of the paper to decide on, or where there is none, of what was done."""
    if session.entry is None:
        return [session.summary()]
    # The library cleans what comes in, but others may write to its file.
    entry = screen.harmless(session.entry)
    paper = entry.paper
    about = [f"paper {entry.id}", *(f"#{tag}" for tag in entry.tags)]
    about += [f"met {screen.sighting(sighting)}" for sighting in paper.sightings]
    lines = screen.wrap(" · ".join(about), columns)
    lines += packed([f"{link.kind} {one_line(link.url)}" for link in ids.links(paper)], columns)
    found = screen.heading(entry, columns) + [click.style(text, dim=True) for text in lines]
    if entry.note:
        found += ["", *screen.wrap(f"note: {entry.note}", columns)]
    # Records break the lines of an abstract where they like; only an empty line means anything.
    abstract = re.sub(r"(?<!\n)\n(?!\n)", " ", paper.abstract)
    return [*found, "", *screen.wrap(abstract or "(no abstract)", columns)]


def hints(columns: int, *, entry: bool = True, between: str = "  ") -> str:
    """The keys that fit; the help always does."""
    known = [f"{key} {word}" for key, word, _ in _KEYS if entry or key in "uq"]
    return between.join([*fitting(known, columns - len(f"{between}? help"), between), "? help"])


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
        self._paged = 0  # the paper whose page that is

    def show(self, asked: str | None = None) -> None:
        """Draw what there is; `asked` is a line that is being typed."""
        columns, rows = self._terminal.size
        entry = self._session.entry
        if entry and entry.id != self._paged:
            self._page, self._paged = 0, entry.id
        head, lines = header(self._session), body(self._session, columns)
        if self._helping:
            head, lines = ["keys", "any other key goes back"], table(_HELP, columns)
        said, keys = message(self._said, columns), hints(columns, entry=bool(entry))
        cursor = None
        if asked is not None:
            said, keys = [end(asked, columns - 1)], "Enter saves it  Esc gives it up"
            cursor = (rows - 2, screen.width(said[0]))
        foot = [*said, click.style(keys, dim=True)]
        shown, self._page = frame(head, lines, foot, self._page, (columns, rows))
        self._terminal.draw(shown, cursor)

    def ask(self, label: str) -> str | None:
        return line(lambda text: self.show(f"{label}{text}"), self._terminal.read)

    def tell(self, said: Said) -> None:
        self._said = said

    def takes(self, key: str) -> bool:
        """Whether the key is about looking only; if so it is done."""
        if key == "?" or (self._helping and key not in (*_TURNS, "interrupt", "redraw")):
            self._helping = not self._helping
            self._page = 0
        elif key in _TURNS:
            self._page += _TURNS[key]
        else:
            return key == "redraw"
        return True


class Linear:
    """One paper below the other, each written once: for screen readers and dumb terminals."""

    def __init__(self, terminal: Terminal, session: Session) -> None:
        self._terminal = terminal
        self._session = session
        self._shown: int | None = -1  # the paper above; none is the end of the queue
        self.ask = terminal.ask

    def show(self) -> None:
        columns = self._terminal.size[0] - 1
        entry = self._session.entry
        id = entry.id if entry else None
        lines = []
        if self._shown != id:
            self._shown = id
            where = " · ".join(header(self._session))
            lines = ["", where, *body(self._session, columns), ""]
        prompt = hints(columns - 3, entry=bool(entry), between=", ") + " > "
        self._terminal.write("\n".join([*lines, prompt]))

    def tell(self, said: Said) -> None:
        self._terminal.write(f"{one_line(said.word or said.text)}\n")

    def takes(self, key: str) -> bool:
        if key == "?":
            self._terminal.write("\n".join(["", *table(_HELP, self._terminal.size[0] - 1), "", ""]))
        elif key in _TURNS:
            self._shown = -1  # write it again
        elif key != "redraw":
            return False
        self._terminal.write("\n")
        return True


def press(key: str, session: Session, view: Paged | Linear, terminal: Terminal) -> Said:
    """Do what a key says."""
    keys: dict[str, Callable[[], Said]] = {
        **{key: partial(session.decide, key) for key in _DECISIONS},
        "S": session.skip_all,
        "u": session.undo,
        "left": session.undo,
        "o": lambda: _open(session, terminal),
        "n": lambda: _note(session, view),
        "N": lambda: _edit(session, terminal),
        "t": lambda: _tag(session, view),
    }
    try:
        if key in keys:
            return keys[key]()
    except NotFoundError:
        session.settle()
        return Said("that paper was just folded into another one")
    except ReadlistError as error:
        return Said(str(error))
    caps = "caps lock? " if key.lower() in keys else ""
    return Said(f"{caps}that key does nothing; ? shows those that do")


def _open(session: Session, terminal: Terminal) -> Said:
    entry, said = session.current(), StringIO()
    with terminal.paused(), redirect_stdout(said), redirect_stderr(said):
        look.open_link(entry, "page")
    return Said(said.getvalue())


def _note(session: Session, view: Paged | Linear) -> Said:
    session.current()
    text = view.ask("note: ")
    note = session.current().note
    return session.note(f"{note}\n{text}" if note else text) if text else Said("no note")


def _edit(session: Session, terminal: Terminal) -> Said:
    session.current()
    with terminal.paused():
        text = decide.edit(lambda: session.current().note)
    return Said("the note is as it was") if text is None else session.note(text)


def _tag(session: Session, view: Paged | Linear) -> Said:
    session.current()
    words = (view.ask("tag: ") or "").split()
    return session.tag(words) if words else Said("no tag")


def _sit(session: Session, terminal: Terminal) -> None:
    """Show papers and do what keys say, until the owner has had enough.

    :raises Exit: with the code for the process.
    """
    with terminal:
        view = Linear(terminal, session) if terminal.plain else Paged(terminal, session)
        while True:
            view.show()
            key = terminal.read()
            if view.takes(key):
                continue
            if key in _QUIT:
                raise Exit(_QUIT[key])
            view.tell(press(key, session, view, terminal))


@click.command
@options.undecided
@pass_app
def triage(app: App, filter: Filter) -> None:
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
    with app.open_library() as library:
        if library.read_only:
            raise LibraryError(
                f"{library.path} cannot be written, so nothing can be decided; change its"
                " permissions or name another file with --library"
            )
        config, today = app.config(), app.time.astimezone().date()
        if learning.has_unscored(library):
            report("scoring the papers that are new …")
            learning.train(library, today=today, taste=app.taste())
        session = Session(library, filter, lambda: app.time)
        if session.entry is None:
            report(_nothing(library))
            return
        terminal = Terminal(plain=config.triage.plain)
        try:
            _sit(session, terminal)
        except Exit:
            terminal.write("\n" * terminal.plain + f"{session.summary()}\n")
            raise


def _nothing(library: Library) -> str:
    if not library.count():
        return "the library is empty; 'readlist import FILE' fills it, 'readlist demo' shows how"
    if undecided := library.count(Filter(undecided=True)):
        return f"nothing undecided fits; 'readlist triage' without options shows {undecided:,}"
    return "all is decided; 'readlist import FILE' brings more, 'readlist undo' takes a step back"


commands = {"triage": triage}
