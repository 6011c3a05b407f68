from django.contrib.postgres.fields import ArrayField
from django.db import models

from alongside.kernel.ids import new_id
from alongside.kernel.keys import ForceKey


class Person(models.Model):
    """Somebody who appears on a care record: victim, witness, parent, spokesperson, suspect, or a business."""

    class Kind(models.TextChoices):
        INDIVIDUAL = "individual"
        BUSINESS = "business"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    force = ForceKey()
    kind = models.TextField(choices=Kind, default=Kind.INDIVIDUAL)
    name = models.TextField()
    known_as = models.TextField(blank=True, default="")
    date_of_birth = models.DateField(null=True, blank=True)
    # BCP 47 code of the language they want to be spoken and written to in.
    language = models.TextField(default="en")
    # Codes of communication needs: "interpreter", "bsl", "large-print", "easy-read", ...
    needs = ArrayField(models.TextField(), default=list, blank=True)
    # One or two sentences that whoever makes contact must read first.
    safety_warning = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="person_has_a_name"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["individual", "business"]), name="person_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
