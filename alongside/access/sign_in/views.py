"""Signing in, its second factor, and what somebody can do about their own account.

The views are allauth's, as the bare web login; here is what ours do besides.
"""

from http import HTTPStatus
from typing import Any

from allauth.account import views as account_views
from allauth.account.adapter import get_adapter
from allauth.mfa.base import views as mfa_views
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_views
from allauth.mfa.totp import views as totp_views
from allauth.mfa.webauthn import views as webauthn_views
from allauth.mfa.webauthn.internal import auth as webauthn
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse, reverse_lazy
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from alongside.access import drafts, scope, sessions

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
TOO_MANY = "too_many_login_attempts"


class LockedOutMixin:
    """After too many tries the page says so, with the status that machines understand."""

    def form_invalid(self, form: Any) -> HttpResponse:
        codes = {error.code for errors in form.errors.as_data().values() for error in errors}
        if TOO_MANY in codes:
            status = HTTPStatus.TOO_MANY_REQUESTS
            return render(self.request, "access/locked_out.jinja", status=status)  # type: ignore[attr-defined]
        return super().form_invalid(form)  # type: ignore[misc]


class SignIn(LockedOutMixin, account_views.LoginView):
    pass


class SignInCode(LockedOutMixin, mfa_views.AuthenticateView):
    pass


class UnlockMixin(LockedOutMixin):
    """Proving again who one is opens a locked session, and leads back to where it was left."""

    def form_valid(self, form: Any) -> HttpResponse:
        sessions.unlock(self.request, now=timezone.now())  # type: ignore[attr-defined]
        return super().form_valid(form)  # type: ignore[misc]


class Reauthenticate(UnlockMixin, account_views.ReauthenticateView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not get_adapter().get_reauthentication_methods(request.user):
            # Nothing to show again: they came in by a demonstration's link.
            request.session.flush()
            return redirect("account_login")
        return super().dispatch(request, *args, **kwargs)


class ReauthenticateCode(UnlockMixin, mfa_views.ReauthenticateView):
    pass


class ReauthenticatePasskey(UnlockMixin, webauthn_views.ReauthenticateWebAuthnView):
    def form_invalid(self, form: Any) -> HttpResponse:
        return redirect(self.request.get_full_path())


class SetPassword(account_views.PasswordResetFromKeyView):
    """At the one-time address that an administrator gave. Then they sign in like everybody."""

    success_url = reverse_lazy("account_login")


class SecondFactorMixin:
    """Setting one up opens the session for everything else."""

    did_generate_recovery_codes = False

    def get_success_url(self) -> str:
        return reverse("mfa_view_recovery_codes" if self.did_generate_recovery_codes else "second_factor")

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)  # type: ignore[misc]
        sessions.prove_second_factor(self.request)  # type: ignore[attr-defined]
        return response


class SetUpApp(SecondFactorMixin, totp_views.ActivateTOTPView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if Authenticator.objects.filter(user=request.user, type=Authenticator.Type.TOTP).exists():
            return redirect("second_factor")
        return super().dispatch(request, *args, **kwargs)


class AddPasskey(SecondFactorMixin, webauthn_views.AddWebAuthnView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Every passkey of ours can sign in by itself, so each is made to ask for a finger, face or PIN."""
        context = super().get_context_data(**kwargs)
        options = webauthn.begin_registration(
            self.request.user, passwordless=True
        )  # in place of allauth's own
        return context | {"js_data": {"creation_options": options}}


class RemovePasskey(webauthn_views.RemoveWebAuthnView):
    """Not the last way in: without a second factor there is no way back."""

    success_url = reverse_lazy("second_factor")

    def form_valid(self, form: Any) -> HttpResponse:
        ways_in = Authenticator.objects.filter(user=self.request.user, type__in=FACTORS)
        if ways_in.count() == 1:
            return redirect("second_factor")
        return super().form_valid(form)


@require_safe
def second_factor(request: HttpRequest) -> HttpResponse:
    """The choice of a second factor, or what there is already."""
    own = list(Authenticator.objects.filter(user=request.user).order_by("created_at"))
    has_one = any(one.type in FACTORS for one in own)
    if has_one and not sessions.has_second_factor(request):
        # Signed in with the password alone, before somebody set one up elsewhere: that has to be shown first.
        request.session.flush()
        return redirect("account_login")
    return render(
        request,
        "access/second_factor.jinja",
        {
            "app": next((one for one in own if one.type == Authenticator.Type.TOTP), None),
            "passkeys": [one for one in own if one.type == Authenticator.Type.WEBAUTHN],
            "has_one": has_one,
        },
    )


@require_safe
def signed_out(request: HttpRequest) -> HttpResponse:
    return render(request, "access/signed_out.jinja")


def stay(request: HttpRequest) -> HttpResponse:
    """Posted by the time-out warning. Looked at, after a session was unlocked from here, it leads on."""
    if request.method == "POST":
        sessions.unlock(request, now=timezone.now())
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return redirect("/staff/")


@require_safe
def lock(request: HttpRequest) -> HttpResponse:
    """Where the page goes by itself when the time is over. It changes nothing but to ask who is there."""
    sessions.lock(request)
    there = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(there, allowed_hosts=None):
        there = "/staff/"
    return redirect(reverse("account_reauthenticate", query={"next": there}))


@require_POST
def keep_draft(request: HttpRequest) -> HttpResponse:
    """Fields that a page saves by itself while somebody types, for the form at `address`."""
    address = request.GET.get("address", "")
    try:
        resolve(address)
    except Resolver404:
        return HttpResponse(status=HTTPStatus.NOT_FOUND)
    actor = request.actor  # type: ignore[attr-defined]
    fields: QueryDict = request.POST
    with scope.enter(actor.scope):
        is_kept = drafts.keep(actor=actor, address=address, fields=fields, now=timezone.now())
    return HttpResponse(status=HTTPStatus.NO_CONTENT if is_kept else HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


sign_in = SignIn.as_view()
sign_in_code = SignInCode.as_view()
sign_in_passkey = webauthn_views.login_webauthn
sign_out = account_views.logout
set_password = SetPassword.as_view()
reauthenticate = Reauthenticate.as_view()
reauthenticate_code = ReauthenticateCode.as_view()
reauthenticate_passkey = ReauthenticatePasskey.as_view()
set_up_app = SetUpApp.as_view()
add_passkey = AddPasskey.as_view()
remove_passkey = RemovePasskey.as_view()
recovery_codes = recovery_views.view_recovery_codes
new_recovery_codes = recovery_views.generate_recovery_codes
