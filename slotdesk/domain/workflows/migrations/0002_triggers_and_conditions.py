"""A step run keeps what started it and on which conditions it runs. Until now, timers were for unanswered requests."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import OuterRef, Subquery


def fill_triggers(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    runs = apps.get_model("workflows", "StepRun").objects
    events = apps.get_model("events", "Event").objects
    runs.filter(is_timer=True).update(trigger="request.unanswered")
    kind = events.filter(pk=OuterRef("event_id")).values("kind")[:1]
    runs.filter(is_timer=False).update(trigger=Subquery(kind))


class Migration(migrations.Migration):
    dependencies = [("workflows", "0001_first_tables")]

    operations = [
        migrations.AddField("steprun", "trigger", models.CharField(max_length=40, default=""), preserve_default=False),
        migrations.AddField("steprun", "when", models.JSONField(default=list)),
        migrations.AlterField("steprun", "is_timer", models.BooleanField(default=False)),
        migrations.RunPython(fill_triggers, migrations.RunPython.noop),
    ]
