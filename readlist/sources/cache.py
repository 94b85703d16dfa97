"""Answers kept on disk: one file each, a line of JSON and the body; the least recently used go
first. What cannot be read, written or understood is as if it were not there.
"""

import hashlib
import json
import os
import re
import tempfile
import zlib
from collections.abc import Mapping
from contextlib import suppress
from typing import NamedTuple

BOUND = 200_000_000  # bytes
_DAY = 86400


class Stored(NamedTuple):
    """An answer with status 200 and the Unix time until which it need not be asked for again."""

    url: str
    headers: Mapping[str, str]
    body: bytes
    fresh_until: float


class Cache:
    def __init__(self, folder: str | None, bound: int = BOUND) -> None:
        self._folder = folder
        self._bound = bound

    def get(self, key: str, now: float) -> Stored | None:
        if not self._folder:
            return None
        path = os.path.join(self._folder, key)
        try:
            with open(path, "rb") as file:
                head = json.loads(file.readline(1_000_000))
                body = file.read()
            stored = Stored(
                str(head["url"]),
                {str(name): str(value) for name, value in head["headers"].items()},
                body,
                float(head["fresh_until"]),
            )
            if zlib.crc32(body) != head["crc32"]:
                return None
            os.utime(path, (now, now))
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return None
        return stored

    def put(self, key: str, stored: Stored, now: float) -> None:
        if not self._folder or len(stored.body) > self._bound // 4:
            return
        head = {
            "url": stored.url,
            "headers": dict(stored.headers),
            "fresh_until": stored.fresh_until,
            "crc32": zlib.crc32(stored.body),
        }
        with suppress(OSError):
            os.makedirs(self._folder, mode=0o700, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=self._folder)
            try:
                with open(handle, "wb") as file:
                    file.write(json.dumps(head).encode() + b"\n" + stored.body)
                os.utime(temporary, (now, now))
                os.replace(temporary, os.path.join(self._folder, key))
            except BaseException:
                os.unlink(temporary)
                raise
            self._shrink()

    def _shrink(self) -> None:
        """Deletes the least recently used files, left-over temporary ones among them."""
        assert self._folder
        with os.scandir(self._folder) as entries:
            files = sorted((e.stat().st_mtime, e.stat().st_size, e.path) for e in entries)
        excess = sum(size for _, size, _ in files) - self._bound
        for _, size, path in files:
            if excess <= 0:
                break
            with suppress(OSError):
                os.unlink(path)
            excess -= size


def key(url: str, headers: Mapping[str, str]) -> str:
    """The name of the file for an answer; `url` and `headers` as without secrets."""
    return hashlib.sha256(json.dumps([url, sorted(headers.items())]).encode()).hexdigest()


def entry(url: str, headers: Mapping[str, str], body: bytes, now: float) -> Stored | None:
    """What to keep of an answer; `None` if it says not to, or could not be used again.

    It goes by Cache-Control and Age of RFC 9111, for a day at most.
    """
    control = headers.get("cache-control", "").lower()
    if "no-store" in control:
        return None
    seconds = 0
    age = re.search(r"max-age=\"?(\d{1,9})", control)
    if age and "no-cache" not in control:
        spent = re.fullmatch(r"\d{1,9}", headers.get("age", "").strip())
        seconds = max(min(int(age[1]), _DAY) - int(spent[0] if spent else 0), 0)
    if not seconds and not {"etag", "last-modified"} & headers.keys():
        return None
    return Stored(url, headers, body, now + seconds)


def is_fresh(stored: Stored, now: float) -> bool:
    """Whether it need not be asked for again; not if a clock was set back since."""
    return stored.fresh_until - _DAY <= now < stored.fresh_until


def conditions(stored: Stored | None) -> dict[str, str]:
    """The headers by which a service may answer that nothing has changed."""
    names = {"etag": "if-none-match", "last-modified": "if-modified-since"}
    headers = stored.headers if stored else {}
    return {names[name]: headers[name] for name in names if name in headers}
