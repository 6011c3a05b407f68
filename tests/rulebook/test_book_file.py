"""A book's mistakes are named by file, rule and key, all at once; `alongside rulebook` says so."""

import argparse
import io

import pytest
import yaml

from alongside.rulebook import book_command, loader
from alongside.rulebook.book_file import BookReader

RULE = {
    "id": "L-91",
    "title": "Ring back",
    "good": "Whoever rang is rung back.",
    "owner": "police",
    "who": ["victim and enhanced", "witness"],
    "trigger": ["crime.reported"],
    "done_by": ["victim.contacted"],
    "limit": "2 working days",
    "grade": "L",
    "source": {"title": "Force policy"},
    "examples": [
        {
            "name": "over Easter",
            "facts": ["witness"],
            "events": ["2026-04-02 21:10 crime.reported"],
            "expect": {"due": "2026-04-08"},
        }
    ],
}
BOOK = {
    "name": "my-force",
    "title": "My force's standards",
    "series": "my-force",
    "in_force": {"from": "2026-01-01", "until": None},
    "source": {"title": "Force policy"},
}


def as_text(**changes) -> str:
    rule = {key: value for key, value in {**RULE, **changes}.items() if value is not ...}
    book = yaml.safe_dump({**BOOK, "rules": [rule]}, sort_keys=False)
    return book.replace("'2026-01-01'", "2026-01-01").replace("'2026-04-08'", "2026-04-08")


def mistakes(text: str) -> list[str]:
    reader = BookReader("my-force.yaml")
    reader.read(text)
    return [str(mistake) for mistake in reader.mistakes]


def test_a_good_book_has_none():
    assert mistakes(as_text()) == []


@pytest.mark.parametrize(
    ("changes", "key", "says"),
    [
        ({"limt": "x"}, "limt", "is not a key; did you mean limit?"),
        ({"title": ...}, "title", "is missing"),
        ({"title": " "}, "title", "must be text"),
        ({"owner": "polise"}, "owner", "'polise' is none of any, cps"),
        ({"grade": "A"}, "grade", "'A' is none of P, S, S-old, U, L"),
        ({"right": 13}, "right", "must be a number from 1 to 12"),
        ({"trigger": ["crime.reportd"]}, "trigger", "the nearest are crime.reported"),
        ({"trigger": ["crime reported"]}, "trigger", "is not a kind of event, nor a kind[key=value]"),
        ({"trigger": "crime.reported"}, "trigger", "must be a list of event kinds"),
        ({"trigger": ["review.requested[for=police]"]}, "trigger", "has no data.for; it has of, request"),
        (
            {"done_by": ["information.given[topic=wrongs]"]},
            "done_by",
            "is never 'wrongs'; it is one of rights",
        ),
        ({"who": ["victm"]}, "who", "'victm' is not a declared fact; the nearest is victim"),
        ({"unless": "updates-decline"}, "unless", "the nearest is updates-declined"),
        ({"limit": "5 workin days"}, "limit", "is not a limit; write `5 working days`"),
        ({"limit": "before:trial.begun"}, "limit", "'trial.begun' is not a kind of event"),
        ({"enhanced_limit": "soon"}, "enhanced_limit", "is not a limit"),
        ({"about_trigger": "yes"}, "about_trigger", "must be true or false"),
        ({"commenced": "soon"}, "commenced", "must be a date"),
        ({"source": {"title": "x", "url": "http://x"}}, "source", "url must begin with https://"),
        ({"examples": []}, "examples", "must be a list of at least one worked example"),
        ({"examples": [{"name": "x"}]}, "examples[1]", "must have name, events and expect"),
    ],
)
def test_a_mistake_is_named_by_file_rule_and_key(changes, key, says):
    [mistake] = mistakes(as_text(**changes))

    assert mistake.startswith(f"my-force.yaml: L-91: {key}: ")
    assert says in mistake


def test_all_mistakes_are_named_at_once():
    assert len(mistakes(as_text(owner="x", grade="y", limit="z", who=["w"]))) == 4


def test_a_key_written_twice_is_a_mistake():
    [mistake] = mistakes(as_text().replace("  owner: police", "  owner: police\n  owner: cps"))

    assert "the key 'owner' is written twice" in mistake


def test_an_id_used_twice_is_a_mistake():
    book = yaml.safe_load(as_text())
    book["rules"] *= 2

    assert mistakes(yaml.safe_dump(book)) == ["my-force.yaml: L-91: id: is used twice in this book"]


@pytest.mark.parametrize("text", ["", "just words", "- a\n- list", "rules: ["])
def test_what_is_no_book_is_said_to_be_none(text):
    assert len(mistakes(text)) == 1


def test_an_id_belongs_to_one_series():
    book = BookReader("my-force.yaml").read(as_text(id="R6-03"))

    assert [str(mistake) for mistake in loader.fit(book)] == [
        "my-force.yaml: R6-03: id: is a rule of the series victims-code too; ids are used in one series only"
    ]


def test_a_released_rule_that_vanished_is_named():
    without = [book for book in loader.shipped().books if book.name != "statute"]

    assert [mistake.rule for mistake in loader.vanished(without)] == ["R6-S1", "R6-S3"]


class TestCommand:
    def asked(self, *arguments: str) -> tuple[int, str, str]:
        parser = argparse.ArgumentParser()
        book_command.add_arguments(parser)
        out, err = io.StringIO(), io.StringIO()
        code = book_command.run(parser.parse_args(arguments), stdout=out, stderr=err)
        return code, out.getvalue(), err.getvalue()

    def checked(self, tmp_path, text: str) -> tuple[int, str, str]:
        path = tmp_path / "my-force.yaml"
        path.write_text(text)
        return self.asked("check", str(path))

    def test_a_good_book_passes(self, tmp_path):
        assert self.checked(tmp_path, as_text()) == (
            0,
            "my-force: 1 rules, 1 worked examples, no mistakes\n",
            "",
        )

    def test_an_example_that_fails_shows_what_came_out(self, tmp_path):
        code, out, err = self.checked(tmp_path, as_text().replace("2026-04-08", "2026-04-07"))

        assert (code, out) == (1, "")
        assert err == (
            "my-force.yaml: L-91: example 'over Easter': expected due 2026-04-07; came out due 2026-04-08\n"
        )

    def test_an_example_that_cannot_be_read_says_why(self, tmp_path):
        code, _, err = self.checked(
            tmp_path,
            as_text()
            .replace("crime.reported'", "crime.reportd'")
            .replace("21:10 crime.reported", "21:10 crime.reportd"),
        )

        assert code == 1
        assert "the nearest are crime.reported" in err

    def test_the_shipped_books_pass(self):
        code, out, err = self.asked("check")

        assert (code, err) == (0, "")
        assert "victims-code-2021: 56 rules" in out

    def test_books_rules_and_examples_can_be_shown(self):
        assert "statute" in self.asked("show")[1]
        assert "R2-10   police" in self.asked("show", "victims-code-2021")[1]
        assert "CHECK" in self.asked("show", "victims-code-2021")[1]
        shown = self.asked("show", "victims-code-2021", "R6-03")[1]
        assert "2026-03-02 10:00 suspect.arrested" in shown
        assert "→ due 2026-03-09, state met" in shown

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (("show", "statue"), "there is no book 'statue'"),
            (("show", "statute", "R1"), "statute has no rule 'R1'; it has R6-S1 and R6-S3"),
            (("check", "none.yaml"), "No such file"),
        ],
    )
    def test_what_is_not_there_is_said(self, arguments, says):
        code, out, err = self.asked(*arguments)

        assert (code, out) == (2, "")
        assert says in err
