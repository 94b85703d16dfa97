"""Days as they are typed, where the owner is."""

import time
from collections.abc import Callable
from datetime import timedelta

import make
import pytest
from click.testing import Result

from readlist.library import Library


@pytest.mark.parametrize(
    ("zone", "hours_ago", "came_today"),
    [
        ("Asia/Tokyo", 9, True),  # it is 18:30 there
        ("Asia/Tokyo", 19, False),
        ("America/Los_Angeles", 1, True),  # it is 1:30 there
        ("America/Los_Angeles", 2, False),
    ],
)
def test_today_begins_at_the_midnight_of_the_owner(
    run: Callable[..., Result],
    library: Library,
    monkeypatch: pytest.MonkeyPatch,
    zone: str,
    hours_ago: int,
    came_today: bool,
):
    make.add(library, make.paper(), now=make.NOW - timedelta(hours=hours_ago))
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    assert (make.TITLE in run("picks", "--since", "today").stdout) == came_today
