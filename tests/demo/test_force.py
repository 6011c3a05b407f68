"""The demonstration in the database: made in the force's own scope, marked, and told apart."""

import argparse

import pytest
from django.db import connection
from django.db.models import Count, Q
from django.test.utils import CaptureQueriesContext

from alongside.access.models import Force, Role, User
from alongside.care import loading
from alongside.care.models import CareRecord, Duty, Event
from demo import batches, command, force, load
from tests.demo.conftest import AS_OF

pytestmark = pytest.mark.django_db


def test_no_history_is_refused(stored):
    assert stored.refusals == []
    assert stored.records == CareRecord.objects.count() == 150
    assert stored.events == Event.objects.count()
    assert stored.duties == Duty.objects.count()


def test_the_force_is_marked_as_a_demonstration(stored):
    assert Force.objects.get().is_demonstration
    assert not CareRecord.objects.exclude(crime__source="demonstration").exists()


def test_everybody_has_a_role_and_nobody_a_password(stored):
    users = User.objects.annotate(held=Count("roles"))

    assert set(users.values_list("roles__code", flat=True)) == set(
        Role.objects.values_list("code", flat=True)
    )
    assert all(user.held == 1 and not user.has_usable_password() for user in users)
    assert all(user.email.endswith(".example") for user in users)


def test_some_are_told_in_time_and_some_are_not(stored):
    states = Duty.objects.filter(due_by__isnull=False).aggregate(
        met=Count("pk", filter=Q(state="met")),
        late=Count("pk", filter=Q(state__in=["late", "missed"])),
        overdue=Count("pk", filter=Q(state="open", due_by__lte=AS_OF)),
        ahead=Count("pk", filter=Q(state="open", due_by__gt=AS_OF)),
    )

    assert all(states.values())
    assert 0.55 < states["met"] / (states["met"] + states["late"]) < 0.9


def test_duties_are_what_a_rebuild_makes_of_the_timelines(stored):
    assert loading.rebuild(list(CareRecord.objects.values_list("pk", flat=True)), now=AS_OF) == 0


def test_events_say_which_of_the_staff_recorded_them(stored):
    assert {"officer", "coordinator", "call-handler"} <= set(Event.objects.values_list("by_label", flat=True))
    assert not Event.objects.filter(by=None).exists()


@pytest.mark.parametrize("size", [20, 80])
def test_a_batch_costs_the_same_statements_whatever_its_size(size):
    division = force.staff_division(force.establish(), 0, seed=1)
    entries = batches.invent(division, size=size, seed=1, as_of=AS_OF)

    with CaptureQueriesContext(
        connection,
    ) as statements:
        batches.load(division, entries, as_of=AS_OF)

    assert len(statements) < 40


def test_a_second_time_changes_nothing(stored, capsys):
    asked = argparse.ArgumentParser()
    command.add_arguments(asked)

    assert command.run(asked.parse_args(["--care-records", "10"])) == 0
    assert CareRecord.objects.count() == 150
    assert "already here" in capsys.readouterr().err


def test_more_can_be_added(stored):
    work = load.invented(force.establish(), care_records=20, seed=1, as_of=AS_OF)
    made = load.run(work, size=20, progress=lambda so_far: None)

    assert (made.records, made.refusals) == (20, [])
    assert CareRecord.objects.count() == 170
    assert force.divisions() == 2
