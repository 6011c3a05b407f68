"""People who do not exist: names, ages, languages, needs."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import yaml

from alongside.care.models import Person

_ADULT_NEEDS = (
    ("large-print", 0.02),
    ("easy-read", 0.018),
    ("bsl", 0.006),
    ("hearing-loop", 0.012),
    ("step-free", 0.02),
)
_REMARKABLE = 0.012
_DOUBLE_NAME = 0.03


@dataclass(frozen=True, slots=True)
class Community:
    women: tuple[str, ...]
    men: tuple[str, ...]
    families: tuple[str, ...]
    languages: tuple[tuple[str, float], ...]


def invent(
    random: Random, force_id: UUID, *, women: float, today: date, youngest: int = 18, oldest: int = 84
) -> Person:
    """Somebody of that age at `today`."""
    community = _community(random)
    is_woman = random.random() < women
    name, known_as = name_of(random, community, is_woman=is_woman)
    # Most people who come to harm are under forty.
    age = youngest + (oldest - youngest) * random.random() ** (1.6 if oldest > youngest else 1)
    language, needs = _language_and_needs(random, community)
    return Person(
        force_id=force_id,
        name=name,
        known_as=known_as,
        date_of_birth=today - timedelta(days=int(age * 365.25)),
        language=language,
        needs=needs,
    )


def business(random: Random, force_id: UUID) -> Person:
    return Person(force_id=force_id, kind="business", name=random.choice(_read()["businesses"]))


def name_of(random: Random, community: Community, *, is_woman: bool) -> tuple[str, str]:
    """A name and, for some, what they are called."""
    drawn = random.random()
    if drawn < _REMARKABLE:
        return random.choice(_read()["remarkable"])
    given = random.choice(community.women if is_woman else community.men)
    family = random.choice(community.families)
    if drawn < _REMARKABLE + _DOUBLE_NAME:
        family = f"{family}-{random.choice(_communities()[0][0].families)}"
    return f"{given} {family}", given[:3] if 0.95 < drawn < 0.97 and given[:3].isascii() else ""


def staff_name(random: Random) -> str:
    community = _community(random)
    given = random.choice(community.women if random.random() < 0.5 else community.men)
    return f"{given} {random.choice(community.families)}"


def _community(random: Random) -> Community:
    communities, shares = _communities()
    return random.choices(communities, cum_weights=shares)[0]


def _language_and_needs(random: Random, community: Community) -> tuple[str, list[str]]:
    drawn = random.random()
    language = "en"
    for code, share in community.languages:
        drawn -= share
        if drawn < 0:
            language = code
            break
    needs = ["interpreter"] if language not in ("en", "cy") and random.random() < 0.8 else []
    drawn = random.random()
    for need, share in _ADULT_NEEDS:
        drawn -= share
        if drawn < 0:
            return language, [*needs, need]
    return language, needs


@lru_cache(maxsize=1)
def _communities() -> tuple[list[Community], list[int]]:
    entries = _read()["communities"]
    communities = [
        Community(
            tuple(entry["women"]),
            tuple(entry["men"]),
            tuple(entry["families"]),
            tuple(entry.get("languages", {}).items()),
        )
        for entry in entries
    ]
    return communities, list(accumulate(entry["share"] for entry in entries))


@lru_cache(maxsize=1)
def _read() -> dict[str, Any]:
    said = yaml.safe_load((Path(__file__).parent / "names.yaml").read_text(encoding="utf-8"))
    return {**said, "remarkable": [tuple(pair) for pair in said["remarkable"]]}
