"""How the rulebook says things: days, moments, facts, and the one sentence that stands under a duty."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache

from alongside.rulebook import catalogue
from alongside.rulebook.calendar import LONDON, in_words
from alongside.rulebook.limits import Before, Every
from alongside.rulebook.model import Duty, Rule

_in_words = lru_cache(maxsize=65_536)(in_words)


def why(duty: Duty, rule: Rule) -> str:
    """One sentence: what happened, what that asks for, and what has become of it."""
    within = _within(rule, duty.enhanced)
    link = f", link {duty.link}" if duty.limit.startswith("every") else ""
    due = "" if duty.due is None else f", due {due_in_words(duty.due)}"
    return f"{_title(duty.trigger)} on {_on(duty.triggered_at)}: {within}{link}{due}; {_became(duty, rule)}."


def day_in_words(day: date) -> str:
    """`Friday 3 April 2026`."""
    return f"{day:%A} {_in_words(day)}"


def moment_in_words(moment: datetime) -> str:
    """`Thursday 2 April 2026 at 21:10`, as clocks in London showed it."""
    local = moment.astimezone(LONDON)
    return f"{day_in_words(local.date())} at {local:%H:%M}"


def due_in_words(due: date | datetime) -> str:
    """A due date, or the exact hour."""
    if isinstance(due, datetime):
        local = due.astimezone(LONDON)
        return f"{local:%H:%M} on {_in_words(local.date())}"
    return _in_words(due)


def kind_in_words(kind: str) -> str:
    """The kind's title, quoted to stand inside a sentence."""
    return f"“{_title(kind)}”"


def fact_in_words(fact: str) -> str:
    known = catalogue.facts().get(fact)
    return known.title if known else fact


def listed(words: Iterable[str], *, last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    *head, tail = list(words)
    return f"{', '.join(head)} {last} {tail}" if head else tail


def gate_in_words(kinds: Iterable[str]) -> str:
    return listed(map(kind_in_words, kinds), last="or")


@lru_cache(maxsize=1024)
def _title(kind: str) -> str:
    known = catalogue.kinds().get(kind)
    return known.title if known else kind


@lru_cache(maxsize=1024)
def _within(rule: Rule, enhanced: bool) -> str:
    """What the rule asks of a person with or without Enhanced Rights."""
    limit = rule.limit_for(enhanced=enhanced)
    within = str(limit)
    if isinstance(limit, Before):
        within = f"before {gate_in_words(limit.kinds)}"
    elif isinstance(limit, Every):
        within = "at the agreed interval" if limit.days is None else f"every {limit.days} days"
    is_another = rule.enhanced_limit is not None and rule.enhanced_limit != rule.limit
    return f"{within} with Enhanced Rights" if enhanced and is_another else within


@lru_cache(maxsize=4096)
def _on(moment: datetime) -> str:
    return _in_words(moment.astimezone(LONDON).date())


def _became(duty: Duty, rule: Rule) -> str:
    if duty.done_at is not None:
        done = f"done on {_on(duty.done_at)}"
        if duty.state == "late":
            return f"{done}, which was late"
        return done if duty.due is None else f"{done}, in time"
    if duty.state == "waived":
        return f"waived, because of the fact “{fact_in_words(rule.unless or '')}”"
    return _UNDONE[duty.state]


_UNDONE = {
    "open": "not done yet",
    "overdue": "not done, and past due",
    "missed": "not done, and it can no longer be done in time",
    "departed": "not done, for good reasons that are on record",
    "met": "done",
    "late": "done late",
}
