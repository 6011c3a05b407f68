"""`make run`: a whole demonstration in the foreground. Database, migrations, a demonstration force if
there is none, web and worker under their restricted logins; everything stops with it, children first.
"""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import psycopg

from alongside.config import database, environment, provision
from alongside.config.children import Child
from alongside.config.environment import PROJECT, Environment
from alongside.config.trouble import Trouble

STARTS_WITHIN = 60
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """Somebody asked us to stop: Ctrl-C, `kill`, or the terminal was closed."""


def main() -> int:
    for number in STOP_SIGNALS:
        signal.signal(number, _stop)
    try:
        here = environment.read({**os.environ, "ALONGSIDE_MODE": "demonstration"})
        _refuse_a_taken_port(here)
        with ExitStack() as stack:
            _run(here, stack)
        return 0
    except Stopped:
        print("Stopped. Everything is kept for the next time.")
        return 0
    except (Trouble, psycopg.Error) as error:
        print(f"alongside: {error}", file=sys.stderr)
        return 2


def _run(here: Environment, stack: ExitStack) -> None:
    say("Starting the database")
    administrator, variables = _database(here, stack)
    stack.callback(_be_patient)
    say("Bringing the database to this version")
    _alongside(["migrate", "--quiet"], {**variables, "DATABASE_URL": administrator})
    if _is_empty(administrator):
        say("Making a demonstration force: invented people only")
        _alongside(["demo"], {**variables, "DATABASE_URL": administrator})
    say("Starting the web and the worker")
    children = [
        Child(
            name,
            {**variables, "DATABASE_URL": _restricted(here, administrator, login)},
            log=_log(here.home, name),
        )
        for name, login in (("serve", "alongside_web"), ("worker", "alongside_worker"))
    ]
    stack.callback(_stop_all, children)
    _wait_until_it_answers(here, children)
    print(
        f"\nAlongside is at http://localhost:{here.port}/   (Ctrl-C stops it)\nIts logs are in {here.home / 'logs'}.\n",
        flush=True,
    )
    _alongside(["demo", "links"], {**variables, "DATABASE_URL": administrator})
    while True:
        time.sleep(1)
        if not here.database_url and database.revived(here.home):
            say("The database ended by itself: starting it again")
        for child in children:
            child.restart_if_it_fell_over()


def _database(here: Environment, stack: ExitStack) -> tuple[str, dict[str, str]]:
    """The administrator's address, and the variables that every process of ours begins with."""
    variables = {
        **os.environ,
        "ALONGSIDE_MODE": "demonstration",
        "ALONGSIDE_HOME": str(here.home),
        "PORT": str(here.port),
        "PYTHONUNBUFFERED": "1",
    }
    if not here.database_url:
        return stack.enter_context(provision.own_database(here.home)), variables
    provision.roles(here.database_url)
    provision.passwords(here.database_url, provision.own_passwords(here.home))
    return here.database_url, variables


def _restricted(here: Environment, administrator: str, login: str) -> str:
    return provision.with_login(administrator, login, provision.own_passwords(here.home)[login])


def _log(home: Path, name: str) -> Path:
    """One file a process, begun again at each start: a demonstration keeps no history of who looked."""
    path = home / "logs" / f"{name}.log"
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.write_text("")
    return path


def _is_empty(administrator: str) -> bool:
    with psycopg.connect(administrator) as connection:
        return not connection.execute("SELECT FROM access_force LIMIT 1").rowcount


def _alongside(arguments: Sequence[str], variables: Mapping[str, str]) -> None:
    done = subprocess.run([sys.executable, "-m", "alongside", *arguments], cwd=PROJECT, env=variables)
    if done.returncode:
        raise Trouble(f"`alongside {' '.join(arguments)}` did not succeed.")


def _refuse_a_taken_port(here: Environment) -> None:
    with socket.socket() as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((here.host, here.port))
        except OSError as error:
            raise Trouble(
                f"port {here.port} can not be used ({error.strerror}): choose another with PORT=."
            ) from error


def _wait_until_it_answers(here: Environment, children: Sequence[Child]) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while not _answers(here):
        for child in children:
            child.restart_if_it_fell_over()
        if time.monotonic() > until:
            raise Trouble(f"the web did not answer within {STARTS_WITHIN} seconds.")
        time.sleep(0.1)


def _answers(here: Environment) -> bool:
    connection = http.client.HTTPConnection(
        "127.0.0.1" if here.host == "0.0.0.0" else here.host, here.port, timeout=2
    )
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _be_patient() -> None:
    """From here on everything is being stopped; a second Ctrl-C must not leave it half done."""
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _stop_all(children: Sequence[Child]) -> None:
    _be_patient()
    for child in children:
        child.stop()
    for child in children:
        child.wait()


def _stop(number: int, frame: object) -> None:
    raise Stopped


def say(what: str) -> None:
    print(f"{what} ...", flush=True)


if __name__ == "__main__":
    sys.exit(main())
