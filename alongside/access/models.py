"""Who may: forces, teams, people who work there, their roles, and the log of every access."""

from datetime import datetime, timedelta

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, check_password, make_password
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.db.models.lookups import LessThanOrEqual

from alongside.kernel.ids import new_id
from alongside.kernel.keys import ForceKey, SameForceKey

LONGEST_TOKEN = timedelta(days=365)


class Force(models.Model):
    """A police force. Everything with personal data belongs to exactly one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.TextField(unique=True)
    name = models.TextField()
    is_demonstration = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.code


class Team(models.Model):
    """A unit that shares a worklist."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    force = ForceKey()
    name = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["force", "name"], name="one_team_of_a_name")]

    def __str__(self) -> str:
        return self.name


class Role(models.Model):
    """A named set of permissions, as a force has decided it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    force = ForceKey()
    code = models.TextField()
    title = models.TextField()
    permissions = ArrayField(models.TextField(), default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["force", "code"], name="one_role_of_a_code")]

    def __str__(self) -> str:
        return self.code


class UserManager(BaseUserManager["User"]):
    """allauth and the sign-in forms look people up by e-mail address, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """Somebody who works with care records, as their colleagues may know them.

    What proves who they are is a row of its own (`Credential`), which no audience may read. Here nothing is
    secret, so that a record can be read with its officer in one query (docs/decisions/0013).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    force = ForceKey()
    team = SameForceKey(Team, null=True, blank=True)
    name = models.TextField()
    # One person signs in at one force. Unique everywhere, because sign-in comes before any force is known.
    email = models.EmailField(unique=True)
    collar_number = models.TextField(blank=True, default="")
    is_active = models.BooleanField(default=True)
    roles = models.ManyToManyField(Role, through="Membership")

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(email=Lower("email")), name="email_is_lower_case")]

    def __str__(self) -> str:
        return str(self.pk)  # never a name: this ends up in logs and exceptions

    def get_full_name(self) -> str:
        return self.name

    # Where Django's own machinery (session hashes, one-time addresses) looks; they take the place of its fields.

    @property
    def password(self) -> str:  # type: ignore[override]
        return self.credential.password if hasattr(self, "credential") else UNUSABLE_PASSWORD_PREFIX

    @property
    def last_login(self) -> datetime | None:  # type: ignore[override]
        return self.credential.last_sign_in_at if hasattr(self, "credential") else None

    def set_password(self, raw_password: str | None) -> None:
        """Not kept until the credential is saved (`actions.set_password`)."""
        if not hasattr(self, "credential"):
            self.credential = Credential(user=self)
        self.credential.password = make_password(raw_password)

    def check_password(self, raw_password: str | None) -> bool:
        """Also makes an old hash stronger, now that the password is at hand."""

        def strengthen(raw_password: str) -> None:
            self.set_password(raw_password)
            self.credential.save(update_fields=["password"])

        return check_password(raw_password, self.password, strengthen)


class Credential(models.Model):
    """What proves who a user is. Only the bare web login reads it, before anybody has a role.

    Second factors are beside it in the tables of allauth.
    """

    user = models.OneToOneField(User, primary_key=True, on_delete=models.CASCADE)
    password = models.CharField(max_length=128)
    last_sign_in_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.pk)


class Membership(models.Model):
    """A user holds a role."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    force = ForceKey()
    user = SameForceKey(User)
    role = SameForceKey(Role)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["force", "user", "role"], name="a_role_is_held_once")]

    def __str__(self) -> str:
        return str(self.pk)


class Token(models.Model):
    """What proves which system is asking, and what that system may do. Only a hash of the secret is kept.

    It is found by that hash before any force is known, so only the bare web login reads this table.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    force = ForceKey()
    name = models.TextField()
    scopes = ArrayField(models.TextField())
    prefix = models.TextField()
    secret_hash = models.TextField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # The secret first: this is also the index by which a token is found.
            models.UniqueConstraint(fields=["secret_hash", "force"], name="one_token_of_a_secret"),
            models.UniqueConstraint(fields=["force", "prefix"], name="one_token_of_a_prefix"),
            models.UniqueConstraint(
                fields=["force", "name"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_standing_token_of_a_name",
            ),
            models.CheckConstraint(condition=Q(scopes__len__gt=0), name="token_may_do_something"),
            models.CheckConstraint(
                # A difference of instants, not "so many days later": that depends on the session's time zone.
                condition=Q(
                    LessThanOrEqual(F("expires_at") - F("created_at"), LONGEST_TOKEN),
                    expires_at__gt=F("created_at"),
                ),
                name="token_expires_within_a_year",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Draft(models.Model):
    """What somebody had typed when they stopped, kept until they come back or send the form."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    force = ForceKey()
    user = SameForceKey(User)
    address = models.TextField()
    fields = models.JSONField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["force", "user", "address"], name="one_draft_a_form")]

    def __str__(self) -> str:
        return str(self.pk)


class Allowance(models.Model):
    """How often something was done in the minute that began at `since`: see `limits`. Lost in a crash, on purpose."""

    key = models.TextField(primary_key=True)
    since = models.DateTimeField()
    used = models.IntegerField()

    def __str__(self) -> str:
        return self.key


class Access(models.Model):
    """One access: who, what, when, from where. Append-only; each row carries the hash of the one before.

    `number`, `previous_hash` and `hash` are written by the database (migration 0002), not by us.
    No foreign key to what was looked at: the log outlives it.
    """

    class Act(models.TextChoices):
        SIGN_IN = "sign_in"
        SIGN_OUT = "sign_out"
        SIGN_IN_FAILED = "sign_in_failed"
        LOOK = "look"
        SEARCH = "search"
        EXPORT = "export"
        CHANGE = "change"
        REFUSED = "refused"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    force = ForceKey(null=True)
    number = models.BigIntegerField(default=0)
    at = models.DateTimeField()
    act = models.TextField(choices=Act)
    what = models.TextField()
    actor = SameForceKey(User, null=True)
    actor_label = models.TextField()
    care_record_id = models.UUIDField(null=True)
    reason = models.TextField(blank=True, default="")
    address = models.TextField(blank=True, default="")
    previous_hash = models.BinaryField(default=b"")
    hash = models.BinaryField(default=b"")

    class Meta:
        indexes = [
            models.Index(fields=["force", "care_record_id", "at"], name="access_by_record"),
            models.Index(fields=["force", "number"], name="access_in_order"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ChainHead(models.Model):
    """The last link of a force's access log, so that a row cut off the end is missed too."""

    key = models.UUIDField(primary_key=True)
    number = models.BigIntegerField()
    hash = models.BinaryField()

    def __str__(self) -> str:
        return str(self.key)
