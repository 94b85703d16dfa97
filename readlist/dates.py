"""Dates as people and services write them, to ISO 8601 as precise as is known. Pure."""

import re
from functools import lru_cache

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_NUMBERS = re.compile(r"(?a)(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?:[T ].*)?")
_MONTH_FIRST = re.compile(r"(?a)([A-Za-z]{3,9})\.?\s+(?:(\d{1,2})(?:st|nd|rd|th)?,?\s+)?(\d{4})")
_DAY_FIRST = re.compile(r"(?a)(?:(\d{1,2})\.?\s+)?([A-Za-z]{3,9})\.?,?\s+(\d{4})")


def iso(value: object) -> str:
    """`2019`, `2019-07` or `2019-07-19`, or `""` for what is not a date.

    >>> iso("2019-07-19T12:00:00Z"), iso("July 2019"), iso(2019), iso("19 Jul 2019")
    ('2019-07-19', '2019-07', '2019', '2019-07-19')
    """
    return _iso(str(value).strip()) if value and isinstance(value, str | int) else ""


@lru_cache(4096)  # the records of a file are of few days
def _iso(text: str) -> str:
    if match := _NUMBERS.fullmatch(text):
        return build(match[1], match[2], match[3])
    if match := _MONTH_FIRST.fullmatch(text):
        return build(match[3], month(match[1]), match[2])
    if match := _DAY_FIRST.fullmatch(text):
        return build(match[3], month(match[2]), match[1])
    return ""


def month(text: str) -> str:
    """The number of a month by its name or number, or `""`."""
    text = text.strip().lower().rstrip(".")
    if text.isascii() and text.isdigit():
        return text if 1 <= int(text) <= 12 else ""
    return str(MONTHS.index(text[:3]) + 1) if text[:3] in MONTHS else ""


def build(year: str, month: str | None = None, day: str | None = None) -> str:
    """The date of its parts, as far as they are possible ones."""
    if not month or not 1 <= int(month) <= 12:
        return year
    if not day or not 1 <= int(day) <= _days(int(year), int(month)):
        return f"{year}-{int(month):02}"
    return f"{year}-{int(month):02}-{int(day):02}"


def _days(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31
