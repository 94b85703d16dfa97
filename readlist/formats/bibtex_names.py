"""Names in BibTeX: the value of an `author` field to names, and back. Pure."""

import re
from collections.abc import Iterable

from . import latex

_AND = re.compile(r"\s+and(?=\s)", re.IGNORECASE)
_OTHERS = re.compile(r"others|al\.?,\s*et\.?|(?:(.*)[\s,]+)?et\.? al\.?", re.IGNORECASE)
_ENTITY = re.compile(r"&#?\w+;|\\")
# biblatex's extended format: family=Beethoven, given=Ludwig, prefix=van
_NAME_PART = re.compile(
    r'\b(family|given|prefix|suffix|[a-z]+-i|useprefix)\s*=\s*("[^"]*"|(?:[^,{}]|\{[^{}]*\})*)(?:,|$)',
    re.IGNORECASE,
)
# Words of names that are not a person's; such a name is one piece, not given and family name.
_CORPORATE = re.compile(
    r"\b(?:Agency|Alliance|Association|Authority|Cent(?:er|re)|Collaboration|Commission|Committee"
    r"|Community|Company|Consortium|Corp(?:oration)?|Council|Department|Developers|Foundation"
    r"|Group|Inc|Initiative|Institut(?:e|es|ion)?|Lab(?:s|oratory|oratories)?|Ltd|Ministry|Network"
    r"|Office|Organi[sz]ation|Partnership|Program(?:me)?|Project|Research|Society|Team|Union"
    r"|Universit(?:y|ät|é))\b"
)


def authors(source: str) -> tuple[str, ...]:
    """The names in the value of an `author` field, without `others`.

    A name with a comma stays `Family, Given`, or `Family, Jr, Given`; others are
    `Given Family`, or all there is of an organization.

    >>> authors("van Beethoven, Ludwig and {Barnes and Noble} and Ada Lovelace and others")
    ('van Beethoven, Ludwig', 'Barnes and Noble', 'Ada Lovelace')
    """
    if latex.is_plain(source) and "=" not in source:
        names = _parts(latex.fold(source))
    else:
        names = [_extended(n) if "=" in n else latex.decode(n) for n in _parts(source)]
    if cut := _OTHERS.fullmatch(names[-1].strip()):
        names[-1] = cut[1] or ""
    return tuple(name for part in names if (name := part.strip(" ,;")))


def _parts(source: str) -> list[str]:
    parts = _AND.split(f" {source} ")
    if "{" in source:
        return _whole(parts)
    # Scopus and others separate names by semicolons.
    return source.split(";") if len(parts) == 1 and not _ENTITY.search(source) else parts


def _whole(parts: list[str]) -> list[str]:
    """The names that `and` separates, but not an `and` in braces."""
    names: list[str] = []
    depth = 0
    for part in parts:
        if depth > 0:
            names[-1] += f" and{part}"
        else:
            names.append(part)
        if "{" in part or "}" in part:
            depth += part.count("{") - part.count("}")
    return names if depth == 0 else parts


def _extended(source: str) -> str:
    parts = {
        m[1].lower(): latex.decode(m[2].strip().strip('"')) for m in _NAME_PART.finditer(source)
    }
    family = " ".join(filter(None, (parts.get("prefix"), parts.get("family"))))
    if not family:
        return latex.decode(source)
    return ", ".join(filter(None, (family, parts.get("suffix"), parts.get("given"))))


def source(names: Iterable[str], *, more: bool = False) -> str:
    """The value of an `author` field; `more` says that there are others.

    >>> source(["Ada Lovelace", "ATLAS Collaboration"], more=True)
    'Ada Lovelace and {ATLAS Collaboration} and others'
    """
    return " and ".join([*map(_name, names), *(["others"] if more else [])])


def _name(name: str) -> str:
    encoded = latex.encode(name)
    return f"{{{encoded}}}" if is_corporate(name) else encoded


def is_corporate(name: str) -> bool:
    """Whether BibTeX must take the name as one piece."""
    if _AND.search(f" {name} ") or name.count(",") > 2 or ";" in name or _OTHERS.fullmatch(name):
        return True
    return "," not in name and " " in name and bool(_CORPORATE.search(name))
