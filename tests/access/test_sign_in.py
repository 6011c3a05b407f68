"""Signing in with a password and a second factor, and what somebody without them gets."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import is_password_usable
from django.contrib.auth.tokens import default_token_generator
from django.db import connection
from django.test import Client

from alongside.access import actions, actors
from alongside.access.models import Access, Credential
from tests.access.conftest import administrator, code_of, recovery_codes_of, sign_in
from tests.factories import NOW, PASSWORD, user

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.access.pages")]

WORDS = "Enter a correct email address and password"


def acts() -> list[tuple[str, str, bool]]:
    """What the access log says: act, what, and whether it knows who."""
    with administrator():
        return [
            (entry.act, entry.what, entry.actor_id is not None)
            for entry in Access.objects.order_by("at", "number")
        ]


def test_password_and_code_open_the_door(officer, web):
    first = web.post("/account/sign-in/?next=/staff/test/", {"login": officer.email, "password": PASSWORD})
    assert first.url == "/account/sign-in/code/"
    assert web.get("/staff/test/").status_code == 302  # the password alone opens nothing

    second = web.post(first.url, {"code": code_of(officer)})

    assert second.url == "/staff/test/"
    assert web.get("/staff/test/").status_code == 200
    assert acts() == [("sign_in", "mfa and password", True)]


def test_every_page_of_signing_in_is_shown_without_an_inline_script_or_style(officer, web):
    pages = {"/account/sign-in/": web.get("/account/sign-in/")}
    web.post("/account/sign-in/", {"login": officer.email, "password": PASSWORD})
    pages["/account/sign-in/code/"] = web.get("/account/sign-in/code/")
    web.post("/account/sign-in/code/", {"code": code_of(officer)})
    for address in (
        "/account/second-factor/",
        "/account/second-factor/passkey/",
        "/account/again/",
        "/account/again/code/",
        "/account/sign-out/",
        "/account/signed-out/",
    ):
        pages[address] = web.get(address)

    assert 'name="login"' in pages["/account/sign-in/"].text
    assert {address: page.status_code for address, page in pages.items()} == dict.fromkeys(pages, 200)
    for address, page in pages.items():
        assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=", page.text), address
        assert page.headers["Cache-Control"] == "no-store" or "no-store" in page.headers["Cache-Control"]


def test_a_wrong_code_opens_nothing_and_is_noted(officer, web):
    web.post("/account/sign-in/", {"login": officer.email, "password": PASSWORD})

    answer = web.post("/account/sign-in/code/", {"code": "000000"})

    assert "one that you have not used yet" in answer.text
    assert web.get("/staff/test/").status_code == 302
    assert acts() == [("sign_in_failed", "code", True)]


def test_a_code_works_once(officer, web):
    code = code_of(officer)
    sign_in(web, officer, code=code)
    web.post("/account/sign-out/")

    assert sign_in(web, officer, code=code).status_code == 200
    assert web.get("/staff/test/").status_code == 302


def test_a_recovery_code_works_once(officer, web):
    code = recovery_codes_of(officer)[0]

    assert sign_in(web, officer, code=code, to="/staff/test/").url == "/staff/test/"
    web.post("/account/sign-out/")
    assert sign_in(web, officer, code=code).status_code == 200


def test_whoever_has_no_second_factor_sets_one_up_before_anything_else(here, web):
    with administrator():
        newcomer = user(here, "officer")
    web.post("/account/sign-in/", {"login": newcomer.email, "password": PASSWORD})

    assert web.get("/staff/test/").url == "/account/second-factor/?next=/staff/test/"
    page = web.get("/account/second-factor/app/").text
    assert 'src="data:image/svg+xml;base64,' in page
    secret = re.search(r"<strong>([A-Z2-7]{32})</strong>", page)[1]

    wrong = web.post("/account/second-factor/app/", {"code": "000000"})
    assert wrong.status_code == 200
    assert web.get("/staff/test/").status_code == 302

    import time

    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    done = web.post("/account/second-factor/app/", {"code": code})
    assert done.url == "/account/recovery-codes/"
    codes = web.get("/account/recovery-codes/").text
    assert codes.count("<code>") == 10
    assert "<code>" not in web.get("/account/recovery-codes/").text  # shown once
    assert web.get("/staff/test/").status_code == 200


def test_the_secret_of_an_app_is_encrypted_where_it_is_kept(officer):
    kept = Authenticator.objects.get(user=officer).data["secret"]

    assert kept.startswith("gAAAA")


def test_an_older_session_with_the_password_alone_does_not_share_in_a_second_factor(here, web):
    """Somebody who knows only the password, waiting for its owner to set up a second factor."""
    with administrator():
        newcomer = user(here, "officer")
    web.post("/account/sign-in/", {"login": newcomer.email, "password": PASSWORD})
    with administrator():
        from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

        TOTP.activate(newcomer, generate_totp_secret())

    assert web.get("/staff/test/", follow=True).redirect_chain[-1][0] == "/account/sign-in/"
    assert web.get("/staff/test/").url.startswith("/account/sign-in/")


def test_nobody_learns_who_has_an_account(officer, web, django_assert_num_queries):
    here = web.post("/account/sign-in/", {"login": officer.email, "password": "wrong"})
    nowhere = web.post("/account/sign-in/", {"login": "nobody@example.test", "password": "wrong"})

    def bare(page, email):
        return re.sub(r'value="[^"]*"', "", page.text.replace(email, ""))

    assert WORDS in here.text
    assert bare(here, officer.email) == bare(nowhere, "nobody@example.test")
    assert here.status_code == nowhere.status_code
    assert acts() == [("sign_in_failed", "password", True), ("sign_in_failed", "password", False)]
    with administrator():
        assert not Access.objects.filter(reason__contains="@").exists()
        assert Access.objects.get(actor=None).force_id is None


def test_a_stranger_costs_as_much_hashing_as_somebody_known(officer, web, monkeypatch):
    hashed = []
    from django.contrib.auth.hashers import MD5PasswordHasher

    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda self, *args: hashed.append(1) or encode(self, *args)
    )

    web.post("/account/sign-in/", {"login": officer.email, "password": "wrong"})
    known = len(hashed)
    web.post("/account/sign-in/", {"login": "nobody@example.test", "password": "wrong"})

    assert len(hashed) - known == known == 1


def test_an_account_is_locked_after_five_wrong_passwords_and_so_is_one_that_is_not_there(officer, web):
    for email in (officer.email, "nobody@example.test"):
        tries = [
            web.post("/account/sign-in/", {"login": email, "password": "wrong"}).status_code for _ in range(6)
        ]
        assert tries == [200] * 5 + [429]

    right = web.post("/account/sign-in/", {"login": officer.email, "password": PASSWORD})
    assert right.status_code == 429
    assert "Wait ten minutes" in right.text


def test_five_wrong_codes_lock_the_second_step(officer, web):
    web.post("/account/sign-in/", {"login": officer.email, "password": PASSWORD})
    tries = [web.post("/account/sign-in/code/", {"code": "000000"}).status_code for _ in range(6)]

    assert tries == [200] * 5 + [429]
    assert web.post("/account/sign-in/code/", {"code": code_of(officer)}).status_code == 429


def test_a_made_up_forwarding_header_neither_hides_an_address_nor_escapes_the_limit(officer, web):
    for number in range(6):
        answer = web.post(
            "/account/sign-in/",
            {"login": officer.email, "password": "wrong"},
            headers={"X-Forwarded-For": f"198.51.100.{number}"},
        )

    assert answer.status_code == 429
    with administrator():
        assert set(Access.objects.values_list("address", flat=True)) == {"127.0.0.1"}


def test_a_deactivated_user_is_out_at_once_and_for_good(officer, web):
    sign_in(web, officer)
    assert web.get("/staff/test/").status_code == 200

    with administrator():
        from alongside.access import scope

        boss = actors.system(officer.force, job="test")
        with scope.enter(boss.scope.__class__(role="none", force_id=officer.force_id)):
            actions.deactivate_user(user=officer, actor=boss, now=NOW)

    assert web.get("/staff/test/").url.startswith("/account/sign-in/")
    with administrator():  # taken back: their old session stays dead
        officer.is_active = True
        officer.save()
    assert web.get("/staff/test/").url.startswith("/account/sign-in/")


def test_an_inactive_account_looks_like_a_wrong_password(officer, web):
    with administrator():
        officer.is_active = False
        officer.save()

    answer = web.post("/account/sign-in/", {"login": officer.email, "password": PASSWORD})

    assert WORDS in answer.text


def test_signing_in_changes_the_name_of_the_session(officer, web):
    web.get("/account/sign-in/")
    web.post("/account/sign-in/", {"login": officer.email, "password": PASSWORD})
    planted = web.session.session_key

    web.post("/account/sign-in/code/", {"code": code_of(officer)})

    assert web.session.session_key != planted
    thief = Client()
    thief.cookies["session"] = planted
    assert thief.get("/staff/test/").status_code == 302


@pytest.mark.parametrize("to", ["https://evil.test/", "//evil.test/", "/\\evil.test", "javascript:alert(1)"])
def test_signing_in_leads_nowhere_else(officer, web, to):
    assert sign_in(web, officer, to=to).url == "/staff/"
    assert web.get("/staff/session/lock/", {"next": to}).url == "/account/again/?next=%2Fstaff%2F"


@pytest.mark.parametrize(
    "address",
    [
        "/account/sign-in/",
        "/account/sign-in/passkey/",
        "/account/sign-out/",
        "/account/again/",
        "/account/second-factor/app/",
        "/staff/session/",
        "/staff/drafts/",
        "/staff/test/",
    ],
)
def test_nothing_is_accepted_from_another_site(officer, web, address):
    sign_in(web, officer)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = web.cookies

    assert strict.post(address, {"login": officer.email, "password": PASSWORD}).status_code == 403


def test_signing_out_ends_the_session_and_is_noted(officer, web):
    sign_in(web, officer)
    cookie = web.cookies["session"].value

    assert web.get("/account/sign-out/").status_code == 200  # looking does not sign out
    assert web.post("/account/sign-out/").url == "/account/signed-out/"

    web.cookies["session"] = cookie
    assert web.get("/staff/test/").status_code == 302
    assert acts()[-1] == ("sign_out", "asked", True)


def test_a_one_time_address_sets_the_password_once(here, web):
    from alongside.access.command import one_time_address

    with administrator():
        newcomer = user(here, "officer")
        actions.set_password(user=newcomer, password=None)
        address = one_time_address(newcomer).partition(":8000")[2]
    assert address.startswith("/account/set-password/")

    form = web.get(address, follow=True)
    there = form.redirect_chain[-1][0]
    assert newcomer.email not in there
    weak = web.post(there, {"password1": "password1234", "password2": "password1234"})
    assert "too common" in weak.text
    short = web.post(there, {"password1": "kX9-short", "password2": "kX9-short"})
    assert "at least 12 characters" in short.text
    done = web.post(there, {"password1": "plinth otter marigold", "password2": "plinth otter marigold"})
    assert done.url == "/account/sign-in/"

    again = web.get(address, follow=True)
    assert "does not work any more" in again.text
    with administrator():
        newcomer.refresh_from_db()
        assert newcomer.check_password("plinth otter marigold")


def test_resetting_a_second_factor_takes_the_password_with_it(officer):
    from alongside.access import scope
    from alongside.access.scope import DbRole, Scope

    boss = actors.system(officer.force, job="test")
    with scope.enter(Scope(role=DbRole.NONE, force_id=officer.force_id)):
        actions.reset_second_factor(user=officer, actor=boss, now=NOW)

    assert not Authenticator.objects.filter(user=officer).exists()
    assert not is_password_usable(Credential.objects.get(user=officer).password)


def test_no_audience_may_read_what_proves_who_somebody_is():
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT grantee, table_name FROM information_schema.column_privileges
            WHERE table_name IN ('access_credential', 'access_token', 'mfa_authenticator', 'django_session', 'account_emailaddress')
              AND grantee LIKE 'alongside_%' AND grantee NOT IN ('alongside_owner', 'alongside_web')
            """
        )
        assert cursor.fetchall() == []


def test_the_token_of_an_address_dies_with_the_next_sign_in(officer):
    token = default_token_generator.make_token(officer)

    actions.note_sign_in(user=officer, now=NOW)

    officer = type(officer).objects.get(pk=officer.pk)
    assert not default_token_generator.check_token(officer, token)
