from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenants", "0002_invitation_delivery")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="language",
            field=models.CharField(
                choices=[
                    ("en", "English"),
                    ("es", "Español"),
                    ("fr", "Français"),
                    ("de", "Deutsch"),
                    ("pt-br", "Português (Brasil)"),
                    ("ar", "العربية"),
                ],
                default="en",
                max_length=8,
            ),
        )
    ]
