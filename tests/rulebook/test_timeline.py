"""Timelines as files: what is read, and what is said of lines that cannot be."""

import json
from datetime import UTC, datetime

import pytest

from alongside.rulebook.timeline import Reader, in_words

GOOD = {"care": "WM-1/V1", "id": "e1", "kind": "suspect.arrested", "at": "2026-03-02T09:14:00+00:00"}


def line(**changes) -> bytes:
    said = {**GOOD, **changes}
    return json.dumps({key: value for key, value in said.items() if value is not ...}).encode() + b"\n"


def read(*lines: bytes):
    reader = Reader()
    return reader.records(lines), in_words(reader.errors)


def test_a_line_becomes_an_event_in_utc():
    [record], errors = read(
        line(at="2026-07-02T10:14:00+01:00", about=["crime.reported"], data={"suspect": "s1"})
    )

    assert errors == []
    [event] = record.events
    assert (event.id, event.kind, event.about) == ("e1", "suspect.arrested", ("crime.reported",))
    assert event.at == event.recorded_at == datetime(2026, 7, 2, 9, 14, tzinfo=UTC)
    assert event.at.tzinfo is UTC


def test_blank_lines_and_a_byte_order_mark_are_no_matter():
    [record], errors = read(b"\xef\xbb\xbf" + line(), b"\n", b"  \r\n", line(id="e2"))

    assert errors == []
    assert record.lines == {"e1": 1, "e2": 4}


def test_without_an_id_an_event_is_named_by_its_line():
    [record], errors = read(line(id=...), line(id=None))

    assert errors == []
    assert [event.id for event in record.events] == ["line 1", "line 2"]


def test_the_same_event_sent_again_is_one_event():
    [record], errors = read(line(), line(at="2026-03-02T10:14:00+01:00"))

    assert errors == []
    assert len(record.events) == 1


def test_the_same_id_is_free_on_another_record():
    records, errors = read(line(), line(care="WM-2/V1", kind="suspect.charged"))

    assert errors == []
    assert [record.care for record in records] == ["WM-1/V1", "WM-2/V1"]


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (
            line(kind="suspect.arested"),
            "'suspect.arested' is not a kind of event; the nearest are suspect.arrested",
        ),
        (line(kind=...), "kind is missing"),
        (line(at="2026-03-02T09:14:00"), "at has no offset: 2026-03-02T09:14:00; write Z or the offset"),
        (line(at="2 March"), "at must be a date and time such as 2026-03-02T09:14:00+00:00, not '2 March'"),
        (line(at="2026-02-30T09:14:00Z"), "at must be a date and time"),
        (line(at=...), "at is missing"),
        (line(at="0026-03-02T09:14:00Z"), "at is outside 1900 to 2099"),
        (line(recorded_at="0001-01-01T00:00:00+23:00"), "recorded_at is outside 1900 to 2099"),
        (b'{"data": {"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}", "nested too deeply"),
        (line(recorded_at="2026-03-02T09:14:00"), "recorded_at has no offset"),
        (line(care=""), "care must be text that is not empty"),
        (line(care=...), "care is missing"),
        (line(care="x" * 65), "care has 65 characters and may have 64"),
        (line(precision="week"), "precision must be minute, day or month, not 'week'"),
        (line(about="crime.reported"), "about must be a list of kinds or event ids"),
        (line(data=["x"]), "data must be an object"),
        (line(id=7), "id must be text"),
        (line(id=""), "id must not be empty"),
        (line(kind="promise.made", data={"by": "soon"}), "data.by of promise.made must be a date"),
        (b"{", "is not JSON"),
        (b"[]", "is not a JSON object with care, kind and at"),
        (b"\xff\xff", "is not UTF-8 text"),
    ],
)
def test_a_bad_line_is_named_with_what_is_wrong(bad, says):
    _, errors = read(line(id="e0"), bad)

    assert len(errors) == 1
    assert errors[0].startswith("line 2: ")
    assert says in errors[0]


def test_everything_wrong_with_a_line_is_said_at_once():
    _, errors = read(line(kind="x", at="y", about="z"))

    assert [error.split()[2] for error in errors] == ["'x'", "at", "about"]


def test_an_id_used_twice_with_other_content_is_an_error():
    _, errors = read(line(), line(kind="suspect.charged"))

    assert errors == ["line 2: id 'e1' was used on line 1 with other content"]


def test_grouped_records_come_one_at_a_time():
    reader = Reader()
    lines = iter([line(), line(id="e2"), line(care="WM-2/V1"), line(care="WM-3/V1")])
    records = reader.grouped(lines)

    first = next(records)

    assert (first.care, len(first.events)) == ("WM-1/V1", 2)
    assert len(list(lines)) == 1  # what comes later has not been read
