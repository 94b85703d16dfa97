import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from strategies import hostile

from readlist import dates


@pytest.mark.parametrize(
    ("written", "date"),
    [
        (2019, "2019"),
        ("2019", "2019"),
        ("2019-07", "2019-07"),
        ("2019-7-9", "2019-07-09"),
        ("2019/07/19", "2019-07-19"),
        ("2019.07.19", "2019-07-19"),
        ("2019-07-19T12:00:00.000Z", "2019-07-19"),
        ("2019-07-19 12:00", "2019-07-19"),
        ("July 2019", "2019-07"),
        ("Jul. 19, 2019", "2019-07-19"),
        ("July 1st, 2019", "2019-07-01"),
        ("19 July 2019", "2019-07-19"),
        ("19. Juli 2019", "2019-07-19"),
        ("2020-02-29", "2020-02-29"),
        ("2019-02-29", "2019-02"),
        ("1900-02-29", "1900-02"),
        ("2000-02-29", "2000-02-29"),
        ("2019-13-01", "2019"),
        ("2019-04-31", "2019-04"),
        ("2019-00", "2019"),
        ("", ""),
        (None, ""),
        (True, ""),
        (2019.5, ""),
        (["2019"], ""),
        ("soon", ""),
        ("Spring 2019", "2019"),
        ("19", ""),
        (20190719, ""),
    ],
)
def test_a_date_is_as_precise_as_it_is_written_and_possible(written: object, date: str):
    assert dates.iso(written) == date


@given(
    hostile
    | st.lists(st.sampled_from(["2019", "13", "31", "02", "-", "/", " ", "July", "²", "٣"])).map(
        "".join
    )
    | st.integers()
)
@example("٢٠١٩")
@example("٣ July ２０１９")
def test_whatever_is_written_is_a_date_or_nothing(written: object):
    assert re.fullmatch(r"([0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?)?", dates.iso(written))
