"""The table of the shared cache, in the form that Django's database cache asks for."""

from django.db import migrations


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.RunSQL(
            # Unlogged: what is in it may be lost in a crash, so nobody waits for it to be on the disk.
            sql="""
                CREATE UNLOGGED TABLE slotdesk_cache (
                    cache_key varchar(255) PRIMARY KEY,
                    value text NOT NULL,
                    expires timestamptz NOT NULL
                );
                CREATE INDEX slotdesk_cache_by_expiry ON slotdesk_cache (expires);
            """,
            reverse_sql="DROP TABLE slotdesk_cache",
        )
    ]
