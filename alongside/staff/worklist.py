"""/staff/: what is due from me, from my team, from everybody I may see; and the filters that somebody keeps."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from alongside.access import gate, log
from alongside.access.models import Access
from alongside.access.permissions import Permission
from alongside.care import worklist as queries
from alongside.care import worklist_filters
from alongside.care.worklist import COUNTED_TO, Bucket, Page, Place, Tab, Wanted
from alongside.care.worklist_filters import Offer
from alongside.kernel.errors import Refused
from alongside.kernel.ids import parse_id
from alongside.staff.request import StaffRequest
from alongside.staff.worklist_forms import SaveFilter, WorklistFilters, address
from alongside.staff.worklist_rows import groups

TITLES = {
    Tab.MINE: gettext_lazy("Mine"),
    Tab.TEAM: gettext_lazy("My team's"),
    Tab.ALL: gettext_lazy("All I may see"),
}
NOTHING = {
    Tab.MINE: gettext_lazy("Nothing is due from you today."),
    Tab.TEAM: gettext_lazy("Nothing is due from your team today."),
    Tab.ALL: gettext_lazy("Nothing is due today on any record you may see."),
}


def or_nothing_here(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The first page after signing in: a role without a worklist is told so, kindly and with the same 403."""

    @wraps(view)
    def led_on(request: HttpRequest) -> HttpResponse:
        try:
            return view(request)
        except PermissionDenied:
            return TemplateResponse(request, "staff/nothing_here.jinja", status=403).render()

    return led_on


@or_nothing_here
@gate.staff(Permission.VIEW_WORKLIST)
@require_safe
def worklist(request: StaffRequest) -> HttpResponse:
    now = timezone.now()
    form, offer = _filters(request)
    # A filter that is not known shows nothing: better than a list that is wider than it says.
    is_known = form.is_valid()
    after, before = (Place.parse(request.GET.get(name, "")) for name in ("after", "before"))
    page = (
        queries.page(form.wanted, asker=request.actor, now=now, after=after, before=before)
        if is_known
        else Page()
    )
    log.write(act=Access.Act.LOOK, what="worklist", actor=request.actor, now=now)
    if (after or before) and not page.rows:
        return redirect(f"{request.path}?{address(form.tab, form.chosen)}")
    return TemplateResponse(request, "staff/worklist.jinja", _shown(request, form, offer, page, now))


@gate.staff(Permission.VIEW_WORKLIST)
def save_filter(request: StaffRequest) -> HttpResponse:
    filters, _offer = _filters(request)
    form = SaveFilter(request.POST or None)
    filters.is_valid()
    query = address(filters.tab, filters.chosen)
    if form.is_valid():
        try:
            worklist_filters.save_filter(name=form.cleaned_data["name"], query=query, actor=request.actor)
        except Refused as refused:
            form.add_error("name", refused.reasons[0])
        else:
            messages.success(request, _("The filter is saved"))
            return redirect(f"{reverse('staff:worklist')}?{query}")
    context = {"form": form, "selected": filters.selected, "query": query}
    return TemplateResponse(request, "staff/worklist_save.jinja", context)


@gate.staff(Permission.VIEW_WORKLIST)
@require_POST
def delete_filter(request: StaffRequest, filter_id: UUID) -> HttpResponse:
    worklist_filters.delete_filter(filter_id=filter_id, actor=request.actor)
    messages.success(request, _("The filter is deleted"))
    return redirect("staff:worklist")


def _filters(request: StaffRequest) -> tuple[WorklistFilters, Offer]:
    tab = _tab(request.GET)
    in_view = Wanted(
        tab=tab, team=parse_id(request.GET.get("team")), officer=parse_id(request.GET.get("officer"))
    )
    offer = worklist_filters.offer(in_view, asker=request.actor)
    return WorklistFilters(request.GET, tab=tab, offer=offer), offer


def _shown(
    request: StaffRequest, form: WorklistFilters, offer: Offer, page: Page, now: datetime
) -> dict[str, Any]:
    counts = queries.counts(asker=request.actor)
    chosen = form.chosen
    actor, shown = request.actor, groups(page.rows, now=now)
    return {
        "form": form,
        "tab": form.tab,
        "saved": offer.saved,
        "nothing": NOTHING[form.tab],
        "is_calm": not chosen and not page.previous and _is_calm(page),
        "title": _("Worklist"),
        "groups": shown,
        "has_unchecked": not all(line.is_checked for _heading, lines in shown for line in lines),
        "names_assignee": form.tab is not Tab.MINE,
        "tabs": [
            {
                "text": TITLES[tab],
                "href": f"?{address(tab, form.kept_on(tab))}",
                "current": tab is form.tab,
                "count": counts[tab] if counts[tab] <= COUNTED_TO else f"{COUNTED_TO:,}+",
            }
            for tab in Tab
        ],
        "query": address(form.tab, chosen),
        "previous": page.previous and f"?{address(form.tab, chosen, before=str(page.previous))}",
        "following": page.following and f"?{address(form.tab, chosen, after=str(page.following))}",
        "may_tell": actor.may(Permission.TELL_VICTIM),
        "may_reassign": actor.may(Permission.REASSIGN_IN_BULK),
    }


def _is_calm(page: Page) -> bool:
    """Whatever there is, none of it is for today."""
    return all(row.bucket > Bucket.TODAY for row in page.rows[:1])


def _tab(query: QueryDict) -> Tab:
    return next((tab for tab in Tab if tab == query.get("tab")), Tab.MINE)
