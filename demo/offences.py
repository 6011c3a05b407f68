"""What may happen to somebody, and how often: `offences.yaml` as values."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from random import Random

import msgspec
import yaml


@dataclass(frozen=True, slots=True)
class Offence:
    """A kind of crime as the demonstration tells it. The shares are explained in `offences.yaml`."""

    code: str
    title: str
    weight: float
    group: str
    facts: tuple[str, ...]
    days: float
    known: float
    women: float = 0.5
    child: float = 0.0
    business: float = 0.0
    injury: float = 0.0
    loss: float = 0.0
    enhanced: float = 0.0
    charged: float = 0.0
    disposal: float = 0.0
    declined: float = 0.0
    witness: float = 0.0
    second: float = 0.0
    repeat: float = 0.0
    restricted: float = 0.0
    warning: float = 0.0
    risk: tuple[float, ...] = ()
    types: tuple[str, ...] = ()

    @property
    def is_fatal(self) -> bool:
        return "bereaved" in self.facts

    @property
    def is_high_harm(self) -> bool:
        return bool({"offence:sexual", "offence:domestic_abuse", "offence:child_abuse"} & set(self.facts))


@lru_cache(maxsize=1)
def every() -> tuple[Offence, ...]:
    entries = yaml.safe_load((Path(__file__).parent / "offences.yaml").read_text(encoding="utf-8"))
    return tuple(msgspec.convert({"code": code, **entry}, Offence) for code, entry in entries.items())


def draw(random: Random) -> Offence:
    """One offence, as often as it happens."""
    return random.choices(every(), cum_weights=_weights(every()))[0]


def draw_of_type(random: Random, crime_type: str) -> Offence | None:
    """One offence that data.police.uk would publish under this crime type; None where it has no victim."""
    of_type = _of_type(crime_type)
    return random.choices(of_type, cum_weights=_weights(of_type))[0] if of_type else None


@lru_cache(maxsize=64)
def _of_type(crime_type: str) -> tuple[Offence, ...]:
    return tuple(offence for offence in every() if crime_type in offence.types)


@lru_cache(maxsize=64)
def _weights(offences: tuple[Offence, ...]) -> list[float]:
    return list(accumulate(offence.weight for offence in offences))
