"""The worked timelines of the contract, and its table of rules, line by line."""

import csv
import json
from collections import defaultdict
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from alongside.rulebook import loader
from alongside.rulebook.engine import derive
from alongside.rulebook.rows import row
from alongside.rulebook.timeline import Reader

REFERENCE = Path(__file__).parents[3] / "shared" / "reference"
AS_OF = datetime(2026, 6, 30, 11, tzinfo=UTC)
TABLE = (
    list(csv.DictReader((REFERENCE / "duties.csv").read_text().splitlines())) if REFERENCE.exists() else []
)

pytestmark = pytest.mark.skipif(not REFERENCE.exists(), reason="the reference is not beside this checkout")


def wanted() -> dict[str, list[dict]]:
    by_care = defaultdict(list)
    for line in (REFERENCE / "golden" / "duties.ndjson").read_text().splitlines():
        duty = json.loads(line)
        by_care[duty["care"]].append(duty)
    return by_care


def test_every_golden_timeline_agrees_line_by_line():
    reader = Reader()
    with (REFERENCE / "golden" / "timelines.ndjson").open("rb") as lines:
        records = reader.records(lines)
    rulebook = loader.shipped()
    expected = wanted()

    assert reader.errors == []
    assert len(records) == 60
    for record in records:
        came_out = [
            row(record.care, duty, rulebook) for duty in derive(record.events, rulebook, as_of=AS_OF).duties
        ]
        fields = list(expected[record.care][0]) if expected[record.care] else []
        assert [{field: getattr(each, field) for field in fields} for each in came_out] == expected[
            record.care
        ], record.care


@pytest.mark.parametrize(
    "said",
    TABLE,
    ids=lambda said: said["id"],
)
def test_each_rule_says_what_the_table_says(said):
    rule = loader.shipped().rule(said["book"], said["id"])

    assert {
        "right": str(rule.right or ""),
        "owner": rule.owner,
        "who": sorted(sorted(person) for person in rule.who),
        "trigger": [str(condition) for condition in rule.trigger],
        "unless": rule.unless or "",
        "done_by": [str(condition) for condition in rule.done_by],
        "about_trigger": "yes" if rule.about_trigger else "no",
        "limit": str(rule.limit),
        "enhanced_limit": str(rule.enhanced_limit or ""),
        "grade": rule.grade,
    } == {
        **{
            key: said[key] for key in ("right", "owner", "unless", "about_trigger", "limit", "enhanced_limit")
        },
        "grade": said["grade"],
        "who": sorted([] if one == "any" else sorted(one.split("+")) for one in said["who"].split("|")),
        "trigger": said["trigger"].split("|"),
        "done_by": said["done_by"].split("|"),
    }


def test_no_rule_was_invented():
    assert {rule.id for rule in loader.shipped().rules} == {said["id"] for said in TABLE}


def test_bank_holidays_agree_with_the_published_list():
    from alongside.rulebook.calendar import bank_holidays

    published = json.loads((REFERENCE.parent / "data" / "bank-holidays.json").read_text())
    days = {date.fromisoformat(one["date"]) for one in published["england-and-wales"]["events"]}
    years = range(min(days).year, max(days).year + 1)
    known = {day for day in bank_holidays() if day.year in years and day.weekday() < 5}

    assert known == {day for day in days if day.weekday() < 5}
    assert days <= bank_holidays().keys()
