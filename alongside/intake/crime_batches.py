"""A batch of what data.police.uk publishes, compared with what is there and written: set-based, a few
statements whatever its size."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from alongside.access.actors import Actor
from alongside.access.models import Force
from alongside.care import loading
from alongside.care.history import Happening
from alongside.care.loading import Entry
from alongside.care.models import CareRecord, Crime, Event
from alongside.intake import crimes
from alongside.intake.crimes import SOURCE, Months
from alongside.intake.police_uk_files import PublishedCrime, PublishedOutcome
from alongside.intake.report import Report


def take_crimes(
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


def take_outcomes(
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


def _records_of(of: Sequence[Crime]) -> tuple[dict[UUID, list[CareRecord]], dict[UUID, list[str]]]:
    """The care records of these crimes, held; and for each record the outcomes that we gave it so far."""
    records: dict[UUID, list[CareRecord]] = {}
    if not of:
        return records, {}
    held = CareRecord.objects.select_for_update().filter(crime__in=of).order_by("pk")
    for record in held:
        records.setdefault(record.crime_id, []).append(record)  # type: ignore[arg-type]
    ids: dict[UUID, list[str]] = {}
    ours = Event.objects.filter(
        care_record__in=[record for group in records.values() for record in group],
        event_id__startswith=f"{SOURCE}:",
    )
    for record_id, event_id in ours.order_by("number").values_list("care_record_id", "event_id"):
        ids.setdefault(record_id, []).append(event_id)
    return records, {record_id: crimes.codes_of(found) for record_id, found in ids.items()}
