"""Forms whose fields are GOV.UK components, with an error summary and questions that follow from an answer."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from alongside.kernel.forms.hidden import SubmissionField, VersionField


class Form(forms.Form):
    """A form of one page. `now` is given to forms whose dates must be in the past or the future."""

    default_renderer = TemplatesSetting
    use_required_attribute = False
    marks_optional = True
    fields: dict[str, Any]
    data: Any
    _errors: Any

    def __init__(self, *args: Any, now: datetime | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        for field in self.fields.values():
            field.form = self  # fields are copied for each form, so this is their own

    def error_summary(self) -> SafeString:
        """The box at the top. The layout shows it for the page's `form`."""
        if not self.errors:
            return mark_safe("")
        errors = [{"text": text, "href": f"#{place}" if place else None} for text, place in self._messages()]
        return mark_safe(render_to_string("kernel/fields/error_summary.jinja", {"errors": errors}))

    def hidden(self) -> SafeString:
        """Every hidden field: put it beside csrf_input."""
        return mark_safe("".join(field.as_hidden() for field in self.hidden_fields()))

    def _messages(self) -> Iterator[tuple[str, str]]:
        for message in self.non_field_errors():
            yield str(message), ""
        field: Any
        for field in self:
            if field.name in self.errors:
                for message, place in field.error_links:
                    yield message, "" if field.is_hidden else place

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]
        for name in self._unasked():
            self._errors.pop(name, None)
            self.cleaned_data[name] = self.fields[name].empty_answer

    def _unasked(self) -> set[str]:
        """Fields that only follow from an answer that was not given: neither required nor kept."""
        unasked: set[str] = set()
        for name, field in self.fields.items():
            for choice, followers in getattr(field, "reveals", {}).items():
                if name in unasked or not field.has_chosen(self[name].data, choice):
                    unasked.update(followers)
        return unasked


class FilterForm(Form):
    """A GET form that narrows a list: every field may be left out, and none says so."""

    marks_optional = False


class ActionForm(Form):
    """A form that does something once, however often it is sent: cleaned_data["submission"] is a UUID."""

    submission = SubmissionField()


class EditForm(ActionForm):
    """A form that changes a row which others may change meanwhile: initial={"version": row.version}."""

    version = VersionField()

    def changed_meanwhile(self, version: int) -> None:
        """Say that somebody else was first; sending again overwrites what is there now."""
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = str(version)
        self.add_error(
            None, _("Somebody else changed this while you were writing. Check it and send it again")
        )
