"""What each field says, word for word, and what it makes of what was typed."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict

from alongside.kernel import forms

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def answer(field: Any, typed: dict[str, str], *, files: dict[str, Any] | None = None) -> Any:
    """The cleaned answer, or the message that stands at the field."""

    class OneField(forms.Form):
        it = field

    data = QueryDict(mutable=True)
    for key, value in typed.items():
        data.appendlist(key, value)
    form = OneField(data, files or {}, now=NOW)
    return form.cleaned_data["it"] if form.is_valid() else form["it"].errors[0]


def on(day: str, month: str, year: str, **more: str) -> dict[str, str]:
    return {"it-day": day, "it-month": month, "it-year": year} | {
        f"it-{part}": typed for part, typed in more.items()
    }


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("  Aoife O'Neill ", "Aoife O'Neill"),
        ("عائشة", "عائشة"),
        ("👩🏽‍🦽 Zoë", "👩🏽‍🦽 Zoë"),
        ("", "Enter full name"),
        (" \u200b\u202e ", "Enter full name"),
        ("x" * 10_000, "Full name must be 200 characters or less"),
        ("Ann\x00Other", "Full name must not include characters that cannot be shown"),
        ("Ann\nBcc: someone", "Full name must not include characters that cannot be shown"),
    ],
)
def test_a_line_of_text(typed: str, expected: str):
    assert answer(forms.TextField("Full name"), {"it": typed}) == expected


def test_a_new_line_counts_as_one_character_as_the_browser_counts_it():
    words = "a\r\n" * 4 + "b"

    assert answer(forms.TextArea("Words", max_length=9), {"it": words}) == "a\na\na\na\nb"


def test_a_question_must_say_how_messages_call_its_answer():
    with pytest.raises(ImproperlyConfigured, match="say how messages call the answer"):
        forms.TextField("What happened?")


def test_a_message_can_be_written_whole():
    assert answer(forms.TextField("What happened?", missing="Say what happened"), {}) == "Say what happened"


def test_an_abbreviation_keeps_its_capitals():
    assert answer(forms.TextField("URN"), {}) == "Enter URN"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("1,204", 1204),
        ("12.5", "Days must be a whole number, like 12"),
        ("9" * 10_000, "Days must be a whole number, like 12"),
        ("-1", "Days must be between 0 and 5,000"),
        ("5001", "Days must be between 0 and 5,000"),
        ("", "Enter days"),
    ],
)
def test_a_whole_number(typed: str, expected: Any):
    assert answer(forms.WholeNumber("Days", max_value=5000), {"it": typed}) == expected


def test_an_email_address():
    expected = "Enter an email address in the correct format, like name@example.com"

    assert answer(forms.EmailField("Email address"), {"it": "ann@"}) == expected
    assert answer(forms.EmailField("Email address"), {"it": "ann@example.com"}) == "ann@example.com"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (on("3", "4", "2026"), date(2026, 4, 3)),
        (on("03", "April", "2026"), date(2026, 4, 3)),
        (on(" 3", "apr.", "2026 "), date(2026, 4, 3)),
        (on("", "", ""), "Enter date of birth"),
        (on("3", "", ""), "Date of birth must include a month and a year"),
        (on("", "4", "2026"), "Date of birth must include a day"),
        (on("32", "4", "2026"), "Day must be a number between 1 and 31"),
        (on("٣", "4", "2026"), "Day must be a number between 1 and 31"),
        (on("3", "13", "2026"), "Month must be a number between 1 and 12, or a name like March"),
        (on("3", "Ma", "2026"), "Month must be a number between 1 and 12, or a name like March"),
        (on("3", "4", "26"), "Year must include 4 numbers"),
        (on("29", "2", "2026"), "Date of birth must be a real date"),
        (on("21", "11", "2026"), "Date of birth must be today or in the past"),
        (on("31", "12", "1899"), "Date of birth must be the same as or after 1 January 1900"),
    ],
)
def test_a_day(typed: dict[str, str], expected: Any):
    assert answer(forms.DateField("Date of birth", when="past"), typed) == expected


def test_today_is_neither_past_nor_future():
    today = on("20", "11", "2026")

    assert answer(forms.DateField("Day", when="past"), today) == date(2026, 11, 20)
    assert answer(forms.DateField("Day", when="future"), today) == date(2026, 11, 20)
    assert (
        answer(forms.DateField("Day", when="future"), on("19", "11", "2026"))
        == "Day must be today or in the future"
    )


@pytest.mark.parametrize(
    ("typed", "hour", "minute"),
    [
        ("9:14am", 9, 14),
        ("9.14 AM", 9, 14),
        ("9am", 9, 0),
        ("0914", 9, 14),
        ("14:30", 14, 30),
        ("2:30 p.m.", 14, 30),
        ("12am", 0, 0),
        ("midday", 12, 0),
    ],
)
def test_a_time_is_understood_as_people_write_it(typed: str, hour: int, minute: int):
    moment = answer(forms.DateTimeField("Time of the call"), on("3", "2", "2026", time=typed))

    assert moment == datetime(2026, 2, 3, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["9", "25:00", "13pm", "0am", "9:60", "soon", "٩:٣٠", "9" * 5000])
def test_a_time_that_is_none(typed: str):
    message = answer(forms.DateTimeField("Time of the call"), on("3", "2", "2026", time=typed))

    assert message == "Enter a time, like 9:30am or 14:30"


def test_summer_time_is_an_hour_ahead():
    moment = answer(forms.DateTimeField("Time of the call"), on("3", "7", "2026", time="9am"))

    assert moment == datetime(2026, 7, 3, 8, 0, tzinfo=UTC)


def test_the_hour_that_the_clocks_skipped_is_refused():
    message = answer(forms.DateTimeField("Time of the call"), on("29", "3", "2026", time="1:30am"))

    assert message == "There was no 1:30am on 29 March 2026: the clocks went forward from 1am to 2am"


@pytest.mark.parametrize(
    ("which", "expected"),
    [
        ("", "1:30am happened twice on 25 October 2026, because the clocks went back: select which one"),
        ("first", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("second", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
    ],
)
def test_the_hour_that_came_twice_is_asked_about(which: str, expected: Any):
    typed = on("25", "10", "2026", time="1:30am", which=which)

    assert answer(forms.DateTimeField("Time of the call"), typed) == expected


def test_a_moment_that_is_shown_again_is_the_same_moment():
    for hour in (0, 1):
        moment = datetime(2026, 10, 25, hour, 30, tzinfo=UTC)
        parts = forms.DateTimeField("Time of the call").take_apart(moment)

        typed = {f"it-{part}": value for part, value in parts.items()}

        assert answer(forms.DateTimeField("Time of the call"), typed) == moment


def test_a_moment_later_today_is_in_the_future():
    message = answer(
        forms.DateTimeField("Time of the call", when="past"), on("20", "11", "2026", time="10:01am")
    )

    assert message == "Time of the call must be in the past"


def test_a_choice_is_one_of_those_offered():
    field = forms.Radios("How?", called="how they were told", choices=[("letter", "By letter")])

    assert answer(field, {"it": "letter"}) == "letter"
    assert answer(field, {"it": "pigeon"}) == "Select how they were told"
    assert answer(field, {}) == "Select how they were told"


def test_a_choice_is_made_into_what_the_action_takes():
    assert answer(forms.Select("Officer", choices=[(1, "One")], coerce=int), {"it": "1"}) == 1


def test_several_choices():
    class Needs(forms.Form):
        needs = forms.Checkboxes("Needs", choices=[("a", "A"), ("b", "B")])

    assert Needs(QueryDict("needs=b&needs=a")).is_valid()
    assert Needs(QueryDict("needs=b&needs=c")).errors["needs"] == ["Select needs"]
    assert Needs(QueryDict("")).errors["needs"] == ["Select needs"]


@pytest.mark.parametrize(
    ("upload", "message"),
    [
        (None, "Select document"),
        (SimpleUploadedFile("list.csv", b""), "The selected file is empty"),
        (SimpleUploadedFile("list.exe", b"x"), "The selected file must be a CSV or PDF"),
        (
            SimpleUploadedFile("list.csv", b"x" * (1024 * 1024 + 1)),
            "The selected file must be smaller than 1MB",
        ),
    ],
)
def test_a_file(upload: SimpleUploadedFile | None, message: str):
    field = forms.FileField("Document", accept=[".csv", ".pdf"], max_megabytes=1)

    assert answer(field, {}, files={"it": upload} if upload else {}) == message
