"""Small files as data.police.uk publishes them, and the real ones where they are beside this checkout."""

from collections.abc import Sequence
from pathlib import Path

import pytest

DATA = Path(__file__).parents[3] / "shared" / "data" / "police_uk"
GOLDEN = Path(__file__).parents[3] / "shared" / "reference" / "golden"
needs_data = pytest.mark.skipif(not DATA.exists(), reason="the real files are not beside this checkout")
needs_golden = pytest.mark.skipif(not GOLDEN.exists(), reason="the reference is not beside this checkout")

HEADER = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
    "Last outcome category,Context"
)
OUTCOMES_HEADER = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Outcome type"
)
FORCE = "Borsetshire Police"
UNDER_INVESTIGATION = "Under investigation"
NO_SUSPECT = "Investigation complete; no suspect identified"
CHARGED = "Awaiting court outcome"


def crime_id(number: int) -> str:
    return f"{number:064x}"[::-1]


def row(
    number: int | None = 1,
    outcome: str = UNDER_INVESTIGATION,
    *,
    month: str = "2026-03",
    crime_type: str = "Burglary",
    place: str = "On or near Felpersham Road",
    force: str = FORCE,
) -> str:
    key = "" if number is None else crime_id(number)
    return (
        f"{key},{month},{force},{force},-2.1,52.1,{place},E01000001,Borchester 001A,{crime_type},{outcome},"
    )


def outcome_row(number: int, outcome: str, *, month: str = "2026-04", force: str = FORCE) -> str:
    return f"{crime_id(number)},{month},{force},{force},-2.1,52.1,On or near A1,E01000001,X,{outcome}"


def street(*rows: str, header: str = HEADER) -> bytes:
    return "".join(f"{line}\n" for line in (header, *rows)).encode()


def outcomes(*rows: str) -> bytes:
    return street(*rows, header=OUTCOMES_HEADER)


def write(folder: Path, name: str, rows: Sequence[str] | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(rows if isinstance(rows, bytes) else street(*rows))
    return path
