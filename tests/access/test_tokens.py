"""Tokens for other systems: `alongside token`, what is kept of them, and who may look for one."""

import argparse
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from alongside.access import actions, actors, queries, scope, secrets, token_command
from alongside.access.models import Access, Token
from alongside.access.permissions import TokenScope
from alongside.access.scope import DbRole, Scope
from alongside.kernel.errors import NotFound
from tests.access.conftest import administrator
from tests.factories import NOW, force

pytestmark = pytest.mark.django_db

A_SECOND = timedelta(seconds=1)
QUARTER = timedelta(days=90)


@pytest.fixture
def here():
    return force("WM")


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    token_command.add_arguments(parser)
    return token_command.run(parser.parse_args(words))


def create(*more: str, name: str = "Crime system", may: str = "events:write") -> int:
    return run("create", name, "--force", "WM", "--scope", may, *more)


def make(in_force, name: str = "Crime system", *, lasts: timedelta = QUARTER) -> tuple[Token, str]:
    with scope.enter(Scope(role=DbRole.NONE, force_id=in_force.pk)):
        return actions.create_token(
            force=in_force,
            name=name,
            scopes=[TokenScope.WRITE_EVENTS],
            expires_at=NOW + lasts,
            actor=actors.system(in_force, job="test"),
            now=NOW,
        )


def withdraw(token: Token) -> None:
    with scope.enter(Scope(role=DbRole.NONE, force_id=token.force_id)):
        actions.withdraw_token(token=token, actor=actors.system(token.force, job="test"), now=NOW)


def changes() -> list[tuple[str, str]]:
    return list(Access.objects.order_by("number").values_list("what", "reason"))


# The command


def test_a_new_one_shows_its_secret_alone_on_standard_output_and_says_the_rest_beside_it(here, capsys):
    assert create("--scope", "duties:read", "--scope", "events:write", "--days", "30") == 0

    said = capsys.readouterr()
    token = Token.objects.get()
    assert queries.client_of(said.out.strip(), now=token.created_at) == token
    assert said.out.startswith(f"alongside_{token.prefix}_") and said.out.count("\n") == 1
    assert (token.force, token.name) == (here, "Crime system")
    assert token.scopes == ["duties:read", "events:write"]
    assert token.expires_at - token.created_at == timedelta(days=30)
    assert "shown only this once" in said.err
    assert "the API is not built" in said.err
    assert Access.objects.get().actor_label == "command line"
    assert changes() == [("token.created", str(token.pk))]


def test_it_lasts_ninety_days_unless_said_otherwise(here):
    create()

    token = Token.objects.get()
    assert token.expires_at - token.created_at == QUARTER


@pytest.mark.parametrize("days", ["0", "366", "-1", "soon", "²"])
def test_it_lasts_at_most_a_year(here, capsys, days):
    with pytest.raises(SystemExit):
        create("--days", days)

    assert "between 1 and 365" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "may", "more", "says"),
    [
        ("A", "event:wirte", [], "no scope called event:wirte (nearest: events:write)"),
        ("A", "duties", [], "no scope called duties (nearest: duties:read)"),
        (" ", "events:write", [], "Enter the name of the system"),
        ("A", "events:write", ["--force", "XX"], "there is: WM"),
    ],
)
def test_what_is_wrong_is_said_and_none_is_made(here, capsys, name, may, more, says):
    assert create(*more, name=name, may=may) == 2

    said = capsys.readouterr()
    assert says in said.err and said.out == ""
    assert not Token.objects.exists()
    assert changes() == []


def test_a_name_stands_for_one_token_until_that_is_withdrawn(here, capsys):
    create()
    assert create() == 2
    assert "has a token called Crime system already" in capsys.readouterr().err

    withdraw(Token.objects.get())

    assert create() == 0


def test_they_are_listed_without_a_secret(here, capsys):
    make(here, "Gone")
    long_ago, secret = make(here, "Old")
    actions.note_use(token=long_ago, now=NOW)
    make(force("WY"), "Theirs")
    withdraw(Token.objects.get(name="Gone"))
    create(name="New")
    shown = capsys.readouterr().out

    assert run("list", "--force", "WM") == 0

    said = capsys.readouterr().out
    assert [line.split("\t")[2:] for line in said.splitlines()] == [
        ["Gone", "events:write", "until 2026-09-28", "never used", "withdrawn 2026-06-30"],
        ["New", "events:write", f"until {day_of(Token.objects.get(name='New'))}", "never used", ""],
        ["Old", "events:write", "until 2026-09-28", "last used 2026-06-30", "expired"],
    ]
    kept = Token.objects.values_list("secret_hash", flat=True)
    assert not any(one in said for one in (secret, shown.strip(), *kept))
    run("list")
    assert "Theirs" in capsys.readouterr().out


def day_of(token: Token) -> str:
    return token_command._day(token.expires_at)


def test_one_is_withdrawn_by_what_the_list_shows(here, capsys):
    token, secret = make(here)

    assert run("withdraw", token.prefix) == 0

    with pytest.raises(NotFound):
        queries.client_of(secret, now=NOW)
    assert changes() == [("token.created", str(token.pk)), ("token.withdrawn", str(token.pk))]
    assert run("withdraw", token.prefix) == 2
    assert f"{token.prefix} was withdrawn before" in capsys.readouterr().err


@pytest.mark.parametrize("words", ["", "1a2b3c4d5e"])
def test_none_is_withdrawn_that_is_not_named_whole(here, capsys, words):
    make(here)

    assert run("withdraw", words) == 2

    assert "`alongside token list`" in capsys.readouterr().err
    assert Token.objects.get().withdrawn_at is None


# What is kept, and who is found


def test_the_secret_is_kept_nowhere(here):
    token, secret = make(here)

    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(access_token)::text FROM access_token")
        (row,) = cursor.fetchone()
    assert token.prefix in row and secrets.digest(secret) in row
    assert secret not in row and secret.removeprefix(f"alongside_{token.prefix}_") not in row
    assert len(secret.rpartition(f"{token.prefix}_")[2]) == 43  # 256 bits, six to a letter


def test_every_secret_is_another():
    assert len({secrets.make() for _ in range(100)}) == 100


def test_a_client_is_known_by_its_secret_until_it_expires(here):
    token, secret = make(here)

    found = queries.client_of(secret, now=NOW + QUARTER - A_SECOND)

    assert (found, found.force, found.scopes) == (token, here, [TokenScope.WRITE_EVENTS])
    with pytest.raises(NotFound):
        queries.client_of(secret, now=NOW + QUARTER)


def test_unknown_expired_and_withdrawn_can_not_be_told_apart(here):
    token, withdrawn = make(here)
    withdraw(token)
    _, expired = make(here, lasts=A_SECOND)

    refusals = set()
    for secret in (withdrawn, expired, withdrawn[:-1], token.prefix, secrets.digest(withdrawn), "", "é\x00"):
        with pytest.raises(NotFound) as refused:
            queries.client_of(secret, now=NOW + A_SECOND)
        refusals.add(str(refused.value))

    assert refusals == {""}


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"scopes": []}, "token_may_do_something"),
        ({"expires_at": NOW}, "token_expires_within_a_year"),
        ({"expires_at": NOW + timedelta(days=365) + A_SECOND}, "token_expires_within_a_year"),
        ({"name": "Crime system"}, "one_standing_token_of_a_name"),
        ({"prefix": "1a2b3c4d5e"}, "one_token_of_a_prefix"),
        ({"secret_hash": "a hash"}, "one_token_of_a_secret"),
    ],
)
def test_the_database_refuses_it_too(here, wrong, constraint):
    def token(**fields: Any) -> Token:
        return Token(
            force=here, created_at=NOW, **{"scopes": ["events:write"], "expires_at": NOW + QUARTER, **fields}
        )

    token(name="Crime system", prefix="1a2b3c4d5e", secret_hash="a hash").save()
    another = {"name": "Another", "prefix": "another", "secret_hash": "another"}

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        token(**{**another, **wrong}).save()


# Who may look


def test_the_web_login_finds_a_token_and_notes_its_use_to_the_minute(here, web):
    with administrator():
        _, secret = make(here)

    found = queries.client_of(secret, now=NOW)
    actions.note_use(token=found, now=NOW)
    actions.note_use(token=found, now=NOW + timedelta(seconds=59))

    assert queries.client_of(secret, now=NOW).last_used_at == NOW
    actions.note_use(token=found, now=NOW + timedelta(seconds=60))
    assert queries.client_of(secret, now=NOW).last_used_at == NOW + timedelta(seconds=60)


@pytest.mark.parametrize(
    "forbidden",
    [
        "UPDATE access_token SET expires_at = expires_at + interval '1 day'",
        "UPDATE access_token SET withdrawn_at = NULL",
        "UPDATE access_token SET scopes = '{records:read}'",
        "DELETE FROM access_token",
        "INSERT INTO access_token SELECT * FROM access_token",
    ],
)
def test_the_web_login_can_make_no_token_and_lengthen_none(here, web, forbidden):
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(forbidden)


@pytest.mark.parametrize("role", [DbRole.STAFF, DbRole.SYSTEM])
def test_no_audience_sees_a_token_not_even_its_own_forces(here, role):
    make(here)

    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        scope.enter(Scope(role=role, force_id=here.pk)),
    ):
        Token.objects.count()
