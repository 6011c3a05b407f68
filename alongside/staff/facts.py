"""What holds of a person: facts set by hand. What an assessment or a choice sets is shown, not changed, here."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from alongside.access import drafts, gate
from alongside.access.permissions import Permission
from alongside.care import actions
from alongside.kernel import forms
from alongside.kernel.errors import Stale
from alongside.rulebook import catalogue
from alongside.staff import identity
from alongside.staff.references import opened_to_change

# Set by the event of its own kind (risk.graded, updates.declined, vcs.declined), or never on a record.
BY_EVENT = ("risk:", "updates-declined", "vcs-declined", "promise-withdrawn")
AT_COURT = ("special-measures", "intimidated", "vcs-eligible", "vcs-member")
OFFENCE = "offence:"


def _choices(which: Any) -> list[tuple[str, str]]:
    return [
        (name, fact.title)
        for name, fact in catalogue.facts().items()
        if not name.startswith(BY_EVENT) and which(name)
    ]


class Facts(forms.EditForm):
    marks_optional = False
    person = forms.Checkboxes(
        _("About the person"),
        choices=_choices(lambda fact: not fact.startswith(OFFENCE) and fact not in AT_COURT),
        hints={name: fact.meaning for name, fact in catalogue.facts().items() if fact.meaning},
        required=False,
        small=True,
        autosave=True,
    )
    offence = forms.Checkboxes(
        _("What happened"),
        choices=_choices(lambda fact: fact.startswith(OFFENCE)),
        required=False,
        small=True,
        autosave=True,
    )
    court = forms.Checkboxes(
        _("At court and after"),
        choices=_choices(AT_COURT.__contains__),
        required=False,
        small=True,
        autosave=True,
    )

    @property
    def chosen(self) -> set[str]:
        return {fact for name in GROUPS for fact in self.cleaned_data[name]}


GROUPS = ("person", "offence", "court")


def settable() -> set[str]:
    return {fact for fact, _title in _choices(lambda fact: True)}


@gate.staff(Permission.SET_FACTS)
def set_facts(request: HttpRequest, reference: str) -> HttpResponse:
    now = timezone.now()
    record = opened_to_change(request, reference, what="set_facts")
    form = Facts(
        request.POST or None, initial=dict.fromkeys(GROUPS, record.facts) | {"version": record.version}
    )
    theirs = None
    if form.is_valid():
        chosen = form.chosen | {record.role}
        try:
            actions.set_facts(
                care_record=record,
                add=chosen,
                remove=settable() - chosen,
                version=form.cleaned_data["version"],
                submission=str(form.cleaned_data["submission"]),
                actor=request.actor,  # type: ignore[attr-defined]
                now=now,
            )
        except Stale:
            theirs = _compared(set(record.facts) & settable(), chosen)
            form.changed_meanwhile(record.version)
        else:
            messages.success(request, _("Facts set. The duties have been worked out again"))
            return redirect("staff:record", reference=reference)
    kept = drafts.refill(form, request)
    context = identity.page(request, record, now=now) | {"form": form, "conflict": theirs, "kept": kept}
    return render(request, "staff/facts.jinja", context)


def _compared(theirs: set[str], mine: set[str]) -> list[dict[str, str]]:
    """The facts on which the two differ."""
    said = {True: _("holds"), False: _("does not hold")}
    return [
        {"what": catalogue.facts()[fact].title, "theirs": said[fact in theirs], "mine": said[fact in mine]}
        for fact in sorted(theirs ^ mine)
    ]
