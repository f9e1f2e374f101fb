from __future__ import annotations

import secrets
import string

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import slotdesk.domain.people.models

_ALPHABET = string.digits + string.ascii_letters


def name_lists(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Each list gets a public id of its own; a default would give all of them the same."""
    lists = apps.get_model("people", "HolidayList")
    for row in lists.objects.all():
        row.public_id = "hlst_" + "".join(secrets.choice(_ALPHABET) for _ in range(22))
        row.save(update_fields=["public_id"])


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_agent_left"),
    ]

    operations = [
        migrations.AddField("holidaylist", "public_id", models.CharField(max_length=32, null=True, editable=False)),
        migrations.RunPython(name_lists, migrations.RunPython.noop),
        migrations.AlterField(
            "holidaylist",
            "public_id",
            models.CharField(
                default=slotdesk.domain.people.models.holiday_list_id, editable=False, max_length=32, unique=True
            ),
        ),
        migrations.AddField(
            "agent",
            "zone_from",
            models.CharField(choices=[("psa", "From the PSA"), ("own", "Chosen here")], default="psa", max_length=8),
        ),
        migrations.AddField("agent", "zone_label", models.CharField(blank=True, max_length=120)),
        migrations.AddField("agent", "own_hours", models.JSONField(blank=True, null=True)),
        migrations.AddField("agent", "psa_hours", models.JSONField(blank=True, null=True)),
        migrations.AddField("agent", "kept_free", models.JSONField(blank=True, default=list)),
        migrations.AddField(
            "agent",
            "holidays_from",
            models.CharField(choices=[("psa", "From the PSA"), ("own", "Chosen here")], default="psa", max_length=8),
        ),
        migrations.AddField(
            "agent",
            "psa_holiday_list",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="people.holidaylist",
            ),
        ),
        migrations.AddField("team", "archived_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("team", "place", models.CharField(blank=True, max_length=120)),
    ]
