"""The JSON form of the data.police.uk API, as rows like those of a street file.

The number of a row is its place in the list, from 1.
"""

from collections.abc import Iterator

import msgspec

from alongside.intake.csv_lines import Damaged, FileRefused


class Street(msgspec.Struct):
    name: str


class Location(msgspec.Struct):
    street: Street


class OutcomeStatus(msgspec.Struct):
    category: str
    date: str = ""


class Crime(msgspec.Struct):
    persistent_id: str
    month: str
    category: str
    location: Location | None = None
    outcome_status: OutcomeStatus | None = None


def rows(raw: bytes) -> Iterator[tuple[int, tuple[str, ...] | Damaged]]:
    """Each crime, in the order of a street file's columns and then the outcome's own month."""
    try:
        entries = msgspec.json.decode(raw.removeprefix(b"\xef\xbb\xbf"), type=list[msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise FileRefused(f"is not the API's list of crimes: {error}") from error
    decode = msgspec.json.Decoder(Crime).decode
    for number, entry in enumerate(entries, start=1):
        try:
            yield number, _row(decode(entry))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            yield number, Damaged(number, f"is not a crime as the API gives it: {error}")


def _row(crime: Crime) -> tuple[str, ...]:
    place = crime.location.street.name if crime.location else ""
    outcome = crime.outcome_status
    return (
        crime.persistent_id,
        crime.month,
        "",
        place,
        "",
        crime.category,
        outcome.category if outcome else "",
        outcome.date if outcome else "",
    )
