"""The worker, with its own login, on a PostgreSQL of its own."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import psycopg

from alongside.config import database, provision
from alongside.config.environment import PROJECT

TASK = "alongside.care.tasks.refresh_passed"


def alongside(*arguments: str, variables: Mapping[str, str], address: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "alongside", *arguments],
        cwd=PROJECT, env={**variables, "DATABASE_URL": address}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_a_killed_worker_was_doing_is_taken_up_again(home: Path):
    variables = {"PATH": os.environ["PATH"], "ALONGSIDE_HOME": str(home), "ALONGSIDE_MODE": "demonstration"}
    with database.running(home, durable=False):
        with provision.own_database(home) as administrator:
            alongside("migrate", "--quiet", variables=variables, address=administrator)
        with psycopg.connect(administrator, autocommit=True) as connection:
            connection.execute(
                "WITH killed AS (INSERT INTO procrastinate_workers (last_heartbeat)"
                "                VALUES (now() - interval '1 hour') RETURNING id)"
                " INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, attempts, worker_id)"
                " SELECT 'default', %s, '{\"timestamp\": 0}', 'doing', 1, id FROM killed",
                [TASK],
            )

            worker = provision.with_login(
                administrator, "alongside_worker", provision.own_passwords(home)["alongside_worker"]
            )
            alongside("worker", "--until-empty", variables=variables, address=worker)

            jobs = connection.execute(
                "SELECT status, count(*) FROM procrastinate_jobs GROUP BY status"
            ).fetchall()
    assert [status for status, _ in jobs] == ["succeeded"]
