"""The PostgreSQL that tests run on: DATABASE_URL when set (an administrator's), else one of our own in
`var/test`, which forgets everything in a power cut and is quick for it.

Migrations run once, as in production (by `alongside migrate`, as alongside_owner), into a template that is
named after what went into it; every process of a test run copies it. Sessions may run side by side.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from alongside.config import database, provision
from alongside.config.environment import PROJECT

HOME = PROJECT / "var" / "test"
SHAPED_BY = (
    "ops/*.sql",
    "requirements.lock",
    "alongside/config/migrate.py",
    "alongside/kernel/rls.py",
    "alongside/*/migrations/*.py",
    "demo/migrations/*.py",
)


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Iterator[None]:
    """Before pytest-django reads the settings, and again in every process of pytest-xdist."""
    os.environ["ALONGSIDE_MODE"] = "test"
    os.environ["ALONGSIDE_HOME"] = str(HOME)
    os.environ.setdefault("DATABASE_URL", database.address(HOME))
    os.environ.setdefault("ALONGSIDE_TEST_DATABASE", f"alongside_test_{os.getpid()}")
    os.environ["ALONGSIDE_TEST_TEMPLATE"] = f"alongside_template_{_fingerprint()}"
    return (yield)


@contextmanager
def provisioned() -> Iterator[None]:
    """The server and the template, for as long as the process has databases on it."""
    with database.running(HOME, durable=False) if _is_ours() else nullcontext():
        _make_template(os.environ["DATABASE_URL"])
        yield


def _is_ours() -> bool:
    return os.environ["DATABASE_URL"] == database.address(HOME)


def _make_template(administrator: str) -> None:
    name = os.environ["ALONGSIDE_TEST_TEMPLATE"]
    with psycopg.connect(administrator, autocommit=True) as connection:
        # One process makes it, the others wait here.
        connection.execute("SELECT pg_advisory_lock(hashtext('alongside test template'))")
        if connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).rowcount:
            return
        _drop_left_overs(connection)
        draft = f"{name}_draft"
        address = provision.database(administrator, draft)
        done = subprocess.run(
            [sys.executable, "-m", "alongside", "migrate", "--quiet"],
            cwd=PROJECT,
            env={**os.environ, "DATABASE_URL": address},
            capture_output=True,
            text=True,
        )
        if done.returncode:
            pytest.exit(f"The migrations do not run:\n{done.stdout}{done.stderr}", returncode=1)
        connection.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(name))
        )


def _drop_left_overs(connection: psycopg.Connection) -> None:
    """Templates that nobody has made again for an hour, and databases of test runs that were killed."""
    old = connection.execute(
        "SELECT datname FROM pg_database WHERE datname LIKE 'alongside_template_%'"
        " AND (pg_stat_file(format('base/%s/PG_VERSION', oid), true)).modification < now() - interval '1 hour'"
    ).fetchall()
    runs = connection.execute(
        "SELECT datname FROM pg_database WHERE datname LIKE 'alongside_test_%'"
    ).fetchall()
    killed = [name for (name,) in runs if _is_ours() and not Path(f"/proc/{name.split('_')[2]}").exists()]
    for name in [*killed, *(name for (name,) in old)]:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def _fingerprint() -> str:
    """Of everything that shapes an empty database."""
    digest = hashlib.sha256()
    for pattern in SHAPED_BY:
        for path in sorted(PROJECT.glob(pattern)):
            digest.update(f"{path.relative_to(PROJECT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:12]
