"""The one client through which readlist speaks to the network: polite, bounded and private.

`Client.get` and `Client.post` ask one service at a time with its pauses (`pace`), try again when
that may help, answer from the cache where that is right (`cache`), follow redirects, and do not
reach into the owner's own network (`addresses`, `network`) unless allowed. All that they raise is
a `SourceError` of one line that names the service; keys and the owner's address are in none.
"""

import json as json_
import math
import os
import re
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from http import HTTPStatus
from types import TracebackType
from typing import Any, BinaryIO, NamedTuple, Self
from urllib.parse import quote, quote_plus

import httpx

from .. import __version__
from ..errors import OfflineError, SourceError, StoppedError
from ..text import one_line
from . import cache, pace
from .addresses import is_private_host
from .answers import Answer, DamagedError, TooLargeError, json_of, unpacked, xml_of
from .network import Network, private_message, reason
from .pace import Clock

__all__ = ["Answer", "Client", "Clock", "json_of", "xml_of"]

LIMIT = 50_000_000  # bytes of an answer
_REDIRECTS = 5
_EXCERPT = 20_000  # bytes that are read of what a service says with an error

_AGAIN = (408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524)
_FOUND = (*range(200, 300), 304, 404, 410)
_MOVED = (301, 302, 303, 307, 308)
# Of the body as it was sent, and what would make us recognised.
_DROPPED = ("content-encoding", "content-length", "transfer-encoding", "set-cookie")
# Parameters of a query that are neither shown nor kept.
_HIDDEN = ("api_key", "apikey", "mailto", "email")


class _Ask(NamedTuple):
    method: str
    url: httpx.URL
    headers: Mapping[str, str]
    content: bytes | None
    limit: int
    into: "Partial | None" = None


@dataclass(slots=True)
class Partial:
    """A file that a download goes into; `version` is that of what it has (an ETag or a time), as
    the service tells it, `""` if it can not be gone on with.
    """

    file: BinaryIO
    version: str = ""


class _FailedError(Exception):
    """A try that failed in a way that may pass."""

    def __init__(
        self, what: str, status: int = 0, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(what)
        self.status = status
        self.headers = headers or {}


class Client:
    """For several threads. `keys` gives the key of a service by its name, `""` if there is none."""

    def __init__(
        self,
        *,
        contact: str = "",
        cache_folder: str | None,
        keys: Callable[[str], str],
        offline: bool = False,
        private_addresses: bool = False,
        clock: Clock,
        transport: Network | None = None,
    ) -> None:
        self.contact = contact
        self._keys = keys
        self._offline = offline
        self._private_addresses = private_addresses
        self._clock = clock
        self._network = transport or Network(clock, private_addresses=private_addresses)
        self._found_keys: dict[str, str] = {}
        folder = cache_folder and os.path.join(cache_folder, "hosts")
        self._pace = pace.Pace(folder, clock, self._network.stopped, self._network.asked)
        self._cache = cache.Cache(cache_folder and os.path.join(cache_folder, "answers"))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._network.close()

    def stop(self) -> None:
        """Ends what every thread is waiting for with a `StoppedError`; from any thread."""
        self._network.stop()

    def key(self, name: str) -> str:
        if name not in self._found_keys:
            self._found_keys[name] = self._keys(name).strip()
        return self._found_keys[name]

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
        limit: int = LIMIT,
        fresh: bool = False,
    ) -> Answer:
        """`limit` is in bytes; `fresh` asks the service even if it said that there is no need.

        :raises SourceError: there is no answer, or not one of those that `Answer` can be.
        """
        target = _url(url, params)
        sent = _lower(headers)
        key = cache.key(_shown(target), _harmless(sent))
        now = self._now()
        stored = None if "range" in sent else self._cache.get(key, now)
        if stored and len(stored.body) > limit:
            stored = None
        if stored and not fresh and cache.is_fresh(stored, now):
            return Answer(stored.url, 200, stored.headers, stored.body)
        sent |= cache.conditions(stored)
        answer = self._ask(_Ask("GET", target, sent, None, limit))
        if answer.status == 304:
            if not stored:
                raise self._error(target, "answered 304 Not Modified unasked", 304)
            answer = Answer(stored.url, 200, {**stored.headers, **answer.headers}, stored.body)
        if answer.status == 200 and "range" not in sent:
            entry = cache.entry(answer.url, answer.headers, answer.body, self._now())
            if entry:
                self._cache.put(key, entry, self._now())
        return answer

    def post(
        self,
        url: str,
        *,
        json: Any,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
        limit: int = LIMIT,
    ) -> Answer:
        """As `get`, but never from the cache and never redirected."""
        sent = {**_lower(headers), "content-type": "application/json"}
        content = json_.dumps(json).encode()
        return self._ask(_Ask("POST", _url(url, params), sent, content, limit))

    def download(self, url: str, into: Partial, *, limit: int = LIMIT) -> Answer:
        """Write what is at a URL to a file, behind what it has of the same version; the body of
        the answer is empty. What arrived before a failure stays in the file.

        :raises SourceError: as `get`.
        """
        return self._ask(_Ask("GET", _url(url, None), {}, None, limit, into))

    def _ask(self, ask: _Ask) -> Answer:
        if self._offline:
            raise OfflineError(f"offline: {ask.url.host} was not asked")
        for tries in range(1, pace.TRIES + 1):
            try:
                return self._follow(ask, tries)
            except _FailedError as error:
                failed = error
        raise self._error(ask.url, f"{failed} {pace.TRIES} times; try again later", failed.status)

    def _follow(self, ask: _Ask, tries: int) -> Answer:
        first = ask.url.host
        for _ in range(_REDIRECTS + 1):
            self._check(ask.url, first)
            answer = self._one(ask, tries)
            if answer.status not in _MOVED:
                return answer
            if ask.method != "GET":
                raise self._error(ask.url, f"answered {_status(answer.status)} to a POST")
            ask = self._moved(ask, answer.headers.get("location", ""))
        raise SourceError(f"{first} redirects more than {_REDIRECTS} times")

    def _moved(self, ask: _Ask, location: str) -> _Ask:
        """The same at another place; what is secret stays with the host it was meant for."""
        try:
            url = ask.url.join(location)
        except (httpx.InvalidURL, ValueError) as error:
            what = "redirects to what is not an http or https address"
            raise self._error(ask.url, what) from error
        safe = url.scheme in (ask.url.scheme, "https")
        if safe and (url.host, url.port) == (ask.url.host, ask.url.port):
            return ask._replace(url=url)
        return ask._replace(url=url, headers=_harmless(ask.headers))

    def _check(self, url: httpx.URL, first: str) -> None:
        """:raises SourceError: the URL, to which the `first` host leads, is not one to follow."""
        if not _is_web(url):
            raise SourceError(f"{first} redirects to what is not an http or https address")
        if url.userinfo:
            raise SourceError(f"{url.host} is not asked with a password in its address")
        if not self._private_addresses and is_private_host(url.host):
            raise SourceError(private_message(first, url.host))

    def _one(self, ask: _Ask, tries: int) -> Answer:
        """One request in its turn; a pause before the next holds for whoever makes that."""
        host = ask.url.host
        try:
            with self._pace.turn(host):
                try:
                    return self._send(ask)
                except _FailedError as error:
                    now = self._clock.now()
                    seconds = pace.pause(host, tries, error.status, error.headers, now)
                    self._pace.hold_off(host, seconds)
                    raise
        except pace.HeldOffError as error:
            minutes = math.ceil(error.seconds / 60)
            what = f"wants to be left alone; try again in {minutes} minutes"
            raise self._error(ask.url, what, 429) from error

    def _send(self, ask: _Ask) -> Answer:
        """:raises _FailedError: there is no whole answer, but there may be one the next time."""
        contact = f" (mailto:{self.contact})" if self.contact else ""
        own = {
            "accept-encoding": "gzip",  # what `answers.unpacked` unpacks
            "user-agent": f"readlist/{__version__}{contact}",
        }
        try:
            if ask.into:
                own |= {"accept-encoding": "identity", **_rest(ask.into)}
            headers = {"accept": "*/*", **ask.headers, **own}
            request = httpx.Request(ask.method, ask.url, headers=headers, content=ask.content)
            with closing(self._network.handle_request(request)) as response:
                return self._answer(ask, response)
        except Exception as error:
            if self._network.stopped.is_set():
                raise StoppedError("stopped") from error
            what, may_pass = reason(error)
            if may_pass:
                raise _FailedError(what) from error
            if what:
                raise self._error(ask.url, what) from None  # the cause may quote a key
            raise

    def _answer(self, ask: _Ask, response: httpx.Response) -> Answer:
        headers = {name: v for name, v in response.headers.items() if name not in _DROPPED}
        encoding = response.headers.get("content-encoding", "").strip().lower()
        status = response.status_code
        body = b""
        if ask.into and status in (200, 206, 416):
            self._write(ask, ask.into, response)
        elif status in _FOUND:
            too_large = self._error(ask.url, f"answers with more than {ask.limit / 1e6:,.6g} MB")
            if int(response.headers.get("content-length", 0)) > ask.limit:
                raise too_large
            try:
                body = unpacked(response.iter_raw(), encoding, ask.limit)
            except TooLargeError as error:
                raise too_large from error
            except DamagedError as error:
                raise _FailedError("answered with damaged data") from error
        elif status in _AGAIN:
            raise _FailedError(f"answered {_status(status)}", status, headers)
        elif status not in _MOVED:
            with suppress(TooLargeError, DamagedError):
                body = unpacked(response.iter_raw(), encoding, _EXCERPT)
            said = self._without_secrets(_said(headers, body))
            hint = "; it may want a key, or refuse scripts" if status in (401, 403) else ""
            what = f"answered {_status(status)}{said and ': '}{said[:200]}{hint}"
            raise self._error(ask.url, what, status)
        return Answer(_shown(ask.url), status, headers, body)

    def _write(self, ask: _Ask, into: Partial, response: httpx.Response) -> None:
        if response.status_code != 206:
            into.file.truncate(0)
            into.version = _version(response.headers)
        if response.status_code == 416:  # the file has more than there is
            raise _FailedError("answered that there is no such part")
        size = into.file.seek(0, os.SEEK_END)
        for chunk in response.iter_raw():
            size += len(chunk)
            if size > ask.limit:
                raise self._error(ask.url, f"answers with more than {ask.limit / 1e6:,.6g} MB")
            into.file.write(chunk)

    def _error(self, url: httpx.URL, what: str, status: int = 0) -> SourceError:
        return SourceError(f"{url.host} {what}", status)

    def _without_secrets(self, text: str) -> str:
        for secret in {self.contact, *self._found_keys.values()} - {""}:
            for form in (secret, quote(secret, safe=""), quote_plus(secret)):
                text = text.replace(form, "***")
        return text

    def _now(self) -> float:
        return self._clock.now().timestamp()


def _rest(into: Partial) -> dict[str, str]:
    """The headers that ask for what a file lacks (RFC 9110, 13.1.5 and 14.2)."""
    size = into.file.seek(0, os.SEEK_END)
    if not size or not into.version:
        return {}
    return {"range": f"bytes={size}-", "if-range": into.version}


def _version(headers: Mapping[str, str]) -> str:
    etag = headers.get("etag", "")
    return headers.get("last-modified", "") if etag.startswith("W/") or not etag else etag


def _url(url: str, params: Mapping[str, str | int] | None) -> httpx.URL:
    """:raises SourceError: it is no URL of the web."""
    try:
        parsed = httpx.URL(url).copy_with(fragment=None)
        if _is_web(parsed):
            return parsed.copy_merge_params(params) if params else parsed
    except (httpx.InvalidURL, ValueError):
        pass
    shown = re.sub(r"//[^/]*@", "//", one_line(url).partition("?")[0])
    raise SourceError(f"{shown[:200]!r} is not an http or https address")


def _is_web(url: httpx.URL) -> bool:
    return url.scheme in ("http", "https") and bool(re.fullmatch(rb"[\w.:-]+", url.raw_host))


def _shown(url: httpx.URL) -> str:
    for name in _HIDDEN:
        if name in url.params:
            url = url.copy_remove_param(name)
    return str(url.copy_with(fragment=None))


def _lower(headers: Mapping[str, str] | None) -> dict[str, str]:
    return {name.lower(): value for name, value in (headers or {}).items()}


def _harmless(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers that hold no secret for sure."""
    return {n: v for n, v in headers.items() if n.startswith(("accept", "if-")) or n == "range"}


def _status(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _said(headers: Mapping[str, str], body: bytes) -> str:
    """What a service says of its error, if in a few words."""
    kind = headers.get("content-type", "")
    if not ("json" in kind or "text/plain" in kind):
        return ""
    text = body.decode("utf-8", "replace")
    with suppress(ValueError, RecursionError, AttributeError):
        said = json_.loads(text).get
        texts = (said(name) for name in ("error", "message", "detail"))
        text = next((each for each in texts if isinstance(each, str)), "")
    return one_line(text)
