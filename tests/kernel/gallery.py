"""A page that shows every component and every field, as it comes and with every kind of error. For tests only."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.contrib.messages.constants import SUCCESS
from django.contrib.messages.storage.base import Message
from django.template.backends.jinja2 import Jinja2
from django.test import RequestFactory

from alongside.kernel import forms

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Somebody:
    label: str = "care coordinator"
    name: str = "Demonstration Coordinator"
    force_name: str = "Borsetshire Police"
    is_demonstration: bool = True


class Everything(forms.EditForm):
    name = forms.TextField("Full name", hint="As they wish to be called", autosave=True)
    age = forms.WholeNumber("Age", max_value=120)
    email = forms.EmailField("Email address", required=False)
    password = forms.PasswordField("Password")
    happened = forms.TextArea("What happened?", called="what happened", max_length=600, autosave=True)
    route = forms.Radios(
        "How were they told?",
        called="how they were told",
        choices=[("spoke", "By telephone"), ("letter", "By letter"), ("person", "In person")],
        hints={"letter": "Allow two days for the post"},
        reveals={"letter": ["address", "posted_on"]},
        divider_before="person",
    )
    address = forms.TextArea("Address", max_length=300, rows=3)
    posted_on = forms.DateField("Date of posting", when="past")
    needs = forms.Checkboxes(
        "Needs",
        choices=[("interpreter", "Interpreter"), ("large-print", "Large print")],
        reveals={"interpreter": ["language"]},
        required=False,
    )
    language = forms.TextField("Language", width=20)
    officer = forms.Select("Officer", choices=[(1, "Officer One"), (2, "Officer Two")], coerce=int)
    born_on = forms.DateField("Date of birth", hint="For example, 31 3 1980", when="past")
    told_at = forms.DateTimeField("Time of the call", when="past")
    document = forms.FileField("Document", accept=[".csv", ".pdf"])
    sure = forms.Confirmation("I have checked the contact agreement", called="you have checked the agreement")


class Filters(forms.FilterForm):
    state = forms.Checkboxes(
        "State", choices=[("overdue", "Overdue"), ("open", "Open")], required=False, small=True
    )
    team = forms.Select("Team", choices=[("north", "North"), ("south", "South")], required=False)


def duty(state: str, due: datetime | None, *, number: int) -> dict[str, Any]:
    return {
        "title": "Say within 5 working days that the suspect was arrested",
        "href": "#",
        "state": state,
        "due": due,
        "gate": "" if due else "before the trial begins",
        "person": "Invented Person",
        "about": ["22BT/1234/26", "Residential burglary", "North team"],
        "owner": "Officer One",
        "badges": [{"text": "Enhanced", "colour": "purple"}] if number % 2 else [],
        "select": {"name": "duty", "value": str(number), "id": f"duty-{number}"},
    }


STATES = ("overdue", "open", "open", "met", "late", "missed", "waived", "departed", "open")
DUES = [*(datetime(2026, 11, day, 23, 59, tzinfo=UTC) for day in (17, 20, 24, 12, 12, 12, 12, 12)), None]

HAPPENED = [
    {
        "title": "Suspect arrested",
        "at": datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
        "by": "Officer One",
        "text": "A man aged 31.",
    },
    {"title": "Statement taken", "at": date(2026, 10, 3), "by": "Officer Two", "struck": True},
    {"title": "Crime recorded", "at": date(2026, 10, 1), "when": "October 2026"},
]

MESSAGES = [
    {
        "text": "Has anything happened?",
        "sender": "Invented Person",
        "at": datetime(2026, 11, 3, 9, 14, tzinfo=UTC),
    },
    {"text": "An officer will ring you.", "sender": "Care team", "at": NOW, "sent": True},
]


def page(form: forms.Form, *, filters: forms.Form | None = None) -> str:
    """The whole gallery as HTML."""
    engine = Jinja2(
        {
            "NAME": "gallery",
            "DIRS": [TEMPLATES],
            "APP_DIRS": False,
            "OPTIONS": {"environment": "alongside.kernel.jinja.environment"},
        }
    )
    request = RequestFactory().get("/gallery")
    request.actor = Somebody()
    request._messages = [Message(SUCCESS, "Officer assigned"), Message(30, "The record is restricted")]
    context = {
        "form": form,
        "filters": filters or Filters(),
        "happened": HAPPENED,
        "messages": MESSAGES,
        "duties": [
            duty(state, due, number=n) for n, (state, due) in enumerate(zip(STATES, DUES, strict=True))
        ],
        "now": NOW,
    }
    return engine.get_template("gallery/everything.jinja").render(context, request)
