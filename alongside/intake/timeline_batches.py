"""A batch of the lines of a timeline file, put on the care records that they name."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from alongside.access.actors import Actor
from alongside.access.models import Force
from alongside.care import history, loading
from alongside.care.history import Happening
from alongside.care.loading import Entry
from alongside.care.models import CareRecord
from alongside.intake import timelines
from alongside.intake.report import Report
from alongside.kernel.errors import Refused


def take_lines(
    batch: Sequence[tuple[int, str, Happening]],
    report: Report,
    *,
    name: str,
    unopened: set[str],
    force: Force,
    actor: Actor,
    now: datetime,
) -> None:
    by_care: dict[str, list[Happening]] = {}
    numbers: dict[int, int] = {}
    for number, care, happening in batch:
        try:
            history.check(happening, now=now)
        except Refused as refused:
            report.refuse(name, number, str(refused))
            continue
        by_care.setdefault(care, []).append(happening)
        numbers[id(happening)] = number
    known = {
        record.reference: record
        for record in CareRecord.objects.select_for_update().filter(reference__in=by_care).order_by("pk")
    }
    _open_late({care: known[care] for care in unopened & known.keys()}, by_care, unopened)
    entries = []
    for care, happenings in by_care.items():
        record = known.get(care) or timelines.new_record(care, happenings, force_id=force.pk)
        entries.append(Entry(record, happenings, is_new=care not in known))
        if care not in known and timelines.opening(happenings) is None:
            unopened.add(care)
    loaded = loading.load(entries, actor=actor, now=now)
    for happening, reason in loaded.refusals:
        report.refuse(name, numbers[id(happening)], reason)
    report.added += loaded.events_added
    report.unchanged += loaded.events_unchanged
    report.care_records += loaded.records_added
    report.events += loaded.events_added
    report.duties += loaded.duties_written


def _open_late(
    records: Mapping[str, CareRecord], by_care: Mapping[str, Sequence[Happening]], unopened: set[str]
) -> None:
    """Give records that this file began their role, now that their opening has come."""
    opened = []
    for care, record in records.items():
        if opening := timelines.opening(by_care[care]):
            record.role, record.opened_at = opening
            opened.append(record)
            unopened.discard(care)
    CareRecord.objects.bulk_update(opened, ["role", "opened_at"])
