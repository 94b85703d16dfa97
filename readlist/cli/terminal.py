"""The terminal as triage needs it: single keys in, whole frames out, all put back at the end.

Knows nothing of papers. A key is the character typed, or a name longer than one character:
`up`, `enter`, `interrupt` (Ctrl-C), `redraw` (what is shown is no longer as it was drawn),
`other` for any that has no meaning here.
"""

import os
import re
import signal
import sys
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple, Self

from click.exceptions import Exit

from ..text import one_line
from .app import no_color
from .screen import fit, width, wrap

if sys.platform == "win32":
    import msvcrt
else:
    import codecs
    import select
    import termios

# --- keys -----------------------------------------------------------------------------------------

# A control sequence, a function key, or a key with Alt held; anything else is one character.
_KEY = re.compile(r"(?s)\x1b+(?:\[\[.|\[[0-?]*[ -/]*[@-~]|O.|[^\[O\x1b])|[^\x1b]")
_NAMES = {
    "\r": "enter",
    "\n": "enter",
    "\x7f": "backspace",
    "\b": "backspace",
    "\x03": "interrupt",
    "\x04": "end",
    "\x0c": "redraw",
    "\x15": "clear line",
    "\x17": "clear word",
    "\x1b": "escape",
    "\x1b[5~": "page up",
    "\x1b[6~": "page down",
} | {
    f"\x1b{kind}{letter}": name
    for kind in "[O"  # as terminals send arrows in normal and in application mode
    for letter, name in (("A", "up"), ("B", "down"), ("C", "right"), ("D", "left"))
}


def keys(typed: str) -> tuple[list[str], str]:
    """The keys in what was typed, and the beginning of a sequence whose end has yet to come.

    >>> keys("l\\x1b[Bé\\x1b[")
    (['l', 'down', 'é'], '\\x1b[')
    """
    found = []
    at = 0
    while match := _KEY.match(typed, at):
        found.append(_name(match[0]))
        at = match.end()
    return found, typed[at:]


def _name(sequence: str) -> str:
    known = _NAMES.get(sequence)
    return known or (sequence if len(sequence) == 1 and sequence.isprintable() else "other")


def line(show: Callable[[str], None], read: Callable[[], str]) -> str | None:
    """A line as it is typed, shown after each key; None when it is given up."""
    text = ""
    while True:
        show(text)
        key = read()
        if key == "enter":
            return text.strip()
        if key in ("escape", "interrupt", "end"):
            return None
        if key in _ERASED:
            text = re.sub(_ERASED[key], "", text)
        elif len(key) == 1:
            text += key


_ERASED = {"backspace": ".$", "clear word": r"\S*\s*$", "clear line": ".*"}


# --- frames: what is on the screen at one time ----------------------------------------------------


def frame(
    header: Sequence[str],
    body: Sequence[str],
    foot: Sequence[str],
    page: int,
    size: tuple[int, int],
) -> tuple[list[str], int]:
    """As many lines as the screen has rows, and the page, from 0, that there is.

    On top as many parts of the header as fit, then a page of the body, the foot at the bottom.
    """
    columns, rows = size
    room = max(1, rows - 1 - len(foot))
    last = max(0, (len(body) - 1) // room)
    page = max(0, min(page, last))
    if last:
        turn = "space for more" if page < last else "b for less"
        header = [*header[:1], f"page {page + 1} of {last + 1}", turn, *header[1:]]
    lines = [" · ".join(fitting(header, columns, " · ")), *body[page * room :][:room]]
    lines += [""] * (rows - len(lines) - len(foot))
    return [*lines, *foot][:rows], page


def fitting(items: Iterable[str], columns: int, between: str) -> list[str]:
    """As many of the first items as fit on one line."""
    found: list[str] = []
    for item in items:
        if width(between.join([*found, item])) > columns:
            break
        found.append(item)
    return found


def packed(items: Iterable[str], columns: int) -> list[str]:
    """As many items a line as fit; one that is longer than a line is cut where the line ends."""
    rows: list[str] = []
    for item in items:
        if rows and width(f"{rows[-1]} · {item}") <= columns:
            rows[-1] += f" · {item}"
        else:
            rows += [item[at : at + columns] for at in range(0, len(item), columns)]
    return rows


def table(rows: Sequence[tuple[str, str]], columns: int) -> list[str]:
    """Names and what is said of them, side by side."""
    names = max(len(name) for name, _ in rows) + 2
    found = []
    for name, text in rows:
        first, *rest = wrap(text, columns, " " * names)
        found += [name.ljust(names) + first.lstrip(), *rest]
    return found


class Said(NamedTuple):
    """What came of a key: in full, in a word where that is enough, and an end never cut off."""

    text: str = ""
    word: str = ""
    end: str = ""


def message(said: Said, columns: int) -> list[str]:
    """One line if a word would be enough, else up to three."""
    text = one_line(said.text)
    if not said.word:
        return wrap(text, columns)[:3]
    return [fit(text, columns - width(said.end)).rstrip() + said.end]


def end(text: str, columns: int) -> str:
    """As much of the end of a text as fits."""
    while width(text) > columns:
        text = text[1:]
    return text


# --- the terminal itself --------------------------------------------------------------------------


class _Output(ABC):
    """What is written. `plain` moves no cursor and clears nothing, as a dumb terminal needs it."""

    def __init__(self, *, plain: bool) -> None:
        dumb = sys.platform == "win32" or os.environ.get("TERM", "") in ("", "dumb")
        self.plain = plain or dumb
        self._color = not (dumb or no_color())

    @property
    def size(self) -> tuple[int, int]:
        """Columns to write in, not more than are read with ease, and rows, as of now."""
        try:
            columns, rows = os.get_terminal_size(sys.stdout.fileno())
        except OSError:
            columns = rows = 0
        # A terminal may not know its size, or be too narrow for anything.
        return max(20, min(columns or 80, 100)), rows or 24

    def write(self, text: str) -> None:
        if not self._color:
            text = re.sub(r"\x1b\[[\d;]*m", "", text)
        data = text.encode(sys.stdout.encoding, "replace")
        with suppress(OSError):  # the terminal is gone, which reading will tell
            while data:
                data = data[os.write(sys.stdout.fileno(), data) :]

    def draw(self, lines: Sequence[str], cursor: tuple[int, int] | None = None) -> None:
        """Replace what is on the screen by as many lines as it has rows, in one write.

        The cursor is shown where one is given: row and column from 0.
        """
        # Each line is cleared before it is written: clearing behind a full one eats its end.
        frame = "\x1b[?25l\x1b[H" + "\r\n".join(f"\x1b[K{line}" for line in lines)
        if cursor:
            frame += f"\x1b[{cursor[0] + 1};{cursor[1] + 1}H\x1b[?25h"
        self.write(frame)

    def ask(self, label: str) -> str | None:
        """A line that is typed where the cursor is."""
        self.write(label)
        shown = ""

        def show(text: str) -> None:
            nonlocal shown
            gone = max(0, width(shown) - width(text))
            self.write("\b" * gone + " " * gone + "\b" * gone + text[len(shown) :])
            shown = text

        answer = line(show, self.read)
        self.write("\n")
        return answer

    @abstractmethod
    def read(self) -> str:
        """The next key."""


if sys.platform == "win32":

    class Terminal(_Output):
        """A Windows console, always plain."""

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        @contextmanager
        def paused(self) -> Iterator[None]:
            yield

        def read(self) -> str:
            try:
                typed = msvcrt.getwch()
            except KeyboardInterrupt:
                return "interrupt"
            if typed in ("\0", "\xe0"):  # an arrow or function key; a second code says which
                moves = {"H": "up", "P": "down", "I": "page up", "Q": "page down", "K": "left"}
                return moves.get(msvcrt.getwch(), "other")
            return _name(typed)

else:
    _SEQUENCE_WAIT = 0.2  # seconds in which the rest of a key's sequence must come
    _ENTER = "\x1b[?1049h\x1b[?7l"  # the alternate screen; no line runs on into the next
    _LEAVE = "\x1b[?7h\x1b[?25h\x1b[?1049l"
    _SIGNALS = [
        signal.Signals[f"SIG{name}"]
        for name in ("INT", "TERM", "HUP", "QUIT", "WINCH", "TSTP", "CONT")
    ]

    class Terminal(_Output):
        """Standard input and output, a terminal, from `__enter__` to `__exit__`.

        Signals come in through a pipe and are answered between two keys only, never in the
        middle of what a key does.
        """

        def __enter__(self) -> Self:
            self._input = sys.stdin.fileno()
            self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
            self._typed = ""
            self._keys: deque[str] = deque()
            try:
                self._mode = termios.tcgetattr(self._input)
            except termios.error as error:  # the terminal is gone already
                raise Exit(0) from error
            self._signals, self._wake = os.pipe()
            os.set_blocking(self._wake, False)
            self._take()
            return self

        def __exit__(self, *_: object) -> None:
            self._give_back()
            os.close(self._signals)
            os.close(self._wake)

        def _take(self) -> None:
            self._old_wake = signal.set_wakeup_fd(self._wake, warn_on_full_buffer=False)
            self._handlers = {number: signal.signal(number, _nothing) for number in _SIGNALS}
            mode = [*self._mode[:6], [*self._mode[6]]]
            mode[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN)
            mode[6][termios.VMIN], mode[6][termios.VTIME] = 1, 0
            self._set(mode)
            if not self.plain:
                self.write(_ENTER)

        def _give_back(self) -> None:
            if not self.plain:
                self.write(_LEAVE)
            self._set(self._mode)
            for number, handler in self._handlers.items():
                signal.signal(number, handler or signal.SIG_DFL)
            signal.set_wakeup_fd(self._old_wake)

        def _set(self, mode: list[Any]) -> None:
            with suppress(termios.error):  # the terminal is gone, which reading will tell
                termios.tcsetattr(self._input, termios.TCSADRAIN, mode)

        @contextmanager
        def paused(self) -> Iterator[None]:
            """The terminal is as it was found, for another program to use."""
            self._give_back()
            # Ctrl-C is that program's: it is sent to us as well.
            interrupt = signal.signal(signal.SIGINT, _nothing)
            try:
                yield
            finally:
                signal.signal(signal.SIGINT, interrupt)
                self._take()

        def read(self) -> str:
            """The next key, in the order in which they were typed.

            :raises Exit: the terminal was closed, or the process told to end.
            """
            while True:
                wait = 0 if self._keys else _SEQUENCE_WAIT if self._typed else None
                ready, _, _ = select.select([self._signals, self._input], [], [], wait)
                if self._signals in ready:
                    for number in os.read(self._signals, 64):
                        self._signal(number)
                elif self._keys:
                    return self._keys.popleft()
                elif ready:
                    self._receive()
                else:
                    self._keys.append(_name(self._typed))
                    self._typed = ""

        def _receive(self) -> None:
            try:
                data = os.read(self._input, 1024)
            except OSError:
                data = b""
            if not data:
                raise Exit(0)
            found, self._typed = keys(self._typed + self._decode(data))
            self._keys.extend(found)

        def _signal(self, number: int) -> None:
            if number == signal.SIGINT:
                self._typed = ""  # as the terminal itself drops what was not read yet
                self._keys.clear()
                self._keys.append("interrupt")
            elif number == signal.SIGWINCH:
                if not self.plain:
                    self._redraw()
            elif number in (signal.SIGTSTP, signal.SIGCONT):
                self._give_back()
                if number == signal.SIGTSTP:
                    os.kill(os.getpid(), signal.SIGTSTP)  # returns when we are continued
                self._take()
                self._redraw()
            else:
                raise Exit(128 + number)

        def _redraw(self) -> None:
            """Ask for it before anything else, once however often the window changed."""
            if not self._keys or self._keys[0] != "redraw":
                self._keys.appendleft("redraw")

    def _nothing(*_: object) -> None:
        """Handle a signal: its number is in the pipe already."""
