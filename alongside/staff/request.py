"""What a staff view is given."""

from django.http import HttpRequest

from alongside.access.actors import Actor


class StaffRequest(HttpRequest):
    """A request that has passed `gate.staff`: whose it is, is known."""

    actor: Actor
