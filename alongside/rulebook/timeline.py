"""Timelines as files: newline-delimited JSON read into events, with everything wrong said line by line."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from operator import itemgetter
from typing import Annotated, Any

import msgspec

from alongside.rulebook import catalogue
from alongside.rulebook.model import Event, Precision

CARE_LENGTH = 64
# What no timeline means: a slip of the keyboard, and instants that calendars can not hold.
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)


class Line(msgspec.Struct, gc=False):
    """One line of a timeline file, as the contract writes it."""

    care: Annotated[str, msgspec.Meta(min_length=1, max_length=CARE_LENGTH)]
    kind: str
    at: Annotated[datetime, msgspec.Meta(tz=True)]
    id: str | None = None
    recorded_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    about: tuple[str, ...] | None = None
    precision: Precision = "minute"
    data: dict[str, Any] | None = None


@dataclass(slots=True)
class Record:
    """The events of one care record as they were read, with the line that each stood on."""

    care: str
    begins: int
    events: list[Event] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Reader:
    """Reads lines into care records and gathers what is wrong with them."""

    errors: list[tuple[int, str]] = field(default_factory=list)

    def records(self, lines: Iterable[bytes]) -> list[Record]:
        """All care records, in order of their references. Lines may be interleaved; all are held in memory."""
        found: dict[str, Record] = {}
        for number, line in self.lines(lines):
            record = found.get(line.care)
            if record is None:
                record = found[line.care] = Record(line.care, number)
            self._add(record, number, line)
        return [found[care] for care in sorted(found)]

    def grouped(self, lines: Iterable[bytes], *, before: int = 0) -> Iterator[Record]:
        """Care records one at a time, as they come: only one is in memory. `before` lines went ahead of these.

        That a record does not come again is for the caller to see, who knows all that came before.
        """
        record: Record | None = None
        for number, line in self.lines(lines, before=before):
            if record is None or line.care != record.care:
                if record is not None:
                    yield record
                record = Record(line.care, number)
            self._add(record, number, line)
        if record is not None:
            yield record

    def refuse(self, record: Record, event_id: str | None, says: str) -> None:
        """Something that only came out when duties were derived: named by the line of its event."""
        self._refuse(record.lines.get(event_id or "", record.begins), says)

    def lines(self, lines: Iterable[bytes], *, before: int = 0) -> Iterator[tuple[int, Line]]:
        """Each good line with its number, as it comes; none is kept. What is wrong with the others is gathered."""
        decode = msgspec.json.Decoder(Line).decode
        kinds = catalogue.kinds()
        checked = catalogue.CALCULATED
        for number, raw in enumerate(lines, start=before + 1):
            if number == 1:
                raw = raw.removeprefix(codecs.BOM_UTF8)
            try:
                line = decode(raw)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                if raw.strip():
                    for says in faults(raw):
                        self._refuse(number, says)
                continue
            is_plain = line.kind in kinds and line.kind not in checked and line.id != ""
            is_plain = is_plain and line.recorded_at is None and EARLIEST < line.at < LATEST
            if is_plain or not (wrong := _doubts(line)):
                yield number, line
                continue
            for says in wrong:
                self._refuse(number, says)

    def _add(self, record: Record, number: int, line: Line) -> None:
        event_id = line.id or f"line {number}"
        at = line.at.astimezone(UTC)
        recorded_at = at if line.recorded_at is None else line.recorded_at.astimezone(UTC)
        event = Event(event_id, line.kind, at, line.about or (), line.data or {}, line.precision, recorded_at)
        earlier = record.lines.setdefault(event_id, number)
        if earlier == number:
            record.events.append(event)
        elif event not in record.events:
            self._refuse(number, f"id {event_id!r} was used on line {earlier} with other content")

    def _refuse(self, number: int, says: str) -> None:
        self.errors.append((number, says))


def in_words(errors: Iterable[tuple[int, str]]) -> list[str]:
    """`line N: what is wrong`, in the order of the lines."""
    return [f"line {number}: {says}" for number, says in sorted(errors, key=itemgetter(0))]


def faults(raw: bytes) -> list[str]:
    """Everything wrong with a line that does not decode, in sentences."""
    try:
        said = msgspec.json.decode(raw.decode())
    except UnicodeDecodeError:
        return ["is not UTF-8 text"]
    except msgspec.DecodeError as error:
        return [f"is not JSON: {error}"]
    except RecursionError:
        return ["is nested too deeply to be read"]
    if not isinstance(said, dict):
        return ["is not a JSON object with care, kind and at"]
    checks = (
        _care_fault(said.get("care")),
        _kind_fault(said.get("kind")),
        _moment_fault("at", said.get("at")),
        _moment_fault("recorded_at", said["recorded_at"]) if said.get("recorded_at") is not None else None,
        _text_fault("id", said.get("id")),
        _about_fault(said.get("about")),
        _precision_fault(said.get("precision", "minute")),
        _data_fault(said.get("data")),
    )
    return [fault for fault in checks if fault] or ["is not an event as the contract writes it"]


def _doubts(line: Line) -> list[str]:
    """What is wrong with a line that decodes."""
    wrong = catalogue.check_payload(line.kind, line.data or {})
    for name, moment in (("at", line.at), ("recorded_at", line.recorded_at)):
        if moment is not None and not EARLIEST < moment < LATEST:
            wrong.append(f"{name} is outside {EARLIEST.year} to {LATEST.year - 1}: {moment.isoformat()}")
    if line.id == "":
        wrong.append("id must not be empty; leave it out where there is none")
    return wrong


def _care_fault(care: object) -> str | None:
    if care is None:
        return "care is missing: the care record's reference"
    if not isinstance(care, str) or not care:
        return f"care must be text that is not empty, not {care!r}"
    if len(care) > CARE_LENGTH:
        return f"care has {len(care)} characters and may have {CARE_LENGTH}"
    return None


def _kind_fault(kind: object) -> str | None:
    if kind is None:
        return "kind is missing"
    if not isinstance(kind, str):
        return f"kind must be text, not {kind!r}"
    return None if kind in catalogue.kinds() else catalogue.unknown_kind(kind)


def _moment_fault(name: str, moment: object) -> str | None:
    if moment is None:
        return f"{name} is missing: when it happened, such as 2026-03-02T09:14:00+00:00"
    try:
        msgspec.convert(moment, Annotated[datetime, msgspec.Meta(tz=True)])
    except msgspec.ValidationError:
        try:
            msgspec.convert(moment, datetime)
        except msgspec.ValidationError:
            return f"{name} must be a date and time such as 2026-03-02T09:14:00+00:00, not {moment!r}"
        return f"{name} has no offset: {moment}; write Z or the offset, such as {moment}+00:00"
    return None


def _text_fault(name: str, value: object) -> str | None:
    return None if value is None or isinstance(value, str) else f"{name} must be text, not {value!r}"


def _about_fault(about: object) -> str | None:
    if about is None or (isinstance(about, list) and all(isinstance(each, str) for each in about)):
        return None
    return f"about must be a list of kinds or event ids, not {about!r}"


def _precision_fault(precision: object) -> str | None:
    if precision in ("minute", "day", "month"):
        return None
    return f"precision must be minute, day or month, not {precision!r}"


def _data_fault(data: object) -> str | None:
    return None if data is None or isinstance(data, dict) else f"data must be an object, not {data!r}"
