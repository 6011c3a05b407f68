"""`alongside rulebook`: show the rules, or check a book before it is used."""

from __future__ import annotations

import argparse
import sys
import textwrap
from pathlib import Path
from typing import TextIO

from alongside.rulebook import examples, loader
from alongside.rulebook.book_file import BookReader
from alongside.rulebook.model import Book, Rule
from alongside.rulebook.rulebook import UnknownBook
from alongside.rulebook.words import listed

REFUSED = 2
_WIDTH = 100


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    show = verbs.add_parser("show", help="the books; the rules of one; one rule with its examples")
    show.add_argument("book", nargs="?", metavar="BOOK", help="for example victims-code-2021")
    show.add_argument("rule", nargs="?", metavar="RULE", help="for example R6-03")
    check = verbs.add_parser("check", help="name every mistake in a book and run its worked examples")
    check.add_argument("file", nargs="?", metavar="FILE", help="a book; without it all the books that ship")


def run(args: argparse.Namespace, stdout: TextIO | None = None, stderr: TextIO | None = None) -> int:
    """Exit 0: shown, or without mistakes. Exit 1: mistakes were found. Exit 2: there is no such thing."""
    stdout, stderr = stdout or sys.stdout, stderr or sys.stderr
    try:
        if args.verb == "check":
            return check(Path(args.file) if args.file else None, stdout, stderr)
        for line in shown(args.book, args.rule):
            print(line, file=stdout)
    except (UnknownBook, OSError, UnicodeDecodeError) as error:
        print(f"alongside rulebook: {error}", file=stderr)
        return REFUSED
    return 0


def check(path: Path | None, stdout: TextIO, stderr: TextIO) -> int:
    """Name every mistake in the book, or in all that ship, and run every example."""
    if path is None:
        books, mistakes = loader.read_books(loader.book_paths())
        mistakes += loader.vanished(books)
    else:
        reader = BookReader(path.name)
        book = reader.read(path.read_text(encoding="utf-8"))
        books, mistakes = [book] if book else [], reader.mistakes + (loader.fit(book) if book else [])
    failed = [mistake for book in books for mistake in examples.failures(book)]
    for mistake in [*mistakes, *failed]:
        print(mistake, file=stderr)
    if mistakes or failed:
        return 1
    for book in books:
        ran = sum(1 for _ in examples.examples_of(book))
        print(f"{book.name}: {len(book.rules)} rules, {ran} worked examples, no mistakes", file=stdout)
    return 0


def shown(book_name: str | None, rule_id: str | None) -> list[str]:
    """What `show` prints."""
    rulebook = loader.shipped()
    if book_name is None:
        return [
            f"{book.name:22} {len(book.rules):3} rules  {_in_force(book)}  {book.title}"
            for book in rulebook.books
        ]
    book = rulebook.book(book_name)
    if rule_id is None:
        return _book_shown(book)
    rule = next((rule for rule in book.rules if rule.id == rule_id), None)
    if rule is None:
        raise UnknownBook(
            f"{book.name} has no rule {rule_id!r}; it has {listed(rule.id for rule in book.rules)}"
        )
    return _rule_shown(rule)


def _book_shown(book: Book) -> list[str]:
    lines = [book.title, f"{_in_force(book)}. Source: {book.source.title}", ""]
    for rule in book.rules:
        limit = str(rule.limit)
        if rule.enhanced_limit and rule.enhanced_limit != rule.limit:
            limit += f" ({rule.enhanced_limit} with Enhanced Rights)"
        mark = "  CHECK" if rule.is_to_be_checked else ""
        lines.append(f"{rule.id:7} {rule.owner:18} {rule.title}: {limit}{mark}")
    return lines


def _rule_shown(rule: Rule) -> list[str]:
    who = listed((" and ".join(sorted(person)) or "anyone" for person in rule.who), last="or")
    limit = str(rule.limit)
    if rule.enhanced_limit:
        limit += f"; with Enhanced Rights {rule.enhanced_limit}"
    done_by = listed(map(str, rule.done_by), last="or")
    facts = [
        ("right", rule.right),
        ("owner", rule.owner),
        ("for", who),
        ("when", listed(map(str, rule.trigger), last="or")),
        ("unless", rule.unless),
        ("done by", f"{done_by}, about the trigger" if rule.about_trigger else done_by),
        ("limit", limit),
        ("grade", f"{rule.grade} (check)" if rule.is_to_be_checked else rule.grade),
        ("source", rule.source.title),
        ("", rule.source.url),
        ("law since", rule.commenced),
        ("note", rule.note),
    ]
    lines = [f"{rule.id}  {rule.title}", "", *textwrap.wrap(rule.good, _WIDTH), ""]
    lines += [f"{name:10} {value}" for name, value in facts if value is not None]
    for example in rule.examples:
        lines += ["", f"example: {example.name} [{', '.join(example.facts)}]"]
        lines += [f"    {event}" for event in example.events]
        rows = [", ".join(f"{key} {value or 'none'}" for key, value in row.items()) for row in example.expect]
        lines += [f"  → {row}" for row in rows or ["no duty"]]
    return lines


def _in_force(book: Book) -> str:
    until = f" until {book.in_force_until}" if book.in_force_until else ""
    return f"in force from {book.in_force_from}{until}"
