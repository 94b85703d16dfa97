"""Who may import whom and what, and what only the command line may do."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import readlist

ROOT = Path(readlist.__file__).parent
FILES = sorted(ROOT.rglob("*.py"))

_BASE = {"models", "errors"}
_PURE = {
    *("arxiv", "csl", "dates", "ids", "merge", "origin", "plain", "records", "text", "venues"),
    *_BASE,
}
# Each part of the package, and the other parts that it may import.
LAYERS = {
    "models": set(),
    "errors": set(),
    "text": _BASE,
    "ids": {"text", *_BASE},
    "merge": {"ids", "text", *_BASE},
    "dates": set(),
    "origin": set(),
    "plain": set(),
    "venues": set(),
    "records": {"dates", "ids", "origin", "text", "venues", *_BASE},
    "arxiv": {"dates", "ids", "text", *_BASE},
    "csl": {"dates", "ids", "plain", "text", "venues", *_BASE},
    "duplicates": {"ids"},
    "config": _BASE,
    "migrations": set(),
    "sources": _PURE,
    "formats": _PURE,
    "library": {"migrations", *_PURE},
    "recommend": _PURE,
    "learning": {"library", "recommend", *_PURE},
    "evaluating": {"learning", "library", "recommend", *_PURE},
    "comparing": {"learning", "library", "recommend", *_PURE},
    "ordering": {"learning", "library", "recommend", *_PURE},
    "explaining": {"learning", "library", "recommend", *_PURE},
    "fetching": {"library", "sources", "config", *_PURE},
    "enriching": {"library", "sources", *_PURE},
    "cli": {
        *("sources", "formats", "library", "recommend", "learning", "config"),
        *("fetching", "enriching", "duplicates", "evaluating", "comparing", "explaining"),
        "ordering",
        *_PURE,
    },
    "__main__": {"cli"},
    "__init__": set(),
}
# Each package from elsewhere, and the parts that may import it.
HOMES = {
    "click": {"cli"},
    "wcwidth": {"cli"},
    "httpx": {"sources"},
    "httpcore": {"sources"},
    "filelock": {"sources"},
    "defusedxml": {"sources", "formats"},
    "feedparser": {"sources"},
    "platformdirs": {"cli"},
    "keyring": {"cli"},
    "pypdf": {"formats"},
    "sklearn": {"recommend"},
    "scipy": {"recommend"},
    "numpy": {"recommend"},
    "orjson": {"formats", "library"},
    "bibtexparser": {"formats"},
    "pylatexenc": {"formats"},
    "sqlite_utils": {"migrations"},
    "sqlite3": {"library", "migrations"},
}


def part(file: Path) -> str:
    """The part of the package to which a module belongs."""
    first = file.relative_to(ROOT).parts[0]
    return first.removesuffix(".py")


def imports(file: Path, *, only_eager: bool = False) -> Iterator[str]:
    """The absolute names of what a module imports, wherever in it."""
    package = ["readlist", *file.relative_to(ROOT).parts[:-1]]
    tree = ast.parse(file.read_text(encoding="utf-8"))
    nodes = ast.walk(tree)
    if only_eager:
        lazy = {
            inner
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef | ast.Lambda)
            or (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test))
            for inner in ast.walk(node)
        }
        nodes = (node for node in ast.walk(tree) if node not in lazy)
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            if module == "readlist":
                yield from (f"readlist.{alias.name}" for alias in node.names)
            else:
                yield module


def names(files: list[Path]) -> list[str]:
    return [str(file.relative_to(ROOT)) for file in files]


def test_each_part_of_the_package_has_its_place():
    assert {part(file) for file in FILES} <= LAYERS.keys()


@pytest.mark.parametrize("file", FILES, ids=names(FILES))
def test_modules_import_only_from_below(file: Path):
    mine = part(file)
    for name in imports(file):
        package, _, rest = name.partition(".")
        if package == "readlist":
            theirs = rest.partition(".")[0]
            allowed = theirs in ("__version__", mine) or theirs in LAYERS[mine]
            assert allowed, f"{mine} may not import {name}"


@pytest.mark.parametrize("file", FILES, ids=names(FILES))
def test_each_package_from_elsewhere_has_one_home(file: Path):
    for name in imports(file):
        package = name.partition(".")[0]
        if package in HOMES:
            assert part(file) in HOMES[package], f"{name} has its home in {HOMES[package]}"
        else:
            assert package == "readlist" or package in sys.stdlib_module_names, name


def test_the_library_loads_its_migrations_only_when_it_needs_them():
    for file in FILES:
        if part(file) == "library":
            assert not [name for name in imports(file, only_eager=True) if "migrations" in name]


# What reads a clock, the environment or a terminal, or writes to one.
_OUTSIDE = {
    ("datetime", "now"),
    ("datetime", "today"),
    ("datetime", "utcnow"),
    ("date", "today"),
    ("time", "time"),
    ("time", "monotonic"),
    ("os", "environ"),
    ("os", "getenv"),
    ("sys", "exit"),
    ("sys", "stdout"),
    ("sys", "stderr"),
    ("sys", "stdin"),
    ("random", "random"),
}
BELOW = [file for file in FILES if part(file) not in ("cli", "__main__")]


@pytest.mark.parametrize("file", BELOW, ids=names(BELOW))
def test_only_the_command_line_prints_exits_and_knows_the_time(file: Path):
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert (node.value.id, node.attr) not in _OUTSIDE, node.lineno
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in ("print", "input", "exit", "breakpoint"), node.lineno


@pytest.mark.parametrize("file", FILES, ids=names(FILES))
def test_nothing_is_pickled(file: Path):
    found = {name.partition(".")[0] for name in imports(file)}
    assert not found & {"pickle", "shelve", "marshal", "joblib", "dill"}


@pytest.mark.parametrize("file", FILES, ids=names(FILES))
def test_a_module_fits_into_400_lines_and_says_what_it_is(file: Path):
    text = file.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    assert ast.get_docstring(ast.parse(text)) or file.name == "__main__.py"
