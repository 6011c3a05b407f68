"""The publisher's lists, as data: what its outcomes and crime types mean here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Outcome:
    """One outcome category and the event that it becomes."""

    category: str
    code: str
    kind: str
    rank: int
    stage: int
    again: str | None = None
    final: bool = False
    data: Mapping[str, Any] = field(default_factory=dict, compare=False)
    types: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class CrimeType:
    """One crime type: the offence group, and the facts that certainly hold."""

    name: str
    api: str | None
    group: str
    facts: tuple[str, ...]


def outcomes(month: date) -> Mapping[str, Outcome]:
    """The outcomes that a crime of this month may have, by category."""
    editions = [known for begins, known in _editions() if begins <= month]
    return editions[-1] if editions else MappingProxyType({})


def wording(outcome: Outcome) -> str:
    """The category that stands for this outcome where the publisher has two wordings."""
    return _wordings()[outcome.code]


@cache
def final_codes() -> frozenset[str]:
    """Outcomes after which the publisher says nothing more, unless the crime is taken up again."""
    return frozenset(one.code for _, known in _editions() for one in known.values() if one.final)


@cache
def crime_types() -> Mapping[str, CrimeType]:
    return MappingProxyType(
        {
            name: CrimeType(name, entry["api"], entry["group"], tuple(entry["facts"]))
            for name, entry in _read("crime_types.yaml").items()
        }
    )


@cache
def crime_types_of_api() -> Mapping[str, CrimeType]:
    return MappingProxyType({one.api: one for one in crime_types().values() if one.api})


@cache
def _editions() -> list[tuple[date, Mapping[str, Outcome]]]:
    """In the order in which they begin to hold."""
    read = [
        (date.fromisoformat(f"{edition['from']}-01"), _edition(edition["outcomes"]))
        for edition in _read("outcomes.yaml")
    ]
    return sorted(read, key=lambda edition: edition[0])


@cache
def _wordings() -> Mapping[str, str]:
    wordings: dict[str, str] = {}
    for _, known in reversed(_editions()):
        for one in known.values():
            wordings.setdefault(one.code, one.category)
    return wordings


def _edition(entries: Mapping[str, dict[str, Any]]) -> Mapping[str, Outcome]:
    return MappingProxyType(
        {
            category: Outcome(category, rank=rank, **{**entry, "types": tuple(entry.get("types", ()))})
            for rank, (category, entry) in enumerate(entries.items())
        }
    )


def _read(name: str) -> Any:
    return yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
