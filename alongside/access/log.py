"""The access log: the one way to write to it. No feature may read it but the screens for investigators."""

from datetime import datetime
from uuid import UUID

from alongside.access import scope
from alongside.access.actors import Actor
from alongside.access.models import Access


def write(
    *,
    act: Access.Act,
    what: str,
    actor: Actor,
    now: datetime,
    care_record_id: UUID | None = None,
    reason: str = "",
) -> None:
    """Note one access, in the transaction of the access itself. `what` is a code, never personal data."""
    scope.write_at_the_end(
        Access(
            force_id=actor.force_id,
            at=now,
            act=act,
            what=what,
            actor_id=actor.user_id,
            actor_label=actor.label,
            care_record_id=care_record_id,
            reason=reason,
            address=actor.address,
        )
    )


def write_for_a_stranger(*, act: Access.Act, what: str, address: str, now: datetime) -> None:
    """Note what somebody did whom we do not know, such as a wrong password for nobody. Belongs to no force."""
    scope.write_at_the_end(
        Access(force_id=None, at=now, act=act, what=what, actor_label="stranger", address=address)
    )
