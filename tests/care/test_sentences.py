"""Every kind of event reads as a sentence, and no code of a payload reaches the screen raw."""

import re

import pytest

from alongside.care import sentences
from alongside.rulebook import catalogue

KINDS = catalogue.kinds()
IN_SENTENCES = sentences._book()["sentences"]


def value_of(key, code):
    return {
        "code": code,
        "codes": [code, "offence:domestic_abuse"],
        "id": "0192-some-id",
        "date": "2026-03-02",
        "datetime": "2026-03-02T09:14:00+00:00",
        "date_or_datetime": "2026-03-02T09:14:00+00:00",
        "integer": 28,
        "boolean": True,
    }[key.type]


def test_every_kind_has_a_sentence_and_every_sentence_a_kind():
    assert sorted(IN_SENTENCES) == sorted(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_sentence_names_only_keys_of_its_kind(kind):
    named = set(re.findall(r"\{(\w+)\}", IN_SENTENCES[kind]))

    assert named <= set(KINDS[kind].data)


@pytest.mark.parametrize("kind", KINDS)
def test_a_required_key_that_is_no_id_is_said(kind):
    required = {
        key.name
        for key in KINDS[kind].data.values()
        if key.required and key.type != "id" and kind != "departure.recorded"
    }

    assert required <= set(re.findall(r"\{(\w+)\}", IN_SENTENCES[kind]))


@pytest.mark.parametrize("kind", KINDS)
def test_no_raw_code_is_shown(kind):
    for code in {code for key in KINDS[kind].data.values() for code in key.values} | {"victim-care_unit"}:
        text = sentences.sentence(
            kind, {key.name: value_of(key, code) for key in KINDS[kind].data.values() if key.name != "duty"}
        )

        assert not re.search(r"_|[a-z]:[a-z]|\d{4}-\d\d|some-id|[{}\[\]]", text), text
        assert text[0].isupper()


@pytest.mark.parametrize(
    ("kind", "data", "text"),
    [
        ("suspect.arrested", {}, "Suspect arrested"),
        ("prosecution.declined", {"by": "cps"}, "The Crown Prosecution Service decided not to prosecute"),
        ("contact.agreed", {"every_days": 28, "route": "phone"}, "Contact agreed: every 28 days, by phone"),
        (
            "suspect.bailed",
            {"until": "2026-05-01", "conditions": ["no-contact", "curfew"]},
            "Suspect released on police bail until 1 May 2026, conditions: no contact and curfew",
        ),
        ("promise.made", {"by": "2026-07-03T15:00:00Z"}, "Promise made, for 3 July 2026 at 4pm"),
        (
            "facts.changed",
            {"add": ["enhanced"], "remove": ["offence:theft"]},
            "Facts changed: added Enhanced Rights, removed theft",
        ),
        ("officer.assigned", {"officer": "u1"}, "Officer in the case changed to Alex Example"),
        ("needs.assessed", {"enhanced": False}, "Needs assessed: Enhanced Rights do not apply"),
        ("risk.graded", {}, "Risk graded not said"),
        ("crime.reported", {"on": "an imported key"}, "Crime reported"),
    ],
)
def test_a_sentence_says_what_the_payload_says(kind, data, text):
    assert sentences.sentence(kind, data, names={"u1": "Alex Example"}) == text


def test_a_date_that_an_import_spoilt_is_shown_as_it_came():
    assert sentences.sentence("trial.listed", {"on": "in spring"}) == "Trial listed for in spring"
