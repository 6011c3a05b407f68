"""Signing in, as the restricted login of the web processes: what it may not touch fails here too."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.db import connection
from django.test import Client

from alongside.access.models import User
from tests.factories import PASSWORD, force, user

Clock = Callable[[datetime], AbstractContextManager[None]]


@pytest.fixture
def here(db: None) -> Any:
    return force("WM")


@pytest.fixture
def officer(here: Any) -> User:
    """An officer with an authenticator app."""
    made = user(here, "officer")
    TOTP.activate(made, generate_totp_secret())
    return made


@pytest.fixture
def web(db: None) -> Iterator[Client]:
    """A browser whose requests reach the database as alongside_web. Make the rows of the test before."""
    cache.clear()
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION AUTHORIZATION alongside_web")
    yield Client(enforce_csrf_checks=False)
    with connection.cursor() as cursor:
        cursor.execute("RESET SESSION AUTHORIZATION")


@contextmanager
def administrator() -> Iterator[None]:
    """For what a test itself looks up or changes while `web` is in use."""
    with connection.cursor() as cursor:
        cursor.execute("RESET SESSION AUTHORIZATION")
        yield
        cursor.execute("SET SESSION AUTHORIZATION alongside_web")


def code_of(someone: User, *, later: int = 0) -> str:
    """What their authenticator app shows. `later` steps of 30 seconds on, because a code works once."""
    import time

    with administrator():
        app = Authenticator.objects.get(user=someone, type=Authenticator.Type.TOTP)
    from allauth.mfa.utils import decrypt

    return format_hotp_value(hotp_value(decrypt(app.data["secret"]), int(time.time()) // 30 + later))


def recovery_codes_of(someone: User) -> list[str]:
    with administrator():
        return RecoveryCodes.activate(someone).get_unused_codes()


def sign_in(browser: Client, someone: User, *, code: str = "", to: str = "") -> Any:
    """Both steps. Returns the answer to the second."""
    query = f"?next={to}" if to else ""
    browser.post(f"/account/sign-in/{query}", {"login": someone.email, "password": PASSWORD})
    return browser.post("/account/sign-in/code/", {"code": code or code_of(someone)})


@contextmanager
def clock(at: datetime) -> Iterator[None]:
    """The gate and the sign-in read this time."""
    with patch("django.utils.timezone.now", return_value=at):
        yield


def minutes(number: float) -> datetime:
    """So many minutes from now."""
    return datetime.now(UTC) + timedelta(minutes=number)
