"""Background work on access."""

from django.utils import timezone
from procrastinate.contrib.django import app

from alongside.access import actors, drafts, scope
from alongside.access.models import Force


@app.task(queue="access", queueing_lock="discard_old_drafts")
def discard_old_drafts(timestamp: int) -> None:
    """Throw away what was typed and never sent, once nobody will come back to it."""
    for force_id in actors.forces():
        with scope.enter(actors.system(Force(pk=force_id), job="discard old drafts").scope):
            drafts.discard_old(now=timezone.now())
