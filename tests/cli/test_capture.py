"""What of a file comes in, and feeds that come out of one."""

import json
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from readlist.library import Library

Run = Callable[..., Result]


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    """Three records in the form of arXiv's snapshot."""
    file = tmp_path / "snapshot.json"
    file.write_text(
        "".join(
            json.dumps(
                {
                    "id": id,
                    "title": f"A Study of {categories}",
                    "categories": categories,
                    "authors_parsed": [["Ode", "Ann", ""]],
                    "versions": [{"version": "v1", "created": f"{day} 19:18:42 GMT"}],
                    "abstract": "  We study it.",
                }
            )
            + "\n"
            for id, categories, day in (
                ("0704.0001", "cs.LG stat.ML", "Mon, 2 Apr 2007"),
                ("2401.00002", "math.NA", "Mon, 1 Jan 2024"),
                ("2402.00003", "hep-th cs.AI", "Thu, 1 Feb 2024"),
            )
        )
    )
    return file


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ((), {"0704.0001", "2401.00002", "2402.00003"}),
        (("--category", "cs.LG"), {"0704.0001"}),
        (("--category", "cs"), {"0704.0001", "2402.00003"}),
        (("--category", "cs.L"), set()),
        (("--category", "math.NA", "--category", "hep-th"), {"2401.00002", "2402.00003"}),
        (("--since", "2024"), {"2401.00002", "2402.00003"}),
        (("--since", "2024-01-02"), {"2402.00003"}),
        (("--until", "2024-01"), {"0704.0001", "2401.00002"}),
        (("--category", "cs", "--since", "2010"), {"2402.00003"}),
    ],
)
def test_only_what_is_asked_for_comes_in(
    run: Run, library: Library, snapshot: Path, options: tuple[str, ...], found: set[str]
):
    done = run("import", snapshot, *options)
    assert done.exit_code == 0
    assert "arXiv snapshot" in done.stdout
    assert {entry.paper.identifier("arxiv") for entry in library.entries()} == found
    assert ("nothing in it that fits" in done.stdout) == (not found)


def test_feeds_of_a_reader_become_tables_for_the_settings(run: Run, tmp_path: Path):
    (tmp_path / "subs.opml").write_text(
        '<opml version="2.0"><body><outline text="Papers & Co" xmlUrl="https://a.org/rss"/>'
        '<outline text="folder"><outline text="Papers, Co!" xmlUrl="https://b.org/rss"/>'
        '<outline text="論文" xmlUrl="https://c.org/rss"/></outline></body></opml>'
    )
    config = tmp_path / "config.toml"
    config.write_text('[feeds.mine]\nsource = "feed"\nurl = "https://c.org/rss"\n')
    done = run("--config", config, "feeds", "--opml", tmp_path / "subs.opml")
    tables = tomllib.loads(config.read_text() + done.stdout)["feeds"]
    assert {name: table["url"] for name, table in tables.items()} == {
        "mine": "https://c.org/rss",
        "papers-co": "https://a.org/rss",
        "papers-co-2": "https://b.org/rss",
    }
    assert "'readlist feeds --opml FILE' takes them" in run("import", tmp_path / "subs.opml").stderr
    told = run("feeds", "--opml", config)
    assert told.exit_code == 1
    assert told.stderr == f"Error: {config} is no OPML file with feeds\n"
