from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThan, LessThanOrEqual

from alongside.access.models import Team, User
from alongside.care.models.crime import Crime
from alongside.care.models.person import Person
from alongside.kernel.ids import new_id
from alongside.kernel.keys import ForceKey, SameForceKey


class CareRecord(models.Model):
    """One person's journey, as victim or witness, through one crime (or one unreported harm).

    `facts`, `enhanced`, `risk`, `closed_at` are what the timeline says as of `derived_at`; `history`
    writes them with the duties and nothing else may. `next_change_at` is when the passing of time alone
    will next change the duties.
    """

    class Role(models.TextChoices):
        VICTIM = "victim"
        WITNESS = "witness"

    class Risk(models.IntegerChoices):
        NOT_GRADED = 0, "Not graded"
        STANDARD = 1, "Standard"
        MEDIUM = 2, "Medium"
        HIGH = 3, "High"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    force = ForceKey()
    reference = models.TextField()
    role = models.TextField(choices=Role)
    # Nobody yet where a crime came in without its victim (data.police.uk).
    person = SameForceKey(Person, null=True, blank=True)
    crime = SameForceKey(Crime, null=True, blank=True)
    officer = SameForceKey(User, null=True, blank=True, related_name="+")
    coordinator = SameForceKey(User, null=True, blank=True, related_name="+")
    witness_care_officer = SameForceKey(User, null=True, blank=True, related_name="+")
    team = SameForceKey(Team, null=True, blank=True)
    restricted = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    # Goes up by one with every change that a person makes here, so that two people do not overwrite each other.
    version = models.IntegerField(default=1)

    facts = ArrayField(models.TextField(), default=list, blank=True)
    enhanced = models.BooleanField(default=False)
    risk = models.SmallIntegerField(choices=Risk, default=Risk.NOT_GRADED)
    closed_at = models.DateTimeField(null=True, blank=True)
    derived_at = models.DateTimeField(null=True, blank=True)
    next_change_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["force", "reference"], name="one_care_record_of_a_reference"),
            models.CheckConstraint(
                condition=Q(role__in=["victim", "witness"]), name="care_record_role_is_known"
            ),
            models.CheckConstraint(condition=Q(risk__range=(0, 3)), name="care_record_risk_is_known"),
            models.CheckConstraint(
                condition=GreaterThan(Length("reference"), 0) & LessThanOrEqual(Length("reference"), 64),
                name="care_record_reference_fits",
            ),
        ]
        indexes = [
            models.Index(fields=["force", "person"], name="care_record_by_person"),
            models.Index(fields=["force", "crime"], name="care_record_by_crime"),
            models.Index(
                fields=["force", "next_change_at"],
                name="care_record_next_change",
                condition=Q(next_change_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Party(models.Model):
    """Somebody else on a care record: a parent, a spokesperson, a suspect."""

    class Relation(models.TextChoices):
        PARENT_OR_GUARDIAN = "parent_or_guardian", "Parent or guardian"
        FAMILY_SPOKESPERSON = "family_spokesperson", "Family spokesperson"
        CONTACT_FOR_BUSINESS = "contact_for_business", "Contact for the business"
        SUPPORTER = "supporter", "Supporter"
        SUSPECT = "suspect", "Suspect"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    force = ForceKey()
    care_record = SameForceKey(CareRecord)
    person = SameForceKey(Person)
    relation = models.TextField(choices=Relation)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["force", "care_record", "person", "relation"], name="a_party_is_named_once"
            )
        ]
        indexes = [models.Index(fields=["force", "person"], name="party_by_person")]

    def __str__(self) -> str:
        return str(self.pk)


class Named(models.Model):
    """A member of staff who may see a restricted record; where it is shared, of the other force too."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    force = ForceKey()
    care_record = SameForceKey(CareRecord)
    user = models.ForeignKey(User, on_delete=models.PROTECT, db_index=False)
    named_by = SameForceKey(User, null=True, related_name="+")
    named_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["force", "care_record", "user"], name="a_reader_is_named_once")
        ]
        indexes = [models.Index(fields=["user", "care_record"], name="named_by_user")]

    def __str__(self) -> str:
        return str(self.pk)


class Grant(models.Model):
    """One force lets another read one care record, for a reason and until a day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    force = ForceKey()
    care_record = SameForceKey(CareRecord)
    to_force = ForceKey(related_name="+")
    reason = models.TextField()
    granted_by = SameForceKey(User, null=True, related_name="+")
    granted_at = models.DateTimeField()
    until = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(force=models.F("to_force")), name="grant_is_to_another_force"
            ),
            models.CheckConstraint(
                condition=Q(until__gt=models.F("granted_at")), name="grant_ends_after_it_begins"
            ),
        ]
        indexes = [models.Index(fields=["to_force", "until"], name="grant_by_receiver")]

    def __str__(self) -> str:
        return str(self.pk)
