"""Foreign keys of a house with many forces."""

from typing import Any

from django.db import models


class ForceKey(models.ForeignKey):
    """The force that a row belongs to. No index of its own: `force_id` leads every index that is used."""

    def __init__(self, to: Any = "access.Force", **kwargs: Any) -> None:
        super().__init__(to, **{"on_delete": models.PROTECT, "db_index": False, **kwargs})


class SameForceKey(models.ForeignKey):
    """A row of the same force. The database constraint is the composite one of `rls.same_force`."""

    def __init__(self, to: Any, **kwargs: Any) -> None:
        super().__init__(
            to, **{"on_delete": models.PROTECT, "db_constraint": False, "db_index": False, **kwargs}
        )
