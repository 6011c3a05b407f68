import json

import pytest

from alongside.config import command_line
from tests.factories import force


@pytest.fixture
def here():
    """The force that reports the crimes of `published`."""
    return force("borsetshire")


@pytest.fixture
def bring_in(tmp_path):
    """Run `alongside import` as on the command line; gives its report with the exit code in it."""

    def run(*arguments):
        report = tmp_path / "report.json"
        code = command_line.main(["import", *map(str, arguments), "--report", str(report)])
        return {"exit": code, **json.loads(report.read_text())}

    return run
