"""`alongside worker`: does the jobs of the queue and of the timetable."""

import argparse
import asyncio
from contextlib import suppress

from django.conf import settings
from procrastinate import BaseConnector, PsycopgConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException

from alongside.config import startup

LOGIN = "alongside_worker"
TAKEN_UP_EVERY = 60  # seconds


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--concurrency", type=int, default=2, help="jobs at once (%(default)s)")
    parser.add_argument("--until-empty", action="store_true", help="stop when there is nothing left to do")


def run(args: argparse.Namespace) -> int:
    startup.refuse_what_is_unsafe(settings.ENVIRONMENT, login=LOGIN)
    asyncio.run(_work(concurrency=args.concurrency, wait=not args.until_empty))
    return 0


class WorkerConnector(PsycopgConnector):
    """Fetches jobs over connections of its own. What a task itself leaves in the queue goes over the
    connection of Django, and so is there exactly when the rest of the task's transaction is."""

    def get_sync_connector(self) -> BaseConnector:
        return DjangoConnector()


async def _work(*, concurrency: int, wait: bool) -> None:
    with app.replace_connector(WorkerConnector(kwargs=connector_params())) as working:
        async with working.open_async():
            await _take_up_again()
            keeper = asyncio.create_task(_keep_taking_up())
            try:
                await working.run_worker_async(
                    concurrency=concurrency, wait=wait, shutdown_graceful_timeout=20
                )
            finally:
                keeper.cancel()


async def _keep_taking_up() -> None:
    while True:
        await asyncio.sleep(TAKEN_UP_EVERY)
        with suppress(ConnectorException):  # the database is away; the worker itself says so
            await _take_up_again()


async def _take_up_again() -> None:
    """Back into the queue with what a worker was doing when it was killed. Every task may run twice."""
    for job in await app.job_manager.get_stalled_jobs():
        await app.job_manager.retry_job(job)
