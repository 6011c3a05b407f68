"""A duty of the worklist in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from alongside.care import rules, sentences
from alongside.care.worklist import Bucket, Row
from alongside.contact.queries import is_met_by_telling
from alongside.kernel import formats
from alongside.rulebook import catalogue, words
from alongside.rulebook.limits import AsSoonAsPossible, Before, parse_limit
from alongside.rulebook.model import Rule

# Duties that somebody of this force does; the others are watched here.
OURS = frozenset({"police", "victim-care-unit", "witness-care-unit", "any"})
RISK_BADGES = {3: ("High risk", "red"), 2: ("Medium risk", "blue")}


@dataclass(frozen=True, slots=True)
class Badge:
    text: str
    colour: str


BUCKETS = {
    Bucket.OVERDUE: gettext_lazy("Overdue"),
    Bucket.TODAY: gettext_lazy("Due today"),
    Bucket.LATER: gettext_lazy("Due later"),
    Bucket.NO_DAY: gettext_lazy("Without a date"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """What one item of the list says."""

    duty_id: UUID
    title: str
    reference: str
    person: str
    is_witness: bool
    why: str
    owner: str
    assigned_to: str
    bucket: Bucket
    due: str
    due_at: datetime | None
    badges: tuple[Badge, ...]
    is_checked: bool
    is_ours: bool
    # The event to tell them of, where telling is what is owed.
    to_tell: str


def line(row: Row, *, now: datetime) -> Line:
    rule = _rule(row.book, row.rule)
    # A rule that has gone keeps its id.
    title, is_checked = (rule.title, not rule.is_to_be_checked) if rule else (row.rule, False)
    is_ours = row.owner in OURS
    return Line(
        duty_id=row.duty_id,
        title=title,
        reference=row.reference,
        person=row.person or _("Not named yet"),
        is_witness=row.role == "witness",
        why=_("%(what)s on %(day)s")
        % {"what": _trigger(row.trigger), "day": formats.plain_day(row.triggered_at)},
        owner=sentences.owner(row.owner),
        assigned_to=row.assigned_to or "",
        bucket=row.bucket,
        due=due_in_words(row, now=now),
        due_at=row.due_by,
        badges=tuple(_badges(row, is_checked=is_checked)),
        is_checked=is_checked,
        is_ours=is_ours,
        to_tell=row.trigger_event if rule and is_ours and is_met_by_telling(rule) else "",
    )


def groups(rows: Iterable[Row], *, now: datetime) -> list[tuple[str, list[Line]]]:
    """The rows under the heading of their bucket, in their order."""
    return [
        (str(BUCKETS[bucket]), [line(row, now=now) for row in together])
        for bucket, together in groupby(rows, key=lambda row: row.bucket)
    ]


def due_in_words(row: Row, *, now: datetime) -> str:
    """Overdue by 3 days; Due today; Due Friday 27 November 2026."""
    if row.due_by is None:
        return _limit_in_words(row.limit)
    # A duty without a day is due at an hour.
    hour = "" if row.due_on else formats.time_of_day(row.due_by)
    day = row.due_on or formats.in_london(row.due_by)
    if row.bucket is Bucket.OVERDUE:
        days = (formats.in_london(now) - day).days
        if days < 1:
            return _("Overdue since %(hour)s today") % {"hour": hour}
        overdue = ngettext("Overdue by %(days)s day", "Overdue by %(days)s days", days)
        return overdue % {"days": formats.number(days)}
    if row.bucket is Bucket.TODAY:
        return _("Due today by %(hour)s") % {"hour": hour} if hour else _("Due today")
    later = _("Due %(day)s by %(hour)s") if hour else _("Due %(day)s")
    return later % {"day": formats.day(day), "hour": hour}


def _limit_in_words(limit: str) -> str:
    parsed = parse_limit(limit)
    if isinstance(parsed, Before):
        return _("Due before %(what)s") % {"what": words.gate_in_words(parsed.kinds)}
    return _("As soon as possible") if isinstance(parsed, AsSoonAsPossible) else _("No date yet")


def _trigger(kind: str) -> str:
    known = catalogue.kinds().get(kind)
    return known.title if known else kind


def _rule(book: str, rule_id: str) -> Rule | None:
    try:
        return rules.current().rule(book, rule_id)
    except KeyError:
        return None


def _badges(row: Row, *, is_checked: bool) -> list[Badge]:
    badges = [Badge(*RISK_BADGES[row.risk])] if row.risk in RISK_BADGES else []
    if row.enhanced:
        badges.append(Badge(_("Enhanced"), "purple"))
    if row.restricted:
        badges.append(Badge(_("Restricted"), "black"))
    if not is_checked:
        badges.append(Badge(_("Check"), "grey"))
    return badges
