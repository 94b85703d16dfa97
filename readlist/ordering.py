"""Orders the queue of a triage anew after each answer, in a thread beside the one that takes keys.

Nobody waits for longer than he says: whoever asks has the newest order that there is. The thread
reads the library through a connection of its own, so that it sees whatever was saved, by whomever.
"""

import signal
import sys
from collections.abc import Sequence
from datetime import date
from threading import Condition, Thread
from typing import Any, NamedTuple, Self

from .learning import Known, Taste, leant_papers, lifts, read_known, read_pool
from .library import Library

_END = 5.0  # seconds at most that the end waits for the thread; it looks up far more often


class Order(NamedTuple):
    """Papers of the queue, the next first, and which of them are asked about for learning."""

    ids: Sequence[int]
    questions: frozenset[int] = frozenset()


class _Ended(Exception):  # noqa: N818 - no error
    """Nobody wants an order any more."""


class Ordering:
    """The order of one queue from `begin` to the end of a `with` block.

    With `questions`, so many papers stand first that the model would learn most from; all others
    come by score. Without a like or an interest these stand as they stood.
    """

    def __init__(
        self, path: str, *, today: date, taste: Taste, wait: float, questions: int = 0
    ) -> None:
        """`wait` is for how many seconds `answered` may wait once all is prepared."""
        self._path = path
        self._today = today
        self._taste = taste
        self._wait = wait
        self._questions = questions
        self._thread: Thread | None = None
        self._news = Condition()  # holds what both threads see, which is all that follows
        self._answers = 0
        self._heard = -1  # of the answers, those that are in the order; -1 before it is prepared
        self._order: Order | None = None
        self._trouble = ""
        self._over = False

    def begin(self, queue: Sequence[int]) -> None:
        """Prepare the order of these papers, best first as far as is known."""
        self._thread = Thread(target=self._work, args=([*queue],), name="ordering", daemon=True)
        self._thread.start()

    def prepared(self) -> Order | None:
        """The first order, however long that takes; None where there is trouble."""
        with self._news:
            self._news.wait_for(lambda: self._heard >= 0 or self._over)
            return self._order

    def answered(self) -> Order | None:
        """The newest order after something was decided or undone; None as long as there is none."""
        with self._news:
            self._answers += 1
            self._news.notify_all()
            wait = self._wait if self._heard >= 0 else 0
            self._news.wait_for(lambda: self._heard == self._answers or self._over, wait)
            return self._order

    def trouble(self) -> str:
        """Why there will be no newer order, told once; empty as long as all is well."""
        with self._news:
            told, self._trouble = self._trouble, ""
            return told

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._news:
            self._over = True
            self._news.notify_all()
        if self._thread:
            self._thread.join(_END)

    # --- the thread --------------------------------------------------------------------------

    def _work(self, queue: list[int]) -> None:
        if sys.platform != "win32":
            # They are for who reads keys: to be stopped at once, and to be told of.
            signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        try:
            with Library(self._path) as library:
                self._serve(library, queue)
        except _Ended:
            pass
        except Exception as error:  # noqa: BLE001 - whatever it is, triage goes on without it
            with self._news:
                self._trouble = f"no longer learning: {error or type(error).__name__}"
        finally:
            with self._news:
                self._over = True
                self._news.notify_all()

    def _serve(self, library: Library, queue: list[int]) -> None:
        known = read_known(library, self._today, self._taste)
        from .recommend.sitting import Sitting

        self._look_up()
        pool = read_pool(library, known.texts, lambda _done, _left: self._look_up())
        self._look_up()
        leant = leant_papers(library, known.muted, pool)
        labelled = [opinion.paper_id for opinion in known.opinions]
        sitting = Sitting(pool, queue, labelled, lifts(leant))
        del pool  # which may be far larger
        while True:
            with self._news:
                self._news.wait_for(lambda: self._heard < self._answers or self._over)
                answers = self._answers
            self._look_up()
            known = known._replace(opinions=library.opinions(self._today))
            decided = [each.paper_id for each in known.opinions if not each.ignored]
            order = self._ordered(sitting, known.standing(leant), decided, queue)
            with self._news:
                self._heard, self._order = answers, order
                self._news.notify_all()

    def _look_up(self) -> None:
        """:raises _Ended:"""
        with self._news:
            if self._over:
                raise _Ended

    def _ordered(self, sitting: Any, known: Known, decided: list[int], queue: list[int]) -> Order:
        labels = known.labels()
        scores = sitting.scores(labels) if known.enough else None
        ids = queue if scores is None else sitting.order(scores)
        if not self._questions:
            return Order(ids)
        asked = sitting.questions(labels, scores, decided, self._questions)
        return Order(list(dict.fromkeys([*asked, *ids])), frozenset(asked))
