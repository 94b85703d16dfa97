"""What a service answers: its body, bounded while it is unpacked, and read as what it should be."""

import json
import zlib
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, ParseError

from ..errors import SourceError

_STEP = 65536  # bytes that are unpacked at once
# What XML 1.0 has no place for (2.2), and some services copy from their records all the same.
_CONTROLS = bytes({*range(0x20)} - set(b"\t\n\r"))
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")  # in which these bytes are parts of characters


class Answer(NamedTuple):
    """What came back: status 200 to 299, or 404 or 410; header names are in lower case.

    `url` is where it came from after redirects, without the key and address of the owner;
    `body` is unpacked.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or self.url


class TooLargeError(Exception):
    pass


class DamagedError(Exception):
    pass


def unpacked(chunks: Iterable[bytes], encoding: str, limit: int) -> bytes:
    """The body that arrives in `chunks`, with at most `limit` bytes before and after unpacking.

    :raises TooLargeError: as soon as it is; a "gzip bomb" does not go off.
    :raises DamagedError: it is not what `encoding` says, or not all of it.
    """
    if encoding not in ("", "identity", "gzip"):
        raise DamagedError  # gzip is what we say that we take
    unzip = zlib.decompressobj(zlib.MAX_WBITS | 16) if encoding == "gzip" else None
    body = bytearray()
    received = 0
    for chunk in chunks:
        received += len(chunk)
        if received > limit:
            raise TooLargeError
        if unzip is None:
            body += chunk
            continue
        rest, full = chunk, True
        while full and not unzip.eof:
            try:
                piece = unzip.decompress(rest, _STEP)
            except zlib.error as error:
                raise DamagedError from error
            body += piece
            if len(body) > limit:
                raise TooLargeError
            rest, full = unzip.unconsumed_tail, len(piece) == _STEP
    if unzip and received and not unzip.eof:
        raise DamagedError
    return bytes(body)


def json_of(answer: Answer) -> Any:
    """The value of a JSON document.

    :raises SourceError: it is none.
    """
    try:
        # NaN and Infinity are not JSON, and would trouble whoever computes with them.
        return json.loads(answer.body, parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        raise _instead(answer, "JSON") from error


def xml_of(answer: Answer) -> Element:
    """The root of an XML document, which is read without its control characters.

    :raises SourceError: it is none, or it declares entities.
    """
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    body = answer.body
    if not body.startswith(_UTF_16):
        body = body.translate(None, _CONTROLS)
    try:
        root: Element = fromstring(body)
    except DefusedXmlException as error:
        what = f"{answer.host} answered with XML that declares entities; it is not read"
        raise SourceError(what, answer.status) from error
    except (ParseError, ValueError, LookupError) as error:
        raise _instead(answer, "XML") from error
    if root.tag.rpartition("}")[2].lower() == "html":
        raise _instead(answer, "XML")
    return root


def _instead(answer: Answer, wanted: str) -> SourceError:
    start = answer.body[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not start:
        what = f"nothing instead of {wanted}; try again later"
    elif b"<html" in start or start.startswith(b"<!doctype html"):
        what = f"a web page instead of {wanted}; it may be down or refuse scripts"
    elif wanted == "JSON" and start.startswith(b"<"):
        what = "XML instead of JSON"
    else:
        what = f"damaged {wanted}; try again later"
    return SourceError(f"{answer.host} answered with {what}", answer.status)
