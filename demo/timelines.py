"""One record's timeline while it is being made up."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

from alongside.access.actors import Actor
from alongside.care.history import Happening
from alongside.care.models import CareRecord, Note
from demo.clock import moment_of
from demo.courses import Course
from demo.offences import Offence
from demo.staffing import Worker

_WRITTEN_UP_LATE = 0.03


@dataclass(slots=True)
class Timeline:
    """Collects what happens. What would happen after `until` has not happened yet, and is left out."""

    random: Random
    record: CareRecord
    until: int
    entries: list[tuple[int, int, Happening, Actor]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    count: int = 0

    def add(
        self,
        at: int,
        kind: str,
        author: Worker,
        data: dict[str, Any] | None = None,
        *,
        about: Sequence[str] = (),
        words: str = "",
    ) -> str:
        """The id of the event. `words` names the sentences of `words.yaml` to choose from."""
        self.count += 1
        event_id = f"d{self.count}"
        if at > self.until:
            return event_id
        when = moment_of(at)
        payload = data or {}
        if words:
            note = Note(
                force_id=self.record.force_id,
                care_record=self.record,
                words=self.random.choice(sentences()[words]),
                written_at=when,
                by_id=author.user_id,
            )
            self.notes.append(note)
            payload = {**payload, "note": str(note.pk)}
        written = when
        if self.random.random() < _WRITTEN_UP_LATE:
            written = moment_of(min(at + 1200, self.until))
        happening = Happening(kind, when, payload, about, "minute", written, event_id)
        self.entries.append((at, self.count, happening, author.actor))
        return event_id

    def in_order(self) -> tuple[list[Happening], list[Actor]]:
        self.entries.sort(key=lambda entry: entry[:2])
        return [entry[2] for entry in self.entries], [entry[3] for entry in self.entries]


@dataclass(slots=True)
class Story:
    """Everything that decides how one person's record goes."""

    random: Random
    timeline: Timeline
    offence: Offence
    course: Course
    facts: set[str]
    call_handler: Worker
    officer: Worker
    coordinator: Worker
    witness_care: Worker
    supervisor: Worker
    reviewer: Worker
    risk: str = ""
    declines_updates: bool = False
    declined_at: int = 0
    agreed_at: int = 0
    every_days: int = 28
    ended_at: int = 0
    left_out: list[str] = field(default_factory=list)

    @property
    def enhanced(self) -> bool:
        return "enhanced" in self.facts

    def chance(self, share: float) -> bool:
        return self.random.random() < share


@lru_cache(maxsize=1)
def sentences() -> dict[str, list[str]]:
    """Words for notes, by topic."""
    return yaml.safe_load((Path(__file__).parent / "words.yaml").read_text(encoding="utf-8"))
