"""What must hold of any timeline whatever."""

import json
import random
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from alongside.rulebook import loader
from alongside.rulebook.engine import derive
from alongside.rulebook.model import Duty, Event
from alongside.rulebook.rulebook import Rulebook
from alongside.rulebook.timeline import Reader

RULEBOOK = loader.shipped()
START = datetime(2026, 3, 20, tzinfo=UTC)  # Easter, both bank holidays of May and a clock change lie ahead
SPAN_HOURS = 70 * 24

KINDS = [
    "crime.reported",
    "suspect.arrested",
    "suspect.charged",
    "suspect.bailed",
    "statement.planned",
    "statement.taken",
    "needs.assessed",
    "needs.changed",
    "contact.agreed",
    "victim.informed",
    "victim.contacted",
    "views.sought",
    "promise.made",
    "promise.kept",
    "promise.withdrawn",
    "updates.declined",
    "updates.resumed",
    "facts.changed",
    "referral.made",
    "records.requested",
    "records_notice.given",
    "witness.required",
    "trial.started",
    "hearing.notified",
    "review.requested",
    "review.acknowledged",
    "departure.recorded",
    "care.closed",
    "care.reopened",
    "bail_conditions.proposed",
    "verdict.notified",
]
FACTS = ["victim", "witness", "enhanced", "bereaved", "injury", "offence:sexual", "vcs-eligible"]
RULES = ["R6-03", "R6-17", "L-03", "L-08", "R4-04", "R2-02"]

a_moment = st.integers(0, SPAN_HOURS).map(lambda hours: START + timedelta(hours=hours))
some_facts = st.lists(st.sampled_from(FACTS), unique=True, max_size=4)


@st.composite
def an_event(draw, number: int) -> Event:
    kind = draw(st.sampled_from(KINDS))
    data: dict = {}
    if kind == "contact.agreed":
        data = {"every_days": draw(st.integers(3, 28))}
    elif kind == "promise.made":
        data = {"by": draw(a_moment).date().isoformat()}
    elif kind == "needs.assessed":
        data = draw(st.sampled_from([{}, {"enhanced": True}, {"enhanced": False}]))
    elif kind == "facts.changed":
        data = {"add": draw(some_facts), "remove": draw(some_facts)}
    elif kind == "referral.made":
        data = {"service": "victim-care-unit"}
    elif kind == "review.requested":
        data = {"of": "police"}
    elif kind == "departure.recorded":
        data = {"duty": draw(st.sampled_from(RULES)), "reason": "unsafe", "approved_by": "x"}
    about = draw(st.lists(st.sampled_from([*KINDS, "e1", "e2", "e3"]), max_size=3))
    precision = draw(st.sampled_from(["minute"] * 8 + ["day", "month"]))
    return Event(f"e{number}", kind, draw(a_moment), tuple(about), data, precision)


@st.composite
def a_timeline(draw) -> list[Event]:
    opened = Event("e0", "care.opened", START, data={"facts": ["victim", *draw(some_facts)]})
    return [opened] + [draw(an_event(number)) for number in range(1, draw(st.integers(1, 14)))]


def rows(events: list[Event], as_of: datetime) -> list[Duty]:
    return derive(events, RULEBOOK, as_of=as_of).duties


def key(duty: Duty) -> tuple[str, str, int]:
    return duty.rule, duty.trigger_id, duty.link


@given(a_timeline(), a_moment)
def test_a_duty_is_named_once_by_rule_trigger_and_link(events, as_of):
    keys = [key(duty) for duty in rows(events, as_of)]

    assert len(keys) == len(set(keys))


@given(a_timeline(), a_moment)
def test_rows_stand_in_the_contracts_order(events, as_of):
    found = rows(events, as_of)

    assert found == sorted(found, key=lambda duty: (duty.triggered_at, duty.rule))


@given(a_timeline(), a_moment)
def test_a_state_agrees_with_its_dates(events, as_of):
    for duty in rows(events, as_of):
        if duty.state == "met" and duty.due_by is not None:
            assert duty.done_at < duty.due_by
        if duty.state == "late" and duty.due_by is not None:
            assert duty.done_at >= duty.due_by
        if duty.state == "overdue":
            assert duty.due_by <= as_of
        if duty.state == "open" and duty.due_by is not None:
            assert as_of < duty.due_by
        assert (duty.due is None) == (duty.due_by is None)
        assert (duty.done_at is not None) == (duty.state in ("met", "late")) or duty.state == "departed"


@given(a_timeline(), st.integers(0, 13), a_moment, a_moment)
def test_a_voided_pair_changes_nothing(events, place, at, as_of):
    stray = Event("stray", "suspect.arrested", at)
    void = Event("void", "event.voided", at, data={"event": "stray"})
    with_pair = [*events[:place], stray, *events[place:], void]

    assert rows(with_pair, as_of) == rows(events, as_of)


@given(a_timeline(), a_moment)
def test_events_after_the_moment_asked_are_as_if_they_were_not(events, as_of):
    seen = [event for event in events if event.at <= as_of]

    assert rows(events, as_of) == rows(seen, as_of)


@given(a_timeline(), a_moment, a_moment)
def test_what_was_done_stays_done(events, one, other):
    """Later moments add; a duty met or late at one is the same row at every later one (nothing being voided)."""
    earlier, later = min(one, other), max(one, other)
    then = {key(duty): duty for duty in rows(events, earlier) if duty.state in ("met", "late")}
    now = {key(duty): duty for duty in rows(events, later)}

    # A fact, a gate or an event entered at the same instant belongs to that instant: it is seen with it.
    assert {name: now.get(name) for name in then} == then


@given(a_timeline(), a_moment, st.floats(0, 0.999))
def test_until_the_next_change_only_open_turns_overdue(events, as_of, share):
    now = derive(events, RULEBOOK, as_of=as_of)
    horizon = now.next_change_at or as_of + timedelta(days=400)
    assert horizon > as_of

    later = rows(events, as_of + (horizon - as_of) * share)

    assert [as_stored(duty) for duty in later] == [as_stored(duty) for duty in now.duties]


@given(a_timeline(), a_moment)
def test_at_the_next_change_something_does_change(events, as_of):
    now = derive(events, RULEBOOK, as_of=as_of)
    if now.next_change_at is not None and now.next_change_at not in {event.at for event in events}:
        assert rows(events, now.next_change_at) != now.duties


def as_stored(duty: Duty) -> tuple:
    """A row as the database keeps it: that an open one is overdue is seen when it is read."""
    state = "open" if duty.state == "overdue" else duty.state
    return (*key(duty), duty.due, duty.due_by, state, duty.done_at, duty.done_id)


@settings(max_examples=50)
@given(a_timeline(), a_moment)
def test_a_rebuild_gives_what_one_event_after_another_gave(events, as_of):
    """Rows kept up to date by their differences, event by event as recorded, end as a rebuild makes them."""
    stored: dict[tuple[str, str, int], Duty] = {}
    for known in range(1, len(events) + 1):
        fresh = {key(duty): duty for duty in rows(events[:known], as_of)}
        for name in stored.keys() - fresh.keys():
            del stored[name]
        stored.update({name: duty for name, duty in fresh.items() if stored.get(name) != duty})

    rebuilt = derive(events, Rulebook(RULEBOOK.books), as_of=as_of).duties

    assert stored == {key(duty): duty for duty in rebuilt}


@settings(max_examples=50)
@given(st.lists(a_timeline(), min_size=2, max_size=4), a_moment, st.randoms(use_true_random=False))
def test_lines_of_different_records_may_be_interleaved_in_any_way(timelines, as_of, chance):
    lines = [[as_line(f"C{number}", event) for event in events] for number, events in enumerate(timelines)]

    together = Reader().records([line for record in lines for line in record])
    interleaved = Reader().records(list(mixed(lines, chance)))

    assert [record.events for record in together] == [record.events for record in interleaved]
    assert [rows(record.events, as_of) for record in together] == [
        rows(events, as_of) for events in timelines
    ]


def mixed(lines: list[list[bytes]], chance: random.Random):
    """The lines of all records in one file, each record's own in their order."""
    left = [list(record) for record in lines]
    while any(left):
        yield chance.choice([record for record in left if record]).pop(0)


def as_line(care: str, event: Event) -> bytes:
    return json.dumps(
        {
            "care": care,
            "id": event.id,
            "kind": event.kind,
            "at": event.at.isoformat(),
            "about": list(event.about),
            "precision": event.precision,
            "data": event.data,
        }
    ).encode()


@given(a_timeline(), a_moment, st.randoms(use_true_random=False))
def test_the_order_of_lines_matters_only_within_one_instant(events, as_of, chance):
    apart = [
        Event(e.id, e.kind, e.at + timedelta(seconds=n), e.about, e.data, e.precision)
        for n, e in enumerate(events)
    ]
    shuffled = list(apart)
    chance.shuffle(shuffled)

    assert rows(shuffled, as_of) == rows(apart, as_of)
