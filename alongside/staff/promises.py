"""A promise that was kept."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from alongside.access import drafts, gate
from alongside.access.permissions import Permission
from alongside.care import queries
from alongside.contact import actions
from alongside.kernel.errors import NotFound, Refused
from alongside.staff import identity, refusals
from alongside.staff.references import opened_to_change
from alongside.staff.tell_forms import Kept


@gate.staff(Permission.TELL_VICTIM)
def keep(request: HttpRequest, reference: str, event_id: str) -> HttpResponse:
    now = timezone.now()
    record = opened_to_change(request, reference, what="keep_promise")
    made = next((one for one in queries.timeline(record) if one.event.event_id == event_id), None)
    if made is None or made.event.kind != "promise.made":
        raise NotFound
    form = Kept(request.POST or None)
    if form.is_valid():
        try:
            actions.keep_promise(
                care_record=record,
                promise=event_id,
                words=form.cleaned_data["words"],
                submission=form.cleaned_data["submission"],
                actor=request.actor,  # type: ignore[attr-defined]
                now=now,
            )
        except Refused as refused:
            refusals.show(form, refused)
        else:
            messages.success(request, _("Promise kept"))
            return redirect("staff:record", reference=reference)
    drafts.refill(form, request)
    context = identity.page(request, record, now=now) | {"form": form, "made": made}
    return render(request, "staff/promise_kept.jinja", context)
