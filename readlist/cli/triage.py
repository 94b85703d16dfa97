"""`readlist triage`: what is undecided, one paper a screen, one key each.

`session` is the walk through the queue, `body` and `frame` are how things look, `Paged` and
`Linear` put them on a terminal. Only `_sit` waits for keys.
"""

import re
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from functools import partial
from io import StringIO

import click
from click.exceptions import Exit

from .. import ids, learning
from ..errors import LibraryError, NotFoundError, ReadlistError, UsageError
from ..library import Filter, Library
from ..ordering import Ordering
from ..text import one_line
from . import decide, look, options, screen
from .app import INTERRUPTED, App, pass_app, report
from .session import DECISIONS, Session
from .terminal import Said, Terminal, end, fitting, frame, line, message, packed, table

_WAIT = 0.045  # seconds after a key for the order that it makes; else it is there with the next one
_QUESTIONS = 5  # at a time: each answer makes new ones, unless keys are faster
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
    asked = ["asked to learn from"] * session.asked
    return [f"{session.at + 1:,} / {total:,}", *asked, f"{total - session.at:,} left"]


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
        **{key: partial(session.decide, key) for key in DECISIONS},
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


def _sit(session: Session, terminal: Terminal, begin: Callable[[], None]) -> None:
    """Show papers and do what keys say, until the owner has had enough.

    `begin` is called when the first paper is shown.

    :raises Exit: with the code for the process.
    """
    with terminal:
        view = Linear(terminal, session) if terminal.plain else Paged(terminal, session)
        if trouble := session.trouble():
            view.tell(Said(trouble))
        view.show()
        begin()
        while True:
            key = terminal.read()
            if not view.takes(key):
                if key in _QUIT:
                    raise Exit(_QUIT[key])
                said = press(key, session, view, terminal)
                if trouble := session.trouble():
                    said = Said(f"{said.word or said.text} · {trouble}")
                view.tell(said)
            view.show()


@click.command
@click.option(
    "--learn", is_flag=True, help="First what the model would learn most from, liked or not."
)
@options.undecided
@pass_app
def triage(app: App, learn: bool, filter: Filter) -> None:
    """Decide on what is new, one paper a screen, one key each.

    The best come first: by score once there is a model, else the newest and most upvoted. Each
    key is saved when it is pressed and u takes it back, now or next week; ? shows the keys. What
    comes next is ordered anew by each answer. The next time goes on where this one stops.

    With --learn it asks about the papers that tell most about your taste: a few dozen answers
    are a good start, even where nothing was liked yet.

    \b
    readlist triage
    readlist triage --since 7d --source hf
    readlist triage --learn
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
        if not learn and learning.has_unscored(library):
            report("scoring the papers that are new …")
            learning.train(library, today=today, taste=app.taste())
        ordering = Ordering(
            library.path,
            today=today,
            taste=app.taste(),
            wait=_WAIT,
            questions=_QUESTIONS if learn else 0,
        )
        session = Session(library, filter, lambda: app.time, ordering)
        if session.entry is None:
            report(_nothing(library))
            return
        terminal = Terminal(plain=config.triage.plain)
        with ordering:
            if learn:
                report("looking for the papers to learn most from …")
                session.learn_first()
            try:
                _sit(session, terminal, (lambda: None) if learn else session.learn)
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
