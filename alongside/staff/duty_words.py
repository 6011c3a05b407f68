"""Duties as the record's pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from alongside.care import rules, sentences
from alongside.care.queries import Duty
from alongside.contact.queries import is_met_by_telling
from alongside.kernel.formats import due_in_words
from alongside.rulebook import catalogue, words
from alongside.rulebook.limits import Before
from alongside.rulebook.model import Rule
from alongside.staff import event_form

RIGHTS = {
    1: "To be able to understand and to be understood",
    2: "To have the details of the crime recorded without unjustified delay",
    3: "To be provided with information when reporting the crime",
    4: "To be referred to services that support victims and have services and support tailored to needs",
    5: "To be provided with information about compensation",
    6: "To be provided with information about the investigation and prosecution",
    7: "To make a Victim Personal Statement",
    8: "To be given information about the trial, trial process and role as a witness",
    9: "To be given information about the outcome of the case and any appeals",
    10: "To be paid expenses and have property returned",
    11: "To be given information about the offender following a conviction",
    12: "To make a complaint about Rights not being met",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One duty with its words."""

    duty: Duty
    rule: Rule
    state: str
    due: Any
    gate: str
    trigger: str
    owner: str
    next_due: Any = None

    @property
    def is_to_be_checked(self) -> bool:
        return self.rule.is_to_be_checked

    @property
    def is_told(self) -> bool:
        return is_met_by_telling(self.rule)

    @property
    def recorded_as(self) -> str:
        """The kind of event that does it, where there is a form for one."""
        kinds = (one.kind for one in self.rule.done_by)
        return next((kind for kind in kinds if kind not in event_form.ELSEWHERE), "")


def shown(duty: Duty, *, now: datetime) -> Shown:
    rule = rules.current().rule(duty.book, duty.rule)
    overdue = duty.state == Duty.State.OPEN and duty.due_by is not None and duty.due_by <= now
    limit = rule.limit_for(enhanced=duty.enhanced)
    kind = catalogue.kinds().get(duty.trigger)
    return Shown(
        duty=duty,
        rule=rule,
        state="overdue" if overdue else duty.state,
        due=duty.due_on or duty.due_by,
        gate=_gate(limit),
        trigger=kind.title if kind else duty.trigger,
        owner=sentences.owner(duty.owner),
    )


def is_due_today(duty: Shown, now: datetime) -> bool:
    return duty.state == "open" and bool(duty.due) and due_in_words(duty.due, now) == _("due today")


def open_ones(duties: Iterable[Shown]) -> list[Shown]:
    """Overdue first, then by the day they fall due; those without a day last.

    Of a chain only the first link that is open has a row: the next one is a date on it.
    """
    owed = [one for one in duties if one.duty.state == Duty.State.OPEN]
    chains: dict[tuple[str, str, str], list[Shown]] = {}
    for one in sorted(owed, key=_when_due):
        chains.setdefault((one.duty.book, one.duty.rule, one.duty.trigger_event), []).append(one)
    firsts = [replace(first, next_due=later[0].due if later else None) for first, *later in chains.values()]
    return sorted(firsts, key=_when_due)


def done_by_right(duties: Iterable[Shown]) -> list[tuple[str, list[Shown]]]:
    """What is settled, under the right it belongs to; standards that are no right of the Code last."""
    settled: dict[int, list[Shown]] = {}
    for one in duties:
        if one.duty.state != Duty.State.OPEN:
            settled.setdefault(one.duty.right or 99, []).append(one)
    return [
        (
            _("Right %(number)s: %(title)s") % {"number": right, "title": RIGHTS[right]}
            if right in RIGHTS
            else _("Other standards"),
            rows,
        )
        for right, rows in sorted(settled.items())
    ]


def _when_due(one: Shown) -> tuple[bool, datetime | None, datetime]:
    return one.duty.due_by is None, one.duty.due_by, one.duty.triggered_at


def _gate(limit: object) -> str:
    if isinstance(limit, Before):
        return _("before %(gate)s") % {"gate": words.gate_in_words(limit.kinds)}
    return _("as soon as possible")
