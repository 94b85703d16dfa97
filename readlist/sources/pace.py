"""One request at a time for each service, with the pauses it asks for, also between processes.

A service is a group of hosts. While it is asked, a lock is held; beside the lock a file tells
when the service was last asked and until when each of its hosts wants to be left alone.
"""

import os
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Protocol

from ..errors import StoppedError

# Seconds between two requests. Several hosts of one service count together: the arXiv API terms
# count its API, RSS and OAI-PMH so, Semantic Scholar all its endpoints.
INTERVALS = {
    "arxiv.org": 3.0,
    "huggingface.co": 0.6,  # 500 in five minutes
    "semanticscholar.org": 1.1,
    "crossref.org": 0.25,  # five a second
    "doi.org": 0.25,
    "datacite.org": 0.5,
    "openalex.org": 0.2,
    "dblp.org": 2.0,
    "openreview.net": 1.0,
    "nih.gov": 0.4,  # three a second
    "biorxiv.org": 1.0,
    "unpaywall.org": 0.25,
    "aclanthology.org": 1.0,
}
_OTHERS = 1.0
TRIES = 3
# A host that wants to be left alone for longer is not waited for; nobody is believed who wants
# more than an hour.
PATIENCE = 120.0
_LONGEST = 3600.0
_REFUSED = 300.0  # for how long a host is left alone that refused every try
_STEP = 0.1  # seconds until a waiting thread looks whether it is to stop


class Clock(Protocol):
    """The time, given from above; `sleep` ends early when `stopped` is set."""

    def now(self) -> datetime: ...
    def monotonic(self) -> float: ...
    def sleep(self, seconds: float, stopped: threading.Event) -> None: ...


def service_of(host: str) -> str:
    """The group that a host is of: a name in INTERVALS, or the host itself."""
    host = host.lower().rstrip(".")
    return next((name for name in INTERVALS if f".{host}".endswith(f".{name}")), host)


@dataclass(slots=True)
class _Times:
    """When a service was last asked, and until when its hosts are not to be asked; Unix time."""

    last: float = 0.0
    until: dict[str, float] = field(default_factory=dict)


class HeldOffError(Exception):
    """A host is to be left alone for more `seconds` than we wait."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def pause(host: str, tries: int, status: int, headers: Mapping[str, str], now: datetime) -> float:
    """The seconds until the next try when so many failed, the last with this status and headers
    (0 and none: without an answer).

    They double from try to try and are longer when the host is asked too much; if it says how
    long, it is that. After TRIES of them it is left alone for a while. The interval of its
    service is kept besides.
    """
    asked = _asked(headers, now)
    refused = status in (429, 503) or asked is not None
    base = 10 * _interval(service_of(host)) if refused else 1.0
    # Not everybody is to come back at the same time; the microsecond is as good as a die.
    seconds = base * 2.0 ** (tries - 1) * (1 + now.microsecond / 2_000_000)
    if asked is not None:
        seconds = asked
    return max(seconds, _REFUSED) if refused and tries == TRIES else seconds


def _asked(headers: Mapping[str, str], now: datetime) -> float | None:
    """The seconds of Retry-After (RFC 9110), or of RateLimit as Hugging Face has it."""
    after = headers.get("retry-after", "").strip()
    if after.isascii() and after.isdigit():
        return float(after[:9])
    with suppress(ValueError, TypeError, OverflowError):
        return max((parsedate_to_datetime(after) - now).total_seconds(), 0.0)
    limit = re.search(r"(?a);\s*t=(\d{1,9})", headers.get("ratelimit", ""))
    return float(limit[1]) if limit else None


def _interval(service: str) -> float:
    return INTERVALS.get(service, _OTHERS)


class Pace:
    """`folder` is where processes meet; `None` where this one is alone. `asked` is called at the
    end of a turn: whether anything was sent in it.
    """

    def __init__(
        self,
        folder: str | None,
        clock: Clock,
        stopped: threading.Event,
        asked: Callable[[], bool],
    ) -> None:
        self._folder = folder
        self._clock = clock
        self._stopped = stopped
        self._asked = asked
        self._guard = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._times: dict[str, _Times] = {}

    @contextmanager
    def turn(self, host: str) -> Iterator[None]:
        """Our turn to ask a host, once it may be asked. If nothing is sent, the next one need not
        wait for that.

        :raises HeldOffError: it would be a longer wait than PATIENCE.
        :raises StoppedError: while waiting.
        """
        service, waited = service_of(host), 0.0
        while True:
            with self._mine(service), self._mine_among_processes(service):
                times = self._read(service)
                now, last = self._clock.now().timestamp(), times.last
                # A time in the future is one of a clock that was set back since.
                seconds = min(last + _interval(service) - now, _interval(service))
                until = times.until.get(host, 0.0)
                if until == waited or not 0 < until - now <= _LONGEST:
                    self._sleep(seconds)
                    times.until.pop(host, None)
                    times.last = self._clock.now().timestamp()
                    self._write(service, times)  # if we are killed
                    try:
                        yield
                    finally:
                        times.last = self._clock.now().timestamp() if self._asked() else last
                        self._write(service, times)
                    return
            # Not in our turn: other hosts of the service may be asked meanwhile.
            seconds = max(seconds, until - now)
            if seconds > PATIENCE:
                raise HeldOffError(seconds)
            self._sleep(seconds)
            waited = until

    def hold_off(self, host: str, seconds: float) -> None:
        """A host is asked nothing for so long, by nobody; to be called in its turn."""
        until = self._clock.now().timestamp() + min(seconds, _LONGEST)
        self._times[service_of(host)].until[host] = until

    @contextmanager
    def _mine(self, service: str) -> Iterator[None]:
        with self._guard:
            lock = self._locks.setdefault(service, threading.Lock())
        while not lock.acquire(timeout=_STEP):
            self._check()
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def _mine_among_processes(self, service: str) -> Iterator[None]:
        path = self._path(service)
        if not path:
            yield
            return
        from filelock import FileLock, Timeout

        lock = FileLock(f"{path}.lock", thread_local=False)
        while True:
            try:
                lock.acquire(timeout=_STEP)
            except Timeout:
                self._check()
                continue
            except (OSError, NotImplementedError):
                pass  # a folder that cannot be written to or locked in: each process by itself
            break
        try:
            yield
        finally:
            lock.release()

    def _sleep(self, seconds: float) -> None:
        if seconds > 0:
            self._clock.sleep(seconds, self._stopped)
        self._check()

    def _check(self) -> None:
        if self._stopped.is_set():
            raise StoppedError("stopped")

    def _path(self, service: str) -> str:
        if not self._folder:
            return ""
        with suppress(OSError):
            os.makedirs(self._folder, mode=0o700, exist_ok=True)
        return os.path.join(self._folder, re.sub(r"[^a-z0-9.-]", "_", service)[:100])

    def _read(self, service: str) -> _Times:
        here = self._times.get(service, _Times())
        path = self._path(service)
        if not path:
            return here
        try:
            with open(path, encoding="utf-8") as file:
                last, *held = file.read().splitlines()
            pairs = (line.split(" ") for line in held)
            return _Times(float(last), {host: float(until) for host, until in pairs})
        except (OSError, ValueError):
            return here

    def _write(self, service: str, times: _Times) -> None:
        self._times[service] = times
        path = self._path(service)
        if path:
            held = "".join(f"{host} {until}\n" for host, until in times.until.items())
            with suppress(OSError), open(path, "w", encoding="utf-8") as file:
                file.write(f"{times.last}\n{held}")
