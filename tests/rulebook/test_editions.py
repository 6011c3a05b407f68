"""Which edition of a book measures a trigger, and what is said of triggers older than all of them."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from alongside.rulebook import loader
from alongside.rulebook.engine import derive
from alongside.rulebook.explain import explain
from alongside.rulebook.limits import parse_limit
from alongside.rulebook.rulebook import Rulebook, UnknownBook
from tests.rulebook.stories import derived, story

CODE = loader.shipped().book("victims-code-2021")
# A Code to come: three working days to tell of an arrest.
NEXT = replace(
    CODE,
    name="victims-code-2027",
    in_force_from=date(2027, 4, 1),
    rules=tuple(
        replace(rule, book="victims-code-2027", limit=parse_limit("3 working days"))
        for rule in CODE.rules
        if rule.id == "R6-03"
    ),
)
BOTH = Rulebook([NEXT, CODE])


@pytest.mark.parametrize(
    ("at", "book", "limit"),
    [
        ("2027-03-31 23:59", "victims-code-2021", "5 working days"),
        ("2027-04-01 00:00", "victims-code-2027", "3 working days"),
        ("2019-04-01 00:00", "victims-code-2021", "5 working days"),
    ],
)
def test_the_edition_in_force_on_the_triggers_london_day_measures_it(at, book, limit):
    events = story(f"{at} suspect.arrested")

    [duty] = derive(events, BOTH, as_of=events[-1].at).duties

    assert (duty.book, duty.limit) == (book, limit)


def test_an_edition_that_ended_without_a_successor_measures_nothing_more():
    ended = Rulebook([replace(CODE, in_force_until=date(2026, 4, 1))])
    events = story("2026-03-31 23:59 suspect.arrested", "2026-04-01 00:00 suspect.arrested")

    found = derive(events, ended, as_of=datetime(2026, 4, 2, tzinfo=UTC)).duties

    assert [duty.trigger_id for duty in found] == ["e1"]


def test_a_trigger_older_than_the_first_edition_says_so():
    events = story("2020-05-07 16:00 suspect.arrested")
    [duty] = [duty for duty in derived(events).duties if duty.rule == "R6-03"]

    said = " ".join(explain(duty, events, loader.shipped()))

    assert "This edition came into force on 1 April 2021, after the trigger" in said


def test_a_rule_that_was_not_yet_law_says_so():
    events = story("2025-12-01 10:00 records.requested")
    [duty] = derived(events).duties

    said = " ".join(explain(duty, events, loader.shipped()))

    assert "The rule became law on 12 January 2026; at the trigger it was not yet law" in said


def test_books_can_be_chosen_by_name():
    assert [book.name for book in loader.shipped().only(["statute"]).books] == ["statute"]
    with pytest.raises(UnknownBook, match="there is no book 'statue'; the books are local-default"):
        loader.shipped().only(["statue"])
