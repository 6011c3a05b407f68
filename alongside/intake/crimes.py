"""From what data.police.uk publishes to crimes, care records and the events of their timelines.

No database. The publisher knows months, so every event has the precision of a month and starts no clock.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from uuid import UUID

from alongside.care.history import Happening
from alongside.care.loading import Entry
from alongside.care.models import CareRecord, Crime
from alongside.intake import lists
from alongside.intake.lists import Outcome
from alongside.intake.police_uk_files import PublishedCrime
from alongside.kernel.ids import new_id
from alongside.rulebook.calendar import LONDON

SOURCE = "police-uk"
PUBLISHED_FIELDS = ("offence_group", "place", "area_code", "outcome")
# Between a crime's outcomes, in the order of the list, where it has several.
_BETWEEN = " | "
_DIGITS = (12, 16, 24, 32)
_LONGEST_PREFIX = 20


def reference(crime_id: str, *, force_code: str, taken: Collection[str] = ()) -> str:
    """What people call a crime: short, and the same whenever it is imported. Longer only where that is taken."""
    words = force_code.upper().split("-")
    prefix = ("".join(word[:1] for word in words) if len(words) > 1 else words[0])[:_LONGEST_PREFIX]
    candidates = (f"{prefix}-{crime_id[:digits].upper()}" for digits in _DIGITS)
    return next(candidate for candidate in candidates if candidate not in taken)


def new_entry(
    published: PublishedCrime, *, force_code: str, force_id: UUID, taken: set[str], months: "Months"
) -> Entry:
    """A crime that was not known, the record of its victim (nobody yet), and what is known to have happened."""
    crime = Crime(
        id=new_id(),
        force_id=force_id,
        reference=reference(published.crime_id, force_code=force_code, taken=taken),
        source=SOURCE,
        source_reference=published.crime_id,
        happened_on=published.month,
        happened_precision="month",
    )
    taken.add(crime.reference)
    bring_up_to_date(crime, published)
    opened_at = start_of(published.month)
    record = CareRecord(
        id=new_id(),
        force_id=force_id,
        reference=f"{crime.reference}/V1",
        role=CareRecord.Role.VICTIM,
        crime=crime,
        opened_at=opened_at,
    )
    facts = ["victim", *published.crime_type.facts]
    happenings = [
        _happening("care.opened", opened_at, "opened", {"facts": facts, "source": SOURCE}),
        _happening("crime.reported", opened_at, "reported", {"route": "import", "source": SOURCE}),
    ]
    before: list[str] = []
    for outcome in _in_order(published.outcomes):
        month = published.outcomes[outcome] or months.of(published, outcome)
        happenings.append(outcome_happening(outcome, at=start_of(month), before=before))
        before.append(outcome.code)
    return Entry(record, happenings, is_new=True, with_rows=[crime])


def differs(crime: Crime, published: PublishedCrime) -> bool:
    """Whether the publisher says something else of the crime than before."""
    return any(getattr(crime, name) != value for name, value in _as_published(crime, published).items())


def bring_up_to_date(crime: Crime, published: PublishedCrime) -> None:
    """Make the crime what its publisher says now."""
    for name, value in _as_published(crime, published).items():
        setattr(crime, name, value)


def changes(
    crime: Crime,
    published: PublishedCrime,
    *,
    record: CareRecord,
    before: Sequence[str],
    months: "Months",
    now: datetime,
) -> list[Happening]:
    """What a later release says has happened since: one event for each outcome that it did not say before.

    An outcome is dated by its own month where that is known; else by the month in which we learn of it, since
    the publisher says only that it happened between two releases. `before` are the codes of the outcomes that
    the record has so far.
    """
    known = {outcome.code for outcome in _said(crime.outcome, published.month)}
    happenings = _reclassification(record, crime, published, now=now)
    codes = list(before)
    for outcome in _in_order(published.outcomes):
        if outcome.code not in known:
            month = published.outcomes[outcome] or months.get(published, outcome) or _month_of(now)
            happenings.append(
                outcome_happening(outcome, at=start_of(max(month, published.month)), before=codes)
            )
            codes.append(outcome.code)
    return happenings


def outcome_happening(outcome: Outcome, *, at: datetime, before: Sequence[str]) -> Happening:
    """The event of an outcome. Numbered, so that an outcome that comes back is another event."""
    kind = outcome.again if outcome.again and _was_decided(outcome, before) else outcome.kind
    return _happening(kind, at, f"{SOURCE}:{len(before) + 1}:{outcome.code}", dict(outcome.data))


def codes_of(event_ids: Iterable[str]) -> list[str]:
    """The outcomes so far, from the ids of their events."""
    return [event_id.split(":")[2] for event_id in event_ids if event_id.startswith(f"{SOURCE}:")]


def note_outcome(crime: Crime, outcome: Outcome) -> None:
    """An outcomes file's outcome becomes the crime's latest, unless the crime is known to be further on."""
    said = _said(crime.outcome, crime.happened_on)
    if outcome.stage < max((one.stage for one in said), default=0):
        return
    several = said if len(said) > 1 else []
    crime.outcome = _categories({*several, outcome})


def start_of(month: date) -> datetime:
    """The first instant of a month in London."""
    return datetime(month.year, month.month, 1, tzinfo=LONDON).astimezone(UTC)


class Months:
    """The months of outcomes, from the outcomes files of the same import."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], date] = {}

    def add(self, crime_id: str, outcome: Outcome, month: date) -> None:
        """Of several, the first."""
        key = (crime_id, outcome.code)
        self._known[key] = min(month, self._known.get(key, month))

    def get(self, published: PublishedCrime, outcome: Outcome) -> date | None:
        return self._known.get((published.crime_id, outcome.code))

    def of(self, published: PublishedCrime, outcome: Outcome) -> date:
        """At the earliest the crime's own, which it is where nobody says more."""
        return max(published.month, self.get(published, outcome) or published.month)


def _as_published(crime: Crime, published: PublishedCrime) -> dict[str, str]:
    # Files and API differ in capital letters, and the API names no area.
    is_same_place = crime.place.casefold() == published.place.casefold()
    return {
        "offence_group": published.crime_type.group,
        "place": crime.place if is_same_place else published.place,
        "area_code": published.area_code or crime.area_code,
        "outcome": _categories(published.outcomes),
    }


def _reclassification(
    record: CareRecord, crime: Crime, published: PublishedCrime, *, now: datetime
) -> list[Happening]:
    """Another crime type than before: the offence facts that certainly held give way to those that do now."""
    if crime.offence_group == published.crime_type.group:
        return []
    earlier = {
        fact for one in lists.crime_types().values() if one.group == crime.offence_group for fact in one.facts
    }
    add = sorted(set(published.crime_type.facts) - set(record.facts))
    remove = sorted((earlier - set(published.crime_type.facts)) & set(record.facts))
    if not add and not remove:
        return []
    data = {"add": add, "remove": remove, "reason": SOURCE}
    return [Happening("facts.changed", now, data=data, precision="month")]


def _happening(kind: str, at: datetime, event_id: str, data: Mapping[str, object]) -> Happening:
    return Happening(kind, at, data=dict(data), precision="month", event_id=event_id)


def _in_order(outcomes: Iterable[Outcome]) -> list[Outcome]:
    return sorted(outcomes, key=lambda outcome: outcome.rank)


def _categories(outcomes: Iterable[Outcome]) -> str:
    """As the crime keeps them: one wording an outcome, street files' own where there are two."""
    return _BETWEEN.join(lists.wording(outcome) for outcome in _in_order(outcomes))


def _said(categories: str, month: date | None) -> list[Outcome]:
    known = lists.outcomes(month or date.max)
    return [known[category] for category in categories.split(_BETWEEN) if category in known]


def _was_decided(outcome: Outcome, before: Sequence[str]) -> bool:
    """Whether the crime had this outcome, or a final one, before."""
    return any(code == outcome.code or code in lists.final_codes() for code in before)


def _month_of(now: datetime) -> date:
    return now.astimezone(LONDON).date().replace(day=1)
