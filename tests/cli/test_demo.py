"""The demo tells the whole loop and leaves nothing behind."""

import re


def test_the_demo_goes_from_import_to_bibliography(run, tmp_path):
    done = run("demo")
    assert done.exit_code == 0
    said = done.stdout
    assert "readlist import page.txt        60 added" in said
    assert "readlist import records.jsonl   44 enriched" in said
    assert len(re.findall(r"^ ?\d+%  ", said, re.MULTILINE)) == 5
    assert "      for " in said
    assert said.count("@misc{") == 2
    assert "readlist triage" in said.rpartition("Your turn")[2]
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []


def test_the_demo_tells_the_same_each_time(run):
    assert run("demo").stdout == run("demo").stdout
