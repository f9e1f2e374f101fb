from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("booking", "0003_shareable_links")]

    operations = [
        migrations.AddField(
            "appointment",
            "wall_start",
            models.CharField(
                default="", help_text="The start on that clock, as the client read it: 2027-05-03T11:00.", max_length=16
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "appointment",
            "clock_changed_at",
            models.DateTimeField(
                help_text="When it was noticed that the clock will show another time than was read.", null=True
            ),
        ),
        migrations.AddIndex(
            "appointment",
            models.Index(
                condition=models.Q(("clock_changed_at__isnull", False)),
                fields=["request"],
                name="appointment_clock_changed",
            ),
        ),
    ]
