"""What can be done with what other systems publish or send. The caller's scope makes each one transaction."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import connection

from alongside.access import log
from alongside.access.actors import Actor
from alongside.access.models import Access, Force
from alongside.care import history, loading
from alongside.care.history import Happening
from alongside.care.loading import Entry
from alongside.care.models import CareRecord, Crime, Event
from alongside.intake import crimes, timelines
from alongside.intake.crimes import SOURCE, Months
from alongside.intake.models import ReadFile
from alongside.intake.police_uk_files import Contents, PublishedCrime, PublishedOutcome
from alongside.intake.report import Report
from alongside.intake.timelines import Timelines
from alongside.kernel.errors import Refused

AT_A_TIME = 2_000
LINES_AT_A_TIME = 20_000
Item = TypeVar("Item")


def import_police_uk(
    *,
    contents: Contents,
    name: str,
    fingerprint: bytes,
    force: Force,
    actor: Actor,
    now: datetime,
    months: Months | None = None,
) -> Report:
    """Take in one file of data.police.uk. What is known already is left as it is.

    `fingerprint` tells this file from every other: one that was read before adds the crimes that are still
    missing, but no longer changes an outcome, because later files may have said something newer. `months`
    are the outcomes' months as far as other files of the same import know them.
    """
    take_turns(force_id=force.pk)
    report = Report(
        files=1, read=contents.read, without_id=contents.without_id, duplicate_id=contents.duplicate_id
    )
    for refusal in contents.refusals:
        report.refuse(name, refusal.line, refusal.reason)
    is_first_time = _note_file(force, fingerprint, now=now)
    for batch in in_batches(contents.crimes, AT_A_TIME):
        _import_crimes(
            batch,
            force,
            report,
            months=months or Months(),
            may_change=is_first_time,
            actor=actor,
            now=now,
        )
    for group in in_batches(contents.outcomes, AT_A_TIME):
        _import_outcomes(group, report, name=name, actor=actor, now=now)
    log.write(act=Access.Act.CHANGE, what="import.police-uk", actor=actor, now=now)
    return report


def import_timeline(
    *, lines: Iterable[bytes], name: str, force: Force, actor: Actor, now: datetime
) -> Report:
    """Take in a timeline file, a few thousand lines at a time. What was sent before is left as it is."""
    take_turns(force_id=force.pk)
    report = Report(files=1)
    sent = Timelines()
    # Records that began without their opening, in case it is further down.
    unopened: set[str] = set()
    for batch in in_batches(sent.lines(lines), LINES_AT_A_TIME):
        _import_lines(batch, report, name=name, unopened=unopened, force=force, actor=actor, now=now)
    for number, faults in sent.faults():
        report.refuse(name, number, faults)
    report.read = sent.read
    report.refusals.sort(key=lambda refusal: refusal.line)
    log.write(act=Access.Act.CHANGE, what="import.timeline", actor=actor, now=now)
    return report


def take_turns(*, force_id: UUID) -> None:
    """Until the end of the transaction, no other import of this force runs: each sees what the last one left."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('import ' || %s, 0))", [str(force_id)])


def in_batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    batch: list[Item] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _note_file(force: Force, fingerprint: bytes, *, now: datetime) -> bool:
    """True the first time that this file is read."""
    if ReadFile.objects.filter(fingerprint=fingerprint).exists():
        return False
    ReadFile.objects.create(force_id=force.pk, fingerprint=fingerprint, read_at=now)
    return True


def _import_crimes(
    published: Sequence[PublishedCrime],
    force: Force,
    report: Report,
    *,
    months: Months,
    may_change: bool,
    actor: Actor,
    now: datetime,
) -> None:
    known = _known_crimes(one.crime_id for one in published)
    new = [one for one in published if one.crime_id not in known]
    taken = _taken_references(new, force)
    entries = [
        crimes.new_entry(one, force_code=force.code, force_id=force.pk, taken=taken, months=months)
        for one in new
    ]
    report.added += len(entries)
    report.unchanged += len(known)
    if may_change:
        changed = [
            (known[one.crime_id], one)
            for one in published
            if one.crime_id in known and crimes.differs(known[one.crime_id], one)
        ]
        entries += _change_crimes(changed, report, months=months, now=now)
    _load(entries, report, actor=actor, now=now)


def _change_crimes(
    changed: Sequence[tuple[Crime, PublishedCrime]], report: Report, *, months: Months, now: datetime
) -> list[Entry]:
    """The crimes become what is published; every care record of each gets the events of what is new."""
    records, codes = _records_of([crime for crime, _ in changed])
    entries = []
    for crime, published in changed:
        for record in records.get(crime.pk, ()):
            happenings = crimes.changes(
                crime, published, record=record, before=codes.get(record.pk, ()), months=months, now=now
            )
            if happenings:
                entries.append(Entry(record, happenings, is_new=False))
        crimes.bring_up_to_date(crime, published)
    if changed:
        loading.change_crimes([crime for crime, _ in changed], fields=crimes.PUBLISHED_FIELDS)
    report.changed += len(changed)
    report.unchanged -= len(changed)
    return entries


def _import_outcomes(
    published: Sequence[PublishedOutcome], report: Report, *, name: str, actor: Actor, now: datetime
) -> None:
    known = _known_crimes(one.crime_id for one in published)
    records, codes = _records_of(list(known.values()))
    happenings: dict[UUID, list[Happening]] = {}
    changed: dict[UUID, Crime] = {}
    for one in published:
        crime = known.get(one.crime_id)
        reason = _why_not(one, crime)
        if crime is None or reason:
            report.refuse(name, one.line, reason)
            continue
        is_news = False
        for record in records.get(crime.pk, ()):
            before = codes.setdefault(record.pk, [])
            if one.outcome.code not in before:
                at = crimes.start_of(one.month)
                happenings.setdefault(record.pk, []).append(
                    crimes.outcome_happening(one.outcome, at=at, before=before)
                )
                before.append(one.outcome.code)
                is_news = True
        if is_news:
            crimes.note_outcome(crime, one.outcome)
            changed[crime.pk] = crime
        else:
            report.unchanged += 1
    report.changed += len(changed)
    if changed:
        loading.change_crimes(list(changed.values()), fields=["outcome"])
    entries = [
        Entry(record, happenings[record.pk], is_new=False)
        for of_crime in records.values()
        for record in of_crime
        if record.pk in happenings
    ]
    _load(entries, report, actor=actor, now=now)


def _why_not(one: PublishedOutcome, crime: Crime | None) -> str:
    if crime is None:
        return "no crime with this ID is known: import the street file of its month first"
    if crime.happened_on and one.month < crime.happened_on:
        return f"the outcome is of {one.month:%Y-%m}, before the crime itself ({crime.happened_on:%Y-%m})"
    return ""


def _import_lines(
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


def _load(entries: Sequence[Entry], report: Report, *, actor: Actor, now: datetime) -> None:
    if not entries:
        return
    loaded = loading.load(entries, actor=actor, now=now)
    if loaded.refusals:
        happening, reason = loaded.refusals[0]
        raise AssertionError(f"an event that we made ourselves was refused: {happening.kind}: {reason}")
    report.care_records += loaded.records_added
    report.events += loaded.events_added
    report.duties += loaded.duties_written


def _known_crimes(crime_ids: Iterable[str]) -> dict[str, Crime]:
    found = Crime.objects.filter(source=SOURCE, source_reference__in=set(crime_ids))
    return {crime.source_reference: crime for crime in found}


def _taken_references(new: Sequence[PublishedCrime], force: Force) -> set[str]:
    wanted = [crimes.reference(one.crime_id, force_code=force.code) for one in new]
    if not wanted:
        return set()
    return set(Crime.objects.filter(reference__in=wanted).values_list("reference", flat=True))


def _records_of(of: Sequence[Crime]) -> tuple[Mapping[UUID, list[CareRecord]], dict[UUID, list[str]]]:
    """The care records of these crimes, held; and for each record the outcomes that we gave it so far."""
    records: dict[UUID, list[CareRecord]] = {}
    if not of:
        return records, {}
    held = CareRecord.objects.select_for_update().filter(crime__in=of).order_by("pk")
    for record in held:
        records.setdefault(record.crime_id, []).append(record)
    ids: dict[UUID, list[str]] = {}
    ours = Event.objects.filter(
        care_record__in=[record for group in records.values() for record in group],
        event_id__startswith=f"{SOURCE}:",
    )
    for record_id, event_id in ours.order_by("number").values_list("care_record_id", "event_id"):
        ids.setdefault(record_id, []).append(event_id)
    return records, {record_id: crimes.codes_of(found) for record_id, found in ids.items()}
