"""PDFs are saved whole or not at all, under names that do no harm, over nothing."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from make import NOW, paper
from server import Reply, Service
from strategies import hostile

from readlist.errors import SourceError
from readlist.models import Entry
from readlist.sources import pdfs

URL = "https://arxiv.org/pdf/1706.03762"
PDF = b"%PDF-1.5\n" + bytes(range(256)) * 40 + b"\n%%EOF"
TAG = {"ETag": '"one"', "Content-Type": "application/pdf"}


def entry(title: str = "", author: str = "", date: str = "", ids: str = "") -> Entry:
    record = paper(title, authors=(author,) if author else (), date=date, ids=ids)
    return Entry(id=7, paper=record, added=NOW)


@pytest.mark.parametrize(
    ("about", "name"),
    [
        (
            entry("Attention Is All You Need", "Ashish Vaswani", "2017-06-12"),
            "Vaswani 2017 Attention Is All You Need.pdf",
        ),
        (entry("Über Größen: H$_2$O/CO", "Ørsted, Jo"), "Ørsted Über Größen H _2 O CO.pdf"),
        (entry("../../etc/passwd", "", "2020"), "2020 .. .. etc passwd.pdf"),
        (entry("", ids="arxiv:hep-th/9901001"), "arxiv hep-th 9901001.pdf"),
        (entry("?"), "paper 7.pdf"),
        (entry("con"), "paper con.pdf"),
    ],
)
def test_names_are_readable_and_safe(about: Entry, name: str):
    assert pdfs.name(about) == name


@given(hostile, hostile, st.sampled_from(["", "2020"]))
def test_any_paper_gets_a_name_that_is_no_path(title: str, author: str, date: str):
    name = pdfs.name(entry(title, author, date))
    assert not re.search(r'[/\\:*?"<>|\x00-\x1f]', name)
    assert not name.startswith((".", "-"))
    assert len(name.encode()) <= 255 * 2
    assert len(name) <= 130


def save(service: Service, path: Path) -> bool:
    with service.client() as client:
        return pdfs.save(client, URL, str(path))


def files(path: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in path.parent.iterdir() if file.is_file()}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "pdfs").mkdir()
    return tmp_path / "pdfs" / "a.pdf"


def test_a_pdf_is_saved_once(service: Service, path: Path):
    service.answer("/pdf/", Reply(PDF, headers=TAG))
    assert save(service, path)
    assert files(path) == {"a.pdf": PDF}
    path.write_bytes(b"annotated")
    assert not save(service, path)
    assert files(path) == {"a.pdf": b"annotated"}
    assert len(service.requests) == 1


def test_what_broke_off_is_gone_on_with(service: Service, path: Path):
    service.answer(
        "/pdf/",
        Reply(PDF[:5000], headers=TAG, length=len(PDF)),
        Reply(PDF[5000:], status=206, headers=TAG),
    )
    assert save(service, path)
    assert files(path) == {"a.pdf": PDF}
    assert service.requests[1].headers["range"] == "bytes=5000-"
    assert service.requests[1].headers["if-range"] == '"one"'


def test_the_next_time_goes_on_where_this_one_broke_off(service: Service, path: Path):
    service.answer("/pdf/", Reply(PDF[:5000], headers=TAG, length=len(PDF)), 500)
    with pytest.raises(SourceError):
        save(service, path)
    assert files(path) == {"a.pdf.part": PDF[:5000], "a.pdf.part.version": b'"one"'}
    service.answer("/pdf/", Reply(PDF[5000:], status=206, headers=TAG))
    assert save(service, path)
    assert files(path) == {"a.pdf": PDF}
    assert service.requests[-1].headers["range"] == "bytes=5000-"


def test_a_new_version_begins_anew(service: Service, path: Path):
    service.answer(
        "/pdf/",
        Reply(b"%PDF-1.5 of the old", headers=TAG, length=len(PDF)),
        Reply(PDF, headers={"ETag": '"two"'}),
    )
    assert save(service, path)
    assert files(path) == {"a.pdf": PDF}


def test_more_than_there_is_begins_anew(service: Service, path: Path):
    (path.parent / "a.pdf.part").write_bytes(b"x" * 99_999)
    (path.parent / "a.pdf.part.version").write_text('"one"')
    service.answer("/pdf/", 416, Reply(PDF, headers=TAG))
    assert save(service, path)
    assert files(path) == {"a.pdf": PDF}


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Reply("<html>Are you a robot?</html>"), "arxiv.org answered with no PDF"),
        (Reply("gone", status=404), "arxiv.org has no PDF there"),
        (Reply(b""), "arxiv.org answered with no PDF"),
    ],
)
def test_what_is_no_pdf_is_not_kept(service: Service, path: Path, answer: Reply, said: str):
    service.answer("/pdf/", answer)
    with pytest.raises(SourceError, match=said):
        save(service, path)
    assert files(path) == {}
