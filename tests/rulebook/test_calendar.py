"""London days and working days, at the edges where they go wrong."""

from datetime import UTC, date, datetime, timedelta

import pytest

from alongside.rulebook import calendar
from alongside.rulebook.calendar import BeyondCalendar, end_of_london_day, london_day, working_day_after

BANK_HOLIDAYS = {
    2015: "0101 0403 0406 0504 0525 0831 1225 1228",
    2020: "0101 0410 0413 0508 0525 0831 1225 1228",
    2021: "0101 0402 0405 0503 0531 0830 1227 1228",
    2022: "0103 0415 0418 0502 0602 0603 0829 0919 1226 1227",
    2023: "0102 0407 0410 0501 0508 0529 0828 1225 1226",
    2026: "0101 0403 0406 0504 0525 0831 1225 1228",
    2027: "0101 0326 0329 0503 0531 0830 1227 1228",
}
ONE_OFF = [date(1977, 6, 7), date(1981, 7, 29), date(1995, 5, 8), date(1999, 12, 31), date(2002, 6, 3),
           date(2002, 6, 4), date(2011, 4, 29), date(2012, 6, 5), date(2020, 5, 8), date(2022, 6, 3),
           date(2022, 9, 19), date(2023, 5, 8)]  # fmt: skip


@pytest.mark.parametrize(("year", "days"), BANK_HOLIDAYS.items())
def test_bank_holidays_on_weekdays(year, days):
    known = [f"{day:%m%d}" for day in calendar.bank_holidays() if day.year == year and day.weekday() < 5]

    assert known == days.split()


@pytest.mark.parametrize("day", ONE_OFF, ids=str)
def test_days_that_were_proclaimed_once(day):
    assert not calendar.is_working_day(day)


def test_may_day_moved_away_in_2020():
    assert calendar.is_working_day(date(2020, 5, 4))


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        ("2026-03-02", 5, "2026-03-09"),
        ("2026-03-07", 1, "2026-03-09"),  # from a Saturday
        ("2026-04-02", 1, "2026-04-07"),  # over Easter
        ("2026-04-03", 1, "2026-04-07"),  # from Good Friday itself
        ("2026-12-23", 5, "2027-01-04"),  # Christmas to New Year
        ("2021-12-24", 1, "2021-12-29"),  # Christmas Day on a Saturday
        ("2020-05-07", 1, "2020-05-11"),  # the moved holiday
        ("2026-03-02", 0, "2026-03-02"),
        ("2026-03-01", 0, "2026-03-01"),  # no days after a Sunday is the Sunday
    ],
)
def test_working_days_are_counted_from_the_day_after(start, count, due):
    assert working_day_after(date.fromisoformat(start), count) == date.fromisoformat(due)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 3, 4, 23, 59, 59, tzinfo=UTC), "2026-03-04"),
        (datetime(2026, 3, 5, 0, 0, tzinfo=UTC), "2026-03-05"),
        (datetime(2026, 7, 4, 22, 59, 59, tzinfo=UTC), "2026-07-04"),
        (datetime(2026, 7, 4, 23, 0, tzinfo=UTC), "2026-07-05"),
    ],
)
def test_days_are_londons(instant, day):
    assert london_day(instant) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("day", "end", "hours"),
    [
        ("2026-03-28", datetime(2026, 3, 29, 0, tzinfo=UTC), 24),
        ("2026-03-29", datetime(2026, 3, 29, 23, tzinfo=UTC), 23),
        ("2026-10-25", datetime(2026, 10, 26, 0, tzinfo=UTC), 25),
        ("2026-07-01", datetime(2026, 7, 1, 23, tzinfo=UTC), 24),
    ],
)
def test_days_end_at_midnight_however_long_they_are(day, end, hours):
    today = date.fromisoformat(day)

    assert end_of_london_day(today) == end
    assert end - end_of_london_day(today - timedelta(days=1)) == timedelta(hours=hours)


@pytest.mark.parametrize("day", [date(1974, 12, 31), date(2032, 1, 1)])
def test_beyond_what_is_known_it_says_so(day):
    with pytest.raises(
        BeyondCalendar, match="working days are known from 1 January 1975 to 31 December 2031"
    ):
        working_day_after(day, 1)


def test_counting_over_the_edge_says_so():
    with pytest.raises(BeyondCalendar):
        working_day_after(date(2031, 12, 30), 5)


def test_calendar_reaches_two_years_ahead():
    """The one test that asks what day it is: when it fails, bring `holidays` and the calendar up to date."""
    today = datetime.now(UTC).date()

    assert date(2015, 1, 1) >= calendar.KNOWN_FROM
    assert today + timedelta(days=2 * 366) <= calendar.KNOWN_UNTIL
    assert today + timedelta(days=366) <= calendar.PUBLISHED_UNTIL
