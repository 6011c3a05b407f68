"""Tell the victim, in two steps: what happened and how they were told; then the words and the next promise.

The first step is a GET, so that "back" and "change" lose nothing; only the second writes.
"""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alongside.access import drafts, gate
from alongside.access.permissions import Permission
from alongside.care.queries import CareRecord
from alongside.contact import actions, queries, wording
from alongside.kernel.errors import Refused
from alongside.staff import identity, refusals
from alongside.staff.references import opened_to_change
from alongside.staff.tell_forms import UPDATE, Attempt, WhatHappened, WhatWasSaid


@gate.staff(Permission.TELL_VICTIM)
def tell(request: HttpRequest, reference: str) -> HttpResponse:
    """Step one."""
    now = timezone.now()
    record = opened_to_change(request, reference, what="tell_victim")
    if record.closed_at:
        return _closed(request, record, now)
    waiting = queries.waiting(record)
    # With a route the address carries answers, brought back by "change"; without one it opens the page.
    answers = request.GET if "route" in request.GET else None
    form = WhatHappened(waiting, answers, now=now, asked=request.GET.getlist("about"))
    return _ask(request, record, form, now)


@gate.staff(Permission.TELL_VICTIM)
def words(request: HttpRequest, reference: str) -> HttpResponse:
    """Step two."""
    now = timezone.now()
    record = opened_to_change(request, reference, what="tell_victim")
    if request.method == "POST":
        form = WhatWasSaid(request.POST, now=now)
        if form.is_valid() and _tell(request, record, form, now):
            return redirect("staff:record", reference=reference)
        return _say(request, record, form, now)
    if record.closed_at:
        return _closed(request, record, now)
    step = WhatHappened(queries.waiting(record), request.GET, now=now)
    if not step.is_valid():
        return _ask(request, record, step, now)
    said = {
        "answers": request.GET.urlencode(),
        "told_at": step.moment.isoformat(),
        "words": wording.draft(
            [one.event for one in step.chosen], role=record.role, update=UPDATE in step.cleaned_data["about"]
        ),
    }
    form = WhatWasSaid(initial=said, now=now)
    kept = drafts.initial(request)
    if kept and kept.fields.get("answers") == said["answers"]:  # words for something else are not put in here
        drafts.refill(form, request)
    return _say(request, record, form, now)


@gate.staff(Permission.TELL_VICTIM)
def attempt(request: HttpRequest, reference: str) -> HttpResponse:
    """Somebody tried and could not reach them."""
    now = timezone.now()
    record = opened_to_change(request, reference, what="tell_victim")
    form = Attempt(request.POST or None, now=now)
    if form.is_valid():
        said = form.cleaned_data
        try:
            actions.note_attempt(
                care_record=record,
                route=said["route"],
                reason=said["reason"],
                tried_at=said["tried_at"] or now,
                words=said["words"],
                submission=said["submission"],
                actor=request.actor,  # type: ignore[attr-defined]
                now=now,
            )
        except Refused as refused:
            refusals.show(form, refused, fields={"at": "tried_at"})
        else:
            messages.success(request, _("Recorded that you tried. What they are to be told is still due"))
            return redirect("staff:record", reference=reference)
    drafts.refill(form, request)
    context = identity.page(request, record, now=now) | {"form": form}
    return render(request, "staff/tell_attempt.jinja", context)


def _tell(request: HttpRequest, record: CareRecord, form: WhatWasSaid, now: datetime) -> bool:
    """True once it is recorded; otherwise the form says why not."""
    said = form.cleaned_data
    try:
        told = actions.tell_victim(
            care_record=record,
            about=form.about,
            route=form.route,
            told_at=said["told_at"],
            words=said["words"],
            next_promise=said["next_promise"],
            next_promise_by=said["next_promise_by"],
            submission=said["submission"],
            actor=request.actor,  # type: ignore[attr-defined]
            now=now,
        )
    except Refused as refused:
        refusals.show(form, refused, fields={"at": "told_at"})
        return False
    met = queries.settled_by(told)
    words = ngettext("Recorded. %(count)s duty is done", "Recorded. %(count)s duties are done", met)
    messages.success(request, words % {"count": met} if met else _("Recorded"))
    return True


def _ask(request: HttpRequest, record: CareRecord, form: WhatHappened, now: datetime) -> HttpResponse:
    return render(request, "staff/tell.jinja", identity.page(request, record, now=now) | {"form": form})


def _say(request: HttpRequest, record: CareRecord, form: WhatWasSaid, now: datetime) -> HttpResponse:
    context = identity.page(request, record, now=now) | {
        "form": form,
        "answers": form.answered.urlencode(),
        "about": queries.standing_events(record, form.about),
        "told_at": form.shown_told_at,
    }
    return render(request, "staff/tell_words.jinja", context)


def _closed(request: HttpRequest, record: CareRecord, now: datetime) -> HttpResponse:
    return render(request, "staff/tell_closed.jinja", identity.page(request, record, now=now))
