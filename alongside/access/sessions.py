"""How long a session stays open. One that was left idle is locked, not lost: we still know whose it is, so what
they had typed can be kept, and one proof of who they are brings them back to it.
"""

from datetime import datetime
from enum import Enum, auto

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

SEEN = "seen_at"
SIGNED_IN = "signed_in_at"
SECOND_FACTOR = "second_factor"
NOTED_EVERY = 60  # seconds; a write for every page would cost more than the minute is worth


class State(Enum):
    OPEN = auto()
    LOCKED = auto()
    OVER = auto()


def begin(request: HttpRequest, *, second_factor: bool, now: datetime) -> None:
    """After signing in. Without a second factor the session opens nothing but the page to set one up."""
    request.session[SIGNED_IN] = request.session[SEEN] = now.timestamp()
    request.session[SECOND_FACTOR] = second_factor


def state(request: HttpRequest, *, now: datetime) -> State:
    signed_in, seen = request.session.get(SIGNED_IN, 0), request.session.get(SEEN, 0)
    if now.timestamp() >= signed_in + settings.SESSION_ENDS_AFTER:
        return State.OVER
    # The page counts from its own last answer, which may be a minute after the one that was noted.
    idle = now.timestamp() - seen
    return State.LOCKED if idle >= settings.SESSION_LOCKS_AFTER + NOTED_EVERY else State.OPEN


def touch(request: HttpRequest, *, now: datetime) -> None:
    """Somebody is there."""
    if now.timestamp() - request.session.get(SEEN, 0) >= NOTED_EVERY:
        request.session[SEEN] = now.timestamp()


def unlock(request: HttpRequest, *, now: datetime) -> None:
    """They have shown again who they are."""
    request.session[SEEN] = now.timestamp()


def lock(request: HttpRequest) -> None:
    request.session[SEEN] = 0


def has_second_factor(request: HttpRequest) -> bool:
    return request.session.get(SECOND_FACTOR, False)


def prove_second_factor(request: HttpRequest) -> None:
    request.session[SECOND_FACTOR] = True


def timeout_warning(request: HttpRequest) -> dict[str, object]:
    """What the layout's `timeout` needs besides its csrf_input."""
    return {
        "keep_alive": reverse("stay_signed_in"),
        "signs_out_to": reverse("lock_session", query={"next": request.get_full_path()}),
        "seconds": settings.SESSION_LOCKS_AFTER,
    }
