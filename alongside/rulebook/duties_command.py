"""`alongside duties`: from a file of events to the duties that follow. A partial answer is never printed."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO, TextIO

from alongside.rulebook import loader
from alongside.rulebook.calendar import BeyondCalendar
from alongside.rulebook.engine import derive
from alongside.rulebook.explain import explain
from alongside.rulebook.rows import as_json, as_json_explained, as_table, row, table_head
from alongside.rulebook.rulebook import Rulebook, UnknownBook
from alongside.rulebook.timeline import EARLIEST, LATEST, Reader, Record

REFUSED = 2
_IN_MEMORY = 8 * 1024 * 1024


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
        with _opened(args.file, stdin or sys.stdin.buffer) as lines, _Spool() as spool:
            reader = Reader()
            records = reader.grouped(lines) if args.grouped else iter(reader.records(lines))
            _derive_all(reader, records, rulebook, as_of, args, spool)
            if reader.errors:
                raise Refusal("\n".join(reader.in_words()))
            spool.print_to(stdout or sys.stdout.buffer, head=args.format == "table")
    except Refusal as refusal:
        print(refusal, file=stderr)
        return REFUSED
    except (UnknownBook, OSError) as error:
        print(f"alongside duties: {_said(error)}", file=stderr)
        return REFUSED
    return 0


class Refusal(ValueError):
    """The input or the question was not as it must be."""


def _derive_all(
    reader: Reader,
    records: Iterator[Record],
    rulebook: Rulebook,
    as_of: datetime,
    args: argparse.Namespace,
    spool: _Spool,
) -> None:
    """Every record's duties into the spool. Once anything is wrong, only to find what else is."""
    for record in records:
        try:
            duties = derive(record.events, rulebook, as_of=as_of).duties
        except BeyondCalendar as error:
            reader.refuse(record, error.event_id, str(error))
            continue
        if reader.errors:
            continue
        spool.begin(record.care)
        if args.explain:
            explained = ((duty, explain(duty, record.events, rulebook, as_of=as_of)) for duty in duties)
            for duty, sentences in explained:
                if args.format == "table":
                    spool.write(
                        [*as_table(record.care, [duty], rulebook), *(f"    {one}" for one in sentences)]
                    )
                else:
                    spool.write_bytes([as_json_explained(row(record.care, duty, rulebook), sentences)])
        elif args.format == "table":
            spool.write(as_table(record.care, duties, rulebook))
        else:
            spool.write_bytes(as_json(record.care, duties, rulebook))


class _Spool:
    """Output held back until all of the input is known to be good, then printed in order of care record."""

    def __init__(self) -> None:
        self._file: IO[bytes] = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed on exit
        self._starts: list[tuple[str, int]] = []
        self._is_in_order = True

    def __enter__(self) -> _Spool:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def begin(self, care: str) -> None:
        if self._starts and care < self._starts[-1][0]:
            self._is_in_order = False
        self._starts.append((care, self._file.tell()))

    def write(self, lines: Iterable[str]) -> None:
        self.write_bytes(line.encode() for line in lines)

    def write_bytes(self, lines: Iterable[bytes]) -> None:
        self._file.writelines(line + b"\n" for line in lines)

    def print_to(self, out: BinaryIO, *, head: bool) -> None:
        if head:
            out.write(table_head().encode() + b"\n")
        end = self._file.tell()
        self._file.seek(0)
        if self._is_in_order:
            shutil.copyfileobj(self._file, out, _IN_MEMORY)
        else:
            ends = [start for _, start in self._starts[1:]] + [end]
            spans = sorted(
                (care, start, stop) for (care, start), stop in zip(self._starts, ends, strict=True)
            )
            for _, start, stop in spans:
                self._file.seek(start)
                out.write(self._file.read(stop - start))
        out.flush()


@contextmanager
def _opened(name: str, stdin: BinaryIO) -> Iterator[Iterable[bytes]]:
    if name == "-":
        yield stdin
        return
    with open(name, "rb") as file:
        yield file


def _moment(text: str | None) -> datetime:
    """The moment asked about. The engine has no clock; the default is read here, at its edge."""
    if text is None:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(text)
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
