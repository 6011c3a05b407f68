"""Every form that a limit can take, and when it falls due."""

from datetime import UTC, date, datetime

import pytest

from alongside.rulebook.limits import MalformedLimit, parse_limit
from tests.rulebook.stories import duties


@pytest.mark.parametrize(
    "text",
    [
        "5 working days",
        "1 working day",
        "0 days",
        "1 day",
        "48 hours",
        "as soon as possible",
        "as promised",
        "before:trial.started",
        "before:suspect.bailed|bail.changed",
        "every:28 days",
        "every:agreed interval",
    ],
)
def test_a_limit_reads_back_as_written(text):
    assert str(parse_limit(text)) == text


@pytest.mark.parametrize(
    "text", ["", "5", "5 workin days", "every:0 days", "before:", "before:trial", "-1 days"]
)
def test_what_is_no_limit_is_refused_with_the_forms(text):
    with pytest.raises(MalformedLimit, match="is not a limit; write `5 working days`"):
        parse_limit(text)


@pytest.mark.parametrize(
    ("at", "due"),
    [
        ("2026-03-04 23:59", date(2026, 3, 5)),
        ("2026-03-05 00:00", date(2026, 3, 6)),
        ("2026-07-06 23:59", date(2026, 7, 7)),
        ("2026-07-07 00:00", date(2026, 7, 8)),
        ("2026-03-29 00:30", date(2026, 3, 30)),
        ("2026-03-29 23:30", date(2026, 3, 30)),
        ("2026-10-25 01:30", date(2026, 10, 26)),
        ("2026-10-25 23:59", date(2026, 10, 26)),
        ("2026-12-24 17:00", date(2026, 12, 29)),
        ("2020-05-07 17:00", date(2020, 5, 11)),
    ],
)
def test_one_working_day_at_the_edges(at, due):
    [duty] = duties("R6-03", f"{at} suspect.arrested", facts="victim enhanced")

    assert duty.due == due


@pytest.mark.parametrize(
    ("done", "state"),
    [("2026-07-13 23:59", "met"), ("2026-07-14 00:00", "late")],
)
def test_the_due_day_ends_at_midnight_in_london(done, state):
    [duty] = duties(
        "R6-03", "2026-07-06 23:30 suspect.arrested", f"{done} victim.informed about suspect.arrested"
    )

    assert (duty.due, duty.state) == (date(2026, 7, 13), state)
    assert duty.due_by == datetime(2026, 7, 13, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "due"),
    [
        ("2026-03-28 10:00", datetime(2026, 3, 30, 10, tzinfo=UTC)),
        ("2026-10-24 10:00", datetime(2026, 10, 26, 9, tzinfo=UTC)),
    ],
)
def test_hours_are_hours_when_the_clocks_change(at, due):
    [duty] = duties("L-02", f"{at} referral.made service=victim-care-unit")

    assert duty.due == due


@pytest.mark.parametrize(("as_of", "state"), [("2026-03-04 10:00", "open"), ("2026-03-04 10:01", "overdue")])
def test_on_the_exact_hour_it_is_not_yet_past_due(as_of, state):
    [duty] = duties("L-02", "2026-03-02 10:00 referral.made service=victim-care-unit", as_of=as_of)

    assert duty.state == state
