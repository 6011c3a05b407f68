"""From nothing to a force of any size: batches in one process, or in two when there are many.

Every batch is one division of the force with its own people, one transaction, and the same whoever makes
it: how the work was shared out can not be seen in what comes of it.
"""

import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from alongside.access.models import Force
from alongside.care.loading import Loaded
from alongside.kernel import bulk
from demo import batches, force, processes
from demo.force import RECORDS_A_DIVISION
from demo.real_crimes import RealCrime
from demo.staffing import Division

PROCESSES = 2
_ALONE_UP_TO = 3 * RECORDS_A_DIVISION


@dataclass(frozen=True, slots=True)
class Batch:
    """What one process makes in one go. `crimes` are real ones; without them everything is made up."""

    division: Division
    size: int
    seed: int
    as_of: datetime
    crimes: Sequence[RealCrime] = ()


@dataclass(slots=True)
class Made:
    records: int = 0
    events: int = 0
    duties: int = 0
    refusals: list[str] = field(default_factory=list)

    def add(self, loaded: Loaded) -> None:
        self.records += loaded.records_added
        self.events += loaded.events_added
        self.duties += loaded.duties_written
        self.refusals += [f"{happening.kind}: {reason}" for happening, reason in loaded.refusals]


Progress = Callable[[Made], None]


def invented(into: Force, *, care_records: int, seed: int, as_of: datetime) -> Iterator[Batch]:
    """Batches of made-up crimes, after the divisions that are there already."""
    first = force.divisions()
    for number in range(-(-care_records // RECORDS_A_DIVISION)):
        size = min(RECORDS_A_DIVISION, care_records - number * RECORDS_A_DIVISION)
        division = force.staff_division(into, first + number, seed=seed)
        yield Batch(division, size, seed, as_of)


def real(
    into: Force, crimes: Iterator[RealCrime], *, care_records: int | None, seed: int, as_of: datetime
) -> Iterator[Batch]:
    """Batches of real crimes, each with invented people."""
    number, left = force.divisions(), care_records
    while chunk := list(islice(crimes, RECORDS_A_DIVISION)):
        if left is not None and left <= 0:
            return
        size = left if left is not None else len(chunk) * 9
        yield Batch(force.staff_division(into, number, seed=seed), size, seed, as_of, chunk)
        number += 1
        if left is not None:
            left -= len(chunk)


def run(work: Iterator[Batch], *, care_records: int, progress: Progress) -> Made:
    """Make every batch; what was committed before an interruption stays, whole batches only."""
    made = Made()
    if care_records <= _ALONE_UP_TO:
        for batch in work:
            made.add(make(batch))
            progress(made)
        return made
    with ProcessPoolExecutor(PROCESSES, multiprocessing.get_context("spawn"), processes.prepare) as pool:
        running: set[Future[Loaded]] = set()
        for batch in work:
            running.add(pool.submit(make, batch))
            if len(running) > PROCESSES:  # one waits, so that nobody does
                running = _collect(running, made, progress)
        while running:
            running = _collect(running, made, progress)
    return made


def make(batch: Batch) -> Loaded:
    with bulk.without_collector():
        if batch.crimes:
            entries = batches.dress(batch.division, batch.crimes, size=batch.size, seed=batch.seed, as_of=batch.as_of)
        else:
            entries = batches.invent(batch.division, size=batch.size, seed=batch.seed, as_of=batch.as_of)
        return batches.load(batch.division, entries, as_of=batch.as_of)


def _collect(running: set[Future[Loaded]], made: Made, progress: Progress) -> set[Future[Loaded]]:
    done, waiting = wait(running, return_when=FIRST_COMPLETED)
    for future in done:
        made.add(future.result())
    progress(made)
    return set(waiting)


def eta(made: Made, of: int, started: float) -> str:
    took = time.monotonic() - started
    speed = made.records / took if took else 0
    left = (of - made.records) / speed if speed else 0
    return f"{made.records:,} of {of:,} care records, {speed:,.0f} a second, {int(left // 60)} min {int(left % 60):02} s to go"
