"""What can happen, and what its payload may carry."""

import pytest

from alongside.rulebook import catalogue


def test_each_kind_has_a_title_a_group_and_known_types():
    types = {"code", "codes", "id", "date", "datetime", "date_or_datetime", "integer", "boolean"}
    for kind in catalogue.kinds().values():
        assert kind.title[0].isupper()
        assert not kind.title.endswith(".")
        assert kind.group in catalogue.GROUPS
        assert all(isinstance(name, str) and key.type in types for name, key in kind.data.items()), kind.name


def test_the_nearest_kinds_are_offered():
    assert catalogue.nearest("suspect.arested")[0] == "suspect.arrested"
    assert catalogue.nearest("xyzzy") != []


@pytest.mark.parametrize(
    ("kind", "data", "says"),
    [
        ("promise.made", {"by": "soon"}, "data.by of promise.made must be a date such as"),
        ("promise.made", {"by": "2026-02-30"}, "must be a date"),
        ("promise.made", {"by": "2026-03-06T10:00:00"}, "must be a date"),
        ("promise.made", {"by": "9999-12-31"}, "must be a date"),
        ("promise.made", {"by": "9999-12-31T23:59:59-12:00"}, "must be a date"),
        ("promise.made", {"by": "0001-01-01T00:00:00+23:00"}, "must be a date"),
        ("contact.agreed", {"every_days": 0}, "a whole number from 1"),
        ("contact.agreed", {"every_days": True}, "a whole number from 1"),
        ("contact.agreed", {"every_days": "14"}, "a whole number from 1"),
        ("needs.assessed", {"enhanced": "yes"}, "must be true or false"),
        ("care.opened", {"facts": "victim"}, "a list of lower-case words"),
        ("facts.changed", {"add": ["Victim"]}, "a list of lower-case words"),
        ("event.voided", {}, "event.voided needs data.event"),
        ("departure.recorded", {}, "departure.recorded needs data.duty"),
        ("suspect.arested", {}, "the nearest are suspect.arrested"),
    ],
)
def test_what_duties_are_calculated_from_is_always_checked(kind, data, says):
    assert says in " ".join(catalogue.check_payload(kind, data))


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("promise.made", {"by": "2026-03-06"}),
        ("promise.made", {"by": "2026-03-06T10:00:00+00:00"}),
        ("promise.made", {}),
        ("contact.agreed", {"every_days": 14, "anything": ["else"]}),
        ("event.voided", {"event": "e1", "reason": "entered on the wrong record"}),
        ("suspect.arrested", {"unheard": "of"}),
    ],
)
def test_other_systems_may_say_more_than_we_know(kind, data):
    assert catalogue.check_payload(kind, data) == []


def test_our_own_events_are_held_to_the_catalogue():
    assert catalogue.check_payload("promise.made", {}, strict=True) == ["promise.made needs data.by"]
    assert catalogue.check_payload("suspect.arrested", {"name": "x"}, strict=True) == [
        "suspect.arrested has no data.name; it has suspect"
    ]
    assert (
        "one of police, cps" in catalogue.check_payload("prosecution.declined", {"by": "us"}, strict=True)[0]
    )
    assert catalogue.check_payload("risk.graded", {"grade": "high"}, strict=True) == []
