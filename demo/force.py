"""The demonstration force: an invented place, its teams, and the people who work there."""

from collections.abc import Iterator
from random import Random
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction

from alongside.access import actors
from alongside.access.actions import establish_force
from alongside.access.actors import Actor
from alongside.access.models import Credential, Force, Membership, Role, Team, User
from demo import people
from demo.staffing import Division, Worker

CODE = "severn-marches"
NAME = "Severn and Marches Police (demonstration)"
DOMAIN = "severn-marches.police.example"
RECORDS_A_DIVISION = 2_000

# The same people in every demonstration, so that what is written about them stays true.
KNOWN = {
    "officer": "Rhiannon Clarke",
    "coordinator": "Dee Okafor",
    "reviewer": "Harriet Sandhu",
    "witness-care": "Marek Nowak",
    "supervisor": "Colm Fitzgerald",
    "call-handler": "Priya Mistry",
    "analyst": "Tomos Llewellyn",
    "auditor": "Grace Mensah",
    "administrator": "Alan Birch",
    "commissioner": "Judith Farahani",
}
_HEADQUARTERS = ("analyst", "auditor", "administrator", "commissioner")
# Role, team, desk: how many in each division.
_POSTS = (
    ("officer", "Local Policing North", "local", 5),
    ("officer", "Local Policing South", "local", 5),
    ("officer", "Local Policing East", "local", 4),
    ("officer", "Domestic Abuse Team", "domestic", 4),
    ("officer", "Rape and Serious Sexual Offences Team", "sexual", 3),
    ("officer", "Major Crime Team", "major", 2),
    ("supervisor", "Local Policing North", "", 2),
    ("supervisor", "Domestic Abuse Team", "", 1),
    ("coordinator", "Victim Care Unit", "", 7),
    ("witness-care", "Witness Care Unit", "", 3),
    ("reviewer", "Vulnerability Hub", "", 2),
    ("call-handler", "Contact Centre", "", 2),
)
_TOWNS = (
    "Ludbury",
    "Wenbridge",
    "Temeford",
    "Abbotsclee",
    "Marlow Cross",
    "Kingsarrow",
    "Stretminster",
    "Oswaldstow",
)


def find() -> Force | None:
    return Force.objects.filter(code=CODE, is_demonstration=True).first()


@transaction.atomic
def establish() -> Force:
    """The force with its roles and its headquarters. The same force when it is there already."""
    force = establish_force(code=CODE, name=NAME, is_demonstration=True)
    team, is_new = Team.objects.get_or_create(force=force, name="Headquarters")
    if is_new:
        users = [_user(force, team, KNOWN[role], role) for role in _HEADQUARTERS]
        _appoint(force, users, list(_HEADQUARTERS))
    return force


@transaction.atomic
def staff_division(force: Force, number: int, *, seed: int) -> Division:
    """Appoint everybody who works in this division. When every town has one, the teams there grow."""
    random = Random(f"{seed} division {number}")
    town = _TOWNS[number % len(_TOWNS)]
    names = dict.fromkeys(name for _, name, _, _ in _POSTS)
    teams = {name: Team.objects.get_or_create(force=force, name=f"{town} {name}")[0] for name in names}
    users: list[User] = []
    posts: list[tuple[str, str]] = []
    for count, (role, team, desk) in enumerate(_each_post(), start=1):
        first = number == 0 and role not in {post[0] for post in posts}
        name = KNOWN[role] if first else people.staff_name(random)
        users.append(
            _user(
                force,
                teams[team],
                name,
                role if first else f"sm{number:03}{count:02}",
                f"{number * 100 + count:05}",
            )
        )
        posts.append((role, desk))
    _appoint(force, users, [role for role, _ in posts])
    workers: dict[tuple[str, str], list[Worker]] = {}
    for user, post in zip(users, posts, strict=True):
        actor = Actor(label=post[0], force_id=force.pk, user_id=user.pk)
        diligence = 0.36 + 0.5 * random.random()
        workers.setdefault(post, []).append(Worker(actor, user.pk, user.team_id, diligence))
    return _division(number, force, {post: tuple(members) for post, members in workers.items()})


def divisions() -> int:
    """How many divisions the force has: each batch of records brings its own."""
    return User.objects.filter(force__code=CODE, collar_number__endswith="01").count()


def _division(number: int, force: Force, workers: dict[tuple[str, str], tuple[Worker, ...]]) -> Division:
    return Division(
        number=number,
        force_id=force.pk,
        job=actors.system(force, job="demonstration"),
        call_handlers=workers["call-handler", ""],
        officers={desk: workers["officer", desk] for desk in ("local", "domestic", "sexual", "major")},
        supervisors=workers["supervisor", ""],
        coordinators=workers["coordinator", ""],
        reviewers=workers["reviewer", ""],
        witness_care=workers["witness-care", ""],
    )


def _each_post() -> Iterator[tuple[str, str, str]]:
    for role, team, desk, count in _POSTS:
        for _ in range(count):
            yield role, team, desk


def _user(force: Force, team: Team, name: str, mailbox: str, collar_number: str = "") -> User:
    # Nobody has a password here: `alongside demo links` makes single-use addresses.
    return User(
        force=force,
        team=team,
        name=name,
        email=f"{mailbox}@{DOMAIN}",
        collar_number=collar_number,
    )


def _appoint(force: Force, users: list[User], codes: list[str]) -> None:
    User.objects.bulk_create(users)
    Credential.objects.bulk_create(Credential(user=user, password=make_password(None)) for user in users)
    roles: dict[str, UUID] = dict(Role.objects.filter(force=force).values_list("code", "pk"))
    Membership.objects.bulk_create(
        Membership(force=force, user=user, role_id=roles[code])
        for user, code in zip(users, codes, strict=True)
    )
