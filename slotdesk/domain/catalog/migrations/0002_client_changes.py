from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_first_tables")]

    operations = [
        migrations.AddField(
            model_name="appointmenttype",
            name="clients_may_change",
            field=models.BooleanField(
                default=False, help_text="Clients may move and cancel their appointments themselves."
            ),
        ),
        migrations.AddField(
            model_name="appointmenttype",
            name="change_notice_amount",
            field=models.PositiveSmallIntegerField(default=2),
        ),
        migrations.AddField(
            model_name="appointmenttype",
            name="change_notice_unit",
            field=models.CharField(
                choices=[("minutes", "minutes"), ("hours", "hours"), ("days", "days")], default="hours", max_length=16
            ),
        ),
    ]
