"""Plain words to tell somebody with, from a template per kind of thing that happened. Data: words/*.yaml."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from alongside.care.models import Event
from alongside.kernel import formats

UPDATE = "update"
TO_FILL_IN = re.compile(r"\[[^\]]+\]")
_FOLDER = Path(__file__).parent / "words"
_DATE_TO_FILL_IN = "[say the date and time]"


@dataclass(frozen=True, slots=True)
class Words:
    """What to say of one kind of thing. `witness` where a witness is told otherwise than a victim."""

    title: str
    text: str
    witness: str = ""


@lru_cache(maxsize=1)
def templates() -> dict[str, Words]:
    """Every template, by the kind of event it tells of."""
    entries: dict[str, Words] = {}
    for path in sorted(_FOLDER.glob("*.yaml")):
        for kind, entry in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            entries[kind] = Words(**{name: text.strip() for name, text in entry.items()})
    return entries


def draft(events: Iterable[Event], *, role: str, update: bool = False) -> str:
    """The words for all of these at once, oldest first, each in a paragraph of its own; said once where the same."""
    known = templates()
    kinds = [(event.kind, event) for event in sorted(events, key=lambda one: one.at) if event.kind in known]
    paragraphs = [_fill(known[kind], event, role) for kind, event in kinds]
    if update and not paragraphs:
        paragraphs = [known[UPDATE].text]
    return "\n\n".join(dict.fromkeys(paragraphs))


def left_to_fill_in(words: str) -> list[str]:
    """The places that only the teller can fill in and has not."""
    return TO_FILL_IN.findall(words)


def _fill(words: Words, event: Event, role: str) -> str:
    text = words.witness if role == "witness" and words.witness else words.text
    return text.replace("{day}", _day(event)).replace("{when}", _when(event.data.get("on")))


def _day(event: Event) -> str:
    on = formats.plain_day(event.at)
    return "a day in " + on.partition(" ")[2] if event.precision == "month" else on


def _when(value: Any) -> str:
    """The date that the event names, for the teller to fill in where it names none."""
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError:
        return _DATE_TO_FILL_IN
    is_day = len(str(value)) == 10 or at.tzinfo is None
    return (
        formats.day(date.fromisoformat(str(value)[:10]))
        if is_day
        else f"{formats.day(at)} at {formats.time_of_day(at)}"
    )
