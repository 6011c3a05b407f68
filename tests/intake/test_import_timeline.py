"""Timelines as the contract writes them become the same rows that the engine derives from the file."""

import json
from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from alongside.access import scope
from alongside.access.models import Access
from alongside.care import checks
from alongside.care.models import CareRecord, Duty, Event
from alongside.config import command_line
from alongside.intake import actions
from tests.factories import force, system
from tests.intake.published import GOLDEN, needs_golden

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 30, 11, 0, tzinfo=UTC)  # 12:00 in London
OPENED = {"care": "R1", "id": "e1", "kind": "care.opened", "at": "2026-03-02T09:14:00Z"}
REPORTED = {"care": "R1", "id": "e2", "kind": "crime.reported", "at": "2026-03-02T09:14:00Z"}
ARRESTED = {"care": "R1", "kind": "suspect.arrested", "at": "2026-03-05T21:10:00+00:00"}


def as_lines(*events):
    return [event if isinstance(event, bytes) else json.dumps(event).encode() + b"\n" for event in events]


def send(in_force, *events, now=NOW):
    job = system(in_force)
    with scope.enter(job.scope):
        return actions.import_timeline(
            lines=as_lines(*events), name="sent", force=in_force, actor=job, now=now
        )


def victim(*facts, **fields):
    return {**OPENED, "data": {"facts": ["victim", *facts]}, **fields}


def event_ids(care="R1"):
    found = Event.objects.filter(care_record__reference=care).order_by("number")
    return list(found.values_list("event_id", flat=True))


def stored(care):
    """A record's duties as the golden file has them. `due_by` is the first instant that is too late."""
    return [
        {
            "care": care,
            "duty": duty.rule,
            "book": duty.book,
            "trigger": duty.trigger,
            "trigger_id": duty.trigger_event,
            "enhanced": duty.enhanced,
            "limit": duty.limit,
            "triggered_at": duty.triggered_at,
            "due": duty.due_on.isoformat()
            if duty.due_on
            else duty.due_by and duty.due_by - timedelta(microseconds=1),
            "state": "overdue" if duty.state == "open" and duty.due_by and duty.due_by <= NOW else duty.state,
            "done_at": duty.done_at,
        }
        for duty in Duty.objects.filter(care_record__reference=care)
    ]


def moment(text):
    """Instants are compared as instants; a due date stays the text of a date."""
    return datetime.fromisoformat(text) if text and "T" in text else text


def in_one_order(duties):
    return sorted(
        duties, key=lambda one: (one["triggered_at"], one["duty"], one["trigger_id"], str(one["due"]))
    )


@needs_golden
@pytest.mark.parametrize("at_a_time", [20_000, 7])
def test_the_golden_timelines_give_the_golden_duties(here, monkeypatch, at_a_time):
    monkeypatch.setattr(actions, "LINES_AT_A_TIME", at_a_time)
    lines = (GOLDEN / "timelines.ndjson").read_bytes().splitlines(keepends=True)
    wanted = defaultdict(list)
    for line in (GOLDEN / "duties.ndjson").read_text().splitlines():
        duty = json.loads(line)
        duty |= {name: moment(duty[name]) for name in ("triggered_at", "due", "done_at")}
        wanted[duty["care"]].append(duty)
    to_come = {
        (event["care"], event.get("id"))
        for event in map(json.loads, lines)
        if datetime.fromisoformat(event["at"]) > NOW
    }

    report = send(here, *lines)
    again = send(here, *lines)

    records = CareRecord.objects.values_list("reference", flat=True)
    assert len(records) == 60
    assert report.refused == len(to_come)
    assert (again.added, again.unchanged) == (0, report.added)
    for care in records:
        assert in_one_order(stored(care)) == in_one_order(wanted[care]), care
    with scope.enter(system(here).scope):
        assert list(checks.duties(now=NOW)) == []


def test_care_records_are_made_as_needed(here):
    witness = {**OPENED, "care": "R2", "data": {"facts": ["witness"]}}

    report = send(here, victim("enhanced"), REPORTED, witness)

    assert (report.read, report.added, report.care_records) == (3, 3, 2)
    assert set(CareRecord.objects.values_list("reference", "role", "person", "enhanced", "opened_at")) == {
        ("R1", "victim", None, True, datetime(2026, 3, 2, 9, 14, tzinfo=UTC)),
        ("R2", "witness", None, False, datetime(2026, 3, 2, 9, 14, tzinfo=UTC)),
    }


def test_the_opening_may_come_last(here, monkeypatch):
    monkeypatch.setattr(actions, "LINES_AT_A_TIME", 1)

    send(here, REPORTED, ARRESTED, {**OPENED, "data": {"facts": ["witness"]}})

    record = CareRecord.objects.get()
    assert (record.role, record.facts) == ("witness", ["witness"])
    assert record.opened_at == datetime(2026, 3, 2, 9, 14, tzinfo=UTC)


def test_an_opening_sent_later_does_not_change_what_staff_know(here):
    send(here, victim())

    report = send(here, {**OPENED, "id": "e9", "data": {"facts": ["witness"]}})

    assert (report.added, CareRecord.objects.get().role) == (1, "victim")


def test_the_same_file_again_adds_nothing_even_without_ids(here):
    first = send(here, victim(), ARRESTED, ARRESTED)

    again = send(here, victim(), ARRESTED, ARRESTED)
    more = send(here, victim(), ARRESTED, ARRESTED, {**ARRESTED, "data": {"suspect": "S2"}})

    # The same line twice in one file is two events, as `alongside duties` has it.
    assert (first.added, again.added, again.unchanged, more.added) == (3, 0, 3, 1)
    assert len(set(event_ids())) == 4


def test_the_order_of_keys_does_not_make_another_event(here):
    send(here, victim(), {**ARRESTED, "data": {"suspect": "S1", "reason": "r"}})

    turned = dict(reversed({**ARRESTED, "data": {"reason": "r", "suspect": "S1"}}.items()))

    assert send(here, turned).added == 0


def test_bad_lines_are_named_and_the_rest_is_taken(here):
    report = send(
        here,
        b"\n",
        victim(),
        b"{not json}\n",
        {**ARRESTED, "kind": "suspect.arested"},
        {**ARRESTED, "at": "2026-03-05T21:10:00"},
        {**ARRESTED, "at": "2026-07-30T21:10:00Z"},
        {**ARRESTED, "at": "1969-07-30T21:10:00Z"},
        {**ARRESTED, "id": "nul\u0000"},
        {**REPORTED, "id": "e1"},
        {"kind": "suspect.arrested"},
        REPORTED,
    )

    reasons = {refusal.line: refusal.reason for refusal in report.refusals}
    assert sorted(reasons) == [3, 4, 5, 6, 7, 8, 9, 10]
    assert "is not JSON" in reasons[3]
    assert "the nearest are suspect.arrested" in reasons[4]
    assert "has no offset" in reasons[5]
    assert "in the future" in reasons[6]
    assert "is before 19" in reasons[7]
    assert "NUL" in reasons[8]
    assert "another event with the id “e1”" in reasons[9]
    assert "care is missing" in reasons[10] and "at is missing" in reasons[10]
    assert (report.read, report.added, report.refused) == (10, 2, 8)
    assert event_ids() == ["e1", "e2"]


def test_a_record_of_which_nothing_can_be_believed_is_not_made(here):
    report = send(here, {**ARRESTED, "at": "2026-07-30T21:10:00Z"})

    assert (report.refused, report.care_records, CareRecord.objects.count()) == (1, 0, 0)


def test_records_of_another_force_are_left_alone(here):
    elsewhere = force("felpersham")
    send(elsewhere, victim(), REPORTED)

    send(here, victim(), ARRESTED)

    assert set(CareRecord.objects.values_list("force__code", "reference")) == {
        ("felpersham", "R1"),
        ("borsetshire", "R1"),
    }
    assert Event.objects.filter(care_record__force=elsewhere).count() == 2


def test_more_of_a_known_record_moves_its_duties(here):
    send(here, victim(), REPORTED)
    before = Duty.objects.get(rule="R4-04").state

    send(here, {"care": "R1", "kind": "referral.made", "at": "2026-03-03T10:00:00Z"})

    assert (before, Duty.objects.get(rule="R4-04").state) == ("open", "met")


def test_the_command_reads_a_file_for_the_only_force_there_is(tmp_path, bring_in, here, capsys):
    file = tmp_path / "events.ndjson"
    to_come = {**ARRESTED, "at": (timezone.now() + timedelta(days=2)).isoformat()}
    file.write_bytes(b"".join(as_lines(victim(), REPORTED, to_come)))

    dry = bring_in("timeline", file, "--dry-run")
    kept = CareRecord.objects.count()
    real = bring_in("timeline", file)
    force("felpersham")
    whose = bring_in("timeline", file)
    named = bring_in("timeline", file, "--force", "Borsetshire")

    assert (dry["added"], kept) == (2, 0)
    assert (real["exit"], real["added"], real["care_records"]) == (1, 2, 1)
    assert [(one["file"], one["line"]) for one in real["refusals"]] == [(str(file), 3)]
    assert whose["exit"] == 2
    assert "--force CODE" in whose["refusals"][0]["reason"]
    assert (named["exit"], named["unchanged"]) == (1, 2)
    assert f"{file}, line 3: When it happened is in the future" in capsys.readouterr().out
    assert set(Access.objects.values_list("what", flat=True)) == {"import.timeline"}


def test_what_is_not_there_is_said(tmp_path, bring_in, here, capsys):
    assert bring_in("timeline", tmp_path / "nowhere.ndjson")["exit"] == 2
    assert "nowhere.ndjson: No such file" in capsys.readouterr().err


def test_a_report_that_can_not_be_written_stops_it_before_it_begins(tmp_path, here, capsys):
    file = tmp_path / "events.ndjson"
    file.write_bytes(b"".join(as_lines(victim())))

    code = command_line.main(
        ["import", "timeline", str(file), "--report", str(tmp_path / "no" / "report.json")]
    )

    assert (code, CareRecord.objects.count()) == (2, 0)
    assert "report.json: No such file or directory" in capsys.readouterr().err


@pytest.mark.parametrize("care", ["R\n1", "R/../1", "R/-/tell", "/R"])
def test_a_record_that_no_page_could_open_is_refused_by_line(here, care):
    report = send(here, victim(care=care), victim(care="R/facts"))

    assert [refusal.line for refusal in report.refusals] == [1]
    assert list(CareRecord.objects.values_list("reference", flat=True)) == ["R/facts"]


def test_what_was_recorded_in_the_future_is_refused(here):
    report = send(here, victim(), {**ARRESTED, "recorded_at": "2030-01-01T00:00:00Z"})

    assert [(refusal.line, refusal.reason) for refusal in report.refusals] == [
        (2, "When it was recorded is in the future.")
    ]
    assert not Event.objects.filter(kind="suspect.arrested").exists()


def test_an_id_that_is_too_long_to_be_voided_is_refused(here):
    report = send(here, victim(), {**ARRESTED, "id": "x" * 65})

    assert [refusal.reason for refusal in report.refusals] == ["the id is longer than 64 characters"]
