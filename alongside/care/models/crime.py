from django.db import models

from alongside.kernel.ids import new_id
from alongside.kernel.keys import ForceKey


class Crime(models.Model):
    """A recorded crime. An unreported harm has a care record but no crime."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    force = ForceKey()
    reference = models.TextField()
    # Where the crime came from ("police-uk", "records", "demonstration") and its key there.
    source = models.TextField()
    source_reference = models.TextField()
    offence_group = models.TextField(blank=True, default="")
    # The first day of the time it happened in; `happened_precision` says how exactly that is known.
    happened_on = models.DateField(null=True, blank=True)
    happened_precision = models.TextField(default="day")
    place = models.TextField(blank=True, default="")
    area_code = models.TextField(blank=True, default="")
    # The latest outcome as the source words it, to tell what a later release changed.
    outcome = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["force", "reference"], name="one_crime_of_a_reference"),
            models.UniqueConstraint(
                fields=["force", "source", "source_reference"], name="one_crime_of_a_source"
            ),
            models.CheckConstraint(
                condition=models.Q(happened_precision__in=["minute", "day", "month"]),
                name="crime_precision_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.reference
