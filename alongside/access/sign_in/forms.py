"""The forms of allauth, with fields of ours. allauth checks; these say it in GOV.UK components."""

from typing import Any

from allauth.account import forms as account_forms
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from alongside.access.sign_in.adapters import note_failure
from alongside.kernel.forms import EmailField, Form, Hidden, PasswordField, TextField
from alongside.kernel.forms.hidden import HiddenField

# An answer that no browser gives can make the libraries fail in any of these ways.
WRONG = (ValidationError, LookupError, TypeError, ValueError, AttributeError)
NOT_ACCEPTED = _("The passkey was not accepted. Try again, or continue another way")


class Credential(HiddenField, django_forms.JSONField):
    """What the browser answers for a passkey; put here by passkeys.js."""


class CodeField(TextField):
    inputmode = "numeric"

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, max_length=20, width=10, autocomplete="one-time-code", **options)


class SignIn(Form, account_forms.LoginForm):
    password = PasswordField(_("Password"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # allauth makes this field itself, according to its settings.
        self.fields["login"] = EmailField(_("Email address"), autocomplete="username")
        self.fields["login"].form = self


class Reauthenticate(Form, account_forms.ReauthenticateForm):
    password = PasswordField(_("Password"))


class SetPassword(Form, account_forms.ResetPasswordKeyForm):
    password1 = PasswordField(
        _("New password"),
        hint=_(
            "12 characters or more. Three words that have nothing to do with each other are easy to remember."
        ),
        autocomplete="new-password",
    )
    password2 = PasswordField(
        _("New password again"), called=_("the new password again"), autocomplete="new-password"
    )

    def clean_password1(self) -> str:
        return get_adapter().clean_password(self.cleaned_data["password1"], user=self.user)


class _NotesWrongCodes:
    """A wrong code goes into the access log, as a wrong password does."""

    def clean_code(self) -> str:
        try:
            return super().clean_code()  # type: ignore[misc]
        except ValidationError:
            note_failure(context.request, "code", self.user)  # type: ignore[attr-defined]
            raise


class SignInCode(Form, _NotesWrongCodes, mfa_forms.AuthenticateForm):
    code = CodeField(
        _("Code"), hint=_("The 6 digits in your authenticator app, or one of your recovery codes")
    )


class ReauthenticateCode(Form, _NotesWrongCodes, mfa_forms.ReauthenticateForm):
    code = CodeField(
        _("Code"), hint=_("The 6 digits in your authenticator app, or one of your recovery codes")
    )


class SetUpApp(Form, totp_forms.ActivateTOTPForm):
    code = CodeField(_("Code"), hint=_("The 6 digits that the app shows now"))


class AddPasskey(Form, webauthn_forms.AddWebAuthnForm):
    name = TextField(_("Name of this passkey"), hint=_("For example, work phone"), max_length=60)
    credential = Credential()
    passwordless = Hidden(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"name": "", **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any] | None:
        try:
            return super().clean()
        except WRONG:
            raise ValidationError(NOT_ACCEPTED)

    def clean_passwordless(self) -> bool:
        """Whatever was sent: each of our passkeys can sign in, so each must ask for a finger, face or PIN."""
        return True


class _NotesWrongPasskeys:
    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except WRONG:
            note_failure(context.request, "passkey", self.user)  # type: ignore[attr-defined]
            raise ValidationError(NOT_ACCEPTED)


class SignInPasskey(Form, _NotesWrongPasskeys, webauthn_forms.LoginWebAuthnForm):
    credential = Credential()


class SecondFactorPasskey(Form, _NotesWrongPasskeys, webauthn_forms.AuthenticateWebAuthnForm):
    credential = Credential()


class ReauthenticatePasskey(Form, _NotesWrongPasskeys, webauthn_forms.ReauthenticateWebAuthnForm):
    credential = Credential()
