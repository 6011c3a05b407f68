"""What an import did, for people and for machines."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

COUNTS = ("read", "added", "changed", "unchanged", "without_id", "duplicate_id", "refused")
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Refusal:
    file: str
    line: int
    reason: str


@dataclass(slots=True)
class Report:
    """`read` and `without_id` count rows, `duplicate_id` rows beyond a crime's first; `added`, `changed` and
    `unchanged` count crimes (of a timeline: events); `refused` counts what `refusals` lists."""

    is_dry_run: bool = False
    files: int = 0
    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    without_id: int = 0
    duplicate_id: int = 0
    care_records: int = 0
    events: int = 0
    duties: int = 0
    refusals: list[Refusal] = field(default_factory=list)

    @property
    def refused(self) -> int:
        return len(self.refusals)

    def refuse(self, file: str, line: int, reason: str) -> None:
        self.refusals.append(Refusal(file, line, reason))

    def add(self, other: "Report") -> None:
        """Count another report into this one."""
        for name in ("files", "care_records", "events", "duties", *COUNTS[:-1]):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.refusals += other.refusals

    @property
    def exit_code(self) -> int:
        """0: everything was taken. 1: something was refused. 2: nothing could be read."""
        if self.files == 0:
            return 2
        return 1 if self.refusals else 0

    def as_json(self) -> dict[str, Any]:
        return {
            "dry_run": self.is_dry_run,
            "files": self.files,
            **{name: getattr(self, name) for name in COUNTS},
            "care_records": self.care_records,
            "events": self.events,
            "refusals": [{"file": one.file, "line": one.line, "reason": one.reason} for one in self.refusals],
        }

    def in_words(self, *, what: str) -> Iterator[str]:
        would = " that would be" if self.is_dry_run else ""
        yield f"Files read: {self.files:,}. Lines read: {self.read:,}."
        yield (
            f"{what.capitalize()}{would} added: {self.added:,}, changed: {self.changed:,},"
            f" unchanged: {self.unchanged:,}."
        )
        yield (
            f"New care records: {self.care_records:,}. New events: {self.events:,}."
            f" Duties written: {self.duties:,}."
        )
        if self.without_id:
            yield f"Lines without a crime ID (anti-social behaviour), not taken: {self.without_id:,}."
        if self.duplicate_id:
            yield f"Further lines about a crime that stands on an earlier line, taken together: {self.duplicate_id:,}."
        if self.refusals:
            yield f"{self.refused:,} refused:"
        for one in self.refusals[:SHOWN]:
            yield f"  {one.file}, line {one.line:,}: {one.reason}"
        if self.refused > SHOWN:
            yield f"  and {self.refused - SHOWN:,} more: --report FILE lists them all."
