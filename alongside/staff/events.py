"""Adding to the timeline, and voiding a mistake."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from alongside.access import drafts, gate
from alongside.access.permissions import Permission
from alongside.care import actions, queries, sentences
from alongside.kernel import forms
from alongside.kernel.errors import NotFound, Refused
from alongside.rulebook import catalogue
from alongside.staff import event_form, identity, refusals, timeline
from alongside.staff.references import opened_to_change


class Void(forms.ActionForm):
    reason = forms.TextArea(
        _("Why was it a mistake?"), called=_("why it was a mistake"), max_length=500, rows=3, autosave=True
    )


@gate.staff(Permission.ADD_EVENT)
def choose_kind(request: HttpRequest, reference: str) -> HttpResponse:
    record = opened_to_change(request, reference, what="add_event")
    context = identity.page(request, record, now=timezone.now()) | {"groups": event_form.kinds_by_group()}
    return render(request, "staff/event_kind.jinja", context)


@gate.staff(Permission.ADD_EVENT)
def add(request: HttpRequest, reference: str, kind: str) -> HttpResponse:
    now = timezone.now()
    record = opened_to_change(request, reference, what="add_event")
    known = catalogue.kinds().get(kind)
    if known is None or kind in event_form.ELSEWHERE:
        raise NotFound
    lines = [line for line in queries.timeline(record) if not line.voided_by] if known.about else []
    earlier = [
        (line.event.event_id, f"{sentences.of(line.event)}, {timeline.when(line.event)}") for line in lines
    ]
    form = event_form.EventForm(
        request.POST or None,
        kind=known,
        earlier=earlier,
        now=now,
        initial={"at": now, "about": request.GET.getlist("about")},
    )
    if form.is_valid():
        try:
            actions.add_event(
                care_record=record,
                kind=kind,
                at=form.cleaned_data["at"],
                data=form.payload(),
                about=form.cleaned_data.get("about", ()),
                words=form.cleaned_data["words"],
                event_id=str(form.cleaned_data["submission"]),
                actor=request.actor,  # type: ignore[attr-defined]
                now=now,
            )
        except Refused as refused:
            refusals.show(form, refused)
        else:
            messages.success(request, _("Added to the timeline"))
            return redirect("staff:record", reference=reference)
    kept = drafts.refill(form, request)
    context = identity.page(request, record, now=now) | {"form": form, "kind": known, "kept": kept}
    return render(request, "staff/event_add.jinja", context)


@gate.staff(Permission.VOID_EVENT)
def void(request: HttpRequest, reference: str, event_id: str) -> HttpResponse:
    now = timezone.now()
    record = opened_to_change(request, reference, what="void_event")
    lines = queries.timeline(record)
    line = next((one for one in lines if one.event.event_id == event_id), None)
    if line is None:
        raise NotFound
    form = Void(request.POST or None)
    if form.is_valid():
        try:
            actions.void_event(
                care_record=record,
                event_id=event_id,
                reason=form.cleaned_data["reason"],
                submission=str(form.cleaned_data["submission"]),
                actor=request.actor,  # type: ignore[attr-defined]
                now=now,
            )
        except Refused as refused:
            refusals.show(form, refused)
        else:
            messages.success(request, _("Voided. The duties have been worked out again"))
            return redirect("staff:record", reference=reference)
    drafts.refill(form, request)
    items = timeline.items([line], names=identity.names(record, lines), group=None)
    context = identity.page(request, record, now=now) | {"form": form, "items": items}
    return render(request, "staff/event_void.jinja", context)
