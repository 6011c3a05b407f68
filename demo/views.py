from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from alongside.access import actions as access
from alongside.access import actors, gate, sessions
from alongside.access.models import Access
from alongside.kernel.errors import NotFound
from demo import actions


@gate.public
@never_cache
@require_GET
def sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """Sign in by a single-use address. It stands for the password and the second factor, here only."""
    now = timezone.now()
    try:
        user = actions.use_link(token=token, now=now)
    except NotFound:
        raise Http404
    login(request, user)
    sessions.begin(request, second_factor=True, now=now)
    access.note_sign_in(user=user, now=now)
    actor = actors.staff(user, address=gate.client_address(request))
    gate.note(Access.Act.SIGN_IN, "demonstration link", actor=actor, now=now)
    return redirect("/staff/")
