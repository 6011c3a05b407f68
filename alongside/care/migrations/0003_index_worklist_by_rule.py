"""A whole force's worklist by kind of duty, right or owner, without reading the whole force's duties."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("care", "0002_guard_care_file")]

    operations = [
        migrations.AddIndex(
            model_name="duty",
            index=models.Index(
                models.F("force"),
                models.F("rule"),
                models.OrderBy(models.F("risk"), descending=True),
                models.F("due_by"),
                models.F("id"),
                condition=models.Q(("state", "open")),
                name="worklist_of_rule",
            ),
        ),
    ]
