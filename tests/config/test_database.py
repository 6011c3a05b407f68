"""The embedded PostgreSQL, for real, in a folder of its own."""

import os
import signal
import threading
from pathlib import Path

import psutil
import psycopg
import pytest

from alongside.config import database
from alongside.config.trouble import Trouble


def postmaster(home: Path) -> int:
    return int((home / "database" / "postmaster.pid").read_text().split()[0])


def is_running(home: Path) -> bool:
    return (home / "database" / "postmaster.pid").exists()


def write(address: str) -> None:
    with psycopg.connect(address) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")


def read(address: str) -> int:
    with psycopg.connect(address) as connection:
        return connection.execute("SELECT answer FROM kept").fetchone()[0]


def test_it_is_made_when_it_is_needed_and_keeps_what_was_written(home):
    with database.running(home, durable=False) as address:
        write(address)
    assert not is_running(home)

    with database.running(home, durable=False) as address:
        assert read(address) == 42


def test_kill_9_of_the_server_loses_nothing(home):
    with database.running(home) as address:
        write(address)
        os.kill(postmaster(home), signal.SIGKILL)
        psutil.Process(postmaster(home)).wait(5)

        assert database.revived(home)
        assert not database.revived(home)
        assert read(address) == 42


def test_a_file_left_by_a_crash_that_names_somebody_elses_process_is_not_believed(home):
    with database.running(home, durable=False) as address:
        write(address)
    (home / "database" / "postmaster.pid").write_text(f"{os.getpid()}\n{home}\n")

    with database.running(home, durable=False) as address:
        assert read(address) == 42
        assert postmaster(home) != os.getpid()


def test_whoever_leaves_last_stops_it(home):
    with database.running(home, durable=False) as address:
        with database.running(home, durable=False) as same:
            assert same == address
        assert is_running(home)
        write(address)

    assert not is_running(home)


def test_two_who_come_at_once_share_one_server(home):
    both = threading.Barrier(2)
    found = []

    def use() -> None:
        with database.running(home, durable=False):
            both.wait(30)
            found.append(postmaster(home))
            both.wait(30)

    threads = [threading.Thread(target=use) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 2
    assert len(set(found)) == 1
    assert not is_running(home)


def test_one_that_was_half_made_is_made_again(home):
    draft = home / "database.new"
    draft.mkdir()
    (draft / "PG_VERSION").write_text("18")

    with database.running(home, durable=False) as address:
        write(address)
        assert read(address) == 42


def test_nobody_comes_in_without_the_password(home):
    with database.running(home, durable=False) as address:
        wrong = address.replace(address.split(":")[2].split("@")[0], "guessed")

        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(wrong)


def test_its_socket_is_its_owners_alone_even_where_the_path_is_too_long_for_one(home):
    deep = home / ("deep" * 20) / ("deeper" * 10)

    with database.running(deep, durable=False) as address:
        write(address)
        folder = database._socket_folder(deep)

        assert folder != deep / "database"
        assert folder.stat().st_mode & 0o077 == 0


def test_without_the_wheel_it_says_to_set_database_url(home, monkeypatch):
    monkeypatch.setattr(database, "find_spec", lambda name: None)

    with pytest.raises(Trouble, match="set DATABASE_URL to a PostgreSQL 15 or newer"), database.running(home):
        pass
