"""`alongside user`: who works here. What it does goes into the access log as the command line's."""

import argparse
import sys

from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils import timezone

from alongside.access import actions, actors, scope
from alongside.access.models import Force, Team, User
from alongside.access.scope import DbRole, Scope
from alongside.kernel.errors import Refused


def add_arguments(parser: argparse.ArgumentParser) -> None:
    does = parser.add_subparsers(dest="does", metavar="ACTION", required=True)
    create = does.add_parser(
        "create", help="add somebody, and print the address where they choose a password"
    )
    create.add_argument("email")
    create.add_argument("--force", required=True, help="code of the force, such as west-mercia")
    create.add_argument("--name", required=True, help="as colleagues know them")
    create.add_argument("--role", action="append", required=True, help="code of a role; may be said again")
    create.add_argument(
        "--new-force",
        metavar="NAME",
        help="make the force, under this name, where there is none of that code",
    )
    create.add_argument("--team", help="name of a team that is there")
    create.add_argument("--new-team", metavar="NAME", help="make this team, where there is none of that name")
    create.add_argument("--collar-number", default="")
    listing = does.add_parser("list", help="everybody, with their roles")
    listing.add_argument("--force", help="only of this force")
    roles = does.add_parser("roles", help="give somebody these roles and no others")
    roles.add_argument("email")
    roles.add_argument("--role", action="append", required=True, help="code of a role; may be said again")
    deactivate = does.add_parser("deactivate", help="close an account; its sessions end at once")
    deactivate.add_argument("email")
    reset = does.add_parser(
        "reset-second-factor", help="for a lost telephone: a new password and a new second factor"
    )
    reset.add_argument("email")


def run(args: argparse.Namespace) -> int:
    does = {
        "create": create,
        "list": list_users,
        "roles": change_roles,
        "deactivate": deactivate,
        "reset-second-factor": reset_second_factor,
    }[args.does]
    try:
        does(args)
    except Refused as refused:
        print(f"alongside: {'. '.join(refused.reasons)}.", file=sys.stderr)
        return 2
    return 0


def create(args: argparse.Namespace) -> None:
    if args.new_force and not Force.objects.filter(code=args.force).exists():
        force = actions.establish_force(code=args.force, name=args.new_force)
    else:
        force = find_force(args.force)
    team = Team.objects.filter(force=force, name=args.new_team or args.team).first()
    if args.team and team is None:
        raise Refused(f"{force.code} has no team called {args.team}. Make it with --new-team")
    with scope.enter(as_administrator(force)):
        if args.new_team and team is None:
            team = actions.open_team(
                force=force,
                name=args.new_team,
                actor=actors.system(force, job="command line"),
                now=timezone.now(),
            )
        user = actions.create_user(
            force=force,
            email=args.email,
            name=args.name,
            roles=args.role,
            team=team,
            collar_number=args.collar_number,
            actor=actors.system(force, job="command line"),
            now=timezone.now(),
        )
    _give_address(user)


def list_users(args: argparse.Namespace) -> None:
    users = User.objects.select_related("force").prefetch_related("roles").order_by("force__code", "email")
    for user in users.filter(force=find_force(args.force)) if args.force else users:
        roles = ", ".join(sorted(role.code for role in user.roles.all()))
        print(
            f"{user.force.code}\t{user.email}\t{user.name}\t{roles}\t{'' if user.is_active else 'deactivated'}"
        )


def change_roles(args: argparse.Namespace) -> None:
    user = _user(args.email)
    with scope.enter(as_administrator(user.force)):
        actions.change_roles(
            user=user,
            roles=args.role,
            actor=actors.system(user.force, job="command line"),
            now=timezone.now(),
        )


def deactivate(args: argparse.Namespace) -> None:
    user = _user(args.email)
    with scope.enter(as_administrator(user.force)):
        actions.deactivate_user(
            user=user, actor=actors.system(user.force, job="command line"), now=timezone.now()
        )


def reset_second_factor(args: argparse.Namespace) -> None:
    user = _user(args.email)
    if not user.is_active:
        raise Refused("This account is closed")
    with scope.enter(as_administrator(user.force)):
        actions.reset_second_factor(
            user=user, actor=actors.system(user.force, job="command line"), now=timezone.now()
        )
    _give_address(user)


def one_time_address(user: User) -> str:
    """Where they choose a password: once, within a day, and not after they have signed in."""
    user = User.objects.select_related("credential").get(pk=user.pk)
    key = default_token_generator.make_token(user)
    return settings.SITE_ADDRESS + reverse(
        "account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key}
    )


def _give_address(user: User) -> None:
    print(
        f"Give {user.name} this address, and nobody else. It works once, for one day:\n{one_time_address(user)}"
    )


def as_administrator(force: Force) -> Scope:
    """The login of the command line keeps its own rights: no audience may make accounts."""
    return Scope(role=DbRole.NONE, force_id=force.pk)


def find_force(code: str) -> Force:
    force = Force.objects.filter(code=code).first()
    if force is None:
        known = ", ".join(Force.objects.order_by("code").values_list("code", flat=True)) or "none yet"
        raise Refused(f"There is no force with the code {code} (there is: {known})")
    return force


def _user(email: str) -> User:
    user = User.objects.select_related("force").filter(email=email.strip().lower()).first()
    if user is None:
        raise Refused(f"There is nobody with the address {email}")
    return user
