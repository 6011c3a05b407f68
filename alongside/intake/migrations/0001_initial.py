"""The files that were imported, for background work alone."""

import django.db.models.deletion
from django.db import migrations, models

import alongside.kernel.ids
import alongside.kernel.keys
from alongside.kernel import rls


class Migration(migrations.Migration):
    initial = True

    dependencies = [("access", "0002_guard_access")]

    operations = [
        migrations.CreateModel(
            name="ReadFile",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=alongside.kernel.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("fingerprint", models.BinaryField()),
                ("read_at", models.DateTimeField()),
                (
                    "force",
                    alongside.kernel.keys.ForceKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="access.force"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("force", "fingerprint"), name="one_reading_of_a_file")
                ],
            },
        ),
        rls.lock("intake_readfile"),
        *rls.system_sees_own_force("intake_readfile", commands=("SELECT", "INSERT")),
    ]
