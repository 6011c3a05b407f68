"""Single-use sign-in addresses. The bare web login finds one and marks it used; it can not make any."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.migrations import RunSQL

import alongside.kernel.ids


class Migration(migrations.Migration):
    initial = True
    dependencies = [("access", "0002_guard_access")]

    operations = [
        migrations.CreateModel(
            name="DemoLink",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=alongside.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("role", models.TextField()),
                ("token_hash", models.TextField(unique=True)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        RunSQL(
            "GRANT SELECT, UPDATE (used_at) ON demo_demolink TO alongside_web",
            "REVOKE ALL ON demo_demolink FROM alongside_web",
        ),
    ]
