"""History is only ever added to, through one door, and the duties follow in the same transaction."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from alongside.access import checks as access_checks
from alongside.access import scope
from alongside.access.models import Access
from alongside.care import checks, history
from alongside.care.history import Happening
from alongside.care.models import Duty, Event
from alongside.kernel.errors import NotFound, Refused
from tests.factories import NOW, actor, care_record, force, system, user

pytestmark = pytest.mark.django_db

ARREST = datetime(2026, 4, 2, 20, 10, tzinfo=UTC)


@pytest.fixture
def here():
    return force("WM")


@pytest.fixture
def officer(here):
    return actor(user(here))


@pytest.fixture
def record(here):
    return care_record(here, Happening("suspect.arrested", ARREST, event_id="arrest"))


def duty(record, rule):
    return Duty.objects.get(care_record=record, rule=rule)


def test_an_event_brings_its_duties_with_it(record):
    owed = duty(record, "R6-03")

    assert (owed.due_on.isoformat(), owed.state, owed.trigger_event) == ("2026-04-13", "open", "arrest")


def test_telling_the_victim_meets_the_duty_in_the_same_transaction(record, officer):
    told = Happening("victim.informed", datetime(2026, 4, 9, 9, 0, tzinfo=UTC), about=["arrest"])

    with scope.enter(officer.scope):
        history.record(care_record=record, happening=told, actor=officer, now=NOW)

    assert duty(record, "R6-03").state == "met"


def test_the_same_event_twice_is_one_event(record, officer):
    told = Happening("victim.informed", ARREST + timedelta(days=1), about=["arrest"], event_id="told")

    for _ in range(2):
        with scope.enter(officer.scope):
            history.record(care_record=record, happening=told, actor=officer, now=NOW)

    assert Event.objects.filter(care_record=record, event_id="told").count() == 1


def test_another_event_under_a_known_id_is_refused_and_changes_nothing(record, officer):
    other = Happening("suspect.bailed", ARREST, event_id="arrest")

    with pytest.raises(Refused, match="another event with the id “arrest”"), scope.enter(officer.scope):
        history.record(care_record=record, happening=other, actor=officer, now=NOW)

    assert Event.objects.filter(care_record=record).count() == 2
    assert not Duty.objects.filter(care_record=record, rule="R6-06").exists()


@pytest.mark.parametrize(
    ("happening", "reason"),
    [
        (Happening("suspect.arested", ARREST), "suspect.arrested"),
        (Happening("suspect.arrested", NOW + timedelta(hours=1)), "in the future"),
        (Happening("suspect.arrested", datetime(1066, 10, 14, tzinfo=UTC)), "before 1975"),
        (Happening("suspect.arrested", datetime(2026, 4, 2, 20, 10)), "offset from UTC"),
        (Happening("suspect.arrested", ARREST, precision="century"), "not a precision"),
        (Happening("risk.graded", ARREST), "data.grade"),
        (Happening("suspect.arrested", ARREST, data={"name": "somebody"}), "name"),
    ],
    ids=["unknown kind", "future", "ancient", "no offset", "precision", "missing field", "unknown field"],
)
def test_what_can_not_have_happened_is_refused_and_changes_nothing(record, officer, happening, reason):
    with pytest.raises(Refused, match=reason), scope.enter(officer.scope):
        history.record(care_record=record, happening=happening, actor=officer, now=NOW)

    assert Event.objects.filter(care_record=record).count() == 2


def test_of_several_events_all_are_added_or_none(record, officer):
    good = Happening("suspect.bailed", ARREST + timedelta(hours=9))
    bad = Happening("suspect.charged", NOW + timedelta(days=1))

    with pytest.raises(Refused), scope.enter(officer.scope):
        history.record_all(care_record=record, happenings=[good, bad], actor=officer, now=NOW)

    assert Event.objects.filter(care_record=record).count() == 2


@pytest.mark.parametrize(
    "statement", ["UPDATE care_event SET kind = 'x'", "DELETE FROM care_event", "TRUNCATE care_event CASCADE"]
)
def test_the_database_refuses_to_change_history_even_for_its_owner(record, statement):
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement)

    assert Event.objects.filter(care_record=record).count() == 2


def test_another_forces_record_can_not_be_written(record):
    stranger = actor(user(force("WY")))

    with pytest.raises(NotFound), scope.enter(stranger.scope):
        history.record(
            care_record=record, happening=Happening("suspect.bailed", ARREST), actor=stranger, now=NOW
        )

    assert Event.objects.filter(care_record=record).count() == 2


def test_a_voided_event_leaves_no_duty(record, officer):
    mistake = Happening("event.voided", NOW, data={"event": "arrest"})

    with scope.enter(officer.scope):
        history.record(care_record=record, happening=mistake, actor=officer, now=NOW)

    assert not Duty.objects.filter(care_record=record, rule="R6-03").exists()
    assert Event.objects.filter(care_record=record, event_id="arrest").exists()


def test_a_duty_keeps_its_key_for_as_long_as_it_is_owed(record, officer):
    before = duty(record, "R6-03").pk

    with scope.enter(officer.scope):
        history.record(
            care_record=record,
            happening=Happening("facts.changed", ARREST, data={"add": ["enhanced"]}),
            actor=officer,
            now=NOW,
        )

    changed = duty(record, "R6-03")
    assert (changed.pk, changed.due_on.isoformat(), changed.enhanced) == (before, "2026-04-07", True)


def test_one_event_takes_ten_statements_whatever_the_history(record, officer, here):
    with scope.enter(system(here).scope):
        history.record_all(
            care_record=record,
            happenings=[Happening("suspect.interviewed", ARREST + timedelta(days=n)) for n in range(40)],
            actor=system(here),
            now=NOW,
        )

    with (
        CaptureQueriesContext(
            connection,
        ) as statements,
        scope.enter(officer.scope),
    ):
        history.record(care_record=record, happening=Happening("suspect.bailed", NOW), actor=officer, now=NOW)

    sent = [query["sql"] for query in statements if "SAVEPOINT" not in query["sql"]]
    assert len(sent) <= 10, sent


def test_a_chain_goes_on_by_itself_and_the_check_sees_when_it_did_not(here):
    from alongside.care import tasks

    agreed = Happening("contact.agreed", datetime(2026, 6, 1, 9, 0, tzinfo=UTC), data={"every_days": 7})
    record = care_record(here, agreed, now=datetime(2026, 6, 2, 9, 0, tzinfo=UTC))
    links = Duty.objects.filter(care_record=record, rule="R6-17").order_by("link")
    assert [link.due_on.isoformat() for link in links] == ["2026-06-08"]

    with scope.enter(system(here).scope):
        behind = list(checks.duties(now=NOW))
    tasks.refresh_some(here.pk, now=NOW)

    assert len(behind) == 1
    assert "should have been worked out again" in behind[0]
    assert [(link.due_on.isoformat(), link.state) for link in links.all()] == [
        ("2026-06-08", "missed"), ("2026-06-15", "missed"), ("2026-06-22", "missed"), ("2026-06-29", "open"),
        ("2026-07-06", "open"),
    ]  # fmt: skip


def test_the_check_names_a_duty_that_was_changed_by_hand(record, here):
    Duty.objects.filter(care_record=record, rule="R6-03").update(state="met", done_at=NOW)

    with scope.enter(system(here).scope):
        faults = list(checks.duties(now=NOW))

    assert any("duty R6-03 for arrest, link 1, is not what the timeline says" in fault for fault in faults)


def test_every_event_leaves_a_line_in_the_access_log(record, officer):
    with scope.enter(officer.scope):
        history.record(care_record=record, happening=Happening("suspect.bailed", NOW), actor=officer, now=NOW)

    line = Access.objects.get(actor_id=officer.user_id)
    assert (line.act, line.what, line.care_record_id, line.address) == (
        "change", "suspect.bailed", record.pk, "192.0.2.1",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("tamper", "fault"),
    [
        ("UPDATE access_access SET what = 'nothing' WHERE number = 1", "was changed after it was written"),
        ("DELETE FROM access_access WHERE number = 2", "follows a gap"),
        (
            "DELETE FROM access_access WHERE number = (SELECT max(number) FROM access_access)",
            "entries were written",
        ),
    ],
)
def test_the_check_sees_an_access_log_that_was_rewritten(record, officer, tamper, fault):
    for hour in range(3):
        with scope.enter(officer.scope):
            history.record(
                care_record=record,
                happening=Happening("suspect.interviewed", ARREST + timedelta(hours=hour)),
                actor=officer,
                now=NOW,
            )
    assert access_checks.access_log() == []

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # PostgreSQL alters no table with checks to come
        cursor.execute("ALTER TABLE access_access DISABLE TRIGGER access_access_is_append_only")
        cursor.execute(tamper)

    assert any(fault in found for found in access_checks.access_log())
