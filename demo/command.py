"""`alongside demo`: make a demonstration force, or print ways to sign in to it."""

import argparse
import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.utils import timezone

from alongside.access.models import Force
from alongside.config.trouble import Trouble
from alongside.intake.police_uk_files import FileRefused

if not apps.is_installed("demo"):  # said here, because without the app its models can not even be imported
    raise Trouble(
        "this is a production installation, which has no demonstration. Set ALONGSIDE_MODE=demonstration"
        " and a DATABASE_URL that holds nobody's records."
    )

from demo import actions, force, load, queries, real_crimes

DEFAULT_RECORDS = 2_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        f"Make {force.NAME}: invented people, plausible timelines. Or print ways to sign in to it."
    )
    parser.add_argument(
        "what", nargs="?", choices=["force", "links"], default="force",
        help="`links` prints a single-use sign-in address for each role (not yet for partner, victim and witness:"
        " their doors are not built)",
    )  # fmt: skip
    parser.add_argument(
        "--care-records",
        type=_count,
        metavar="N",
        help=f"how many ({DEFAULT_RECORDS:,}; with --from, all of them)",
    )
    parser.add_argument(
        "--seed", type=_count, default=1, help="the same seed and moment make the same timelines (1)"
    )
    parser.add_argument(
        "--as-of",
        type=_moment,
        metavar="MOMENT",
        help="when the timelines stop: 2026-06-30T12:00+01:00 (now)",
    )
    parser.add_argument(
        "--from", dest="source", nargs="+", metavar=("police-uk", "FILE"),
        help="real crimes from data.police.uk (files or folders); only the people and the days are invented",
    )  # fmt: skip
    parser.add_argument(
        "--bring-forward",
        action="store_true",
        help="with --from: move the months so that the last is the one just gone, and there is work to do",
    )
    parser.add_argument(
        "--add", action="store_true", help="add to a demonstration force that has records already"
    )
    parser.add_argument("--json", action="store_true", help="links: as JSON")
    parser.add_argument("--base-url", help="links: where the pages are (http://localhost:PORT)")


def run(args: argparse.Namespace) -> int:
    return links(args) if args.what == "links" else make(args)


def make(args: argparse.Namespace) -> int:
    as_of = args.as_of or timezone.now()
    into = force.establish()
    there = queries.care_records(into)
    if there and not args.add:
        print(f"{force.NAME} is already here, with {there:,} care records: nothing was changed.\n"
              "--add adds to it; `make reset` begins again.", file=sys.stderr)  # fmt: skip
        return 0
    started = time.monotonic()
    work, expected = _work(args, into, as_of)
    made = load.run(work, size=expected, progress=lambda so_far: _show(so_far, expected, started))
    took = time.monotonic() - started
    print(
        f"\n{force.NAME}: {made.records:,} care records, {made.events:,} events, {made.duties:,} duties"
        f" in {took:.0f} s ({made.records / took:,.0f} a second).",
        file=sys.stderr,
    )
    for refusal in made.refusals[:10]:
        print(f"refused: {refusal}", file=sys.stderr)
    return 1 if made.refusals else 0


def links(args: argparse.Namespace) -> int:
    found = force.find()
    if found is None:
        raise Trouble("there is no demonstration force yet: run `alongside demo`.")
    base_url = args.base_url or f"http://localhost:{settings.ENVIRONMENT.port}"
    addresses = queries.sign_ins(actions.make_links(for_force=found, now=timezone.now()), base_url=base_url)
    if args.json:
        print(json.dumps(addresses, indent=2))
        return 0
    print("Each address signs in once, within a day. `alongside demo links` makes new ones.\n")
    for role, address in addresses.items():
        print(f"  {role:15} {address}")
    return 0


def _work(args: argparse.Namespace, into: Force, as_of: datetime) -> tuple:
    if not args.source:
        expected = args.care_records or DEFAULT_RECORDS
        return load.invented(into, care_records=expected, seed=args.seed, as_of=as_of), expected
    kind, *files = args.source
    if kind != "police-uk" or not files:
        raise Trouble("--from takes police-uk and the files or folders to read.")
    paths = [Path(name) for name in files]
    if missing := [str(path) for path in paths if not path.exists()]:
        raise Trouble(f"there is no {missing[0]}.")
    try:
        crimes = list(real_crimes.read(paths, latest=as_of.date()))
    except FileRefused as refused:
        raise Trouble(str(refused)) from refused
    if not crimes:
        raise Trouble("there is not one crime with an ID in these files.")
    if args.bring_forward:
        crimes = real_crimes.brought_forward(crimes, to=as_of.date())
    work = load.real(into, crimes, care_records=args.care_records, seed=args.seed, as_of=as_of)
    return work, min(args.care_records or len(crimes), len(crimes))


def _show(so_far: load.Made, expected: int, started: float) -> None:
    took = time.monotonic() - started
    left = max(expected - so_far.done, 0) * took / so_far.done
    line = (
        f"{so_far.done / expected:4.0%}  {so_far.records:,} care records, {so_far.records / took:,.0f} a second,"
        f" {int(left // 60)} min {int(left % 60):02} s to go"
    )
    print(f"\r{line}  ", end="" if sys.stderr.isatty() else "\n", file=sys.stderr, flush=True)


def _count(said: str) -> int:
    number = int(said.replace("_", "").replace(",", ""))
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _moment(said: str) -> datetime:
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{said!r} is not a moment such as 2026-06-30T12:00+01:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
