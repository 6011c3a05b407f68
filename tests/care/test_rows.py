"""The third ring: which rows PostgreSQL shows to whom, whatever the application asks for."""

from datetime import timedelta

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from alongside.access import scope
from alongside.access.scope import DbRole, Scope
from alongside.care import actions
from alongside.care.history import Happening
from alongside.care.models import CareRecord, Crime, Duty, Event, Grant, Named, Note, Party, Person
from tests.factories import NOW, actor, care_record, force, person, system, team, user

pytestmark = pytest.mark.django_db

REPORTED = Happening("crime.reported", NOW - timedelta(days=9))
EVERYTHING = [CareRecord, Person, Crime, Event, Duty, Note, Party, Named, Grant]


@pytest.fixture
def here():
    return force("WM")


@pytest.fixture
def elsewhere():
    return force("WY")


@pytest.fixture
def supervisor(here):
    return actor(user(here, "supervisor"))


def seen(asker, model):
    with scope.enter(asker.scope):
        return set(model.objects.values_list("pk", flat=True))


def make_everything(in_force):
    """A record with at least one row in every table of the care file."""
    record = care_record(in_force, REPORTED, crime=None, reference=f"{in_force.code}/V1")
    boss = actor(user(in_force, "supervisor"))
    with scope.enter(boss.scope):
        actions.add_event(
            care_record=record, kind="contact.attempted", at=NOW, words="No answer.", actor=boss, now=NOW
        )
        actions.add_party(
            care_record=record,
            person=Person(force=in_force, name="Parent"),
            relation="parent_or_guardian",
            actor=boss,
            now=NOW,
        )
        actions.restrict(care_record=record, reason="A colleague is a party.", version=1, actor=boss, now=NOW)
    care_record(in_force)
    return record, boss


def test_nobody_reads_anything_before_taking_a_role(here):
    care_record(here)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE alongside_web")

    for model in EVERYTHING:
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            list(model.objects.all())


def test_a_scope_without_a_force_shows_nothing(here):
    make_everything(here)

    with scope.enter(Scope(role=DbRole.STAFF)):
        assert [model for model in EVERYTHING if model.objects.exists()] == []
    with scope.enter(Scope(role=DbRole.SYSTEM)):
        assert [model for model in EVERYTHING if model.objects.exists()] == []


def test_a_force_sees_nothing_of_another(here, elsewhere):
    make_everything(here)
    stranger = actor(user(elsewhere, "supervisor"))

    assert {model.__name__: seen(stranger, model) for model in EVERYTHING} == {
        model.__name__: set() for model in EVERYTHING
    }
    assert {model.__name__: seen(system(elsewhere), model) for model in EVERYTHING} == {
        model.__name__: set() for model in EVERYTHING
    }


def test_a_restricted_record_is_seen_by_those_named_and_by_nobody_else(here):
    record, named = make_everything(here)
    colleague = actor(user(here, "supervisor"))

    assert record.pk in seen(named, CareRecord)
    assert record.pk not in seen(colleague, CareRecord)
    assert record.person_id not in seen(colleague, Person)
    for model in (Event, Duty, Note, Party, Named):
        with scope.enter(named.scope):
            rows = set(model.objects.filter(care_record_id=record.pk).values_list("pk", flat=True))
        assert rows, model
        assert not rows & seen(colleague, model), model


def test_a_record_can_be_restricted_and_opened_again(here, supervisor):
    record = care_record(here, REPORTED)
    colleague = actor(user(here))

    with scope.enter(supervisor.scope):
        restricted = actions.restrict(
            care_record=record, reason="A colleague is a party.", version=1, actor=supervisor, now=NOW
        )
    hidden = record.pk not in seen(colleague, CareRecord)
    with scope.enter(supervisor.scope):
        actions.lift_restriction(
            care_record=record, reason="No longer.", version=restricted.version, actor=supervisor, now=NOW
        )

    assert hidden
    assert record.pk in seen(colleague, CareRecord)
    assert seen(colleague, Duty) == set(Duty.objects.values_list("pk", flat=True)) != set()


def test_a_shared_record_is_read_by_the_other_force_until_the_day_ends(here, elsewhere, supervisor):
    record, unshared = care_record(here), care_record(here)
    reader = actor(user(elsewhere))

    with scope.enter(supervisor.scope):
        grant = actions.share_with_force(
            care_record=record,
            to_force_id=elsewhere.pk,
            reason="Moved there",
            # The policy reads the database's own clock, so this one ends when that says so.
            until=NOW + timedelta(days=3650),
            actor=supervisor,
            now=NOW,
        )
    shared = seen(reader, CareRecord)
    events = seen(reader, Event)
    duties = seen(reader, Duty)
    with scope.enter(supervisor.scope):
        actions.stop_sharing(grant=grant, actor=supervisor, now=NOW)

    assert shared == {record.pk}
    before_it_ended = Event.objects.filter(care_record=record).exclude(kind="record.sharing_ended")
    assert events == set(before_it_ended.values_list("pk", flat=True))
    assert duties == set(Duty.objects.filter(care_record=record).values_list("pk", flat=True))
    assert unshared.pk not in shared
    assert seen(reader, CareRecord) == set()


def test_the_other_force_can_read_a_shared_record_but_not_write_to_it(here, elsewhere, supervisor):
    record = care_record(here)
    reader = actor(user(elsewhere, "supervisor"))
    with scope.enter(supervisor.scope):
        actions.share_with_force(
            care_record=record, to_force_id=elsewhere.pk, reason="Moved", until=NOW + timedelta(days=3650),
            actor=supervisor, now=NOW,
        )  # fmt: skip
    before = Event.objects.count()

    with scope.enter(reader.scope):
        assert CareRecord.objects.filter(pk=record.pk).update(restricted=True) == 0
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Event.objects.create(
                force=here,
                care_record=record,
                event_id="x",
                kind="note.added",
                at=NOW,
                recorded_at=NOW,
                by_label="x",
            )

    assert Event.objects.count() == before


def test_a_row_can_not_refer_to_another_forces(here, elsewhere):
    """Foreign-key checks look past row security: only the composite key stops this."""
    with pytest.raises(IntegrityError, match="same_force"), transaction.atomic():
        CareRecord.objects.create(
            force=here, reference="X", role="victim", person=person(elsewhere), opened_at=NOW
        )
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_nobody_is_assigned_from_another_force(here, elsewhere, supervisor):
    record, stranger = care_record(here), user(elsewhere)

    with pytest.raises(actions.NotTheirForce), scope.enter(supervisor.scope):
        actions.assign(
            care_record=record, officer=stranger, coordinator=None, witness_care_officer=None,
            version=1, actor=supervisor, now=NOW,
        )  # fmt: skip

    record.refresh_from_db()
    assert record.officer_id is None


def test_assigning_moves_every_open_duty_to_the_right_worklist(here, supervisor):
    record = care_record(here)
    officer, coordinator = user(here, in_team=team(here, "North")), user(here, "coordinator")

    with scope.enter(supervisor.scope):
        actions.assign(
            care_record=record, officer=officer, coordinator=coordinator, witness_care_officer=None,
            version=1, actor=supervisor, now=NOW,
        )  # fmt: skip
        actions.add_event(care_record=record, kind="crime.reported", at=NOW, actor=supervisor, now=NOW)

    owed = Duty.objects.filter(care_record=record, owner="police")
    assert set(owed.values_list("assigned_to", "team")) == {(officer.pk, officer.team_id)}


def test_two_people_who_assign_at_once_do_not_overwrite_each_other(here, supervisor):
    from alongside.kernel.errors import Stale

    record = care_record(here)
    first, second = user(here), user(here)
    nobody = {"coordinator": None, "witness_care_officer": None, "actor": supervisor, "now": NOW}
    with scope.enter(supervisor.scope):
        actions.assign(care_record=record, officer=first, version=1, **nobody)

    with pytest.raises(Stale), scope.enter(supervisor.scope):
        actions.assign(care_record=record, officer=second, version=1, **nobody)

    record.refresh_from_db()
    assert record.officer_id == first.pk


def test_the_system_sees_restricted_records_of_its_own_force(here):
    record, _ = make_everything(here)

    assert record.pk in seen(system(here), CareRecord)


def test_psycopg_is_the_driver_that_refuses(here):
    """The refusals above are PostgreSQL's own, not Django's."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE alongside_web")
        with pytest.raises(ProgrammingError) as refusal, transaction.atomic():
            cursor.execute("SELECT name FROM care_person")

    assert isinstance(refusal.value.__cause__, psycopg.errors.InsufficientPrivilege)
