"""Small timelines for tests, written as worked examples write them: one event a line, in London time."""

from datetime import datetime

from alongside.rulebook import loader
from alongside.rulebook.engine import derive
from alongside.rulebook.examples import read_event, read_moment
from alongside.rulebook.model import Derived, Duty, Event


def story(*lines: str, facts: str = "victim") -> list[Event]:
    """The events of the lines, e1, e2, ..., on a record opened at the first with these facts."""
    events = [read_event(line, f"e{number}") for number, line in enumerate(lines, start=1)]
    opened_at = min(event.at for event in events)
    return [Event("e0", "care.opened", opened_at, data={"facts": facts.split()}), *events]


def derived(events: list[Event], *, as_of: str | datetime | None = None) -> Derived:
    moment = read_moment(as_of) if isinstance(as_of, str) else as_of
    return derive(events, loader.shipped(), as_of=moment or max(event.at for event in events))


def duties(rule: str, *lines: str, facts: str = "victim", as_of: str | None = None) -> list[Duty]:
    """What one rule, among all of them, makes of the story."""
    found = derived(story(*lines, facts=facts), as_of=as_of).duties
    return [duty for duty in found if duty.rule == rule]


def states(rule: str, *lines: str, facts: str = "victim", as_of: str | None = None) -> list[tuple[str, str]]:
    """(due, state) of each duty, due as text."""
    return [(str(duty.due), duty.state) for duty in duties(rule, *lines, facts=facts, as_of=as_of)]
