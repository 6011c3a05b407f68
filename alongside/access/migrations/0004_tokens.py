"""Tokens for other systems. Found by a hash before any force is known: only the bare web login reads them."""

import datetime

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.lookups
from django.db import migrations, models
from django.db.migrations import RunSQL

import alongside.kernel.ids
import alongside.kernel.keys
from alongside.kernel import rls

WEB = "alongside_web"


class Migration(migrations.Migration):
    dependencies = [("access", "0003_secrets_apart")]

    operations = [
        migrations.CreateModel(
            name="Token",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=alongside.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.TextField()),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None),
                ),
                ("prefix", models.TextField()),
                ("secret_hash", models.TextField()),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("last_used_at", models.DateTimeField(null=True)),
                (
                    "force",
                    alongside.kernel.keys.ForceKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="access.force"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("secret_hash", "force"), name="one_token_of_a_secret"),
                    models.UniqueConstraint(fields=("force", "prefix"), name="one_token_of_a_prefix"),
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("force", "name"),
                        name="one_standing_token_of_a_name",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("scopes__len__gt", 0)), name="token_may_do_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            django.db.models.lookups.LessThanOrEqual(
                                django.db.models.expressions.CombinedExpression(
                                    models.F("expires_at"), "-", models.F("created_at")
                                ),
                                datetime.timedelta(days=365),
                            ),
                            ("expires_at__gt", models.F("created_at")),
                        ),
                        name="token_expires_within_a_year",
                    ),
                ],
            },
        ),
        rls.lock("access_token"),
        rls.policy("access_token", "web_select", role=WEB, command="SELECT", using="true"),
        # The web login notes that a token was used, and can neither make one nor lengthen its life.
        RunSQL(
            [
                f"CREATE POLICY web_update ON access_token FOR UPDATE TO {WEB} USING (true) WITH CHECK (true)",
                f"GRANT UPDATE (last_used_at) ON access_token TO {WEB}",
            ],
            [
                f"REVOKE UPDATE (last_used_at) ON access_token FROM {WEB}",
                "DROP POLICY web_update ON access_token",
            ],
        ),
    ]
