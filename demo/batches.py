"""Care records by the batch: made up, then through the bulk door, one transaction each."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from random import Random

from alongside.access import scope
from alongside.care import loading
from alongside.care.loading import Entry, Loaded
from alongside.care.models import Crime
from demo import courses, offences, records
from demo.clock import DAY, HOUR, minute_of, moment_of
from demo.real_crimes import RealCrime
from demo.records import Cast, Scene
from demo.staffing import Division

_SPAN_DAYS = 400
_PLACES = (
    "Abbey Road", "Bridge Street", "Castle Hill", "Church Lane", "Corn Square", "Gaol Lane", "High Street", "Mill Lane",
    "Old Market", "Orchard Close", "Parkland View", "Priory Gardens", "Quarry Road", "River Walk", "School Lane",
    "Station Approach", "St Milburga's Close", "Sycamore Avenue", "Teme Crescent", "Wharfage",
)  # fmt: skip


def invent(division: Division, *, size: int, seed: int, as_of: datetime) -> list[Entry]:
    """That many care records out of nothing. The same arguments make the same timelines and names."""
    return _entries(_scenes(division, seed=seed, until=minute_of(as_of)), size=size)


def dress(
    division: Division, crimes: Sequence[RealCrime], *, size: int, seed: int, as_of: datetime
) -> list[Entry]:
    """Care records for real crimes: their people and days invented. Crimes without a victim are passed over."""
    return _entries(_real_scenes(division, crimes, seed=seed, until=minute_of(as_of)), size=size)


def load(division: Division, entries: list[Entry], *, as_of: datetime) -> Loaded:
    """Write one batch in the force's own scope: whole, or not at all."""
    with scope.enter(division.job.scope):
        return loading.load(entries, actor=division.job, now=as_of)


def _entries(scenes: Iterable[Scene], *, size: int) -> list[Entry]:
    cast = Cast()
    made: list[Entry] = []
    for scene in scenes:
        made += records.entries(scene, cast)
        if len(made) >= size:
            break
    return made[:size]


def _scenes(division: Division, *, seed: int, until: int) -> Iterator[Scene]:
    for index in range(1, 1 << 30):
        random = Random((seed << 44) | (division.number << 20) | index)
        offence = offences.draw(random)
        reported = until - HOUR - int(random.random() ** 1.15 * _SPAN_DAYS * DAY)
        ending = courses.drawn_ending(random, offence)
        course = courses.follow(random, offence, reported, ending)
        happened = moment_of(reported - int(random.expovariate(0.4) * DAY)).date()
        crime = Crime(
            force_id=division.force_id,
            reference=_reference(division, index, reported),
            source="demonstration",
            source_reference=_reference(division, index, reported),
            offence_group=offence.group,
            happened_on=happened,
            place=f"On or near {random.choice(_PLACES)}",
        )
        yield Scene(random, division, offence, course, crime, until)


def _real_scenes(
    division: Division, crimes: Sequence[RealCrime], *, seed: int, until: int
) -> Iterator[Scene]:
    for index, real in enumerate(crimes, start=1):
        random = Random((seed << 44) | (division.number << 20) | index)
        offence = offences.draw_of_type(random, real.crime_type)
        happened = real.happened_on(random)
        reported = minute_of(datetime(happened.year, happened.month, happened.day, 8, tzinfo=UTC))
        reported += int(random.expovariate(0.5) * DAY)
        if offence is None or reported > until - HOUR:
            continue
        course = courses.follow(random, offence, reported, real.ending(random))
        crime = Crime(
            force_id=division.force_id,
            reference=_reference(division, index, reported),
            source="demonstration",
            source_reference=real.crime_id,
            offence_group=offence.group,
            happened_on=happened,
            place=real.place,
            area_code=real.area_code,
            outcome=real.outcome,
        )
        yield Scene(random, division, offence, course, crime, until)


def _reference(division: Division, index: int, reported: int) -> str:
    return f"SM-{division.number * 10_000 + index:07}-{moment_of(reported):%y}"
