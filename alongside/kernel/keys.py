"""Foreign keys of a house with many forces."""

from typing import Any

from django.db import models


class ForceKey(models.ForeignKey):
    """The force that a row belongs to. No index of its own: `force_id` leads every index that is used."""

    def __init__(self, to: Any = "access.Force", **kwargs: Any) -> None:
        super().__init__(to, **{"on_delete": models.PROTECT, "db_index": False, **kwargs})


class RecordForceKey(ForceKey):
    """The force of a row that belongs to a care record. The composite reference to the record proves it already,
    and a second check for each of a million rows costs a quarter of a load."""

    def __init__(self, to: Any = "access.Force", **kwargs: Any) -> None:
        super().__init__(to, **{"db_constraint": False, **kwargs})


class SameForceKey(models.ForeignKey):
    """A row of the same force. The database constraint is the composite one of `rls.same_force`."""

    def __init__(self, to: Any, **kwargs: Any) -> None:
        super().__init__(
            to, **{"on_delete": models.PROTECT, "db_constraint": False, "db_index": False, **kwargs}
        )
