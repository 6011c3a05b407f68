"""The timeline of a record as its page shows it."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from alongside.care import sentences
from alongside.care.queries import Event, Line
from alongside.kernel import forms
from alongside.kernel.formats import MONTHS, in_london, moment, plain_day
from alongside.rulebook import catalogue

# Written down within the hour is written down at once.
AT_ONCE = timedelta(hours=1)
OTHER = "record"
# So many events show at once; a click shows the rest.
AT_FIRST = 25


class Filters(forms.FilterForm):
    """Which part of the timeline to show."""

    group = forms.Select(
        _("Show"),
        choices=[(one, one.capitalize()) for one in catalogue.GROUPS],
        blank=_("Everything"),
        required=False,
    )


def group_of(event: Event) -> str:
    kind = catalogue.kinds().get(event.kind)
    return kind.group if kind else OTHER


def items(lines: Iterable[Line], *, names: Mapping[str, str], group: str | None) -> list[dict[str, Any]]:
    """One entry an event, as the timeline macro takes them, and what the page adds."""
    by_id = {line.event.event_id: line.event for line in lines}
    return [_item(line, names, by_id) for line in lines if group in (None, "", group_of(line.event))]


def reasons(lines: Iterable[Line]) -> dict[str, str]:
    """Why each voided event was a mistake, in the words of whoever voided it, by the voided event's id."""
    return {
        str(line.event.data.get("event")): line.words for line in lines if line.event.kind == "event.voided"
    }


def _item(line: Line, names: Mapping[str, str], by_id: Mapping[str, Event]) -> dict[str, Any]:
    event = line.event
    void = line.voided_by
    late = event.recorded_at - event.at > AT_ONCE
    return {
        "id": f"event-{event.pk}",
        "event": event,
        "title": sentences.of(event, names=names),
        "at": event.at,
        "when": when(event),
        "by": event.by.name if event.by else sentences.in_words(event.by_label),
        "words": line.words,
        "recorded": moment(event.recorded_at) if late else "",
        "about": [sentences.of(by_id[one], names=names) for one in _spoken_of(event) if one in by_id],
        "struck": void is not None,
        "void": void,
        "can_be_voided": void is None and event.kind not in ("care.opened",),
    }


def _spoken_of(event: Event) -> list[str]:
    """The ids of the events that this one is about, or takes back."""
    return [str(event.data.get("event"))] if event.kind == "event.voided" else list(event.about)


def when(event: Event) -> str:
    """The moment, as exactly as it is known."""
    if event.precision == "month":
        on = in_london(event.at)
        return f"{MONTHS[on.month - 1]} {on.year}"
    return plain_day(event.at) if event.precision == "day" else moment(event.at)
