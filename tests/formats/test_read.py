"""Files are known by what is in them, in whatever encoding, and what is wrong is said."""

import gzip
import json
from io import BytesIO, RawIOBase
from typing import Any

import make
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from readlist import formats
from readlist.errors import FormatError
from readlist.models import Paper, Problem

PAGE = """Daily Papers

Dec 11, 2025

Naïve Rest – Is It “Enough”?

We rest, and it is enough. Resting between two tokens saves energy, and more rest saves more of it.
Zoë agrees with the naïve view, as do all the others that were asked.

  • 3 authors
·
May 22 1
"""
BIBTEX = """% my papers
@article{ode2017,
  author = {Zoë Ode},
  title = {Naïve Rest Is “Enough” for All},
  year = 2017,
}
"""
RECORD = {"title": "Naïve Rest Is “Enough” for All", "authors": ["Zoë Ode"]}
JSON = json.dumps(RECORD, ensure_ascii=False)
LINES = f"{JSON}\n" * 3
TEXTS = {"Daily Papers page": PAGE, "BibTeX": BIBTEX, "JSON": JSON}


def read(content: bytes | str, name: str = "file") -> formats.Reading:
    data = content.encode() if isinstance(content, str) else content
    return formats.read(BytesIO(data), make.origin(name))


def items(content: bytes | str) -> list[Any]:
    return list(read(content).items)


def refusal(content: bytes) -> str:
    """Why a file is not read: one line that names it."""
    with pytest.raises(FormatError) as caught:
        list(read(content).items)
    told = str(caught.value)
    assert told.startswith("file is ")
    assert "\n" not in told
    return told


# --- recognition --------------------------------------------------------------------------------


@pytest.mark.parametrize("format", TEXTS)
def test_a_file_is_known_by_its_content_whatever_its_name(format: str):
    for name in ("x", "x.bib", "x.json", "x.txt", "x.pdf"):
        reading = read(TEXTS[format], name)
        assert reading.format == format
        [paper] = list(reading.items)
        assert paper.title.startswith("Naïve Rest")


def test_the_kinds_of_json_are_told_apart():
    wrapped = {"paper": {"id": "2412.00001", "title": "Counting Sheep with Drones"}}
    assert read(json.dumps([wrapped])).format == "Daily Papers JSON"
    assert read(json.dumps({"readlist": 1})).format == "readlist JSON lines"
    assert read("[]").format == "JSON"


@pytest.mark.parametrize("format", TEXTS)
@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"],
)
def test_a_text_is_the_same_in_any_encoding(format: str, encoding: str):
    assert items(TEXTS[format].encode(encoding)) == items(TEXTS[format])


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_byte_order_mark_tells_the_order_of_bytes(encoding: str):
    assert items(("\ufeff" + BIBTEX).encode(encoding)) == items(BIBTEX)


@pytest.mark.parametrize("format", TEXTS)
def test_latin_1_is_read_too(format: str):
    text = TEXTS[format].translate({ord("–"): "-", ord("“"): '\\"', ord("”"): '\\"', ord("•"): "*"})
    assert items(text.encode("latin-1")) == items(text)


def test_one_wrong_byte_in_a_file_of_utf_8_spoils_nothing_else():
    [paper] = items(BIBTEX.encode().replace(b"my papers", b"m\xff\xe9 papers"))
    assert paper.authors == ("Zoë Ode",) or paper.authors == ("Ode, Zoë",)
    first, second = items((JSON + "\n").encode() + JSON.encode().replace(b"Rest", b"R\xe9st"))
    assert "Naïve Rest" in first.title
    assert "Naïve Rést" in second.title


@pytest.mark.parametrize("format", TEXTS)
@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_a_text_has_any_line_ends(format: str, ending: str):
    assert items(TEXTS[format].replace("\n", ending)) == items(TEXTS[format])


@pytest.mark.parametrize("format", TEXTS)
def test_a_gzipped_text_is_the_text(format: str):
    assert items(gzip.compress(TEXTS[format].encode())) == items(TEXTS[format])
    assert items(gzip.compress(TEXTS[format].encode("utf-16"))) == items(TEXTS[format])


@pytest.mark.parametrize("format", TEXTS)
def test_a_stray_null_or_control_character_does_no_harm(format: str, library):
    text = TEXTS[format].replace("Naïve", "Na\x00ïve" if format != "JSON" else "Na\\u0000ïve")
    report = library.add_all(items(text), now=make.NOW)
    assert (report.added, report.problems) == (1, [])
    assert library.get(1).paper.title.startswith("Naïve Rest")


def test_white_space_before_the_content_does_no_harm():
    assert len(items("\n\n  \t\n" * 200 + JSON)) == 1
    assert len(items("\n" * 200 + BIBTEX)) == 1


def test_a_file_longer_than_its_head_is_read_whole():
    long = "\n".join(json.dumps({"title": f"The Title of Number {n}"}) for n in range(20_000))
    assert len(items(long)) == 20_000
    assert len(items(gzip.compress(long.encode()))) == 20_000


def test_a_character_may_be_cut_at_the_end_of_the_head():
    for pad in range(4):
        text = json.dumps(
            {"title": "é" * 70_000 + " of Four Words", "x": "x" * pad}, ensure_ascii=False
        )
        [paper] = items(text)
        assert set(paper.title[:70_000]) == {"é"}


# --- what cannot be read ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content", [b"", b" \n\t\r\n ", b"\xef\xbb\xbf", b"\xff\xfe", gzip.compress(b"", mtime=0)]
)
def test_an_empty_file_is_said_to_be_empty(content: bytes):
    assert refusal(content) == "file is empty; nothing was imported"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "file is a PDF"),
        (b"PK\x03\x04\x14\x00", "file is a zip archive; unpack it"),
        (b"SQLite format 3\x00" + bytes(100), "file is a database; open a library with --library"),
        (bytes(range(256)) * 20, "file is not text"),
        (b"\x89PNG\r\n\x1a\n" + bytes(500), "file is not text"),
        (b"\x7fELF\x02\x01\x01" + bytes(500), "file is not text"),
        (bytes(4000), "file is not text"),
        (b"<!DOCTYPE html><html><body>Daily Papers", "file is HTML or XML, not text"),
        (b"\n<html lang=en>", "file is HTML or XML, not text"),
        (b'<?xml version="1.0"?><feed/>', "file is HTML or XML, not text"),
        (b"Dear all,\nplease find attached.\n", "file is of no format that readlist knows"),
        ("Привет, мир\n".encode("utf-16"), "file is of no format that readlist knows"),
        (gzip.compress(b"%PDF-1.7", mtime=0), "file is a PDF"),
    ],
)
def test_a_file_that_holds_no_papers_is_refused_with_what_it_is(content: bytes, what: str):
    told = refusal(content)
    assert told.startswith(what)
    assert told != what  # and what to do


def test_html_is_told_how_to_become_text():
    assert "copy" in refusal(b"<html>")


@given(st.binary(max_size=300))
@example(b"\x1f\x8b")
@example(b"\x1f\x8b\x08\x00\x00\x00\x00\x00")
@example(b"\xff\xfe{")
@example(b"{\xff")
@example(b"@")
@example(b"@article{")
@example(b"Daily Papers")
def test_any_bytes_are_read_or_refused(content: bytes):
    try:
        found = items(content)
    except FormatError as error:
        told = str(error)
    else:
        told = "read"
        assert all(isinstance(item, Paper | Problem) for item in found)
    assert "\n" not in told


@given(st.sampled_from([PAGE, BIBTEX, JSON, LINES]), st.data())
def test_any_damage_to_a_text_leaves_papers_and_problems(text: str, data: st.DataObject):
    content = bytearray(text.encode())
    start = data.draw(st.integers(0, len(content)))
    content[start : start + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=6))
    try:
        found = items(bytes(content))
    except FormatError:
        return
    assert all(isinstance(item, Paper | Problem) for item in found)


# --- what is damaged ----------------------------------------------------------------------------


def test_a_truncated_gzip_file_gives_what_stood_before_and_a_problem():
    lines = "\n".join(
        json.dumps({"title": f"The Title of Number {n}", "x": str(hash(n) * 7919)})
        for n in range(5_000)
    )
    content = gzip.compress(lines.encode())
    found = items(content[: len(content) // 2])
    papers = [item for item in found if isinstance(item, Paper)]
    assert 1_000 < len(papers) < 4_000
    assert [paper.title for paper in papers[:3]] == [f"The Title of Number {n}" for n in range(3)]
    assert isinstance(found[-1], Problem)
    assert "cut off" in found[-1].what


def test_a_corrupt_gzip_file_gives_a_problem():
    content = bytearray(gzip.compress(LINES.encode()))
    content[-6] ^= 0xFF  # its checksum
    *papers, problem = items(bytes(content))
    assert len(papers) == 3
    assert "damaged" in problem.what


def test_a_gzip_file_without_any_content_left_is_damaged():
    told = refusal(gzip.compress(JSON.encode())[:11])
    assert told.startswith("file is damaged")


class Failing(RawIOBase):
    """A file on a disk that fails after a while."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def readable(self) -> bool:
        return True

    def read1(self, _size: int = -1) -> bytes:
        if not self.content:
            raise OSError(5, "Input/output error")
        data, self.content = self.content[:1000], self.content[1000:]
        return data


def test_a_disk_that_fails_gives_what_stood_before_and_a_problem():
    *papers, problem = list(formats.read(Failing(LINES.encode()), make.origin("file")).items)
    assert len(papers) == 3
    assert "Input/output error" in problem.what


def test_a_page_of_endless_length_is_refused(monkeypatch):
    monkeypatch.setattr(formats, "_WHOLE", 1_000)
    assert read(PAGE).format == "Daily Papers page"
    with pytest.raises(FormatError, match="longer than any such file"):
        read(PAGE * 5)


def test_a_file_is_read_as_it_is_taken_in():
    # Nothing of a long file is read before it is asked for.
    class Counting(BytesIO):
        taken = 0

        def read1(self, size: int = -1) -> bytes:
            data = super().read1(size)
            self.taken += len(data)
            return data

    stream = Counting("\n".join(json.dumps({"title": "x" * 1000}) for _ in range(2_000)).encode())
    reading = formats.read(stream, make.origin())
    assert stream.taken < 300_000
    next(reading.items)
    assert stream.taken < 500_000
