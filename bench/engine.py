"""How fast duties follow from timelines: in memory, and by `alongside duties --grouped` from file to file.

Prints JSON. The aim (docs/performance.md): 1,000,000 care records of 12 events in under 60 s on 2 cores,
which is 8,334 records a second and core.
"""

import json
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from alongside.rulebook import engine, loader
from alongside.rulebook.model import Event

RECORDS = 20_000
AIM = 1_000_000 / 60 / 2
AS_OF = datetime(2026, 6, 30, 11, 0, tzinfo=UTC)
STORY = (
    ("care.opened", 0, {"facts": ["victim", "offence:violent"]}, ()),
    ("crime.reported", 0, {}, ()),
    ("needs.assessed", 3, {"enhanced": True}, ()),
    ("referral.made", 20, {}, ()),
    ("contact.agreed", 24, {"every_days": 14}, ()),
    ("suspect.arrested", 30, {}, ()),
    ("victim.informed", 50, {}, ("suspect.arrested",)),
    ("suspect.bailed", 54, {}, ()),
    ("victim.informed", 70, {}, ("suspect.bailed",)),
    ("suspect.charged", 400, {}, ()),
    ("victim.informed", 430, {}, ("suspect.charged",)),
    ("hearing.notified", 600, {}, ()),
)


def story(number: int) -> list[dict[str, object]]:
    begun = datetime(2026, 2, 2, 9, 0, tzinfo=UTC) + timedelta(minutes=number % 100_000)
    return [
        {
            "care": f"B{number:07}", "id": f"e{place}", "kind": kind, "data": data, "about": list(about),
            "at": (begun + timedelta(hours=hours)).isoformat(),
        }
        for place, (kind, hours, data, about) in enumerate(STORY)
    ]  # fmt: skip


def in_memory(stories: list[list[dict[str, object]]]) -> float:
    """Records a second on one core, the events parsed already."""
    rulebook = loader.shipped()
    records = [
        [
            Event(
                id=str(line["id"]), kind=str(line["kind"]), at=datetime.fromisoformat(str(line["at"])),
                about=tuple(line["about"]), data=line["data"],  # type: ignore[arg-type]
            )
            for line in lines
        ]
        for lines in stories
    ]  # fmt: skip
    begun = time.perf_counter()
    for events in records:
        engine.derive(events, rulebook, as_of=AS_OF)
    return len(records) / (time.perf_counter() - begun)


def from_file(stories: list[list[dict[str, object]]]) -> float:
    """Records a second of the command, start-up included."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "events.ndjson"
        source.write_text("".join(json.dumps(line) + "\n" for lines in stories for line in lines))
        command = [
            sys.executable,
            "-m",
            "alongside",
            "duties",
            str(source),
            "--grouped",
            "--as-of",
            AS_OF.isoformat(),
        ]
        begun = time.perf_counter()
        with (Path(folder) / "duties.ndjson").open("wb") as output:
            subprocess.run(command, stdout=output, check=True)
        return len(stories) / (time.perf_counter() - begun)


if __name__ == "__main__":
    stories = [story(number) for number in range(RECORDS)]
    memory, file = in_memory(stories), from_file(stories)
    print(
        json.dumps(
            {
                "benchmark": "engine",
                "records": RECORDS,
                "events_a_record": len(STORY),
                "in_memory_records_per_second": round(memory),
                "from_file_records_per_second": round(file),
                "aim_records_per_second_and_core": round(AIM),
                "in_memory_to_aim": round(memory / AIM, 2),
                "from_file_to_aim": round(file / AIM, 2),
            }
        )
    )
