"""Duties as the contract prints them: one line of JSON each, or a line of a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec

from alongside.rulebook.calendar import LONDON
from alongside.rulebook.model import Duty
from alongside.rulebook.rulebook import Rulebook
from alongside.rulebook.words import why

_encode = msgspec.json.Encoder().encode
_COLUMNS = (("CARE RECORD", 20), ("DUTY", 7), ("STATE", 9), ("DUE", 17), ("DONE", 17), ("OWNER", 17))


class Row(msgspec.Struct, gc=False):
    """One line of output, its fields in the contract's order."""

    care: str
    book: str
    duty: str
    right: int | None
    owner: str
    trigger: str
    trigger_id: str
    triggered_at: str
    enhanced: bool
    limit: str
    due: str | None
    state: str
    done_at: str | None
    done_id: str | None
    why: str


def as_json(care: str, duties: Iterable[Duty], rulebook: Rulebook) -> Iterator[bytes]:
    """Each duty as a line of JSON."""
    for duty in duties:
        yield _encode(row(care, duty, rulebook)) + b"\n"


def as_json_explained(row_: Row, explanation: list[str]) -> bytes:
    """The line with one more field: the whole reasoning, sentence by sentence."""
    fields: dict[str, Any] = {**msgspec.structs.asdict(row_), "explain": explanation}
    return _encode(fields) + b"\n"


def row(care: str, duty: Duty, rulebook: Rulebook) -> Row:
    rule = rulebook.rule(duty.book, duty.rule)
    return Row(
        care,
        duty.book,
        duty.rule,
        duty.right,
        duty.owner,
        duty.trigger,
        duty.trigger_id,
        in_london(duty.triggered_at),
        duty.enhanced,
        duty.limit,
        due_text(duty),
        duty.state,
        in_london(duty.done_at) if duty.done_at else None,
        duty.done_id,
        why(duty, rule),
    )


@lru_cache(maxsize=4096)
def in_london(moment: datetime) -> str:
    """RFC 3339 with London's own offset of that day."""
    return moment.astimezone(LONDON).isoformat()


def due_text(duty: Duty) -> str | None:
    """A date for limits in days, a moment for limits in hours."""
    if duty.due is None:
        return None
    return in_london(duty.due) if isinstance(duty.due, datetime) else duty.due.isoformat()


def table_head() -> str:
    return "  ".join(name.ljust(width) for name, width in _COLUMNS) + "  WHAT"


def as_table(care: str, duties: Iterable[Duty], rulebook: Rulebook) -> Iterator[bytes]:
    """Each duty as a line of a table for people. Widths are fixed, so that a table may be of any length."""
    for duty in duties:
        done = f"{duty.done_at.astimezone(LONDON):%Y-%m-%d %H:%M}" if duty.done_at else "-"
        due = f"{duty.due.astimezone(LONDON):%Y-%m-%d %H:%M}" if isinstance(duty.due, datetime) else duty.due
        cells = (care, duty.rule, duty.state, str(due or "-"), done, duty.owner)
        line = "  ".join(cell.ljust(width) for cell, (_, width) in zip(cells, _COLUMNS, strict=True))
        yield f"{line}  {rulebook.rule(duty.book, duty.rule).title}\n".encode()
