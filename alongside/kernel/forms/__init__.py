"""GOV.UK form fields that render themselves. `docs/how-to/build-a-page.md` shows each with its arguments."""

from alongside.kernel.forms.choices import Checkboxes, Confirmation, Radios, Select
from alongside.kernel.forms.days import DateField, DateTimeField
from alongside.kernel.forms.files import FileField
from alongside.kernel.forms.form import ActionForm, EditForm, FilterForm, Form
from alongside.kernel.forms.hidden import Hidden
from alongside.kernel.forms.text import EmailField, PasswordField, TextArea, TextField, WholeNumber

__all__ = [
    "ActionForm",
    "Checkboxes",
    "Confirmation",
    "DateField",
    "DateTimeField",
    "EditForm",
    "EmailField",
    "FileField",
    "FilterForm",
    "Form",
    "Hidden",
    "PasswordField",
    "Radios",
    "Select",
    "TextArea",
    "TextField",
    "WholeNumber",
]
