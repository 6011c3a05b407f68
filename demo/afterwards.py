"""What does not happen to everybody: promises, complaints, reviews, mistakes, good reasons for not telling."""

from demo.clock import DAY, HOUR, day_of, days_later
from demo.courses import Ending
from demo.timelines import Story

_VCS_GROUPS = (
    "sexual",
    "homicide",
    "road_death",
    "robbery",
    "child_abuse",
    "violent",
    "domestic_abuse",
    "modern_slavery",
)


def add_promises(story: Story, since: int) -> None:
    """A promise in one record out of five: kept, kept late, withdrawn or forgotten."""
    random, add, officer = story.random, story.timeline.add, story.officer
    if not story.chance(0.2):
        return
    by = days_later(random, since, 3, 14)
    promise = add(since + 50, "promise.made", officer, {"by": day_of(by)}, words="promise")
    drawn = random.random()
    if drawn < 0.66:
        add(max(by - int(random.random() * 3 * DAY), since + 120), "promise.kept", officer, about=[promise])
    elif drawn < 0.84:
        add(days_later(random, by, 1, 9), "promise.kept", officer, about=[promise])
    elif drawn < 0.9:
        add(
            days_later(random, since, 1, 3),
            "promise.withdrawn",
            officer,
            {"reason": "no-longer-possible"},
            about=[promise],
        )


def add_rarities(story: Story, since: int) -> None:
    """One in a few dozen each."""
    random, add, chance, officer = story.random, story.timeline.add, story.chance, story.officer
    if chance(0.012):
        received = days_later(random, since, 15, 60)
        complaint = add(
            received, "complaint.received", story.supervisor, {"about_body": "police"}, words="complaint"
        )
        if chance(0.8):
            add(
                days_later(random, received, 1, 15),
                "complaint.acknowledged",
                story.supervisor,
                about=[complaint],
            )
    if chance(0.02):
        changed = days_later(random, since, 10, 60)
        add(changed, "needs.changed", officer, {"reason": "further-incident"})
        if chance(0.7):
            again = {"enhanced": story.enhanced, "stage": "review"}
            add(days_later(random, changed, 0.5, 5), "needs.assessed", officer, again)
    if chance(0.02):
        at = since + 3 * DAY + int(random.random() * DAY)
        mistaken = add(at, "victim.informed", officer, {"route": "phone"}, about=["suspect.arrested"])
        add(
            at + 3 * HOUR,
            "event.voided",
            officer,
            {"event": mistaken, "reason": "wrong-record"},
            words="mistake",
        )
    if story.declined_at and chance(0.08):
        add(
            days_later(random, story.declined_at, 10, 40),
            "updates.resumed",
            officer,
            {"reason": "asked-for-updates"},
        )
    if story.offence.is_high_harm and chance(0.06):
        requested = days_later(random, since, 10, 50)
        add(requested, "records.requested", officer, {"holder": "health"})
        if chance(0.8):
            add(
                requested - HOUR if chance(0.1) else requested + HOUR,
                "records_notice.given",
                officer,
                {"route": "letter"},
            )


def add_departure(story: Story) -> None:
    """Now and then there is a good reason for not telling, and a supervisor agrees."""
    arrested = next((one.at for one in story.course.milestones if one.kind == "suspect.arrested"), None)
    if arrested is None or not story.chance(0.03):
        return
    data = {"duty": "R6-03", "reason": "risk-to-safety", "approved_by": str(story.supervisor.user_id)}
    story.timeline.add(
        arrested + 5 * HOUR,
        "departure.recorded",
        story.officer,
        data,
        about=["suspect.arrested"],
        words="departure",
    )


def add_review(story: Story, told: int) -> int:
    """Some ask for a decision not to prosecute to be looked at again. When that ended."""
    random, add = story.random, story.timeline.add
    if story.course.ending not in (Ending.EVIDENCE, Ending.NO_SUPPORT, Ending.CPS) or not story.chance(0.05):
        return told
    requested = days_later(random, told, 2, 40)
    of = "cps" if story.course.ending is Ending.CPS else "police"
    review = add(requested, "review.requested", story.officer, {"of": of})
    add(days_later(random, requested, 1, 16), "review.acknowledged", story.supervisor, about=[review])
    decided = days_later(random, requested, 15, 50)
    result = random.choice(("upheld", "upheld", "explained", "overturned"))
    add(decided, "review.decided", story.supervisor, {"result": result}, about=[review])
    return decided


def after_sentence(story: Story) -> int:
    """The Victim Contact Scheme, where the sentence calls for it. When the last of it was."""
    random, add, care = story.random, story.timeline.add, story.witness_care
    sentenced = next((one.at for one in story.course.milestones if one.kind == "sentence.notified"), 0)
    if story.course.months < 12 or story.offence.group not in _VCS_GROUPS or "victim" not in story.facts:
        return sentenced
    add(sentenced, "facts.changed", care, {"add": ["vcs-eligible"], "reason": "sentence"})
    drawn = random.random()
    if drawn < 0.12:
        add(sentenced + DAY, "vcs.declined", care)
        return sentenced + DAY
    kept = story.chance(care.diligence)
    referred = days_later(random, sentenced, 1, 11) if kept else days_later(random, sentenced, 16, 30)
    add(referred, "vcs.referred", care)
    contacted = days_later(random, referred, 5, 32)
    add(contacted, "vlo.contacted", care, {"route": "letter"}, about=["vcs.referred"])
    add(contacted + 5, "facts.changed", care, {"add": ["vcs-member"]})
    return contacted + 60 * DAY
