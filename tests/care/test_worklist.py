"""The order, the pages, the filters and the reach of the worklist."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count, product
from random import Random
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alongside.access import scope
from alongside.care import rules, worklist, worklist_filters
from alongside.care.models import CareRecord, Duty, Named, SavedFilter
from alongside.care.worklist import NOBODY, Bucket, Due, Place, Tab, Wanted
from alongside.kernel.errors import NotFound, Refused
from alongside.kernel.ids import new_id
from tests.factories import actor, crime, force, person, team, user

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 30, 11, 0, tzinfo=UTC)  # a Tuesday, 12:00 in London
_number = count(1)


@pytest.fixture
def here():
    return force("WM")


@pytest.fixture
def my_team(here):
    return team(here, "Vulnerability")


@pytest.fixture
def me(here, my_team):
    return user(here, "supervisor", in_team=my_team)


def bare_record(in_force, **fields) -> CareRecord:
    return CareRecord.objects.create(
        force=in_force,
        reference=f"R-{next(_number)}/V1",
        role="victim",
        opened_at=NOW,
        **{"person": person(in_force), **fields},
    )


def owed(record: CareRecord, due_by: datetime | None = None, *, rule: str = "R2-01", **fields) -> Duty:
    """An open duty as the derivation would have written it, so that a test can choose its every value."""
    law = next(one for one in rules.current().rules if one.id == rule)
    defaults = {
        "book": law.book,
        "right": law.right,
        "owner": law.owner,
        "trigger": "crime.reported",
        "trigger_event": f"e{next(_number)}",
        "triggered_at": NOW - timedelta(days=10),
        "enhanced": False,
        "limit": "5 working days",
        "state": "open",
        "assigned_to_id": record.officer_id,
        "team_id": record.team_id,
        "risk": record.risk,
        "restricted": record.restricted,
    }
    return Duty.objects.create(
        force_id=record.force_id, care_record=record, rule=rule, due_by=due_by, **{**defaults, **fields}
    )


def shown(wanted: Wanted, as_user, **options) -> list[UUID]:
    asker = actor(as_user)
    with scope.enter(asker.scope):
        return [row.duty_id for row in worklist.page(wanted, asker=asker, now=NOW, **options).rows]


ALL = Wanted(tab=Tab.ALL)


def test_overdue_comes_first_then_today_then_later_then_what_has_no_day(here, me):
    record = bare_record(here)
    no_day = owed(record)
    later = owed(record, NOW + timedelta(days=3))
    today = owed(record, NOW + timedelta(hours=1))
    overdue = owed(record, NOW - timedelta(days=1))

    assert shown(ALL, me) == [overdue.pk, today.pk, later.pk, no_day.pk]


def test_within_each_the_higher_risk_comes_first_then_the_earlier_day(here, me):
    low, high = bare_record(here), bare_record(here, risk=3)
    expected = [
        owed(record, NOW + timedelta(days=days)).pk
        for record, days in ((high, -2), (high, -1), (low, -5), (low, -2), (high, 9), (low, 2))
    ]

    assert shown(ALL, me) == expected


@pytest.mark.parametrize(
    ("due_by", "bucket"),
    [
        (NOW, Bucket.OVERDUE),
        (NOW + timedelta(microseconds=1), Bucket.TODAY),
        # London's midnight, which is the first instant too late for what is due today.
        (datetime(2026, 6, 30, 23, 0, tzinfo=UTC), Bucket.TODAY),
        (datetime(2026, 6, 30, 23, 0, 0, 1, tzinfo=UTC), Bucket.LATER),
        (None, Bucket.NO_DAY),
    ],
)
def test_the_edges_of_today_are_londons(here, me, due_by, bucket):
    owed(bare_record(here), due_by)
    asker = actor(me)

    with scope.enter(asker.scope):
        [row] = worklist.page(ALL, asker=asker, now=NOW).rows

    assert row.bucket is bucket


def in_order(duty: Duty) -> tuple:
    buckets = (
        duty.due_by is None,
        duty.due_by and duty.due_by > NOW + timedelta(hours=12),
        duty.due_by and duty.due_by > NOW,
    )
    return (*map(bool, buckets), -duty.risk, duty.due_by or NOW, duty.pk)


@pytest.fixture
def many(here):
    """Duties of every bucket and risk, several at the very same instant."""
    chance = Random(7)
    records = [bare_record(here, risk=risk) for risk in (0, 1, 2, 3, 0, 1)]
    days = [None, *(NOW + timedelta(hours=hours) for hours in (-300, -30, -30, 2, 2, 5, 60, 900))]
    laws = ["R2-01", "R6-03", "R6-05", "L-01"]
    return [
        owed(record, day, rule=chance.choice(laws), enhanced=chance.random() < 0.5)
        for record, day, _ in product(records, days, range(2))
    ]


@pytest.mark.parametrize(
    "wanted",
    [
        ALL,
        replace(ALL, risk=1),
        replace(ALL, enhanced=True),
        replace(ALL, rule="R6-03"),
        replace(ALL, right=6),
        replace(ALL, owner="police", enhanced=False),
        replace(ALL, officer=NOBODY),
        replace(ALL, due=Due.OVERDUE),
        replace(ALL, due=Due.TODAY, risk=0),
        replace(ALL, due=Due.WEEK),
    ],
    ids=str,
)
def test_pages_forwards_and_back_show_everything_once_and_in_order(me, many, wanted):
    laws = {one.id: one for one in rules.current().rules}
    week_ends = datetime(2026, 7, 5, 23, 0, tzinfo=UTC)
    ways = {
        None: lambda duty: True,
        Due.OVERDUE: lambda duty: duty.due_by and duty.due_by <= NOW,
        Due.TODAY: lambda duty: duty.due_by and NOW < duty.due_by <= NOW + timedelta(hours=12),
        Due.WEEK: lambda duty: duty.due_by and NOW < duty.due_by <= week_ends,
    }
    expected = [
        duty.pk
        for duty in sorted(many, key=in_order)
        if wanted.risk in (None, duty.risk)
        and wanted.enhanced in (None, duty.enhanced)
        and wanted.rule in (None, duty.rule)
        and wanted.right in (None, laws[duty.rule].right)
        and wanted.owner in (None, laws[duty.rule].owner)
        and ways[wanted.due](duty)
    ]
    asker = actor(me)

    with scope.enter(asker.scope):
        pages = [worklist.page(wanted, asker=asker, now=NOW, size=7)]
        while pages[-1].following:
            pages.append(worklist.page(wanted, asker=asker, now=NOW, size=7, after=pages[-1].following))
        back = [pages[-1]]
        while back[-1].previous:
            back.append(worklist.page(wanted, asker=asker, now=NOW, size=7, before=back[-1].previous))

    assert len(expected) > 7
    assert [row.duty_id for page in pages for row in page.rows] == expected
    assert [row.duty_id for page in reversed(back) for row in page.rows] == expected


def test_a_page_is_one_statement_and_so_are_the_counts_and_the_choices(me, many):
    asker = actor(me)

    with scope.enter(asker.scope), CaptureQueriesContext(connection) as statements:
        worklist.page(ALL, asker=asker, now=NOW)
        worklist.counts(asker=asker)
        worklist_filters.offer(ALL, asker=asker)

    assert len(statements) == 3


def test_mine_are_those_assigned_to_me_and_my_teams_those_of_its_records(here, me, my_team):
    mine = owed(bare_record(here, officer=me, team=my_team), NOW)
    a_colleagues = owed(bare_record(here, officer=user(here, in_team=my_team), team=my_team), NOW)
    elsewhere = owed(bare_record(here, officer=user(here), team=team(here)), NOW)
    asker = actor(me)

    assert shown(Wanted(), me) == [mine.pk]
    assert set(shown(Wanted(tab=Tab.TEAM), me)) == {mine.pk, a_colleagues.pk}
    assert set(shown(ALL, me)) == {mine.pk, a_colleagues.pk, elsewhere.pk}
    with scope.enter(asker.scope):
        assert worklist.counts(asker=asker) == {Tab.MINE: 1, Tab.TEAM: 2, Tab.ALL: 3}


def test_who_is_in_no_team_has_no_teams_list(here):
    loner = user(here)
    owed(bare_record(here, officer=loner), NOW)
    asker = actor(loner)

    assert shown(Wanted(tab=Tab.TEAM), loner) == []
    with scope.enter(asker.scope):
        assert worklist.counts(asker=asker)[Tab.TEAM] == 0


def test_counting_stops_at_a_thousand_and_one(here, me):
    record = bare_record(here)
    law = rules.current().rules[0]
    Duty.objects.bulk_create(
        Duty(
            force=here, care_record=record, book=law.book, rule=law.id, owner=law.owner, trigger="x",
            trigger_event=str(number), triggered_at=NOW, enhanced=False, limit="5 working days", state="open",
        )
        for number in range(1005)
    )  # fmt: skip
    asker = actor(me)

    with scope.enter(asker.scope):
        assert worklist.counts(asker=asker)[Tab.ALL] == 1001


def test_only_what_can_still_be_done_is_shown(here, me):
    record = bare_record(here)
    owed(record, NOW - timedelta(days=3), state="missed")
    owed(record, NOW - timedelta(days=3), state="waived")
    owed(record, NOW, state="met", done_at=NOW)
    closed = bare_record(here, closed_at=NOW - timedelta(days=1))
    owed(closed, NOW - timedelta(hours=1))  # missed as soon as the next job looks at it
    still = owed(closed, NOW + timedelta(days=2))

    assert shown(ALL, me) == [still.pk]


def test_filters_by_team_and_by_whom_it_is_assigned_to(here, me, my_team):
    officer = user(here, in_team=my_team)
    theirs = owed(bare_record(here, officer=officer, team=my_team), NOW)
    of_team = owed(bare_record(here, team=my_team), NOW)
    owed(bare_record(here), NOW)

    assert shown(replace(ALL, officer=officer.pk), me) == [theirs.pk]
    assert set(shown(replace(ALL, team=my_team.pk), me)) == {theirs.pk, of_team.pk}
    assert shown(replace(ALL, team=my_team.pk, officer=NOBODY), me) == [of_team.pk]


def test_another_forces_duties_never_appear(here, me):
    elsewhere = force("NY")
    stranger = user(elsewhere, in_team=team(elsewhere))
    owed(bare_record(elsewhere, officer=stranger, team=stranger.team), NOW)
    wants = [
        ALL,
        Wanted(),
        replace(ALL, officer=stranger.pk),
        replace(ALL, team=stranger.team_id),
        replace(ALL, rule="R2-01"),
    ]

    assert [shown(wanted, me) for wanted in wants] == [[]] * len(wants)
    with scope.enter(actor(me).scope):
        assert worklist.counts(asker=actor(me)) == dict.fromkeys(Tab, 0)


def test_a_restricted_records_duties_are_for_those_named(here, me, my_team):
    record = bare_record(here, restricted=True, officer=me, team=my_team)
    duty = owed(record, NOW)

    assert [shown(Wanted(tab=tab), me) for tab in Tab] == [[], [], []]

    Named.objects.create(force=here, care_record=record, user=me, named_at=NOW)

    assert [shown(Wanted(tab=tab), me) for tab in Tab] == [[duty.pk]] * 3


def test_a_row_says_who_what_and_whose(here, me):
    record = bare_record(here, officer=me, person=None, crime=crime(here), risk=3)
    owed(record, NOW, enhanced=True, due_on=date(2026, 6, 29))
    asker = actor(me)

    with scope.enter(asker.scope):
        [row] = worklist.page(Wanted(), asker=asker, now=NOW).rows

    assert (row.person, row.assigned_to, row.reference) == (None, me.name, record.reference)
    assert (row.risk, row.enhanced, row.restricted, row.due_on) == (3, True, False, date(2026, 6, 29))


@pytest.mark.parametrize("due_by", [None, NOW])
def test_a_place_reads_back_what_it_wrote(due_by):
    place = Place(Bucket.NO_DAY if due_by is None else Bucket.TODAY, 2, due_by, new_id())

    assert Place.parse(str(place)) == place


KEY = UUID("01a1fdaf-662b-71bf-ae69-9cb6df6c06b2")  # the same in every process: it names tests
BROKEN_PLACES = [
    "",
    "_",
    "1_2_3",
    "x_x_x_x",
    f"9_1_{NOW.isoformat()}_{KEY}",
    f"1_9_{NOW.isoformat()}_{KEY}",
    f"1_1__{KEY}",
    f"3_1_{NOW.isoformat()}_{KEY}",
    f"1_1_9999-12-31T23:59:59-23:59_{KEY}",
    "1_1_x_" + "9" * 9999,
]


@pytest.mark.parametrize("text", BROKEN_PLACES)
def test_a_place_that_nobody_wrote_is_none(text):
    assert Place.parse(text) is None


def test_people_on_offer_are_those_of_the_team_in_view_and_who_has_left_is_marked(here, me, my_team):
    gone = user(here, in_team=my_team, is_active=False)
    other_team = team(here)
    other = user(here, in_team=other_team)
    stranger = user(force("NY"))

    with scope.enter(actor(me).scope):
        own = worklist_filters.offer(Wanted(tab=Tab.TEAM), asker=actor(me))
        others = worklist_filters.offer(replace(ALL, team=other_team.pk), asker=actor(me))
        attacked = worklist_filters.offer(replace(ALL, officer=stranger.pk), asker=actor(me))

    assert set(own.people) == {me.pk, gone.pk}
    assert own.left == {gone.pk}
    assert set(others.people) == {other.pk}
    assert stranger.pk not in attacked.people
    assert set(own.teams) == {my_team.pk, other_team.pk}


def test_filters_are_kept_by_name_for_oneself_alone(here, me):
    colleague = user(here)
    with scope.enter(actor(me).scope):
        worklist_filters.save_filter(name=" High risk ", query="tab=all&risk=3", actor=actor(me))
        worklist_filters.save_filter(name="High risk", query="tab=team&risk=3", actor=actor(me))
        [mine] = worklist_filters.offer(ALL, asker=actor(me)).saved
    with scope.enter(actor(colleague).scope):
        assert worklist_filters.offer(ALL, asker=actor(colleague)).saved == []
        with pytest.raises(NotFound):
            worklist_filters.delete_filter(filter_id=mine.id, actor=actor(colleague))

    assert (mine.name, mine.query) == ("High risk", "tab=team&risk=3")
    with scope.enter(actor(me).scope):
        assert worklist_filters.delete_filter(filter_id=mine.id, actor=actor(me)) == "High risk"
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_a_filter_needs_a_name_that_fits(me, name):
    with scope.enter(actor(me).scope), pytest.raises(Refused):
        worklist_filters.save_filter(name=name, query="tab=all", actor=actor(me))

    assert not SavedFilter.objects.exists()
