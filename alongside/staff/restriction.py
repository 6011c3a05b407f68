"""Who may see this record: restricting it, opening it again, naming readers."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from alongside.access import gate
from alongside.access.permissions import Permission
from alongside.care import actions, queries
from alongside.kernel import forms
from alongside.kernel.errors import Refused, Stale
from alongside.staff import identity, refusals
from alongside.staff.references import opened_to_change


class Restriction(forms.EditForm):
    reason = forms.TextArea(
        _("Reason"),
        hint=_("For example: a colleague is linked to the case. Kept on the timeline."),
        max_length=500,
        rows=3,
    )


class Reader(forms.Form):
    reader = forms.Select(_("Name somebody who may see it"), called=_("who may see it"), coerce=UUID)


@gate.staff(Permission.RESTRICT_RECORD)
def restriction(request: HttpRequest, reference: str) -> HttpResponse:
    """Restrict the record, or lift the restriction: whichever it is not."""
    now = timezone.now()
    record = opened_to_change(request, reference, what="restriction")
    act = actions.lift_restriction if record.restricted else actions.restrict
    form = Restriction(request.POST or None, initial={"version": record.version})
    if form.is_valid():
        try:
            changed = act(
                care_record=record,
                reason=form.cleaned_data["reason"],
                version=form.cleaned_data["version"],
                actor=request.actor,  # type: ignore[attr-defined]
                now=now,
            )
        except Stale:
            form.changed_meanwhile(record.version)
        except Refused as refused:
            refusals.show(form, refused)
        else:
            messages.success(
                request, _("Restricted") if changed.restricted else _("The restriction is lifted")
            )
            return redirect("staff:record", reference=reference)
    context = identity.page(request, record, now=now) | {"form": form}
    return render(request, "staff/restriction.jinja", context)


@gate.staff(Permission.RESTRICT_RECORD)
def readers(request: HttpRequest, reference: str) -> HttpResponse:
    """Who may see a restricted record, and naming one more."""
    now = timezone.now()
    record = opened_to_change(request, reference, what="readers")
    named = list(queries.readers(record))
    known = {one.user_id for one in named}
    people = {user.pk: user for user in queries.colleagues(request.actor)}  # type: ignore[attr-defined]
    form = Reader(request.POST or None)
    form.fields["reader"].choices = [(key, user.name) for key, user in people.items()]
    if form.is_valid():
        chosen = people[form.cleaned_data["reader"]]
        actions.name_readers(care_record=record, users=[chosen], actor=request.actor, now=now)  # type: ignore[attr-defined]
        messages.success(request, _("Named"))
        return redirect("staff:record_readers", reference=reference)
    form.fields["reader"].choices = [(key, user.name) for key, user in people.items() if key not in known]
    context = identity.page(request, record, now=now) | {"form": form, "named": named}
    return render(request, "staff/readers.jinja", context)
