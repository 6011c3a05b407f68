"""What is asked when somebody has told the victim, or could not."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alongside.care import sentences
from alongside.contact import actions
from alongside.contact.queries import ToTell, Waiting, asks_for_contact
from alongside.kernel import forms
from alongside.kernel.formats import due_in_words
from alongside.kernel.forms.hidden import BROKEN_PAGE
from alongside.rulebook import catalogue
from alongside.staff import timeline

UPDATE = "update"
NOW, EARLIER = "now", "earlier"


def _routes() -> list[tuple[str, str]]:
    return [(code, sentences.in_words(code, key="route").capitalize()) for code in actions.ROUTES]


class WhatHappened(forms.FilterForm):
    """Step one, by GET. `asked` is what the page was opened for."""

    about = forms.Checkboxes(
        gettext_lazy("What did you tell them?"), called=gettext_lazy("what you told them")
    )
    route = forms.Radios(
        gettext_lazy("How did you tell them?"), called=gettext_lazy("how you told them"), choices=_routes
    )
    when = forms.Radios(
        gettext_lazy("When?"),
        called=gettext_lazy("when you told them"),
        choices=[(NOW, gettext_lazy("Just now")), (EARLIER, gettext_lazy("Earlier"))],
        reveals={EARLIER: ["told_at"]},
        initial=NOW,
    )
    told_at = forms.DateTimeField(gettext_lazy("Day and time"), when="past")

    def __init__(
        self, waiting: Waiting, data: Any, *, now: datetime, asked: Sequence[str] = (), **options: Any
    ) -> None:
        super().__init__(data, now=now, initial={"about": _ticked(waiting, asked)}, **options)
        self.waiting = {one.event.event_id: one for one in waiting.events}
        about = self.fields["about"]
        about.choices = [
            *((key, _title(one)) for key, one in self.waiting.items()),
            (UPDATE, _("A regular update")),
        ]
        about.hints = {key: _hint(one, now) for key, one in self.waiting.items()} | {
            UPDATE: _update_hint(waiting, now)
        }

    @property
    def moment(self) -> datetime:
        assert self.now is not None
        return self.cleaned_data["told_at"] or self.now

    @property
    def chosen(self) -> list[ToTell]:
        return [self.waiting[key] for key in self.cleaned_data["about"] if key != UPDATE]

    def clean(self) -> None:
        if self.errors:
            return
        late = [one.event for one in self.chosen if one.event.at > self.moment]
        if late:
            happened = timeline.when(max(late, key=lambda event: event.at))
            words = _("What you told them of happened on %(moment)s, which is later than this")
            self.add_error("told_at", words % {"moment": happened})
        spoke = self.cleaned_data["route"] in actions.SPOKEN
        if not spoke and any(asks_for_contact(one.event) for one in self.chosen):
            self.add_error(
                "route", _("First contact counts when you have spoken. Untick it, or select how you spoke")
            )


class WhatWasSaid(forms.ActionForm):
    """Step two. `answers` are those of step one, as its address carried them."""

    answers = forms.Hidden(max_length=4000)
    told_at = forms.Hidden()
    words = forms.TextArea(
        gettext_lazy("What you told them"),
        called=gettext_lazy("what you told them"),
        hint=gettext_lazy(
            "Make it what you said, and fill in what stands in [brackets]. Do not name the suspect."
        ),
        max_length=4000,
        rows=10,
        autosave=True,
    )
    next_promise = forms.TextField(
        gettext_lazy("What did you promise next?"),
        called=gettext_lazy("what you promised next"),
        hint=gettext_lazy("For example: call after the hearing. It becomes a duty."),
        required=False,
        autosave=True,
    )
    next_promise_by = forms.DateField(
        gettext_lazy("By when?"),
        called=gettext_lazy("the day of the promise"),
        when="future",
        required=False,
        autosave=True,
    )

    @property
    def answered(self) -> QueryDict:
        """The answers of step one. Whatever was sent is checked again by the action."""
        return QueryDict(self["answers"].value() or "")

    @property
    def about(self) -> list[str]:
        return [one for one in self.answered.getlist("about") if one != UPDATE]

    @property
    def route(self) -> str:
        return self.answered.get("route", "")

    @property
    def shown_told_at(self) -> datetime | None:
        return _instant(self["told_at"].value())

    def clean_told_at(self) -> datetime:
        told_at = _instant(self.cleaned_data["told_at"])
        if told_at is None:
            raise ValidationError(BROKEN_PAGE)
        return told_at


class Attempt(forms.ActionForm):
    """Somebody tried."""

    route = forms.Radios(
        gettext_lazy("How did you try?"), called=gettext_lazy("how you tried"), choices=_routes, autosave=True
    )
    reason = forms.Radios(
        gettext_lazy("Why could you not reach them?"),
        called=gettext_lazy("why you could not reach them"),
        choices=lambda: [
            (code, sentences.in_words(code, key="reason").capitalize()) for code in actions.REASONS
        ],
        autosave=True,
    )
    when = forms.Radios(
        gettext_lazy("When?"),
        called=gettext_lazy("when you tried"),
        choices=[(NOW, gettext_lazy("Just now")), (EARLIER, gettext_lazy("Earlier"))],
        reveals={EARLIER: ["tried_at"]},
        initial=NOW,
        autosave=True,
    )
    tried_at = forms.DateTimeField(gettext_lazy("Day and time"), when="past", autosave=True)
    words = forms.TextArea(
        gettext_lazy("Notes"), hint=gettext_lazy("For example, when to try again."), max_length=1000, rows=3,
        required=False, autosave=True,
    )  # fmt: skip


class Kept(forms.ActionForm):
    """A promise has been kept."""

    words = forms.TextArea(gettext_lazy("Notes"), max_length=1000, rows=3, required=False, autosave=True)


def _instant(text: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return at if at.tzinfo else None


def _ticked(waiting: Waiting, asked: Sequence[str]) -> list[str]:
    """What the page was opened for, or the only thing there is. Of several a person ticks what was really said."""
    if asked:
        known = {one.event.event_id for one in waiting.events}
        return [key for key in asked if key in known] or [UPDATE]
    ours = [one.event.event_id for one in waiting.events if one.is_ours]
    return ours if len(ours) == 1 else [] if ours else [UPDATE]


def _title(one: ToTell) -> str:
    kind = catalogue.kinds()[one.event.kind]
    title = _("First contact") if asks_for_contact(one.event) else kind.title
    return f"{title}, {timeline.when(one.event)}"


def _hint(one: ToTell, now: datetime) -> str:
    dates = [duty.due_on or duty.due_by for duty in one.duties if duty.due_by]
    due = due_in_words(dates[0], now).capitalize() if dates else _("As soon as possible")
    if one.is_ours:
        return due
    return _("%(due)s, by the %(owner)s") % {"due": due, "owner": sentences.owner(one.duties[0].owner)}


def _update_hint(waiting: Waiting, now: datetime) -> str:
    if waiting.update is None or not waiting.update.due_by:
        return _("Something else, or how things stand")
    due = due_in_words(waiting.update.due_on or waiting.update.due_by, now).capitalize()
    return _("%(due)s. Anything that you tell them counts as the regular update") % {"due": due}
