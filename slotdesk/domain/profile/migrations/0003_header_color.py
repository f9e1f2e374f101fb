from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("profile", "0002_most_open_bookings"),
    ]

    operations = [
        migrations.AddField(
            model_name="profile",
            name="header_color",
            field=models.CharField(blank=True, default="", max_length=7),
            preserve_default=False,
        ),
    ]
