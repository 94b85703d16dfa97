"""Which paper a PDF file is, by its metadata and first pages."""

import re
from typing import BinaryIO, NamedTuple

from .. import ids
from ..errors import FormatError
from ..models import Identifier
from ..text import one_line

_PAGES = 2
_LIMIT = 20_000  # characters of a page
# arXiv prints its stamp up the margin of the first page; text comes out of a PDF in any order.
_ARXIV = re.compile(r"(?a)arXiv:\s*(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?")
_DOI = re.compile(r"(?i)(?:doi(?:\.org)?[:/\s]*)(10\.[0-9]{4,9}/[^\s\"<>]+)")


class Named(NamedTuple):
    """What a PDF says of itself: an identifier, else the title in its metadata, else nothing."""

    identifier: Identifier | None
    title: str


def named(file: BinaryIO, name: str) -> Named:
    """:raises FormatError: it is no PDF, or it cannot be read."""
    if file.read(1024).find(b"%PDF-") < 0:
        raise FormatError(f"{name} is not a PDF")
    from pypdf import PdfReader

    try:
        reader = PdfReader(file)
        metadata = {key: str(value) for key, value in (reader.metadata or {}).items()}
        pages = [page.extract_text()[:_LIMIT] for page in reader.pages[:_PAGES]]
    except Exception as error:
        raise FormatError(f"{name} cannot be read as a PDF: {one_line(str(error))}") from error
    stated = " ".join(metadata.values())
    for text in (stated, *pages):
        if found := _ARXIV.search(text):
            return Named(ids.parse(found[0]), "")
    for text in (stated, *pages[:1]):
        if found := _DOI.search(text):
            return Named(ids.parse(found[1]), "")
    title = one_line(metadata.get("/Title", ""))
    # Programs leave the name of a file there.
    return Named(None, title if len(ids.words(title)) >= 4 else "")
