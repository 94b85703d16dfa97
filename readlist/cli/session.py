"""A triage without its terminal: the walk through the queue, what was done, and the way back."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime

from ..errors import NotFoundError, UsageError
from ..library import Filter, Library
from ..models import Act, Change, Entry, Status
from ..ordering import Order, Ordering
from . import decide, options, screen
from .terminal import Said

DECISIONS = {  # key: what was done, and what to set
    "l": ("liked", "rating", "1"),
    "d": ("disliked", "rating", "-1"),
    "a": ("later", "status", Status.LATER),
    "r": ("read", "status", Status.READ),
    "s": ("skipped", "status", Status.SKIPPED),
}
_CHUNK = 10_000  # what SQLite takes at once is limited


class Session:
    """A walk through the queue: the entry to decide on, what was done, and the way back.

    Papers that are gone, or are decided by now, are passed over. What a method does is in the
    library when it returns. What comes after the entry is in the newest order that `ordering` has;
    up to there the queue never changes its order.
    """

    def __init__(
        self,
        library: Library,
        filter: Filter,
        clock: Callable[[], datetime],
        ordering: Ordering | None = None,
    ) -> None:
        self._library = library
        self._filter = filter
        self._clock = clock
        self._ordering = ordering
        self._questions: frozenset[int] = frozenset()
        self._steps: list[tuple[int, list[Act]]] = []  # where in the queue, and what was done
        self.queue = library.queue(filter)
        self.at = 0
        self.entry: Entry | None = None
        self.settle()

    def learn(self) -> None:
        """Begin to learn on, beside what is done here."""
        if self._ordering:
            self._ordering.begin(self.queue)

    def learn_first(self) -> None:
        """Begin to learn on, and wait for what is learned, so that the first entry comes by it."""
        self.learn()
        if self._ordering:
            self._reorder(self._ordering.prepared(), self.at)
        self.settle()

    @property
    def asked(self) -> bool:
        """Whether the entry is one to learn most from."""
        return self.entry is not None and self.entry.id in self._questions

    def trouble(self) -> str:
        """Why nothing more is learned, told once."""
        return self._ordering.trouble() if self._ordering else ""

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
        what, field, value = DECISIONS[key]
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
        what, field, value = DECISIONS["s"]
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
        if any(change.field in ("status", "rating") for change in changes):
            self._learn_on()
        self.settle()
        word = what if acts else f"already {what}"
        text = f"{word} {about}"
        return Said(text, text if past else word, " · u undoes" if acts else "")

    def _learn_on(self) -> None:
        if self._ordering:
            self._reorder(self._ordering.answered(), self.at + 1)

    def _reorder(self, order: Order | None, first: int) -> None:
        """Put what stands at `first` or later in order, behind those that it does not know."""
        if order:
            rest, known = dict.fromkeys(self.queue[first:]), set(order.ids)
            unknown = [id for id in rest if id not in known]
            self.queue[first:] = [*unknown, *(id for id in order.ids if id in rest)]
            self._questions = order.questions

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
        if acts:
            self._learn_on()
        self.settle()
        if not acts:
            return Said("that was undone or changed elsewhere" if mine else "nothing to undo")
        when = "" if mine else f", {screen.minute(acts[0].at)},"
        text = f"undid: {acts[0].what}{when} {decide.undone(self._library, acts)[1]}"
        return Said(text, text)

    def summary(self) -> str:
        """What this session decided and still stands, and what is left."""
        counts = Counter(act.what for _, acts in self._steps for act in acts)
        done = [(counts[what], what) for what, _, _ in DECISIONS.values() if counts[what]]
        parts = ", ".join(f"{count:,} {what}" for count, what in done)
        total = f"{sum(count for count, _ in done):,} decided: {parts}"
        left = f"{self._library.count(self._filter):,} left"
        return f"{total if done else 'nothing decided'}; {left}"
