"""Titles and abstracts in the markup of services, HTML, JATS or MathML, as plain text. Pure."""

import html
import re
from collections.abc import Iterator

_INLINE = (
    "a abbr b bdi bdo big cite code del dfn em font i img ins kbd label mark math q ruby s samp sc"
    " small span strike strong sub sup time tt u underline var wbr xref"
    " mfrac mi mn mo mover mrow mspace msqrt mstyle msub msubsup msup mtext munder semantics"
    " mfenced mmultiscripts mphantom mprescripts mroot mtable mtd mtr munderover none"
    " bold italic monospace named-content inline-formula styled-content ext-link scp ovl"
)
_BLOCK = (
    "article aside blockquote body br center dd details div dl dt figcaption figure footer h1 h2 h3"
    " h4 h5 h6 head header hr html li main ol p pre sec section summary table tbody td th thead"
    " title tr ul disp-formula list list-item"
)
_HIDDEN = ("annotation", "annotation-xml", "iframe", "script", "style", "svg", "tex-math")
_BREAKS = {**dict.fromkeys(_BLOCK.split(), "\n\n"), "br": "\n", "td": " ", "th": " "}
_NAMES = {*_INLINE.split(), *_BREAKS, *_HIDDEN}
# What has not the name of a tag, or no attributes behind it, is text: "x <y and y> z <b or b> c".
_TAG = re.compile(
    r"<(/?)(?:jats:|mml:|m:)?([a-zA-Z][a-zA-Z0-9-]*)(?:\s+[^<>=\s]+\s*=[^<>]*)?\s*/?>"
)


def text(markup: str) -> str:
    """The text of a piece of markup, its paragraphs apart, with what its entities stand for.

    >>> text("<p>CO<sub>2</sub> &amp; x < y</p><p>We rest.</p>")
    'CO2 & x < y\\n\\nWe rest.'
    """
    if "<" in markup:
        markup = "".join(_pieces(_without_comments(markup)))
    return re.sub(r"\n\s*\n", "\n\n", html.unescape(markup)).strip()


def _without_comments(markup: str) -> str:
    first, *rest = markup.replace("<![CDATA[", "").replace("]]>", "").split("<!--")
    return first + "".join(piece.partition("-->")[2] for piece in rest)


def _pieces(markup: str) -> Iterator[str]:
    at, hidden = 0, ""
    for tag in _TAG.finditer(markup):
        name = tag[2].lower()
        if name not in _NAMES:
            continue
        if not hidden:
            yield markup[at : tag.start()]
            yield _BREAKS.get(name, "")
        at = tag.end()
        if name in _HIDDEN and not tag[0].endswith("/>"):
            closes = bool(tag[1])
            hidden = "" if closes and name == hidden else hidden or ("" if closes else name)
    if not hidden:
        yield markup[at:]
