"""The books that ship, loaded once; and the check that a book, or all of them, are as they must be."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from alongside.rulebook.book_file import BookReader, Mistake
from alongside.rulebook.model import Book
from alongside.rulebook.rulebook import Rulebook
from alongside.rulebook.yaml_files import BOOKS

NOT_BOOKS = frozenset({"events.yaml", "facts.yaml"})


class BadBook(ValueError):
    """A book with mistakes: each is named by file, rule and key."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(map(str, self.mistakes)))


@lru_cache(maxsize=1)
def shipped() -> Rulebook:
    """All the books that ship with Alongside. `BadBook` names every mistake in every file."""
    books, mistakes = read_books(book_paths())
    if mistakes:
        raise BadBook(mistakes)
    return Rulebook(books)


def book_paths() -> list[Path]:
    return sorted(path for path in BOOKS.glob("*.yaml") if path.name not in NOT_BOOKS)


def read_books(paths: Iterable[Path]) -> tuple[list[Book], list[Mistake]]:
    """The books of these files and all that is wrong in them."""
    books: list[Book] = []
    mistakes: list[Mistake] = []
    for path in paths:
        reader = BookReader(path.name)
        book = reader.read(path.read_text(encoding="utf-8"))
        mistakes += reader.mistakes
        if book is not None:
            books.append(book)
    return books, mistakes + _clashes(books)


def shipped_ids() -> list[str]:
    """Every rule id that was ever released, in the order of release. The list only grows."""
    lines = (BOOKS / "shipped.txt").read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def vanished(books: Iterable[Book]) -> list[Mistake]:
    """The released ids that no book holds any more: a rule is ended by date, never taken away."""
    held = {rule.id for book in books for rule in book.rules}
    return [
        Mistake("shipped.txt", rule_id, None, "was released and is now in no book; end it by date instead")
        for rule_id in shipped_ids()
        if rule_id not in held
    ]


def fit(book: Book) -> list[Mistake]:
    """What would go wrong if this book stood beside those that ship, in place of its namesake if it has one."""
    others = [held for held in shipped().books if held.name != book.name]
    own = any(held.name == book.name for held in shipped().books)
    return _clashes([*others, book]) + (vanished([*others, book]) if own else [])


def _clashes(books: list[Book]) -> list[Mistake]:
    """Names and ids that two books share. Editions of one series may share ids: the rule is the same rule."""
    mistakes = []
    names: set[str] = set()
    series_of: dict[str, str] = {}
    for book in books:
        if book.name in names:
            mistakes.append(Mistake(f"{book.name}.yaml", None, "name", "is the name of another book too"))
        names.add(book.name)
        for rule in book.rules:
            other = series_of.setdefault(rule.id, book.series)
            if other != book.series:
                says = f"is a rule of the series {other} too; ids are used in one series only"
                mistakes.append(Mistake(f"{book.name}.yaml", rule.id, "id", says))
    return mistakes
