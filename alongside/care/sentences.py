"""A kind and its payload -> what staff read in the timeline. Made when read; the words are data in sentences.yaml."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from alongside.care.models import Event
from alongside.kernel import formats
from alongside.rulebook import catalogue

_PART = re.compile(r"\[([^\]]*)\]")
_SLOT = re.compile(r"\{(\w+)\}")
_PROPER = {"enhanced"}  # Enhanced Rights are written with capitals wherever they stand
NOBODY: Mapping[str, str] = {}


def of(event: Event, *, names: Mapping[str, str] = NOBODY) -> str:
    """The sentence of an event. `names` puts names to the ids of people that its payload may hold."""
    return sentence(event.kind, event.data, names=names)


def sentence(kind: str, data: Mapping[str, Any], *, names: Mapping[str, str] = NOBODY) -> str:
    """Police decided not to prosecute: insufficient evidence."""

    def filled(part: re.Match[str]) -> str:
        values = [shown(kind, name, data, names) for name in _SLOT.findall(part[1])]
        return _SLOT.sub(lambda slot: shown(kind, slot[1], data, names), part[1]) if all(values) else ""

    pattern = _book()["sentences"].get(kind, kind)
    whole = _PART.sub(filled, pattern)
    text = _SLOT.sub(lambda slot: shown(kind, slot[1], data, names) or "not said", whole)
    return text[:1].upper() + text[1:]


def shown(kind: str, name: str, data: Mapping[str, Any], names: Mapping[str, str] = NOBODY) -> str:
    """One value of a payload in words; nothing where it is absent, or an id that has no name here."""
    value = data.get(name)
    known = catalogue.kinds().get(kind)
    key = known.data.get(name) if known else None
    if value is None or value == [] or key is None:
        return ""
    if kind == "departure.recorded" and name == "duty":
        return str(value)
    if key.type == "id":
        return names.get(str(value), "")
    if key.type == "codes":
        return _listed([in_words(str(code), key=name) for code in value])
    if key.type in ("date", "datetime", "date_or_datetime"):
        return _when(str(value))
    return in_words(str(value).lower() if isinstance(value, bool) else str(value), key=name)


def in_words(code: str, *, key: str = "") -> str:
    """A code in words: the ones in sentences.yaml, the title of a fact, or the code itself with spaces."""
    words = _book()["words"]
    if found := words.get(f"{key}.{code}") or words.get(code):
        return found
    if fact := catalogue.facts().get(code):
        return fact.title if code in _PROPER else fact.title[:1].lower() + fact.title[1:]
    return re.sub(r"[-_:./]+", " ", code).strip()


def owner(code: str) -> str:
    """Whose duty it is."""
    return _book()["owners"].get(code) or in_words(code).capitalize()


@lru_cache(maxsize=1)
def _book() -> dict[str, dict[str, str]]:
    return yaml.safe_load((Path(__file__).parent / "sentences.yaml").read_text(encoding="utf-8"))


def _listed(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _when(value: str) -> str:
    """Imported payloads may hold anything: what is not a date is shown as it came."""
    try:
        return formats.plain_day(date.fromisoformat(value)) if len(value) == 10 else _moment(value)
    except ValueError:
        return value


def _moment(value: str) -> str:
    at = datetime.fromisoformat(value)
    return formats.moment(at) if at.tzinfo else formats.plain_day(at.date())
