from django.db import models
from django.db.models import F, Q

from alongside.access.models import Team, User
from alongside.care.models.care_record import CareRecord
from alongside.kernel.ids import new_id
from alongside.kernel.keys import RecordForceKey, SameForceKey


class Duty(models.Model):
    """What is owed: one rule applied to one trigger on one care record. Derived; `care.history` writes it.

    "Overdue" is a question about a moment and never stored: an open duty is overdue once `due_by` has
    passed. `assigned_to`, `team`, `risk`, `restricted` repeat the care record, so that a worklist is one
    index scan and row security needs no join.
    """

    class State(models.TextChoices):
        OPEN = "open"
        MET = "met"
        LATE = "late"
        MISSED = "missed"
        WAIVED = "waived"
        DEPARTED = "departed"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    force = RecordForceKey()
    care_record = SameForceKey(CareRecord)
    book = models.TextField()
    rule = models.TextField()
    right = models.SmallIntegerField(null=True)
    owner = models.TextField()
    trigger = models.TextField()
    trigger_event = models.TextField()
    triggered_at = models.DateTimeField()
    link = models.IntegerField(default=1)
    enhanced = models.BooleanField()
    limit = models.TextField()
    due_on = models.DateField(null=True)
    due_by = models.DateTimeField(null=True)
    state = models.TextField(choices=State)
    done_at = models.DateTimeField(null=True)
    done_event = models.TextField(null=True)

    assigned_to = SameForceKey(User, null=True, related_name="+")
    team = SameForceKey(Team, null=True)
    risk = models.SmallIntegerField(default=0)
    restricted = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["force", "care_record", "rule", "trigger_event", "link"], name="one_duty_of_a_trigger"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "met", "late", "missed", "waived", "departed"]),
                name="duty_state_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="met") | Q(done_at__isnull=False), name="a_met_duty_was_done"
            ),
        ]
        indexes = [
            models.Index(
                "force",
                "assigned_to",
                F("risk").desc(),
                "due_by",
                "id",
                name="worklist_of_mine",
                condition=Q(state="open"),
            ),
            models.Index(
                "force",
                "team",
                F("risk").desc(),
                "due_by",
                "id",
                name="worklist_of_team",
                condition=Q(state="open"),
            ),
            models.Index(
                "force", F("risk").desc(), "due_by", "id", name="worklist_of_all", condition=Q(state="open")
            ),
            models.Index(
                "force",
                "rule",
                F("risk").desc(),
                "due_by",
                "id",
                name="worklist_of_rule",
                condition=Q(state="open"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.pk}"
