"""What allauth asks us while somebody signs in. These hooks, not signals, also write the access log."""

import base64
from functools import cache
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alongside.access import actions, actors, gate, log, scope, sessions
from alongside.access.models import Access, User
from alongside.access.scope import DbRole, Scope

FRESH = 5 * 60  # seconds in which nobody is asked again for what they just proved


def note_failure(request: HttpRequest, what: str, user: User | None = None) -> None:
    """A failed sign-in. What was typed is never kept: people type passwords into the wrong field."""
    now, address = timezone.now(), gate.client_address(request)
    if user:
        gate.note(Access.Act.SIGN_IN_FAILED, what, actor=actors.staff(user, address=address), now=now)
        return
    with scope.enter(Scope(role=DbRole.NONE)):
        log.write_for_a_stranger(act=Access.Act.SIGN_IN_FAILED, what=what, address=address, now=now)


class StaffAccounts(DefaultAccountAdapter):
    """An administrator makes accounts; nobody signs up, and no answer tells a stranger who has one."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("Enter a correct email address and password"),
        "incorrect_password": _("Enter your correct password"),
        "too_many_login_attempts": _("There were too many tries. Wait ten minutes, then try again"),
    }
    words = {
        "account/messages/logged_out.txt": _("You have signed out."),
        "account/messages/password_changed.txt": _("Your password was changed."),
        "mfa/messages/totp_activated.txt": _("Your authenticator app is set up."),
        "mfa/messages/webauthn_added.txt": _("Your passkey is set up."),
        "mfa/messages/webauthn_removed.txt": _("The passkey was removed."),
        "mfa/messages/recovery_codes_generated.txt": "",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return gate.client_address(request)

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """allauth's own words for what happened, in ours; where we have none, the page itself says enough."""
        said = self.words.get(message_template or "") or kwargs.pop("message", None)
        if said:
            super().add_message(request, level, message=str(said))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Nothing is sent: what reaches a person goes through contact, and an administrator gives addresses."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """As above."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        user = super().authenticate(request, **credentials)
        if user and not user.is_active:
            self.authentication_failed(request, **credentials)
            return None
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        known = (
            User.objects.select_related("force").filter(email=credentials.get("email", "").lower()).first()
        )
        note_failure(request, "password", known)

    def reauthenticate(self, user: User, password: str) -> bool:
        found = self.authenticate(context.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Reached with a passkey only. Looks like any passkey that is not known."""
        note_failure(request, "passkey", user)
        return redirect("account_login")

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        now = timezone.now()
        used = {record["method"] for record in get_authentication_records(request, user)}
        sessions.begin(request, second_factor="mfa" in used, now=now)
        actions.note_sign_in(user=user, now=now)
        how = " and ".join(sorted(used)) or "password"
        actor = actors.staff(user, address=gate.client_address(request))
        gate.note(Access.Act.SIGN_IN, how, actor=actor, now=now)
        return super().post_login(request, user, **kwargs)

    def logout(self, request: HttpRequest) -> None:
        assert isinstance(request.user, User)
        actor = actors.staff(request.user, address=gate.client_address(request))
        super().logout(request)
        gate.note(Access.Act.SIGN_OUT, "asked", actor=actor, now=timezone.now())

    def set_password(self, user: User, password: str) -> None:
        actions.set_password(user=user, password=password)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not in the first minutes after signing in: setting up a second factor comes right then."""
        records = get_authentication_records(context.request, context.request.user)
        return not records or timezone.now().timestamp() - records[-1]["at"] > FRESH


class SecondFactors(DefaultMFAAdapter):
    """Authenticator apps, passkeys and recovery codes. Their secrets are encrypted where they are kept."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("Enter the code that is shown now, or one that you have not used yet"),
    }

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return super().get_public_key_credential_rp_entity() | {"name": "Alongside"}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        return super().get_public_key_credential_user_entity(user) | {"display_name": user.name}


@cache
def _cipher() -> MultiFernet:
    """The first key encrypts; the others still open what was encrypted before SECRET_KEY was changed."""
    return MultiFernet([_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str) -> Fernet:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"alongside second factors")
    return Fernet(base64.urlsafe_b64encode(derive.derive(secret.encode())))
