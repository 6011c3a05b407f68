"""From nothing to a force of any size: batches in one process, or in two when there are many.

Every batch is one division of the force with its own people, one transaction, and the same whoever makes
it: how the work was shared out can not be seen in what comes of it.
"""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime

from alongside.access.models import Force
from alongside.care.loading import Loaded
from alongside.kernel import bulk
from demo import batches, force, processes
from demo.force import RECORDS_A_DIVISION
from demo.real_crimes import RealCrime
from demo.staffing import Division

PROCESSES = 2
_NO_LIMIT = 1 << 40
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
    """`done` counts what the batches were to make: care records, or real crimes."""

    done: int = 0
    records: int = 0
    events: int = 0
    duties: int = 0
    refusals: list[str] = field(default_factory=list)

    def add(self, batch: Batch, loaded: Loaded) -> None:
        self.done += len(batch.crimes) or batch.size
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
    into: Force, crimes: Sequence[RealCrime], *, care_records: int | None, seed: int, as_of: datetime
) -> Iterator[Batch]:
    """Batches of real crimes, each with invented people: all of the crimes, or enough for that many records."""
    first, left = force.divisions(), care_records or _NO_LIMIT
    for number, begin in enumerate(range(0, len(crimes), RECORDS_A_DIVISION)):
        if left <= 0:
            return
        chunk = crimes[begin : begin + RECORDS_A_DIVISION]
        size = _NO_LIMIT if care_records is None else min(left, RECORDS_A_DIVISION)
        yield Batch(force.staff_division(into, first + number, seed=seed), size, seed, as_of, chunk)
        left -= size if care_records else 0


def run(work: Iterator[Batch], *, size: int, progress: Progress) -> Made:
    """Make every batch; what was committed before an interruption stays, whole batches only."""
    made = Made()
    if size <= _ALONE_UP_TO:
        for batch in work:
            made.add(batch, make(batch))
            progress(made)
        return made
    with ProcessPoolExecutor(PROCESSES, multiprocessing.get_context("spawn"), processes.prepare) as pool:
        running: dict[Future[Loaded], Batch] = {}
        for batch in work:
            running[pool.submit(make, batch)] = batch
            if len(running) > PROCESSES:  # one waits its turn, so that no process waits for work
                _collect(running, made, progress)
        while running:
            _collect(running, made, progress)
    return made


def make(batch: Batch) -> Loaded:
    with bulk.without_collector():
        if batch.crimes:
            entries = batches.dress(
                batch.division, batch.crimes, size=batch.size, seed=batch.seed, as_of=batch.as_of
            )
        else:
            entries = batches.invent(batch.division, size=batch.size, seed=batch.seed, as_of=batch.as_of)
        return batches.load(batch.division, entries, as_of=batch.as_of)


def _collect(running: dict[Future[Loaded], Batch], made: Made, progress: Progress) -> None:
    for future in wait(running, return_when=FIRST_COMPLETED).done:
        made.add(running.pop(future), future.result())
    progress(made)
