"""`alongside user`, as an administrator types it."""

import argparse

import pytest
from allauth.mfa.models import Authenticator

from alongside.access import command
from alongside.access.models import Access, User
from tests.factories import force, team, user

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return force("WM")


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(words))


def create(*more: str, email: str = "Robin.Example@Example.test", role: str = "officer") -> int:
    return run("create", email, "--force", "WM", "--name", "Robin Example", "--role", role, *more)


def changes() -> list[str]:
    return list(Access.objects.order_by("number").values_list("what", flat=True))


def test_somebody_new_gets_an_address_and_no_password(here, capsys):
    team(here, "Local")

    assert create("--role", "coordinator", "--team", "Local", "--collar-number", "1234") == 0

    made = User.objects.get(email="robin.example@example.test")
    assert (made.team.name, made.collar_number) == ("Local", "1234")
    assert sorted(role.code for role in made.roles.all()) == ["coordinator", "officer"]
    assert not made.has_usable_password()
    assert "/account/set-password/" in capsys.readouterr().out
    assert changes() == ["user.created"]
    assert Access.objects.get().actor_label == "command line"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--team", "Nobody's"], "no team called"),
        (["--role", "emperor"], "no role called emperor"),
    ],
)
def test_what_is_not_there_is_said_and_nobody_is_made(here, capsys, words, says):
    assert create(*words) == 2

    assert says in capsys.readouterr().err
    assert not User.objects.exists()
    assert changes() == []


def test_an_address_stands_for_one_person_whatever_its_case(here, capsys):
    create()

    assert create(email="ROBIN.EXAMPLE@example.test") == 2
    assert "is there already" in capsys.readouterr().err
    assert create(email="not an address") == 2
    assert User.objects.count() == 1


def test_a_force_that_is_not_there_is_said_with_those_that_are(here, capsys):
    assert run("create", "a@b.test", "--force", "XX", "--name", "A", "--role", "officer") == 2

    assert "there is: WM" in capsys.readouterr().err


def test_roles_are_replaced(here):
    someone = user(here, "officer", "analyst")

    assert run("roles", someone.email, "--role", "supervisor") == 0

    assert [role.code for role in someone.roles.all()] == ["supervisor"]
    assert changes() == ["user.roles_changed"]


def test_a_role_that_is_not_there_takes_none_away(here):
    someone = user(here, "officer")

    assert run("roles", someone.email, "--role", "emperor") == 2

    assert [role.code for role in someone.roles.all()] == ["officer"]


def test_an_account_is_closed(here):
    someone = user(here)

    assert run("deactivate", someone.email) == 0

    someone = User.objects.get(pk=someone.pk)
    assert not someone.is_active
    assert not someone.has_usable_password()
    assert run("reset-second-factor", someone.email) == 2


def test_a_lost_telephone(here, capsys):
    someone = user(here)
    Authenticator.objects.create(user=someone, type="totp", data={})

    assert run("reset-second-factor", someone.email) == 0

    assert not Authenticator.objects.exists()
    assert "/account/set-password/" in capsys.readouterr().out


def test_everybody_is_listed_with_their_roles(here, capsys):
    someone = user(here, "officer", "analyst", name="Robin Example")
    user(force("WY"))

    assert run("list", "--force", "WM") == 0

    assert capsys.readouterr().out == f"WM\t{someone.email}\tRobin Example\tanalyst, officer\t\n"


def test_the_first_person_of_a_new_force_brings_it_and_their_team(capsys):
    words = ["--name", "Robin", "--role", "administrator", "--force", "west-mercia", "--new-team", "Local"]

    unknown = run("create", "robin@example.test", *words)
    made = run("create", "robin@example.test", *words, "--new-force", "West Mercia Police")
    again = run("create", "kim@example.test", *words, "--new-force", "Another name")

    assert (unknown, made, again) == (2, 0, 0)
    robin, kim = User.objects.order_by("-email")
    assert (robin.force.name, robin.team.name, robin.team) == ("West Mercia Police", "Local", kim.team)
    assert changes() == ["team.opened", "user.created", "user.created"]
