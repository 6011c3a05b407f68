"""`alongside duties`: what is printed, and that nothing is when anything is wrong."""

import argparse
import io
import json

import pytest

from alongside.rulebook import batches, duties_command

AS_OF = "2026-03-20T12:00:00+00:00"


def event(care: str, number: int, kind: str, at: str, **more) -> str:
    return json.dumps({"care": care, "id": f"e{number}", "kind": kind, "at": at, **more})


def record(care: str) -> list[str]:
    return [
        event(care, 1, "care.opened", "2026-07-06T09:00:00+01:00", data={"facts": ["victim"]}),
        event(care, 2, "suspect.arrested", "2026-07-06T23:30:00+01:00"),
        event(care, 3, "victim.informed", "2026-07-08T10:00:00+01:00", about=["suspect.arrested"]),
    ]


def asked(lines: list[str], *arguments: str) -> tuple[int, str, str]:
    parser = argparse.ArgumentParser()
    duties_command.add_arguments(parser)
    out, err = io.BytesIO(), io.StringIO()
    source = io.BytesIO("\n".join(lines).encode())
    code = duties_command.run(parser.parse_args(["-", *arguments]), stdin=source, stdout=out, stderr=err)
    return code, out.getvalue().decode(), err.getvalue()


def test_a_duty_is_printed_as_the_contract_has_it():
    code, out, err = asked(record("WM-1/V1"), "--as-of", "2026-08-01T12:00:00+01:00")

    assert (code, err) == (0, "")
    assert json.loads(out) == {
        "care": "WM-1/V1",
        "book": "victims-code-2021",
        "duty": "R6-03",
        "right": 6,
        "owner": "police",
        "trigger": "suspect.arrested",
        "trigger_id": "e2",
        "triggered_at": "2026-07-06T23:30:00+01:00",
        "enhanced": False,
        "limit": "5 working days",
        "due": "2026-07-13",
        "state": "met",
        "done_at": "2026-07-08T10:00:00+01:00",
        "done_id": "e3",
        "why": "Suspect arrested on 6 July 2026: 5 working days, due 13 July 2026; done on 8 July 2026, in time.",
    }
    assert list(json.loads(out)) == [
        "care",
        "book",
        "duty",
        "right",
        "owner",
        "trigger",
        "trigger_id",
        "triggered_at",
        "enhanced",
        "limit",
        "due",
        "state",
        "done_at",
        "done_id",
        "why",
    ]


@pytest.mark.parametrize("grouped", [[], ["--grouped"]])
def test_care_records_are_printed_in_order_of_their_references(grouped):
    lines = record("C") + record("A") + record("B")

    _, out, _ = asked(lines, "--as-of", "2026-08-01T12:00:00+01:00", *grouped)

    assert [json.loads(line)["care"] for line in out.splitlines()] == ["A", "B", "C"]


@pytest.mark.parametrize("grouped", [[], ["--grouped"]])
def test_a_bad_line_anywhere_means_no_output_and_all_bad_lines_named(grouped):
    lines = [*record("A"), "nonsense", *record("B"), event("B", 4, "suspect.arested", "2026-07-09T10:00:00")]

    code, out, err = asked(lines, *grouped)

    assert (code, out) == (2, "")
    assert [line.split(":")[0] for line in err.splitlines()] == ["line 4", "line 8", "line 8"]


def test_a_record_that_comes_again_is_refused_when_grouped():
    code, out, err = asked([*record("A"), *record("B"), *record("A")], "--grouped")

    assert (code, out) == (2, "")
    assert err == "line 7: care 'A' comes again; with --grouped the lines of a record must stand together\n"


def test_many_processes_print_what_one_prints(monkeypatch):
    monkeypatch.setattr(batches, "LINES_A_BATCH", 4)
    lines = [line for number in range(20) for line in record(f"C{number:02}")]
    moment = ("--as-of", "2026-08-01T12:00:00+01:00")

    alone = asked(lines, "--grouped", "--workers", "1", *moment)
    together = asked(lines, "--grouped", "--workers", "2", *moment)

    assert alone == together == asked(lines, *moment)
    assert len(alone[1].splitlines()) == 20


def test_many_processes_name_every_bad_line_by_its_number(monkeypatch):
    monkeypatch.setattr(batches, "LINES_A_BATCH", 4)
    lines = [line for number in range(20) for line in record(f"C{number:02}")]
    lines[10] = lines[50] = "nonsense"

    code, out, err = asked([*lines, *record("C00")], "--grouped", "--workers", "2")

    assert (code, out) == (2, "")
    assert [line.split(":")[0] for line in err.splitlines()] == ["line 11", "line 51", "line 61"]


def test_a_limit_beyond_the_calendar_names_the_line():
    code, out, err = asked([event("A", 1, "review.requested", "2031-12-20T10:00:00Z", data={"of": "police"})])

    assert (code, out, err) == (0, "", "")  # it has not happened yet, and opens nothing without a victim

    lines = [
        event("A", 1, "care.opened", "2031-12-20T10:00:00Z", data={"facts": ["victim"]}),
        event("A", 2, "suspect.arrested", "2031-12-30T10:00:00Z"),
    ]
    code, out, err = asked(lines, "--as-of", "2032-01-10T12:00:00Z")

    assert (code, out) == (2, "")
    assert err.startswith("line 2: working days are known from 1 January 1975 to 31 December 2031")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--as-of", "2026-03-20T12:00:00"], "--as-of has no offset"),
        (["--as-of", "yesterday"], "--as-of must be a moment such as"),
        (["--as-of", "2026-03-20"], "--as-of must be a moment such as"),
        (["--as-of", "9999-03-20T12:00:00Z"], "--as-of must lie between 1900 and 2099"),
        (["--workers", "0"], "--workers must be at least 1"),
        (["--book", "statue"], "there is no book 'statue'; the books are local-default"),
    ],
)
def test_a_question_asked_wrongly_is_refused(arguments, says):
    code, out, err = asked(record("A"), *arguments)

    assert (code, out) == (2, "")
    assert says in err


def test_a_file_that_is_not_there_is_refused(tmp_path):
    parser = argparse.ArgumentParser()
    duties_command.add_arguments(parser)
    err = io.StringIO()

    code = duties_command.run(parser.parse_args([str(tmp_path / "none.ndjson")]), stderr=err)

    assert code == 2
    assert "none.ndjson: No such file or directory" in err.getvalue()


def test_only_the_books_asked_for():
    reported = [*record("A")[:1], event("A", 4, "crime.reported", "2026-07-06T10:00:00+01:00")]

    _, out, _ = asked(reported, "--book", "local-default", "--as-of", "2026-08-01T12:00:00+01:00")

    assert [json.loads(line)["duty"] for line in out.splitlines()] == ["L-01"]


def test_explain_adds_the_reasoning():
    _, out, _ = asked(record("A"), "--explain", "--as-of", "2026-08-01T12:00:00+01:00")

    [said] = [json.loads(line)["explain"] for line in out.splitlines()]
    assert "Saturday 11 July 2026: a weekend, not counted." in said


def test_a_table_for_people():
    code, out, _ = asked(
        record("A"), "--format", "table", "--explain", "--as-of", "2026-08-01T12:00:00+01:00"
    )

    head, first, *rest = out.splitlines()
    assert code == 0
    assert head.split()[:3] == ["CARE", "RECORD", "DUTY"]
    assert first.split()[:4] == ["A", "R6-03", "met", "2026-07-13"]
    assert first.endswith("Tell the victim of the arrest")
    assert rest[0].startswith("    Tell the victim of the arrest: rule R6-03")


def test_no_events_are_no_duties():
    assert asked([]) == (0, "", "")
