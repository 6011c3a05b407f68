"""`alongside rebuild` and `alongside check`."""

import argparse
import sys
from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from alongside.access import actors, scope
from alongside.access import checks as access_checks
from alongside.access.models import Force
from alongside.care import checks, loading
from alongside.care.models import CareRecord

AT_A_TIME = 500
SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Neither takes any."""


def run(args: argparse.Namespace) -> int:
    return {"rebuild": rebuild, "check": check}[args.subcommand]()


def rebuild() -> int:
    """Work out every duty again from the timelines. The old rows serve until the new ones stand."""
    now = timezone.now()
    for force in Force.objects.order_by("code"):
        records, rows = _rebuild_force(force, now=now)
        print(f"{force.code}: {records:,} care records worked out again, {rows:,} duties were different.")
    return 0


def _rebuild_force(force: Force, *, now: datetime) -> tuple[int, int]:
    job = actors.system(force, job="rebuild")
    records = rows = 0
    last: UUID | None = None
    while True:
        with scope.enter(job.scope):
            found = CareRecord.objects.order_by("pk").values_list("pk", flat=True)
            keys = list((found.filter(pk__gt=last) if last else found)[:AT_A_TIME])
            if not keys:
                return records, rows
            rows += loading.rebuild(keys, now=now)
        records += len(keys)
        last = keys[-1]


def check() -> int:
    """Prove the promises. 0: all hold. 1: each fault is named on standard error."""
    now = timezone.now()
    Force.objects.exists()  # fails before migrate, which would otherwise find nothing unguarded
    proofs: list[tuple[str, Callable[[], Iterable[str]]]] = [
        ("Every table of a force has its policies", access_checks.tables),
        ("The logins can not get past them and own nothing", access_checks.logins),
        ("The access log is whole", access_checks.access_log),
        ("Duties equal a rebuild from the timelines", lambda: _duties(now=now)),
    ]
    return max([_report(promise, list(proof())) for promise, proof in proofs])


def _duties(*, now: datetime) -> Iterable[str]:
    for force in Force.objects.order_by("code"):
        with scope.enter(actors.system(force, job="check").scope):
            yield from checks.duties(now=now)


def _report(promise: str, faults: list[str]) -> int:
    print(f"{'no ' if faults else 'yes'}  {promise}.")
    for fault in faults[:SHOWN]:
        print(f"     {fault}", file=sys.stderr)
    if len(faults) > SHOWN:
        print(f"     and {len(faults) - SHOWN:,} more", file=sys.stderr)
    return 1 if faults else 0
