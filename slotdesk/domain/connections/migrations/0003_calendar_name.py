from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("connections", "0002_left_out")]

    operations = [
        migrations.AddField(
            model_name="calendar",
            name="name",
            field=models.CharField(blank=True, max_length=200),
        )
    ]
