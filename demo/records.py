"""One crime with everybody on it: its care records, people and timelines, as entries for the bulk door."""

from dataclasses import dataclass, field
from random import Random
from typing import TypedDict

from django.db.models import Model

from alongside.care.loading import Entry
from alongside.care.models import CareRecord, Crime, Named, Party, Person
from demo import afterwards, at_court, first_contact, keeping_told, people
from demo.clock import DAY, HOUR, days_later, minute_of, moment_of
from demo.courses import Course, Ending
from demo.offences import Offence
from demo.staffing import Division, Worker
from demo.timelines import Story, Timeline, sentences


class Crew(TypedDict):
    """Who works on a crime."""

    call_handler: Worker
    officer: Worker
    coordinator: Worker
    witness_care: Worker
    supervisor: Worker
    reviewer: Worker


@dataclass(slots=True)
class Cast:
    """Who has come up so far in this batch, so that some come up again."""

    victims: dict[str, list[Person]] = field(default_factory=dict)
    businesses: list[tuple[Person, Person]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Scene:
    """A crime before its people: where, when, what, and what becomes of it."""

    random: Random
    division: Division
    offence: Offence
    course: Course
    crime: Crime
    until: int


def entries(scene: Scene, cast: Cast) -> list[Entry]:
    """The care records of one crime: a victim, sometimes a second, sometimes witnesses."""
    random, offence = scene.random, scene.offence
    crew = _crew(scene)
    suspect = _somebody(scene, women=0.2, youngest=16, oldest=60) if scene.course.has_suspect else None
    victims = 1 + (random.random() < offence.second)
    witnesses = (random.random() < offence.witness) + (random.random() < offence.witness / 3)
    made: list[Entry] = []
    for number in range(victims):
        made.append(_entry(scene, cast, crew, suspect, f"V{number + 1}", is_witness=False, is_first=not made))
    for number in range(witnesses):
        made.append(_entry(scene, cast, crew, suspect, f"W{number + 1}", is_witness=True, is_first=False))
    return [entry for entry in made if entry.happenings]  # a witness may not have come forward yet


def _crew(scene: Scene) -> Crew:
    random, division = scene.random, scene.division
    return {
        "call_handler": random.choice(division.call_handlers),
        "officer": division.officer_for(random, scene.offence.group),
        "coordinator": random.choice(division.coordinators),
        "witness_care": random.choice(division.witness_care),
        "supervisor": random.choice(division.supervisors),
        "reviewer": random.choice(division.reviewers),
    }


def _entry(
    scene: Scene,
    cast: Cast,
    crew: Crew,
    suspect: Person | None,
    suffix: str,
    *,
    is_witness: bool,
    is_first: bool,
) -> Entry:
    random, offence, course, crime = scene.random, scene.offence, scene.course, scene.crime
    facts, person, others, is_returning = (_witness if is_witness else _victim)(scene, cast)
    record = CareRecord(
        force_id=crime.force_id,
        reference=f"{crime.reference}/{suffix}",
        role="witness" if is_witness else "victim",
        person=person,
        crime=crime,
        officer_id=crew["officer"].user_id,
        coordinator_id=None if is_witness else crew["coordinator"].user_id,
        witness_care_officer_id=crew["witness_care"].user_id if _is_in_court(course, scene.until) else None,
        team_id=crew["officer"].team_id,
        restricted=random.random() < offence.restricted,
        opened_at=moment_of(course.reported),
    )
    timeline = Timeline(random, record, scene.until)
    story = Story(random, timeline, offence, course, facts, **crew)
    rows: list[Model] = [] if is_returning else [person]
    if is_first:
        rows.append(crime)
        if suspect:
            rows.append(suspect)
    if suspect:
        others.append((suspect, "suspect"))
    rows += [other for other, relation in others if relation != "suspect" and not is_returning]
    rows += [
        Party(force_id=crime.force_id, care_record=record, person=other, relation=relation)
        for other, relation in others
    ]
    (_witness_story if is_witness else _victim_story)(story)
    if record.restricted:
        rows += _named(record, crew)
        timeline.add(
            minute_of(record.opened_at) + 2 * HOUR,
            "restriction.set",
            crew["supervisor"],
            {"reason": "sensitive"},
        )
    happenings, authors = timeline.in_order()
    return Entry(record, happenings, is_new=True, with_rows=[*rows, *timeline.notes], authors=authors)


def _victim(scene: Scene, cast: Cast) -> tuple[set[str], Person, list[tuple[Person, str]], bool]:
    random, offence = scene.random, scene.offence
    facts = {"victim", *offence.facts}
    for fact, share in (("injury", offence.injury), ("loss", offence.loss)):
        if random.random() < share:
            facts.add(fact)
    others: list[tuple[Person, str]] = []
    if random.random() < offence.business:
        firm, contact, is_returning = _business(scene, cast)
        return {*facts, "business"} - {"injury"}, firm, [(contact, "contact_for_business")], is_returning
    known = cast.victims.setdefault(offence.group, [])
    if known and random.random() < offence.repeat:
        person, is_returning = random.choice(known), True
        facts.add("repeat-victim")
    else:
        is_child = random.random() < offence.child
        ages = {"youngest": 6, "oldest": 17} if is_child else {}
        person, is_returning = _somebody(scene, women=offence.women, **ages), False
        if random.random() < offence.warning:
            person.safety_warning = random.choice(sentences()["warnings"])
        known.append(person)
        if len(known) > 40:
            known.pop(0)
        if offence.is_fatal:
            facts.add("family-spokesperson")
            others.append((_somebody(scene, women=0.5, youngest=25), "family_spokesperson"))
    if _age(person, scene.course.reported) < 18:
        facts |= {"under-18", "parent-or-guardian"}
        if not is_returning:
            others.append((_somebody(scene, women=0.7, youngest=28, oldest=50), "parent_or_guardian"))
    if "interpreter" in person.needs:
        facts.add("interpreter-needed")
    if "under-18" in facts or random.random() < offence.enhanced:
        facts.add("enhanced")
    return facts, person, others, is_returning


def _witness(scene: Scene, cast: Cast) -> tuple[set[str], Person, list[tuple[Person, str]], bool]:
    person = _somebody(scene, women=0.5, youngest=14)
    facts = {"witness", *(fact for fact in scene.offence.facts if fact.startswith("offence:"))}
    if _age(person, scene.course.reported) < 18:
        facts |= {"under-18", "enhanced"}
    return facts, person, [], False


def _business(scene: Scene, cast: Cast) -> tuple[Person, Person, bool]:
    random = scene.random
    if cast.businesses and random.random() < scene.offence.repeat:
        return *random.choice(cast.businesses), True
    firm = people.business(random, scene.crime.force_id)
    contact = _somebody(scene, women=0.5, youngest=20, oldest=64)
    cast.businesses.append((firm, contact))
    return firm, contact, False


def _victim_story(story: Story) -> None:
    course, until = story.course, story.timeline.until
    story.risk = _risk(story)
    story.declines_updates = story.chance(0.02 if story.enhanced else 0.07)
    first_contact.open_record(story)
    contacted = first_contact.make_contact(story)
    milestones = at_court.for_person(story, is_witness=False)
    at_court.record(story, milestones)
    tellings = keeping_told.tell(story, milestones, keeping_told.VICTIM_IS_TOLD)
    told = tellings[-1].at if tellings else contacted
    finished = max(course.ended_at, told, contacted)
    if course.ending is not Ending.PENDING:
        finished = max(finished, afterwards.add_review(story, finished), afterwards.after_sentence(story))
    story.ended_at = finished
    keeping_told.write(story, tellings)
    if finished - contacted > 20 * DAY:
        keeping_told.review_needs(story, contacted, finished)
    if contacted < until:
        afterwards.add_promises(story, contacted)
        afterwards.add_rarities(story, contacted)
        afterwards.add_departure(story)
    if story.offence.is_fatal:
        story.timeline.add(course.reported + 5 * HOUR, "family_liaison.assigned", story.supervisor,
                           {"officer": str(story.officer.user_id)})  # fmt: skip
    _close(story, finished)


def _witness_story(story: Story) -> None:
    random, add, course, officer = story.random, story.timeline.add, story.course, story.officer
    opened = course.reported + int((0.2 + random.random() * 4) * DAY)
    story.timeline.record.opened_at = moment_of(opened)
    add(opened, "care.opened", officer, {"facts": sorted(story.facts), "source": "demonstration"})
    taken = days_later(random, opened, 0.5, 12)
    add(taken, "statement.taken", officer, {"form": "video" if story.enhanced else "written"})
    if story.chance(0.85):
        add(taken + 30, "needs.assessed", officer, {"enhanced": story.enhanced, "stage": "initial"})
    milestones = [one for one in at_court.for_person(story, is_witness=True) if one.at > taken]
    at_court.record(story, milestones)
    tellings = keeping_told.tell(story, milestones, keeping_told.WITNESS_IS_TOLD)
    keeping_told.write(story, tellings)
    _close(story, max([course.ended_at, taken, *(one.at for one in tellings)]))


def _risk(story: Story) -> str:
    if not story.offence.risk or "business" in story.facts:
        return ""
    drawn = story.random.random()
    medium, high = story.offence.risk
    if drawn < high:
        return "high"
    return "medium" if drawn < high + medium else "standard"


def _close(story: Story, finished: int) -> None:
    if story.course.ending is Ending.PENDING:
        return
    at = days_later(story.random, finished, 0.3, 9)
    story.timeline.add(at, "care.closed", story.supervisor, {"reason": "case-ended"})


def _named(record: CareRecord, crew: Crew) -> list[Named]:
    named = (crew["officer"], crew["coordinator"], crew["witness_care"], crew["supervisor"], crew["reviewer"])
    return [
        Named(force_id=record.force_id, care_record=record, user_id=reader, named_at=record.opened_at)
        for reader in sorted({worker.user_id for worker in named})
    ]


def _somebody(scene: Scene, *, women: float, **ages: int) -> Person:
    today = moment_of(scene.course.reported).date()
    return people.invent(scene.random, scene.crime.force_id, women=women, today=today, **ages)


def _age(person: Person, minute: int) -> float:
    return (moment_of(minute).date() - person.date_of_birth).days / 365.25 if person.date_of_birth else 99


def _is_in_court(course: Course, until: int) -> bool:
    return any(one.kind == "suspect.charged" and one.at <= until for one in course.milestones)
