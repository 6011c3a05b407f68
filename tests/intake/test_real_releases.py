"""The real files: a force's month, two releases of the same months, and the API's answer."""

import csv
from collections import Counter, defaultdict
from datetime import date

import pytest

from alongside.access import scope
from alongside.care import checks
from alongside.care.models import CareRecord, Crime, Duty, Event
from alongside.intake import lists
from tests.factories import NOW, force, system
from tests.intake.published import DATA, needs_data

pytestmark = [pytest.mark.django_db, needs_data]

CITY = DATA / "city-of-london"


def outcomes_in(release):
    """Crime ID → the set of its outcomes, read in the plainest way."""
    found = defaultdict(set)
    for path in sorted((CITY / release).glob("*.csv")):
        with path.open(newline="") as lines:
            for row in csv.DictReader(lines):
                if row["Crime ID"]:
                    found[row["Crime ID"]].add(row["Last outcome category"])
    return found


def outcome_events():
    """(crime, code of outcome, kind) of every outcome on a timeline."""
    events = Event.objects.filter(event_id__startswith="police-uk:")
    return Counter(
        (crime, event_id.split(":")[2], kind)
        for crime, event_id, kind in events.values_list(
            "care_record__crime__source_reference", "event_id", "kind"
        )
    )


def test_a_later_release_adds_exactly_the_changed_outcomes(bring_in):
    here = force("city-of-london")
    before, after = outcomes_in("release-a"), outcomes_in("release-b")
    known = lists.outcomes(date(2019, 1, 1))
    expected = Counter(
        (crime, known[category].code, known[category].kind)
        for crime in after
        for category in after[crime] - before[crime]
    )

    first = bring_in("police-uk", CITY / "release-a")
    events_of_first = outcome_events()
    second = bring_in("police-uk", CITY / "release-b")
    added = outcome_events() - events_of_first
    third = bring_in("police-uk", CITY / "release-b")
    everything_again = bring_in("police-uk", CITY)

    crimes = len(before)
    assert (first["added"], first["changed"], first["unchanged"]) == (crimes, 0, 0)
    assert first["read"] == crimes + first["without_id"] + first["duplicate_id"] == 12_982
    assert (second["added"], second["changed"]) == (0, sum(before[c] != after[c] for c in after))
    assert second["unchanged"] == crimes - second["changed"]
    assert added == expected
    assert second["changed"] == second["events"] == 38
    assert (third["changed"], third["events"], third["unchanged"]) == (0, 0, crimes)
    # The folder holds both releases: the older one is not taken for news.
    assert (everything_again["changed"], everything_again["events"]) == (0, 0)
    assert CareRecord.objects.count() == Crime.objects.count() == crimes
    with scope.enter(system(here).scope):
        assert list(checks.duties(now=NOW)) == []


def test_a_month_of_a_force_starts_no_clock(bring_in):
    force("west-mercia")

    report = bring_in("police-uk", DATA / "west-mercia" / "2019-01-west-mercia-street.csv")

    assert (report["exit"], report["read"], report["without_id"], report["refused"]) == (0, 10_038, 3_020, 0)
    assert report["added"] == 7_018 == CareRecord.objects.filter(person=None, role="victim").count()
    assert set(Duty.objects.values_list("due_on", "due_by", "state")) == {(None, None, "open")}
    assert not Event.objects.exclude(precision="month").exists()
    assert not Crime.objects.exclude(happened_precision="month").exists()


def test_the_answer_of_the_api_is_taken_for_the_force_that_is_named(bring_in):
    force("gloucestershire")
    force("felpersham")
    answer = DATA / "api_json" / "cheltenham_AA3_all_crime.json"

    nameless = bring_in("police-uk", answer)
    report = bring_in("police-uk", answer, "--force", "gloucestershire")
    again = bring_in("police-uk", answer, "--force", "gloucestershire")

    assert nameless["exit"] == 2
    assert "add --force CODE" in nameless["refusals"][0]["reason"]
    assert (report["read"], report["added"], report["without_id"]) == (469, 295, 174)
    assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, 295)
