"""The page of one person's record: what is due and why, what has happened, who is there."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from alongside.access import gate
from alongside.access.permissions import Permission
from alongside.care import explanation, queries
from alongside.contact import queries as contact_queries
from alongside.staff import duty_words, identity, timeline
from alongside.staff.references import opened


@gate.staff(Permission.VIEW_RECORD)
@require_safe
def record(request: HttpRequest, reference: str) -> HttpResponse:
    now = timezone.now()
    record = opened(request, reference)
    lines, duties = queries.timeline(record), list(queries.duties(record))
    shown = [duty_words.shown(duty, now=now) for duty in duties]
    filters = timeline.Filters(request.GET)
    group = filters.cleaned_data.get("group") if filters.is_valid() else None
    names = identity.names(record, lines)
    items = timeline.items(lines, names=names, group=group)
    context = identity.page(request, record, now=now, lines=lines) | {
        "open_duties": duty_words.open_ones(shown),
        "done_duties": duty_words.done_by_right(shown),
        "filters": filters,
        "group": group,
        "latest": items[: timeline.AT_FIRST],
        "older": items[timeline.AT_FIRST :],
        "voids": timeline.reasons(lines),
        "agreement": contact_queries.agreement(lines),
        "promises": contact_queries.promises(lines, duties, now=now),
        "parties": queries.parties(record),
        "others": queries.others_on_the_crime(record),
    }
    return render(request, "staff/record.jinja", context)


@gate.staff(Permission.VIEW_RECORD)
@require_safe
def duty(request: HttpRequest, reference: str, duty_id: UUID) -> HttpResponse:
    """Why this is owed: the whole reasoning, with its evidence."""
    now = timezone.now()
    record = opened(request, reference, what="duty")
    row = queries.duty(record, duty_id)
    lines = queries.timeline(record)
    names = identity.names(record, lines)
    because = explanation.of(row, [line.event for line in lines], names=names, now=now)
    context = identity.page(request, record, now=now, lines=lines) | {
        "shown": duty_words.shown(row, now=now),
        "because": because,
        "evidence": timeline.items(
            [line for line in lines if line.event in (because.trigger, because.done)], names=names, group=None
        ),
    }
    return render(request, "staff/record_duty.jinja", context)
