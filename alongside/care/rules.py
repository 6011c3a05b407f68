"""The rulebook in use."""

from alongside.rulebook import loader
from alongside.rulebook.rulebook import Rulebook


def current() -> Rulebook:
    """The shipped books, read once a process."""
    return loader.shipped()
