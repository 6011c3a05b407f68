"""A form for one kind of event, made from the payload that the event catalogue declares for it."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

from alongside.care import sentences
from alongside.kernel import forms
from alongside.rulebook import catalogue
from alongside.rulebook.catalogue import Key, Kind

# Kinds that have a page of their own, or that only the system records.
ELSEWHERE = frozenset(
    {
        "care.opened", "coordinator.assigned", "departure.recorded", "event.voided", "facts.changed",
        "officer.assigned", "outcome.recorded", "party.added", "record.shared", "record.sharing_ended",
        "restriction.lifted", "restriction.set", "victim.informed", "witness_care_officer.assigned",
    }
)  # fmt: skip
LABELS = {
    "on": _("When is it planned for?"), "until": _("Until when?"), "from": _("From when?"), "by": _("By whom?"),
    "of": _("Whose decision?"), "every_days": _("How many days between updates?"), "route": _("How was it done?"),
    "months": _("How many months?"), "enhanced": _("Do Enhanced Rights apply?"), "met": _("Could it be met?"),
    "voluntary": _("As a volunteer?"), "declined": _("Do they want none?"), "read": _("Who reads it?"),
}  # fmt: skip
A_DAY = {"until", "from"}


def kinds_by_group() -> list[tuple[str, list[Kind]]]:
    """What a person may add, in the catalogue's order."""
    groups: dict[str, list[Kind]] = {group: [] for group in catalogue.GROUPS}
    for kind in catalogue.kinds().values():
        if kind.name not in ELSEWHERE:
            groups[kind.group].append(kind)
    return [(group, kinds) for group, kinds in groups.items() if kinds]


class EventForm(forms.ActionForm):
    """When it happened, what the kind declares (data_…), which earlier events it is about, and any words."""

    at = forms.DateTimeField(
        _("When did it happen?"), called=_("when it happened"), when="past", autosave=True
    )
    words = forms.TextArea(
        _("Notes"),
        hint=_("Kept beside the timeline. Write nothing about anybody who need not be named."),
        max_length=4000,
        required=False,
        autosave=True,
    )

    def __init__(
        self, *args: Any, kind: Kind, earlier: Iterable[tuple[str, str]] = (), **options: Any
    ) -> None:
        super().__init__(*args, **options)
        for name, field in _fields(kind, earlier).items():
            self.fields[name] = field
            field.form = self
        self.order_fields(
            ["at", *(name for name in self.fields if name not in ("words", "submission")), "words"]
        )
        self.fields["words"].required = "note" in kind.data

    def payload(self) -> dict[str, Any]:
        """The answers as the event's data: ids and codes, dates as text, nothing that was left empty."""
        answers = {
            name.removeprefix("data_"): _plain(value)
            for name, value in self.cleaned_data.items()
            if name.startswith("data_")
        }
        return {name: value for name, value in answers.items() if value not in (None, "", [])}


def codes_of(kind: Kind, key: Key) -> list[str]:
    """What may be chosen for a key: the catalogue's list, or ours; nothing where it is not asked."""
    ours = _lists()
    return list(key.values) or ours.get(f"{kind.name}.{key.name}", ours.get(key.name, []))


def _fields(kind: Kind, earlier: Iterable[tuple[str, str]]) -> dict[str, Any]:
    fields = {f"data_{key.name}": _field(kind, key) for key in kind.data.values()}
    if kind.about and (choices := list(earlier)):
        fields["about"] = forms.Checkboxes(
            _("What is it about?"), called=_("what it is about"), choices=choices, required=False, small=True
        )
    return {name: field for name, field in fields.items() if field is not None}


def _field(kind: Kind, key: Key) -> Any:
    label = LABELS.get(key.name) or key.name.replace("_", " ").capitalize()
    said: dict[str, Any] = {"called": label.rstrip("?").lower(), "required": key.required, "autosave": True}
    if kind.name == "promise.made" and key.name == "by":
        return forms.DateField(_("By when?"), called=_("the day by which it was promised"), autosave=True)
    if key.type == "integer":
        low, high = key.between or (0, 1_000)
        return forms.WholeNumber(label, min_value=low, max_value=high, **said)
    if key.type == "boolean":
        return forms.Radios(label, choices=[("yes", _("Yes")), ("no", _("No"))], inline=True, **said)
    if key.type == "date" or (key.type == "date_or_datetime" and key.name in A_DAY):
        return forms.DateField(label, **said)
    if key.type in ("datetime", "date_or_datetime"):
        return forms.DateTimeField(label, **said)
    choices = [(code, _capital(sentences.in_words(code, key=key.name))) for code in codes_of(kind, key)]
    if not choices:
        return None
    if key.type == "codes":
        return forms.Checkboxes(label, choices=choices, small=True, **said)
    return forms.Radios(label, choices=choices, small=True, **said)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return {"yes": True, "no": False}.get(value, value) if isinstance(value, str) else value


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


@lru_cache(maxsize=1)
def _lists() -> dict[str, list[str]]:
    return yaml.safe_load((Path(__file__).parent / "lists.yaml").read_text(encoding="utf-8"))
