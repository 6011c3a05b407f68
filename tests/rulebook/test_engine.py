"""What the contract says, clause by clause, and the positions taken where it is silent."""

from datetime import UTC, datetime

import pytest

from alongside.rulebook.examples import read_event, read_moment
from alongside.rulebook.model import Event
from tests.rulebook.stories import derived, duties, states, story

ARRESTED = "2026-03-02 10:00 suspect.arrested"
TOLD = "2026-03-04 10:00 victim.informed about suspect.arrested"


def test_a_fact_set_at_the_instant_of_the_trigger_counts_wherever_the_file_has_it():
    enhanced = "2026-03-02 10:00 facts.changed add=enhanced"

    assert states("R6-03", enhanced, ARRESTED)[0][0] == "2026-03-03"
    assert states("R6-03", ARRESTED, enhanced)[0][0] == "2026-03-03"


def test_of_two_changes_at_one_instant_the_later_in_the_file_wins():
    on, off = "2026-03-02 10:00 facts.changed add=enhanced", "2026-03-02 10:00 facts.changed remove=enhanced"

    assert not duties("R6-03", on, off, ARRESTED)[0].enhanced
    assert duties("R6-03", off, on, ARRESTED)[0].enhanced


def test_a_fact_set_later_changes_nothing_that_was_triggered():
    assert states("R6-03", ARRESTED, "2026-03-02 10:01 facts.changed add=enhanced")[0][0] == "2026-03-09"


def test_risk_is_a_fact_that_the_latest_grading_sets():
    graded = derived(
        story("2026-03-02 10:00 risk.graded grade=high", "2026-03-03 10:00 risk.graded grade=medium")
    )

    assert graded.facts == {"victim", "risk:medium"}


def test_a_grading_that_names_no_grade_leaves_none():
    graded = derived(story("2026-03-02 10:00 risk.graded grade=high", "2026-03-03 10:00 risk.graded"))

    assert graded.facts == {"victim"}


def test_enhanced_rights_are_established_by_the_first_assessment_that_gives_them():
    found = duties(
        "R4-06",
        "2026-03-02 10:00 needs.assessed enhanced=false",
        "2026-03-03 10:00 needs.assessed enhanced=true",
        "2026-03-04 10:00 needs.assessed enhanced=true",
    )

    assert [(duty.trigger, duty.trigger_id) for duty in found] == [("enhanced.established", "e2")]


def test_events_after_the_moment_asked_are_not_seen():
    assert states("R6-03", ARRESTED, TOLD, as_of="2026-03-03 10:00") == [("2026-03-09", "open")]


def test_a_voided_event_never_happened():
    assert states("R6-03", ARRESTED, "2026-03-05 10:00 event.voided event=e1") == []
    assert states("R6-03", ARRESTED, TOLD, "2026-03-05 10:00 event.voided event=e2") == [
        ("2026-03-09", "open")
    ]


def test_a_voiding_that_is_itself_voided_voids_nothing():
    assert states(
        "R6-03",
        ARRESTED,
        TOLD,
        "2026-03-05 10:00 event.voided event=e2",
        "2026-03-05 11:00 event.voided event=e3",
    ) == [("2026-03-09", "met")]


def test_a_voiding_of_what_is_not_there_does_nothing():
    assert states("R6-03", ARRESTED, "2026-03-05 10:00 event.voided event=e99") == [("2026-03-09", "open")]


def test_a_chain_of_voidings_may_be_of_any_length():
    at = datetime(2026, 3, 5, 10, tzinfo=UTC)
    targets = ["e1", *(f"v{number}" for number in range(4_999))]
    voidings = [
        Event(f"v{number}", "event.voided", at, data={"event": target})
        for number, target in enumerate(targets)
    ]

    # The last always stands. With one fewer, each that stood falls, down to the voiding of the arrest.
    assert derived([*story(ARRESTED), *voidings]).duties != []
    assert derived([*story(ARRESTED), *voidings[:-1]]).duties == []


def test_a_voided_fact_no_longer_shortens_a_limit():
    assert states(
        "R6-03",
        "2026-03-01 10:00 facts.changed add=enhanced",
        ARRESTED,
        "2026-03-03 10:00 event.voided event=e1",
    ) == [("2026-03-09", "open")]


def test_an_answer_counts_at_the_triggers_own_instant_and_not_before():
    same = "2026-03-02 10:00 victim.informed about suspect.arrested"
    before = "2026-03-02 09:59 victim.informed about suspect.arrested"

    assert states("R6-03", same, ARRESTED)[0][1] == "met"
    assert states("R6-03", before, ARRESTED)[0][1] == "open"


@pytest.mark.parametrize(
    ("about", "state"),
    [(" about suspect.arrested", "met"), (" about e1", "met"), (" about e9", "open"), ("", "open")],
)
def test_an_answer_must_say_what_it_is_about(about, state):
    assert states("R6-03", ARRESTED, f"2026-03-04 10:00 victim.informed{about}")[0][1] == state


def test_one_answer_may_discharge_any_number_of_duties():
    lines = (ARRESTED, "2026-03-02 12:00 suspect.arrested", "2026-03-02 18:00 suspect.interviewed")
    told = "2026-03-03 10:00 victim.informed about suspect.arrested,e3"

    assert states("R6-03", *lines, told) == [("2026-03-09", "met")] * 2
    assert states("R6-04", *lines, told) == [("2026-03-09", "met")]


def test_known_only_to_the_month_it_starts_no_limit_and_discharges_none():
    month = "2026-03-01 00:00 suspect.arrested precision=month"
    told = "2026-03-04 10:00 victim.informed about suspect.arrested precision=month"

    assert states("R6-03", month, TOLD) == [("None", "met")]
    assert states("R6-03", ARRESTED, told, as_of="2026-04-01 10:00") == [("2026-03-09", "overdue")]
    assert states(
        "R6-02", "2026-03-02 10:00 investigation.opened", "2026-03-03 10:00 contact.agreed precision=month"
    ) == [("None", "met")]


def test_known_only_to_the_day_it_is_taken_at_its_moment():
    assert states("R6-03", "2026-03-02 00:00 suspect.arrested precision=day") == [("2026-03-09", "open")]
    told = "2026-03-02 00:00 victim.informed about suspect.arrested precision=day"
    assert states("R6-03", ARRESTED, told) == [("2026-03-09", "open")]


def test_a_departure_is_counted_on_its_own():
    departed = (
        "2026-03-05 10:00 departure.recorded about suspect.arrested duty=R6-03 reason=unsafe approved_by=x"
    )
    late = "2026-03-20 10:00 victim.informed about suspect.arrested"

    assert states("R6-03", ARRESTED, departed) == [("2026-03-09", "departed")]
    assert states("R6-03", ARRESTED, departed, TOLD) == [("2026-03-09", "met")]
    assert states("R6-03", ARRESTED, departed, late) == [("2026-03-09", "departed")]
    assert states("R6-03", ARRESTED, late, departed.replace("03-05", "03-21")) == [("2026-03-09", "late")]
    assert states("R6-03", ARRESTED, departed.replace("R6-03", "R6-04")) == [("2026-03-09", "open")]
    assert states("R6-03", ARRESTED, departed.replace("suspect.arrested", "crime.reported")) == [
        ("2026-03-09", "open")
    ]


def test_what_is_waived_at_the_trigger_stays_waived():
    declined, resumed = "2026-03-01 10:00 updates.declined", "2026-03-03 10:00 updates.resumed"

    assert states("R6-03", declined, ARRESTED, resumed, TOLD) == [("None", "waived")]
    assert states("R6-03", ARRESTED, "2026-03-03 10:00 updates.declined", as_of="2026-03-20 10:00") == [
        ("2026-03-09", "overdue")
    ]


class TestGates:
    PLANNED = "2026-03-02 10:00 statement.planned"
    TAKEN = "2026-03-05 10:00 statement.taken"
    GIVEN = "information.given topic=giving-evidence"

    def state(self, *lines):
        return [state for _, state in states("R2-02", *lines)]

    def test_open_until_done_or_until_the_gate_passes(self):
        assert self.state(self.PLANNED) == ["open"]
        assert self.state(self.PLANNED, self.TAKEN) == ["missed"]
        assert self.state(self.PLANNED, f"2026-03-03 10:00 {self.GIVEN}", self.TAKEN) == ["met"]
        assert self.state(self.PLANNED, self.TAKEN, f"2026-03-06 10:00 {self.GIVEN}") == ["late"]

    def test_at_one_instant_the_order_of_the_file_decides(self):
        assert self.state(self.PLANNED, f"2026-03-05 10:00 {self.GIVEN}", self.TAKEN) == ["met"]
        assert self.state(self.PLANNED, self.TAKEN, f"2026-03-05 10:00 {self.GIVEN}") == ["late"]

    def test_a_gate_before_the_trigger_is_another_gate(self):
        assert self.state("2026-03-01 10:00 statement.taken", self.PLANNED) == ["open"]

    def test_the_wrong_information_opens_no_gate(self):
        assert self.state(self.PLANNED, "2026-03-03 10:00 information.given topic=rights", self.TAKEN) == [
            "missed"
        ]


class TestChains:
    AGREED = "2026-03-02 10:00 contact.agreed every_days=14"

    def links(self, *lines, as_of):
        return states("R6-17", *lines, as_of=as_of)

    def test_each_link_follows_the_one_that_was_done(self):
        told = "2026-03-10 10:00 victim.informed"

        assert self.links(self.AGREED, told, as_of="2026-03-11 10:00") == [
            ("2026-03-16", "met"),
            ("2026-03-24", "open"),
        ]

    def test_an_overdue_link_stands_before_the_next_one(self):
        assert self.links(self.AGREED, as_of="2026-03-17 00:00") == [
            ("2026-03-16", "overdue"),
            ("2026-03-30", "open"),
        ]

    def test_late_is_before_the_next_would_fall_due(self):
        last = self.links(self.AGREED, "2026-03-30 23:59 victim.informed", as_of="2026-03-30 23:59")
        after = self.links(self.AGREED, "2026-03-31 00:00 victim.informed", as_of="2026-03-31 00:00")

        assert last == [("2026-03-16", "late"), ("2026-04-13", "open")]
        assert after == [("2026-03-16", "missed"), ("2026-03-30", "late"), ("2026-04-14", "open")]

    def test_a_new_agreement_starts_a_new_chain(self):
        again = "2026-03-20 10:00 contact.agreed every_days=7"

        assert self.links(self.AGREED, again, as_of="2026-03-21 10:00") == [
            ("2026-03-16", "missed"),
            ("2026-03-27", "open"),
        ]

    def test_the_event_that_starts_anew_may_also_discharge(self):
        assert states(
            "L-03",
            "2026-03-02 10:00 needs.assessed",
            "2026-04-01 10:00 needs.assessed",
            as_of="2026-04-02 10:00",
        ) == [("2026-03-30", "late"), ("2026-04-29", "open")]

    def test_closing_ends_it_and_leaves_out_what_was_not_due(self):
        closed = "2026-03-20 10:00 care.closed"
        told = "2026-03-21 10:00 victim.informed"

        assert self.links(self.AGREED, closed, told, as_of="2026-06-01 10:00") == [("2026-03-16", "missed")]

    def test_a_departure_takes_the_link_that_is_running(self):
        departed = "2026-03-18 10:00 departure.recorded about e1 duty=R6-17 reason=unsafe approved_by=x"

        assert self.links(self.AGREED, departed, as_of="2026-03-19 10:00") == [
            ("2026-03-16", "departed"),
            ("2026-03-30", "open"),
        ]

    def test_without_an_interval_there_is_one_duty_without_a_date(self):
        agreed = "2026-03-02 10:00 contact.agreed"

        assert self.links(agreed, as_of="2026-06-01 10:00") == [("None", "open")]
        assert self.links(agreed, "2026-03-20 10:00 victim.informed", as_of="2026-06-01 10:00") == [
            ("None", "met")
        ]

    def test_a_waived_trigger_ends_the_chain_before_it(self):
        lines = (
            self.AGREED,
            "2026-03-10 10:00 updates.declined",
            "2026-03-11 10:00 contact.agreed every_days=7",
        )

        assert self.links(*lines, as_of="2026-06-01 10:00") == [("None", "waived")]

    def test_known_only_to_the_month_an_agreement_starts_no_chain(self):
        agreed = "2026-03-01 00:00 contact.agreed every_days=7 precision=month"

        assert self.links(agreed, as_of="2026-06-01 10:00") == [("None", "open")]

    def test_links_are_numbered_from_one(self):
        found = duties("R6-17", self.AGREED, as_of="2026-04-20 10:00")

        assert [duty.link for duty in found] == [1, 2, 3, 4]


class TestPromises:
    MADE = "2026-03-02 10:00 promise.made by=2026-03-06"

    def test_kept_only_by_what_is_about_it(self):
        assert states("L-08", self.MADE, "2026-03-05 10:00 promise.kept about e1") == [("2026-03-06", "met")]
        assert states("L-08", self.MADE, "2026-03-05 10:00 promise.kept") == [("2026-03-06", "open")]

    def test_one_of_two_withdrawn(self):
        other = "2026-03-03 10:00 promise.made by=2026-03-09"

        assert states("L-08", self.MADE, other, "2026-03-04 10:00 promise.withdrawn about e1") == [
            ("None", "waived"),
            ("2026-03-09", "open"),
        ]

    def test_withdrawn_after_its_date_it_was_broken(self):
        assert states("L-08", self.MADE, "2026-03-07 00:00 promise.withdrawn about e1") == [
            ("2026-03-06", "missed")
        ]

    def test_withdrawn_after_it_was_kept_it_was_kept(self):
        kept = "2026-03-05 10:00 promise.kept about e1"

        assert states("L-08", self.MADE, kept, "2026-03-05 11:00 promise.withdrawn about e1")[0][1] == "met"


class TestClosing:
    CLOSED = "2026-03-04 10:00 care.closed"

    def test_what_has_a_date_stays_measured(self):
        assert states("R6-03", ARRESTED, self.CLOSED, as_of="2026-03-09 23:59") == [("2026-03-09", "open")]
        assert states("R6-03", ARRESTED, self.CLOSED, as_of="2026-03-10 00:00") == [("2026-03-09", "missed")]
        told = "2026-03-06 10:00 victim.informed about suspect.arrested"
        assert states("R6-03", ARRESTED, self.CLOSED, told) == [("2026-03-09", "met")]

    def test_done_after_both_the_closing_and_the_date_is_late(self):
        told = "2026-03-12 10:00 victim.informed about suspect.arrested"

        assert states("R6-03", ARRESTED, self.CLOSED, told) == [("2026-03-09", "late")]

    def test_what_has_none_is_left_out_unless_it_was_done(self):
        reported = "2026-03-02 10:00 crime.reported"

        assert states("R2-01", reported, self.CLOSED) == []
        assert states("R2-01", reported, "2026-03-03 10:00 crime.recorded", self.CLOSED) == [("None", "met")]
        assert states("R2-01", reported, self.CLOSED, "2026-03-05 10:00 crime.recorded") == [("None", "met")]

    def test_a_gate_that_passes_after_the_closing_misses_nothing(self):
        planned, taken = "2026-03-02 10:00 statement.planned", "statement.taken"

        assert states("R2-02", planned, self.CLOSED, f"2026-03-05 10:00 {taken}") == []
        assert states("R2-02", planned, f"2026-03-03 10:00 {taken}", self.CLOSED) == [("None", "missed")]

    def test_it_opens_nothing_from_that_instant_on(self):
        assert states("R6-03", self.CLOSED, "2026-03-04 10:00 suspect.arrested") == []
        assert states("R6-03", "2026-03-04 10:00 suspect.arrested", self.CLOSED) == []

    def test_a_reopened_record_opens_duties_again(self):
        reopened = "2026-03-10 10:00 care.reopened"

        assert states("R6-03", self.CLOSED, reopened, "2026-03-11 10:00 suspect.arrested") == [
            ("2026-03-18", "open")
        ]
        assert states("R2-01", "2026-03-02 10:00 crime.reported", self.CLOSED, reopened) == []

    def test_the_record_knows_when_it_was_closed(self):
        closed = story(ARRESTED, self.CLOSED)
        reopened = read_event("2026-03-10 10:00 care.reopened", "e9")

        assert derived(closed).closed_at == datetime(2026, 3, 4, 10, tzinfo=UTC)
        assert derived([*closed, reopened]).closed_at is None


class TestNextChange:
    def at(self, *lines, as_of, facts="victim"):
        return derived(story(*lines, facts=facts), as_of=as_of).next_change_at

    def test_nothing_changes_by_itself_but_open_to_overdue(self):
        assert self.at(ARRESTED, as_of="2026-03-03 10:00") is None

    def test_a_chain_gains_a_link_when_one_falls_due(self):
        agreed = "2026-03-02 10:00 contact.agreed every_days=14"

        assert self.at(agreed, as_of="2026-03-03 10:00") == read_moment("2026-03-17 00:00")
        assert self.at(agreed, as_of="2026-03-17 00:00") == read_moment("2026-03-31 00:00")

    def test_a_closed_record_misses_what_falls_due(self):
        closed = "2026-03-04 10:00 care.closed"

        assert self.at(ARRESTED, closed, as_of="2026-03-05 10:00") == read_moment("2026-03-10 00:00")
        assert self.at(ARRESTED, closed, as_of="2026-03-10 00:00") is None

    def test_an_event_not_yet_seen_will_be(self):
        assert self.at(ARRESTED, TOLD, as_of="2026-03-03 10:00") == read_moment("2026-03-04 10:00")


def test_events_may_come_in_any_zone():
    local = datetime.fromisoformat("2026-07-06T23:30:00+01:00")
    events = [
        Event("e0", "care.opened", local, data={"facts": ["victim"]}),
        Event("e1", "suspect.arrested", local),
    ]

    [duty] = derived(events).duties

    assert str(duty.due) == "2026-07-13"
    assert duty.triggered_at == datetime(2026, 7, 6, 22, 30, tzinfo=UTC)
