"""How the worklist is narrowed, as a form whose address can be shared, and as words."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alongside.care import rules, sentences
from alongside.care.worklist import NOBODY, Due, Tab, Wanted
from alongside.care.worklist_filters import LONGEST_NAME, Offer
from alongside.kernel import forms

RIGHTS = {
    1: gettext_lazy("1: be understood"),
    2: gettext_lazy("2: details recorded"),
    3: gettext_lazy("3: information when reporting"),
    4: gettext_lazy("4: support"),
    5: gettext_lazy("5: compensation"),
    6: gettext_lazy("6: investigation and prosecution"),
    7: gettext_lazy("7: Victim Personal Statement"),
    8: gettext_lazy("8: trial and role as a witness"),
    9: gettext_lazy("9: outcome and appeals"),
    10: gettext_lazy("10: expenses and property"),
    11: gettext_lazy("11: the offender after conviction"),
    12: gettext_lazy("12: complaints"),
}
DUE = {
    Due.OVERDUE: gettext_lazy("Overdue"),
    Due.TODAY: gettext_lazy("Due today"),
    Due.WEEK: gettext_lazy("Due this week"),
}
RISK = {
    3: gettext_lazy("High"),
    2: gettext_lazy("Medium"),
    1: gettext_lazy("Standard"),
    0: gettext_lazy("Not graded"),
}
ANY = gettext_lazy("Any")
YES_OR_NO = (("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No")))
UNKNOWN = gettext_lazy("There is no such choice in one of the filters. Clear the filters and choose again")


def _select(label: Any, coerce: Any = str) -> forms.Select:
    field = forms.Select(label, blank=ANY, required=False, coerce=coerce)
    field.error_messages["invalid_choice"] = UNKNOWN
    return field


class WorklistFilters(forms.FilterForm):
    """Teams and people are what the asker is offered: anything else is no choice."""

    due = _select(gettext_lazy("Due"), Due)
    risk = _select(gettext_lazy("Risk"), int)
    enhanced = _select(gettext_lazy("Enhanced Rights"), lambda value: value == "yes")
    right = _select(gettext_lazy("Right"), int)
    rule = _select(gettext_lazy("Kind of duty"))
    owner = _select(gettext_lazy("Owner"))
    team = _select(gettext_lazy("Team"), UUID)
    officer = _select(gettext_lazy("Assigned to"), UUID)

    def __init__(self, data: QueryDict, *, tab: Tab, offer: Offer) -> None:
        super().__init__(data)
        self.tab = tab
        held = rules.current().rules
        titles = {rule.id: rule.title for rule in held}
        people = {
            key: _("%(name)s (no longer here)") % {"name": name} if key in offer.left else name
            for key, name in offer.people.items()
        }
        choices: dict[str, Iterable[tuple[Any, Any]]] = {
            "due": DUE.items(),
            "risk": RISK.items(),
            "enhanced": YES_OR_NO,
            "right": [
                (right, RIGHTS.get(right, right)) for right in sorted({r.right for r in held if r.right})
            ],
            "rule": sorted(titles.items(), key=lambda each: each[1].casefold()),
            "owner": [(code, sentences.owner(code)) for code in sorted({rule.owner for rule in held})],
            "team": offer.teams.items(),
            "officer": [(NOBODY, _("Nobody yet")), *people.items()],
        }
        for name, offered in choices.items():
            self.fields[name].choices = list(offered)
        for name in _NOT_ON[tab]:
            del self.fields[name]

    @property
    def wanted(self) -> Wanted:
        chosen = {name: value for name, value in self.cleaned_data.items() if value is not None}
        return Wanted(tab=self.tab, **chosen)

    @property
    def chosen(self) -> dict[str, str]:
        """The filters as an address says them: only what is known."""
        return {name: self.data[name] for name, value in self.cleaned_data.items() if value is not None}

    def kept_on(self, tab: Tab) -> dict[str, str]:
        """The filters that another tab has too."""
        return {name: value for name, value in self.chosen.items() if name not in _NOT_ON[tab]}

    @property
    def selected(self) -> list[dict[str, Any]]:
        """Each filter in words, with the address of the list without it."""
        tags = []
        for name in self.chosen:
            others = {other: value for other, value in self.chosen.items() if other != name}
            words = next(
                (str(text) for key, text in self.fields[name].choices if str(key) == self.data[name]), ""
            )
            tags.append(
                {
                    "heading": str(self.fields[name].label),
                    "items": [{"text": words, "href": f"?{address(self.tab, others)}"}],
                }
            )
        return tags


class SaveFilter(forms.Form):
    name = forms.TextField(gettext_lazy("Name of the filter"), max_length=LONGEST_NAME, width=20)


def address(tab: Tab, chosen: dict[str, str], **more: str) -> str:
    """The query of a worklist address."""
    return urlencode({"tab": tab.value, **chosen, **more})


# A list of one's own has one team and one person; a team's list has one team.
_NOT_ON = {Tab.MINE: ("team", "officer"), Tab.TEAM: ("team",), Tab.ALL: ()}
