"""From the lines of a timeline file to care records and what happened on them. No database."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import msgspec

from alongside.care import names
from alongside.care.history import Happening
from alongside.care.models import CareRecord
from alongside.kernel.ids import new_id
from alongside.rulebook.timeline import Line, Reader

_encode = msgspec.json.Encoder(order="deterministic").encode


@dataclass(slots=True)
class Timelines:
    """The lines of a file as happenings. Keeps only what it needs to name the events that have no id."""

    reader: Reader = field(default_factory=Reader)
    read: int = 0
    _seen: Counter[bytes] = field(default_factory=Counter)

    def lines(self, lines: Iterable[bytes]) -> Iterator[tuple[int, str, Happening]]:
        """Line number, care record, happening. What is wrong with the others is in `reader.errors`."""
        for number, line in self.reader.lines(self._counted(lines)):
            faults = names.faults(line.care, called="the care record's reference")
            self.reader.errors += [(number, fault) for fault in faults]
            if not faults:
                yield number, line.care, self._happening(line)

    def faults(self) -> Iterator[tuple[int, str]]:
        """The lines that can not be read, each with everything that is wrong with it."""
        by_line: dict[int, list[str]] = {}
        for number, says in self.reader.errors:
            by_line.setdefault(number, []).append(says)
        return ((number, "; ".join(says)) for number, says in by_line.items())

    def _counted(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        for number, raw in enumerate(lines, start=1):
            self.read += bool(raw.strip())
            if b"\\u0000" in raw:
                self.reader.errors.append((number, "contains a NUL character, which can not be kept"))
                yield b""
            else:
                yield raw

    def _happening(self, line: Line) -> Happening:
        return Happening(
            line.kind,
            line.at,
            data=line.data or {},
            about=line.about or (),
            precision=line.precision,
            recorded_at=line.recorded_at or line.at,
            event_id=self._own_id(line) if line.id is None else line.id,
            is_ours=False,
        )

    def _own_id(self, line: Line) -> str:
        """Made of what the line says, so that the same file sent again says nothing new.

        The second of two equal lines in one file is another event, as `alongside duties` has it.
        """
        digest = hashlib.sha256(_encode(line)).digest()[:16]
        self._seen[digest] += 1
        return f"sent:{digest.hex()}:{self._seen[digest]}"


def new_record(reference: str, happenings: Sequence[Happening], *, force_id: UUID) -> CareRecord:
    """A care record whose person is not known yet: a victim's, where the file does not say."""
    role, opened_at = opening(happenings) or ("victim", min(happening.at for happening in happenings))
    return CareRecord(id=new_id(), force_id=force_id, reference=reference, role=role, opened_at=opened_at)


def opening(happenings: Sequence[Happening]) -> tuple[str, datetime] | None:
    """The role and the moment with which a record begins, where these happenings say so."""
    for happening in happenings:
        if happening.kind == "care.opened":
            facts = happening.data.get("facts", ())
            is_witness = "witness" in facts and "victim" not in facts
            return ("witness" if is_witness else "victim"), happening.at
    return None
