"""The rulebook in use, read once a process."""

from functools import cache

from alongside import rulebook
from alongside.rulebook import Rulebook


@cache
def current() -> Rulebook:
    return rulebook.load()
