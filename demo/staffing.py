"""Who works on the demonstration's records, as the generator needs to know them."""

from dataclasses import dataclass
from random import Random
from uuid import UUID

from alongside.access.actors import Actor


@dataclass(frozen=True, slots=True)
class Worker:
    """A member of staff. `diligence` is the share of what they owe that they do in time."""

    actor: Actor
    user_id: UUID
    team_id: UUID | None
    diligence: float


@dataclass(frozen=True, slots=True)
class Division:
    """Enough people for about two thousand records. A larger force has more divisions."""

    number: int
    force_id: UUID
    job: Actor
    call_handlers: tuple[Worker, ...]
    officers: dict[str, tuple[Worker, ...]]
    supervisors: tuple[Worker, ...]
    coordinators: tuple[Worker, ...]
    reviewers: tuple[Worker, ...]
    witness_care: tuple[Worker, ...]

    def officer_for(self, random: Random, group: str) -> Worker:
        """Sexual offences and deaths have teams of their own, and most domestic abuse has."""
        if group in ("sexual", "child_abuse", "modern_slavery"):
            desk = "sexual"
        elif group == "domestic_abuse" and random.random() < 0.65:
            desk = "domestic"
        elif group in ("homicide", "road_death"):
            desk = "major"
        else:
            desk = "local"
        return random.choice(self.officers[desk])
