"""The whole reasoning behind one duty, in sentences that a person can follow and check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from alongside.rulebook.calendar import in_words, london_day
from alongside.rulebook.counting import count
from alongside.rulebook.engine import ESTABLISHED, derive
from alongside.rulebook.evidence import departures, doings, is_about, withdrawal
from alongside.rulebook.history import FACT_KINDS, History, read
from alongside.rulebook.limits import AsSoonAsPossible, Before, Every
from alongside.rulebook.model import Book, Condition, Duty, Event, Rule
from alongside.rulebook.rulebook import Rulebook
from alongside.rulebook.words import (
    day_in_words,
    fact_in_words,
    gate_in_words,
    kind_in_words,
    listed,
    moment_in_words,
)

_GRADES = {
    "P": "seen in the primary text",
    "S": "restated by an official body",
    "S-old": "restated for an older Code, not confirmed for this one: check",
    "U": "not yet seen in any text: check",
    "L": "local policy",
}
_OWNERS = {
    "any": "whoever it concerns",
    "cps": "the Crown Prosecution Service",
    "hmcts": "the courts service",
    "isva-service": "the independent adviser service",
    "probation": "the probation service",
}
_THE_END_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC)


def explain(
    duty: Duty, events: Sequence[Event], rulebook: Rulebook, *, as_of: datetime | None = None
) -> list[str]:
    """Rule, trigger, facts, counting, evidence and what became of it: one sentence each, in that order.

    `events` are all of the care record's; `as_of` the moment the duty was derived for, where later ones are among them.
    """
    history = read(events, as_of=as_of or _THE_END_OF_TIME)
    rule = rulebook.rule(duty.book, duty.rule)
    book = rulebook.book(duty.book)
    position = next(n for n, event in enumerate(history.events) if event.id == duty.trigger_id)
    trigger = history.events[position]
    previous = _previous(duty, events, rulebook, as_of)
    return [
        *_rule(rule, book, trigger),
        *_trigger(duty, history, trigger),
        *_facts(duty, rule, history, position),
        *_limit(duty, rule, history, position, previous),
        *_evidence(duty, rule, history, position),
        *_outcome(duty, rule, history, position),
    ]


def _rule(rule: Rule, book: Book, trigger: Event) -> Iterator[str]:
    right = f", Right {rule.right}" if rule.right else ""
    yield f"{rule.title}: rule {rule.id} of “{book.title}”{right}, owed by {_owner(rule.owner)}."
    yield f"Source: {rule.source.title} (grade {rule.grade}: {_GRADES[rule.grade]})."
    if rule.note:
        yield f"Note: {rule.note.rstrip('.')}."
    day = london_day(trigger.at)
    if day < book.in_force_from:
        yield (
            f"This edition came into force on {in_words(book.in_force_from)}, after the trigger; what is older than "
            "the first edition held is measured by that edition."
        )
    if rule.commenced is not None and day < rule.commenced:
        yield (
            f"The rule became law on {in_words(rule.commenced)}; at the trigger it was not yet law, and the duty "
            "is measured as good practice."
        )


def _trigger(duty: Duty, history: History, trigger: Event) -> Iterator[str]:
    when = _moment(trigger)
    if duty.trigger == ESTABLISHED and trigger.kind != ESTABLISHED:
        yield f"It starts with {kind_in_words(trigger.kind)} ({trigger.id}) {when}: the first that gave Enhanced Rights."
    else:
        yield f"It starts with {kind_in_words(trigger.kind)} ({trigger.id}) {when}."


def _facts(duty: Duty, rule: Rule, history: History, position: int) -> Iterator[str]:
    held = history.facts_at[position]
    persons = [person for person in rule.who if person <= held]
    if persons and persons[0]:
        yield f"It is owed to this person, for whom these facts held then: {_tags(persons[0])}."
    else:
        yield "It is owed to every person."
    at = history.events[position].at
    if any(event.at == at and event.kind in FACT_KINDS for event in history.events[position + 1 :]):
        yield "Facts that changed at the same instant as the trigger count."
    if rule.enhanced_limit is None or rule.enhanced_limit == rule.limit:
        return
    if duty.enhanced:
        yield f"Enhanced Rights held then, so the limit is {rule.enhanced_limit} instead of {rule.limit}."
    else:
        yield f"Enhanced Rights did not hold then, so the limit is {rule.limit}, not {rule.enhanced_limit}."


def _limit(duty: Duty, rule: Rule, history: History, position: int, previous: Duty | None) -> Iterator[str]:
    trigger = history.events[position]
    limit = rule.limit_for(enhanced=duty.enhanced)
    if duty.state == "waived":
        return
    if isinstance(limit, Before):
        gate = next((event for event in history.events[position + 1 :] if event.kind in limit.kinds), None)
        came = f"That came {_moment(gate)} ({gate.id})" if gate else "That has not come yet"
        yield f"It is to be done before the next {gate_in_words(limit.kinds)}. {came}."
    elif isinstance(limit, AsSoonAsPossible):
        yield "It is to be done as soon as possible: there is no due date, and what is measured is the time it took."
    elif duty.due is None and trigger.precision == "month":
        yield "The trigger is known only to the month, so no limit starts and there is no due date."
    elif duty.due is None and isinstance(limit, Every):
        yield "No interval was agreed, so there is no due date."
    yield from count(duty, limit, trigger, previous)


def _evidence(duty: Duty, rule: Rule, history: History, position: int) -> Iterator[str]:
    """The event that counts, and of those that could have been taken for it why they do not."""
    if duty.state == "waived":
        return
    counting = doings(history, rule, duty.trigger, position)
    for candidate in _candidates(history, rule, position):
        event = history.events[candidate]
        if candidate not in counting and not _is_plainly_earlier(
            event, duty.trigger, history.events[position]
        ):
            reason = _why_not(event, rule, duty.trigger, history.events[position])
            yield f"{kind_in_words(event.kind)} ({event.id}) {_moment(event)} does not count: {reason}."
    done = next((event for event in history.events if event.id == duty.done_id), None)
    if done is not None:
        about = ", and says that it is about the trigger" if rule.about_trigger else ""
        took = f" It took {_duration(done.at - duty.triggered_at)}." if duty.due is None else ""
        yield f"{kind_in_words(done.kind)} ({done.id}) {_moment(done)} counts{about}.{took}"
    elif not counting:
        yield f"Nothing that counts has happened: {listed(_sought(rule.done_by), last='or')}."


def _outcome(duty: Duty, rule: Rule, history: History, position: int) -> Iterator[str]:
    closing = history.closing_after(duty.triggered_at)
    if duty.state == "waived":
        yield _why_waived(duty, rule, history, position)
    elif duty.state == "departed":
        reason = next(departures(history, rule, duty.trigger, position))
        yield (
            f"Good reasons for not doing it were recorded {_moment(reason)} ({reason.id}, approved by "
            f"{reason.data.get('approved_by', 'nobody named')}): Victims and Prisoners Act 2024, section 5. "
            "It is counted on its own, never as met."
        )
    elif duty.state == "missed" and (withdrawn := withdrawal(history, duty.trigger, position)) is not None:
        yield f"The promise was withdrawn {_moment(withdrawn)}, after its date: it had been broken."
    elif duty.state in ("open", "missed") and closing is not None and _is_measured_on(duty, rule):
        yield f"The care record was closed on {day_in_words(london_day(closing))}; what had a due date stays measured."
    yield _STATES[duty.state]


def _is_measured_on(duty: Duty, rule: Rule) -> bool:
    """Whether a closed record still measures it: a due date that is no link of a chain."""
    return duty.due is not None and not isinstance(rule.limit_for(enhanced=duty.enhanced), Every)


def _why_waived(duty: Duty, rule: Rule, history: History, position: int) -> str:
    if rule.unless in history.facts_at[position]:
        return f"At the trigger the fact “{fact_in_words(rule.unless)}” held, so the duty is waived."
    withdrawn = withdrawal(history, duty.trigger, position)
    when = f" {_moment(withdrawn)}" if withdrawn else ""
    return f"The promise was withdrawn{when}, before its date."


_STATES = {
    "open": "It is open: not done, and not past due.",
    "overdue": "It is overdue: not done, and past due.",
    "met": "It is met.",
    "late": "It is late: done, but not in time.",
    "missed": "It is missed: it can no longer be done in time.",
    "waived": "It is waived.",
    "departed": "It is departed from.",
}


def _candidates(history: History, rule: Rule, position: int) -> list[int]:
    kinds = {condition.kind for condition in rule.done_by}
    found = (candidate for kind in kinds for candidate in history.by_kind.get(kind, ()))
    return sorted(candidate for candidate in found if candidate != position)


def _why_not(event: Event, rule: Rule, kind: str, trigger: Event) -> str:
    if event.at < trigger.at:
        return "it was before the trigger"
    narrowed = [condition for condition in rule.done_by if condition.kind == event.kind]
    if not any(condition.matches(event) for condition in narrowed):
        key = narrowed[0].key or ""
        return f"its {key} is {event.data.get(key, 'not given')}, not {listed(_values(narrowed), last='or')}"
    if rule.about_trigger and not is_about(event, kind, trigger):
        said = listed(event.about) if event.about else "nothing"
        return f"it is about {said}, not about this trigger"
    return "it is known only to the month"


def _is_plainly_earlier(event: Event, kind: str, trigger: Event) -> bool:
    """Before the trigger and not about it: nobody would take it for an answer."""
    return event.at < trigger.at and not is_about(event, kind, trigger)


def _values(conditions: Iterable[Condition]) -> list[str]:
    return [condition.value or "" for condition in conditions]


def _sought(conditions: Iterable[Condition]) -> list[str]:
    return [
        f"{kind_in_words(one.kind)}" + (f" with the {one.key} {one.value}" if one.key else "")
        for one in conditions
    ]


def _previous(duty: Duty, events: Sequence[Event], rulebook: Rulebook, as_of: datetime | None) -> Duty | None:
    """The link before this one."""
    if duty.link == 1:
        return None
    # A chain that goes on has no end: without a moment it is read as far as this link.
    moment = as_of or max([duty.due_by or duty.triggered_at, *(event.at for event in events)])
    derived = derive(events, rulebook, as_of=moment).duties
    same = (row for row in derived if (row.rule, row.trigger_id) == (duty.rule, duty.trigger_id))
    return next((row for row in same if row.link == duty.link - 1), None)


def _moment(event: Event) -> str:
    """When it happened, as exactly as it is known."""
    if event.precision == "month":
        return f"in {london_day(event.at):%B %Y}"
    if event.precision == "day":
        return f"on {day_in_words(london_day(event.at))}"
    return f"on {moment_in_words(event.at)}"


def _tags(tags: Iterable[str]) -> str:
    return listed(f"“{fact_in_words(tag)}”" for tag in sorted(tags))


def _owner(owner: str) -> str:
    return _OWNERS.get(owner) or f"the {owner.replace('-', ' ')}"


def _duration(took: timedelta) -> str:
    hours, minutes = took.seconds // 3600, took.seconds % 3600 // 60
    parts = [(took.days, "day"), (hours, "hour"), (minutes, "minute")]
    said = [f"{number} {unit}" if number == 1 else f"{number} {unit}s" for number, unit in parts if number]
    return listed(said) if said else "less than a minute"
