"""A PostgreSQL of its own that flushes to disk, and the processes of production before it."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg

from alongside.config import provision
from alongside.config.environment import PROJECT

PASSWORD = "only-for-this-test"


class Stack:
    """A database with one force in it, its administrator, and its two restricted logins."""

    def __init__(self, home: Path, administrator: str) -> None:
        self.home = home
        self.administrator = administrator

    def variables(self, login: str | None = None, **more: str) -> dict[str, str]:
        """The environment of a process that signs in as this login, or as the administrator."""
        address = provision.with_login(self.administrator, login, PASSWORD) if login else self.administrator
        return {
            **os.environ,
            "ALONGSIDE_MODE": "test",
            "ALONGSIDE_HOME": str(self.home),
            "DATABASE_URL": address,
            "DJANGO_SETTINGS_MODULE": "alongside.config.settings",
            **more,
        }

    def run(self, *command: str) -> str:
        """A Python command as the administrator; what it printed."""
        done = subprocess.run(
            [sys.executable, *command], cwd=PROJECT, env=self.variables(), capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self, *command: str, login: str, **more: str) -> subprocess.Popen[str]:
        """A process of production, in a session of its own so that all of it can be killed at once."""
        return subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=PROJECT, env=self.variables(login, **more), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, start_new_session=True,
        )  # fmt: skip

    def ask(self, query: str) -> tuple:
        with psycopg.connect(self.administrator) as connection:
            row = connection.execute(query).fetchone()
        assert row
        return row
