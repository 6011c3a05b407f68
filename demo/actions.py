"""Ways in to the demonstration: made by the command line, used once by a browser."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from alongside.access.models import Force, User
from alongside.kernel.errors import NotFound, Refused
from demo import force
from demo.models import DemoLink

LIVES = timedelta(hours=24)
ROLES: Sequence[str] = tuple(force.KNOWN)


@transaction.atomic
def make_links(*, for_force: Force, now: datetime) -> dict[str, str]:
    """One token a role, each for the same known member of staff. Older ones that nobody used are withdrawn."""
    if not for_force.is_demonstration:
        raise Refused("Sign-in addresses are made for a demonstration force only.")
    users = {user.email: user for user in User.objects.filter(force=for_force, is_active=True)}
    tokens = {role: secrets.token_urlsafe(24) for role in ROLES}
    DemoLink.objects.filter(user__force=for_force, used_at=None).delete()
    DemoLink.objects.bulk_create(
        DemoLink(
            user=users[f"{role}@{force.DOMAIN}"], role=role, token_hash=_hash(token), expires_at=now + LIVES
        )
        for role, token in tokens.items()
    )
    return tokens


def use_link(*, token: str, now: datetime) -> User:
    """Who may come in by it. Once, within a day, and only to a demonstration force: else NotFound."""
    link = (
        DemoLink.objects.filter(
            token_hash=_hash(token), user__force__is_demonstration=True, user__is_active=True
        )
        .select_related("user")
        .first()
    )
    if link is None:
        raise NotFound
    # One statement decides: of two browsers that open it at once, one comes in.
    if not DemoLink.objects.filter(pk=link.pk, used_at=None, expires_at__gt=now).update(used_at=now):
        raise NotFound
    return link.user


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
