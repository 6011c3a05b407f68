"""Rows to begin a test with, written as the administrator. The code under test runs inside a scope.

Every factory takes what matters to the test and makes up the rest.
"""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from django.test import Client

from alongside.access import actions as access_actions
from alongside.access import actors, scope, sessions
from alongside.access.actors import Actor
from alongside.access.models import Force, Membership, Role, Team, User
from alongside.access.scope import DbRole
from alongside.care import history
from alongside.care.history import Happening
from alongside.care.models import CareRecord, Crime, Person

NOW = datetime(2026, 6, 30, 11, 0, tzinfo=UTC)  # a Tuesday, 12:00 in London
PASSWORD = "a long enough password"
_number = count(1)


def force(code: str = "", *, is_demonstration: bool = False) -> Force:
    code = code or f"F{next(_number)}"
    return access_actions.establish_force(code=code, name=f"{code} Police", is_demonstration=is_demonstration)


def team(in_force: Force, name: str = "") -> Team:
    return Team.objects.create(force=in_force, name=name or f"Team {next(_number)}")


def user(in_force: Force, *roles: str, name: str = "", in_team: Team | None = None, **fields: Any) -> User:
    """Somebody who works there. Roles by code; an officer unless said otherwise."""
    number = next(_number)
    made = User(
        force=in_force,
        team=in_team,
        name=name or f"Alex Example {number}",
        email=f"user{number}@example.test",
        **fields,
    )
    made.save()
    access_actions.set_password(user=made, password=PASSWORD)
    for role in roles or ("officer",):
        Membership.objects.create(force=in_force, user=made, role=Role.objects.get(force=in_force, code=role))
    return made


def sign_in(
    client: Client, as_user: User, *, now: datetime | None = None, second_factor: bool = True
) -> None:
    """As if they had just signed in, with a second factor."""
    client.force_login(as_user)
    session = client.session
    begun = (now or datetime.now(UTC)).timestamp()
    session.update({sessions.SIGNED_IN: begun, sessions.SEEN: begun, sessions.SECOND_FACTOR: second_factor})
    session.save()


def actor(of: User) -> Actor:
    return actors.staff(of, address="192.0.2.1")


def person(in_force: Force, name: str = "", **fields: Any) -> Person:
    return Person.objects.create(force=in_force, name=name or f"Robin Example {next(_number)}", **fields)


def crime(in_force: Force, **fields: Any) -> Crime:
    number = next(_number)
    defaults = {"reference": f"T-{number:06}-26", "source": "test", "source_reference": str(number)}
    return Crime.objects.create(force=in_force, **{**defaults, **fields})


def care_record(in_force: Force, *happenings: Happening, now: datetime = NOW, **fields: Any) -> CareRecord:
    """A victim's record with this history. It begins with `care.opened` unless the history does."""
    defaults: dict[str, Any] = {"role": "victim", "opened_at": datetime(2026, 3, 2, 9, 0, tzinfo=UTC)}
    fields = {**defaults, **fields}
    fields.setdefault("person", person(in_force))
    if "crime" not in fields:
        fields["crime"] = crime(in_force)
    fields.setdefault("reference", f"{fields['crime'].reference if fields['crime'] else next(_number)}/V1")
    made = CareRecord.objects.create(force=in_force, **fields)
    if not happenings or happenings[0].kind != "care.opened":
        opened = Happening("care.opened", made.opened_at, data={"facts": [made.role]}, event_id="opened")
        happenings = (opened, *happenings)
    job = actors.system(in_force, job="test")
    with scope.enter(job.scope):
        history.record_all(care_record=made, happenings=happenings, actor=job, now=now)
    made.refresh_from_db()
    return made


def system(in_force: Force) -> Actor:
    return actors.system(in_force, job="test")


__all__ = [
    "NOW",
    "PASSWORD",
    "DbRole",
    "Happening",
    "actor",
    "care_record",
    "crime",
    "force",
    "person",
    "sign_in",
    "system",
    "team",
    "user",
]
