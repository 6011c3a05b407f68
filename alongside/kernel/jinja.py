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
    Template,
)
from jinja2.runtime import missing

from alongside.kernel import formats

MACROS = "govuk_frontend_jinja"
ROOMS = Path(__file__).resolve().parent.parent
FILTERS = {
    "ago": formats.ago,
    "day": formats.day,
    "due_in_words": formats.due_in_words,
    "is_on_the_day_of": formats.is_on_the_day_of,
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
    """Lenient about an option that a caller left out of a dictionary, loud about a typing mistake.

    A name that the page was not given, or an attribute that an object does not have, is a mistake: on a
    page about someone's safety a silent blank is the worse failure. `is defined` and `default` still work.
    """

    @property
    def is_optional(self) -> bool:
        if self._undefined_obj is missing:  # a name; none where an inline `if` has no `else`
            return self._undefined_name in (None, "caller")
        return isinstance(self._undefined_obj, dict)

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


class Pages(Environment):
    """Our templates, with the GOV.UK macros, which only work where every undefined name is let pass."""

    macros: Environment

    def get_template(self, name: Any, parent: str | None = None, globals: Any = None) -> Template:
        if isinstance(name, str) and name.startswith(MACROS):
            return self.macros.get_template(name, parent, globals)
        return super().get_template(name, parent, globals)


def environment(**options: Any) -> Environment:
    given = options.pop("loader")
    ours = FileSystemLoader([str(folder) for folder in sorted(ROOMS.glob("*/templates"))])
    options |= {"autoescape": True, "undefined": NamedUndefined, "loader": ChoiceLoader([given, ours])}
    pages = Pages(**options, extensions=["jinja2.ext.i18n"])
    pages.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext, translation.ngettext, newstyle=True, pgettext=translation.pgettext
    )
    pages.filters |= FILTERS
    pages.globals |= GLOBALS
    pages.macros = Environment(
        loader=PrefixLoader({MACROS: PackageLoader(MACROS)}),
        autoescape=True,
        auto_reload=False,
        undefined=ChainableUndefined,
    )
    return pages
