from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("profile", "0003_header_color"),
    ]

    operations = [
        migrations.AddField(
            model_name="profile",
            name="websites",
            field=models.JSONField(default=list, editable=False),
        ),
    ]
