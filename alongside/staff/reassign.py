"""Handing several records to somebody else: choose the person, see what will move, do it."""

from collections.abc import Sequence
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from alongside.access import gate
from alongside.access.models import User
from alongside.access.permissions import Permission
from alongside.care import actions, reassignment
from alongside.kernel import forms
from alongside.kernel.errors import NotFound, Stale
from alongside.kernel.ids import parse_id
from alongside.staff.request import StaffRequest

AT_ONCE = 100
LONGEST_QUERY = 2000


class FindColleague(forms.FilterForm):
    q = forms.TextField(
        gettext_lazy("Name or collar number"),
        required=False,
        hint=gettext_lazy("Leave empty for your own team"),
    )


class ChooseColleague(forms.Form):
    to = forms.Radios(
        gettext_lazy("Hand over to"), missing=gettext_lazy("Select who is to have the work"), coerce=UUID
    )

    def __init__(self, data: QueryDict | None, *, people: Sequence[User]) -> None:
        super().__init__(data)
        self.fields["to"].choices = [(one.pk, one.name) for one in people]
        self.fields["to"].hints = {one.pk: one.team.name for one in people if one.team}


class HandOver(forms.ActionForm):
    """`seen` is the state of the records that the page showed."""

    seen = forms.Hidden()


@gate.staff(Permission.REASSIGN_IN_BULK)
@require_safe
def choose(request: StaffRequest) -> HttpResponse:
    """Who is to have the work. Nothing has happened yet."""
    duty_ids, back = _duties(request.GET), _back(request.GET)
    plan = reassignment.preview(duty_ids, to=None, asker=request.actor, now=timezone.now())
    if not plan.records:
        return _nothing_to_move(request, back, was_chosen=bool(duty_ids))
    search = FindColleague(request.GET)
    words = search.cleaned_data["q"] if search.is_valid() else ""
    found = reassignment.colleagues(words, asker=request.actor)
    people = found[: reassignment.COLLEAGUES_SHOWN]
    form = ChooseColleague(request.GET if "choose" in request.GET else None, people=people)
    if form.is_valid():
        to = str(form.cleaned_data["to"])
        return redirect(f"{reverse('staff:reassign_confirm')}?{_query(duty_ids, back, to=to)}")
    context = {
        "form": form,
        "search": search,
        "words": words,
        "plan": plan,
        "duty_ids": duty_ids,
        "return_to": back,
        "people": people,
        "has_more": len(found) > len(people),
    }
    return TemplateResponse(request, "staff/worklist_choose.jinja", context)


@gate.staff(Permission.REASSIGN_IN_BULK)
def confirm(request: StaffRequest) -> HttpResponse:
    """What will move and whose it is now; sent, it moves."""
    duty_ids, back, now = _duties(request.GET), _back(request.GET), timezone.now()
    to = reassignment.colleague(_to(request.GET), asker=request.actor)
    form = HandOver(request.POST or None)
    if form.is_valid():
        return _hand_over(request, form, duty_ids, to)
    plan = reassignment.preview(duty_ids, to=to, asker=request.actor, now=now)
    if not plan.records:
        return _nothing_to_move(request, back, was_chosen=bool(duty_ids))
    names = reassignment.names([user_id for user_id, _count in plan.from_whom])
    context = {
        "form": HandOver(initial={"seen": plan.seen}),
        "plan": plan,
        "to": to,
        "from_whom": [
            (names.get(user_id, "") if user_id else "", count) for user_id, count in plan.from_whom
        ],
        "choose_again": f"{reverse('staff:reassign')}?{_query(duty_ids, back)}",
        "cancel": f"{reverse('staff:worklist')}?{back}",
    }
    return TemplateResponse(request, "staff/worklist_confirm.jinja", context)


def _hand_over(request: StaffRequest, form: HandOver, duty_ids: list[UUID], to: User) -> HttpResponse:
    try:
        moved = actions.reassign(
            duty_ids=duty_ids,
            to=to,
            seen=form.cleaned_data["seen"],
            submission=str(form.cleaned_data["submission"]),
            actor=request.actor,
            now=timezone.now(),
        )
    except Stale:
        messages.warning(request, _("Something changed while you were looking. Check what will move now"))
        return redirect(request.get_full_path())
    number = len(moved.records)
    words = ngettext(
        "%(number)s care record is handed over", "%(number)s care records are handed over", number
    )
    messages.success(request, words % {"number": number} if number else _("This was handed over already"))
    return redirect(f"{reverse('staff:worklist')}?{_back(request.GET)}")


def _nothing_to_move(request: StaffRequest, back: str, *, was_chosen: bool) -> HttpResponse:
    messages.warning(
        request,
        _("None of the duties that you selected can be handed over any longer")
        if was_chosen
        else _("Select the duties that you want to hand over"),
    )
    return redirect(f"{reverse('staff:worklist')}?{back}")


def _duties(query: QueryDict) -> list[UUID]:
    found = (parse_id(text) for text in query.getlist("duty")[:AT_ONCE])
    return list(dict.fromkeys(key for key in found if key))


def _to(query: QueryDict) -> UUID:
    to = parse_id(query.get("to"))
    if to is None:
        raise NotFound
    return to


def _back(query: QueryDict) -> str:
    """The list to go back to. Only ever the query of our own page."""
    return QueryDict(query.get("back", "")[:LONGEST_QUERY]).urlencode()


def _query(duty_ids: list[UUID], back: str, **more: str) -> str:
    return urlencode({"duty": duty_ids, "back": back, **more}, doseq=True)
