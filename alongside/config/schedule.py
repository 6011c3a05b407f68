"""Every periodic job, in one table. The work itself is a task of the room that it belongs to."""

from dataclasses import dataclass

import procrastinate


@dataclass(frozen=True, slots=True)
class Job:
    """`task` is the full name of a task, `cron` is in UTC."""

    task: str
    cron: str
    why: str


JOBS: tuple[Job, ...] = (
    Job("alongside.care.tasks.refresh_passed", "* * * * *", "time alone changes duties: a chain's next link"),
    Job(
        "alongside.access.tasks.discard_old_drafts", "20 3 * * *", "nobody comes back to a form after a week"
    ),
)


def register(app: procrastinate.App) -> None:
    """Called by procrastinate when every task is known. A job without a task stops the start."""
    for job in JOBS:
        app.periodic(cron=job.cron)(app.tasks[job.task])
