"""Days and moments as people type them, in London."""

import re
from datetime import UTC, date, datetime, time
from typing import Any, NoReturn

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from alongside.kernel.formats import LONDON, MONTHS, plain_day, time_of_day
from alongside.kernel.forms.field import BoundField, GovukField, Words

DAY_PARTS = ("day", "month", "year")
TIME = re.compile(
    r"(?P<hour>\d{1,2})(?:[:.]?(?P<minute>\d{2}))?\s*(?P<half>[ap])?\.?(?:m\.?)?", re.IGNORECASE
)


class PartsInput(forms.Widget):
    """Several inputs, name-day, name-month …, read as one dictionary of what was typed."""

    def __init__(self, parts: tuple[str, ...]) -> None:
        super().__init__()
        self.parts = parts

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, str]:
        return {part: (data.get(f"{name}-{part}") or "").strip() for part in self.parts}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return all(f"{name}-{part}" not in data for part in self.parts)


class BoundParts(BoundField):
    @property
    def typed(self) -> dict[str, str]:
        """What stands in each input: what was typed, or the parts of a day or moment given by the page."""
        value = self.value()
        return value if isinstance(value, dict) else self.field.take_apart(value)

    @property
    def parts_in_error(self) -> set[str]:
        errors = self.form.errors.get(self.name)
        if not errors:
            return set()
        named = {part for error in errors.as_data() for part in (error.params or {}).get("parts", ())}
        return named or set(self.field.parts)

    @property
    def items(self) -> list[dict[str, Any]]:
        """Day, month and year as the GOV.UK date input takes them."""
        labels = {"day": _("Day"), "month": pgettext("part of a date", "Month"), "year": _("Year")}
        return [
            {
                "name": part,
                "label": labels[part],
                "value": self.typed[part],
                "classes": f"govuk-input--width-{4 if part == 'year' else 2}" + self.error_class(part),
                "attributes": {"data-autosave": "true"} if self.field.autosave else None,
            }
            for part in DAY_PARTS
        ]

    def error_class(self, part: str) -> str:
        return " govuk-input--error" if part in self.parts_in_error else ""

    @property
    def asks_which(self) -> bool:
        """The hour that happens twice when the clocks go back was typed: ask which of the two is meant."""
        return bool(self.typed.get("which")) or "which" in self.parts_in_error

    @property
    def which_items(self) -> list[dict[str, Any]]:
        labels = {"first": _("Before the clocks went back"), "second": _("After the clocks went back")}
        return [
            {"value": it, "text": words, "checked": self.typed["which"] == it} for it, words in labels.items()
        ]


class DateField(GovukField, forms.Field):
    """Day, month (a number or a name) and year. The cleaned answer is a date.

    earliest, latest   fixed limits
    when               "past" (today or before) or "future" (today or after): the form is then made with now=
    """

    template_name = "kernel/fields/date.jinja"
    bound_field_class = BoundParts
    parts: tuple[str, ...] = DAY_PARTS
    WRONG_SIDE = {
        "past": gettext_lazy("%(field)s must be today or in the past"),
        "future": gettext_lazy("%(field)s must be today or in the future"),
    }

    def __init__(
        self,
        label: Words,
        *,
        when: str = "",
        earliest: date = date(1900, 1, 1),
        latest: date = date(2100, 12, 31),
        **options: Any,
    ) -> None:
        self.when, self.earliest, self.latest = when, earliest, latest
        super().__init__(label, widget=PartsInput(self.parts), **options)

    def clean(self, value: dict[str, str]) -> Any:
        if not any(value.values()):
            if self.required:
                self.refuse(self.error_messages["required"], *self.parts)
            return None
        answer = self.put_together(value)
        self.check_limits(answer)
        return answer

    def put_together(self, typed: dict[str, str]) -> Any:
        return self.read_day(typed)

    def take_apart(self, value: Any) -> dict[str, str]:
        if value is None:
            return dict.fromkeys(self.parts, "")
        return {"day": str(value.day), "month": str(value.month), "year": str(value.year)}

    def read_day(self, typed: dict[str, str]) -> date:
        names = {"day": _("a day"), "month": _("a month"), "year": _("a year")}
        absent = [part for part in DAY_PARTS if not typed[part]]
        if len(absent) == len(DAY_PARTS):
            self.refuse(_("%(field)s must include a date") % {"field": self.Called}, *absent)
        if absent:
            wanted = _(" and ").join(names[part] for part in absent)
            self.refuse(
                _("%(field)s must include %(parts)s") % {"field": self.Called, "parts": wanted}, *absent
            )
        day, month, year = as_number(typed["day"], 2), as_month(typed["month"]), as_number(typed["year"], 4)
        if day is None or not 1 <= day <= 31:
            self.refuse(_("Day must be a number between 1 and 31"), "day")
        if month is None or not 1 <= month <= 12:
            self.refuse(_("Month must be a number between 1 and 12, or a name like March"), "month")
        if year is None or len(typed["year"]) != 4 or year == 0:
            self.refuse(_("Year must include 4 numbers"), "year")
        try:
            return date(year, month, day)
        except ValueError:
            self.refuse(_("%(field)s must be a real date") % {"field": self.Called}, *DAY_PARTS)

    def check_limits(self, answer: Any) -> None:
        on = answer.astimezone(LONDON).date() if isinstance(answer, datetime) else answer
        if on < self.earliest:
            words = _("%(field)s must be the same as or after %(day)s")
            self.refuse(words % {"field": self.Called, "day": plain_day(self.earliest)}, *DAY_PARTS)
        if on > self.latest:
            words = _("%(field)s must be the same as or before %(day)s")
            self.refuse(words % {"field": self.Called, "day": plain_day(self.latest)}, *DAY_PARTS)
        if (self.when == "past" and answer > self.now) or (self.when == "future" and answer < self.now):
            self.refuse(self.WRONG_SIDE[self.when] % {"field": self.Called}, *self.parts[:4])

    @property
    def now(self) -> Any:
        """Today, for a day; this instant, for a moment. The form was given it: a form has no clock."""
        assert self.form.now is not None, f"{type(self.form).__name__} must be made with now="
        return self.form.now.astimezone(LONDON).date()

    def refuse(self, message: Words, *parts: str) -> NoReturn:
        raise ValidationError(str(message), code="day", params={"parts": parts, "part": parts[0]})


class DateTimeField(DateField):
    """A day and a time in London. The cleaned answer is an instant in UTC."""

    template_name = "kernel/fields/date_time.jinja"
    parts = (*DAY_PARTS, "time", "which")
    WRONG_SIDE = {
        "past": gettext_lazy("%(field)s must be in the past"),
        "future": gettext_lazy("%(field)s must be in the future"),
    }

    def put_together(self, typed: dict[str, str]) -> datetime:
        on = self.read_day(typed)
        if not typed["time"]:
            self.refuse(_("%(field)s must include a time") % {"field": self.Called}, "time")
        at = as_time(typed["time"])
        if at is None:
            self.refuse(_("Enter a time, like 9:30am or 14:30"), "time")
        first = datetime.combine(on, at, LONDON)
        second = first.replace(fold=1)
        if first.astimezone(UTC).astimezone(LONDON).time() != at:
            words = _("There was no %(time)s on %(day)s: the clocks went forward from 1am to 2am")
            self.refuse(words % {"time": time_of_day(first), "day": plain_day(on)}, "time")
        if first.utcoffset() == second.utcoffset():
            return first.astimezone(UTC)
        if typed["which"] not in ("first", "second"):
            words = _("%(time)s happened twice on %(day)s, because the clocks went back: select which one")
            self.refuse(words % {"time": time_of_day(first), "day": plain_day(on)}, "which")
        return (first if typed["which"] == "first" else second).astimezone(UTC)

    def take_apart(self, value: Any) -> dict[str, str]:
        if value is None:
            return dict.fromkeys(self.parts, "")
        at = value.astimezone(LONDON)
        is_twice = at.replace(fold=0).utcoffset() != at.replace(fold=1).utcoffset()
        which = ("second" if at.fold else "first") if is_twice else ""
        return super().take_apart(at) | {"time": time_of_day(at), "which": which}

    @property
    def now(self) -> datetime:
        assert self.form.now is not None, f"{type(self.form).__name__} must be made with now="
        return self.form.now


def as_number(typed: str, digits: int) -> int | None:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= digits else None


def as_month(typed: str) -> int | None:
    """4, 04, April, apr."""
    word = typed.casefold().rstrip(".")
    named = [
        n for n, name in enumerate(MONTHS, start=1) if len(word) >= 3 and name.casefold().startswith(word)
    ]
    return named[0] if named else as_number(typed, 2)


def as_time(typed: str) -> time | None:
    """9:30am, 9.30 am, 9am, 0930, 14:30, midday, midnight."""
    word = typed.casefold().strip()
    if word in ("midday", "noon", "midnight"):
        return time(0 if word == "midnight" else 12)
    match = TIME.fullmatch(word) if word.isascii() else None
    if not match or not (match["minute"] or match["half"]):
        return None
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if match["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match["half"] == "p" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None
