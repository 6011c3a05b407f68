"""From the charge to after the sentence: hearings, a plea or a trial, the verdict, what follows it.

Each entry is (minute, kind, data). What concerns one witness alone (evidence, expenses) is in `care`.
"""

from random import Random
from typing import Any

from demo.clock import DAY, HOUR, day_of, days_later
from demo.offences import Offence

_NO_END = 40_000 * DAY
Step = tuple[int, str, dict[str, Any]]
_CROWN = ("homicide", "road_death", "sexual", "robbery", "child_abuse", "modern_slavery", "arson")
_MONTHS = {"homicide": (180, 300), "road_death": (36, 120), "sexual": (24, 120), "robbery": (18, 60)}


def follow(random: Random, offence: Offence, charged: int, ending: str) -> tuple[list[Step], int, int]:
    """The steps, when the last of them was taken, and the months of imprisonment."""
    court = "crown-court" if offence.group in _CROWN else "magistrates-court"
    first = days_later(random, charged, 14, 30)
    steps: list[Step] = [
        (charged, "suspect.charged", {}),
        (charged + 5, "first_hearing.set", {"on": day_of(first)}),
        (days_later(random, charged, 2, 6), "hearing.notified", {"on": day_of(first), "court": court}),
        (first, "hearing.held", {}),
        (days_later(random, first, 0.1, 6), "hearing_result.received", {}),
    ]
    if random.random() < 0.35:
        steps.append(
            (days_later(random, first, 0.1, 2), "court_bail.notified", {"conditions": ["no-contact"]})
        )
    if ending == "before-the-court":
        return steps, first + _NO_END, 0
    if ending == "court-result-not-known":
        verdict = days_later(random, first, 20, 90)
        return [*steps, (verdict, "verdict.notified", {"result": "other"})], verdict, 0
    if ending == "charges-stopped":
        stopped = days_later(random, first, 20, 120)
        listed = _listing(random, first, stopped + 60 * DAY, court)
        steps += [step for step in listed if step[0] < stopped]
        return [*steps, (stopped, "charges.stopped", {"reason": "evidential"})], stopped, 0
    if ending != "not-guilty" and random.random() < 0.68:
        verdict = (
            days_later(random, first, 0.1, 1)
            if court == "magistrates-court"
            else days_later(random, first, 21, 45)
        )
        steps.append((verdict, "verdict.notified", {"result": "guilty"}))
    else:
        wait = (60, 170) if court == "magistrates-court" else (150, 420)
        trial = days_later(random, first, *wait)
        steps += _listing(random, first, trial, court)
        verdict = trial + int((5 + random.random() * (60 if court == "crown-court" else 3)) * HOUR)
        result = "not_guilty" if ending == "not-guilty" else "guilty"
        steps.append((verdict, "verdict.notified", {"result": result}))
    if ending == "not-guilty":
        return steps, verdict, 0
    return _sentence(random, offence, verdict, ending, steps)


def _listing(random: Random, first: int, trial: int, court: str) -> list[Step]:
    """The wait for the trial, which nearly half the time is moved, and its start."""
    required = days_later(random, first, 3, 20)
    listed = days_later(random, required, 2, 14)
    steps: list[Step] = [
        (required, "witness.required", {}),
        (listed, "trial.listed", {"on": day_of(trial)}),
        (listed + 30, "hearing.notified", {"on": day_of(trial), "court": court}),
    ]
    moved = listed + (trial - listed) // 2
    if random.random() < 0.48 and moved - listed > 20 * DAY:
        steps.append(
            (days_later(random, moved, 0, 2), "hearing.moved", {"on": day_of(trial), "court": court})
        )
    return [*steps, (trial, "trial.started", {})]


def _sentence(
    random: Random, offence: Offence, verdict: int, ending: str, steps: list[Step]
) -> tuple[list[Step], int, int]:
    months = 0
    passed = (
        verdict + 30
        if random.random() < 0.4 and ending != "imprisonment"
        else days_later(random, verdict, 14, 35)
    )
    if ending == "imprisonment":
        months = random.randint(*_MONTHS.get(offence.group, (2, 24)))
    sentence: dict[str, Any] = {"sentence": ending, **({"months": months} if months else {})}
    notified = days_later(random, passed, 0.1, 1.5)
    steps += [(passed, "sentence.passed", sentence), (notified, "sentence.notified", sentence)]
    last = notified
    if months >= 12 and random.random() < 0.12:
        last = days_later(random, notified, 10, 27)
        steps.append((last, "appeal.notified", {"step": "lodged"}))
    if random.random() < 0.15:
        last = days_later(random, last, 5, 20)
        steps.append((last, "property.not_needed", {}))
    return steps, last, months
