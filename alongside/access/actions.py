"""What can be done about who may: forces with their roles, users, their proofs of who they are.

All but the sign-in itself (`set_password`, `note_sign_in`) is an administrator's, and goes into the access log.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from alongside.access import log
from alongside.access.actors import Actor
from alongside.access.models import Access, Credential, Force, Membership, Role, Team, User
from alongside.access.permissions import Permission
from alongside.kernel.errors import Refused

ROLES = Path(__file__).parent / "roles.yaml"


@cache
def first_roles() -> dict[str, dict[str, Any]]:
    """The roles that a force begins with, by code. A permission that does not exist is an error."""
    roles = yaml.safe_load(ROLES.read_text())
    for role in roles.values():
        role["permissions"] = [Permission(name) for name in role["permissions"]]
    return roles


@transaction.atomic
def establish_force(*, code: str, name: str, is_demonstration: bool = False) -> Force:
    """A force with its own copy of the roles. For one that is there: the roles that it has not got yet."""
    force, _ = Force.objects.get_or_create(
        code=code, defaults={"name": name, "is_demonstration": is_demonstration}
    )
    Role.objects.bulk_create(
        (
            Role(force=force, code=role, title=one["title"], permissions=one["permissions"])
            for role, one in first_roles().items()
        ),
        ignore_conflicts=True,
    )
    return force


@transaction.atomic
def create_user(
    *,
    force: Force,
    email: str,
    name: str,
    roles: Iterable[str],
    team: Team | None = None,
    collar_number: str = "",
    actor: Actor,
    now: datetime,
) -> User:
    """Somebody who works there, who can not sign in before they have chosen a password. Raises Refused."""
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise Refused("Enter an email address in the correct format, like name@example.com", field="email")
    if User.objects.filter(email=email).exists():
        raise Refused("Somebody with this email address is there already", field="email")
    if not name.strip():
        raise Refused("Enter a name", field="name")
    user = User.objects.create(
        force=force, team=team, name=name.strip(), email=email, collar_number=collar_number
    )
    set_password(user=user, password=None)
    _hold(user, roles)
    log.write(act=Access.Act.CHANGE, what="user.created", actor=actor, now=now, reason=str(user.pk))
    return user


@transaction.atomic
def change_roles(*, user: User, roles: Iterable[str], actor: Actor, now: datetime) -> None:
    """From their next request on, the user holds these roles and no others. Raises Refused."""
    Membership.objects.filter(user=user).delete()
    _hold(user, roles)
    log.write(act=Access.Act.CHANGE, what="user.roles_changed", actor=actor, now=now, reason=str(user.pk))


@transaction.atomic
def deactivate_user(*, user: User, actor: Actor, now: datetime) -> None:
    """They can not sign in any more, and their sessions end at once, for good."""
    user.is_active = False
    user.save(update_fields=["is_active"])
    set_password(user=user, password=None)
    log.write(act=Access.Act.CHANGE, what="user.deactivated", actor=actor, now=now, reason=str(user.pk))


@transaction.atomic
def reset_second_factor(*, user: User, actor: Actor, now: datetime) -> None:
    """For somebody who has lost their telephone: they begin again with a new password and a new second factor.

    The password goes too. Otherwise whoever holds only that could set up a second factor of their own first.
    """
    Authenticator.objects.filter(user=user).delete()
    set_password(user=user, password=None)
    log.write(
        act=Access.Act.CHANGE, what="user.second_factor_reset", actor=actor, now=now, reason=str(user.pk)
    )


def set_password(*, user: User, password: str | None) -> None:
    """None: no password opens the account. Every session that began under another one ends."""
    user.set_password(password)
    Credential.objects.update_or_create(user=user, defaults={"password": user.credential.password})


def note_sign_in(*, user: User, now: datetime) -> None:
    """Makes one-time addresses that were given out before this worthless."""
    Credential.objects.filter(user=user).update(last_sign_in_at=now)


def _hold(user: User, codes: Iterable[str]) -> None:
    wanted = set(codes)
    roles = list(Role.objects.filter(force_id=user.force_id, code__in=wanted))
    unknown = wanted - {role.code for role in roles}
    if unknown:
        raise Refused(f"There is no role called {', '.join(sorted(unknown))}", field="roles")
    Membership.objects.bulk_create(Membership(force_id=user.force_id, user=user, role=role) for role in roles)
