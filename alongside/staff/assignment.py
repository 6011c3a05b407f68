"""Who looks after this person."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from alongside.access import gate
from alongside.access.permissions import Permission
from alongside.care import actions, queries
from alongside.care.queries import CareRecord
from alongside.kernel import forms
from alongside.kernel.errors import Refused, Stale
from alongside.staff import identity, refusals
from alongside.staff.references import opened_to_change

PARTS = {
    "officer": _("Officer in the case"),
    "coordinator": _("Care coordinator"),
    "witness_care_officer": _("Witness care officer"),
}


def _select(part: str) -> forms.Select:
    return forms.Select(PARTS[part], coerce=UUID, blank=_("Nobody"), required=False)


class Assignment(forms.EditForm):
    marks_optional = False
    officer = _select("officer")
    coordinator = _select("coordinator")
    witness_care_officer = _select("witness_care_officer")


@gate.staff(Permission.ASSIGN_RECORD)
def assign(request: HttpRequest, reference: str) -> HttpResponse:
    now = timezone.now()
    record = opened_to_change(request, reference, what="assign")
    people = {user.pk: user for user in queries.colleagues(request.actor)}  # type: ignore[attr-defined]
    now_assigned = {part: getattr(record, f"{part}_id") for part in PARTS}
    form = Assignment(request.POST or None, initial=now_assigned | {"version": record.version})
    for part in PARTS:
        form.fields[part].choices = [(key, _label(user)) for key, user in people.items()]
    conflict = None
    if form.is_valid():
        chosen = {part: people.get(form.cleaned_data[part]) for part in PARTS}
        try:
            actions.assign(
                care_record=record,
                version=form.cleaned_data["version"],
                actor=request.actor,  # type: ignore[attr-defined]
                now=now,
                **chosen,
            )
        except Stale:
            conflict = _compared(record, chosen)
            form.changed_meanwhile(record.version)
        except Refused as refused:
            refusals.show(form, refused)
        else:
            messages.success(request, _("Assigned. Every open duty is on the right worklist"))
            return redirect("staff:record", reference=reference)
    context = identity.page(request, record, now=now) | {"form": form, "conflict": conflict}
    return render(request, "staff/assignment.jinja", context)


def _label(user: object) -> str:
    team = getattr(user, "team", None)
    return f"{user.name}, {team.name}" if team else user.name  # type: ignore[attr-defined]


def _compared(record: CareRecord, mine: dict) -> list[dict[str, str]]:
    """The parts in which the two differ."""
    rows = [(label, getattr(record, part), mine[part]) for part, label in PARTS.items()]
    return [
        {
            "what": label,
            "theirs": one.name if one else _("Nobody"),
            "mine": other.name if other else _("Nobody"),
        }
        for label, one, other in rows
        if (one and one.pk) != (other and other.pk)
    ]
