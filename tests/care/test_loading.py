"""Many records at once give the same rows as one by one, in a bounded number of statements."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alongside.access import scope
from alongside.care import checks, history, loading
from alongside.care.history import Happening
from alongside.care.loading import Entry
from alongside.care.models import CareRecord, Duty, Event, Person
from alongside.kernel.ids import new_id
from tests.factories import NOW, force, system

pytestmark = pytest.mark.django_db

REPORTED = datetime(2026, 5, 22, 22, 30, tzinfo=UTC)  # the Friday before a bank holiday, 23:30 in London
STORY = (
    Happening("care.opened", REPORTED, data={"facts": ["victim", "enhanced"]}, event_id="e1"),
    Happening("crime.reported", REPORTED, event_id="e2"),
    Happening("suspect.arrested", REPORTED + timedelta(days=1), event_id="e3"),
    Happening("victim.informed", REPORTED + timedelta(days=2), about=("e3",), event_id="e4"),
    Happening("contact.agreed", REPORTED + timedelta(days=2), data={"every_days": 7}, event_id="e5"),
)


@pytest.fixture
def here():
    return force("WM")


def entry(in_force, reference, *happenings, record=None):
    person = Person(force_id=in_force.pk, name="Robin Example")
    made = record or CareRecord(
        id=new_id(),
        force_id=in_force.pk,
        reference=reference,
        role="victim",
        person=person,
        opened_at=REPORTED,
    )
    return Entry(made, happenings or STORY, is_new=record is None, with_rows=[] if record else [person])


def load(in_force, *entries, now=NOW):
    job = system(in_force)
    with scope.enter(job.scope):
        return loading.load(entries, actor=job, now=now)


def rows(reference):
    return list(
        Duty.objects.filter(care_record__reference=reference)
        .order_by("rule", "trigger_event", "link")
        .values_list(
            "rule", "trigger_event", "link", "due_on", "due_by", "state", "done_at", "enhanced", "limit"
        )
    )


def test_many_at_once_give_the_same_rows_as_one_by_one(here):
    load(here, entry(here, "bulk"))
    alone = CareRecord.objects.create(force=here, reference="alone", role="victim", opened_at=REPORTED)
    for happening in STORY:
        with scope.enter(system(here).scope):
            history.record(care_record=alone, happening=happening, actor=system(here), now=NOW)

    assert rows("bulk") == rows("alone") != []
    with scope.enter(system(here).scope):
        assert list(checks.duties(now=NOW)) == []


def test_the_same_load_twice_changes_nothing(here):
    first = load(here, entry(here, "twice"))
    record = CareRecord.objects.get(reference="twice")
    before = set(Duty.objects.values_list("pk", flat=True))

    second = load(here, entry(here, "twice", record=record))

    assert (first.records_added, first.events_added) == (1, 5)
    assert (second.records_changed, second.events_added, second.events_unchanged) == (0, 0, 5)
    assert set(Duty.objects.values_list("pk", flat=True)) == before


def test_more_history_for_a_known_record_moves_its_duties(here):
    load(here, entry(here, "more"))
    record = CareRecord.objects.get(reference="more")
    assert Duty.objects.get(care_record=record, rule="R4-04").state == "open"

    referred = Happening("referral.made", REPORTED + timedelta(days=3), event_id="e6")
    loaded = load(here, entry(here, "more", referred, record=record))

    assert (loaded.records_changed, loaded.events_added) == (1, 1)
    assert Duty.objects.get(care_record=record, rule="R4-04").state == "met"


def test_what_can_not_have_happened_is_refused_and_the_rest_is_kept(here):
    bad = Happening("suspect.arrested", NOW + timedelta(days=1), event_id="e9")

    loaded = load(here, entry(here, "partly", *STORY, bad))

    assert [(happening.event_id, "future" in reason) for happening, reason in loaded.refusals] == [
        ("e9", True)
    ]
    assert Event.objects.filter(care_record__reference="partly").count() == len(STORY)


def test_a_batch_costs_the_same_statements_whatever_its_size(here):
    def statements(count, name):
        entries = [entry(here, f"{name}{number}") for number in range(count)]
        with CaptureQueriesContext(connection) as sent:
            load(here, *entries)
        return len(sent)

    assert statements(50, "many") == statements(2, "few") <= 24


def test_a_rebuild_finds_nothing_to_change_and_mends_what_was_changed(here):
    load(here, entry(here, "whole"))
    record = CareRecord.objects.get(reference="whole")
    before = rows("whole")

    def rebuild():
        with scope.enter(system(here).scope):
            return loading.rebuild([record.pk], now=NOW)

    untouched = rebuild()
    Duty.objects.filter(rule="R6-03").update(state="missed")
    Duty.objects.filter(rule="R3-01").delete()
    mended = rebuild()

    assert (untouched, mended) == (0, 2)
    assert rows("whole") == before
