"""The database side of access: for one transaction, take an audience's role and say who is asking.

The web login itself may read nothing (ops/roles.sql). A query outside a scope fails loudly with
"permission denied"; a scope without a force sees no rows.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection, transaction

if TYPE_CHECKING:
    from alongside.access.models import Access


class DbRole(StrEnum):
    NONE = "none"
    STAFF = "alongside_staff"
    SYSTEM = "alongside_system"


@dataclass(frozen=True, slots=True)
class Scope:
    role: DbRole
    force_id: UUID | None = None
    user_id: UUID | None = None


# Entries of the access log wait here and are written last, because each locks the end of its force's
# chain until COMMIT: written first, they would make every page of a force wait for every other.
_waiting: ContextVar[list["Access"] | None] = ContextVar("waiting_access_entries", default=None)


@contextmanager
def enter(scope: Scope) -> Iterator[None]:
    """One transaction as an audience. Nothing in it is kept unless all of it is, access log included.

    Raises RuntimeError inside another transaction: scopes do not nest.
    """
    entries: list[Access] = []
    token = _waiting.set(entries)
    try:
        with transaction.atomic(durable=True):
            _apply(scope)
            yield
            if entries:
                type(entries[0]).objects.bulk_create(entries)
        if connection.in_atomic_block:  # tests keep an outer transaction open
            _apply(Scope(role=DbRole.NONE))
    finally:
        _waiting.reset(token)


def write_at_the_end(entry: "Access") -> None:
    """Add to the access log as the last thing of the scope that is open.

    Raises LookupError outside a scope: an access without an asker can not be.
    """
    entries = _waiting.get()
    if entries is None:
        raise LookupError("There is no open scope: enter one before writing to the access log.")
    entries.append(entry)


def _apply(scope: Scope) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('role', %s, true), set_config('app.force_id', %s, true),"
            " set_config('app.user_id', %s, true)",
            [scope.role, str(scope.force_id or ""), str(scope.user_id or "")],
        )
