"""Fields that the page carries along unseen."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from alongside.kernel.ids import new_id

BROKEN_PAGE = gettext_lazy("Something was wrong with this page. Check your answers and send them again")


class HiddenBoundField(forms.BoundField):
    @property
    def error_links(self) -> Iterator[tuple[str, str]]:
        """Messages without a place: there is no input that a person could mend."""
        return ((str(message), "") for message in self.errors)

    def as_hidden(self, attrs: Any = None, **options: Any) -> SafeString:
        value = "" if self.value() is None else self.value()
        return format_html('<input type="hidden" name="{}" value="{}">', self.html_name, value)


class HiddenField(forms.Field):
    widget = forms.HiddenInput
    empty_answer = None
    default_error_messages = {"required": BROKEN_PAGE, "invalid": BROKEN_PAGE}

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> HiddenBoundField:
        return HiddenBoundField(form, self, field_name)


class Hidden(HiddenField, forms.CharField):
    """A code or id. Not for anything that the sender must not change: whatever is sent is believed."""

    def __init__(self, *, max_length: int = 200, **options: Any) -> None:
        super().__init__(max_length=max_length, error_messages={"max_length": BROKEN_PAGE}, **options)


class SubmissionField(HiddenField, forms.UUIDField):
    """A number made when the form is first shown and sent back with it: the action's idempotency key."""

    def __init__(self) -> None:
        super().__init__(initial=new_id, error_messages={"invalid": BROKEN_PAGE})

    def bound_data(self, data: Any, initial: Any) -> Any:
        """A page that came back without its number gets a new one, or it could never be sent."""
        try:
            return self.clean(data)
        except ValidationError:
            return new_id()


class VersionField(HiddenField, forms.IntegerField):
    """The version of the row that the person saw when they began to change it."""

    def __init__(self) -> None:
        messages = {"invalid": BROKEN_PAGE, "min_value": BROKEN_PAGE, "max_value": BROKEN_PAGE}
        super().__init__(min_value=0, max_value=2**31 - 1, error_messages=messages)
