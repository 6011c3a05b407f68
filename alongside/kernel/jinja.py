"""The Jinja environment of every page. settings.TEMPLATES points at `environment`."""

from pathlib import Path
from typing import Any

from django.contrib.messages import get_messages
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import (
    ChainableUndefined,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
)
from jinja2.runtime import missing

from alongside.kernel import formats

ROOMS = Path(__file__).resolve().parent.parent
FILTERS = {
    "ago": formats.ago,
    "day": formats.day,
    "due_in_words": formats.due_in_words,
    "machine": formats.machine,
    "moment": formats.moment,
    "number": formats.number,
    "plain_day": formats.plain_day,
    "short_day": formats.short_day,
    "time_of_day": formats.time_of_day,
}


def url(name: str, *args: Any, query: dict[str, Any] | None = None, **kwargs: Any) -> str:
    """The address of a view: url("staff:record", reference=record.reference, query={"tab": "people"})."""
    return reverse(name, args=args or None, kwargs=kwargs or None, query=query)


GLOBALS = {"get_messages": get_messages, "language": translation.get_language, "static": static, "url": url}


class NamedUndefined(ChainableUndefined):
    """Lenient where the GOV.UK macros need it, loud where a template of ours has a typing mistake.

    The macros look for options that a caller may have left out of a dictionary. A name that the page
    was not given, or an attribute that one of our objects does not have, is a mistake: on a page about
    someone's safety a silent blank is the worse failure. `x is defined` and `x | default(...)` still work.
    """

    @property
    def is_optional(self) -> bool:
        if self._undefined_obj is missing:  # a name of the page; no name: an inline `if` without `else`
            return self._undefined_name in (None, "caller")
        return self._undefined_obj is None or isinstance(self._undefined_obj, dict | list | str)

    def __getattr__(self, name: str) -> Any:
        if name[:2] == "__":
            raise AttributeError(name)
        return self if self.is_optional else self._fail_with_undefined_error()

    def __getitem__(self, name: Any) -> Any:
        return self if self.is_optional else self._fail_with_undefined_error()

    def __str__(self) -> str:
        return "" if self.is_optional else self._fail_with_undefined_error()

    def __html__(self) -> str:
        return str(self)

    def __bool__(self) -> bool:
        return False if self.is_optional else self._fail_with_undefined_error()

    def __iter__(self) -> Any:
        return iter(()) if self.is_optional else self._fail_with_undefined_error()

    def __len__(self) -> int:
        return 0 if self.is_optional else self._fail_with_undefined_error()


def environment(**options: Any) -> Environment:
    given = options.pop("loader")
    ours = FileSystemLoader([str(folder) for folder in sorted(ROOMS.glob("*/templates"))])
    macros = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    options |= {"autoescape": True, "undefined": NamedUndefined, "loader": ChoiceLoader([given, ours, macros])}
    env = Environment(**options, extensions=["jinja2.ext.i18n"])
    env.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext, translation.ngettext, newstyle=True, pgettext=translation.pgettext
    )
    env.filters |= FILTERS
    env.globals |= GLOBALS
    return env
