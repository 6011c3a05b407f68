"""The shipped books: every worked example, and what no book may lack."""

import pytest

from alongside.rulebook import catalogue, examples, loader
from alongside.rulebook.limits import AsSoonAsPossible, Before

BOOKS = loader.shipped().books
EXAMPLES = [(book, rule, example) for book in BOOKS for rule, example in examples.examples_of(book)]


@pytest.mark.parametrize(
    ("book", "rule", "example"), EXAMPLES, ids=[f"{rule.id}: {example.name}" for _, rule, example in EXAMPLES]
)
def test_worked_example(book, rule, example):
    assert examples.run(book, rule, example) is None


@pytest.mark.parametrize("rule", loader.shipped().rules, ids=lambda rule: rule.id)
def test_each_rule_is_told_in_full(rule):
    """Three worked examples for what has a date, two for what has not; a sentence on what good looks like."""
    needed = 2 if isinstance(rule.limit, AsSoonAsPossible) else 3

    assert len(rule.examples) >= needed
    assert len(rule.good) > 60
    assert rule.good.endswith(".")


@pytest.mark.parametrize(
    "rule",
    [rule for rule in loader.shipped().rules if rule.enhanced_limit and not isinstance(rule.limit, Before)],
    ids=lambda rule: rule.id,
)
def test_each_variation_has_an_example(rule):
    assert any("enhanced" in " ".join(example.facts + example.events) for example in rule.examples) or (
        rule.id in {"R11-02", "V-02"}  # the same limit for everyone
    )


def test_no_shipped_rule_has_vanished():
    assert loader.vanished(BOOKS) == []


def test_every_rule_is_on_the_shipped_list():
    shipped = loader.shipped_ids()

    assert len(shipped) == len(set(shipped))
    assert {rule.id for rule in loader.shipped().rules} <= set(shipped)


def test_only_rules_with_a_grade_to_check_are_marked():
    marked = {rule.id for rule in loader.shipped().rules if rule.is_to_be_checked}

    assert marked == {"R2-10", "R6-12", "R6-15", "R9-06", "R10-03"}


def test_every_kind_is_used_by_a_rule_or_says_why_not():
    used = set()
    for rule in loader.shipped().rules:
        used |= {condition.kind for condition in (*rule.trigger, *rule.done_by)}
        used |= set(rule.limit.kinds) if isinstance(rule.limit, Before) else set()
    for kind in catalogue.kinds().values():
        assert (kind.name in used) + kind.informational + (kind.engine and kind.name not in used) == 1, (
            kind.name
        )


def test_kinds_that_answer_a_trigger_can_say_what_they_are_about():
    answers = {
        condition.kind for rule in loader.shipped().rules if rule.about_trigger for condition in rule.done_by
    }

    assert {kind for kind in answers if not catalogue.kinds()[kind].about} == set()
