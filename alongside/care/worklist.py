"""The worklist: what is still owed, the most pressing first, a page at a time.

The order is overdue, due today, later, without a day; within each the higher risk first, then the earlier
date. PostgreSQL can not read one index in that order, so a page is the first rows of sixteen stretches of
an index (four buckets of four grades of risk), laid end to end: it stops as soon as the page is full,
however long the list is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any
from uuid import UUID

from django.db import connection

from alongside.access.actors import Actor
from alongside.care import rules
from alongside.rulebook.calendar import end_of_london_day, london_day

PAGE_SIZE = 50
COUNTED_TO = 1000
RISKS = (3, 2, 1, 0)
# What the filter for an officer takes where no officer is assigned.
NOBODY = UUID(int=0)


class Tab(StrEnum):
    MINE = "mine"
    TEAM = "team"
    ALL = "all"


class Due(StrEnum):
    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"


class Bucket(IntEnum):
    OVERDUE = 0
    TODAY = 1
    LATER = 2
    NO_DAY = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks of the worklist. None asks nothing."""

    tab: Tab = Tab.MINE
    right: int | None = None
    owner: str | None = None
    rule: str | None = None
    enhanced: bool | None = None
    team: UUID | None = None
    officer: UUID | None = None
    due: Due | None = None
    risk: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the order a duty stands: enough to go on from there, whatever has changed meanwhile."""

    bucket: Bucket
    risk: int
    due_by: datetime | None
    duty_id: UUID

    def __str__(self) -> str:
        instant = self.due_by.isoformat() if self.due_by else ""
        return f"{self.bucket.value}_{self.risk}_{instant}_{self.duty_id}"

    @classmethod
    def parse(cls, text: str) -> "Place | None":
        """The place that `str` wrote; None where somebody else wrote it."""
        try:
            bucket, risk, instant, duty_id = text.split("_")
            due_by = datetime.fromisoformat(instant).astimezone(UTC) if instant else None
            place = cls(Bucket(int(bucket)), int(risk), due_by, UUID(duty_id))
        except (ValueError, OverflowError):
            return None
        has_day = place.bucket is not Bucket.NO_DAY
        return place if has_day == (due_by is not None) and place.risk in RISKS else None


@dataclass(frozen=True, slots=True)
class Row:
    """One open duty, with what a list says about it. Names where the asker may see them."""

    bucket: Bucket
    duty_id: UUID
    care_record_id: UUID
    book: str
    rule: str
    owner: str
    trigger: str
    trigger_event: str
    triggered_at: datetime
    limit: str
    due_on: date | None
    due_by: datetime | None
    enhanced: bool
    risk: int
    restricted: bool
    reference: str
    role: str
    closed_at: datetime | None
    person: str | None
    assigned_to: str | None

    @property
    def place(self) -> Place:
        return Place(self.bucket, self.risk, self.due_by, self.duty_id)


@dataclass(frozen=True, slots=True)
class Page:
    rows: Sequence[Row] = ()
    previous: Place | None = None
    following: Place | None = None


def page(
    wanted: Wanted,
    *,
    asker: Actor,
    now: datetime,
    after: Place | None = None,
    before: Place | None = None,
    size: int = PAGE_SIZE,
) -> Page:
    """The duties after a place, or the last before one; the first of all without. One statement."""
    backwards = before is not None
    place = before or after
    stretches = list(_stretches(wanted, asker, place, backwards=backwards))
    if not stretches:
        return Page()
    values: dict[str, Any] = {**_identities(wanted, asker), **_instants(now), "one_more": size + 1}
    if place:
        values |= {"place_due": place.due_by, "place_id": place.duty_id}
    with connection.cursor() as cursor:
        cursor.execute(_PAGE.format(stretches="\nUNION ALL\n".join(stretches)), values)
        found = [Row(Bucket(bucket), *others) for bucket, *others in cursor.fetchall()]
    # The joins may have mixed the order; one row more than the page says whether there is another.
    found.sort(key=_order)
    has_more = len(found) > size
    rows = (found[-size:] if backwards else found[:size]) if has_more else found
    return Page(
        # A dated duty of a closed record can not be done late: at its hour it becomes missed.
        rows=[row for row in rows if not (row.closed_at and row.bucket is Bucket.OVERDUE)],
        previous=rows[0].place if rows and (has_more if backwards else after) else None,
        following=rows[-1].place if rows and (has_more or backwards) else None,
    )


def counts(*, asker: Actor) -> dict[Tab, int]:
    """How many duties each tab holds, counted no further than COUNTED_TO + 1. One statement."""
    ways = {tab: _conditions(Wanted(tab=tab), asker) for tab in Tab}
    selects = [
        f"(SELECT count(*) FROM (SELECT FROM care_duty AS duty WHERE {' AND '.join(where)}"
        f" LIMIT {COUNTED_TO + 1}) AS counted)"
        if where
        else "0"
        for where in ways.values()
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(selects)}", _identities(Wanted(), asker))
        return dict(zip(ways, cursor.fetchone(), strict=True))


_COLUMNS = """duty.id, duty.care_record_id, duty.book, duty.rule, duty.owner, duty.trigger, duty.trigger_event,
    duty.triggered_at,
    duty."limit", duty.due_on, duty.due_by, duty.enhanced, duty.risk, duty.restricted"""

# The order of UNION ALL is that of its branches: no policy's function may run in parallel, so no branch does.
_PAGE = """
SELECT page.bucket, page.id, page.care_record_id, page.book, page.rule, page.owner, page.trigger,
       page.trigger_event, page.triggered_at, page."limit", page.due_on, page.due_by, page.enhanced, page.risk, page.restricted,
       record.reference, record.role, record.closed_at, person.name, assigned.name
FROM (SELECT * FROM ({stretches}) AS stretch LIMIT %(one_more)s) AS page
JOIN care_carerecord AS record ON record.id = page.care_record_id
LEFT JOIN care_person AS person ON person.id = record.person_id
LEFT JOIN access_user AS assigned ON assigned.id = page.assigned_to_id
"""

_BUCKETS = {
    Bucket.OVERDUE: "duty.due_by <= %(now)s",
    Bucket.TODAY: "duty.due_by > %(now)s AND duty.due_by <= %(end_of_today)s",
    Bucket.LATER: "duty.due_by > %(end_of_today)s",
    Bucket.NO_DAY: "duty.due_by IS NULL",
}
_WEEK = "duty.due_by <= %(end_of_week)s"
_BUCKETS_DUE = {
    None: tuple(Bucket),
    Due.OVERDUE: (Bucket.OVERDUE,),
    Due.TODAY: (Bucket.TODAY,),
    Due.WEEK: (Bucket.TODAY, Bucket.LATER),
}


def _stretches(wanted: Wanted, asker: Actor, place: Place | None, *, backwards: bool) -> Iterator[str]:
    """The parts of the list from `place` on, in order, each a stretch of one index."""
    where = _conditions(wanted, asker)
    if where is None:
        return
    risks = RISKS if wanted.risk is None else (wanted.risk,)
    parts = [(bucket, risk) for bucket in _BUCKETS_DUE[wanted.due] for risk in risks]
    for bucket, risk in reversed(parts) if backwards else parts:
        conditions = [*where, f"duty.risk = {risk:d}", _BUCKETS[bucket]]
        if wanted.due is Due.WEEK:
            conditions.append(_WEEK)
        if place:
            here, there = (bucket, -risk), (place.bucket, -place.risk)
            if here > there if backwards else here < there:
                continue
            if here == there:
                conditions.append(_beyond(place, backwards=backwards))
        yield _stretch(wanted, bucket, conditions, backwards=backwards)


def _stretch(wanted: Wanted, bucket: Bucket, conditions: list[str], *, backwards: bool) -> str:
    descending = " DESC" if backwards else ""
    # A constant, said so that IS NULL too reads the index in order.
    first = f"duty.assigned_to_id{descending}, " if wanted.officer == NOBODY else ""
    ordered = f"ORDER BY {first}duty.due_by{descending}, duty.id{descending} LIMIT %(one_more)s"
    select = f"SELECT {bucket:d} AS bucket, {_COLUMNS}, duty.assigned_to_id"
    if not _reads_rule_by_rule(wanted):
        return f"({select} FROM care_duty AS duty WHERE {' AND '.join(conditions)} {ordered})"
    # Each rule has its own stretch; the first of each are merged.
    return (
        f"({select} FROM unnest(%(rules)s::text[]) AS named(rule) CROSS JOIN LATERAL (SELECT * FROM care_duty AS duty"
        f" WHERE duty.rule = named.rule AND {' AND '.join(conditions)} {ordered}) AS duty {ordered})"
    )


def _beyond(place: Place, *, backwards: bool) -> str:
    sign = "<" if backwards else ">"
    if place.bucket is Bucket.NO_DAY:
        return f"duty.id {sign} %(place_id)s"
    return f"(duty.due_by, duty.id) {sign} (%(place_due)s, %(place_id)s)"


def _conditions(wanted: Wanted, asker: Actor) -> list[str] | None:
    """What holds of every duty on the tab, filters but `due` and `risk` included. None where nothing can."""
    where = ["duty.force_id = %(force)s", "duty.state = 'open'"]
    if wanted.tab is Tab.MINE:
        where.append("duty.assigned_to_id = %(me)s")
    if wanted.tab is Tab.TEAM:
        if asker.team_id is None:
            return None
        where.append("duty.team_id = %(my_team)s")
    if wanted.officer is not None:
        is_one = "IS NULL" if wanted.officer == NOBODY else "= %(officer)s"
        where.append(f"duty.assigned_to_id {is_one}")
    if wanted.team is not None:
        where.append("duty.team_id = %(team)s")
    if wanted.enhanced is not None:
        where.append("duty.enhanced" if wanted.enhanced else "NOT duty.enhanced")
    if _names_rules(wanted) and not _reads_rule_by_rule(wanted):
        where.append("duty.rule = ANY(%(rules)s)")
    return where


def _names_rules(wanted: Wanted) -> bool:
    return not (wanted.rule is None and wanted.right is None and wanted.owner is None)


def _reads_rule_by_rule(wanted: Wanted) -> bool:
    """A person's or a team's list is short enough to look through; a whole force's is not."""
    is_long = wanted.tab is Tab.ALL and wanted.officer is None and wanted.team is None
    return is_long and _names_rules(wanted)


def _identities(wanted: Wanted, asker: Actor) -> dict[str, Any]:
    return {
        "force": asker.force_id,
        "me": asker.user_id,
        "my_team": asker.team_id,
        "officer": wanted.officer,
        "team": wanted.team,
        "rules": _rules(wanted),
    }


def _instants(now: datetime) -> dict[str, datetime]:
    today = london_day(now)
    sunday = today + timedelta(days=6 - today.weekday())
    return {"now": now, "end_of_today": end_of_london_day(today), "end_of_week": end_of_london_day(sunday)}


def _rules(wanted: Wanted) -> list[str]:
    """A rule knows its right and its owner, so one index by rule serves all three filters."""
    return sorted(
        {
            rule.id
            for rule in rules.current().rules
            if wanted.rule in (None, rule.id)
            and wanted.right in (None, rule.right)
            and wanted.owner in (None, rule.owner)
        }
    )


def _order(row: Row) -> tuple[Any, ...]:
    day = (row.due_by,) if row.due_by else ()  # all rows of a bucket have a day, or none has
    return (row.bucket, -row.risk, *day, row.duty_id)
