from collections.abc import Iterator
from pathlib import Path

import pytest

from alongside.config import database, provision
from tests.resilience.stack import PASSWORD, Stack


@pytest.fixture
def stack(home: Path) -> Iterator[Stack]:
    with database.running(home, durable=True) as server:
        provision.roles(server)
        provision.passwords(server, {"alongside_web": PASSWORD, "alongside_worker": PASSWORD})
        made = Stack(home, provision.database(server, "alongside"))
        made.run("-m", "alongside", "migrate", "--quiet")
        yield made
