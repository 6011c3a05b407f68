"""Fields for words and numbers."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alongside.kernel.forms.field import BoundField, GovukField, Words

INVISIBLE = {"Cf", "Zs", "Zl", "Zp"}  # formatting signs and spaces of every kind
UNSTORABLE = {"Cc", "Cs"}  # controls (NUL among them) and halves of characters


class BoundText(BoundField):
    @property
    def text(self) -> str:
        """What was typed, with each new line as a reference: the macros indent their HTML, and would indent it too."""
        value = self.value()
        return mark_safe(escape("" if value is None else value).replace("\r\n", "\n").replace("\n", "&#10;"))


class TextField(GovukField, forms.CharField):
    """One line. `width` is the number of characters that usually fit (2, 3, 4, 5, 10, 20, 30)."""

    template_name = "kernel/fields/text.jinja"
    bound_field_class = BoundText
    empty_answer = ""
    kind = "text"
    inputmode: str | None = None
    allowed_controls = "\t"

    def __init__(
        self,
        label: Words,
        *,
        max_length: int = 200,
        width: int | None = None,
        autocomplete: str = "off",
        spellcheck: bool = False,
        **options: Any,
    ) -> None:
        self.width, self.autocomplete, self.spellcheck = width, autocomplete, spellcheck
        super().__init__(label, max_length=max_length, **options)

    def messages(self) -> dict[str, Words]:
        return {
            "max_length": too_long(self.Called, self.max_length),
            "null_characters_not_allowed": unshowable(self),
        }

    def to_python(self, value: Any) -> Any:
        """Line ends count one, as in the browser's counter; signs that nobody can see are no answer."""
        words = (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")
        return words if any(unicodedata.category(sign) not in INVISIBLE for sign in words) else ""

    def run_validators(self, value: Any) -> None:
        if any(
            unicodedata.category(sign) in UNSTORABLE and sign not in self.allowed_controls for sign in value
        ):
            raise ValidationError(unshowable(self), code="unshowable")
        super().run_validators(value)


class TextArea(TextField):
    """Several lines, with a count of the characters that are left."""

    template_name = "kernel/fields/text_area.jinja"
    widget = forms.Textarea
    allowed_controls = "\n\t"

    def __init__(self, label: Words, *, max_length: int = 2000, rows: int = 5, **options: Any) -> None:
        self.rows = rows
        super().__init__(label, max_length=max_length, spellcheck=True, **options)


class EmailField(TextField):
    kind = "email"

    def __init__(self, label: Words, *, autocomplete: str = "off", **options: Any) -> None:
        super().__init__(label, max_length=254, autocomplete=autocomplete, **options)
        message = gettext_lazy("Enter an email address in the correct format, like name@example.com")
        self.validators.append(EmailValidator(message))


class PasswordField(TextField):
    """Never redisplayed, and never stripped: a space may be part of it."""

    template_name = "kernel/fields/password.jinja"
    widget = forms.PasswordInput

    def __init__(self, label: Words, *, autocomplete: str = "current-password", **options: Any) -> None:
        super().__init__(label, max_length=200, autocomplete=autocomplete, strip=False, **options)


class WholeNumber(GovukField, forms.IntegerField):
    template_name = "kernel/fields/text.jinja"
    bound_field_class = BoundText
    widget = forms.TextInput
    empty_answer = None
    kind = "text"
    inputmode = "numeric"
    autocomplete = "off"
    spellcheck = False

    def __init__(
        self, label: Words, *, min_value: int = 0, max_value: int = 1_000_000, **options: Any
    ) -> None:
        self.width = max(2, min(10, len(str(max_value))))
        self.example = max(min_value, min(12, max_value))
        super().__init__(label, min_value=min_value, max_value=max_value, **options)

    def messages(self) -> dict[str, Words]:
        between = format_lazy(
            gettext_lazy("{} must be between {} and {}"),
            self.Called,
            f"{self.min_value:,}",
            f"{self.max_value:,}",
        )
        whole = format_lazy(gettext_lazy("{} must be a whole number, like {}"), self.Called, self.example)
        return {"invalid": whole, "min_value": between, "max_value": between}

    def to_python(self, value: Any) -> int | None:
        typed = value.replace(",", "") if isinstance(value, str) else value
        if isinstance(typed, str) and len(typed) > 20:  # int() refuses or labours over thousands of digits
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(typed)


def too_long(called: Words, limit: int | None) -> Words:
    return format_lazy(gettext_lazy("{} must be {} characters or less"), called, f"{limit:,}")


def unshowable(field: GovukField) -> str:
    return _("%(field)s must not include characters that cannot be shown") % {"field": field.Called}
