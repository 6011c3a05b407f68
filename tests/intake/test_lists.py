"""The publisher's lists become events that the catalogue knows and facts that are declared."""

from datetime import date

import pytest

from alongside.intake import lists
from alongside.rulebook import catalogue

MONTH = date(2026, 3, 1)
KNOWN = list(lists.outcomes(MONTH).values())


@pytest.mark.parametrize("outcome", KNOWN, ids=lambda outcome: outcome.code)
def test_each_outcome_is_an_event_of_the_catalogue(outcome):
    for kind in filter(None, (outcome.kind, outcome.again)):
        assert catalogue.check_payload(kind, outcome.data, strict=True) == []
    assert ":" not in outcome.code
    assert set(outcome.types) <= set(range(23))


def test_what_nobody_decided_starts_no_duty():
    informational = {one.code for one in KNOWN if catalogue.kinds()[one.kind].informational}

    assert informational == {
        "status_unavailable",
        "charged_in_another_case",
        "sent_to_crown_court",
        "court_result_unavailable",
    }


@pytest.mark.parametrize("crime_type", lists.crime_types().values(), ids=lambda one: one.name)
def test_facts_are_declared_and_only_those_that_are_certain(crime_type):
    assert set(crime_type.facts) <= set(catalogue.facts())
    assert not {"offence:violent", "offence:sexual", "offence:arson"} & set(crime_type.facts)


def test_before_the_publisher_began_there_are_no_outcomes():
    assert lists.outcomes(date(2010, 11, 1)) == {}


def test_a_suspect_who_is_charged_awaits_the_court_in_one_wording():
    known = lists.outcomes(MONTH)

    assert lists.wording(known["Suspect charged"]) == "Awaiting court outcome"
