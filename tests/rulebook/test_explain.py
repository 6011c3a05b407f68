"""The reasoning under a duty: sentences that a person can count along with."""

import pytest

from alongside.rulebook import loader
from alongside.rulebook.explain import explain
from alongside.rulebook.rows import row
from tests.rulebook.stories import derived, story


def said(
    rule: str, *lines: str, facts: str = "victim", as_of: str | None = None, number: int = 0
) -> list[str]:
    events = story(*lines, facts=facts)
    found = [duty for duty in derived(events, as_of=as_of).duties if duty.rule == rule]
    return explain(found[number], events, loader.shipped())


def test_day_by_day_over_easter():
    assert said("R6-03", "2026-04-02 21:10 suspect.arrested") == [
        "Tell the victim of the arrest: rule R6-03 of “Code of Practice for Victims of Crime in England and "
        "Wales (2021)”, Right 6, owed by the police.",
        "Source: Victims' Code, Right 6, as restated by the Bedfordshire Police and Crime Commissioner "
        "(grade S: restated by an official body).",
        "It starts with “Suspect arrested” (e1) on Thursday 2 April 2026 at 21:10.",
        "It is owed to this person, for whom these facts held then: “Victim”.",
        "Enhanced Rights did not hold then, so the limit is 5 working days, not 1 working day.",
        "Thursday 2 April 2026 is the day of the trigger and never counts.",
        "Friday 3 April 2026: Good Friday, a bank holiday, not counted.",
        "Saturday 4 April 2026: a weekend, not counted.",
        "Sunday 5 April 2026: a weekend, not counted.",
        "Monday 6 April 2026: Easter Monday, a bank holiday, not counted.",
        "Tuesday 7 April 2026: working day 1.",
        "Wednesday 8 April 2026: working day 2.",
        "Thursday 9 April 2026: working day 3.",
        "Friday 10 April 2026: working day 4.",
        "Saturday 11 April 2026: a weekend, not counted.",
        "Sunday 12 April 2026: a weekend, not counted.",
        "Monday 13 April 2026: working day 5.",
        "So it is due by the end of Monday 13 April 2026, London time.",
        "Nothing that counts has happened: “Person told”.",
        "It is open: not done, and not past due.",
    ]


@pytest.mark.parametrize(
    ("rule", "lines", "sentence"),
    [
        ("R6-03", ["suspect.arrested", "facts.changed add=enhanced"],
         "Enhanced Rights held then, so the limit is 1 working day instead of 5 working days."),
        ("R6-03", ["suspect.arrested", "facts.changed add=enhanced"],
         "Facts that changed at the same instant as the trigger count."),
        ("R6-03", ["suspect.arrested", "victim.informed about crime.reported"],
         "“Person told” (e2) on Monday 2 March 2026 at 10:00 does not count: it is about crime.reported, not about "
         "this trigger."),
        ("R6-03", ["suspect.arrested", "victim.informed about e1"],
         "“Person told” (e2) on Monday 2 March 2026 at 10:00 counts, and says that it is about the trigger."),
        ("R6-03", ["updates.declined", "suspect.arrested"],
         "At the trigger the fact “Does not want updates” held, so the duty is waived."),
        ("R6-03", ["suspect.arrested precision=month"],
         "The trigger is known only to the month, so no limit starts and there is no due date."),
        ("R4-06", ["needs.assessed enhanced=true"],
         "It starts with “Needs assessed” (e1) on Monday 2 March 2026 at 10:00: the first that gave Enhanced Rights."),
        ("R3-03", ["crime.reported", "information.given topic=complaints"],
         "“Information given” (e2) on Monday 2 March 2026 at 10:00 does not count: its topic is complaints, not "
         "rights."),
        ("R2-02", ["statement.planned", "statement.taken"],
         "It is to be done before the next “Statement taken”. That came on Monday 2 March 2026 at 10:00 (e2)."),
        ("R2-10", ["facts.changed add=enhanced", "statement.planned"],
         "Source: Victims' Code, Right 2; wording not yet seen (grade U: not yet seen in any text: check)."),
        ("R6-S3", ["records.requested"],
         "It is due on the day of the trigger itself: by the end of Monday 2 March 2026, London time."),
        ("L-08", ["promise.made by=2026-03-06"], "The promise was for 6 March 2026."),
        ("L-08", ["promise.made by=2026-03-06", "promise.withdrawn about e1"],
         "The promise was withdrawn on Monday 2 March 2026 at 10:00, before its date."),
        ("R6-17", ["contact.agreed every_days=14"],
         "This is link 1 of a chain: 14 calendar days after 2 March 2026, the day of the trigger, it is due by the "
         "end of Monday 16 March 2026, London time."),
        ("R6-03", ["suspect.arrested", "departure.recorded about e1 duty=R6-03 reason=unsafe approved_by=sgt"],
         "Good reasons for not doing it were recorded on Monday 2 March 2026 at 10:00 (e2, approved by sgt): "
         "Victims and Prisoners Act 2024, section 5. It is counted on its own, never as met."),
    ],
)  # fmt: skip
def test_a_reason_is_given(rule, lines, sentence):
    assert sentence in said(rule, *(f"2026-03-02 10:00 {line}" for line in lines))


def test_hours_over_the_clock_change():
    sentences = said("L-02", "2026-03-28 10:00 referral.made service=victim-care-unit")

    assert (
        "48 hours after Saturday 28 March 2026 at 10:00 it is due: Monday 30 March 2026 at 11:00, London time."
        in sentences
    )
    assert "The clocks change in between; the hours are counted as they pass." in sentences


def test_the_second_link_counts_from_the_first():
    lines = ("2026-03-02 10:00 contact.agreed every_days=14", "2026-03-10 10:00 victim.informed")

    sentences = said("R6-17", *lines, as_of="2026-03-11 10:00", number=1)

    assert (
        "This is link 2 of a chain: 14 calendar days after 10 March 2026, the day on which link 1 was done, it is "
        "due by the end of Tuesday 24 March 2026, London time." in sentences
    )


def test_it_says_how_long_it_took_where_there_is_no_date():
    sentences = said("R2-01", "2026-03-02 10:00 crime.reported", "2026-03-03 11:30 crime.recorded")

    assert any(sentence.endswith("It took 1 day, 1 hour and 30 minutes.") for sentence in sentences)


def test_a_closed_record_says_so():
    lines = ("2026-03-02 10:00 suspect.arrested", "2026-03-04 10:00 care.closed")

    assert (
        "The care record was closed on Wednesday 4 March 2026; what had a due date stays measured."
        in said("R6-03", *lines, as_of="2026-03-12 10:00")
    )


def test_bank_holidays_not_yet_published_are_marked():
    assert any(
        "follow from standing law" in each for each in said("R6-03", "2029-03-02 10:00 suspect.arrested")
    )


def test_every_golden_shape_of_duty_has_one_sentence():
    lines = (
        "2026-03-02 10:00 crime.reported",
        "2026-03-02 10:00 contact.agreed every_days=14",
        "2026-03-02 10:00 promise.made by=2026-03-06T10:00:00+00:00",
        "2026-03-02 10:00 statement.planned",
        "2026-03-02 10:00 statement.taken",
        "2026-03-02 10:00 updates.declined",
        "2026-03-02 10:01 suspect.arrested",
        "2026-03-30 10:00 victim.contacted",
    )
    for duty in derived(story(*lines)).duties:
        why = row("C", duty, loader.shipped()).why
        assert why.endswith(".")
        assert ". " not in why
