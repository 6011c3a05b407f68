"""Errors that mean the same on every floor. Each names what is wrong; the audience puts it into words."""


class NotFound(Exception):
    """There is no such thing, or it is not for the asker. The two look the same on purpose."""


class Refused(Exception):
    """What was asked can not be recorded. `reasons` are sentences fit to show beside the field."""

    def __init__(self, *reasons: str, field: str | None = None) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons
        self.field = field


class Stale(Exception):
    """Somebody else changed this since it was shown."""
