"""Who is acting: a member of staff, or the system on a force's behalf. Passed as `actor` to every action."""

from dataclasses import dataclass
from uuid import UUID

from alongside.access.models import Force, Role, User
from alongside.access.permissions import Permission
from alongside.access.scope import DbRole, Scope


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who asks or does. `label` names the role or the job, never a person."""

    label: str
    force_id: UUID
    force_name: str = ""
    is_demonstration: bool = False
    user_id: UUID | None = None
    team_id: UUID | None = None
    name: str = ""
    permissions: frozenset[Permission] = frozenset()
    db_role: DbRole = DbRole.STAFF
    address: str = ""

    @property
    def scope(self) -> Scope:
        return Scope(role=self.db_role, force_id=self.force_id, user_id=self.user_id)

    def may(self, permission: Permission) -> bool:
        return Permission(permission) in self.permissions


def staff(user: User, *, address: str = "") -> Actor:
    """The actor behind a user: one statement for the roles; the force comes with a user who signed in."""
    roles = list(Role.objects.filter(membership__user=user).order_by("code"))
    force = user.force
    known = set(Permission)
    return Actor(
        label=", ".join(role.code for role in roles),
        force_id=force.pk,
        force_name=force.name,
        is_demonstration=force.is_demonstration,
        user_id=user.pk,
        team_id=user.team_id,
        name=user.name,
        permissions=frozenset(
            Permission(name) for role in roles for name in role.permissions if name in known
        ),
        address=address,
    )


def system(force: Force, *, job: str) -> Actor:
    """Work that no person asked for just now: an import, a nightly check."""
    return Actor(
        label=job,
        force_id=force.pk,
        force_name=force.name,
        is_demonstration=force.is_demonstration,
        db_role=DbRole.SYSTEM,
    )


def forces() -> list[UUID]:
    """Every force, for jobs that go through them one scope at a time."""
    return list(Force.objects.order_by("code").values_list("pk", flat=True))
