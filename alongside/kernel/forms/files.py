"""A file that somebody sends."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alongside.kernel.forms.field import GovukField, Words

MEGABYTE = 1024 * 1024


class FileField(GovukField, forms.FileField):
    """`accept` lists endings ([".csv", ".json"]). The form tag needs enctype="multipart/form-data"."""

    template_name = "kernel/fields/file.jinja"
    verb = gettext_lazy("Select")

    def __init__(self, label: Words, *, accept: list[str], max_megabytes: int = 10, **options: Any) -> None:
        self.accept, self.max_megabytes = [ending.lower() for ending in accept], max_megabytes
        super().__init__(label, max_length=200, **options)

    def messages(self) -> dict[str, Words]:
        return {
            "empty": gettext_lazy("The selected file is empty"),
            "invalid": self.error_messages["required"],
            "max_length": gettext_lazy("The name of the selected file must be 200 characters or less"),
            "too_big": format_lazy(
                gettext_lazy("The selected file must be smaller than {}MB"), self.max_megabytes
            ),
        }

    def to_python(self, data: Any) -> Any:
        upload = super().to_python(data)
        if upload is None:
            return None
        if PurePath(upload.name or "").suffix.lower() not in self.accept:
            kinds = " or ".join(ending.lstrip(".").upper() for ending in self.accept)
            raise ValidationError(_("The selected file must be a %(kinds)s") % {"kinds": kinds}, code="kind")
        if upload.size > self.max_megabytes * MEGABYTE:
            raise ValidationError(self.error_messages["too_big"], code="too_big")
        return upload
