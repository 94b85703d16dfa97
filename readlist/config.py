"""Settings: a TOML file becomes one frozen value, or all its problems at once.

The dataclasses are the specification: names, types and defaults.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any

from .errors import ConfigError
from .models import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Picks:
    number: int = 10
    explore: float = 0.1
    popular: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommend:
    half_life: float = 35.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cite:
    key_pattern: str = "{auth}{year}{title}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Triage:
    plain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pdf:
    """`folder` is relative to the settings file."""

    folder: str = "pdfs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    private_addresses: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A table under `[feeds]`; `options` are those of its source."""

    name: str
    source: str
    tags: tuple[str, ...] = ()
    status: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """`library` is relative to the settings file, `interests` are in plain words."""

    library: str = "library.db"
    contact: str = ""
    interests: tuple[str, ...] = ()
    feeds: tuple[Feed, ...] = ()
    picks: Picks = field(default_factory=Picks)
    recommend: Recommend = field(default_factory=Recommend)
    cite: Cite = field(default_factory=Cite)
    triage: Triage = field(default_factory=Triage)
    pdf: Pdf = field(default_factory=Pdf)
    network: Network = field(default_factory=Network)


def load(path: str) -> Config:
    """The settings of a file; the defaults where there is none.

    :raises ConfigError: it cannot be read, or names settings that do not exist or are of a
        wrong type.
    """
    try:
        with open(path, encoding="utf-8-sig") as file:
            text = file.read()
    except FileNotFoundError:
        return Config()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}") from error
    import tomllib

    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not TOML: {error}") from error
    problems: list[str] = []
    feeds = _feeds(values.pop("feeds", {}), problems)
    built: Config = _build(Config, values, "", problems)
    config = replace(built, feeds=feeds)
    problems += _out_of_range(config)
    if problems:
        raise ConfigError("\n".join([f"{path}:", *(f"  {problem}" for problem in problems)]))
    return config


def _feeds(tables: Any, problems: list[str]) -> tuple[Feed, ...]:
    if not isinstance(tables, dict):
        problems.append(f"feeds: expected tables [feeds.NAME], got {tables!r}")
        return ()
    found = []
    for name, table in tables.items():
        before = len(problems)
        if not isinstance(table, dict):
            problems.append(f"feeds.{name}: expected a table [feeds.{name}], got {table!r}")
            continue
        options = dict(table)
        source, status = options.pop("source", ""), options.pop("status", "")
        tags = options.pop("tags", [])
        if not isinstance(source, str) or not source:
            problems.append(f"feeds.{name}.source: expected the name of a source, got {source!r}")
        if status not in ("", *Status):
            known = ", ".join(Status)
            problems.append(f"feeds.{name}.status: expected one of {known}, got {status!r}")
        if not isinstance(tags, list) or not all(map(_is_tag, tags)):
            problems.append(f"feeds.{name}.tags: expected a list of single words, got {tags!r}")
        if len(problems) == before:
            feed = Feed(name=name, source=source, tags=tuple(tags), status=status, options=options)
            found.append(feed)
    return tuple(found)


def _is_tag(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[^\s#-]\S*", value) is not None


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value.strip() != ""


def _build(cls: Any, values: dict[str, Any], prefix: str, problems: list[str]) -> Any:
    known = {f.name: f for f in fields(cls)}
    chosen = {}
    for name, value in values.items():
        if name not in known:
            problems.append(f"{prefix}{name}: no such setting{_meant(name, known)}")
            continue
        kind: Any = known[name].type
        if is_dataclass(kind) and isinstance(value, dict):
            chosen[name] = _build(kind, value, f"{prefix}{name}.", problems)
        elif is_dataclass(kind):
            problems.append(f"{prefix}{name}: expected a table [{prefix}{name}], got {value!r}")
        elif kind is float and type(value) is int:
            chosen[name] = float(value)
        elif kind == _TEXTS and isinstance(value, list) and all(map(_is_text, value)):
            chosen[name] = tuple(value)
        elif type(value) is not kind:
            expected = _TYPES[kind]
            problems.append(f"{prefix}{name}: expected {expected}, got {value!r}")
        else:
            chosen[name] = value
    return cls(**chosen)


_KEY_PATTERN = r"(?=.*\{)(?:[A-Za-z0-9:.+/_-]|\{(?:auth|year|title)\})+"
_ADDRESS = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"
_TEXTS = tuple[str, ...]
_TYPES = {
    int: "a whole number",
    float: "a number",
    str: "a text",
    bool: "true or false",
    _TEXTS: "a list of texts",
}


def _meant(name: str, known: dict[str, Any]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, known, 1)
    return f"; did you mean {close[0]}?" if close else ""


def _out_of_range(config: Config) -> list[str]:
    found = []
    if not config.library:
        found.append("library: expected the name of a file, got ''")
    if config.contact and not re.fullmatch(_ADDRESS, config.contact):
        found.append(f"contact: expected an e-mail address, got {config.contact!r}")
    if not config.pdf.folder:
        found.append("pdf.folder: expected the name of a folder, got ''")
    if config.picks.number < 1:
        found.append(f"picks.number: expected at least 1, got {config.picks.number}")
    if not 0 <= config.recommend.half_life < math.inf:
        found.append(f"recommend.half_life: expected days, or 0, got {config.recommend.half_life}")
    if not 0 <= config.picks.explore <= 1:
        found.append(f"picks.explore: expected a share from 0 to 1, got {config.picks.explore}")
    if not re.fullmatch(_KEY_PATTERN, config.cite.key_pattern):
        found.append(
            "cite.key_pattern: expected {auth}, {year} or {title} with letters, digits or :.+/_-"
            f" around them, got {config.cite.key_pattern!r}"
        )
    return found
