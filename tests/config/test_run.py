"""`make run` as a person meets it: it comes up, is left alone, is stopped, and comes up again with its data."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest

from alongside.config import database, provision
from alongside.config.environment import PROJECT


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def launched(home: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    launcher = subprocess.Popen(
        [sys.executable, "-m", "alongside.config.run"],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"], "ALONGSIDE_HOME": str(home), "PORT": str(port)},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        yield launcher
    finally:
        launcher.kill()
        launcher.communicate()


def until_ready(launcher: subprocess.Popen[str], port: int, *, within: int = 90) -> None:
    until = time.monotonic() + within
    while time.monotonic() < until:
        assert launcher.poll() is None, launcher.stdout.read()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/health/ready")
            if json.load(connection.getresponse())["ready"]:
                return
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()
        time.sleep(0.2)
    pytest.fail("it did not become ready")


def running(launcher: subprocess.Popen[str], *names: str) -> list[psutil.Process]:
    """The web and the worker, once the sign-ins have been printed."""
    while True:
        children = {child.cmdline()[-1]: child for child in psutil.Process(launcher.pid).children()}
        if children.keys() == set(names):
            return list(children.values())
        time.sleep(0.1)


def processes_of(home: Path) -> list[psutil.Process]:
    """Whatever knows this home by its variables, and the database by its folder."""
    return [
        process
        for process in psutil.process_iter()
        if process.pid != os.getpid() and _mentions(process, home)
    ]


def _mentions(process: psutil.Process, home: Path) -> bool:
    try:
        return any(
            str(home) in word for word in [*process.cmdline(), process.environ().get("ALONGSIDE_HOME", "")]
        )
    except psutil.Error:
        return False


def logins(home: Path) -> set[str]:
    with psycopg.connect(provision.with_database(database.address(home), "alongside")) as connection:
        rows = connection.execute(
            "SELECT DISTINCT usename FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchall()
    return {login for (login,) in rows}


def settled_logins(home: Path, *, within: int = 30) -> set[str]:
    """The logins once the administrator's have gone. A server notices a moment later that a client has left, our
    own question before this one included; what a process goes on using stays, and is seen."""
    until = time.monotonic() + within
    while (found := logins(home)) & {database.ADMINISTRATOR} and time.monotonic() < until:
        time.sleep(0.1)
    return found


def care_records(home: Path) -> int:
    with psycopg.connect(provision.with_database(database.address(home), "alongside")) as connection:
        return connection.execute("SELECT count(*) FROM care_carerecord").fetchone()[0]


def test_it_comes_up_mends_itself_stops_and_comes_up_again(home):
    port = free_port()
    with launched(home, port) as launcher:
        until_ready(launcher, port)
        made = care_records(home)
        assert made > 0
        running(launcher, "serve", "worker")  # the administrator's last command has ended
        assert settled_logins(home) == {"alongside_web", "alongside_worker"}

        for child in running(launcher, "serve", "worker"):
            child.kill()
        os.kill(int((home / "database" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        time.sleep(2)
        until_ready(launcher, port)

        launcher.send_signal(signal.SIGINT)
        said, _ = launcher.communicate(timeout=60)
        assert launcher.returncode == 0
        assert f"Alongside is at http://localhost:{port}/" in said
        assert said.endswith("Stopped. Everything is kept for the next time.\n")
        assert processes_of(home) == []

    with launched(home, port) as launcher:
        until_ready(launcher, port, within=30)
        assert care_records(home) == made

        launcher.kill()
        launcher.wait()
        psutil.wait_procs([one for one in processes_of(home) if one.name() != "postgres"], timeout=30)
        assert {one.name() for one in processes_of(home)} <= {"postgres"}

    with launched(home, port) as launcher:
        until_ready(launcher, port, within=30)
        launcher.send_signal(signal.SIGTERM)
        launcher.communicate(timeout=60)
        assert launcher.returncode == 0
        assert processes_of(home) == []


def test_a_port_that_is_taken_is_said_before_anything_is_started(home):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with launched(home, port) as launcher:
            said, _ = launcher.communicate(timeout=30)

    assert launcher.returncode == 2
    assert (
        said
        == f"alongside: port {port} can not be used (Address already in use): choose another with PORT=.\n"
    )
    assert not (home / "database").exists()
