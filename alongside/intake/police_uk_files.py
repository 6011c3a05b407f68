"""What data.police.uk publishes, read into crimes and outcomes. No database: the same bytes give the same answer.

Street files (and the API's JSON) say what each crime is and its latest outcome, without its date. Outcomes
files say which outcome a crime had in which month. Everything that can not be believed is named by its line.
"""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from alongside.intake import lists, police_uk_api
from alongside.intake.csv_lines import Damaged, FileRefused, Table
from alongside.intake.csv_lines import read as read_csv
from alongside.intake.lists import CrimeType, Outcome

NO_PLACE = "No Location"
STREET = ("Crime ID", "Month", "Reported by", "Location", "LSOA code", "Crime type", "Last outcome category")
OUTCOMES = ("Crime ID", "Month", "Reported by", "Outcome type")
_CRIME_ID = re.compile(r"[0-9a-f]{64}")
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
Row = tuple[int, tuple[str, ...] | Damaged]
Entry = TypeVar("Entry")
EARLIEST = date(2010, 12, 1)  # the publisher's first month


@dataclass(frozen=True, slots=True)
class Refusal:
    line: int
    reason: str


@dataclass(slots=True)
class PublishedCrime:
    """One crime and its latest outcomes, whichever lines they stood on.

    Some crimes stand on several lines (several people or offences), in an order that changes from release
    to release: so their outcomes are a set, and their place is the first by name that is known.
    """

    line: int
    crime_id: str
    month: date
    crime_type: CrimeType
    place: str
    area_code: str
    # The month of an outcome where the publisher gives it (only the API does).
    outcomes: dict[Outcome, date | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PublishedOutcome:
    """One line of an outcomes file."""

    line: int
    crime_id: str
    month: date
    outcome: Outcome


@dataclass(slots=True)
class Contents:
    """One file, read."""

    # Police forces by the name that the file gives them; the API names none.
    reported_by: str | None = None
    crimes: list[PublishedCrime] = field(default_factory=list)
    outcomes: list[PublishedOutcome] = field(default_factory=list)
    read: int = 0
    without_id: int = 0
    duplicate_id: int = 0
    refusals: list[Refusal] = field(default_factory=list)


def read(raw: bytes, *, latest: date) -> Contents:
    """The crimes and outcomes of a file. `latest` is the month after which nothing can have happened yet.

    Raises FileRefused where the file as a whole is not what it should be.
    """
    if raw.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{"):
        return _read_street(police_uk_api.rows(raw), latest=latest, crime_type=_crime_type_of_api)
    table = read_csv(raw)
    if "Outcome type" in table.columns and "Last outcome category" not in table.columns:
        return _read_outcomes(_rows(table, OUTCOMES, what="an outcomes file"), latest=latest)
    return _read_street(_rows(table, STREET, what="a street file"), latest=latest, crime_type=_crime_type)


def _rows(table: Table, names: tuple[str, ...], *, what: str) -> Iterable[Row]:
    indexes = table.indexes(names, what=what)
    for line in table:
        if isinstance(line, Damaged):
            yield line.number, line
        else:
            yield line.number, tuple(line.values[index].strip() for index in indexes)


def _read_street(rows: Iterable[Row], *, latest: date, crime_type: Callable[[str], CrimeType]) -> Contents:
    contents = Contents()
    found: dict[str, PublishedCrime] = {}
    for number, row in rows:
        contents.read += 1
        try:
            if isinstance(row, Damaged):
                raise ValueError(row.reason)
            crime_id, month, reported_by, place, area_code, kind, outcome, *outcome_month = row
            if not crime_id:
                contents.without_id += 1
                continue
            _same_force(contents, reported_by)
            of = _month(month, latest=latest)
            crime = PublishedCrime(
                number,
                _known_id(crime_id),
                of,
                crime_type(kind),
                "" if place == NO_PLACE else place,
                area_code,
            )
            if outcome:
                dated = _month(outcome_month[0], latest=latest) if any(outcome_month) else None
                crime.outcomes[_outcome(outcome, of)] = max(dated, of) if dated else None
            earlier = found.setdefault(crime.crime_id, crime)
            if earlier is not crime:
                _merge(earlier, crime)
                contents.duplicate_id += 1
        except ValueError as error:
            contents.refusals.append(Refusal(number, str(error)))
    contents.crimes = list(found.values())
    return contents


def _read_outcomes(rows: Iterable[Row], *, latest: date) -> Contents:
    contents = Contents()
    for number, row in rows:
        contents.read += 1
        try:
            if isinstance(row, Damaged):
                raise ValueError(row.reason)
            crime_id, month, reported_by, outcome = row
            if not crime_id:
                contents.without_id += 1
                continue
            _same_force(contents, reported_by)
            of = _month(month, latest=latest)
            contents.outcomes.append(PublishedOutcome(number, _known_id(crime_id), of, _outcome(outcome, of)))
        except ValueError as error:
            contents.refusals.append(Refusal(number, str(error)))
    return contents


def _merge(crime: PublishedCrime, other: PublishedCrime) -> None:
    """Another line about the same crime. Raises ValueError where it can not be the same."""
    if (crime.month, crime.crime_type) != (other.month, other.crime_type):
        raise ValueError(
            f"has the crime ID of line {crime.line} but another month or crime type: one of the two is wrong"
        )
    if (not crime.place, crime.place, crime.area_code) > (not other.place, other.place, other.area_code):
        crime.place, crime.area_code = other.place, other.area_code
    crime.outcomes = {**other.outcomes, **crime.outcomes}


def _same_force(contents: Contents, reported_by: str) -> None:
    contents.reported_by = contents.reported_by or reported_by or None
    if reported_by and reported_by != contents.reported_by:
        raise ValueError(
            f"is reported by “{reported_by}”, the lines before it by “{contents.reported_by}”: a file is of one force"
        )


def _known_id(crime_id: str) -> str:
    if not _CRIME_ID.fullmatch(crime_id.lower()):
        raise ValueError("the crime ID is not 64 hexadecimal digits")
    return crime_id.lower()


def _month(text: str, *, latest: date) -> date:
    if not _MONTH.fullmatch(text):
        raise ValueError(f"“{text}” is not a month such as 2019-03")
    month = date.fromisoformat(f"{text}-01")
    if not EARLIEST <= month <= latest:
        raise ValueError(f"the month {text} is not from {EARLIEST:%Y-%m} to {latest:%Y-%m}")
    return month


def _crime_type(name: str) -> CrimeType:
    return _one_of(lists.crime_types(), name, what="a crime type")


def _crime_type_of_api(name: str) -> CrimeType:
    return _one_of(lists.crime_types_of_api(), name, what="a category")


def _outcome(category: str, month: date) -> Outcome:
    return _one_of(lists.outcomes(month), category, what="an outcome")


def _one_of(known: Mapping[str, Entry], name: str, *, what: str) -> Entry:
    entry = known.get(name)
    if entry is None:
        near = difflib.get_close_matches(name, known, n=1, cutoff=0)
        nearest = f"; the nearest is “{near[0]}”" if near else ""
        raise ValueError(f"“{name}” is not {what} that we know{nearest}")
    return entry


__all__ = ["Contents", "FileRefused", "PublishedCrime", "PublishedOutcome", "Refusal", "read"]
