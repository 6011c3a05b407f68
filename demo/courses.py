"""The course of one crime, from the report to after the sentence: what happened, not yet who was told."""

from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import Any

from demo import trials
from demo.clock import DAY, HOUR, day_of, days_later
from demo.offences import Offence


class Ending(StrEnum):
    """What becomes of a crime. The values are the reasons in the timeline."""

    NO_SUSPECT = "no-suspect-identified"
    NOT_INVESTIGATED = "no-line-of-enquiry"
    EVIDENCE = "evidential-difficulties"
    NO_SUPPORT = "victim-does-not-support"
    NOT_IN_PUBLIC_INTEREST = "not-in-the-public-interest"
    OTHER_BODY = "passed-to-another-body"
    DISPOSAL = "out-of-court-disposal"
    CPS = "not-charged-by-cps"
    STOPPED = "charges-stopped"
    ACQUITTED = "not-guilty"
    DISCHARGED = "discharge"
    FINED = "fine"
    COMMUNITY = "community-order"
    SUSPENDED = "suspended-sentence"
    PRISON = "imprisonment"
    COURT_NOT_KNOWN = "court-result-not-known"
    PENDING = "before-the-court"
    NOT_KNOWN = "result-not-known"


IN_COURT = (
    Ending.STOPPED, Ending.ACQUITTED, Ending.DISCHARGED, Ending.FINED, Ending.COMMUNITY, Ending.SUSPENDED, Ending.PRISON,
    Ending.COURT_NOT_KNOWN, Ending.PENDING,
)  # fmt: skip
_CHANCES_IN_COURT = (0.09, 0.13, 0.11, 0.17, 0.22, 0.12, 0.16)
_PRISON_FOR = {"homicide": 1.0, "road_death": 0.85, "sexual": 0.6, "robbery": 0.6}
_SUSPECT_UNKNOWN = (Ending.NO_SUSPECT, Ending.NOT_INVESTIGATED, Ending.NOT_KNOWN)


@dataclass(frozen=True, slots=True)
class Milestone:
    at: int
    kind: str
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Course:
    """`ended_at` is when nothing more was to come: then people are told and their records closed."""

    reported: int
    ending: Ending
    milestones: list[Milestone]
    ended_at: int
    has_suspect: bool
    months: int = 0


def drawn_ending(random: Random, offence: Offence) -> Ending:
    """How it ends, as often as such crimes do."""
    if random.random() < offence.declined:
        return Ending.NOT_INVESTIGATED
    if random.random() >= offence.known:
        return Ending.NO_SUSPECT
    drawn = random.random()
    if drawn < offence.charged:
        if random.random() < _PRISON_FOR.get(offence.group, 0):
            return Ending.PRISON
        return random.choices(IN_COURT[:-2], _CHANCES_IN_COURT)[0]
    if drawn < offence.charged + offence.disposal:
        return Ending.DISPOSAL
    drawn = random.random()
    if drawn < 0.08:
        return Ending.CPS
    if drawn < 0.14:
        return Ending.NOT_IN_PUBLIC_INTEREST
    return Ending.NO_SUPPORT if drawn < 0.55 else Ending.EVIDENCE


def follow(random: Random, offence: Offence, reported: int, ending: Ending) -> Course:
    """Everything that happens from the report to that ending."""
    if ending is Ending.NOT_INVESTIGATED:
        decided = days_later(random, reported, 0.2, 2.5)
        declined = Milestone(decided, "investigation.declined", {"reason": str(ending)})
        return Course(reported, ending, [declined], decided, has_suspect=False)
    opened = reported + int(10 + random.random() * 8 * HOUR)
    took = max(1.0, random.lognormvariate(0, 0.7) * offence.days)
    decided = days_later(random, opened, took, took + 2)
    milestones = [Milestone(opened, "investigation.opened")]
    if ending in _SUSPECT_UNKNOWN:
        milestones.append(
            Milestone(decided, "investigation.closed", {"reason": str(ending), "outcome": str(ending)})
        )
        return Course(reported, ending, milestones, decided, has_suspect=False)
    milestones += _suspect(random, offence, opened, decided)
    if ending in IN_COURT:
        followed, ended, months = trials.follow(random, offence, decided, ending)
        milestones += [Milestone(*one) for one in followed]
        return Course(reported, ending, milestones, ended, has_suspect=True, months=months)
    milestones += _out_of_court(random, opened, decided, ending)
    return Course(reported, ending, milestones, milestones[-1].at, has_suspect=True)


def _suspect(random: Random, offence: Offence, opened: int, decided: int) -> list[Milestone]:
    """Arrest or a voluntary interview, then bail or release, before the decision."""
    room = max(decided - opened - 4 * HOUR, HOUR)
    met = opened + int(room * random.random() ** (2.5 if offence.is_high_harm else 1.2) * 0.8)
    if random.random() < 0.3 and not offence.is_high_harm:
        return [Milestone(met, "suspect.interviewed", {"voluntary": True})]
    released = met + int((3 + random.random() * 14) * HOUR)
    found = [
        Milestone(met, "suspect.arrested"),
        Milestone(met + (released - met) // 2, "suspect.interviewed", {"voluntary": False}),
    ]
    if released >= decided - DAY:
        return found
    drawn = random.random()
    if drawn < (0.7 if offence.is_high_harm else 0.35):
        found.append(Milestone(released - 20, "bail_conditions.proposed"))
        until = released + 84 * DAY
        found.append(
            Milestone(
                released,
                "suspect.bailed",
                {"until": day_of(until), "conditions": ["no-contact", "not-to-go-to-address"]},
            )
        )
        changed = days_later(random, released, 10, 60)
        if changed < decided - DAY and random.random() < 0.3:
            kind = "bail.changed" if random.random() < 0.6 else "bail.cancelled"
            found.append(
                Milestone(changed, kind, {"conditions": ["no-contact"]} if kind == "bail.changed" else {})
            )
    elif drawn < 0.85:
        found.append(Milestone(released, "suspect.released_under_investigation"))
    else:
        found.append(Milestone(released, "suspect.released_without_charge"))
    return found


def _out_of_court(random: Random, opened: int, decided: int, ending: Ending) -> list[Milestone]:
    if ending is Ending.DISPOSAL:
        disposal = {
            "disposal": random.choice(["community-resolution", "conditional-caution", "simple-caution"])
        }
        proposed = max(decided - int((1 + random.random() * 5) * DAY), opened + HOUR)
        return [
            Milestone(proposed, "disposal.proposed", disposal),
            Milestone(decided, "disposal.given", disposal),
            Milestone(
                decided + HOUR,
                "investigation.closed",
                {"reason": str(ending), "outcome": disposal["disposal"]},
            ),
        ]
    if ending is Ending.OTHER_BODY:
        return [Milestone(decided, "investigation.closed", {"reason": str(ending), "outcome": str(ending)})]
    by = "cps" if ending is Ending.CPS else "police"
    proposed = max(decided - int((0.5 + random.random() * 3) * DAY), opened + HOUR)
    return [
        Milestone(proposed, "outcome.proposed", {"outcome": str(ending)}),
        Milestone(decided, "outcome.decided", {"outcome": str(ending)}),
        Milestone(decided + 10, "prosecution.declined", {"by": by, "reason": str(ending)}),
        Milestone(decided + 30, "investigation.closed", {"reason": str(ending), "outcome": str(ending)}),
    ]
