"""The web side of access. Every view wears exactly one gate; a test walks all addresses and says so.

A gate authenticates, checks the permission, opens the database scope, runs the view and renders its
page inside the scope (a lazy template would otherwise query outside it).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from alongside.access import actors, log, scope
from alongside.access.actors import Actor
from alongside.access.models import Access
from alongside.access.permissions import Permission
from alongside.kernel.errors import NotFound

View = Callable[..., HttpResponse]


def public(view: View) -> View:
    """Open to everybody, said aloud. Such a view runs as the bare web login and can read no record."""
    view.gate = "public"  # type: ignore[attr-defined]
    return view


def staff(permission: Permission) -> Callable[[View], View]:
    """For signed-in staff whose roles carry `permission`."""
    permission = Permission(permission)

    def decorate(view: View) -> View:
        @wraps(view)
        def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            actor = actors.staff(request.user, address=request.META.get("REMOTE_ADDR", ""))
            request.actor = actor  # type: ignore[attr-defined]
            try:
                if not actor.may(permission):
                    raise PermissionDenied
                with scope.enter(actor.scope):
                    response = view(request, *args, **kwargs)
                    return response.render() if hasattr(response, "render") else response
            except (NotFound, PermissionDenied) as error:
                _note_refusal(request, actor)
                raise Http404 if isinstance(error, NotFound) else error

        gated.gate = permission  # type: ignore[attr-defined]
        return gated

    return decorate


def _note_refusal(request: HttpRequest, actor: Actor) -> None:
    """Knocking at a closed door is an access too. Its own transaction: the other was rolled back."""
    route = request.resolver_match.view_name if request.resolver_match else "unknown"
    with scope.enter(actor.scope):
        log.write(act=Access.Act.REFUSED, what=route, actor=actor, now=timezone.now())
