"""The web side of access. Every view wears exactly one gate; a test walks all addresses and says so.

A gate authenticates, checks the permission, opens the database scope, runs the view and renders its
page inside the scope (a lazy template would otherwise query outside it).
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import reverse
from django.utils import timezone

from alongside.access import actors, drafts, limits, log, scope, sessions
from alongside.access.actors import Actor
from alongside.access.models import Access
from alongside.access.permissions import Permission
from alongside.access.scope import DbRole, Scope
from alongside.access.sessions import State
from alongside.kernel import error_pages
from alongside.kernel.errors import NotFound

View = Callable[..., HttpResponse]
READING = ("GET", "HEAD")
WRITING = ("POST",)


def public(view: View) -> View:
    """Open to everybody, said aloud. Such a view runs as the bare web login and can read no record."""
    view.gate = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: View | None = None, *, locked: bool = False, second_factor: bool = True) -> Any:
    """For whoever has signed in, whatever their roles: pages about their own account and session.

    Runs as the bare web login. `locked=True` lets a session in that was left idle (to unlock or end it),
    `second_factor=False` one that has none yet (to set one up).
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            elsewhere = _not_yet(request, now=timezone.now(), locked=locked, second_factor=second_factor)
            return elsewhere or view(request, *args, **kwargs)

        gated.gate = "signed in"  # type: ignore[attr-defined]
        return gated

    return decorate if view is None else decorate(view)


def staff(permission: Permission) -> Callable[[View], View]:
    """For signed-in staff whose roles carry `permission`."""
    permission = Permission(permission)

    def decorate(view: View) -> View:
        @wraps(view)
        def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            elsewhere = _not_yet(request, now=timezone.now(), keeps_drafts=True)
            if elsewhere:
                return elsewhere
            actor: Actor = request.actor  # type: ignore[attr-defined]
            try:
                if not actor.may(permission):
                    raise PermissionDenied
                with scope.enter(actor.scope):
                    response = view(request, *args, **kwargs)
                    if request.method == "POST" and 300 <= response.status_code < 400:
                        drafts.discard(actor=actor, address=request.path)
                    return response.render() if hasattr(response, "render") else response
            except (NotFound, Http404, PermissionDenied) as error:
                _note_refusal(request, actor)
                raise Http404 if isinstance(error, NotFound) else error

        gated.gate = permission  # type: ignore[attr-defined]
        return gated

    return decorate


def client_address(request: HttpRequest) -> str:
    """From where. `config.middleware.real_address` has looked behind the proxies that are ours."""
    return request.META.get("REMOTE_ADDR", "")


def _not_yet(
    request: HttpRequest,
    *,
    now: datetime,
    locked: bool = False,
    second_factor: bool = True,
    keeps_drafts: bool = False,
) -> HttpResponse | None:
    """Where somebody is sent who may not pass yet; None for who may. From here on the request has an actor."""
    if request.method not in (*READING, *WRITING):
        return HttpResponseNotAllowed([*READING, *WRITING])
    if not request.user.is_authenticated:
        return _elsewhere(request, redirect_to_login(request.get_full_path()))
    actor = actors.staff(request.user, address=client_address(request))
    request.actor = actor  # type: ignore[attr-defined]
    state = sessions.state(request, now=now)
    if keeps_drafts and state is not State.OPEN and request.method == "POST":
        with scope.enter(actor.scope):
            drafts.keep(actor=actor, address=request.path, fields=request.POST, now=now)
    if state is State.OVER:
        note(Access.Act.SIGN_OUT, "time-out", actor=actor, now=now)
        logout(request)
        return _elsewhere(request, redirect_to_login(request.get_full_path()))
    if state is State.LOCKED and not locked:
        to = reverse("account_reauthenticate")
        return _elsewhere(request, redirect_to_login(request.get_full_path(), to))
    if second_factor and not sessions.has_second_factor(request):
        return _elsewhere(request, redirect_to_login(request.get_full_path(), reverse("second_factor")))
    kind, limit = ("read", limits.READS) if request.method in READING else ("write", limits.WRITES)
    if not limits.allow(f"{kind} {actor.user_id}", limit=limit, now=now):
        return error_pages.too_many_requests(request)
    if state is State.OPEN:
        sessions.touch(request, now=now)
        request.timeout = sessions.timeout_warning(request)  # type: ignore[attr-defined]  # for the layout
    return None


def _elsewhere(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A person is led on. A script, which would take the page that it was led to for its answer, is told."""
    is_script = request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"
    return HttpResponse(status=401) if is_script else response


def note(act: Access.Act, what: str, *, actor: Actor, now: datetime) -> None:
    """A line in the access log from where no scope is open: signing in and out."""
    with scope.enter(Scope(role=DbRole.NONE, force_id=actor.force_id, user_id=actor.user_id)):
        log.write(act=act, what=what, actor=actor, now=now)


def _note_refusal(request: HttpRequest, actor: Actor) -> None:
    """Knocking at a closed door is an access too. Its own transaction: the other was rolled back."""
    route = request.resolver_match.view_name if request.resolver_match else "unknown"
    with scope.enter(actor.scope):
        log.write(act=Access.Act.REFUSED, what=route, actor=actor, now=timezone.now())
