"""What the police, the witness care unit and the court do for one person between charge and sentence."""

from demo.clock import DAY, HOUR, days_later
from demo.courses import Milestone
from demo.timelines import Story

_FOR_WITNESSES = {
    "suspect.charged", "disposal.given", "prosecution.declined", "investigation.closed", "witness.required", "trial.listed",
    "trial.started", "verdict.notified", "sentence.notified", "hearing.moved", "charges.stopped", "property.not_needed",
}  # fmt: skip
_COURT = ("hearing", "trial", "witness", "verdict", "sentence", "court_bail", "appeal", "special_measures")


def for_person(story: Story, *, is_witness: bool) -> list[Milestone]:
    """The milestones that belong on this person's record, with those that are theirs alone."""
    course, random = story.course, story.random
    gives_evidence = is_witness or story.offence.is_high_harm or random.random() < 0.5
    milestones = []
    for milestone in course.milestones:
        if is_witness and milestone.kind not in _FOR_WITNESSES:
            continue
        if milestone.kind == "witness.required" and not gives_evidence:
            continue
        milestones.append(milestone)
    trial = next((one.at for one in course.milestones if one.kind == "trial.started"), 0)
    listed = next((one.at for one in course.milestones if one.kind == "trial.listed"), 0)
    if trial and gives_evidence and story.enhanced:
        granted = {"granted": random.choice((["screen"], ["live-link"], ["screen", "private"]))}
        milestones.append(Milestone(days_later(random, listed, 12, 30), "special_measures.decided", granted))
    milestones.sort(key=lambda one: one.at)
    if trial and gives_evidence:
        _prepare(story, listed, trial)
        _give_evidence(story, trial)
    return milestones


def record(story: Story, milestones: list[Milestone]) -> None:
    """Put the milestones on the timeline, and what the police owe around them."""
    add, chance, random, officer = story.timeline.add, story.chance, story.random, story.officer
    for one in milestones:
        author = story.witness_care if one.kind.startswith(_COURT) else officer
        about = ["hearing.held"] if one.kind == "hearing_result.received" else ()
        add(one.at, one.kind, author, dict(one.data), about=about)
        if one.kind == "disposal.proposed" and chance(0.8):
            add(
                one.at + 2 * HOUR,
                "views.sought",
                officer,
                {"on": "disposal", "answer": random.choice(("agrees", "disagrees"))},
            )
        elif one.kind == "bail_conditions.proposed" and chance(0.55):
            add(one.at + 5, "views.sought", officer, {"on": "bail_conditions", "answer": "wants-no-contact"})
        elif one.kind == "outcome.proposed" and chance(0.6):
            add(
                one.at + HOUR,
                "officer_contact.offered",
                officer,
                {"answer": random.choice(("spoke", "not-wanted"))},
            )
        elif one.kind == "suspect.charged":
            _after_charge(story, one.at)
        elif one.kind == "property.not_needed" and chance(0.75):
            add(
                days_later(random, one.at, 1, 30), "property.returned", officer, about=["property.not_needed"]
            )


def _after_charge(story: Story, at: int) -> None:
    add, random = story.timeline.add, story.random
    if story.enhanced and story.chance(0.8):
        wanted = random.choice((["screen"], ["live-link"], ["screen", "supporter"]))
        add(days_later(random, at, 1, 20), "special_measures.discussed", story.officer, {"wanted": wanted})
    if "victim" in story.facts and story.chance(0.7):
        answer = random.choice(("made", "later", "declined"))
        offered = days_later(random, at, 1, 25)
        add(offered, "vps.offered", story.officer, {"answer": answer})
        if answer == "made":
            add(
                days_later(random, offered, 1, 20),
                "vps.made",
                story.officer,
                {"read": random.choice(("self", "other", "not_read"))},
            )


def _prepare(story: Story, listed: int, trial: int) -> None:
    add, chance, random, care = story.timeline.add, story.chance, story.random, story.witness_care
    required = next(one.at for one in story.course.milestones if one.kind == "witness.required")
    if chance(0.8):
        add(required + int(random.random() * max(listed - required, HOUR)), "availability.asked", care)
    if chance(0.78):
        add(
            days_later(random, required, 0.5, 12),
            "witness_service.offered",
            care,
            {"answer": random.choice(("yes", "no"))},
        )
    if chance(0.8):
        add(days_later(random, required, 0.5, 10), "court_information.given", care, {"route": "letter"})
    if chance(0.75):
        add(
            days_later(random, required, 3, 20),
            "needs.assessed",
            care,
            {"enhanced": story.enhanced, "stage": "pre-trial"},
        )
    if story.enhanced and chance(0.6):
        add(trial - int((7 + random.random() * 14) * DAY), "pre_court_review.held", care)


def _give_evidence(story: Story, trial: int) -> None:
    add, chance, random, care = story.timeline.add, story.chance, story.random, story.witness_care
    arrived = trial + int(random.random() * HOUR)
    if chance(0.06):  # did not come
        return
    if chance(0.85):
        add(trial - int(random.random() * 2 * DAY), "memory.refreshed", care)
    add(arrived, "witness.arrived", care)
    waited = int((0.5 + random.expovariate(0.7)) * HOUR)
    kind = "evidence.given" if chance(0.75) else "witness.released"
    add(arrived + waited, kind, care, about=["witness.arrived"])
    if chance(0.4):
        claimed = days_later(random, trial, 1, 20)
        add(claimed, "expenses.claimed", care)
        if chance(0.9):
            add(days_later(random, claimed, 4, 18), "expenses.paid", care, about=["expenses.claimed"])
