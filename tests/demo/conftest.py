"""A small demonstration, made up once and only looked at; and the same stored, where a test needs rows."""

from datetime import UTC, datetime
from random import Random
from uuid import UUID

import pytest

from alongside.access.actors import Actor
from alongside.care.loading import Entry
from demo import batches, force, load
from demo.staffing import Division, Worker

AS_OF = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
FORCE_ID = UUID("0192a000-0000-7000-8000-000000000001")


def division(number: int = 0) -> Division:
    """People for a division, without a database."""
    random = Random(number)
    workers: dict[tuple[str, str], tuple[Worker, ...]] = {}
    for role, _, desk in force._each_post():
        user_id = UUID(int=random.getrandbits(128), version=4)
        actor = Actor(label=role, force_id=FORCE_ID, user_id=user_id)
        worker = Worker(actor, user_id, None, 0.36 + 0.5 * random.random())
        workers[role, desk] = (*workers.get((role, desk), ()), worker)
    home = Actor(label="demonstration", force_id=FORCE_ID)
    return Division(
        number, FORCE_ID, home, workers["call-handler", ""],
        {desk: workers["officer", desk] for desk in ("local", "domestic", "sexual", "major")},
        workers["supervisor", ""], workers["coordinator", ""], workers["reviewer", ""], workers["witness-care", ""],
    )  # fmt: skip


def invent(size: int = 200, *, seed: int = 1, number: int = 0) -> list[Entry]:
    return batches.invent(division(number), size=size, seed=seed, as_of=AS_OF)


@pytest.fixture(scope="session")
def entries() -> list[Entry]:
    return invent(1_000)


@pytest.fixture
def stored(db) -> load.Made:
    """A hundred and fifty records in the database."""
    into = force.establish()
    work = load.invented(into, care_records=150, seed=1, as_of=AS_OF)
    return load.run(work, size=150, progress=lambda so_far: None)
