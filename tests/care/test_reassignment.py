"""Handing many records to somebody else: what moves, all of it or nothing, once."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alongside.access import scope
from alongside.access.models import Access
from alongside.care import actions, reassignment
from alongside.care.actions import NotTheirForce
from alongside.care.models import CareRecord, Duty, Event, Named
from alongside.kernel.errors import NotFound, Stale
from tests.factories import NOW, Happening, actor, care_record, force, team, user

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return force("WM")


@pytest.fixture
def supervisor(here):
    return user(here, "supervisor", in_team=team(here))


@pytest.fixture
def leaver(here):
    return user(here, name="Sam Leaver", in_team=team(here))


@pytest.fixture
def successor(here):
    return user(here, name="Kim Successor", in_team=team(here))


def arrested(in_force, **fields) -> CareRecord:
    """A record with several open duties of the police."""
    return care_record(
        in_force,
        Happening("crime.reported", NOW - timedelta(days=2)),
        Happening("suspect.arrested", NOW - timedelta(days=1), event_id="arrest"),
        **fields,
    )


def open_ones(record: CareRecord, owner: str = "police") -> list[Duty]:
    return list(Duty.objects.filter(care_record=record, state="open", owner=owner).order_by("pk"))


def hand_over(duties, to, by, submission="once", seen=None):
    asker, keys = actor(by), [duty.pk for duty in duties]
    with scope.enter(asker.scope):
        plan = reassignment.plan(keys, to=to, asker=asker)
        return actions.reassign(
            duty_ids=keys, to=to, seen=seen or plan.seen, submission=submission, actor=asker, now=NOW
        )


def test_every_open_duty_of_that_part_of_the_record_moves(here, supervisor, leaver, successor):
    coordinator = user(here, "coordinator")
    record = arrested(here, officer=leaver, coordinator=coordinator, team=leaver.team)
    before = open_ones(record)
    assert len(before) > 1

    moved = hand_over(before[:1], successor, supervisor)

    record.refresh_from_db()
    assert (record.officer, record.coordinator, record.team) == (successor, coordinator, successor.team)
    assert {duty.assigned_to_id for duty in open_ones(record)} == {successor.pk}
    assert {duty.team_id for duty in open_ones(record)} == {successor.team_id}
    assert {duty.pk for duty in moved.moving} >= {duty.pk for duty in before}
    assert moved.from_whom == [(leaver.pk, len(moved.moving))]


def test_the_plan_says_exactly_what_moves(here, supervisor, leaver, successor):
    record = arrested(here, officer=leaver)
    was = dict(Duty.objects.filter(state="open").values_list("pk", "assigned_to_id"))

    moved = hand_over(open_ones(record)[:1], successor, supervisor)

    now = dict(Duty.objects.filter(state="open").values_list("pk", "assigned_to_id"))
    assert {duty.pk for duty in moved.moving} == {key for key in now if now[key] != was[key]}


def test_the_hand_over_is_on_the_timeline_and_in_the_access_log(here, supervisor, leaver, successor):
    record = arrested(here, officer=leaver)

    hand_over(open_ones(record), successor, supervisor)

    event = Event.objects.get(care_record=record, kind="officer.assigned")
    assert event.data == {"officer": str(successor.pk)}
    assert event.by == supervisor
    assert Access.objects.filter(care_record_id=record.pk, act="change", actor=supervisor).count() == 1


def test_a_duty_without_anybody_finds_its_officer(here, supervisor, successor):
    record = arrested(here)

    moved = hand_over(open_ones(record)[:1], successor, supervisor)

    assert moved.from_whom[0][0] is None
    assert {duty.assigned_to_id for duty in open_ones(record)} == {successor.pk}


def test_another_bodys_duty_moves_nobody(here, supervisor, leaver, successor):
    record = care_record(here, Happening("charges.stopped", NOW), officer=leaver)
    theirs = open_ones(record, "cps")
    asker = actor(supervisor)
    assert theirs

    with scope.enter(asker.scope):
        plan = reassignment.plan([theirs[0].pk], to=successor, asker=asker)

    assert (plan.records, plan.left_out) == ([], 1)


def test_sent_twice_it_happens_once(here, supervisor, leaver, successor):
    record = arrested(here, officer=leaver)
    duties = open_ones(record)
    asker = actor(supervisor)
    with scope.enter(asker.scope):
        seen = reassignment.plan([duty.pk for duty in duties], to=successor, asker=asker).seen

    for _ in range(2):
        hand_over(duties, successor, supervisor, seen=seen)

    assert Event.objects.filter(care_record=record, kind="officer.assigned").count() == 1


def test_sent_again_after_somebody_else_moved_it_on_it_stays_where_it_is(here, supervisor, leaver, successor):
    record, third = arrested(here, officer=leaver), user(here)
    duties = open_ones(record)
    hand_over(duties, successor, supervisor, submission="first")
    hand_over(duties, third, supervisor, submission="second")

    hand_over(duties, successor, supervisor, submission="first")

    record.refresh_from_db()
    assert record.officer == third


def test_what_changed_since_it_was_shown_is_shown_again_and_nothing_moves(
    here, supervisor, leaver, successor
):
    first, second = arrested(here, officer=leaver), arrested(here, officer=leaver)
    duties, asker = [*open_ones(first), *open_ones(second)], actor(supervisor)
    with scope.enter(asker.scope):
        seen = reassignment.plan([duty.pk for duty in duties], to=successor, asker=asker).seen
    hand_over(open_ones(second), user(here), supervisor, submission="another")

    with pytest.raises(Stale):
        hand_over(duties, successor, supervisor, seen=seen)

    first.refresh_from_db()
    assert first.officer == leaver
    assert not Event.objects.filter(care_record=first, kind="officer.assigned").exists()


def test_another_forces_duties_can_not_be_moved(here, supervisor, successor):
    elsewhere = force("NY")
    theirs = arrested(elsewhere, officer=user(elsewhere))

    moved = hand_over(open_ones(theirs), successor, supervisor)

    assert (moved.records, moved.left_out) == ([], len(open_ones(theirs)))


def test_somebody_of_another_force_can_not_be_given_work(here, supervisor, leaver):
    record, stranger = arrested(here, officer=leaver), user(force("NY"))

    with pytest.raises(NotTheirForce):
        hand_over(open_ones(record), stranger, supervisor)
    with scope.enter(actor(supervisor).scope), pytest.raises(NotFound):
        reassignment.colleague(stranger.pk, asker=actor(supervisor))

    record.refresh_from_db()
    assert record.officer == leaver


def test_a_restricted_record_moves_only_for_those_named_and_names_whoever_takes_over(
    here, supervisor, leaver, successor
):
    record = arrested(here, officer=leaver, restricted=True)
    unseen = hand_over(open_ones(record), successor, supervisor)
    Named.objects.create(force=here, care_record=record, user=supervisor, named_at=NOW)

    moved = hand_over(open_ones(record), successor, supervisor, submission="named now")

    assert unseen.records == []
    assert [one.pk for one in moved.records] == [record.pk]
    assert Named.objects.filter(care_record=record, user=successor).exists()


def test_fifty_records_take_as_many_statements_as_one(here, supervisor, leaver, successor):
    records = [arrested(here, officer=leaver) for _ in range(51)]
    used = []
    for number, some in enumerate((records[:1], records[1:])):
        duties = [open_ones(record)[0] for record in some]
        with CaptureQueriesContext(connection) as statements:
            hand_over(duties, successor, supervisor, submission=f"submission {number}")
        used.append(len(statements))

    assert set(CareRecord.objects.values_list("officer", flat=True)) == {successor.pk}
    # Every record's line in the access log is one row of one statement.
    assert used[0] == used[1] <= 25


def test_colleagues_are_found_by_name_and_collar_number_among_those_with_a_worklist(here, supervisor):
    mate = user(here, name="Ana Novák", in_team=supervisor.team)
    far = user(here, name="Joanna Novak", collar_number="4711", in_team=team(here))
    user(here, "analyst", name="Novak Analyst")
    user(here, name="Novak Gone", is_active=False)
    user(force("NY"), name="Novak Elsewhere")
    asker = actor(supervisor)

    with scope.enter(asker.scope):
        found = {
            words: [one.pk for one in reassignment.colleagues(words, asker=asker)]
            for words in ("", "nov", "4711")
        }

    assert found == {
        "": sorted([mate.pk, supervisor.pk], key=lambda key: key != supervisor.pk),
        "nov": [mate.pk, far.pk],
        "4711": [far.pk],
    }
