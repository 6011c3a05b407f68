"""Background work on the care file. Each job takes ids, opens one force's scope, and is safe to run twice."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from alongside.access import actors, scope
from alongside.access.models import Force
from alongside.care import loading, queries

# Records a round: a force that was away for a week is caught up in many short transactions, not a long one.
AT_A_TIME = 500


@app.task(queue="care", queueing_lock="refresh_passed")
def refresh_passed(timestamp: int) -> None:
    """Bring up to date the records whose duties the passing of time alone has changed (a chain's next link)."""
    for force_id in actors.forces():
        while refresh_some(force_id, now=timezone.now()) == AT_A_TIME:
            pass


def refresh_some(force_id: UUID, *, now: datetime) -> int:
    """One round for one force. Returns how many records were worked out again."""
    job = actors.system(Force(pk=force_id), job="refresh duties")
    with scope.enter(job.scope):
        passed = queries.records_changed_by_time(now=now, limit=AT_A_TIME)
        loading.rebuild(passed, now=now)
    return len(passed)
