"""Letting another force read one record, for a reason and until a day."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from alongside.access import gate
from alongside.access.permissions import Permission
from alongside.care import actions, queries
from alongside.kernel import forms
from alongside.kernel.errors import Refused
from alongside.rulebook.calendar import end_of_london_day
from alongside.staff import identity, refusals
from alongside.staff.references import opened_to_change


class Sharing(forms.ActionForm):
    to_force = forms.Select(_("Force"), coerce=UUID)
    reason = forms.TextArea(_("Why do they need it?"), called=_("why they need it"), max_length=500, rows=3)
    until = forms.DateField(
        _("Last day"), hint=_("They can read the record until the end of this day."), when="future"
    )


@gate.staff(Permission.SHARE_RECORD)
def share(request: HttpRequest, reference: str) -> HttpResponse:
    now = timezone.now()
    record = opened_to_change(request, reference, what="share")
    form = Sharing(request.POST or None, now=now)
    forces = queries.other_forces(request.actor)  # type: ignore[attr-defined]
    form.fields["to_force"].choices = [(force.pk, force.name) for force in forces]
    if form.is_valid():
        try:
            actions.share_with_force(
                care_record=record,
                to_force_id=form.cleaned_data["to_force"],
                reason=form.cleaned_data["reason"],
                until=end_of_london_day(form.cleaned_data["until"]),
                submission=form.cleaned_data["submission"],
                actor=request.actor,  # type: ignore[attr-defined]
                now=now,
            )
        except Refused as refused:
            refusals.show(form, refused)
        else:
            messages.success(request, _("Shared"))
            return redirect("staff:record_sharing", reference=reference)
    context = identity.page(request, record, now=now) | {"form": form, "grants": queries.grants(record)}
    return render(request, "staff/sharing.jinja", context)


@gate.staff(Permission.SHARE_RECORD)
@require_POST
def stop(request: HttpRequest, reference: str, grant_id: UUID) -> HttpResponse:
    record = opened_to_change(request, reference, what="stop_sharing")
    grant = queries.grant(record, grant_id)
    actions.stop_sharing(grant=grant, actor=request.actor, now=timezone.now())  # type: ignore[attr-defined]
    messages.success(request, _("They can no longer read it"))
    return redirect("staff:record_sharing", reference=reference)
