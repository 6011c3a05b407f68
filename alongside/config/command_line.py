"""The one command line. Each subcommand lives in the room whose work it does, as a module with
`add_arguments(parser)` and `run(args) -> int`; it is imported only when it is the one that was asked for.

Nothing heavy is imported at the top: `alongside --help` answers at once.
"""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from enum import Enum, auto
from importlib import import_module
from types import ModuleType

from alongside.config.trouble import Trouble

ENVIRONMENT_HELP = """\
alongside COMMAND --help explains one command, with examples.

environment:
  DATABASE_URL    a PostgreSQL 15 or newer; unset, Alongside runs its own under ALONGSIDE_HOME
  ALONGSIDE_HOME  where its own database and secrets are kept (var/ in the project)
  PORT            where `serve` answers (8000)
  docs/operations.md explains the rest.
"""


class Needs(Enum):
    """What must be there before a subcommand runs."""

    NOTHING = auto()
    ADMINISTRATOR = auto()  # Django, and the database by the administrator's login
    OWN_LOGIN = auto()  # brings its own: a process that serves or works


@dataclass(frozen=True, slots=True)
class Subcommand:
    name: str
    does: str
    module: str
    needs: Needs
    examples: tuple[str, ...]


SUBCOMMANDS = (
    Subcommand(
        "serve",
        "answer browsers, until stopped",
        "alongside.config.serve",
        Needs.OWN_LOGIN,
        ("alongside serve", "PORT=8080 WEB_PROCESSES=4 alongside serve"),
    ),
    Subcommand(
        "worker",
        "do the jobs in the queue and those on the timetable, until stopped",
        "alongside.config.worker",
        Needs.OWN_LOGIN,
        ("alongside worker",),
    ),
    Subcommand(
        "migrate",
        "bring the database to this version: roles, tables, grants",
        "alongside.config.migrate",
        Needs.ADMINISTRATOR,
        ("alongside migrate", "alongside migrate --check"),
    ),
    Subcommand(
        "demo",
        "make a demonstration force, or print ways to sign in to it",
        "demo.command",
        Needs.ADMINISTRATOR,
        ("alongside demo", "alongside demo --care-records 100000", "alongside demo links --json"),
    ),
    Subcommand(
        "import",
        "bring in crimes (police-uk) or timelines (timeline) from files",
        "alongside.intake.command",
        Needs.ADMINISTRATOR,
        (
            "alongside import police-uk downloads/2026-09 --force city-of-london --dry-run",
            "alongside import timeline events.ndjson --report report.json",
        ),
    ),
    Subcommand(
        "duties",
        "derive duties from a file of events: no database, no Django",
        "alongside.rulebook.duties_command",
        Needs.NOTHING,
        ("alongside duties events.ndjson > duties.ndjson",),
    ),
    Subcommand(
        "rulebook",
        "show the rules, or check a book that you are writing",
        "alongside.rulebook.book_command",
        Needs.NOTHING,
        ("alongside rulebook show", "alongside rulebook check my-book.yaml"),
    ),
    Subcommand(
        "rebuild",
        "derive every duty again from the timelines and store what differs",
        "alongside.care.command",
        Needs.ADMINISTRATOR,
        ("alongside rebuild",),
    ),
    Subcommand(
        "check",
        "prove that access is guarded, duties agree with the timelines and the access log is whole",
        "alongside.care.command",
        Needs.ADMINISTRATOR,
        ("alongside check",),
    ),
    Subcommand(
        "user",
        "add people who work here, give them roles, close their accounts",
        "alongside.access.command",
        Needs.ADMINISTRATOR,
        (
            'alongside user create robin@example.police.uk --force west-mercia --name "Robin Example" --role officer',
            "alongside user list --force west-mercia",
            "alongside user reset-second-factor robin@example.police.uk",
        ),
    ),
    Subcommand(
        "token",
        "make, list and withdraw tokens for other systems; the API that takes them is not built yet",
        "alongside.access.token_command",
        Needs.ADMINISTRATOR,
        (
            'alongside token create "Crime system" --force west-mercia --scope events:write --days 180',
            "alongside token list --force west-mercia",
            "alongside token withdraw 1a2b3c4d5e",
        ),
    ),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand. Returns the exit code: 2 means that it was asked or set up wrongly."""
    arguments = sys.argv[1:] if arguments is None else arguments
    asked = next((one for one in SUBCOMMANDS if arguments and one.name == arguments[0]), None)
    if asked is None:
        parser().parse_args(arguments or ["--help"])
        return 2
    try:
        with _prepared(asked, only_help=not {"-h", "--help"}.isdisjoint(arguments)):
            module = _module(asked)
            args = parser(asked, module).parse_args(arguments)
            return module.run(args) or 0
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # `alongside duties ... | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except Exception as error:
        sentence = _sentence(error)
        if sentence is None:
            raise
        print(f"alongside: {sentence}", file=sys.stderr)
        return 2


def parser(asked: Subcommand | None = None, module: ModuleType | None = None) -> argparse.ArgumentParser:
    """Every subcommand by name and purpose; the arguments of the one that was asked for."""
    top = argparse.ArgumentParser(
        prog="alongside",
        description="Victim and witness care: one timeline a person, every duty derived from it.",
        epilog=ENVIRONMENT_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(title="commands", metavar="COMMAND", dest="subcommand", required=True)
    for one in SUBCOMMANDS:
        command = commands.add_parser(
            one.name,
            help=one.does,
            description=f"{one.does[0].upper()}{one.does[1:]}.",
            epilog="examples:\n" + "\n".join(f"  {example}" for example in one.examples),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        if one is asked and module:
            module.add_arguments(command)
    return top


def _module(asked: Subcommand) -> ModuleType:
    try:
        return import_module(asked.module)
    except ModuleNotFoundError as error:
        if not error.name or not asked.module.startswith(error.name):
            raise
        raise Trouble(f"this installation has no {asked.module}, so there is no `{asked.name}`.") from error


@contextmanager
def _prepared(asked: Subcommand, *, only_help: bool) -> Iterator[None]:
    """What the subcommand needs, for as long as it runs. Models can be imported only inside."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alongside.config.settings")
    if only_help and "ALONGSIDE_MODE" not in os.environ:
        # Help is for strangers too, who have said nothing yet: it needs no secret and makes none.
        os.environ.update({"ALONGSIDE_MODE": "demonstration", "SECRET_KEY": "not used"})
    with _database() if asked.needs is Needs.ADMINISTRATOR and not only_help else nullcontext():
        if asked.needs is not Needs.NOTHING:
            import django

            django.setup()
        yield


@contextmanager
def _database() -> Iterator[None]:
    """The administrator's database: the one that was named, or else our own."""
    if os.environ.get("DATABASE_URL"):
        yield
        return
    from alongside.config import environment, provision

    # Without a database of its own an installation can only be a demonstration.
    os.environ.setdefault("ALONGSIDE_MODE", "demonstration")
    here = environment.read(os.environ)
    if here.is_production:
        raise Trouble("in production set DATABASE_URL to the database to use.")
    with provision.own_database(here.home) as address:
        os.environ["DATABASE_URL"] = address
        yield


def _sentence(error: Exception) -> str | None:
    """What to say instead of a stack trace, for what is nobody's programming mistake."""
    if isinstance(error, Trouble):
        return str(error)
    cause = error.__cause__ or error  # Django wraps what psycopg raises
    if type(cause).__module__.startswith("psycopg"):
        import psycopg

        if isinstance(cause, psycopg.errors.UndefinedTable):
            return "the database has not been brought to this version: run `alongside migrate`."
        if isinstance(cause, psycopg.OperationalError):
            return f"the database can not be used: {str(cause).strip().splitlines()[0]}"
    return None
