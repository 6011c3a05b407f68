"""What is read from a file, whatever has happened to it on the way."""

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alongside.intake import police_uk_files
from alongside.intake.csv_lines import FileRefused
from tests.intake.published import (
    CHARGED,
    HEADER,
    NO_SUSPECT,
    UNDER_INVESTIGATION,
    crime_id,
    outcome_row,
    outcomes,
    row,
    street,
)

LATEST = date(2026, 6, 1)
THREE = street(row(1), row(2, NO_SUSPECT), row(3, CHARGED, place='"On or near St John\'s, Upper"'))


def read(raw):
    return police_uk_files.read(raw, latest=LATEST)


def said(contents):
    """What was understood, apart from the lines on which it stood."""
    return {
        one.crime_id: (one.month, one.crime_type.name, one.place, {o.category for o in one.outcomes})
        for one in contents.crimes
    }


def refused(raw):
    return [(refusal.line, refusal.reason) for refusal in read(raw).refusals]


def test_a_street_file_is_read_by_the_names_of_its_columns():
    columns = HEADER.split(",")
    turned = [",".join(reversed(line)) for line in (columns, row(1).split(","), row(2).split(","))]

    contents = read(street(*turned[1:], header=turned[0]))

    assert said(contents) == said(read(street(row(1), row(2))))
    assert contents.reported_by == "Borsetshire Police"


@pytest.mark.parametrize(
    "dressed",
    [
        b"\xef\xbb\xbf" + THREE,
        THREE.replace(b"\n", b"\r\n"),
        THREE.rstrip(b"\n"),
        THREE.replace(b"\n", b"\n\n"),
    ],
    ids=["byte order mark", "carriage returns", "no last line break", "blank lines"],
)
def test_how_the_text_is_dressed_does_not_matter(dressed):
    contents = read(dressed)

    assert said(contents) == said(read(THREE))
    assert (contents.read, contents.refusals) == (3, [])


@pytest.mark.parametrize(
    "damaged, reason",
    [
        (row(2)[:90].encode(), "values where the header has 12"),
        (b"\0" * 40, "NUL bytes"),
        (row(2).encode().replace(b"Felpersham", b"Felpersh\xe4m"), "is not UTF-8 text"),
        (row(2, place='"On or near').encode(), "is not well-formed CSV"),
        (row(2, month="2026-13").encode(), "“2026-13” is not a month"),
        (row(2, month="2026-07").encode(), "the month 2026-07 is not from 2010-12 to 2026-06"),
        (row(2).encode()[7:], "not 64 hexadecimal digits"),
        (row(2, "Under investigatoin").encode(), "the nearest is “Under investigation”"),
        (row(2, crime_type="Burglery").encode(), "the nearest is “Burglary”"),
        (row(2, crime_type="").encode(), "is not a crime type"),
        (row(2, force="Felpersham Police").encode(), "is reported by “Felpersham Police”"),
        (row(1, month="2026-02").encode(), "has the crime ID of line 2 but another month"),
        (row(1, crime_type="Robbery").encode(), "has the crime ID of line 2 but another month or crime type"),
    ],
)
def test_a_line_that_can_not_be_believed_is_refused_alone(damaged, reason):
    contents = read(street(row(1)) + damaged + b"\n" + row(3).encode() + b"\n")

    assert [refusal.line for refusal in contents.refusals] == [3]
    assert reason in contents.refusals[0].reason
    assert set(said(contents)) == {crime_id(1), crime_id(3)}
    assert contents.read == 3


@pytest.mark.parametrize(
    "raw, reason",
    [
        (b"", "the file is empty"),
        (b"\n" + THREE, "the first line is blank"),
        (THREE.replace(b"Crime type", b"Kind of crime", 1), "no column “Crime type”, which a street file"),
        (THREE.replace(b"Falls within", b"Month", 1), "names “Month” more than once"),
        (outcomes().replace(b"Month", b"Date"), "no column “Month”, which an outcomes file"),
        (
            THREE.decode().encode("utf-16"),
            "the header contains NUL bytes: the file is damaged, or is not UTF-8",
        ),
        (b"PK\x03\x04\x14\x00\x00\x00", "the header contains NUL bytes"),
        (b'{"error": "too many"}', "is not the API's list of crimes"),
        (b"[{]", "is not the API's list of crimes"),
        (b"[" * 200_000, "is not the API's list of crimes"),
    ],
)
def test_a_file_that_is_something_else_is_refused_whole(raw, reason):
    with pytest.raises(FileRefused, match=reason):
        read(raw)


def test_crimes_without_an_id_and_missing_places_are_counted_and_kept():
    contents = read(
        street(
            row(None, "", crime_type="Anti-social behaviour"),
            row(1, place="No Location"),
            row(2, "", place=""),
        )
    )

    assert (contents.without_id, contents.refusals) == (1, [])
    assert [(one.place, len(one.outcomes)) for one in contents.crimes] == [("", 1), ("", 0)]


def test_lines_about_one_crime_are_taken_together_in_any_order():
    lines = [
        row(1, UNDER_INVESTIGATION, place="No Location"),
        row(1, NO_SUSPECT, place="On or near B"),
        row(1, UNDER_INVESTIGATION, place="On or near A"),
    ]

    one, other = read(street(*lines)), read(street(*reversed(lines)))

    assert said(one) == said(other)
    assert said(one)[crime_id(1)][2:] == ("On or near A", {UNDER_INVESTIGATION, NO_SUSPECT})
    assert (one.read, len(one.crimes), one.duplicate_id) == (3, 1, 2)


def test_an_outcomes_file_says_the_month_of_each_outcome():
    contents = read(outcomes(outcome_row(1, "Suspect charged"), outcome_row(2, "no idea")))

    assert [(one.line, one.crime_id, one.month, one.outcome.code) for one in contents.outcomes] == [
        (2, crime_id(1), date(2026, 4, 1), "charged")
    ]
    assert [refusal.line for refusal in contents.refusals] == [3]


def test_the_api_gives_the_month_of_the_outcome_and_may_give_nonsense_among_its_crimes():
    crime = {
        "category": "burglary",
        "persistent_id": crime_id(1),
        "month": "2026-03",
        "location": {"latitude": "52.1", "street": {"id": 1, "name": "On or near Felpersham Road"}},
        "outcome_status": {"category": NO_SUSPECT, "date": "2026-05"},
    }
    nowhere = {**crime, "persistent_id": crime_id(2), "location": None, "outcome_status": None}
    nonsense = {**crime, "month": 3}

    contents = read(json.dumps([crime, nowhere, nonsense, 7, {**crime, "persistent_id": ""}]).encode())

    assert [(one.place, list(one.outcomes.values())) for one in contents.crimes] == [
        ("On or near Felpersham Road", [date(2026, 5, 1)]),
        ("", []),
    ]
    assert [refusal.line for refusal in contents.refusals] == [3, 4]
    assert (contents.read, contents.without_id) == (5, 1)


@given(st.integers(min_value=len(HEADER) + 1, max_value=len(THREE)))
def test_a_file_cut_short_anywhere_says_nothing_that_the_whole_does_not(length):
    whole, part = said(read(THREE)), read(THREE[:length])

    assert said(part).items() <= whole.items()
    assert part.read == len(part.crimes) + len(part.refusals)


@settings(max_examples=300)
@given(
    st.integers(min_value=0, max_value=len(THREE)),
    st.integers(min_value=0, max_value=20),
    st.binary(max_size=20) | st.sampled_from([b'"', b"\n", b"\r", b",", b"\0", b'"""', b"\xff"]),
)
def test_every_line_of_a_damaged_file_is_accounted_for(at, length, noise):
    try:
        contents = read(THREE[:at] + noise + THREE[at + length :])
    except FileRefused:
        return

    assert contents.read == (
        len(contents.crimes) + contents.duplicate_id + contents.without_id + len(contents.refusals)
    )
