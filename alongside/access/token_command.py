"""`alongside token`: which other systems may ask. What it does goes into the access log as the command line's."""

import argparse
import sys
from datetime import datetime, timedelta

from django.utils import timezone

from alongside.access import actions, actors, scope
from alongside.access.command import as_administrator, find_force
from alongside.access.models import LONGEST_TOKEN, Token
from alongside.access.permissions import TokenScope
from alongside.kernel.errors import Refused

NOT_YET = "No address takes tokens yet: the API is not built. Until it is, this one opens nothing."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    does = parser.add_subparsers(dest="does", metavar="ACTION", required=True)
    create = does.add_parser("create", help="make one, and print its secret, which is shown only once")
    create.add_argument("name", metavar="NAME", help="of the system that is to use it")
    create.add_argument("--force", required=True, help="code of the force, such as west-mercia")
    create.add_argument(
        "--scope",
        action="append",
        required=True,
        help=f"what it may do: {', '.join(TokenScope)}; may be said again",
    )
    create.add_argument(
        "--days",
        type=_days,
        default=90,
        metavar="N",
        help=f"how long it lasts: 90 days unless said otherwise, at most {LONGEST_TOKEN.days}",
    )
    listing = does.add_parser("list", help="every token: never its secret")
    listing.add_argument("--force", help="only of this force")
    withdraw = does.add_parser("withdraw", help="end one at once, for good")
    withdraw.add_argument("prefix", metavar="PREFIX", help="as `alongside token list` shows it")


def run(args: argparse.Namespace) -> int:
    does = {"create": create, "list": list_tokens, "withdraw": withdraw}[args.does]
    try:
        does(args)
    except Refused as refused:
        print(f"alongside: {'. '.join(refused.reasons)}.", file=sys.stderr)
        return 2
    return 0


def create(args: argparse.Namespace) -> None:
    force = find_force(args.force)
    now = timezone.now()
    with scope.enter(as_administrator(force)):
        token, secret = actions.create_token(
            force=force,
            name=args.name,
            scopes=args.scope,
            expires_at=now + timedelta(days=args.days),
            actor=actors.system(force, job="command line"),
            now=now,
        )
    # The secret alone on standard output, so that it can go straight to where it is kept.
    print(
        f"The token {token.prefix} of {token.name} ({force.code}) lasts until {_day(token.expires_at)}:"
        f" {', '.join(token.scopes)}.\n{NOT_YET}\n"
        "Its secret is shown only this once. Give it to that system, and to nobody else:",
        file=sys.stderr,
        flush=True,
    )
    print(secret)


def list_tokens(args: argparse.Namespace) -> None:
    now = timezone.now()
    tokens = Token.objects.select_related("force").order_by("force__code", "name", "created_at")
    for token in tokens.filter(force=find_force(args.force)) if args.force else tokens:
        used = f"last used {_day(token.last_used_at)}" if token.last_used_at else "never used"
        print(
            token.force.code,
            token.prefix,
            token.name,
            ", ".join(token.scopes),
            f"until {_day(token.expires_at)}",
            used,
            _state(token, now=now),
            sep="\t",
        )


def withdraw(args: argparse.Namespace) -> None:
    try:
        token = Token.objects.select_related("force").get(prefix=args.prefix)
    except Token.DoesNotExist:
        raise Refused(f"There is no token {args.prefix}: `alongside token list` shows those that there are")
    with scope.enter(as_administrator(token.force)):
        actions.withdraw_token(
            token=token, actor=actors.system(token.force, job="command line"), now=timezone.now()
        )


def _state(token: Token, *, now: datetime) -> str:
    if token.withdrawn_at:
        return f"withdrawn {_day(token.withdrawn_at)}"
    return "expired" if token.expires_at <= now else ""


def _day(moment: datetime) -> str:
    return timezone.localtime(moment).date().isoformat()


def _days(said: str) -> int:
    if not said.isdecimal() or not 1 <= int(said) <= LONGEST_TOKEN.days:
        raise argparse.ArgumentTypeError(
            f"{said!r} is not a number of days between 1 and {LONGEST_TOKEN.days}"
        )
    return int(said)
