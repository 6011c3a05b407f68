"""What every test may ask for."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import database
from tests.browser import chromium

__all__ = ["chromium"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """pytest-django asks for this just before it makes the test database."""
    with database.provisioned():
        yield


@pytest.fixture
def home() -> Iterator[Path]:
    """An ALONGSIDE_HOME for a PostgreSQL of its own.

    Not tmp_path: every start of pytest closes the folder above it, and as root the server runs as somebody else.
    """
    with tempfile.TemporaryDirectory(prefix="alongside-test-") as folder:
        yield Path(folder)
