"""Who was told what, and when: promptly, late or not at all, as diligence has it."""

from dataclasses import dataclass, field

from demo.clock import DAY, HOUR, at_work, days_later, working_days_later
from demo.courses import Milestone
from demo.staffing import Worker
from demo.timelines import Story

# Kind: who tells, working days allowed, the same with Enhanced Rights.
VICTIM_IS_TOLD = {
    "investigation.declined": ("officer", 5, 1),
    "suspect.arrested": ("officer", 5, 1),
    "suspect.interviewed": ("officer", 5, 1),
    "suspect.released_without_charge": ("officer", 5, 1),
    "suspect.bailed": ("officer", 5, 1),
    "suspect.released_under_investigation": ("officer", 5, 1),
    "bail.changed": ("officer", 5, 1),
    "bail.cancelled": ("officer", 5, 1),
    "suspect.charged": ("officer", 5, 1),
    "disposal.given": ("officer", 5, 1),
    "prosecution.declined": ("officer", 5, 1),
    "first_hearing.set": ("officer", 5, 1),
    "charges.stopped": ("officer", 5, 1),
    "investigation.closed": ("officer", 3, 2),
    "hearing.notified": ("witness_care", 1, 1),
    "hearing.moved": ("witness_care", 1, 1),
    "court_bail.notified": ("witness_care", 5, 1),
    "witness.required": ("witness_care", 1, 1),
    "special_measures.decided": ("witness_care", 3, 2),
    "verdict.notified": ("witness_care", 1, 1),
    "sentence.notified": ("witness_care", 1, 1),
    "appeal.notified": ("witness_care", 1, 1),
}
WITNESS_IS_TOLD = {
    kind: VICTIM_IS_TOLD[kind]
    for kind in (
        "suspect.charged", "disposal.given", "prosecution.declined", "investigation.closed", "witness.required",
        "special_measures.decided", "verdict.notified", "sentence.notified",
    )
}  # fmt: skip
_WORDS = {"investigation.closed": "ended", "prosecution.declined": "ended", "verdict.notified": "verdict"}
_NEVER = 1 << 40


@dataclass(slots=True)
class Telling:
    """One conversation or letter about one thing or several."""

    at: int
    author: Worker
    kinds: list[str] = field(default_factory=list)


def tell(story: Story, milestones: list[Milestone], told: dict[str, tuple[str, int, int]]) -> list[Telling]:
    """Every telling of this record, in order, the last of which closes what was still owed."""
    tellings: list[Telling] = []
    waiting: dict[str, Telling] = {}
    forgotten: list[str] = []
    for milestone in milestones:
        entry = told.get(milestone.kind)
        if entry is None:
            continue
        who, limit, enhanced_limit = entry
        author = story.officer if who == "officer" else story.witness_care
        current = waiting.get(who)
        if current is None or current.at <= milestone.at:
            current = waiting[who] = Telling(_NEVER, author)
            tellings.append(current)
        at = _told_at(story, milestone.at, author, enhanced_limit if story.enhanced else limit)
        if at == _NEVER:
            forgotten.append(milestone.kind)
            continue
        current.at = min(current.at, at)
        current.kinds.append(milestone.kind)
    tellings = [telling for telling in tellings if telling.kinds]
    tellings.sort(key=lambda telling: telling.at)
    if tellings and forgotten:
        # Found out at the end, when the whole case is gone through with the person.
        tellings[-1].kinds += [kind for kind in forgotten if story.chance(0.7)]
    return tellings


def write(story: Story, tellings: list[Telling]) -> None:
    """Put the tellings on the timeline, with the agreed updates in between."""
    random, add = story.random, story.timeline.add
    if tellings and story.chance(0.75):
        for topic in story.left_out:
            add(tellings[0].at + 10, "information.given", story.officer, {"topic": topic})
    if story.declined_at:
        tellings = [one for one in tellings if one.at < story.declined_at]
    for telling in tellings:
        route = random.choice(("phone", "phone", "in_person", "email", "letter"))
        words = next((_WORDS[kind] for kind in telling.kinds if kind in _WORDS), "told")
        if telling.author is story.witness_care and words == "told":
            words = "court_news"
        has_words = words if story.chance(0.6) else ""
        add(telling.at, "victim.informed", telling.author, {"route": route},
            about=list(dict.fromkeys(telling.kinds)), words=has_words)  # fmt: skip
    if story.agreed_at and not story.declined_at:
        _keep_in_touch(story, [one.at for one in tellings])


def review_needs(story: Story, since: int, until: int) -> None:
    """The care coordinator looks at the needs again about every four weeks."""
    until = min(until, story.timeline.until)
    at = since
    while True:
        kept = story.chance(story.coordinator.diligence)
        at = days_later(story.random, at, *((22, 27) if kept else (29, 52)))
        if at >= until:
            return
        words = "needs_review" if story.chance(0.25) else ""
        story.timeline.add(at, "needs.reviewed", story.coordinator, words=words)


def _keep_in_touch(story: Story, told_at: list[int]) -> None:
    """Updates at the agreed interval where there was no other news, some late, some forgotten for a while."""
    until = min(story.ended_at, story.timeline.until)
    interval = story.every_days * DAY
    last = story.agreed_at
    for news in [*[at for at in told_at if last < at < until], until]:
        while True:
            if story.chance(story.officer.diligence):
                wait = interval * (0.72 + 0.26 * story.random.random())
            else:
                wait = interval * (1.05 + story.random.expovariate(1.8))
            due = at_work(story.random, last + int(wait) - DAY)
            if due >= news:
                break
            words = "routine" if story.chance(0.5) else ""
            story.timeline.add(due, "victim.informed", story.officer, {"route": "phone"},
                               about=["contact.agreed"], words=words)  # fmt: skip
            last = due
        last = news


def _told_at(story: Story, at: int, author: Worker, limit: int) -> int:
    random = story.random
    drawn = random.random()
    if drawn < author.diligence:
        days = int(random.random() ** 1.4 * (limit + 1))
    elif drawn < author.diligence + (1 - author.diligence) * 0.8:
        days = limit + 1 + int(random.expovariate(0.3))
    else:
        return _NEVER
    if days == 0:
        return at_work(random, at + HOUR)
    return working_days_later(random, at, days)
