"""A rule that an event has opened: what every kind of limit starts from."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from alongside.rulebook.model import Duty, Event, State
from alongside.rulebook.rulebook import Application


class Opened(NamedTuple):
    """One rule, as it applies to this person, met its trigger. `kind` is what the trigger counted as."""

    application: Application
    kind: str
    position: int
    trigger: Event

    def duty(
        self,
        state: State,
        due: date | datetime | None = None,
        due_by: datetime | None = None,
        done: Event | None = None,
        link: int = 1,
    ) -> Duty:
        """The row, in this state."""
        application, kind, _, trigger = self
        rule = application.rule
        return Duty(
            rule.book,
            rule.id,
            rule.right,
            rule.owner,
            kind,
            trigger.id,
            trigger.at,
            link,
            application.enhanced,
            application.limit_text,
            due,
            due_by,
            state,
            None if done is None else done.at,
            None if done is None else done.id,
        )
