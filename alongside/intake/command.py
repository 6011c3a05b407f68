"""`alongside import`: crimes of data.police.uk and timelines, from files."""

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from pathlib import Path

from django.db.models import Q
from django.utils import timezone

from alongside.access import actors, scope
from alongside.access.actions import establish_force
from alongside.access.actors import Actor
from alongside.access.models import Force, Role
from alongside.intake import actions, paths, police_uk_files
from alongside.intake.crimes import Months
from alongside.intake.csv_lines import FileRefused
from alongside.intake.report import Report
from alongside.rulebook.calendar import LONDON

EXIT_CODES = """\
exit codes: 0 everything was taken, 1 something was refused and the rest was taken, 2 nothing could be read
"""
POLICE_UK = """\
Reads street and outcomes files of data.police.uk (CSV) and the JSON that its API answers with. Each file is
taken whole or not at all; a line that can not be believed is refused by its number and the rest is taken.
Give the releases of a month in the order in which they were published: of what differs, the last one read is
believed. A crime's victim is not published, so its care record waits for a person.
docs/how-to/bring-in-records.md says what becomes of each column and outcome.
"""
TIMELINE = """\
Reads events as newline-delimited JSON (docs/how-to/bring-in-records.md describes the fields). Care records
that are not there yet are made. Sending the same file again adds nothing.
"""


UNNAMED = ("my-force", "My force")


@dataclass(slots=True)
class Forces:
    """Whose a file is. A force that its own files name is made the first time; a slip of the pen makes none."""

    code: str | None
    created: list[Force] = field(default_factory=list)

    def of(self, reported_by: str | None) -> Force:
        """Raises FileRefused, saying what to do, where it can not be told."""
        reported = _reported(reported_by) if reported_by else None
        if self.code:
            named = self._named()
            if reported and named != reported:
                raise FileRefused(
                    f"the file is reported by “{reported_by}”, which is {reported.code}: it is not for {named.code}"
                )
            return named
        if reported_by:
            return reported or self._create(_code(reported_by), reported_by)
        return self._the_only()

    def _named(self) -> Force:
        named = Force.objects.filter(code__iexact=self.code).first()
        if named:
            return named
        if Force.objects.exists():
            raise FileRefused(f"there is no force “{self.code}”.{_known_forces()}")
        return self._create(str(self.code), str(self.code))

    def _the_only(self) -> Force:
        known = list(Force.objects.order_by("code")[:2])
        if len(known) > 1:
            raise FileRefused(f"the file does not say whose it is: add --force CODE.{_known_forces()}")
        return known[0] if known else self._create(*UNNAMED)

    def _create(self, code: str, name: str) -> Force:
        self.created.append(establish_force(code=code, name=name))
        print(f"{name} is a new force, with the code {code}.")
        return self.created[-1]

    def forget_created(self) -> None:
        """After a dry run: nothing refers to them."""
        Role.objects.filter(force__in=self.created).delete()
        Force.objects.filter(pk__in=[force.pk for force in self.created]).delete()


class _Undo(Exception):
    """Ends the transaction of a dry run."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    kinds = parser.add_subparsers(dest="kind", metavar="KIND", required=True)
    police_uk = _kind(kinds, "police-uk", "crimes and outcomes of data.police.uk", POLICE_UK)
    police_uk.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a file or a folder of files")
    timeline = _kind(kinds, "timeline", "events as newline-delimited JSON", TIMELINE)
    timeline.add_argument("path", type=Path, metavar="FILE")
    for one in (police_uk, timeline):
        one.add_argument(
            "--force",
            metavar="CODE",
            help="whose records these are (the force that the file names; else the only one there is)",
        )
        one.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
        one.add_argument("--report", type=Path, metavar="FILE", help="write what happened as JSON")


def run(args: argparse.Namespace) -> int:
    now = timezone.now()
    take = {"police-uk": _police_uk, "timeline": _timeline}[args.kind]
    try:
        if args.report:
            args.report.touch()  # before the work, in case it can not be written
    except OSError as error:
        print(f"alongside: {error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    try:
        report = take(args, now=now)
    except OSError as error:
        print(f"alongside: {error.filename}: {error.strerror}", file=sys.stderr)
        report = Report()
        report.refuse(str(error.filename), 0, str(error.strerror))
    report.is_dry_run = args.dry_run
    for sentence in report.in_words(what="crimes" if args.kind == "police-uk" else "events"):
        print(sentence)
    if args.dry_run:
        print("This was a dry run: nothing was kept.")
    if args.report:
        told = json.dumps(report.as_json(), indent=2, ensure_ascii=False)
        args.report.write_text(f"{told}\n", encoding="utf-8")
    return report.exit_code


def _police_uk(args: argparse.Namespace, *, now: datetime) -> Report:
    total = Report()
    files = paths.found(args.paths, apart_from=args.report)
    months = _months(files, now=now)

    def take(path: Path, actor: Actor, force: Force) -> Report:
        raw = path.read_bytes()
        return actions.import_police_uk(
            contents=police_uk_files.read(raw, latest=_latest(now)),
            name=str(path),
            fingerprint=paths.fingerprint(path, raw),
            force=force,
            months=months,
            actor=actor,
            now=now,
        )

    with _forces(args) as forces:
        whose: list[tuple[Path, Force]] = []
        for path in files:
            try:
                contents = police_uk_files.read(path.read_bytes(), latest=_latest(now))
                whose.append((path, forces.of(contents.reported_by)))
            except FileRefused as refused:
                _refuse(path, refused, total)
        _take_all(whose, take, total, is_dry_run=args.dry_run, job="import police-uk")
    return total


def _timeline(args: argparse.Namespace, *, now: datetime) -> Report:
    total = Report()

    def take(path: Path, actor: Actor, force: Force) -> Report:
        with path.open("rb") as lines:
            return actions.import_timeline(lines=lines, name=str(path), force=force, actor=actor, now=now)

    args.path.open("rb").close()
    with _forces(args) as forces:
        try:
            whose = [(args.path, forces.of(None))]
            _take_all(whose, take, total, is_dry_run=args.dry_run, job="import timeline")
        except FileRefused as refused:
            _refuse(args.path, refused, total)
    return total


def _take_all(
    whose: list[tuple[Path, Force]],
    take: Callable[[Path, Actor, Force], Report],
    total: Report,
    *,
    is_dry_run: bool,
    job: str,
) -> None:
    """One transaction a file. A dry run keeps one open for all files of a force, so that each finds what those
    before it would have left, and then undoes it."""
    if is_dry_run:
        whose = sorted(whose, key=lambda one: one[1].code)
        groups = [list(group) for _, group in groupby(whose, key=lambda one: one[1])]
    else:
        groups = [[one] for one in whose]
    for group in groups:
        actor = actors.system(group[0][1], job=job)
        with suppress(_Undo), scope.enter(actor.scope):
            taken = [(path, take(path, actor, force)) for path, force in group]
            if is_dry_run:
                raise _Undo
        for path, report in taken:
            total.add(report)
            print(
                f"{path}: {report.added:,} added, {report.changed:,} changed, {report.unchanged:,} unchanged,"
                f" {report.refused:,} refused"
            )


def _refuse(path: Path, refused: FileRefused, total: Report) -> None:
    total.refuse(str(path), refused.line, str(refused))
    print(f"{path}: refused: {refused}")


@contextmanager
def _forces(args: argparse.Namespace) -> Iterator[Forces]:
    forces = Forces(args.force)
    try:
        yield forces
    finally:
        if args.dry_run:
            forces.forget_created()


def _months(files: list[Path], *, now: datetime) -> Months:
    """When outcomes were, from the outcomes files among these, for the street files, which do not say."""
    months = Months()
    for path in files:
        if paths.is_outcomes(path):
            try:
                contents = police_uk_files.read(path.read_bytes(), latest=_latest(now))
            except FileRefused:
                continue  # told when its turn comes
            for one in contents.outcomes:
                months.add(one.crime_id, one.outcome, one.month)
    return months


def _latest(now: datetime) -> date:
    return now.astimezone(LONDON).date().replace(day=1)


def _reported(name: str) -> Force | None:
    return Force.objects.filter(Q(name__iexact=name) | Q(code__iexact=_code(name))).order_by("code").first()


def _code(name: str) -> str:
    """`west-mercia` of West Mercia Police."""
    words = re.findall(r"[a-z0-9]+", name.lower())
    return "-".join(word for word in words if word not in ("police", "constabulary", "service")) or "force"


def _known_forces() -> str:
    codes = Force.objects.order_by("code").values_list("code", flat=True)[:50]
    return f" There are: {', '.join(codes)}."


def _kind(kinds: argparse._SubParsersAction, name: str, does: str, teaches: str) -> argparse.ArgumentParser:
    return kinds.add_parser(
        name,
        help=does,
        description=teaches,
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
