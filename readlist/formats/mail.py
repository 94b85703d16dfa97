"""E-mails in files: one as it was sent (`.eml`, RFC 5322 and MIME), or many in a row (mbox)."""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from .. import dates
from ..models import Problem
from ..origin import Origin

if TYPE_CHECKING:
    from email.message import Message as Mime

_LIMIT = 10_000_000  # of a message; what is behind are attachments
_FROM = re.compile(r"From \S+ +(?:[A-Z][a-z]{2},? )?(?:[A-Z][a-z]{2} +\d|\d{1,2} [A-Z]).{5,60}")
_QUOTED_FROM = re.compile(r">(?=>*From )")
_FIELD = re.compile(r"([!-9;-~]{1,70}):(?:[ \t]|$)")
_FIELDS = {"date", "subject", "to", "received", "message-id", "mime-version", "return-path"}
_SLOW = ("idna", "punycode")  # decoders that take quadratic time, and nobody's charsets


class Message(NamedTuple):
    """`day` is `""` where no date is there. Texts are in the order of the message."""

    line: int
    sender: str
    subject: str
    day: str
    html: list[str]
    plain: list[str]


def recognises(head: str) -> bool:
    head = head.lstrip()
    if _FROM.match(head):
        return True
    names = set()
    for line in head.split("\n"):
        if not line:
            break
        field = _FIELD.match(line)
        if field is None and not line.startswith((" ", "\t")):
            return False
        if field:
            names.add(field[1].lower())
    return "from" in names and len(names & _FIELDS) > 1


def messages(lines: Iterable[str], origin: Origin) -> Iterator[Message | Problem]:
    """The messages in the lines of a file, one in memory at a time."""
    import email  # only where there is one: it takes its time to load

    for number, text in _sources(lines):
        where = f"{origin.name} line {number}"
        try:
            yield _message(email.message_from_string(text), number)
        except Exception as error:  # noqa: BLE001 - email raises whatever its parsers ran into
            what = f"not an e-mail ({type(error).__name__})"
            yield Problem(where=where, what=what, raw=text[:200])


def _sources(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """The text of each message, as far as it is read, and the line on which it begins."""
    message: list[str] = []
    size, begun, blank = 0, 1, True
    for number, line in enumerate(lines, start=1):
        if blank and line.startswith("From ") and _FROM.match(line):
            if message:
                yield begun, "".join(message)
            message, size, begun = [], 0, number + 1
        elif size < _LIMIT and (message or line.strip()):
            message.append(_QUOTED_FROM.sub("", line, count=1))
            size += len(line)
        blank = not line.strip()
    if message:
        yield begun, "".join(message)


def _message(mime: "Mime", line: int) -> Message:
    html, plain = [], []
    for part in mime.walk():
        kind = part.get_content_type()
        if kind == "text/html":
            html.append(_text(part))
        elif kind == "text/plain":
            plain.append(_text(part))
    return Message(
        line, _field(mime, "From"), _field(mime, "Subject"), _day(_field(mime, "Date")), html, plain
    )


def _text(part: "Mime") -> str:
    """The text of a part. One that is not encoded was decoded with the file."""
    said = part.get_payload()
    encoding = str(part.get("Content-Transfer-Encoding", "")).strip().lower()
    if encoding not in ("quoted-printable", "base64"):
        return said if isinstance(said, str) else ""
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    charset = part.get_content_charset() or "utf-8"
    try:
        return data.decode("utf-8" if charset in _SLOW else charset)
    except (LookupError, UnicodeError):
        return data.decode("utf-8", "replace")


def _field(mime: "Mime", name: str) -> str:
    from email.header import decode_header, make_header

    text = str(mime.get(name, ""))[:2000]
    try:
        return " ".join(str(make_header(decode_header(text))).split())
    except (LookupError, ValueError):  # which UnicodeError and HeaderParseError are
        return " ".join(text.split())


def _day(text: str) -> str:
    from email.utils import parsedate

    try:
        parsed = parsedate(text)
    except (ValueError, IndexError, TypeError):
        return ""
    return dates.build(*map(str, parsed[:3])) if parsed and 1970 < parsed[0] < 2100 else ""
