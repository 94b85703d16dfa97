"""JSON records of papers by the names that people and services use, and JSON as it comes."""

import json
import tracemalloc
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import make
import pytest
from hypothesis import given
from hypothesis import strategies as st
from make import NOW
from strategies import hostile

from readlist import formats, records
from readlist.formats import json_records, json_stream
from readlist.formats.json_stream import Value
from readlist.library import Library
from readlist.models import Identifier, Link, Paper, Problem, Standing


def read(content: str | bytes | Any, name: str = "file.json") -> list[Any]:
    if not isinstance(content, str | bytes):
        content = json.dumps(content)
    data = content.encode() if isinstance(content, str) else content
    return list(formats.read(BytesIO(data), make.origin(name)).items)


def one(record: dict[str, Any]) -> Paper:
    [paper] = read({"title": "A Title of Four Words", **record})
    assert isinstance(paper, Paper), paper
    return paper


# --- names of fields ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "field", "value"),
    [
        ({"abstract": "We."}, "abstract", "We."),
        ({"summary": "We."}, "abstract", "We."),
        ({"summary": "Short.", "abstract": "We."}, "abstract", "We."),
        ({"authors": ["Ann Ode", "Bo Li"]}, "authors", ("Ann Ode", "Bo Li")),
        ({"authors": "Ann Ode and Bo Li"}, "authors", ("Ann Ode", "Bo Li")),
        ({"authors": "Ode, Ann and Li, Bo"}, "authors", ("Ode, Ann", "Li, Bo")),
        ({"authors": "Ann Ode, Bo Li, Cy Fu"}, "authors", ("Ann Ode", "Bo Li", "Cy Fu")),
        ({"authors": "Ann Ode; Bo Li"}, "authors", ("Ann Ode", "Bo Li")),
        ({"author": "Ann Ode"}, "authors", ("Ann Ode",)),
        ({"authors": [{"name": "Ann Ode"}, {"name": ""}]}, "authors", ("Ann Ode",)),
        ({"author": [{"given": "Ann", "family": "Ode"}]}, "authors", ("Ode, Ann",)),
        ({"author": [{"family": "Ode"}, {"literal": "The Team"}]}, "authors", ("Ode", "The Team")),
        ({"creators": [{"firstName": "Ann", "lastName": "Ode"}]}, "authors", ("Ode, Ann",)),
        ({"published": "2024-03-05T12:00:00Z"}, "date", "2024-03-05"),
        ({"publishedAt": "2024-03-05"}, "date", "2024-03-05"),
        ({"date": "March 2024"}, "date", "2024-03"),
        ({"date": "5 Mar 2024"}, "date", "2024-03-05"),
        ({"publication_date": "2024/3/5"}, "date", "2024-03-05"),
        ({"year": 2024}, "date", "2024"),
        ({"year": "2024"}, "date", "2024"),
        ({"year": 2024, "published": "2024-03"}, "date", "2024-03"),
        ({"year": "in press"}, "date", ""),
        ({"venue": "ICML"}, "venue", "ICML"),
        ({"journal": "Nature"}, "venue", "Nature"),
        ({"booktitle": "Proc. ICML"}, "venue", "Proc. ICML"),
        ({"conference": "ICML"}, "venue", "ICML"),
        ({"container-title": ["Nature"]}, "venue", "Nature"),
        ({"title": ["A Title in a List"]}, "title", "A Title in a List"),
        ({"categories": ["cs.LG", "cs.CL"]}, "categories", ("cs.LG", "cs.CL")),
        ({"categories": "cs.LG cs.CL"}, "categories", ("cs.LG", "cs.CL")),
        ({"categories": "cs.LG, cs.CL"}, "categories", ("cs.LG", "cs.CL")),
        ({"categories": ["a", "b"], "primary_category": "b"}, "categories", ("b", "a")),
        ({"organization": {"name": "x", "fullname": "Rest Lab"}}, "organization", "Rest Lab"),
        ({"organization": "Rest Lab"}, "organization", "Rest Lab"),
    ],
)
def test_a_field_is_known_by_its_common_names(record: dict, field: str, value: Any):
    assert getattr(one(record), field) == value


@pytest.mark.parametrize(
    ("record", "spelling"),
    [
        ({"id": "1706.03762v5"}, "arxiv:1706.03762"),
        ({"id": "http://arxiv.org/abs/1706.03762v5"}, "arxiv:1706.03762"),
        ({"arxiv_id": "1706.03762"}, "arxiv:1706.03762"),
        ({"arxivId": "math/0309136"}, "arxiv:math/0309136"),
        ({"arxiv": "https://arxiv.org/abs/1706.03762"}, "arxiv:1706.03762"),
        ({"eprint": "1706.03762"}, "arxiv:1706.03762"),
        ({"doi": "10.1000/A"}, "doi:10.1000/a"),
        ({"DOI": "https://doi.org/10.1000/a"}, "doi:10.1000/a"),
        ({"doi": "10.48550/arXiv.1706.03762"}, "arxiv:1706.03762"),
        ({"pmid": 12345}, "pmid:12345"),
        ({"pmid": "12345"}, "pmid:12345"),
        ({"isbn": "0-306-40615-2"}, "isbn:9780306406157"),
        ({"openreview": "rJ4km2R5t7"}, "openreview:rJ4km2R5t7"),
        ({"url": "https://arxiv.org/abs/1706.03762"}, "arxiv:1706.03762"),
        ({"link": "https://doi.org/10.1000/a"}, "doi:10.1000/a"),
        ({"pdf": "https://arxiv.org/pdf/1706.03762v1"}, "arxiv:1706.03762"),
    ],
)
def test_an_identifier_is_found_wherever_it_stands(record: dict, spelling: str):
    assert one(record).identifiers == (Identifier(*spelling.split(":", 1)),)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("url", "page"),
        ("link", "page"),
        ("page", "page"),
        ("pdf", "pdf"),
        ("pdf_url", "pdf"),
        ("code", "code"),
        ("github", "code"),
        ("githubRepo", "code"),
        ("project", "project"),
        ("projectPage", "project"),
    ],
)
def test_a_link_is_known_by_its_common_names(name: str, kind: str):
    assert one({name: "https://a.org/x"}).links == (Link(kind, "https://a.org/x"),)
    assert one({name: "javascript:alert(1)"}).links == ()


def test_signals_are_of_the_day_on_which_the_record_was_met():
    [seen] = one({"upvotes": 3, "num": 1, "stars": 0, "numComments": 2}).sightings
    assert (seen.source, seen.place, seen.at) == ("json", "file.json", "2026-11-23")
    assert (seen.upvotes, seen.comments, seen.stars) == (3, 2, 0)
    [seen] = one({"day": "2026-01-02", "upvotes": "many", "stars": -1, "comments": True}).sightings
    assert (seen.at, seen.upvotes, seen.comments, seen.stars) == ("2026-01-02", None, None, None)


def test_what_has_no_place_is_kept_as_it_was():
    paper = one(
        {"tldr": "Rest.", "n": 1, "tags": ["a", "b"], "empty": "", "id": "local-7", "doi": 5}
    )
    assert paper.extra == {
        "tldr": "Rest.",
        "n": "1",
        "tags": '["a", "b"]',
        "id": "local-7",
        "doi": "5",
    }


@pytest.mark.parametrize(
    ("venue", "standing"),
    [
        ("", Standing.PREPRINT),
        ("arXiv", Standing.PREPRINT),
        ("arXiv preprint arXiv:1706.03762", Standing.PREPRINT),
        ("CoRR", Standing.PREPRINT),
        ("bioRxiv", Standing.PREPRINT),
        ("SSRN Electronic Journal", Standing.PREPRINT),
        ("NeurIPS", Standing.PUBLISHED),
        ("Corrosion Science", Standing.PUBLISHED),
    ],
)
def test_a_venue_makes_a_publication_unless_it_is_a_preprint_server(venue: str, standing: Standing):
    assert one({"venue": venue}).standing is standing


# --- the Daily Papers API -----------------------------------------------------------------------

WRAPPED = {
    "paper": {
        "id": "2412.00001",
        "authors": [{"name": "Carl Friis", "hidden": True}, {"name": "Bo Li"}],
        "publishedAt": "2024-12-01T18:00:00.000Z",
        "title": "Counting Sheep\n  with Drones",
        "summary": "Flocks are counted.",
        "upvotes": 17,
        "submittedOnDailyAt": "2024-12-03T00:00:00.000Z",
        "githubRepo": "https://github.com/a/sheep",
        "githubStars": 5,
        "projectPage": "https://sheep.example",
        "ai_keywords": ["sheep", "drones"],
        "ai_summary": "Drones count.",
        "mediaUrls": ["https://media.example/sheep.mp4"],
        "organization": {"name": "sl", "fullname": "Sheep Lab"},
    },
    "publishedAt": "2024-12-01T13:00:00.000Z",
    "title": "Counting Sheep with Drones",
    "numComments": 2,
    "submittedBy": {"fullname": "AK"},
}


def test_an_item_of_the_daily_papers_api():
    [paper] = read([WRAPPED])
    assert paper.date == "2024-12-01"
    assert paper.authors == ("Carl Friis", "Bo Li")
    assert paper.abstract == "Flocks are counted."
    assert paper.identifiers == (Identifier("arxiv", "2412.00001"),)
    assert set(paper.links) == {
        ("code", "https://github.com/a/sheep"),
        ("project", "https://sheep.example"),
    }
    assert paper.organization == "Sheep Lab"
    assert paper.extra == {"keywords": "sheep, drones", "tldr": "Drones count."}
    [seen] = paper.sightings
    assert (seen.source, seen.place, seen.at) == ("hf", "daily", "2024-12-03")
    assert (seen.upvotes, seen.comments, seen.stars) == (17, 2, 5)


def test_the_page_and_the_api_make_one_paper(library: Library):
    # Within batches of one file or one by one, whoever comes first.
    listed = make.paper("Counting sheep with drones", standing=Standing.LISTED, date="2024-12-02")
    library.add_all([listed, *read([WRAPPED])], now=NOW)
    [entry] = list(library.entries())
    assert entry.paper.date == "2024-12-01"


def test_a_paper_of_the_api_by_itself_is_the_same_paper():
    [wrapped, alone] = read([{**WRAPPED, "numComments": None}, WRAPPED["paper"]])
    assert alone == wrapped


@pytest.mark.parametrize(
    ("stated", "published", "submitted", "featured"),
    [
        # Since March 2025 it is stated, and the item's own date is the paper's in New York time.
        ("2025-03-17T00:38:00.000Z", "2025-03-14T15:00:00.000Z", "2025-03-14T11:00:00.000Z", "17"),
        # Until then the item's date was when it was submitted; a day begins at 21:30 in New York.
        (None, "2025-03-01T18:53:06.000Z", "2025-03-02T22:24:36.430Z", "03"),
        (None, "2025-03-01T18:53:06.000Z", "2025-03-03T11:13:57.890Z", "03"),
    ],
)
def test_the_day_on_which_an_item_was_featured(
    stated: str | None, published: str, submitted: str, featured: str
):
    about = {"submittedOnDailyAt": stated, "publishedAt": published}
    item = {"paper": {**WRAPPED["paper"], **about}, "publishedAt": submitted}
    [paper] = read([item])
    [seen] = paper.sightings
    assert (seen.place, seen.at) == ("daily", f"2025-03-{featured}")


@pytest.mark.parametrize(
    ("published", "submitted"),
    [
        ("2025-03-10T15:00:00.000Z", "2025-03-10T11:00:00.000Z"),  # as in what a search finds
        ("2025-03-10T15:00:00.000Z", None),
        ("2025-03-10", "soon"),
        ("0000", "9999-12-31T23:59:59Z"),
        ([], 5),
    ],
)
def test_a_paper_that_was_not_featured_is_met_today(published: Any, submitted: Any):
    alone = {k: v for k, v in WRAPPED["paper"].items() if k != "submittedOnDailyAt"}
    [paper] = read([{"paper": {**alone, "publishedAt": published}, "publishedAt": submitted}])
    [seen] = paper.sightings
    assert (seen.source, seen.place, seen.at, seen.upvotes) == ("hf", "", "2026-11-23", 17)


@pytest.mark.parametrize("broken", [{"paper": {}}, {"paper": {"title": "No Id at All"}}])
def test_an_item_without_id_or_title_is_a_problem(broken: dict):
    good, problem = read([WRAPPED, broken])
    assert isinstance(good, Paper)
    assert "without id or title" in problem.what


def stated(name: str) -> bool:
    """Between 11 and 17 March 2025 items did not say when they were featured."""
    return name != "daily_2025-03-11.json"


def test_the_real_answers_are_read_without_a_problem(shared: Path, library: Library):
    files = sorted((shared / "fixtures" / "hf_daily_papers").glob("daily_*.json"))
    assert len(files) > 15
    for file in files:
        with file.open("rb") as stream:
            items = list(formats.read(stream, make.origin(file.name)).items)
        assert items
        for paper in items:
            assert isinstance(paper, Paper), paper
            assert paper.title
            assert paper.abstract
            assert paper.authors
            assert paper.identifier("arxiv")
            [seen] = paper.sightings
            assert (seen.source, seen.place) == ("hf", "daily" if stated(file.name) else "")
            assert seen.at == (file.stem[-10:] if stated(file.name) else "2026-11-23")
        report = library.add_all(items, now=NOW)
        assert report.added + report.updated + report.unchanged == len(items)


# --- containers, and what is no record ----------------------------------------------------------

GOOD = {"title": "A Good Record Among These"}


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(GOOD),
        json.dumps(GOOD, indent=2),
        json.dumps([GOOD]),
        json.dumps([GOOD], indent=4),
        json.dumps({"papers": [GOOD]}),
        json.dumps({"status": "ok", "data": [str(GOOD)]}, indent=1),
        json.dumps({"results": [GOOD], "count": 1}, indent="\t"),
        "\n\n  " + json.dumps(GOOD) + "\n\n",
        json.dumps(GOOD) + "\r\n",
    ],
)
def test_a_record_is_found_in_whatever_holds_it(content: str):
    [paper] = read(content)
    assert paper.title == GOOD["title"]


@pytest.mark.parametrize("content", ["[]", "{}", "[1]", '[null, "x"]', '{"papers": [[]]}', "[[]]"])
def test_what_is_no_record_is_a_problem(content: str):
    for item in read(content):
        assert isinstance(item, Problem)
        assert item.where.startswith("file.json line 1")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | hostile,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from([*records._FIELDS, "paper", "papers", "data", "x", "name"]),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_any_json_is_papers_and_problems_that_a_library_takes(value: Any):
    with Library(":memory:") as library:
        items = list(json_records.load([Value(1, value)], make.origin()))
        report = library.add_all(items, now=NOW)
        assert len(report.problems) == sum(isinstance(item, Problem) for item in items)
        list(library.entries())


@pytest.mark.parametrize(
    "text",
    [
        "{'paper': {'title': b'x'}}",
        "{'title': 'A Title of Four', 'x': b'1'}",
        "{'title': 'A Title of Four', 'x': {(1, 2): {3}}, (1, 2): 3, 'year': 1e999}",
        "{'x': {1, 2}, 'authors': (1, 2), 'y': 1j}",
    ],
)
def test_a_record_written_as_a_value_of_python_may_have_what_json_has_not(text: str):
    [item] = json_records.load([Value(1, {"data": [text]})], make.origin())
    assert isinstance(item, Paper | Problem)
    with Library(":memory:") as library:
        library.add_all([item], now=NOW)


@given(
    st.sampled_from([*records._FIELDS]),
    st.sampled_from([None, 5, "x", [], [1], {}, {"a": 1}, 2**70]),
)
def test_any_value_in_any_field_leaves_a_paper(name: str, value: Any):
    [paper] = json_records.load(
        [Value(1, {"x": "y", "title": "A Title of Four", name: value})], make.origin()
    )
    assert isinstance(paper, Paper if name != "title" or value == "x" else Paper | Problem)


# --- JSON as it comes ---------------------------------------------------------------------------


def rec(n: int) -> dict[str, Any]:
    return {"title": f"Record of Number {n}", "id": f"2401.{n:05}", "tags": [{"a": 1}, "]}"]}


RECORDS = [rec(n) for n in range(5)]


def titles(items: list[Any]) -> list[str]:
    return [item.title for item in items if isinstance(item, Paper)]


ALL = titles(read(RECORDS))


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(RECORDS),
        json.dumps(RECORDS, indent=2),
        json.dumps(RECORDS, indent=4),
        json.dumps(RECORDS, indent=1),
        json.dumps(RECORDS, indent="\t"),
        "\n".join(map(json.dumps, RECORDS)),
        "\n\n".join(map(json.dumps, RECORDS)) + "\n",
        "\n".join(json.dumps(record, indent=2) for record in RECORDS),
        ",\n".join(map(json.dumps, RECORDS)),
        "[\n" + ",\n".join(map(json.dumps, RECORDS)) + "\n]\n",
        "[" + ",\n".join(map(json.dumps, RECORDS)) + "]",
        "\n".join(json.dumps([record]) for record in RECORDS),
    ],
    ids=range(12),
)
def test_records_are_read_however_they_are_written_one_after_another(content: str):
    items = read(content)
    assert [item for item in items if isinstance(item, Problem)] == []
    assert titles(items) == ALL


def test_values_come_with_the_lines_on_which_they_begin():
    for content, lines in (
        ('{"a": 1}\n\n{"b": 2}\n', [1, 3]),
        ('\n\n[\n  {"a": 1},\n  {\n    "b": 2\n  }\n]', [4, 5]),
        ('{\n"a": 1\n}\n{\n"b": 2\n}', [1, 4]),
    ):
        found = list(json_stream.values(StringIO(content), "x"))
        assert [value.line for value in found] == lines


BROKEN = '{"title": "Broken" "id": oops}'


@pytest.mark.parametrize("indent", ["", " ", "  ", "    ", "\t"])
@pytest.mark.parametrize("kind", ["lines", "array"])
def test_a_broken_record_is_a_problem_and_those_after_it_are_read(kind: str, indent: str):
    lines = [json.dumps(record) for record in RECORDS]
    lines[2] = BROKEN
    if kind == "array":
        content = "[\n" + ",\n".join(indent + line for line in lines) + "\n]\n"
    else:
        content = "\n".join(indent + line for line in lines)
    items = read(content)
    [problem] = [item for item in items if isinstance(item, Problem)]
    assert titles(items) == [ALL[n] for n in (0, 1, 3, 4)]
    assert problem.where == f"file.json line {4 if kind == 'array' else 3}"
    assert "not JSON" in problem.what
    assert "Broken" in problem.raw


@pytest.mark.parametrize("indent", [1, 2, 4, "\t"])
def test_a_broken_record_that_stretches_over_lines_is_a_problem_and_those_after_it_are_read(indent):
    content = json.dumps(RECORDS, indent=indent).replace('"Record of Number 2"', "oops")
    items = read(content)
    assert titles(items) == [ALL[n] for n in (0, 1, 3, 4)]
    assert 1 <= len([item for item in items if isinstance(item, Problem)]) <= 3


def test_a_broken_first_line_does_not_spoil_the_others():
    lines = [BROKEN, *map(json.dumps, RECORDS)]
    assert titles(read("\n".join(lines))) == ALL
    lines[0] = BROKEN[:-1]
    assert titles(read("\n".join(lines))) == ALL


@pytest.mark.parametrize("share", [0.3, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("indent", [None, 2])
def test_a_file_that_is_cut_off_gives_what_is_there_and_a_problem(share: float, indent: int | None):
    content = json.dumps(RECORDS, indent=indent)
    cut = content[: int(len(content) * share)]
    items = read(cut)
    found = titles(items)
    assert found == ALL[: len(found)]
    assert len(found) >= cut.count("]}") // 2 - 1
    assert isinstance(items[-1], Problem)


def test_a_record_too_long_to_read_is_a_problem_and_the_rest_is_read(monkeypatch):
    monkeypatch.setattr(json_stream, "LIMIT", 5_000)
    monkeypatch.setattr(json_stream, "_READ", 1_000)
    huge = json.dumps({"title": "x" * 20_000})
    lines = [json.dumps(RECORDS[0]), huge, json.dumps(RECORDS[1]), huge, json.dumps(RECORDS[2])]
    for content in ("\n".join(lines), "[\n" + ",\n".join(lines) + "\n]", "\n".join(lines[1:])):
        items = read(content)
        assert titles(items) == ALL[0 if content[0] == "[" or "Number 0" in content else 1 : 3]
        problems = [item for item in items if isinstance(item, Problem)]
        assert len(problems) == 2
        assert all("million characters" in problem.what for problem in problems)
        assert all(len(problem.raw) <= 200 for problem in problems)


def test_a_broken_record_is_not_taken_for_a_long_one_because_much_follows(monkeypatch):
    monkeypatch.setattr(json_stream, "LIMIT", 5_000)
    monkeypatch.setattr(json_stream, "_READ", 1_000)
    many = [rec(n) for n in range(200)]
    content = json.dumps(many, indent=1).replace('"Record of Number 2"', "oops")
    items = read(content)
    [problem] = [item for item in items if isinstance(item, Problem)]
    assert "not JSON" in problem.what
    assert len(titles(items)) == 199


def test_a_file_of_one_endless_line_takes_no_endless_memory(monkeypatch):
    monkeypatch.setattr(json_stream, "LIMIT", 100_000)

    class Endless(BytesIO):
        left = 20_000_000

        def read1(self, size: int = -1) -> bytes:
            size = min(size if size > 0 else 65_536, self.left)
            self.left -= size
            return b"{" + b"x" * (size - 1) if self.left > 19_000_000 else b"x" * size

    tracemalloc.start()
    try:
        items = list(formats.read(Endless(), make.origin()).items)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert items
    assert all(isinstance(item, Problem) for item in items)
    assert peak < 5_000_000


def test_json_nested_too_deep_is_a_problem():
    items = read(
        '{"title": "A Good Record Comes First"}\n' + '{"a":' * 100_000 + "\n" + json.dumps(GOOD)
    )
    assert titles(items) == ["A Good Record Comes First", GOOD["title"]]
    assert len(items) == 3


def test_numbers_out_of_bounds_are_no_signals():
    items = read(
        '{"title": "A Title of Four", "upvotes": 1e400, "stars": 1' + "0" * 30 + ', "x": NaN}'
    )
    with Library(":memory:") as library:
        report = library.add_all(items, now=NOW)
        assert report.added + len(report.problems) == 1


@given(
    st.lists(
        st.sampled_from(['{"a":1}', '{"a":', "[", "]", "}", ",", "\n", " ", '"', "1", "x"]),
        max_size=14,
    )
)
def test_any_mixture_of_pieces_comes_to_an_end(pieces: list[str]):
    text = "".join(pieces)
    for item in json_stream.values(StringIO(text), "x"):
        assert isinstance(item, Value | Problem)


@pytest.mark.parametrize("indent", [None, 1])
def test_a_list_in_an_object_may_be_longer_than_any_record(monkeypatch, indent: int | None):
    monkeypatch.setattr(json_stream, "LIMIT", 5_000)
    monkeypatch.setattr(json_stream, "_READ", 1_000)
    many = [rec(n) for n in range(200)]
    content = json.dumps({"config": {"label": "x"}, "items": many, "more": 1}, indent=indent)
    items = read(content)
    assert len(titles(items)) == 200
