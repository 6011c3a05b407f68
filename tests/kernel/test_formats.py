"""Days, moments and numbers as the GOV.UK style writes them, in London."""

from datetime import UTC, date, datetime

import pytest

from alongside.kernel import formats

NOW = datetime(2026, 4, 3, 22, 30, tzinfo=UTC)  # 11:30pm in London


def test_days():
    assert formats.day(date(2026, 4, 3)) == "Friday 3 April 2026"
    assert formats.plain_day(date(2026, 4, 3)) == "3 April 2026"
    assert formats.short_day(date(2026, 4, 3), datetime(2026, 11, 21, tzinfo=UTC)) == "Fri 3 Apr"
    assert formats.short_day(date(2025, 11, 22), datetime(2026, 11, 21, tzinfo=UTC)) == "Sat 22 Nov 2025"


def test_a_moment_falls_on_its_day_in_london():
    assert formats.day(datetime(2026, 4, 3, 23, 30, tzinfo=UTC)) == "Saturday 4 April 2026"


@pytest.mark.parametrize(
    ("hour", "minute", "words"),
    [
        (9, 14, "9:14am"),
        (9, 0, "9am"),
        (12, 0, "midday"),
        (0, 0, "midnight"),
        (0, 5, "12:05am"),
        (23, 59, "11:59pm"),
    ],
)
def test_moments(hour: int, minute: int, words: str):
    assert formats.moment(datetime(2026, 2, 3, hour, minute, tzinfo=UTC)) == f"3 February 2026 at {words}"


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (datetime(2026, 4, 3, 22, 59, tzinfo=UTC), "due today"),
        (datetime(2026, 4, 3, 9, 0, tzinfo=UTC), "overdue since earlier today"),
        (date(2026, 4, 3), "due today"),
        (date(2026, 4, 4), "due tomorrow"),
        (date(2026, 4, 6), "due in 3 days"),
        (date(2026, 4, 2), "1 day overdue"),
        (date(2023, 4, 3), "1,096 days overdue"),
    ],
)
def test_due_in_words(due: date, words: str):
    assert formats.due_in_words(due, NOW) == words


@pytest.mark.parametrize(
    ("then", "words"),
    [
        (date(2026, 4, 3), "today"),
        (date(2026, 4, 2), "yesterday"),
        (date(2026, 3, 31), "3 days ago"),
        (date(2026, 4, 4), "tomorrow"),
        (date(2026, 4, 5), "in 2 days"),
    ],
)
def test_ago(then: date, words: str):
    assert formats.ago(then, NOW) == words


def test_the_machine_readable_moment_keeps_its_offset():
    assert formats.machine(datetime(2026, 7, 1, 8, 0, tzinfo=UTC)) == "2026-07-01T09:00:00+01:00"
    assert formats.machine(date(2026, 7, 1)) == "2026-07-01"


def test_numbers():
    assert formats.number(12345) == "12,345"
