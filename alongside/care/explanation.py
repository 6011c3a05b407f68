"""Why one duty is owed, in sentences for a screen: events by what they were, people by name, never by an id."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from alongside.care import derivation, rules
from alongside.care.models import Duty, Event
from alongside.kernel.errors import NotFound
from alongside.rulebook import catalogue, engine, model
from alongside.rulebook.explain import explain

# Ids may look like words ("arrest"), so the rulebook is given marks that can be found again in its sentences.
_MARK = "\N{WHITE SQUARE}%d\N{WHITE SQUARE}"
_MARKED = r"\N{WHITE SQUARE}(\d+)\N{WHITE SQUARE}"


@dataclass(frozen=True, slots=True)
class Explanation:
    rule: model.Rule
    sentences: Sequence[str]
    trigger: Event
    done: Event | None


def of(duty: Duty, events: Sequence[Event], *, names: Mapping[str, str], now: datetime) -> Explanation:
    """The whole reasoning. `events` are all of the record's. Raises NotFound where the duty is owed no longer."""
    ordered = sorted(events, key=lambda one: one.number)
    by_id = {event.event_id: event for event in ordered}
    marks = {event.event_id: _MARK % n for n, event in enumerate(ordered)}
    marked = [_marked(event, marks, names) for event in ordered]
    derived = engine.derive(marked, rules.current(), as_of=now).duties
    wanted = (duty.rule, marks.get(duty.trigger_event), duty.link)
    row = next((one for one in derived if (one.rule, one.trigger_id, one.link) == wanted), None)
    if row is None:
        raise NotFound
    sentences = [_unmarked(text, ordered) for text in explain(row, marked, rules.current(), as_of=now)]
    return Explanation(
        rule=rules.current().rule(duty.book, duty.rule),
        sentences=sentences,
        trigger=by_id[duty.trigger_event],
        done=by_id.get(duty.done_event or ""),
    )


def _marked(event: Event, marks: Mapping[str, str], names: Mapping[str, str]) -> model.Event:
    data = dict(event.data)
    if "event" in data:
        data["event"] = marks.get(str(data["event"]), data["event"])
    if "approved_by" in data:
        data["approved_by"] = names.get(str(data["approved_by"]), "a supervisor")
    about = tuple(marks.get(one, one) for one in event.about)
    plain = derivation.as_engine_event(event)
    return replace(plain, id=marks[event.event_id], about=about, data=data)


def _unmarked(text: str, ordered: Sequence[Event]) -> str:
    """Without the ids in brackets; elsewhere the kind's title stands for the id."""

    def title(mark: re.Match[str]) -> str:
        kind = ordered[int(mark[1])].kind
        known = catalogue.kinds().get(kind)
        return f"“{known.title if known else kind}”"

    text = re.sub(rf" \({_MARKED}\)", "", text)
    text = re.sub(rf"\({_MARKED}, ", "(", text)
    text = re.sub(_MARKED, title, text)
    return text[:1].upper() + text[1:]
