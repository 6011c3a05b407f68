"""What one event costs with all its consequences: the time and the statements, on a PostgreSQL that flushes.

Prints JSON. The aim (DESIGN): p95 under 30 ms and 10 statements or fewer, whatever the caseload.
"""

import json
import os
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from alongside.config import database, provision

RECORDS, APPENDS = 200, 400
AIM_MS, AIM_STATEMENTS = 30, 10


def measure() -> dict[str, object]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from alongside.access import actors, scope
    from alongside.access.actions import establish_force
    from alongside.care import history, loading
    from alongside.care.history import Happening
    from alongside.care.loading import Entry
    from alongside.care.models import CareRecord
    from alongside.kernel.ids import new_id

    begun = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    job = actors.system(establish_force(code="bench", name="Bench"), job="bench")
    story = (
        Happening("care.opened", begun, data={"facts": ["victim"]}),
        Happening("crime.reported", begun),
        Happening("contact.agreed", begun, data={"every_days": 14}),
        *(Happening("suspect.interviewed", begun + timedelta(days=day)) for day in range(9)),
    )
    records = [
        CareRecord(id=new_id(), force_id=job.force_id, reference=f"B{n}/V1", role="victim", opened_at=begun)
        for n in range(RECORDS)
    ]
    now = begun + timedelta(days=60)
    with scope.enter(job.scope):
        loading.load([Entry(record, story, is_new=True) for record in records], actor=job, now=now)
    took, statements = [], 0
    for number in range(APPENDS):
        told = Happening("victim.informed", now, about=("suspect.interviewed",), event_id=f"told {number}")
        start = time.perf_counter()
        with CaptureQueriesContext(connection) as sent, scope.enter(job.scope):
            history.record(care_record=records[number % RECORDS], happening=told, actor=job, now=now)
        took.append((time.perf_counter() - start) * 1000)
        statements = max(statements, sum("SAVEPOINT" not in one["sql"] for one in sent))
    return {
        "benchmark": "append",
        "events_already_there": len(story),
        "median_ms": round(statistics.median(took), 1),
        "p95_ms": round(statistics.quantiles(took, n=20)[-1], 1),
        "aim_p95_ms": AIM_MS,
        "statements": statements,
        "aim_statements": AIM_STATEMENTS,
    }


if __name__ == "__main__":
    os.environ["ALONGSIDE_MODE"] = "test"
    os.environ["DJANGO_SETTINGS_MODULE"] = "alongside.config.settings"
    with (
        tempfile.TemporaryDirectory(prefix="alongside-bench-") as folder,
        database.running(Path(folder)) as server,
    ):
        os.environ["ALONGSIDE_HOME"] = folder
        provision.roles(server)
        os.environ["DATABASE_URL"] = provision.database(server, "alongside")
        import django

        django.setup()
        from alongside.config.command_line import main

        main(["migrate", "--quiet"])
        print(json.dumps(measure()))
