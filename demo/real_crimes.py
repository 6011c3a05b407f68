"""Real crimes from data.police.uk: their place, kind, month and outcome. The people and the days are invented."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

from alongside.intake import police_uk_files
from alongside.intake.police_uk_files import PublishedCrime
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
    month: date
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
        return self.month + timedelta(days=random.randrange(28))


def read(paths: Iterable[Path], *, latest: date) -> Iterator[RealCrime]:
    """Every crime once, as `alongside import police-uk` reads it. Anti-social behaviour has no ID, no outcome and
    no victim on it, and is left out with whatever else can not be read. Raises FileRefused."""
    seen: set[str] = set()
    for path in paths:
        files = sorted(path.rglob("*-street.csv")) if path.is_dir() else [path]
        for file in files:
            for crime in police_uk_files.read(file.read_bytes(), latest=latest).crimes:
                if crime.crime_id not in seen:
                    seen.add(crime.crime_id)
                    yield _real(crime)


def brought_forward(crimes: Sequence[RealCrime], *, to: date) -> list[RealCrime]:
    """The same crimes, all moved by so many months that the last month becomes the one before `to`."""
    last = max(crime.month for crime in crimes)
    by = (to.year * 12 + to.month - 2) - (last.year * 12 + last.month - 1)
    return [replace(crime, month=_later(crime.month, by)) for crime in crimes]


def _later(month: date, by: int) -> date:
    number = month.year * 12 + month.month - 1 + by
    return date(number // 12, number % 12 + 1, 1)


def _real(crime: PublishedCrime) -> RealCrime:
    last = max(crime.outcomes, key=lambda outcome: (outcome.stage, outcome.rank), default=None)
    outcome = last.category if last else ""
    return RealCrime(
        crime.crime_id, crime.month, crime.crime_type.name, crime.place, crime.area_code, outcome
    )
