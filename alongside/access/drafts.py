"""What somebody typed and did not send: kept for its author alone, put back into the form, thrown away when it is
sent. A form is found by the address of its page, so a form posts to the address that shows it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.forms import Form
from django.forms.utils import ErrorDict
from django.http import HttpRequest, QueryDict

from alongside.access.actors import Actor
from alongside.access.models import Draft

KEPT_FOR = timedelta(days=7)
LARGEST = 64 * 1024
LONGEST_ADDRESS = 500


@dataclass(frozen=True, slots=True)
class Kept:
    """`fields` is what the browser sent, ready for a form's `data`."""

    fields: QueryDict
    saved_at: datetime


def keep(*, actor: Actor, address: str, fields: QueryDict, now: datetime) -> bool:
    """Keep these fields in place of what was kept for the address. False where there is nothing, or too much."""
    words = {
        name: [_showable(value) for value in values] for name, values in fields.lists() if _is_kept(name)
    }
    size = sum(len(name) + sum(map(len, values)) for name, values in words.items())
    if not words or size > LARGEST or len(address) > LONGEST_ADDRESS or "\0" in address:
        return False
    draft = Draft(**_key(actor, address), fields=words, saved_at=now)
    Draft.objects.bulk_create(
        [draft],
        update_conflicts=True,
        unique_fields=["force", "user", "address"],
        update_fields=["fields", "saved_at"],
    )
    return True


def kept(*, actor: Actor, address: str) -> Kept | None:
    draft = Draft.objects.filter(**_key(actor, address)).first()
    if draft is None:
        return None
    fields = QueryDict(mutable=True)
    for name, values in draft.fields.items():
        fields.setlist(name, values)
    return Kept(fields=fields, saved_at=draft.saved_at)


def discard(*, actor: Actor, address: str) -> None:
    Draft.objects.filter(**_key(actor, address)).delete()


def discard_old(*, now: datetime) -> int:
    """Those of the force whose scope is open that nobody came back to. Returns how many."""
    return Draft.objects.filter(saved_at__lte=now - KEPT_FOR).delete()[0]


def initial(request: HttpRequest) -> Kept | None:
    """What the asker typed and did not send at this address. Only a page that is looked at shows it."""
    if request.method != "GET":
        return None
    return kept(actor=request.actor, address=request.path)  # type: ignore[attr-defined]


def refill(form: Form, request: HttpRequest) -> Kept | None:
    """Put what was typed back into a form that is about to be shown, without complaining about it yet.

    form = forms.AddEvent(request.POST or None)
    if form.is_valid(): ...
    kept = drafts.refill(form, request)     # and the page says when it was kept: kept.saved_at | moment
    """
    draft = None if form.is_bound else initial(request)
    if draft:
        form.data, form.is_bound = draft.fields, True
        form._errors = ErrorDict()  # type: ignore[attr-defined]  # already "validated": nothing is wrong before it is sent
        form.cleaned_data = {}
    return draft


def _key(actor: Actor, address: str) -> dict[str, Any]:
    return {"force_id": actor.force_id, "user_id": actor.user_id, "address": address}


def _is_kept(name: str) -> bool:
    return name != "csrfmiddlewaretoken" and "password" not in name.lower() and "\0" not in name


def _showable(value: str) -> str:
    """A NUL is no typing of anybody's, and the database can not hold it."""
    return value.replace("\0", "")
