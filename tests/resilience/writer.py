"""A process that writes until it is killed: `python -m tests.resilience.writer RECORD USER`.

Says `did N` once the database has confirmed update N. Each update is a note, an event about three triggers
and a promise, with all their duties and their lines in the access log.
"""

import sys
from datetime import UTC, datetime, timedelta
from itertools import count

import django

django.setup()

from alongside.access import actors, scope  # noqa: E402
from alongside.access.models import User  # noqa: E402
from alongside.care import actions, history  # noqa: E402
from alongside.care.history import Happening  # noqa: E402
from alongside.care.models import CareRecord  # noqa: E402


def main(reference: str, email: str) -> None:
    actor = actors.staff(User.objects.get(email=email))
    for number in count(1):
        now = datetime.now(UTC)
        with scope.enter(actor.scope):
            record = CareRecord.objects.get(reference=reference)
            actions.add_event(
                care_record=record, kind="victim.informed", at=now, about=["arrest", "bail", "charge"],
                words=f"Update {number}", actor=actor, now=now,
            )  # fmt: skip
            promised = (now + timedelta(days=3)).date().isoformat()
            history.record(
                care_record=record,
                happening=Happening("promise.made", now, data={"by": promised}),
                actor=actor,
                now=now,
            )
        print(f"did {number}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
