"""Real crimes from data.police.uk: their place, kind, month and outcome. The people and the days are invented."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from demo.courses import Ending

_OUTCOMES = {
    "Investigation complete; no suspect identified": Ending.NO_SUSPECT,
    "Status update unavailable": Ending.NOT_KNOWN,
    "Under investigation": Ending.NOT_KNOWN,
    "Action to be taken by another organisation": Ending.OTHER_BODY,
    "Further investigation is not in the public interest": Ending.NOT_IN_PUBLIC_INTEREST,
    "Further action is not in the public interest": Ending.NOT_IN_PUBLIC_INTEREST,
    "Formal action is not in the public interest": Ending.NOT_IN_PUBLIC_INTEREST,
    "Local resolution": Ending.DISPOSAL,
    "Offender given a caution": Ending.DISPOSAL,
    "Offender given a drugs possession warning": Ending.DISPOSAL,
    "Offender given penalty notice": Ending.DISPOSAL,
    "Court result unavailable": Ending.COURT_NOT_KNOWN,
    "Suspect charged as part of another case": Ending.COURT_NOT_KNOWN,
    "Awaiting court outcome": Ending.PENDING,
    "Defendant sent to Crown Court": Ending.PENDING,
    "Court case unable to proceed": Ending.STOPPED,
    "Defendant found not guilty": Ending.ACQUITTED,
    "Offender given absolute discharge": Ending.DISCHARGED,
    "Offender given conditional discharge": Ending.DISCHARGED,
    "Offender otherwise dealt with": Ending.DISCHARGED,
    "Offender fined": Ending.FINED,
    "Offender ordered to pay compensation": Ending.FINED,
    "Offender deprived of property": Ending.FINED,
    "Offender given community sentence": Ending.COMMUNITY,
    "Offender given suspended prison sentence": Ending.SUSPENDED,
    "Offender sent to prison": Ending.PRISON,
}
_UNABLE = "Unable to prosecute suspect"


@dataclass(frozen=True, slots=True)
class RealCrime:
    crime_id: str
    month: str
    crime_type: str
    place: str
    area_code: str
    outcome: str

    def ending(self, random: Random) -> Ending:
        """What the published outcome says became of it."""
        if self.outcome == _UNABLE:
            return Ending.NO_SUPPORT if random.random() < 0.5 else Ending.EVIDENCE
        return _OUTCOMES.get(self.outcome, Ending.NOT_KNOWN)

    def happened_on(self, random: Random) -> date:
        """A day of its month, made up."""
        first = date.fromisoformat(f"{self.month}-01")
        return first + timedelta(days=random.randrange(28))


def read(paths: Iterable[Path]) -> Iterator[RealCrime]:
    """Every crime once. Anti-social behaviour has no ID, no outcome and no victim on it, and is left out."""
    seen: set[str] = set()
    for path in paths:
        files = sorted(path.rglob("*-street.csv")) if path.is_dir() else [path]
        for file in files:
            with file.open(encoding="utf-8-sig", newline="") as lines:
                for row in csv.DictReader(lines):
                    crime_id = row.get("Crime ID") or ""
                    if crime_id and crime_id not in seen:
                        seen.add(crime_id)
                        yield RealCrime(
                            crime_id, row["Month"], row["Crime type"], row["Location"], row["LSOA code"],
                            row["Last outcome category"],
                        )  # fmt: skip
