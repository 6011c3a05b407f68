"""Every periodic job exists, and goes through the forces one at a time."""

import inspect

import pytest
from croniter import croniter
from procrastinate.contrib.django import app

from alongside.config import schedule


@pytest.mark.parametrize("job", schedule.JOBS, ids=lambda job: job.task)
def test_every_scheduled_job_exists(job):
    app.perform_import_paths()

    assert job.task in app.tasks
    assert croniter.is_valid(job.cron)
    assert job.why


@pytest.mark.parametrize("job", schedule.JOBS, ids=lambda job: job.task)
def test_no_job_runs_across_forces_in_one_scope(job):
    app.perform_import_paths()
    source = inspect.getsource(inspect.getmodule(app.tasks[job.task].func))

    assert "actors.forces()" in source
