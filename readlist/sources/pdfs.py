"""PDF files of papers, saved under readable names."""

import os
import re
import unicodedata
from contextlib import suppress

from ..errors import SourceError
from ..models import Entry
from .client import Client, Partial

_LIMIT = 200_000_000  # bytes
_LONGEST = 120  # characters of a name; file systems take 255 bytes
# What some file system does not take, or a shell would misunderstand.
_ODD = r"[^\w .,()+-]+"
_DEVICES = r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?"


def name(entry: Entry) -> str:
    """`Vaswani 2017 Attention Is All You Need.pdf`; a name that every file system takes."""
    paper = entry.paper
    author = paper.authors[0] if paper.authors else ""
    family, comma, _ = author.partition(",")
    words = [family if comma else author.rpartition(" ")[2], paper.date[:4], paper.title]
    if not paper.title:
        words = [f"{scheme} {value}" for scheme, value in paper.identifiers[:1]]
    text = unicodedata.normalize("NFC", " ".join(words))
    text = " ".join(re.sub(_ODD, " ", text).split())
    text = text.strip(" .-")[:_LONGEST].strip(" .-") or f"paper {entry.id}"
    if re.fullmatch(_DEVICES, text):
        text = f"paper {text}"
    return f"{text}.pdf"


def save(client: Client, url: str, path: str) -> bool:
    """Download a PDF; False if there is a file at `path` already, which is not touched.

    A download that broke off is gone on with, the next time too, from `PATH.part`.

    :raises SourceError: it cannot be had, or is no PDF.
    :raises OSError: it cannot be written.
    """
    if os.path.lexists(path):
        return False
    part, note = f"{path}.part", f"{path}.part.version"
    with open(part, "ab+") as file:
        into = Partial(file, _read(note))
        try:
            answer = client.download(url, into, limit=_LIMIT)
        finally:
            _write(note, into.version)
        file.flush()
        os.fsync(file.fileno())
        file.seek(0)
        is_pdf = b"%PDF-" in file.read(1024)
    os.unlink(note)
    if answer.status not in (200, 206) or not is_pdf:
        os.unlink(part)
        what = "has no PDF there" if answer.status in (404, 410) else "answered with no PDF"
        raise SourceError(f"{answer.host} {what}; it may refuse scripts, so open it in the browser")
    try:
        os.link(part, path)  # unlike a renaming, it never overwrites
    except FileExistsError:
        return False
    except OSError:  # a file system without links
        os.rename(part, path)
        return True
    finally:
        with suppress(FileNotFoundError):
            os.unlink(part)
    return True


def _read(path: str) -> str:
    with suppress(OSError), open(path, encoding="utf-8", errors="replace") as file:
        return file.readline(1000).strip()
    return ""


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
