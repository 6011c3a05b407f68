"""A timeline file cut into batches of whole care records, answered by as many processes as asked for."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from threading import Semaphore
from typing import Any, NamedTuple

import msgspec

from alongside.rulebook.calendar import BeyondCalendar
from alongside.rulebook.timeline import Reader, Record

LINES_A_BATCH = 10_000


class Batch(NamedTuple):
    """Lines that stand together in the file, and how many lines stand before them."""

    before: int
    lines: list[bytes]


class Answered(NamedTuple):
    """A care record: the line it began on and what is to be printed of it."""

    care: str
    line: int
    printed: bytes


class Answer(NamedTuple):
    """What came of a batch."""

    errors: list[tuple[int, str]]
    records: list[Answered]


Printer = Callable[[Record], bytes]


class _Care(msgspec.Struct):
    care: str


def answer_all(lines: Iterable[bytes], printer: Printer, *, workers: int) -> Iterator[Answer]:
    """The answers to all batches, in the order of the file. Only a few batches are ever in memory."""
    batches = cut(lines)
    first, second = next(batches, None), next(batches, None)
    found = chain([batch for batch in (first, second) if batch is not None], batches)
    if workers == 1 or second is None or "fork" not in multiprocessing.get_all_start_methods():
        return (answer(batch, printer) for batch in found)
    return _in_processes(found, printer, workers)


def answer(batch: Batch, printer: Printer) -> Answer:
    """Read, derived and printed, or what is wrong."""
    reader = Reader()
    return Answer(*_answered(reader, reader.grouped(batch.lines, before=batch.before), printer))


def answer_whole(lines: Iterable[bytes], printer: Printer) -> Answer:
    """The same for lines in any order, all held in memory."""
    reader = Reader()
    return Answer(*_answered(reader, reader.records(lines), printer))


def _answered(
    reader: Reader, records: Iterable[Record], printer: Printer
) -> tuple[list[tuple[int, str]], list[Answered]]:
    found = []
    for record in records:
        try:
            # Once anything is wrong, derive only to find what else is.
            printed = printer(record)
        except BeyondCalendar as beyond:
            reader.refuse(record, beyond.event_id, str(beyond))
        else:
            found.append(Answered(record.care, record.begins, b"" if reader.errors else printed))
    return reader.errors, found


def cut(lines: Iterable[bytes]) -> Iterator[Batch]:
    """Batches that end where one care record ends and another begins."""
    before = 0
    held: list[bytes] = []
    for raw in lines:
        if len(held) >= LINES_A_BATCH and _begins_another(held[-1], raw):
            yield Batch(before, held)
            before, held = before + len(held), []
        held.append(raw)
    if held:
        yield Batch(before, held)


def _begins_another(last: bytes, raw: bytes) -> bool:
    try:
        return msgspec.json.decode(last, type=_Care).care != msgspec.json.decode(raw, type=_Care).care
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False


def _in_processes(batches: Iterator[Batch], printer: Printer, workers: int) -> Iterator[Answer]:
    # A pool reads its input as fast as it comes; the semaphore lets it read only what is about to be worked on.
    room = Semaphore(2 * workers)

    def admitted() -> Iterator[Batch]:
        for batch in batches:
            room.acquire()
            yield batch

    forked = multiprocessing.get_context("fork")
    with forked.Pool(workers, initializer=_remember, initargs=(printer,)) as pool:
        try:
            for done in pool.imap(_answer_remembered, admitted()):
                room.release()
                yield done
        finally:
            room.release(1_000_000)  # nobody waits at the door when the pool closes


_remembered: list[Any] = []


def _remember(printer: Printer) -> None:
    _remembered[:] = [printer]


def _answer_remembered(batch: Batch) -> Answer:
    return answer(batch, _remembered[0])
