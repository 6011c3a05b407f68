"""Every address there is, and records of the kinds that decide who may see what there."""

from datetime import timedelta
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from alongside.access import scope
from alongside.access.models import Force, User
from alongside.care import actions
from alongside.care.history import Happening
from alongside.care.models import CareRecord
from tests.factories import NOW, actor, care_record, user

REPORTED = Happening("crime.reported", NOW - timedelta(days=9), event_id="reported")


def routes(resolver: URLResolver | None = None, space: str = "") -> list[tuple[str, URLPattern]]:
    """Every named address, with its gate."""
    found = []
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            found += routes(entry, f"{entry.namespace}:" if entry.namespace else space)
        elif entry.name:
            found.append((f"{space}{entry.name}", entry))
    return found


def restricted(in_force: Force, *happenings: Happening, by: User, **fields: Any) -> CareRecord:
    """A record that nobody sees but who is named: `by`, for one."""
    record = care_record(in_force, *(happenings or (REPORTED,)), **fields)
    asker = actor(by)
    with scope.enter(asker.scope):
        actions.restrict(
            care_record=record, reason="A colleague is a party.", version=record.version, actor=asker, now=NOW
        )
    record.refresh_from_db()
    return record


def shared(by: Force, *, to: Force, and_restricted: bool = False) -> CareRecord:
    """A record of the force `by` that `to` may read."""
    boss = user(by, "supervisor")
    record = restricted(by, by=boss) if and_restricted else care_record(by, REPORTED)
    with scope.enter(actor(boss).scope):
        actions.share_with_force(
            care_record=record,
            to_force_id=to.pk,
            reason="Moved there",
            until=NOW + timedelta(days=3650),
            actor=actor(boss),
            now=NOW,
        )
    return record
