"""Records of tagged lines: where they begin and end, and what is too long."""

from collections.abc import Iterator
from io import StringIO

from readlist.formats import tagged
from readlist.formats.tagged import Record
from readlist.models import Problem


def split(line: str) -> tuple[str, str] | None:
    tag, colon, text = line.partition(":")
    return (tag, text) if colon and tag.isupper() else None


FORM = tagged.Form(split, lambda tag, _known, _blank: tag == "A", "END")


def read(text: str) -> list[Record | Problem]:
    return list(tagged.records(StringIO(text), "file", FORM))


def test_values_go_on_over_lines_and_tags_repeat():
    [record] = read("A: one\n  and more\n\n\nthen this\nB: two\nB:\nB: three\nEND:\n")
    assert record.fields == {"A": ["one\nand more\n\nthen this"], "B": ["two", "three"]}
    assert record.where == "file line 1"


def test_what_stands_outside_of_records_says_nothing():
    first, second = read("Results\n\nA: 1\nEND:\nNumber 2\nA: 2\nEND:\nend of results\n")
    assert (first.fields, second.fields) == ({"A": ["1"]}, {"A": ["2"]})
    assert second.where == "file line 6"


def test_a_record_without_an_end_ends_where_the_next_begins():
    first, second = read("A: 1\nB: x\nA: 2\nEND:\n")
    assert (first.fields, second.fields) == ({"A": ["1"], "B": ["x"]}, {"A": ["2"]})


def test_a_last_record_without_an_end_is_saved_and_told_of():
    *records, problem = read("A: 1\nEND:\nA: 2\n")
    assert [record.fields for record in records] == [{"A": ["1"]}, {"A": ["2"]}]
    assert str(problem) == (
        "file line 3: the last record has no END, so it may be cut off; saved what is there"
    )
    assert len(read("A: 1\nA: 2\n")) == 2  # of a program that writes none


class Endless(StringIO):
    """A line of a hundred million characters that nobody has in memory, between two records."""

    def __init__(self) -> None:
        super().__init__()
        self.parts = self._parts()
        self.longest = 0

    @staticmethod
    def _parts() -> Iterator[str]:
        yield from ("A: 1\n", "END:\n", "A: 2\n", "B: ")
        yield from ("x" * 65_536 for _ in range(1526))
        yield from ("\n", "END:\n", "A: 3\n", "END:\n")

    def readline(self, size: int = -1) -> str:
        part = next(self.parts, "")
        assert len(part) <= size
        return part


def test_a_record_that_is_too_long_is_left_out_and_the_next_one_read():
    first, problem, third = tagged.records(Endless(), "file", FORM)
    assert (first.fields, third.fields) == ({"A": ["1"]}, {"A": ["3"]})
    assert str(problem) == "file line 3: a record of more than 2 million characters; left out"
    assert problem.raw.startswith("A: 2\nB: xxx")
    assert len(problem.raw) == 200


def test_blank_lines_do_not_make_a_record_long():
    [record] = read("A: 1" + "\n" * 2_100_000)
    assert record.fields == {"A": ["1"]}


def test_taking_values():
    fields = {"A": ["x", "y"], "B": ["x ", "z"], "C": []}
    assert tagged.first(fields, "C", "A", "B") == "x"
    assert fields == {"A": ["y"], "B": ["z"]}
    assert tagged.take(fields, "B", "D") == ["z"]
    assert tagged.rest(fields) == {"A": "y"}
    assert tagged.first(fields, "D") == ""
