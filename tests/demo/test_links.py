"""Ways in: one a role, once, for a day, and only to a demonstration."""

import json
import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from alongside.access.models import Access
from alongside.kernel.errors import Refused
from demo import actions, force, queries
from demo.models import DemoLink
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def tokens():
    into = force.establish()
    force.staff_division(into, 0, seed=1)
    return actions.make_links(for_force=into, now=timezone.now())


def follow(client, token):
    return client.get(reverse("demo:sign_in", args=[token]))


def test_there_is_one_for_each_role_that_has_a_door(tokens):
    assert list(queries.sign_ins(tokens, base_url="http://here:1/")) == [
        "officer", "coordinator", "reviewer", "witness-care", "supervisor", "call-handler", "analyst", "auditor",
        "administrator", "commissioner",
    ]  # fmt: skip
    assert queries.sign_ins(tokens, base_url="http://here:1/")["officer"] == (
        f"http://here:1/demo/sign-in/{tokens['officer']}/"
    )


@pytest.mark.parametrize("role", actions.ROLES)
def test_it_signs_in_the_known_person_of_that_role(client, tokens, role):
    response = follow(client, tokens[role])

    assert (response.status_code, response["Location"]) == (302, "/staff/")
    user = DemoLink.objects.get(role=role).user
    assert client.session["_auth_user_id"] == str(user.pk)
    assert user.name == force.KNOWN[role]
    assert [one.code for one in user.roles.all()] == [role]


def test_the_login_of_the_web_is_enough_and_the_access_log_says_how(client, tokens):
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION AUTHORIZATION alongside_web")
    assert follow(client, tokens["officer"]).status_code == 302
    page = client.get("/staff/")
    with connection.cursor() as cursor:
        cursor.execute("RESET SESSION AUTHORIZATION")

    assert page.status_code == 200
    assert list(Access.objects.order_by("number").values_list("act", "what")) == [
        ("sign_in", "demonstration link"),
        ("look", "worklist"),
    ]


def test_it_works_once(client, tokens):
    follow(client, tokens["officer"])
    client.logout()

    assert follow(client, tokens["officer"]).status_code == 404
    assert "_auth_user_id" not in client.session


def test_it_works_for_a_day(client, tokens):
    DemoLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert follow(client, tokens["officer"]).status_code == 404


def test_a_wrong_one_is_not_found(client, tokens):
    assert follow(client, "guessed").status_code == 404


def test_it_opens_no_force_that_is_not_a_demonstration(client, tokens):
    found = force.find()
    found.is_demonstration = False
    found.save()

    assert follow(client, tokens["officer"]).status_code == 404


def test_none_are_made_for_a_real_force():
    with pytest.raises(Refused):
        actions.make_links(for_force=factories.force(), now=timezone.now())


def test_only_a_hash_is_kept(tokens):
    kept = set(DemoLink.objects.values_list("token_hash", flat=True))

    assert len(kept) == len(tokens) and not kept & set(tokens.values())


def test_new_ones_withdraw_those_that_nobody_used(client, tokens):
    actions.make_links(for_force=force.find(), now=timezone.now())

    assert follow(client, tokens["officer"]).status_code == 404


def test_a_production_installation_has_no_demonstration():
    """Neither the app nor its addresses are there, so no mistake in them can open a door."""
    asked = (
        "import json, django; django.setup();"
        "from django.apps import apps; from django.urls import resolve, Resolver404\n"
        "try: resolve('/demo/sign-in/x/'); found = True\n"
        "except Resolver404: found = False\n"
        "print(json.dumps([apps.is_installed('demo'), found]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked],
        env={
            **os.environ, "ALONGSIDE_MODE": "production", "SECRET_KEY": "x" * 64, "ALLOWED_HOSTS": "care.example",
            "DATABASE_URL": "postgres://nobody@localhost/none", "DJANGO_SETTINGS_MODULE": "alongside.config.settings",
        },
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert json.loads(done.stdout.splitlines()[-1]) == [False, False], done.stderr
