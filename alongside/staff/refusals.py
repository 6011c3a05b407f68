"""A refused action, said beside the field that mends it."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from alongside.care.history import OtherContent
from alongside.kernel import forms
from alongside.kernel.errors import Refused


def show(form: forms.Form, refused: Refused, *, fields: Mapping[str, str] | None = None) -> None:
    """Put the reasons on the form. `fields` says which field of the form stands for which of the action's."""
    if isinstance(refused, OtherContent):
        form.add_error(
            None, _("You sent this page before, with other answers. See the timeline before you go on")
        )
        return
    name = (fields or {}).get(refused.field or "", refused.field)
    for reason in refused.reasons:
        form.add_error(name if name in form.fields else None, reason.rstrip("."))
