"""`alongside migrate`: roles, privileges, tables as their owner, grants. Whole or to be run again."""

import argparse

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from alongside.config import provision

LOCK_TIMEOUT = "5s"  # rather fail and be run again than make every page wait behind a lock


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--check", action="store_true", help="change nothing; exit with 1 if there is something to do"
    )
    parser.add_argument("--quiet", action="store_true", help="say nothing when all goes well")


def run(args: argparse.Namespace) -> int:
    if args.check:
        return check(is_quiet=args.quiet)
    administrator = settings.ENVIRONMENT.database_url
    provision.roles(administrator)
    provision.privileges(administrator)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', 'alongside_owner', false), set_config('lock_timeout', %s, false)",
                       [LOCK_TIMEOUT])  # fmt: skip
    call_command("migrate", interactive=False, verbosity=0 if args.quiet else 1)
    call_command("createcachetable", verbosity=0)
    connection.close()
    provision.grants(administrator)
    return 0


def check(*, is_quiet: bool) -> int:
    try:
        call_command("migrate", check_unapplied=True, verbosity=0)
    except SystemExit:
        if not is_quiet:
            print("The database has not been brought to this version: run `alongside migrate`.")
        return 1
    return 0
