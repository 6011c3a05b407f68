"""What the worklist can be narrowed to: teams, people, and the filters that somebody saved."""

from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.db.models import BooleanField, F, Q, TextField, Value

from alongside.access.actors import Actor
from alongside.access.models import Team, User
from alongside.care.models import SavedFilter
from alongside.care.worklist import Tab, Wanted
from alongside.kernel.errors import NotFound, Refused

FILTERS_AT_MOST = 30
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Saved:
    id: UUID
    name: str
    query: str


@dataclass(slots=True)
class Offer:
    """What this asker can choose from on this tab. People who have left still have duties, so they are there too."""

    teams: dict[UUID, str] = field(default_factory=dict)
    people: dict[UUID, str] = field(default_factory=dict)
    left: set[UUID] = field(default_factory=set)
    saved: list[Saved] = field(default_factory=list)


def offer(wanted: Wanted, *, asker: Actor) -> Offer:
    """One statement. People are those of the team in view: a force has too many for one list."""
    whose = wanted.team if wanted.tab is Tab.ALL and wanted.team else asker.team_id
    teams = Team.objects.filter(force_id=asker.force_id)
    in_view = Q(pk=wanted.officer) | (Q(team_id=whose) if whose else Q())
    people = User.objects.filter(in_view, force_id=asker.force_id)
    saved = SavedFilter.objects.filter(force_id=asker.force_id, user_id=_keeper(asker))
    nothing = Value("", output_field=TextField())
    yes = Value(True, output_field=BooleanField())
    rows = (
        teams.values_list(Value("team"), "pk", "name", nothing, yes)
        .union(
            people.values_list(Value("person"), "pk", "name", nothing, F("is_active")),
            saved.values_list(Value("saved"), "pk", "name", "query", yes),
            all=True,
        )
        .order_by("name")
    )
    offered = Offer()
    for kind, key, name, query, is_active in rows:
        if kind == "team":
            offered.teams[key] = name
        elif kind == "person":
            offered.people[key] = name
            offered.left |= set() if is_active else {key}
        else:
            offered.saved.append(Saved(key, name, query))
    return offered


@transaction.atomic
def save_filter(*, name: str, query: str, actor: Actor) -> None:
    """Keep a filter under a name. The same name again replaces it."""
    name = name.strip()
    if not name:
        raise Refused("Enter a name for this filter.", field="name")
    if len(name) > LONGEST_NAME:
        raise Refused(f"The name must be {LONGEST_NAME} characters or less.", field="name")
    own = SavedFilter.objects.filter(force_id=actor.force_id, user_id=_keeper(actor))
    if own.exclude(name=name).count() >= FILTERS_AT_MOST:
        raise Refused(f"You have {FILTERS_AT_MOST} saved filters. Delete one first.", field="name")
    SavedFilter.objects.bulk_create(
        [SavedFilter(force_id=actor.force_id, user_id=_keeper(actor), name=name, query=query)],
        update_conflicts=True,
        unique_fields=["force", "user", "name"],
        update_fields=["query"],
    )


@transaction.atomic
def delete_filter(*, filter_id: UUID, actor: Actor) -> str:
    """Forget a saved filter of one's own. Returns its name; raises NotFound."""
    own = SavedFilter.objects.filter(force_id=actor.force_id, user_id=_keeper(actor), pk=filter_id)
    name = own.values_list("name", flat=True).first()
    if name is None:
        raise NotFound
    own.delete()
    return name


def _keeper(asker: Actor) -> UUID:
    if asker.user_id is None:
        raise LookupError("Only a person keeps filters, not a job.")
    return asker.user_id
