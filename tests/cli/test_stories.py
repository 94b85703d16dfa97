"""Stories: whole outputs of command lines as a user types them, one after another."""

import json
import textwrap
from pathlib import Path

PAGE = """\
new

Get trending papers in your email inbox!

Subscribe

Daily Papers

byAK and the research community

Dec 11

Caching Keys and Values for Fewer Watts

Serving a language model spends most of its energy on moving the key-value cache. We keep the cache
compressed in fast memory and expand it on the way. Code: https://github.com/example/watts.

  • 2 authors
·
Nov 25 4

Counting Sheep with H$_2$O Drones

Flocks are counted from the air by drones that drink hydrogen. A detector for small white animals
is trained on synthetic meadows.

acme ACME Research
·
Dec 1, 2024

Pruning the Key-Value Cache While Decoding

Decoding slows down as the cache grows. Entries that received little attention are pruned, and the
throughput of serving doubles.

  • 1 authors
·
Oct 2
"""

RECORDS = [
    {
        "title": "Caching Keys and Values for Fewer Watts",
        "authors": ["Ada Byron", "Bo Li"],
        "id": "2511.01234v2",
        "published": "2025-11-24",
    },
    {
        "paper": {
            "id": "2412.00001",
            "title": "Counting Sheep with H$_2$O\n  Drones",
            "summary": "Flocks are counted from the air.",
            "authors": [{"name": "Carl Friis", "hidden": False}],
            "publishedAt": "2024-12-01T18:00:00.000Z",
            "submittedOnDailyAt": "2024-12-03T00:00:00.000Z",
            "upvotes": 17,
        },
        "publishedAt": "2024-12-01T13:00:00.000Z",
        "title": "Counting Sheep with H$_2$O Drones",
        "numComments": 2,
    },
]

BIB = r"""
@article{byron2026caching,
  author = {Byron, Ada and Li, Bo},
  title = {Caching Keys and Values for Fewer Watts},
  journal = {Journal of Frugal Computing},
  year = {2026},
  volume = {7},
  note = {read twice},
}
"""


def text(block: str) -> str:
    return textwrap.dedent(block).lstrip("\n")


def test_first_use_from_page_to_bibliography(run, tmp_path):
    page = tmp_path / "page.txt"
    page.write_text(PAGE)
    done = run("import", page)
    assert done.stdout == (
        f"{page}: Daily Papers page of 2025-12-11, its year inferred from those written on it"
        " (--date sets another): 3 added\n"
    )
    assert run("list").stdout == text("""
        1  2025-11-25  Caching Keys and Values for Fewer Watts     2 authors
        3  2025-10-02  Pruning the Key-Value Cache While Decoding  1 author
        2  2024-12-01  Counting Sheep with H$_2$O Drones           ACME Research
    """)

    assert run("like", "caching keys").stdout == (
        "liked  1  Caching Keys and Values for Fewer Watts\n"
    )
    assert run("skip", 2).stdout == "skipped  2  Counting Sheep with H$_2$O Drones\n"
    assert run("skip", 2).stdout == "already skipped  2  Counting Sheep with H$_2$O Drones\n"
    assert run("picks").stdout == text("""
        100%  Pruning the Key-Value Cache While Decoding
              3 · 1 author · 2025-10-02
              for key value, cache, serving; like Caching Keys and Values for Fewer… (1)
    """)

    records = tmp_path / "records.json"
    records.write_text(json.dumps(RECORDS))
    assert run("import", records).stdout == f"{records}: JSON: 2 updated\n"
    assert run("show", "arXiv:2511.01234").stdout == text("""
        Caching Keys and Values for Fewer Watts
        Ada Byron, Bo Li
        2025-11-24 · arXiv 2511.01234
        paper 1 · liked

        Serving a language model spends most of its energy on moving the key-value
        cache. We keep the cache compressed in fast memory and expand it on the way.
        Code: https://github.com/example/watts.

        page   https://arxiv.org/abs/2511.01234
        pdf    https://arxiv.org/pdf/2511.01234
        code   https://github.com/example/watts
        also   listed 2025-11-25
        met    2025-12-11 hf page, 4 comments
        met    2026-11-23 json records.json
        added  2026-11-23
    """)

    bib = tmp_path / "mine.bib"
    bib.write_text(BIB)
    assert run("import", bib).stdout == f"{bib}: BibTeX: 1 updated\n"
    out = tmp_path / "refs.bib"
    assert run("export", "--rating", "like", "-o", out).stderr == f"wrote {out}: 1 paper\n"
    assert out.read_text() == text("""
        @article{byron2026caching,
          author = {Byron, Ada and Li, Bo},
          title = {Caching Keys and Values for Fewer Watts},
          journal = {Journal of Frugal Computing},
          year = {2026},
          volume = {7},
          eprint = {2511.01234},
          archivePrefix = {arXiv},
          note = {read twice},
        }
    """)
    assert run("export", "--rating", "like", "-o", out).stderr == f"{out} is current: 1 paper\n"


def test_decisions_are_taken_back_in_any_number_of_steps(run, tmp_path):
    page = tmp_path / "page.txt"
    page.write_text(PAGE)
    run("import", page, "--tag", "fridge", "--status", "later")
    run("read", 1)
    run("dislike", 2, 3)
    run("note", 1, "lovely tables")
    run("note", 1, "see also 3")
    assert "lovely tables\n  see also 3\n" in run("show", 1).stdout

    assert run("history", "-n", 4).stdout == text("""
        2026-11-23 09:30  noted             1  Caching Keys and Values for Fewer Watts
        2026-11-23 09:30  noted             1  Caching Keys and Values for Fewer Watts
        2026-11-23 09:30  disliked          2  Counting Sheep with H$_2$O Drones
        2026-11-23 09:30  disliked          3  Pruning the Key-Value Cache While Decoding
    """)
    assert run("undo", 3).stdout == text("""
        undid: noted, 2026-11-23 09:30  1  Caching Keys and Values for Fewer Watts
        undid: noted, 2026-11-23 09:30  1  Caching Keys and Values for Fewer Watts
        undid: disliked, 2026-11-23 09:30, 2 papers
    """)
    assert run("list", "--rating", "dislike").stderr == (
        "nothing fits; 'readlist stats' shows what there is\n"
    )
    assert run("undo").stdout == (
        "undid: read, 2026-11-23 09:30  1  Caching Keys and Values for Fewer Watts\n"
    )
    assert [entry["status"] for entry in json.loads(run("list", "--json").stdout)] == ["later"] * 3
    assert run("undo", 9).stdout == (
        "undid: import page.txt status later tag fridge, 2026-11-23 09:30, 3 papers\n"
    )
    entries = json.loads(run("list", "--json").stdout)
    assert [(entry["status"], entry["tags"]) for entry in entries] == [("new", [])] * 3
    assert run("undo").stderr == "nothing to undo\n"


def test_everything_goes_wrong_and_nothing_is_lost(run, tmp_path):
    bib = tmp_path / "broken.bib"
    bib.write_text(
        "@article{a, title={One Good Title of Five}, year=2020}\n@article{b, title={Open\n"
    )
    done = run("import", bib, tmp_path / "none.bib", tmp_path)
    assert done.exit_code == 1
    assert done.stdout.startswith(f"{bib}: BibTeX: 2 added, 1 problem")
    assert "broken.bib line 2" in done.stderr
    assert f"Error: {tmp_path}/none.bib cannot be read: No such file or directory\n" in done.stderr
    assert f"Error: {tmp_path} cannot be read: Is a directory\n" in done.stderr

    done = run("like", 1, 7, "nothing like this")
    assert done.exit_code == 1
    assert done.stdout == "liked  1  One Good Title of Five\n"
    assert done.stderr == (
        "Error: no paper '7'; try 'readlist search' with words of it\n"
        "Error: no paper 'nothing like this'; try 'readlist search' with words of it\n"
    )

    done = run("export")
    assert done.exit_code == 0
    assert done.stderr == (
        "warning: a has no author: One Good Title of Five\n"
        "warning: b has no author and no year: Open\n"
    )
    done = run("export", "-o", tmp_path / "no" / "folder" / "refs.bib")
    assert done.exit_code == 1
    assert done.stderr.endswith("refs.bib: No such file or directory\n")


def test_a_library_comes_back_from_its_json_lines(run, tmp_path):
    (tmp_path / "page.txt").write_text(PAGE)
    (tmp_path / "mine.bib").write_text(BIB)
    run("import", tmp_path / "page.txt", tmp_path / "mine.bib")
    run("like", 1)
    run("tag", "frugal", 1, 3)
    run("dislike", 2)
    run("undo")
    first = run("export", "--format", "jsonl").stdout

    (tmp_path / "backup.jsonl").write_text(first)
    done = run("--library", tmp_path / "other.db", "import", tmp_path / "backup.jsonl")
    assert done.stdout.endswith("readlist JSON lines: 3 added\n")
    assert run("--library", tmp_path / "other.db", "export", "--format", "jsonl").stdout == first
    assert run("--library", tmp_path / "other.db", "history").stdout == run("history").stdout
    again = run("--library", tmp_path / "other.db", "import", tmp_path / "backup.jsonl")
    assert again.stdout.endswith("3 unchanged\n")
    assert run("--library", tmp_path / "other.db", "undo").stdout == run("undo").stdout


def test_an_empty_library_says_what_to_do(run):
    assert run("list").stderr == (
        "the library is empty; 'readlist import FILE' fills it, 'readlist demo' shows how\n"
    )
    assert run("picks").stderr == (
        "nothing is left to decide here; 'readlist import FILE' brings more\n"
    )
    assert run("train").stderr == (
        "nothing to learn from yet; like a paper or two: 'readlist triage'\n"
    )
    assert run("history").stderr == "nothing done yet; 'readlist triage' is where it begins\n"
    assert run("export").stdout == ""


def test_the_real_page_goes_round_the_loop(run, shared: Path):
    done = run("import", shared / "daily-papers-page.txt")
    assert done.exit_code == 0
    assert done.stdout.endswith(": 56 added\n")
    run("like", "batch speculative decoding done right", "dInfer")
    found = json.loads(run("picks", "--json").stdout)
    assert len(found) == 10
    assert "decoding" in json.dumps([pick["reasons"] for pick in found])
    assert {pick["entry"]["status"] for pick in found} == {"new"}
    assert run("picks").stdout == run("picks").stdout
    exported = run("export", "--rating", "like")
    assert exported.stdout.count("\n@") + exported.stdout.startswith("@") == 2
    assert exported.stderr.count("warning:") == 2
