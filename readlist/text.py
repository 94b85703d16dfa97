"""Text from the world, made safe to keep, to print and to cite. Pure."""

import re

# Compiled when first used; see ids.
_ESCAPES = (
    r"(?:\x1b\[[0-?]*|\x9b[0-?]+)[ -/]*[@-~]"  # as colours
    r"|\x1b[\]P^_X][^\x07\x1b]*(?:\x07|\x1b\\)"  # as window titles
    r"|\x1b[ -/]*[0-~]?"
)
# Controls but tab and newline, lone surrogates, byte order marks, and the marks that reorder
# what follows them (Unicode TR 36, bidirectional text spoofing).
_UNSAFE = (
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff\ufff9-\ufffb"
    "\ud800-\udfff]"
)

RANGE = r"(?<=\w)\s*[-‐-―−]+\s*(?=\w)"  # what is between the ends of a range


def clean(text: str) -> str:
    """`text` without terminal escape sequences and control characters; newlines stay."""
    if text.isprintable():
        return text.strip()
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(_UNSAFE, "", re.sub(_ESCAPES, "", text)).strip()


def bibtex_source(text: str) -> str:
    """`text` as the source of a BibTeX value: what has a meaning in LaTeX is escaped.

    >>> print(bibtex_source("Johns & Sons 50%"))
    Johns \\& Sons 50\\%
    """
    return re.sub(r"[\\{}&%$#_~^]", _escaped, one_line(text))


def _escaped(match: re.Match[str]) -> str:
    names = {"\\": "textbackslash", "~": "textasciitilde", "^": "textasciicircum"}
    name = names.get(match[0])
    return f"{{\\{name}}}" if name else f"\\{match[0]}"


def page_range(text: str) -> str:
    """Pages with the dashes of their ranges as in BibTeX.

    >>> page_range("7 – 14, e5")
    '7--14, e5'
    """
    return re.sub(RANGE, "--", text)


def one_line(text: str) -> str:
    """`text` cleaned, with every run of white space as one blank."""
    if text.isprintable() and "  " not in text:
        return text.strip()  # nearly always, and fast
    return re.sub(r"\s+", " ", clean(text)).strip()
