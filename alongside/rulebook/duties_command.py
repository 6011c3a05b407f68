"""`alongside duties`: from a file of events to the duties that follow. A partial answer is never printed."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import BinaryIO, TextIO

from alongside.rulebook import loader
from alongside.rulebook.batches import Answer, Printer, answer_all, answer_whole
from alongside.rulebook.engine import derive
from alongside.rulebook.explain import explain
from alongside.rulebook.rows import as_json, as_json_explained, as_table, row, table_head
from alongside.rulebook.rulebook import Rulebook, UnknownBook
from alongside.rulebook.spool import Spool
from alongside.rulebook.timeline import EARLIEST, LATEST, Record, in_words

REFUSED = 2


class Refusal(ValueError):
    """The input or the question was not as it must be."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="events, one JSON object a line; - reads standard input")
    parser.add_argument(
        "--as-of", metavar="TIMESTAMP", help="the moment asked about, with offset; default now"
    )
    parser.add_argument(
        "--book", action="append", metavar="NAME", help="only this book; may be given more than once"
    )
    parser.add_argument("--format", choices=("ndjson", "table"), default="ndjson")
    parser.add_argument("--explain", action="store_true", help="add the whole reasoning of every duty")
    parser.add_argument(
        "--grouped",
        action="store_true",
        help="the lines of each care record stand together: any number of records in little memory",
    )
    parser.add_argument(
        "--workers", type=int, metavar="N", help="processes for a large grouped file; default one a processor"
    )


def run(
    args: argparse.Namespace,
    stdin: BinaryIO | None = None,
    stdout: BinaryIO | None = None,
    stderr: TextIO | None = None,
) -> int:
    """Exit 0: printed. Exit 2: refused, every reason on standard error, nothing on standard output."""
    stderr = stderr or sys.stderr
    try:
        as_of = _moment(args.as_of)
        rulebook = loader.shipped().only(args.book) if args.book else loader.shipped()
        printer = _printer(rulebook, as_of, is_table=args.format == "table", is_explained=args.explain)
        workers = _workers(args.workers)
        with _opened(args.file, stdin or sys.stdin.buffer) as lines, Spool() as spool:
            answers = (
                answer_all(lines, printer, workers=workers)
                if args.grouped
                else [answer_whole(lines, printer)]
            )
            _gather(answers, spool)
            out = stdout or sys.stdout.buffer
            if args.format == "table":
                out.write(table_head().encode() + b"\n")
            spool.print_to(out)
    except Refusal as refusal:
        print(refusal, file=stderr)
        return REFUSED
    except (UnknownBook, OSError) as error:
        if isinstance(error, BrokenPipeError):
            raise
        print(f"alongside duties: {_said(error)}", file=stderr)
        return REFUSED
    return 0


def _printer(rulebook: Rulebook, as_of: datetime, *, is_table: bool, is_explained: bool) -> Printer:
    """From a care record to what is printed of it."""

    def printed(record: Record) -> bytes:
        duties = derive(record.events, rulebook, as_of=as_of).duties
        if not is_explained:
            rows = (
                as_table(record.care, duties, rulebook)
                if is_table
                else as_json(record.care, duties, rulebook)
            )
            return b"".join(rows)
        said = []
        for duty in duties:
            sentences = explain(duty, record.events, rulebook, as_of=as_of)
            if is_table:
                said += [
                    *as_table(record.care, [duty], rulebook),
                    *(f"    {one}\n".encode() for one in sentences),
                ]
            else:
                said.append(as_json_explained(row(record.care, duty, rulebook), sentences))
        return b"".join(said)

    return printed


def _gather(answers: Iterable[Answer], spool: Spool) -> None:
    """Everything into the spool, or a refusal that names every bad line."""
    errors: list[tuple[int, str]] = []
    seen: set[str] = set()
    for found in answers:
        errors += found.errors
        for record in found.records:
            if record.care in seen:
                says = f"care {record.care!r} comes again; with --grouped the lines of a record must stand together"
                errors.append((record.line, says))
            seen.add(record.care)
            if not errors:
                spool.add(record.care, record.printed)
    if errors:
        raise Refusal("\n".join(in_words(errors)))


@contextmanager
def _opened(name: str, stdin: BinaryIO) -> Iterator[Iterable[bytes]]:
    if name == "-":
        yield stdin
        return
    with open(name, "rb") as file:
        yield file


def _workers(asked: int | None) -> int:
    if asked is not None and asked < 1:
        raise Refusal(f"--workers must be at least 1, not {asked}")
    return asked or os.cpu_count() or 1


def _moment(text: str | None) -> datetime:
    """The moment asked about. The engine has no clock; the default is read here, at its edge."""
    if text is None:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(text)
        if len(text) <= len("2026-06-30"):
            raise ValueError("a day is no moment")
    except ValueError:
        raise Refusal(f"--as-of must be a moment such as 2026-06-30T12:00:00+01:00, not {text!r}") from None
    if moment.tzinfo is None:
        raise Refusal(f"--as-of has no offset: {text}; write Z or the offset, such as {text}+01:00")
    if not EARLIEST < moment < LATEST:
        raise Refusal(f"--as-of must lie between {EARLIEST.year} and {LATEST.year - 1}, not {text}")
    return moment.astimezone(UTC)


def _said(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}"
    return str(error)
