from __future__ import annotations

from zoneinfo import ZoneInfo

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_AT_ONCE = 500


def read_clocks(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """What clients read was not kept until now; that no zone has changed since they booked is the best guess."""
    appointments = apps.get_model("booking", "Appointment").objects
    last = 0
    while rows := list(appointments.filter(pk__gt=last, wall_start="").order_by("pk")[:_AT_ONCE]):
        for row in rows:
            row.wall_start = f"{row.starts_at.astimezone(ZoneInfo(row.zone)):%Y-%m-%dT%H:%M}"
        appointments.bulk_update(rows, ["wall_start"])
        last = rows[-1].pk


class Migration(migrations.Migration):
    dependencies = [("booking", "0004_wall_start")]
    operations = [migrations.RunPython(read_clocks, migrations.RunPython.noop)]
