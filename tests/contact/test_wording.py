"""What people are told is plain, kind and complete: every template is held to it."""

import re
from datetime import UTC, datetime

import pytest

from alongside.care import rules
from alongside.care.models import Event
from alongside.contact import wording

TEMPLATES = wording.templates()
# Said aloud or read in a bad moment: understood at about eleven.
HIGHEST_GRADE = 6.0
LONGEST_SENTENCE = 20
JARGON = {
    "disposal", "suspect's", "defendant", "perpetrator", "offender", "oic", "nfa", "cps", "ivna", "vcu", "wcu",
    "allegation", "alleged", "prosecution", "complainant", "aggrieved", "ip", "adjourned", "remanded", "custody",
    "pursuant", "regarding", "commence", "terminate", "unfortunately",
}  # fmt: skip
BLAME = ("you should have", "you failed", "why did you", "if you had", "your fault", "you did not report")


def texts():
    for kind, template in TEMPLATES.items():
        yield pytest.param(template.text, id=kind)
        if template.witness:
            yield pytest.param(template.witness, id=f"{kind} to a witness")


def plain(text):
    """As it is said: what the teller fills in is left out, a date stands for its placeholder."""
    return re.sub(
        r"\[[^\]]+\]", "this", text.replace("{day}", "3 April").replace("{when}", "3 April at 10am")
    )


def syllables(word):
    groups = re.findall(r"[aeiouy]+", re.sub(r"(?<=[^aeioulr])e$|(?<=[^td])ed$", "", word))
    return max(1, len(groups))


def sentences(text):
    return [part for part in re.split(r"(?<=[.!?])\s+", plain(text)) if part.strip()]


def words_of(text):
    return re.findall(r"[a-z']+|\d+", text.lower())


def grade(text):
    """Flesch-Kincaid."""
    said = [word for sentence in sentences(text) for word in words_of(sentence)]
    sounds = sum(1 if word.isdigit() else syllables(word) for word in said)
    return 0.39 * len(said) / len(sentences(text)) + 11.8 * sounds / len(said) - 15.59


def test_whatever_telling_answers_has_words():
    answered = {
        condition.kind
        for rule in rules.current().rules
        if any(one.kind == "victim.informed" for one in rule.done_by) and rule.about_trigger
        for condition in rule.trigger
    }

    assert answered - set(TEMPLATES) == set()
    assert {"update", "crime.reported"} <= set(TEMPLATES)


@pytest.mark.parametrize("text", list(texts()))
def test_a_child_of_eleven_understands_it(text):
    assert grade(text) <= HIGHEST_GRADE
    assert [one for one in sentences(text) if len(words_of(one)) > LONGEST_SENTENCE] == []


def test_the_measure_tells_plain_from_official():
    official = "Following consideration of the evidential material, a determination was made to discontinue proceedings."

    assert grade(official) > 15
    assert grade("We arrested someone today. I will tell you what happens next.") < 5


@pytest.mark.parametrize("text", list(texts()))
def test_it_has_no_jargon_and_no_blame(text):
    assert JARGON & set(words_of(text)) == set()
    assert [phrase for phrase in BLAME if phrase in text.lower()] == []
    assert set(re.findall(r"\{(\w+)\}", text)) <= {"day", "when"}


def event(kind, **fields):
    return Event(kind=kind, at=datetime(2026, 4, 2, 20, 10, tzinfo=UTC), data={}, **fields)


def test_several_things_are_told_at_once_each_in_a_paragraph():
    text = wording.draft([event("suspect.arrested"), event("suspect.charged")], role="victim")

    assert [part[:35] for part in text.split("\n\n")] == [
        "We arrested someone on 2 April 2026", "Someone was charged on 2 April 2026",
    ]  # fmt: skip


def test_a_day_that_is_not_known_is_not_made_up():
    assert "on a day in April 2026" in wording.draft(
        [event("suspect.arrested", precision="month")], role="victim"
    )


def test_a_hearings_date_is_told_and_asked_for_where_it_is_missing():
    hearing = event("hearing.moved")
    assert "[say the date and time]" in wording.draft([hearing], role="victim")

    hearing.data = {"on": "2026-05-06T09:30:00Z"}
    assert "Wednesday 6 May 2026 at 10:30am" in wording.draft([hearing], role="victim")


def test_a_witness_is_not_told_of_rights_that_only_a_victim_has():
    text = wording.draft([event("prosecution.declined")], role="witness")

    assert "looked at again" not in text
    assert "Thank you for coming forward" in text


def test_an_update_alone_asks_what_was_done():
    text = wording.draft([], role="victim", update=True)

    assert wording.left_to_fill_in(text) == ["[Say what we have done and what we will do next.]"]
    assert wording.draft([event("suspect.charged")], role="victim", update=True).startswith(
        "Someone was charged"
    )
