"""The event catalogue and the declared facts: what can happen on a care record, and what may hold on it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from alongside.rulebook.yaml_files import read_shipped

GROUPS = (
    "report",
    "investigation",
    "suspect",
    "outcome",
    "needs",
    "contact",
    "court",
    "sentence",
    "services",
    "complaint",
    "record",
)
_CODE = re.compile(r"[a-z0-9][a-z0-9_:./-]{0,63}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_ID_LENGTH = 64
# A promise for the year 9999 is a slip, and its day has no end that a calendar could hold.
_YEARS = range(1900, 2100)
FACT = re.compile(r"[a-z0-9][a-z0-9_:-]{0,63}")


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a kind's payload."""

    name: str
    type: str
    required: bool = False
    values: tuple[str, ...] = ()
    between: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing that can happen."""

    name: str
    title: str
    group: str
    data: Mapping[str, Key]
    about: bool = False
    informational: bool = False
    engine: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """A tag that rules may speak of."""

    name: str
    title: str
    meaning: str | None = None


@lru_cache(maxsize=1)
def kinds() -> Mapping[str, Kind]:
    """Every kind in the catalogue, by name, in the catalogue's order."""
    return MappingProxyType({name: _kind(name, entry) for name, entry in read_shipped("events.yaml").items()})


@lru_cache(maxsize=1)
def facts() -> Mapping[str, Fact]:
    """Every declared fact, by name."""
    return MappingProxyType({name: Fact(name, **entry) for name, entry in read_shipped("facts.yaml").items()})


def nearest(kind: str, *, count: int = 3) -> list[str]:
    """The known kinds that an unknown one most resembles, the nearest first."""
    close = difflib.get_close_matches(kind, kinds(), n=count, cutoff=0.6)
    return close or difflib.get_close_matches(kind, kinds(), n=1, cutoff=0.0)


def closest(word: str, known: Iterable[str]) -> str:
    """The known word that this one most resembles."""
    return difflib.get_close_matches(word, list(known), n=1, cutoff=0.0)[0]


@lru_cache(maxsize=1024)
def unknown_kind(kind: str) -> str:
    """The sentence for a kind that is not in the catalogue."""
    return f"{kind!r} is not a kind of event; the nearest are {', '.join(nearest(kind))}"


def check_payload(kind: str, data: Mapping[str, Any], *, strict: bool = False) -> list[str]:
    """What is wrong with an event's data, one sentence each; nothing when all is well.

    Always checked is what the engine calculates with. `strict` also asks for every required key, refuses keys
    that the kind does not have and values outside its lists: for events that this system itself records.
    """
    known = kinds().get(kind)
    if known is None:
        return [unknown_kind(kind)]
    checked = known.data if strict else {name: known.data[name] for name in CALCULATED.get(kind, ())}
    errors = [error for name, key in checked.items() if (error := _error(kind, key, data, strict=strict))]
    if strict:
        errors += [_unknown_key(known, name) for name in data if name not in known.data and name != _WORDS]
    return errors


# Any event may point to words about it, which live in a row of their own.
_WORDS = "note"

# The keys that duties are calculated from, which any timeline must get right.
CALCULATED: Mapping[str, tuple[str, ...]] = {
    "care.opened": ("facts",),
    "facts.changed": ("add", "remove"),
    "needs.assessed": ("enhanced",),
    "contact.agreed": ("every_days",),
    "promise.made": ("by",),
    "event.voided": ("event",),
    "departure.recorded": ("duty",),
}


def _error(kind: str, key: Key, data: Mapping[str, Any], *, strict: bool) -> str | None:
    if key.name not in data:
        needed = key.required and (strict or kind in ("event.voided", "departure.recorded"))
        return f"{kind} needs data.{key.name}" if needed else None
    value = data[key.name]
    wanted = _mismatch(key, value)
    if wanted is None and strict and key.values and value not in key.values:
        wanted = "one of " + ", ".join(key.values)
    return f"data.{key.name} of {kind} must be {wanted}, not {value!r}" if wanted else None


def _mismatch(key: Key, value: Any) -> str | None:
    """What the value should have been, when it is not."""
    if key.type == "boolean":
        return None if isinstance(value, bool) else "true or false"
    if key.type == "integer":
        return None if _is_integer(value, key.between) else _integer_in_words(key.between)
    if key.type == "codes":
        is_list = isinstance(value, list | tuple)
        return (
            None if is_list and all(_is_text(each, FACT) for each in value) else "a list of lower-case words"
        )
    if key.type == "code":
        return None if _is_text(value, _CODE) else "a lower-case word"
    if key.type == "id":
        return None if isinstance(value, str) and 0 < len(value) <= _ID_LENGTH else "an id"
    return _date_mismatch(key.type, value)


def _date_mismatch(wanted: str, value: object) -> str | None:
    if wanted in ("date", "date_or_datetime") and _is_date(value):
        return None
    if wanted in ("datetime", "date_or_datetime") and _is_instant(value):
        return None
    return {
        "date": "a date such as 2026-03-02",
        "datetime": "a date and time with its offset, such as 2026-03-02T09:14:00Z",
        "date_or_datetime": "a date such as 2026-03-02, or a date and time with its offset",
    }[wanted]


def _is_integer(value: object, between: tuple[int, int] | None) -> bool:
    if not isinstance(value, int) or isinstance(value, bool):
        return False
    return between is None or between[0] <= value <= between[1]


def _integer_in_words(between: tuple[int, int] | None) -> str:
    return "a whole number" if between is None else f"a whole number from {between[0]} to {between[1]}"


def _is_text(value: object, pattern: re.Pattern[str]) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _is_date(value: object) -> bool:
    if not _is_text(value, _DATE):
        return False
    try:
        return date.fromisoformat(str(value)).year in _YEARS
    except ValueError:
        return False


def _is_instant(value: object) -> bool:
    if not isinstance(value, str):
        return False
    try:
        instant = datetime.fromisoformat(value)
        return instant.tzinfo is not None and instant.year in _YEARS
    except ValueError:
        return False


def _unknown_key(kind: Kind, name: str) -> str:
    has = ", ".join(kind.data) or "no data"
    return f"{kind.name} has no data.{name}; it has {has}"


def _kind(name: str, entry: Mapping[str, Any]) -> Kind:
    keys = {key: _key(key, said) for key, said in (entry.get("data") or {}).items()}
    flags = {flag: entry.get(flag, False) for flag in ("about", "informational", "engine")}
    return Kind(name, entry["title"], entry["group"], MappingProxyType(keys), **flags)


def _key(name: str, said: Mapping[str, Any]) -> Key:
    values = said.get("values", ())
    between = (values["from"], values["to"]) if isinstance(values, Mapping) else None
    return Key(name, said["type"], said.get("required", False), () if between else tuple(values), between)
