"""What can be asked about who may."""

from datetime import datetime

from alongside.access import secrets
from alongside.access.models import Token
from alongside.kernel.errors import NotFound


def client_of(secret: str, *, now: datetime) -> Token:
    """The token with this secret, its force with it. For the bare web login, before any force is known.

    Raises NotFound. Unknown, expired and withdrawn look the same, and take as long: one index is asked for a
    hash, of which the asker can not choose even the beginning.
    """
    token = (
        Token.objects.select_related("force")
        .filter(secret_hash=secrets.digest(secret), withdrawn_at=None, expires_at__gt=now)
        .first()
    )
    if token is None:
        raise NotFound
    return token
