"""Every address of signing in, by hand: of allauth's views only those that are needed have one.

The names are allauth's where allauth looks for them. There is no signing up, no e-mail to confirm or change, and
no password to reset without an administrator.
"""

from django.urls import path

from alongside.access import gate
from alongside.access.sign_in import views

setting_up = gate.signed_in(second_factor=False)
unlocking = gate.signed_in(locked=True, second_factor=False)

urlpatterns = [
    path("account/sign-in/", gate.public(views.sign_in), name="account_login"),
    path("account/sign-in/code/", gate.public(views.sign_in_code), name="mfa_authenticate"),
    path("account/sign-in/passkey/", gate.public(views.sign_in_passkey), name="mfa_login_webauthn"),
    path("account/sign-out/", gate.public(views.sign_out), name="account_logout"),
    path("account/signed-out/", gate.public(views.signed_out), name="signed_out"),
    path(
        "account/set-password/<uidb36>/<key>/",
        gate.public(views.set_password),
        name="account_reset_password_from_key",
    ),
    path("account/again/", unlocking(views.reauthenticate), name="account_reauthenticate"),
    path("account/again/code/", unlocking(views.reauthenticate_code), name="mfa_reauthenticate"),
    path(
        "account/again/passkey/", unlocking(views.reauthenticate_passkey), name="mfa_reauthenticate_webauthn"
    ),
    path("account/second-factor/", setting_up(views.second_factor), name="second_factor"),
    path("account/second-factor/app/", setting_up(views.set_up_app), name="mfa_activate_totp"),
    path("account/second-factor/passkey/", setting_up(views.add_passkey), name="mfa_add_webauthn"),
    path(
        "account/second-factor/passkey/<int:pk>/remove/",
        gate.signed_in(views.remove_passkey),
        name="mfa_remove_webauthn",
    ),
    path("account/recovery-codes/", gate.signed_in(views.recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "account/recovery-codes/new/",
        gate.signed_in(views.new_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path("staff/session/", gate.signed_in(views.stay), name="stay_signed_in"),
    path("staff/session/lock/", unlocking(views.lock), name="lock_session"),
    path("staff/drafts/", gate.signed_in(views.keep_draft), name="keep_draft"),
]
