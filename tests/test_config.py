from dataclasses import asdict, fields
from pathlib import Path

import pytest

from readlist import config
from readlist.config import Cite, Config, Feed, Picks, Recommend
from readlist.errors import ConfigError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def problems(file: Path, text: str) -> list[str]:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        config.load(str(file))
    return str(caught.value).splitlines()


def test_without_a_file_the_defaults_hold(file: Path):
    assert config.load(str(file)) == Config()


def test_what_the_file_says_holds_and_the_rest_is_default(file: Path):
    file.write_text(
        'library = "mine.db"\n[picks]\nnumber = 5\nexplore = 0\npopular = false\n[recommend]\nhalf_life = 0\n'
        '[cite]\nkey_pattern = "{auth}:{year}"\n',
        encoding="utf-8",
    )
    assert config.load(str(file)) == Config(
        library="mine.db",
        picks=Picks(number=5, explore=0.0, popular=False),
        recommend=Recommend(half_life=0.0),
        cite=Cite(key_pattern="{auth}:{year}"),
    )


def test_the_defaults_written_out_are_the_defaults(file: Path):
    def toml(values: dict) -> str:
        tables = {name: value for name, value in values.items() if isinstance(value, dict)}
        lines = [f"{name} = {_toml(value)}" for name, value in values.items() if name not in tables]
        for name, table in tables.items():
            lines += [f"[{name}]", toml(table)]
        return "\n".join(lines)

    file.write_text(toml({**asdict(Config()), "feeds": {}}), encoding="utf-8")
    assert config.load(str(file)) == Config()


def _toml(value: object) -> str:
    value = list(value) if isinstance(value, tuple) else value
    return str(value).lower() if isinstance(value, bool) else repr(value).replace("'", '"')


def test_an_editor_s_byte_order_mark_does_no_harm(file: Path):
    file.write_bytes(b'\xef\xbb\xbflibrary = "mine.db"\r\n')
    assert config.load(str(file)).library == "mine.db"


def test_all_problems_are_told_at_once_by_their_dotted_names(file: Path):
    told = problems(
        file,
        'libary = "x"\npicks = 3\ntriage = {plain = "yes"}\n'
        '[recommend]\nhalf_life = "slow"\nspeed = 1\n[cite]\nkey_pattern = 1\n',
    )
    assert told == [
        f"{file}:",
        "  libary: no such setting; did you mean library?",
        "  picks: expected a table [picks], got 3",
        "  triage.plain: expected true or false, got 'yes'",
        "  recommend.half_life: expected a number, got 'slow'",
        "  recommend.speed: no such setting",
        "  cite.key_pattern: expected a text, got 1",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[picks]\nnumber = 0", "picks.number: expected at least 1, got 0"),
        ("[picks]\nnumber = true", "picks.number: expected a whole number, got True"),
        ("[picks]\nnumber = 2.5", "picks.number: expected a whole number, got 2.5"),
        ("[picks]\nexplore = 1.5", "picks.explore: expected a share from 0 to 1, got 1.5"),
        ("[picks]\nexplore = nan", "picks.explore: expected a share from 0 to 1, got nan"),
        ("[picks]\npopular = 1", "picks.popular: expected true or false, got 1"),
        ("[recommend]\nhalf_life = -1", "recommend.half_life: expected days, or 0, got -1.0"),
        ("[recommend]\nhalf_life = inf", "recommend.half_life: expected days, or 0, got inf"),
        ("[recommend]\nhalf_life = nan", "recommend.half_life: expected days, or 0, got nan"),
    ],
)
def test_a_value_out_of_range_is_told(file: Path, text: str, told: str):
    assert problems(file, text)[1:] == [f"  {told}"]


@pytest.mark.parametrize(
    "pattern", ["", "paper", "{author}{year}", "{foo", "{auth}}", "{auth} {year}", "{auth},"]
)
def test_a_pattern_that_makes_no_citation_keys_is_told(file: Path, pattern: str):
    told = (
        "  cite.key_pattern: expected {auth}, {year} or {title} with letters, digits or :.+/_-"
        f" around them, got {pattern!r}"
    )
    assert problems(file, f'[cite]\nkey_pattern = "{pattern}"')[1:] == [told]


@pytest.mark.parametrize("contact", ["", "ada@example.org", "a.d+a@mail-1.example.co.uk"])
def test_a_contact_is_an_address_or_nobody(file: Path, contact: str):
    file.write_text(f'contact = "{contact}"')
    assert config.load(str(file)).contact == contact


@pytest.mark.parametrize(
    "contact",
    [
        *("Ada", "ada@", "@example.org", "ada@home", "a b@c.org", "a@b.org, c@d.org"),
        *("ada@müller.de", "https://ada.example.org/", r"a\u0000@b.org"),
        *(r"ada@example.org\r\nX-Evil: 1", r"ada@example.org\n"),
    ],
)
def test_a_contact_that_cannot_be_told_to_services_is_told(file: Path, contact: str):
    found = problems(file, f'contact = "{contact}"\n[picks]\nnumber = 0')[1:]
    assert len(found) == 2
    assert found[0].startswith("  contact: expected an e-mail address, got ")


def test_interests_are_texts(file: Path):
    file.write_text('interests = ["speculative decoding", "sheep"]')
    assert config.load(str(file)).interests == ("speculative decoding", "sheep")


@pytest.mark.parametrize("value", ["'sheep'", "[1]", "['sheep', '']", "['sheep', ' ']", "true"])
def test_what_is_no_list_of_interests_is_told(file: Path, value: str):
    [told] = problems(file, f"interests = {value}")[1:]
    assert told.startswith("  interests: expected a list of texts, got ")


def test_a_file_that_is_not_toml_is_told_with_its_line(file: Path):
    assert problems(file, "picks =\n") == [
        f"{file} is not TOML: Invalid value (at line 1, column 8)"
    ]


def test_a_file_that_is_not_text_or_no_file_is_told(file: Path, tmp_path: Path):
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match=f"{file} cannot be read"):
        config.load(str(file))
    with pytest.raises(ConfigError, match="cannot be read"):
        config.load(str(tmp_path))


def test_feeds_are_tables_with_a_name_each(file: Path):
    file.write_text(
        '[feeds.daily]\nsource = "hf"\nperiod = "day"\ntags = ["hf"]\nstatus = "later"\n'
        '[feeds."my search"]\nsource = "arxiv-query"\nquery = "all:sheep"\n'
    )
    assert config.load(str(file)).feeds == (
        Feed(name="daily", source="hf", tags=("hf",), status="later", options={"period": "day"}),
        Feed(name="my search", source="arxiv-query", options={"query": "all:sheep"}),
    )


def test_all_that_is_wrong_with_feeds_is_told(file: Path):
    text = (
        '[feeds]\nx = 1\n[feeds.none]\n[feeds.odd]\nsource = "hf"\nstatus = "old"\n'
        'tags = ["two words", "-x"]\n'
    )
    assert problems(file, text)[1:] == [
        "  feeds.x: expected a table [feeds.x], got 1",
        "  feeds.none.source: expected the name of a source, got ''",
        "  feeds.odd.status: expected one of new, later, reading, read, skipped, got 'old'",
        "  feeds.odd.tags: expected a list of single words, got ['two words', '-x']",
    ]
    assert problems(file, "feeds = 3")[1:] == ["  feeds: expected tables [feeds.NAME], got 3"]


def test_every_setting_has_a_type_that_problems_can_name():
    tables = [f.type for f in fields(Config) if hasattr(f.type, "__dataclass_fields__")]
    for table in (Config, *tables):
        for setting in fields(table):
            known = setting.type in config._TYPES or setting.name == "feeds"
            assert known or hasattr(setting.type, "__dataclass_fields__"), setting.name
