"""Fields whose answer is chosen. Questions that follow from a choice are declared here, not in JavaScript."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ImproperlyConfigured
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from alongside.kernel.forms.field import BoundField, GovukField, Words


class BoundChoices(BoundField):
    @property
    def items(self) -> list[dict[str, Any]]:
        """One entry a choice, as radios and checkboxes take them."""
        items: list[dict[str, Any]] = []
        for value, label in self.field.choices:
            if value == self.field.divider_before:
                items.append({"divider": self.field.divider})
            hint = self.field.hints.get(value)
            followers = [self.form[name].as_field_group() for name in self.field.reveals.get(value, ())]
            items.append(
                {
                    "value": str(value),
                    "text": label,
                    "checked": self.field.has_chosen(self.value(), value),
                    "hint": {"text": hint} if hint else None,
                    "conditional": {"html": mark_safe("".join(followers))} if followers else None,
                    "attributes": {"data-autosave": "true"} if self.field.autosave else None,
                }
            )
        return items

    @property
    def options(self) -> list[dict[str, Any]]:
        """One entry a choice, as a select takes them."""
        return [
            {"value": str(value), "text": label, "selected": self.field.has_chosen(self.value(), value)}
            for value, label in self.field.choices
        ]


class ChoiceField(GovukField):
    """choices  (value, label) pairs, an enumeration, or a callable giving either
    coerce   makes the cleaned answer (UUID, int, an enumeration's class)
    hints    {value: words under that choice}
    reveals  {value: [names of fields declared below]} shown under that choice, and required only with it
    divider_before  the value before which a divider ("or") stands
    """

    verb = gettext_lazy("Select")
    bound_field_class = BoundChoices
    divider = gettext_lazy("or")

    def __init__(
        self,
        label: Words,
        *,
        choices: Any = (),
        hints: Mapping[Any, Words] | None = None,
        reveals: Mapping[Any, Iterable[str]] | None = None,
        divider_before: Any = None,
        inline: bool = False,
        small: bool = False,
        **options: Any,
    ) -> None:
        self.hints, self.reveals, self.divider_before = hints or {}, reveals or {}, divider_before
        self.inline, self.small = inline, small
        followers = [name for names in self.reveals.values() for name in names]
        if len(followers) != len(set(followers)):
            raise ImproperlyConfigured(f"{label!s}: a question can stand under one choice only")
        super().__init__(label, choices=choices, **options)

    def messages(self) -> dict[str, Words]:
        return {
            "invalid_choice": self.error_messages["required"],
            "invalid_list": self.error_messages["required"],
        }

    def has_chosen(self, answer: Any, choice: Any) -> bool:
        return answer is not None and str(answer) == str(choice)


class Radios(ChoiceField, forms.TypedChoiceField):
    template_name = "kernel/fields/radios.jinja"
    widget = forms.RadioSelect

    def __init__(self, label: Words, **options: Any) -> None:
        super().__init__(label, empty_value=None, **options)


class Select(ChoiceField, forms.TypedChoiceField):
    """For long lists only: radios are easier for everybody. `blank` is the first, empty line."""

    template_name = "kernel/fields/select.jinja"
    widget = forms.Select

    def __init__(self, label: Words, *, blank: Words | None = None, **options: Any) -> None:
        self.blank = blank or gettext_lazy("Choose")
        super().__init__(label, empty_value=None, **options)


class Checkboxes(ChoiceField, forms.TypedMultipleChoiceField):
    """The cleaned answer is a list, in the order of the choices."""

    template_name = "kernel/fields/checkboxes.jinja"
    widget = forms.CheckboxSelectMultiple

    def __init__(self, label: Words, **options: Any) -> None:
        super().__init__(label, empty_value=[], **options)

    @property
    def empty_answer(self) -> list[Any]:
        return []

    def has_chosen(self, answer: Any, choice: Any) -> bool:
        return str(choice) in {str(each) for each in answer or ()}


class BoundConfirmation(BoundField):
    @property
    def items(self) -> list[dict[str, Any]]:
        return [{"value": "yes", "text": self.label, "checked": bool(self.value())}]


class Confirmation(GovukField, forms.BooleanField):
    """One checkbox that says yes. Required unless said otherwise: `missing` is then the message."""

    template_name = "kernel/fields/confirmation.jinja"
    bound_field_class = BoundConfirmation
    widget = forms.CheckboxInput
    verb = gettext_lazy("Confirm that")
    empty_answer = False
