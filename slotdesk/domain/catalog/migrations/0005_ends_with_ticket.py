from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0004_shareable_links")]

    operations = [
        migrations.AddField(
            model_name="appointmenttype",
            name="ends_with_ticket",
            field=models.BooleanField(
                default=False,
                help_text="Once the ticket is closed, an open request is closed and an appointment cancelled.",
            ),
        ),
    ]
