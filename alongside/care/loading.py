"""Many care records at once: the same checks, the same derivation, set-based SQL.

For imports and the demonstration force. Runs inside the transaction that the caller's scope has opened,
so a file is whole or not there.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

import msgspec
from django.db import models

from alongside.access.actors import Actor
from alongside.care import derivation, history
from alongside.care.history import Happening
from alongside.care.models import CareRecord, Crime, Duty, Event
from alongside.kernel import bulk
from alongside.kernel.errors import Refused


@dataclass(frozen=True, slots=True)
class Entry:
    """A care record and what is to be added to its timeline.

    For a new record `with_rows` are the rows it needs: its person, its crime, its parties and notes.
    `authors` say who recorded each happening, where that is not whoever loads them.
    """

    care_record: CareRecord
    happenings: Sequence[Happening]
    is_new: bool
    with_rows: Sequence[models.Model] = ()
    authors: Sequence[Actor] = ()


@dataclass(slots=True)
class Loaded:
    records_added: int = 0
    records_changed: int = 0
    events_added: int = 0
    events_unchanged: int = 0
    duties_written: int = 0
    refusals: list[tuple[Happening, str]] = field(default_factory=list)


def load(entries: Sequence[Entry], *, actor: Actor, now: datetime) -> Loaded:
    """Add these happenings to these records. What can not have happened is refused one by one and counted.

    A few thousand entries a call keeps memory small. A record may stand in `entries` only once.
    """
    loaded = Loaded()
    timelines = _timelines([entry.care_record.pk for entry in entries if not entry.is_new])
    fresh: dict[UUID, list[Event]] = {}
    for entry in entries:
        added = _admit(entry, timelines.get(entry.care_record.pk, []), loaded, actor=actor, now=now)
        if added or entry.is_new:
            fresh[entry.care_record.pk] = added
    standing = _standing(fresh.keys() & timelines.keys())
    changed = [entry.care_record for entry in entries if entry.care_record.pk in fresh]
    new_events = [event for added in fresh.values() for event in added]
    duties: list[Duty] = []
    vanished: list[UUID] = []
    for record in changed:
        timeline = [*timelines.get(record.pk, ()), *fresh[record.pk]]
        derived = derivation.derive(record, timeline, now=now)
        difference = derivation.differences(standing.get(record.pk, ()), derived)
        duties += difference.write
        vanished += difference.vanished
    _write(entries, changed, new_events, duties, vanished)
    loaded.records_added = sum(entry.is_new for entry in entries)
    loaded.records_changed = len(changed) - loaded.records_added
    loaded.events_added = len(new_events)
    loaded.duties_written = len(duties)
    return loaded


def rebuild(care_record_ids: Sequence[UUID], *, now: datetime) -> int:
    """Work out the duties of these records again from their timelines. Returns how many rows were not so."""
    timelines, standing = _timelines(care_record_ids), _standing(care_record_ids)
    records = list(CareRecord.objects.filter(pk__in=care_record_ids))
    duties: list[Duty] = []
    vanished: list[UUID] = []
    for record in records:
        derived = derivation.derive(record, timelines[record.pk], now=now)
        difference = derivation.differences(standing.get(record.pk, ()), derived)
        duties += difference.write
        vanished += difference.vanished
    _write([], records, [], duties, vanished)
    return len(duties) + len(vanished)


def change_crimes(crimes: Sequence[Crime], *, fields: Sequence[str]) -> None:
    """Bring crimes up to what their source says now."""
    value = attrgetter("pk", *fields)
    bulk.update("care_crime", "id", fields, map(value, crimes))


def _timelines(care_record_ids: Sequence[UUID]) -> dict[UUID, list[Event]]:
    if not care_record_ids:
        return {}
    # Held, in one order, so that two imports can not wait for each other.
    list(
        CareRecord.objects.select_for_update().filter(pk__in=care_record_ids).order_by("pk").values_list("pk")
    )
    timelines: dict[UUID, list[Event]] = {key: [] for key in care_record_ids}
    for event in Event.objects.filter(care_record_id__in=care_record_ids).order_by("number"):
        timelines[event.care_record_id].append(event)
    return timelines


def _standing(care_record_ids: Collection[UUID]) -> dict[UUID, list[Duty]]:
    standing: dict[UUID, list[Duty]] = {}
    if care_record_ids:
        for duty in Duty.objects.filter(care_record_id__in=care_record_ids):
            standing.setdefault(duty.care_record_id, []).append(duty)
    return standing


def _admit(
    entry: Entry, timeline: list[Event], loaded: Loaded, *, actor: Actor, now: datetime
) -> list[Event]:
    known = {event.event_id: event for event in timeline}
    added = []
    authors = entry.authors or [actor] * len(entry.happenings)
    for happening, author in zip(entry.happenings, authors, strict=True):
        try:
            history.check(happening, now=now)
            event, is_new = history.admit(
                happening, known, care_record=entry.care_record, actor=author, now=now
            )
        except Refused as refused:
            loaded.refusals.append((happening, str(refused)))
            continue
        if is_new:
            added.append(event)
        else:
            loaded.events_unchanged += 1
    return added


def _write(
    entries: Sequence[Entry],
    changed: Sequence[CareRecord],
    events: Sequence[Event],
    duties: Sequence[Duty],
    vanished: Sequence[UUID],
) -> None:
    new = {entry.care_record.pk for entry in entries if entry.is_new}
    rows = [row for entry in entries for row in entry.with_rows]
    # A care record refers to its person and crime, everything else refers to the record.
    before, after = _parted(rows, names=("Person", "Crime"))
    insert_rows([*before, *(record for record in changed if record.pk in new), *after])
    bulk.update(
        "care_carerecord",
        "id",
        derivation.RECORD_FIELDS,
        map(
            attrgetter("pk", *derivation.RECORD_FIELDS),
            [record for record in changed if record.pk not in new],
        ),
    )
    insert_rows(events)
    kept = ", ".join(
        f'"{name}" = excluded."{name}"'
        for name in derivation.DERIVED_FIELDS
        if name not in ("rule", "trigger_event", "link")
    )
    insert_rows(
        duties, on_conflict=f"(force_id, care_record_id, rule, trigger_event, link) DO UPDATE SET {kept}"
    )
    if vanished:
        Duty.objects.filter(pk__in=vanished).delete()


def insert_rows(rows: Iterable[models.Model], *, on_conflict: str = "") -> None:
    """Insert unsaved rows, table by table in the order in which each table first appears."""
    by_model: dict[type[models.Model], list[models.Model]] = {}
    for row in rows:
        by_model.setdefault(type(row), []).append(row)
    for model, instances in by_model.items():
        fields = [one for one in model._meta.concrete_fields if not one.has_db_default()]
        value = attrgetter(*(one.attname for one in fields))
        json = [index for index, one in enumerate(fields) if isinstance(one, models.JSONField)]
        bulk.insert(
            model._meta.db_table,
            [one.attname for one in fields],  # no field of ours names its column otherwise
            (_encoded(value(instance), json) for instance in instances),
            on_conflict=on_conflict,
        )


def _encoded(values: tuple[Any, ...], json: Sequence[int]) -> Sequence[Any]:
    if not json:
        return values
    encoded = list(values)
    for index in json:
        encoded[index] = msgspec.json.encode(values[index]).decode()
    return encoded


def _parted(
    rows: Iterable[models.Model], *, names: Sequence[str]
) -> tuple[list[models.Model], list[models.Model]]:
    before: list[models.Model] = []
    after: list[models.Model] = []
    for row in rows:
        (before if type(row).__name__ in names else after).append(row)
    return before, after
