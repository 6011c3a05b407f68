"""Rows by the thousand. COPY itself is not allowed under row-level security, so rows are copied into a
temporary table of the same shape and inserted from there: set-based, and under the policies."""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models.base import ModelState

Row = TypeVar("Row", bound=models.Model)


def row(model: type[Row], values: dict[str, Any]) -> Row:
    """An unsaved row from all of its columns. Django's own constructor, which looks at every field in turn
    for defaults and signals, costs ten times as much: most of the time of a load."""
    made = model.__new__(model)
    made.__dict__.update(values, _state=ModelState())
    return made


@contextmanager
def without_collector() -> Iterator[None]:
    """Rows by the hundred thousand and not a cycle among them: looking for cycles is a third of a load."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def insert(
    table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, on_conflict: str = ""
) -> None:
    """Insert rows inside the transaction that is open. `on_conflict` is the SQL after ON CONFLICT."""
    names = ", ".join(f'"{column}"' for column in columns)
    conflict = f" ON CONFLICT {on_conflict}" if on_conflict else ""
    with connection.cursor() as cursor:
        _copy(cursor, table, columns, rows)
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM bulk_{table}{conflict}")
        cursor.execute(f"DROP TABLE bulk_{table}")


def update(table: str, key: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Set `columns` of the rows with that key. Each row is (key, *columns)."""
    assignments = ", ".join(f'"{column}" = new."{column}"' for column in columns)
    with connection.cursor() as cursor:
        _copy(cursor, table, [key, *columns], rows)
        cursor.execute(
            f'UPDATE {table} AS old SET {assignments} FROM bulk_{table} AS new WHERE old."{key}" = new."{key}"'
        )
        cursor.execute(f"DROP TABLE bulk_{table}")


def _copy(cursor: Any, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    names = ", ".join(f'"{column}"' for column in columns)
    cursor.execute(
        f"CREATE TEMPORARY TABLE bulk_{table} ON COMMIT DROP AS SELECT {names} FROM {table} WITH NO DATA"
    )
    with cursor.copy(f"COPY bulk_{table} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
