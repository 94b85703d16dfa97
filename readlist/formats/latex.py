r"""Between LaTeX source, as BibTeX values are written, and plain Unicode text. Pure.

Mathematics between `$` or `\(…\)` is kept as it is written in both directions.
"""

import logging
import re
import unicodedata
from functools import cache, lru_cache

from pylatexenc.latex2text import LatexNodes2Text

# What it tolerates it also logs, and the user cannot do anything about it.
logging.getLogger("pylatexenc").setLevel(logging.CRITICAL + 1)

_DOLLARS = re.compile(r"(\$(?<!\\\$)(?:\\.|[^$\\])*\$)", re.DOTALL)
_DOLLARS_OR_PARENTHESES = re.compile(
    r"((?<!\\)\$(?:\\.|[^$\\])*\$|\\\((?:[^\\]|\\[^()])*\\\))", re.DOTALL
)
# In plain text a dollar may be money; pandoc's rule tells: no blank inside, no digit behind.
_MATH = r"\$(?![\s$])(?:\\.|[^$\\\n])*?(?<!\s)\$(?!\d)"
_MATH_TEXT = re.compile(f"({_MATH})")


def _table(text: str) -> dict[str, str]:
    words = text.split()
    return dict(zip(words[::2], words[1::2], strict=True))


_ACCENTS = _table(
    "` \u0300 ' \u0301 ^ \u0302 ~ \u0303 = \u0304 u \u0306 . \u0307 \" \u0308 r \u030a H \u030b"
    " v \u030c d \u0323 c \u0327 k \u0328 b \u0331 acute \u0301 check \u030c"
)
_ACCENT = re.compile(
    r"""\\(?:([`'^~"=.])\s*|([uvHckrdb]|acute|check)(?:\s+|(?=[{\\])))"""
    r"(?:\{\s*(\\[ij]\s*|[^\W\d_])\s*\}|(\\[ij](?![A-Za-z])\s*|[^\W\d_]))"
)
_SYMBOLS = _table(
    "ss ß ae æ AE Æ oe œ OE Œ o ø O Ø l ł L Ł aa å AA Å i ı j ȷ dh ð DH Ð dj đ DJ Đ th þ TH Þ ng ŋ"
    " NG Ŋ dots … ldots … textellipsis … textendash – textemdash — textquoteleft ‘ textquoteright ’"
    " textquotesingle ' textquotedblleft “ textquotedblright ” textless < textgreater > textbar |"
    " slash / S § P ¶ pounds £ TeX TeX LaTeX LaTeX BibTeX BibTeX"
)
# The characters with a meaning in LaTeX, by the commands that print them.
_NAMED = _table(
    "textbackslash \\ textasciitilde ~ textasciicircum ^ textdollar $ textbraceleft {"
    " textbraceright } textunderscore _ lbrace { rbrace }"
)
# Commands that change how their argument, or what follows, looks or is sorted.
_STYLE = re.compile(
    "em|it|sl|bf|sc|rm|sf|tt|emph|text(?:it|sl|bf|sc|rm|sf|tt|up|md|normal|superscript|subscript)?"
    "|[mh]box|mathrm|protect|relax|(?:Make)?(?:upper|lower|Upper|Lower)case|NoCaseChange"
    "|mkbib(?:quote|emph)|url|cite[pt]?|small"
)
_HIDDEN = re.compile(r"\\(?:noopsort|vphantom|phantom|begin|end)\s*\{[^{}\0]*\}")
# The American Physical Society's way to write letters: {\ifmmode \check{c}\else \v{c}\fi{}}
_IF_MATH = re.compile(r"\\ifmmode[^\0]{0,80}?\\else\s*([^\0]{0,80}?)\\fi(?![A-Za-z])")
_LINKED = re.compile(r"\\href\s*\{[^{}\0]*\}\s*(?=\{)")
# A command with arguments, as far as pylatexenc is asked what it prints.
_CALL = re.compile(r"\\[A-Za-z]+(?:\s*\{(?:[^{}\0]|\{[^{}\0]*\}){0,200}\}){1,3}")
_COMMAND = re.compile(r"\\(?:([A-Za-z]+)(\s*)(\{\})?|(.))", re.DOTALL)
_SPACING = {"-": "", "/": "", "!": "", "@": "", ",": " ", ";": " ", ":": " ", "\\": " "}

# While text is decoded, characters that mean themselves are these; no text needs them.
_LITERALS = "{}$%&#_\\~^"
_PRIVATE = "\x01\x02\x03\x04\x05\x06\x07\x08\x0e\x0f"
_HIDE = str.maketrans(_LITERALS, _PRIVATE)
_SHOW = str.maketrans(_PRIVATE, _LITERALS)
_MATH_MARK = "\x00"
_NOT_FOR_TEXT = re.compile(f"[{_PRIVATE}{_MATH_MARK}]")
_BARE = str.maketrans({c: c.translate(_HIDE) for c in "$%&#_^"})

_SOURCE = re.compile(r"\\[A-Za-z\"'`^~=.&%#_$(]|\{[A-Za-z][\w-]*\}")
_BARE_SPECIAL = re.compile(r"(?<!\\)[&%#]")
_ESCAPE = str.maketrans(
    {
        "&": r"\&",
        "%": r"\%",
        "#": r"\#",
        "_": r"\_",
        "$": r"\$",
        "{": r"{\textbraceleft}",
        "}": r"{\textbraceright}",
        "\\": r"{\textbackslash}",
        "~": r"{\textasciitilde}",
        "^": r"{\textasciicircum}",
    }
)
_COMMAND_NAME = re.compile(r"(?<!\\)(?:\\\\)*\\([A-Za-z]+)")
_WORD = re.compile(rf"(?:{_MATH}|[^\s‐-―:;,()\[\]\"“”!?/…-])+")
_ESCAPED_BRACE = re.compile(r"(\\+)([{}])")


def is_plain(source: str) -> bool:
    """Whether the source is the text itself: nothing in it has a meaning in LaTeX."""
    return not (
        "{" in source
        or "\\" in source
        or "$" in source
        or "~" in source
        or "}" in source
        or "`" in source
        or "--" in source
        or "''" in source
    )


def fold(text: str) -> str:
    """The text with every run of white space as one blank."""
    # Most texts are ASCII, and for them this is faster than isprintable().
    if text.isascii():
        odd = "\n" in text or "  " in text or "\t" in text or "\r" in text
    else:
        odd = "  " in text or not text.isprintable()
    return " ".join(text.split()) if odd else text.strip()


def decode(source: str) -> str:
    r"""The text that LaTeX source prints, on one line; never raises, and loses no words.

    >>> decode(r"{BERT} f{\"u}r M\'elanges \& $O(n^2)$~100% {\em sure}")
    'BERT für Mélanges & $O(n^2)$ 100% sure'
    """
    if is_plain(source):
        return fold(source)
    commands, math = "\\" in source, []
    if (commands or "$" in source) and not source.isprintable():
        source = _NOT_FOR_TEXT.sub("", source)
    if "$" in source or "\\(" in source:
        pattern = _DOLLARS_OR_PARENTHESES if "\\(" in source else _DOLLARS
        parts = pattern.split(source)
        math = parts[1::2]
        source = _MATH_MARK.join(parts[::2])
    if commands:
        source = _decode_commands(source)
    text = source.replace("~", " ").replace("{", "").replace("}", "").replace("``", "“")
    text = text.replace("''", "”").replace("---", "—").replace("--", "–")
    if math:
        first, *rest = text.split(_MATH_MARK)
        text = first + "".join(m + part for m, part in zip(math, rest, strict=True))
    if commands and not text.isprintable():
        text = text.translate(_SHOW)
    return fold(text)


def _decode_commands(source: str) -> str:
    if "\\ifmmode" in source:
        source = _IF_MATH.sub(r"\1", source)
    source = _ACCENT.sub(_accent, source)
    if "\\" not in source:
        return source
    source = _COMMAND.sub(_command, _LINKED.sub("", _HIDDEN.sub("", source)))
    if "\\" not in source:
        return source
    # It takes its time for each; no title and no abstract needs more.
    return _CALL.sub(lambda call: _printed(call[0]), source, count=100).replace("\\", "")


def _accent(match: re.Match[str]) -> str:
    accent, named, braced, bare = match.groups()
    letter = (braced or bare).strip().lstrip("\\")
    return unicodedata.normalize("NFC", letter + _ACCENTS[accent or named])


def _command(match: re.Match[str]) -> str:
    name, space, braces, character = match.groups()
    if character is not None:
        if character in _LITERALS and character != "\\":
            return character.translate(_HIDE)
        return _SPACING.get(character, " " if character.isspace() else character)
    if name in _SYMBOLS:
        return _SYMBOLS[name]
    if name in _NAMED:
        return _NAMED[name].translate(_HIDE)
    if _STYLE.fullmatch(name):
        return ""
    known = _replacement(name)
    if known is None:
        # Somebody's own command: its argument is text, and without one its name says something.
        followed = match.string[match.end() : match.end() + 1]
        return "" if followed == "{" and not braces else f"{name}{space}"
    return known or match[0]


@lru_cache(1024)
def _replacement(name: str) -> str | None:
    """What pylatexenc puts for a command; `""` where that takes its arguments to tell."""
    command = _converter().latex_context.get_macro_spec(name)
    if command is None:
        return None
    text = command.simplify_repl
    return text.translate(_HIDE) if isinstance(text, str) and "%" not in text else ""


@lru_cache(1024)
def _printed(call: str) -> str:
    try:
        # A bare % is a per cent sign that somebody forgot to escape, not a comment.
        text = str(_converter().latex_to_text(call.translate(_BARE)))
    except Exception:  # noqa: BLE001 - it raises whatever its parser ran into
        return call
    return text.translate(_HIDE)


@cache
def _converter() -> LatexNodes2Text:
    return LatexNodes2Text(math_mode="verbatim")


def is_source(text: str) -> bool:
    r"""Whether the text is LaTeX source already, as titles on arXiv often are: `{BERT}`, `\'e`.

    With a command that prints no letter and changes no style it is not: `C:\new`, `\end{x}`.
    """
    if "\\" not in text and "{" not in text:
        return False
    prose = _MATH_TEXT.sub("", text)
    return bool(_SOURCE.search(prose)) and all(map(_prints, _COMMAND_NAME.findall(prose)))


def _prints(name: str) -> bool:
    if name in _ACCENTS or name in _SYMBOLS or name in _NAMED:
        return True
    if _STYLE.fullmatch(name):
        return not name.startswith("cite")
    return "<" not in (text := _replacement(name) or "<") and bool(text)


def encode(text: str) -> str:
    r"""LaTeX source that prints the text; letters stay Unicode.

    >>> encode("R&D at 5% for $x_1$ and $20")
    'R\\&D at 5\\% for $x_1$ and \\$20'
    """
    return _as_source(text) if is_source(text) else _encode(text)


def encode_title(text: str) -> str:
    r"""As `encode`, with braces around each word whose capitals a bibliography style must keep.

    >>> encode_title("Pre-training GPT-4 and LoRA: H$_2$O in Context")
    'Pre-training {GPT}-4 and {LoRA}: {H$_2$O} in Context'
    """
    if is_source(text):
        return _as_source(text)
    # Who shouts does not mean each capital.
    if text.isupper() and len(text.split()) >= 4:
        return _encode(text)
    return _join_words(text)


def _join_words(text: str) -> str:
    parts, end = [], 0
    for match in _WORD.finditer(text):
        parts.append(_encode(text[end : match.start()]))
        word = match[0].rstrip(".'’")
        source = _encode(word)
        parts.append(f"{{{source}}}" if _has_own_capitals(word) else source)
        end = match.start() + len(word)
    return "".join([*parts, _encode(text[end:])])


def _has_own_capitals(word: str) -> bool:
    letters = _MATH_TEXT.sub("", word)
    capitals = sum(map(str.isupper, letters))
    if not capitals:
        return False
    if len(letters) == 1:
        return word != "A"  # Vitamin D, Type I; but A Survey
    first_only = capitals == 1 and letters[0].isupper()
    return (
        not first_only
        or len(letters) != len(word)
        or not letters[1].isalpha()
        or any(map(str.isdigit, letters))
    )


def _as_source(text: str) -> str:
    return balanced(_BARE_SPECIAL.sub(r"\\\g<0>", text))


def _encode(text: str) -> str:
    if "$" not in text:
        return text.translate(_ESCAPE)
    parts = _MATH_TEXT.split(text)
    return "".join(
        part if i % 2 and balanced(part) == part else part.translate(_ESCAPE)
        for i, part in enumerate(parts)
    )


def balanced(source: str) -> str:
    r"""The source with braces that match, so that it can be a value: no brace is left alone.

    They match for BibTeX, which counts `\{`, and for parsers that do not count it.
    """
    if "{" not in source and "}" not in source and "\\" not in source:
        return source
    if not (_match(source) and _match(re.sub(r"\\[{}]", "", source))):
        source = _drop_unmatched(_ESCAPED_BRACE.sub(_unescape_brace, source))
    # `\}` would not close the value for parsers that do not count it.
    return f"{source} " if source.endswith("\\") else source


def _unescape_brace(match: re.Match[str]) -> str:
    backslashes, brace = match.groups()
    if len(backslashes) % 2 == 0:
        return f"{backslashes} {brace}"
    name = "textbraceleft" if brace == "{" else "textbraceright"
    before = f"{backslashes[1:]} " if len(backslashes) > 1 else ""
    return f"{before}{{\\{name}}}"


def _match(source: str) -> bool:
    depth = 0
    for brace in re.findall(r"[{}]", source):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def _drop_unmatched(source: str) -> str:
    opened, unmatched = [], set()
    for match in re.finditer(r"[{}]", source):
        if match[0] == "{":
            opened.append(match.start())
        elif opened:
            opened.pop()
        else:
            unmatched.add(match.start())
    unmatched.update(opened)
    return "".join(c for i, c in enumerate(source) if i not in unmatched)
