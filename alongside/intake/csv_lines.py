"""CSV that may be damaged, a line at a time.

A line break inside quotation marks is taken for damage, because the publishers we read write none: so one
stray quotation mark costs one line and not the rest of the file.
"""

import codecs
import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


class FileRefused(Exception):
    """Nothing of this file can be believed. Says why, in a sentence."""

    def __init__(self, reason: str, *, line: int = 1) -> None:
        super().__init__(reason)
        self.line = line


@dataclass(frozen=True, slots=True)
class Damaged:
    """A line that can not be read, and why."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    values: Sequence[str]


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the lines under it. Blank lines are left out but counted in the numbers."""

    columns: Sequence[str]
    lines: Sequence[bytes]

    def __iter__(self) -> Iterator[Line | Damaged]:
        for number, raw in enumerate(self.lines, start=2):
            if not raw.strip():
                continue
            try:
                values = _values(raw)
            except ValueError as error:
                yield Damaged(number, str(error))
                continue
            if len(values) != len(self.columns):
                yield Damaged(
                    number,
                    f"has {len(values)} values where the header has {len(self.columns)}: it may be cut short",
                )
            else:
                yield Line(number, values)

    def indexes(self, names: Sequence[str], *, what: str) -> list[int]:
        """Where each of these columns stands. Raises FileRefused for the ones that are not there."""
        missing = [name for name in names if name not in self.columns]
        if missing:
            raise FileRefused(
                f"the header has no column {_quoted(missing)}, which {what} must have; its columns are"
                f" {_quoted(self.columns)}"
            )
        twice = [name for name in names if self.columns.count(name) > 1]
        if twice:
            raise FileRefused(f"the header names {_quoted(twice)} more than once")
        return [self.columns.index(name) for name in names]


def read(raw: bytes) -> Table:
    """The table in these bytes. Raises FileRefused where there is no readable header."""
    first, *rest = raw.removeprefix(codecs.BOM_UTF8).split(b"\n")
    if not first.strip():
        raise FileRefused(
            "the file is empty" if not raw.strip() else "the first line is blank: there is no header"
        )
    try:
        columns = [name.strip() for name in _values(first)]
    except ValueError as error:
        raise FileRefused(f"the header {error}") from error
    return Table(columns, rest)


def _values(raw: bytes) -> list[str]:
    if b"\0" in raw:
        raise ValueError("contains NUL bytes: the file is damaged, or is not UTF-8 text")
    try:
        text = raw.removesuffix(b"\r").decode()
    except UnicodeDecodeError as error:
        raise ValueError(f"is not UTF-8 text (byte {error.start + 1} of the line)") from error
    try:
        return next(csv.reader((text,), strict=True))
    except (csv.Error, StopIteration) as error:
        raise ValueError(f"is not well-formed CSV: {error}") from error


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)
