"""What a token looks like: `alongside_`, a part by which people can name it, a part that only its bearer knows.

The beginning lets scanners recognise one that was left in a file. 256 random bits need no slow hash: nobody
can try them out.
"""

import hashlib
from secrets import token_hex, token_urlsafe
from typing import NamedTuple


class Secret(NamedTuple):
    prefix: str
    secret: str


def make() -> Secret:
    prefix = token_hex(5)
    return Secret(prefix, f"alongside_{prefix}_{token_urlsafe(32)}")


def digest(secret: str) -> str:
    """What is kept of it."""
    return hashlib.sha256(secret.encode()).hexdigest()
