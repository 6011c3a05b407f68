from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from alongside.config import environment, provision, startup
from alongside.config.environment import Environment
from alongside.config.trouble import Trouble

SOUND = {
    "SECRET_KEY": "k7Jq2mZx9Rw4Tn8Vb3Yc6Lp1Hs5Gd0Fa-eUoIiQ_zXyWvB",
    "ALLOWED_HOSTS": "care.example.police.uk",
}
PASSWORD = "only for this test"


@pytest.fixture
def database_url(django_db_setup: None) -> str:
    """The administrator's address of the test database itself."""
    import os

    return provision.with_database(os.environ["DATABASE_URL"], connection.settings_dict["NAME"])


@pytest.fixture
def login(database_url: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """A login of its own with what the test says, gone afterwards."""
    name = f"alongside_test_login_{connection.settings_dict['NAME']}"
    with psycopg.connect(database_url, autocommit=True) as administrator:
        administrator.execute(
            sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(name), sql.Literal(PASSWORD))
        )
        administrator.execute(
            sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(
                sql.Identifier(connection.settings_dict["NAME"]), sql.Identifier(name)
            )
        )
        administrator.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(sql.Identifier(name)))
        for statement in request.param:
            administrator.execute(sql.SQL(statement).format(name=sql.Identifier(name)))
        yield name
        administrator.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(name)))
        administrator.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


def sentence(here: Environment) -> str:
    with pytest.raises(Trouble) as trouble:
        startup.refuse_what_is_unsafe(here, login="alongside_web")
    return str(trouble.value)


@pytest.mark.parametrize(
    ("variables", "begins"),
    [
        (
            {"SECRET_KEY": ""},
            "SECRET_KEY is missing, short or well known: set it to 40 or more random characters",
        ),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is missing, short or well known"),
        ({"SECRET_KEY": "x" * 60}, "SECRET_KEY is missing, short or well known"),
        (
            {"SECRET_KEY": "django-insecure-" + SOUND["SECRET_KEY"]},
            "SECRET_KEY is missing, short or well known",
        ),
        ({"DEBUG": "1"}, "DEBUG shows records to strangers when something fails: unset it"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is empty or '*': set it to the host names"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS is empty or '*': set it to the host names"),
        ({}, "DATABASE_URL is not set: set it to the database, by the login alongside_web."),
    ],
)
def test_production_does_not_start_with_unsafe_settings(variables, begins):
    assert sentence(environment.read({**SOUND, **variables})).startswith(begins)


def test_the_administrator_may_not_serve(database_url):
    here = environment.read({**SOUND, "DATABASE_URL": database_url})

    assert "is a superuser and could read past the policies" in sentence(here)
    assert "set DATABASE_URL to the login alongside_web" in sentence(here)


@pytest.mark.parametrize(
    ("login", "power"),
    [
        (["ALTER ROLE {name} BYPASSRLS"], "has BYPASSRLS"),
        (["ALTER ROLE {name} CREATEROLE"], "has CREATEROLE"),
        (["CREATE TABLE owned_by_a_login ()", "ALTER TABLE owned_by_a_login OWNER TO {name}"], "owns tables"),
        (
            ["ALTER ROLE {name} NOINHERIT", "GRANT alongside_owner TO {name}"],
            "is a member of alongside_owner",
        ),
        (["GRANT alongside_staff TO {name}"], "inherits the role of an audience"),
    ],
    indirect=["login"],
)
def test_no_process_starts_with_a_login_that_could_read_past_the_policies(database_url, login, power):
    here = environment.read({**SOUND, "DATABASE_URL": provision.with_login(database_url, login, PASSWORD)})

    assert sentence(here).startswith(f"the database login {login} {power} and could read past the policies")


@pytest.mark.parametrize("mode", environment.Mode)
@pytest.mark.parametrize(
    "login", [["ALTER ROLE {name} NOINHERIT", "GRANT alongside_staff TO {name}"]], indirect=True
)
def test_a_login_that_has_to_take_the_role_of_an_audience_may_serve(database_url, login, mode):
    here = environment.read({**SOUND, "DATABASE_URL": provision.with_login(database_url, login, PASSWORD)})

    startup.refuse_what_is_unsafe(replace(here, mode=mode), login="alongside_web")


@pytest.mark.parametrize(
    "login", [["ALTER ROLE {name} NOINHERIT", "GRANT alongside_system TO {name}"]], indirect=True
)
def test_a_process_does_not_start_with_the_login_of_another(database_url, login, monkeypatch):
    monkeypatch.setattr(startup, "LOGINS", ("alongside_web", login))
    here = environment.read({**SOUND, "DATABASE_URL": provision.with_login(database_url, login, PASSWORD)})

    assert sentence(here).startswith(f"the database login {login} belongs to another process")
    assert sentence(here).endswith("set DATABASE_URL to the login alongside_web.")
    startup.refuse_what_is_unsafe(here, login=login)


def test_the_restricted_logins_are_the_only_members_of_the_audiences(database_url):
    with psycopg.connect(database_url) as administrator:
        members = administrator.execute(
            "SELECT audience.rolname, member.rolname FROM pg_auth_members"
            " JOIN pg_roles AS audience ON audience.oid = roleid JOIN pg_roles AS member ON member.oid = member"
            " WHERE audience.rolname IN ('alongside_staff', 'alongside_system') AND member.rolname LIKE 'alongside%'"
            " AND member.rolname NOT LIKE 'alongside_test_login%' ORDER BY 1"
        ).fetchall()

    assert members == [("alongside_staff", "alongside_web"), ("alongside_system", "alongside_worker")]
