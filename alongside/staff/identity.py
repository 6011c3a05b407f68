"""Who a record is about, as the identity bar of each of its pages says it."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.conf.locale import LANG_INFO
from django.http import HttpRequest
from django.utils.translation import gettext as _

from alongside.access.permissions import Permission
from alongside.care import queries, sentences
from alongside.care.queries import CareRecord, Line
from alongside.kernel.formats import in_london, plain_day
from alongside.rulebook import catalogue

RISK_COLOURS = {3: "red", 2: "orange", 1: "blue"}
# What makes somebody eligible for Enhanced Rights by itself.
GATEWAYS = ("vulnerable", "intimidated", "persistently-targeted", "bereaved", "under-18")


def page(
    request: HttpRequest, record: CareRecord, *, now: datetime, lines: Iterable[Line] = ()
) -> dict[str, Any]:
    """What every page of a record shows besides its own."""
    actor = request.actor  # type: ignore[attr-defined]
    is_ours = record.force_id == actor.force_id
    return {
        "record": record,
        "now": now,
        "name": name(record),
        "whom": _("the witness") if record.role == "witness" else _("the victim"),
        "badges": list(_badges(record)),
        "facts": list(_facts(record, now, why_enhanced(record, lines))),
        "facts_in_short": [{"label": _("Reference"), "text": record.reference}, *_how_to_speak(record)],
        "warning": record.person.safety_warning if record.person else "",
        "owner_force": "" if is_ours else queries.force_name(record),
        "sentence_of": sentences.of,
        "route_in_words": _route,
        "may": {permission.value: is_ours and actor.may(permission) for permission in Permission},
    }


def name(record: CareRecord) -> str:
    return (record.person.known_as or record.person.name) if record.person else _("Nobody named yet")


def names(record: CareRecord, lines: Iterable[Line]) -> dict[str, str]:
    """Names for the ids of staff that the timeline speaks of, from what is read already."""
    staff = [
        record.officer,
        record.coordinator,
        record.witness_care_officer,
        *(line.event.by for line in lines),
    ]
    return {str(user.pk): user.name for user in staff if user}


def age(born: date, now: datetime) -> int:
    today = in_london(now)
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def why_enhanced(record: CareRecord, lines: Iterable[Line]) -> str:
    """What gave Enhanced Rights: the gateways of the assessment, and the facts that stand for one."""
    if not record.enhanced:
        return ""
    gave = next((line for line in lines if not line.voided_by and _gives_enhanced(line)), None)
    gateways = [sentences.in_words(one) for one in gave.event.data.get("gateways", ())] if gave else []
    facts = [catalogue.facts()[fact].title.lower() for fact in GATEWAYS if fact in record.facts]
    how = {
        "needs.assessed": _("needs assessment"),
        "enhanced.established": _("decision"),
        "care.opened": _("first report"),
    }
    words = list(dict.fromkeys([*gateways, *facts]))
    if gave:
        source = how.get(gave.event.kind, _("set by hand"))
        words.append(_("%(source)s of %(day)s") % {"source": source, "day": plain_day(gave.event.at)})
    return ", ".join(words)


def _route(code: str) -> str:
    return sentences.in_words(code, key="route") if code else ""


def _gives_enhanced(line: Line) -> bool:
    kind, data = line.event.kind, line.event.data
    return (
        (kind == "needs.assessed" and data.get("enhanced") is True)
        or kind == "enhanced.established"
        or (kind == "care.opened" and "enhanced" in data.get("facts", ()))
        or (kind == "facts.changed" and "enhanced" in data.get("add", ()))
    )


def _badges(record: CareRecord) -> Iterable[dict[str, str]]:
    yield {"text": _("Witness") if record.role == "witness" else _("Victim"), "colour": "blue"}
    if record.enhanced:
        yield {"text": _("Enhanced"), "colour": "purple"}
    if record.risk:
        risk = _("%(risk)s risk") % {"risk": record.get_risk_display()}
        yield {"text": risk, "colour": RISK_COLOURS[record.risk]}
    if record.restricted:
        yield {"text": _("Restricted"), "colour": "red"}
    if record.closed_at:
        yield {"text": _("Closed"), "colour": "grey"}


def _facts(record: CareRecord, now: datetime, enhanced: str) -> Iterable[dict[str, str]]:
    person = record.person
    yield {"label": _("Reference"), "text": record.reference}
    if person:
        born = person.date_of_birth
        known = (
            _("%(age)s (born %(day)s)") % {"age": age(born, now), "day": plain_day(born)}
            if born
            else _("Not known")
        )
        if person.kind == "individual":
            yield {"label": _("Age"), "text": known}
        if person.known_as and person.known_as != person.name:
            yield {"label": _("Full name"), "text": person.name}
        yield from _how_to_speak(record)
    if enhanced:
        yield {"label": _("Enhanced because"), "text": enhanced}
    yield {"label": _("Officer"), "text": record.officer.name if record.officer else _("Nobody yet")}
    yield {
        "label": _("Care coordinator"),
        "text": record.coordinator.name if record.coordinator else _("Nobody yet"),
    }
    if record.witness_care_officer or record.role == "witness":
        assigned = record.witness_care_officer
        yield {"label": _("Witness care officer"), "text": assigned.name if assigned else _("Nobody yet")}


def _how_to_speak(record: CareRecord) -> Iterable[dict[str, str]]:
    """What a form's page needs too: on a phone there is room for no more."""
    person = record.person
    if person is None:
        return
    yield {"label": _("Language"), "text": LANG_INFO.get(person.language, {}).get("name", person.language)}
    if person.needs:
        yield {"label": _("Needs"), "text": ", ".join(sentences.in_words(need) for need in person.needs)}
