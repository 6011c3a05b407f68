"""The first days of a victim's record: the report, the first call, needs, support, how to keep in touch."""

from demo.clock import DAY, HOUR, at_work, days_later, working_days_later
from demo.timelines import Story

_ROUTES = ("phone", "phone", "phone", "online", "in_person", "front_counter")
_GATEWAYS = {
    "under-18": "vulnerable",
    "persistently-targeted": "persistently-targeted",
    "bereaved": "most-serious",
}
_SPECIALIST = {
    "sexual": "isva-service",
    "child_abuse": "child-isva-service",
    "domestic_abuse": "idva-service",
    "homicide": "homicide-service",
    "road_death": "road-death-service",
    "stalking_harassment": "stalking-advocacy",
    "hate": "hate-crime-advocacy",
    "modern_slavery": "modern-slavery-support",
}
_EXPLAINED = {"rights": 0.97, "restorative-justice": 0.8}


def open_record(story: Story) -> None:
    """The report and what the control room and the crime desk do with it."""
    add, at, officer = story.timeline.add, story.course.reported, story.officer
    opening = sorted(story.facts - {"enhanced", "persistently-targeted"})
    add(at, "care.opened", story.call_handler, {"facts": opening, "source": "demonstration"})
    add(at, "crime.reported", story.call_handler, {"route": story.random.choice(_ROUTES)})
    add(at + int(story.random.random() * 10 * HOUR), "crime.recorded", story.call_handler)
    add(at + int(story.random.random() * 6 * HOUR), "officer.assigned", story.call_handler,
        {"officer": str(officer.user_id)})  # fmt: skip


def make_contact(story: Story) -> int:
    """The officer's first personal contact, and what is done in it. When it was."""
    random, add, officer = story.random, story.timeline.add, story.officer
    at = _first_contact_at(story)
    if story.chance(0.14):
        add(
            max(at - DAY, story.course.reported + HOUR),
            "contact.attempted",
            officer,
            {"route": "phone", "reason": "no-answer"},
        )
    in_person = story.offence.is_fatal or story.chance(0.25)
    route = "in_person" if in_person else "phone"
    words = "first_contact_bereaved" if story.offence.is_fatal else "first_contact"
    add(at, "victim.contacted", officer, {"route": route}, words=words)
    if story.chance(0.96):
        by = "safe_way" if story.offence.is_high_harm else random.choice(("email", "text", "letter"))
        add(at + 12, "confirmation.given", officer, {"route": by})
    for topic in _topics(story):
        add(at + 14, "information.given", officer, {"topic": topic})
    if story.chance(0.97):
        assess(story, at + 25)
    refer(story, at + 40)
    if story.declines_updates:
        story.declined_at = at + 45
        add(story.declined_at, "updates.declined", officer, {"reason": "does-not-want-contact"})
    elif story.course.ended_at > at and story.chance(0.96):
        agree_contact(story, at + 45)
    return at


def assess(story: Story, at: int) -> None:
    """The needs assessment, the risk where the offence calls for it, and what follows from Enhanced Rights."""
    gateways = sorted({_GATEWAYS[fact] for fact in story.facts if fact in _GATEWAYS}) or ["most-serious"]
    data = {
        "enhanced": story.enhanced,
        "stage": "initial",
        **({"gateways": gateways} if story.enhanced else {}),
    }
    story.timeline.add(at, "needs.assessed", story.officer, data)
    added = sorted(story.facts & {"persistently-targeted"})
    if story.risk:
        story.timeline.add(at + 3, "risk.graded", story.officer, {"grade": story.risk})
        added.append(f"risk:{story.risk}")
    if added:
        story.timeline.add(at + 3, "facts.changed", story.officer, {"add": added})
    specialist = _SPECIALIST.get(story.offence.group)
    if story.enhanced and specialist and story.chance(0.92):
        _offer_specialist(story, at + 6, specialist)


def refer(story: Story, at: int) -> None:
    """To the victim care unit, or the victim does not want it; forgotten now and then."""
    random, add, officer = story.random, story.timeline.add, story.officer
    drawn = random.random()
    if drawn > 0.9:
        return
    if drawn > (0.75 if story.enhanced else 0.3):
        add(at, "referral.declined", officer, {"service": "victim-care-unit", "reason": "not-now"})
        return
    add(at, "referral.made", officer, {"service": "victim-care-unit"})
    kept = story.chance(story.coordinator.diligence)
    called = (
        days_later(random, at, 0.1, 0.8 if story.enhanced else 1.6) if kept else days_later(random, at, 2, 7)
    )
    if story.chance(0.22):
        add(called, "contact.attempted", story.coordinator, {"route": "phone", "reason": "no-answer"})
        called = days_later(random, called, 1, 3)
    add(
        called,
        "victim.contacted",
        story.coordinator,
        {"route": "phone", "by": "victim-care-unit"},
        words="care_call",
    )


def agree_contact(story: Story, at: int) -> None:
    if story.risk == "high":
        story.every_days = 7
    elif story.enhanced:
        story.every_days = story.random.choice((14, 14, 21, 28))
    else:
        story.every_days = story.random.choice((28, 28, 28, 42, 60))
    story.agreed_at = at
    route = story.random.choice(("phone", "phone", "email", "text"))
    story.timeline.add(at, "contact.agreed", story.officer, {"every_days": story.every_days, "route": route})


def _first_contact_at(story: Story) -> int:
    limit = 1 if story.enhanced else 3
    if story.chance(story.officer.diligence):
        days = int(story.random.random() * (limit + 1))
    else:
        days = limit + 1 + int(story.random.expovariate(0.35))
    if days == 0 or story.offence.is_fatal:
        return at_work(story.random, story.course.reported + 2 * HOUR)
    return working_days_later(story.random, story.course.reported, days)


def _topics(story: Story) -> list[str]:
    """What the officer explains. What is left out now may be made good at the next call."""
    wanted = ["rights", "victim-personal-statement", "restorative-justice"]
    if story.facts & {"loss", "injury"}:
        wanted.append("court-compensation")
    if {"injury", "offence:violent"} <= story.facts:
        wanted.append("criminal-injuries-compensation")
    given = [topic for topic in wanted if story.chance(_EXPLAINED.get(topic, 0.92))]
    story.left_out = [topic for topic in wanted if topic not in given]
    return given


def _offer_specialist(story: Story, at: int, service: str) -> None:
    random, add = story.random, story.timeline.add
    accepts = story.chance(0.6)
    answer = "yes" if accepts else random.choice(("no", "later"))
    add(at, "specialist_referral.offered", story.officer, {"service": service, "answer": answer})
    if not accepts:
        return
    accepted = days_later(random, at, 0.5, 4)
    add(accepted, "specialist_referral.accepted", story.coordinator, {"service": service})
    if story.chance(0.85):
        called = days_later(random, accepted, 0.2, 1.7)
        add(called, "victim.contacted", story.coordinator, {"route": "phone", "by": service})
    if story.chance(0.18):
        asked = days_later(random, accepted, 5, 40)
        question = add(asked, "adviser.asked_officer", story.coordinator, {"service": service})
        if story.chance(story.officer.diligence + 0.05):
            add(days_later(random, asked, 0.2, 3), "officer.answered", story.officer, about=[question])
