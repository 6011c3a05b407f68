"""What can be done with what other systems publish or send. The caller's scope makes each one transaction."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import connection

from alongside.access import log
from alongside.access.actors import Actor
from alongside.access.models import Access, Force
from alongside.intake import crime_batches, timeline_batches
from alongside.intake.crimes import Months
from alongside.intake.models import ReadFile
from alongside.intake.police_uk_files import Contents
from alongside.intake.report import Report
from alongside.intake.timelines import Timelines

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
    _take_turns(force_id=force.pk)
    report = Report(
        files=1, read=contents.read, without_id=contents.without_id, duplicate_id=contents.duplicate_id
    )
    for refusal in contents.refusals:
        report.refuse(name, refusal.line, refusal.reason)
    is_first_time = _note_file(force, fingerprint, now=now)
    for batch in _batches(contents.crimes, AT_A_TIME):
        crime_batches.take_crimes(
            batch,
            force,
            report,
            months=months or Months(),
            may_change=is_first_time,
            actor=actor,
            now=now,
        )
    for group in _batches(contents.outcomes, AT_A_TIME):
        crime_batches.take_outcomes(group, report, name=name, actor=actor, now=now)
    log.write(act=Access.Act.CHANGE, what="import.police-uk", actor=actor, now=now)
    return report


def import_timeline(
    *, lines: Iterable[bytes], name: str, force: Force, actor: Actor, now: datetime
) -> Report:
    """Take in a timeline file, a few thousand lines at a time. What was sent before is left as it is."""
    _take_turns(force_id=force.pk)
    report = Report(files=1)
    sent = Timelines()
    # Records that began without their opening, in case it is further down.
    unopened: set[str] = set()
    for batch in _batches(sent.lines(lines), LINES_AT_A_TIME):
        timeline_batches.take_lines(
            batch, report, name=name, unopened=unopened, force=force, actor=actor, now=now
        )
    for number, faults in sent.faults():
        report.refuse(name, number, faults)
    report.read = sent.read
    report.refusals.sort(key=lambda refusal: refusal.line)
    log.write(act=Access.Act.CHANGE, what="import.timeline", actor=actor, now=now)
    return report


def _take_turns(*, force_id: UUID) -> None:
    """Until the end of the transaction, no other import of this force runs: each sees what the last one left."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('import ' || %s, 0))", [str(force_id)])


def _batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
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
