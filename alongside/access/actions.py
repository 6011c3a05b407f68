"""What can be done about who may: forces with their roles, users, other systems, their proofs of who they are.

All but the proving itself (`set_password`, `note_sign_in`, `note_use`) is an administrator's, and goes into the
access log.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q

from alongside.access import log, secrets
from alongside.access.actors import Actor
from alongside.access.models import (
    LONGEST_TOKEN,
    Access,
    Credential,
    Force,
    Membership,
    Role,
    Team,
    Token,
    User,
)
from alongside.access.permissions import Permission, TokenScope
from alongside.kernel.errors import Refused
from alongside.rulebook.catalogue import closest

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
def open_team(*, force: Force, name: str, actor: Actor, now: datetime) -> Team:
    """A unit that shares a worklist."""
    if not name.strip():
        raise Refused("Enter a name for the team", field="team")
    team = Team.objects.create(force=force, name=name.strip())
    log.write(act=Access.Act.CHANGE, what="team.opened", actor=actor, now=now, reason=str(team.pk))
    return team


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


@transaction.atomic
def create_token(
    *, force: Force, name: str, scopes: Iterable[str], expires_at: datetime, actor: Actor, now: datetime
) -> tuple[Token, str]:
    """A token for another system and its secret, which can not be had again. Raises Refused."""
    name = name.strip()
    if not name:
        raise Refused("Enter the name of the system that is to use it", field="name")
    if Token.objects.filter(force=force, name=name, withdrawn_at=None).exists():
        raise Refused(
            f"{force.code} has a token called {name} already: withdraw that, or choose another name",
            field="name",
        )
    if not now < expires_at <= now + LONGEST_TOKEN:
        raise Refused(f"A token lasts at least a day and at most {LONGEST_TOKEN.days}", field="expires_at")
    made = secrets.make()
    token = Token.objects.create(
        force=force,
        name=name,
        scopes=_token_scopes(scopes),
        prefix=made.prefix,
        secret_hash=secrets.digest(made.secret),
        created_at=now,
        expires_at=expires_at,
    )
    log.write(act=Access.Act.CHANGE, what="token.created", actor=actor, now=now, reason=str(token.pk))
    return token, made.secret


@transaction.atomic
def withdraw_token(*, token: Token, actor: Actor, now: datetime) -> None:
    """From the next request on it opens nothing. Its row stays, for the access log. Raises Refused."""
    if not Token.objects.filter(pk=token.pk, withdrawn_at=None).update(withdrawn_at=now):
        raise Refused(f"The token {token.prefix} was withdrawn before")
    log.write(act=Access.Act.CHANGE, what="token.withdrawn", actor=actor, now=now, reason=str(token.pk))


def note_use(*, token: Token, now: datetime) -> None:
    """So that a token nobody uses can be seen. To the minute: a busy client does not write at every request."""
    Token.objects.filter(
        Q(last_used_at=None) | Q(last_used_at__lte=now - timedelta(minutes=1)), pk=token.pk
    ).update(last_used_at=now)


def _token_scopes(names: Iterable[str]) -> list[str]:
    wanted = sorted(set(names))
    known = [str(scope) for scope in TokenScope]
    unknown = [
        f"There is no scope called {name} (nearest: {closest(name, known)})"
        for name in wanted
        if name not in known
    ]
    if unknown:
        raise Refused(*unknown, field="scopes")
    if not wanted:
        raise Refused(f"Choose at least one scope (there is: {', '.join(known)})", field="scopes")
    return wanted


def _hold(user: User, codes: Iterable[str]) -> None:
    wanted = set(codes)
    roles = list(Role.objects.filter(force_id=user.force_id, code__in=wanted))
    unknown = wanted - {role.code for role in roles}
    if unknown:
        raise Refused(f"There is no role called {', '.join(sorted(unknown))}", field="roles")
    Membership.objects.bulk_create(Membership(force_id=user.force_id, user=user, role=role) for role in roles)
