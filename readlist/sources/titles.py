"""Which of the papers that a service found is the one that was meant. Pure."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import NamedTuple

from .. import ids
from ..models import Paper

_YEAR = re.compile(r"[\s,(]+((?:19|20)[0-9]{2})\)?$")
_CLOSE = 0.95  # of the letters in their order: a typing error or two in a title
_YEARS = 1  # by which a preprint and its publication differ


class Meant(NamedTuple):
    """A title as somebody typed or copied it, with the year if it ended with one."""

    title: str
    year: int

    def fits(self, paper: Paper) -> bool:
        """Whether the paper has this title, but for a typing error, and this year, but for one."""
        year = int(paper.date[:4]) if paper.date else 0
        if self.year and year and abs(self.year - year) > _YEARS:
            return False
        letters = "".join(ids.words(self.title))
        return any(_is_close(letters, "".join(ids.words(v.title))) for v in paper.versions)


def meant(text: str) -> Meant:
    """What was meant by a text: `Attention Is All You Need (2017)`."""
    text = text.strip().strip("\"'“”").strip()
    year = _YEAR.search(text)
    return Meant(text[: year.start()], int(year[1])) if year else Meant(text, 0)


def fitting(asked: Meant, papers: Iterable[Paper]) -> list[Paper]:
    return [paper for paper in papers if asked.fits(paper)]


def _is_close(one: str, other: str) -> bool:
    if one == other:
        return bool(one)
    shorter, longer = sorted((len(one), len(other)))
    if not shorter or shorter < _CLOSE * longer:
        return False
    # Digits that differ tell papers apart: GPT-3 is not GPT-4.
    digits = [re.sub(r"[^0-9]", "", text) for text in (one, other)]
    return digits[0] == digits[1] and (
        SequenceMatcher(None, one, other, autojunk=False).ratio() >= _CLOSE
    )
