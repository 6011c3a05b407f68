"""What a form keeps, asks and says as a whole."""

import re
from datetime import UTC, datetime
from uuid import UUID

from django.http import QueryDict

from alongside.kernel import forms

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


class Told(forms.Form):
    route = forms.Radios(
        "How were they told?",
        called="how they were told",
        choices=[("spoke", "By telephone"), ("letter", "By letter")],
        reveals={"letter": ["copy_kept"]},
    )
    copy_kept = forms.Radios(
        "Copy kept?",
        called="whether a copy was kept",
        choices=[("yes", "Yes"), ("no", "No")],
        reveals={"no": ["why"]},
    )
    why = forms.TextArea("Why not?", called="why not")


def test_a_question_that_follows_is_required_only_with_its_answer():
    assert Told(QueryDict("route=spoke")).is_valid()
    assert Told(QueryDict("route=letter")).errors == {"copy_kept": ["Select whether a copy was kept"]}
    assert Told(QueryDict("route=letter&copy_kept=no")).errors == {"why": ["Enter why not"]}


def test_an_answer_that_was_hidden_again_is_not_kept():
    form = Told(QueryDict("route=spoke&copy_kept=no&why=secret"))

    assert form.is_valid()
    assert form.cleaned_data == {"route": "spoke", "copy_kept": None, "why": ""}


def test_an_answer_that_was_hidden_again_is_still_shown_when_asked_again():
    form = Told(QueryDict("copy_kept=no&why=The+printer"))

    assert "The printer</textarea>" in form["route"].as_field_group()


def test_what_was_typed_is_shown_again_as_it_was():
    typed = "<b>& “quoted” \u202eabc عربي 👩🏽‍🦽\n    indented"
    form = Told(QueryDict(mutable=True))
    form.data.update(
        {"route": "letter", "copy_kept": "no", "why": typed.replace("\n", "\r\n") + "x" * 10_000}
    )

    assert not form.is_valid()
    shown = re.search(r"<textarea[^>]*>(.*)</textarea>", form["route"].as_field_group(), re.DOTALL)[1]
    assert shown == "&lt;b&gt;&amp; “quoted” \u202eabc عربي 👩🏽‍🦽&#10;    indented" + "x" * 10_000


def test_the_summary_leads_to_the_input_that_mends_each_error():
    class Everything(forms.Form):
        name = forms.TextField("Name")
        route = forms.Radios("Route", choices=[("a", "A")])
        born_on = forms.DateField("Date of birth")

    form = Everything(QueryDict("born_on-day=3&born_on-month=13&born_on-year=1980"))
    summary = form.error_summary()

    assert re.findall(r'<a href="#([^"]*)">([^<]*)<', summary) == [
        ("id_name", "Enter name"),
        ("id_route", "Select route"),
        ("id_born_on-month", "Month must be a number between 1 and 12, or a name like March"),
    ]
    for place in ("id_name", "id_route", "id_born_on-month"):
        assert sum(f'id="{place}"' in field.as_field_group() for field in form) == 1


def test_a_form_without_errors_has_no_summary():
    assert Told().error_summary() == ""


def test_an_optional_question_says_so_except_in_a_filter():
    class Plain(forms.Form):
        note = forms.TextField("Note", required=False)

    class Filter(forms.FilterForm):
        note = forms.TextField("Note", required=False)

    assert "Note (optional)" in Plain()["note"].as_field_group()
    assert "(optional)" not in Filter()["note"].as_field_group()


class Rename(forms.EditForm):
    name = forms.TextField("Name")


def number_in(form: forms.Form) -> str:
    return re.search(r'name="submission" value="([^"]+)"', form.hidden())[1]


def test_each_first_showing_has_its_own_submission_number():
    assert number_in(Rename()) != number_in(Rename())


def test_a_form_shown_again_keeps_its_submission_number():
    number = number_in(Rename())
    form = Rename(QueryDict(f"submission={number}&version=3"))

    assert not form.is_valid()
    assert number_in(form) == number
    assert form.cleaned_data["submission"] == UUID(number)


def test_a_broken_submission_number_is_said_and_replaced():
    form = Rename(QueryDict("submission=1&version=3&name=Ann"))

    assert form.errors["submission"] == [
        "Something was wrong with this page. Check your answers and send them again"
    ]
    assert UUID(number_in(form))


def test_after_a_change_by_another_the_form_carries_the_new_version():
    form = Rename(QueryDict(f"submission={number_in(Rename())}&version=3&name=Ann"))
    assert form.is_valid()

    form.changed_meanwhile(4)

    assert form.non_field_errors() == [
        "Somebody else changed this while you were writing. Check it and send it again"
    ]
    assert 'name="version" value="4"' in form.hidden()
    assert 'value="Ann"' in form["name"].as_field_group()


def test_a_label_can_be_the_heading_of_the_page():
    assert '<h1 class="govuk-label-wrapper">' in Rename()["name"].as_field_group(size="l", heading=True)
