"""What is made up: the same every time, possible, and as mixed as life. No database."""

import unicodedata
from collections import Counter

import pytest

from alongside.care import history
from alongside.care.models import CareRecord, Crime, Named, Note, Party, Person
from alongside.rulebook import catalogue
from demo import courses
from tests.demo.conftest import AS_OF, invent


def told(entries):
    """Everything that is the same in two demonstrations: no ids."""
    return [
        (
            entry.care_record.reference,
            entry.care_record.person.name,
            entry.care_record.restricted,
            [
                (
                    one.kind,
                    one.at,
                    list(one.about),
                    {key: value for key, value in one.data.items() if key != "note"},
                )
                for one in entry.happenings
            ],
            sorted(row.words for row in entry.with_rows if isinstance(row, Note)),
        )
        for entry in entries
    ]


def rows(entries, model):
    return [row for entry in entries for row in entry.with_rows if isinstance(row, model)]


def share(entries, fact):
    victims = [entry for entry in entries if entry.care_record.role == "victim"]
    return sum(fact in entry.happenings[0].data["facts"] for entry in victims) / len(victims)


def test_the_same_seed_and_moment_tell_the_same_stories():
    assert told(invent(60)) == told(invent(60))


def test_another_seed_or_division_tells_others():
    assert told(invent(20)) != told(invent(20, seed=2)) != told(invent(20, number=1))


def test_a_smaller_demonstration_is_the_beginning_of_a_larger_one():
    assert told(invent(30)) == told(invent(60))[:30]


def test_exactly_as_many_records_as_were_asked_for(entries):
    assert len(entries) == 1_000


def test_everything_that_happens_is_in_the_catalogue_with_all_that_it_needs(entries):
    mistakes = Counter(
        mistake
        for entry in entries
        for happening in entry.happenings
        for mistake in catalogue.check_payload(happening.kind, happening.data, strict=True)
    )

    assert mistakes == {}


def test_nothing_happens_that_history_would_refuse(entries):
    for entry in entries:
        for happening in entry.happenings:
            history.check(happening, now=AS_OF)


def test_every_timeline_opens_with_its_record_and_runs_in_order(entries):
    for entry in entries:
        moments = [happening.at for happening in entry.happenings]

        assert entry.happenings[0].kind == "care.opened"
        assert moments == sorted(moments)
        assert moments[0] == entry.care_record.opened_at
        assert moments[-1] <= AS_OF


def test_whatever_is_voided_or_promised_is_on_the_same_timeline(entries):
    for entry in entries:
        ids = {happening.event_id for happening in entry.happenings}
        for happening in entry.happenings:
            named = [one for one in happening.about if "." not in one]
            if happening.kind == "event.voided":
                named.append(happening.data["event"])

            assert set(named) <= ids


@pytest.mark.parametrize(
    ("fact", "least", "most"),
    [
        ("offence:domestic_abuse", 0.1, 0.22),
        ("offence:stalking_harassment", 0.07, 0.2),
        ("offence:sexual", 0.01, 0.07),
        ("offence:hate", 0.01, 0.06),
        ("bereaved", 0.002, 0.03),
        ("under-18", 0.04, 0.15),
        ("business", 0.1, 0.3),
        ("repeat-victim", 0.03, 0.15),
    ],
)
def test_crimes_are_mixed_as_they_are_published(entries, fact, least, most):
    assert least < share(entries, fact) < most


def test_every_part_of_a_journey_is_there(entries):
    kinds = {happening.kind for entry in entries for happening in entry.happenings}

    assert kinds >= {
        "contact.agreed", "contact.attempted", "complaint.received", "departure.recorded", "event.voided", "expenses.claimed",
        "facts.changed", "hearing.moved", "investigation.declined", "needs.reviewed", "promise.kept", "promise.made",
        "promise.withdrawn", "restriction.set", "review.requested", "risk.graded", "sentence.notified", "special_measures.decided",
        "suspect.bailed", "trial.started", "updates.declined", "vcs.referred", "verdict.notified", "views.sought", "vps.made",
        "witness.required",
    }  # fmt: skip


def test_some_records_are_closed_and_some_are_not(entries):
    closed = sum(any(one.kind == "care.closed" for one in entry.happenings) for entry in entries)

    assert 0.6 < closed / len(entries) < 0.9


def test_people_are_related_as_they_should_be(entries):
    parties = Counter(row.relation for row in rows(entries, Party))

    assert set(parties) >= {"parent_or_guardian", "family_spokesperson", "contact_for_business", "suspect"}


def test_a_restricted_record_names_those_who_work_on_it(entries):
    restricted = [entry for entry in entries if entry.care_record.restricted]

    assert restricted
    for entry in restricted:
        named = {row.user_id for row in entry.with_rows if isinstance(row, Named)}
        assert {entry.care_record.officer_id, entry.care_record.coordinator_id} - {None} <= named


def test_names_try_a_page(entries):
    people = rows(entries, Person)
    names = [person.name for person in people]

    assert any("'" in name for name in names) and any("-" in name for name in names)
    assert max(map(len, names)) > 35
    assert any(not name.isascii() for name in names)
    assert {person.language for person in people} >= {"en", "cy", "pl"}
    assert any(person.safety_warning for person in people)


def test_a_name_reads_from_right_to_left_in_a_larger_demonstration():
    names = [row.name for row in rows(invent(2_000), Person)]

    assert any(unicodedata.bidirectional(name[0]) in ("R", "AL") for name in names)


def test_a_crime_comes_before_its_records_and_stands_once(entries):
    crimes = rows(entries, Crime)
    references = [crime.reference for crime in crimes]

    assert len(set(references)) == len(references)
    assert {entry.care_record.crime.reference for entry in entries} == set(references)
    assert all(isinstance(entry.care_record, CareRecord) for entry in entries)


def test_every_ending_can_be_followed_to_its_end():
    from random import Random

    from demo import offences

    for offence in offences.every():
        for ending in courses.Ending:
            course = courses.follow(Random(1), offence, 29_000_000, ending)

            assert course.milestones and all(one.at > course.reported for one in course.milestones)
            assert {one.kind for one in course.milestones} <= set(catalogue.kinds())
