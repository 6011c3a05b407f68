"""Keys. Version 7: they sort by the time they were made, which keeps indexes compact."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    return uuid7()


def parse_id(text: str | None) -> UUID | None:
    """The key that somebody's address names; None where it names none."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
