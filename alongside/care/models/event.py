from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Func, Q, Value
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual

from alongside.access.models import User
from alongside.care.models.care_record import CareRecord
from alongside.kernel.ids import new_id
from alongside.kernel.keys import RecordForceKey, SameForceKey


class Event(models.Model):
    """One thing that happened, once, at a moment, on a care record. Only ever added: see `care.history`.

    `at` is when it happened (limits run from it); `recorded_at` is when it was written down (fairness to
    staff is judged by it). `event_id` names it within its care record; `number` is the order of recording
    and settles ties. `data` holds ids and codes, never prose or a name.
    """

    class Precision(models.TextChoices):
        MINUTE = "minute"
        DAY = "day"
        MONTH = "month"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.BigIntegerField(
        db_default=Func(Value("care_event_number"), function="nextval"), editable=False
    )
    force = RecordForceKey()
    care_record = SameForceKey(CareRecord)
    event_id = models.TextField()
    kind = models.TextField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    precision = models.TextField(choices=Precision, default=Precision.MINUTE)
    about = ArrayField(models.TextField(), default=list)
    data = models.JSONField(default=dict)
    by = SameForceKey(User, null=True, related_name="+")
    # The role or the job that recorded it.
    by_label = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["force", "care_record", "event_id"], name="one_event_of_an_id"),
            models.CheckConstraint(
                condition=Q(precision__in=["minute", "day", "month"]), name="event_precision_is_known"
            ),
            models.CheckConstraint(condition=LessThanOrEqual(Length("event_id"), 64), name="event_id_fits"),
            models.CheckConstraint(condition=Q(at__gte="1975-01-01T00:00:00Z"), name="event_is_not_ancient"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Note(models.Model):
    """Words about a care record. An event points to them, so they can be disposed of without touching history."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    force = RecordForceKey()
    care_record = SameForceKey(CareRecord)
    words = models.TextField()
    written_at = models.DateTimeField()
    by = SameForceKey(User, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["force", "care_record"], name="note_by_record")]

    def __str__(self) -> str:
        return str(self.pk)
