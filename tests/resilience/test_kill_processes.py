"""kill -9 of the web processes while they answer, and of the worker while it works."""

import http.client
import os
import random
import signal
import socket
import subprocess
import threading
import time
import uuid
from collections.abc import Callable
from urllib.parse import urlencode

from tests.resilience.stack import Stack

CSRF = "A" * 32
NOTES = "/staff/records/R/V1/-/events/add/note.added/"
SEED = """
import django; django.setup()
from django.test import Client
from tests import factories as make
here = make.force("WM")
who = make.user(here, "officer")
make.care_record(here, reference="R/V1")
client = Client(); make.sign_in(client, who)
print(client.session.session_key)
"""
WHOLE = """
    SELECT (SELECT count(*) FROM care_event WHERE kind = 'note.added'),
           (SELECT count(*) FROM care_note),
           (SELECT count(*) FROM care_note JOIN care_event ON care_event.data->>'note' = care_note.id::text),
           (SELECT count(*) FROM access_access WHERE what = 'note.added' AND act = 'change')
"""
CHAINS = """
import django; django.setup()
from datetime import UTC, datetime
from procrastinate.contrib.django import app
from tests import factories as make
here = make.force("WM")
then = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
agreed = make.Happening("contact.agreed", then, data={"every_days": 7})
for number in range(60):
    make.care_record(here, agreed, now=then, crime=None, reference=f"C{number}/V1")
app.configure_task("alongside.care.tasks.refresh_passed").defer(timestamp=0)
"""
WAITING = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'"
BEHIND = "SELECT count(*) FROM care_carerecord WHERE next_change_at < now()"


def until(reached: Callable[[], bool], process: subprocess.Popen[str], *, seconds: int = 180) -> None:
    """Ask again and again. The limit is only there so that a fault does not hang the run."""
    limit = time.monotonic() + seconds
    while not reached():
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < limit, "it never came to that"


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def serving(stack: Stack, port: int) -> subprocess.Popen[str]:
    web = stack.start("alongside", "serve", login="alongside_web", PORT=str(port), HOST="127.0.0.1")

    def answers() -> bool:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/health/live")
            return connection.getresponse().status == 200
        except OSError:
            return False

    until(answers, web)
    return web


def kill(process: subprocess.Popen[str]) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def write_note(port: int, session: str) -> int:
    """What somebody's browser sends. The status of the answer; 0 where none came."""
    body = urlencode(
        {
            "csrfmiddlewaretoken": CSRF, "submission": str(uuid.uuid4()), "words": "She rang back.",
            "at-day": "2", "at-month": "3", "at-year": "2026", "at-time": "10:00am",
        }
    )  # fmt: skip
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"session={session}; csrf={CSRF}",
    }
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("POST", NOTES, body, headers)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0


def test_killing_the_web_while_it_answers_leaves_only_whole_updates(stack: Stack):
    session = stack.run("-c", SEED).split()[-1]
    moments = random.Random(20261123)
    confirmed = 0

    for _ in range(3):
        port = free_port()
        web = serving(stack, port)
        answers: list[int] = []

        def press(port: int = port, answers: list[int] = answers) -> None:
            while (status := write_note(port, session)) != 0:
                answers.append(status)

        people = [threading.Thread(target=press) for _ in range(3)]
        for one in people:
            one.start()
        enough = moments.randint(3, 12)
        until(lambda answers=answers, enough=enough: len(answers) >= enough, web)
        kill(web)
        for one in people:
            one.join()

        assert set(answers) == {302}
        confirmed += len(answers)
        events, notes, joined, lines = stack.ask(WHOLE)
        assert events == notes == joined == lines
        assert events >= confirmed, "an update that was confirmed is lost"
    stack.run("-m", "alongside", "check")


def test_killing_the_worker_while_it_works_leaves_the_rest_for_the_next(stack: Stack):
    stack.run("-c", CHAINS)
    (behind,) = stack.ask(BEHIND)
    assert behind == 60

    worker = stack.start("alongside", "worker", login="alongside_worker")
    until(lambda: stack.ask(WAITING) == (0,), worker)
    kill(worker)
    whole = stack.ask("SELECT count(*) FROM care_carerecord WHERE derived_at > '2026-06-01'")[0]
    assert whole in (0, 60), "a round is one transaction"

    again = stack.start("alongside", "worker", login="alongside_worker")
    until(lambda: stack.ask(BEHIND) == (0,), again)
    kill(again)
    stack.run("-m", "alongside", "check")
