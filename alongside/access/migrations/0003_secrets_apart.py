"""What proves who somebody is moves out of the row that colleagues may read, into one that no audience may.

Nothing was released before this, so no password is carried over.
"""

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models
from django.db.migrations import RunSQL

from alongside.kernel import rls


class Migration(migrations.Migration):
    dependencies = [("access", "0002_guard_access")]

    operations = [
        migrations.RemoveField(model_name="user", name="password"),
        migrations.RemoveField(model_name="user", name="last_login"),
        migrations.CreateModel(
            name="Credential",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("password", models.CharField(max_length=128)),
                ("last_sign_in_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Allowance",
            fields=[
                ("key", models.TextField(primary_key=True, serialize=False)),
                ("since", models.DateTimeField()),
                ("used", models.IntegerField()),
            ],
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(email=django.db.models.functions.text.Lower("email")),
                name="email_is_lower_case",
            ),
        ),
        RunSQL(
            "GRANT SELECT, INSERT, UPDATE ON access_credential TO alongside_web",
            "REVOKE SELECT, INSERT, UPDATE ON access_credential FROM alongside_web",
        ),
        # Counted on every request: not worth a line in the write-ahead log.
        RunSQL(
            [
                "ALTER TABLE access_allowance SET UNLOGGED",
                "GRANT SELECT, INSERT, UPDATE ON access_allowance TO alongside_web",
            ],
            [
                "REVOKE SELECT, INSERT, UPDATE ON access_allowance FROM alongside_web",
                "ALTER TABLE access_allowance SET LOGGED",
            ],
        ),
        # The web login changes nobody any more. It may still lock a row (FOR UPDATE asks for the right to
        # change some column), so that recovery codes are not made twice at once.
        RunSQL(
            [
                "REVOKE UPDATE ON access_user FROM alongside_web",
                "GRANT UPDATE (id) ON access_user TO alongside_web",
            ],
            [
                "REVOKE UPDATE (id) ON access_user FROM alongside_web",
                "GRANT UPDATE ON access_user TO alongside_web",
            ],
        ),
        # The nightly job throws old drafts away.
        *rls.system_sees_own_force("access_draft", commands=("SELECT", "DELETE")),
    ]
