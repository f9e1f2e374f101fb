"""Emptying the database after a test that committed: most tables hold nothing, and a look is cheap."""

from __future__ import annotations

from django.db import connection, transaction
from psycopg import sql

from slotdesk.domain.events.door import Purpose, open_door

# What migrations fill is the same for all tests.
_KEPT = {"django_migrations", "django_content_type", "auth_permission"}


def empty_tables() -> None:
    """Delete the rows of all tables, in one transaction at whose end the foreign keys are looked at."""
    with connection.cursor() as cursor:
        tables = sorted(set(connection.introspection.table_names(cursor)) - _KEPT)
        looks = [
            sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(sql.Literal(table), sql.Identifier(table))
            for table in tables
        ]
        cursor.execute(sql.SQL(" UNION ALL ").join(looks))
        filled = [sql.Identifier(name) for (name,) in cursor.fetchall()]
        if not filled:
            return
        with transaction.atomic(), open_door(Purpose.RETENTION):
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            for table in filled:
                cursor.execute(sql.SQL("DELETE FROM {}").format(table))
