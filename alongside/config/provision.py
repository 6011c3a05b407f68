"""From a PostgreSQL and an administrator's address to a database that the processes can use:
roles, the database itself, who may do what in it. Plain SQL, before Django is there."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from alongside.config import database as embedded
from alongside.config import secrets
from alongside.config.environment import PROJECT
from alongside.config.trouble import Trouble

OLDEST = 150000
ROLES = (
    "alongside_owner", "alongside_web", "alongside_worker", "alongside_staff", "alongside_system",
    "alongside_portal", "alongside_partner", "alongside_commissioner",
)  # fmt: skip


LOGINS = ("alongside_web", "alongside_worker")


@contextmanager
def own_database(home: Path) -> Iterator[str]:
    """The database of the embedded server, ready for `alongside migrate`. Yields the administrator's address."""
    with embedded.running(home) as server:
        roles(server)
        passwords(server, own_passwords(home))
        yield database(server, "alongside")


def own_passwords(home: Path) -> dict[str, str]:
    return {login: secrets.kept(home, f"database-{login}") for login in LOGINS}


def roles(administrator: str) -> None:
    """The cluster's roles, brought to what ops/roles.sql says, if this administrator may."""
    with psycopg.connect(administrator) as connection:
        if connection.info.server_version < OLDEST:
            raise Trouble("Alongside needs PostgreSQL 15 or newer.")
        if may_make_roles(connection):
            connection.execute(_script("roles.sql"))
            return
        missing = connection.execute(
            "SELECT name FROM unnest(%s::text[]) AS name WHERE name NOT IN (SELECT rolname FROM pg_roles)",
            [list(ROLES)],
        ).fetchall()
        if missing:
            raise Trouble(
                f"The roles {', '.join(name for (name,) in missing)} do not exist and this login may not make"
                " them: have a database administrator run ops/roles.sql first."
            )


def may_make_roles(connection: psycopg.Connection) -> bool:
    row = connection.execute(
        "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    return bool(row and row[0])


def passwords(administrator: str, by_login: Mapping[str, str]) -> None:
    """Give the restricted logins these passwords. They reach the server only as SCRAM verifiers."""
    with psycopg.connect(administrator) as connection:
        for login, password in by_login.items():
            verifier = connection.pgconn.encrypt_password(
                password.encode(), login.encode(), b"scram-sha-256"
            ).decode()
            connection.execute(
                sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(login), sql.Literal(verifier))
            )


def database(administrator: str, name: str) -> str:
    """The database of this name on the administrator's server. Returns the administrator's address of it."""
    with psycopg.connect(administrator, autocommit=True) as connection:
        if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).rowcount:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return with_database(administrator, name)


def privileges(administrator: str) -> None:
    """What the roles may do in the administrator's database, as ops/database.sql says."""
    with psycopg.connect(administrator) as connection:
        connection.execute(_script("database.sql"))


def grants(administrator: str) -> None:
    """Who may use the tables that libraries bring, as ops/grants.sql says. After the migrations."""
    with psycopg.connect(administrator) as connection:
        connection.execute("SET LOCAL ROLE alongside_owner")
        connection.execute(_script("grants.sql"))


def with_database(address: str, name: str) -> str:
    return urlunsplit(urlsplit(address)._replace(path=f"/{quote(name, safe='')}"))


def with_login(address: str, login: str, password: str) -> str:
    """The same database by another login."""
    parts = urlsplit(address)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{quote(login)}:{quote(password, safe='')}@{place}"))


def _script(name: str) -> bytes:
    return (PROJECT / "ops" / name).read_bytes()
