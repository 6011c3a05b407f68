"""What every GOV.UK field shares: its name in a sentence, and how it becomes a component."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ImproperlyConfigured
from django.forms.boundfield import BoundField as DjangoBoundField
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Words
else:
    Words = str | Promise


class BoundField(DjangoBoundField):
    """A field and what was typed into it. Templates in kernel/fields/ read these properties."""

    field: Any  # some GovukField; each kind of field is read by its own template
    form: Any
    size = "s"
    is_heading = False

    def as_field_group(self, *, size: str = "s", heading: bool = False) -> SafeString:
        """The whole component. `size` (s, m, l) is the label's; `heading` makes the label the page's h1."""
        self.size, self.is_heading = size, heading
        return super().as_field_group()

    def __str__(self) -> SafeString:
        return self.as_field_group()

    __html__ = __str__

    @property
    def component(self) -> dict[str, Any]:
        """The options that every GOV.UK component takes."""
        options: dict[str, Any] = {"id": self.auto_id, "name": self.html_name}
        if self.help_text:
            options["hint"] = {"text": self.help_text}
        if self.errors:
            options["errorMessage"] = {"text": self.errors[0]}
        return options

    @property
    def input_attributes(self) -> dict[str, str]:
        """dir=auto lets a name in Arabic or Hebrew be typed and read in its own direction."""
        return {"dir": "auto"} | ({"data-autosave": "true"} if self.field.autosave else {})

    @property
    def label_option(self) -> dict[str, Any]:
        return self._caption("govuk-label")

    @property
    def legend_option(self) -> dict[str, Any]:
        return {"legend": self._caption("govuk-fieldset__legend")}

    @property
    def error_links(self) -> Iterator[tuple[str, str]]:
        """Each message of this field, and the id of the input that mends it."""
        for error in self.form.errors[self.name].as_data():
            part = (error.params or {}).get("part", "")
            for message in error.messages:
                yield message, f"{self.auto_id}-{part}" if part else self.auto_id

    def _caption(self, block: str) -> dict[str, Any]:
        is_optional = self.form.marks_optional and not self.field.required
        text = _("%(label)s (optional)") % {"label": self.label} if is_optional else self.label
        return {"text": text, "classes": f"{block}--{self.size}", "isPageHeading": self.is_heading}


class GovukField(forms.Field):
    """Mixed in before a Django field.

    label     what stands over the input: a noun ("Full name") or a question ("What happened?")
    called    how messages name it: "full name" gives "Enter full name". Taken from a noun label;
              a question must say it
    hint      help under the label
    missing   the whole message when nothing was given, where "Enter …" would not be English
    autosave  keep what is typed as a draft (with data-draft on the form)
    """

    verb: Words = gettext_lazy("Enter")
    bound_field_class = BoundField
    template_name: str  # the Jinja template that renders it
    empty_answer: Any = None  # what stands in cleaned_data when it was not asked
    form: Any  # the form that this copy of the field belongs to; set by Form

    def __init__(
        self,
        label: Words,
        *,
        called: Words | None = None,
        hint: Words = "",
        missing: Words | None = None,
        autosave: bool = False,
        **options: Any,
    ) -> None:
        if called is None and missing is None and str(label).rstrip().endswith("?"):
            raise ImproperlyConfigured(
                f"{label!s} is a question: say how messages call the answer (called=…)"
            )
        self.called = called or in_a_sentence(label)
        self.Called = capfirst(self.called)
        self.autosave = autosave
        super().__init__(label=label, help_text=hint, template_name=type(self).template_name, **options)
        self.error_messages["required"] = missing or format_lazy("{} {}", self.verb, self.called)
        self.error_messages |= self.messages()

    def messages(self) -> dict[str, Words]:
        """What the field says besides "Enter …"."""
        return {}

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> BoundField:
        return self.bound_field_class(form, self, field_name)


def in_a_sentence(label: Words) -> Words:
    """Full name -> full name; URN and DNA sample stay."""
    words = str(label)
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]
