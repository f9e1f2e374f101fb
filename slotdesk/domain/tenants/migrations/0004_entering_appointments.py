from __future__ import annotations

from typing import Any

from django.db import migrations


def give(apps: Any, _schema_editor: Any) -> None:
    """Whoever may ask clients to schedule may enter what was agreed with them."""
    for role in apps.get_model("tenants", "Role").objects.filter(permissions__contains=["requests.create"]):
        role.permissions = sorted({*role.permissions, "appointments.create"})
        role.save(update_fields=["permissions"])


def take(apps: Any, _schema_editor: Any) -> None:
    for role in apps.get_model("tenants", "Role").objects.filter(permissions__contains=["appointments.create"]):
        role.permissions = sorted({*role.permissions} - {"appointments.create"})
        role.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = [("tenants", "0003_user_language")]
    operations = [migrations.RunPython(give, take)]
