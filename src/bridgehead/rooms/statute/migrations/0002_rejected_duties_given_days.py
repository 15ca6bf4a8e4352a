import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("statute", "0001_statutes"),
    ]

    operations = [
        migrations.AddField(
            model_name="statuteversion",
            name="begins_given",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="answer",
            name="carried_from",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="statute.answer"
            ),
        ),
        migrations.AddField(
            model_name="answer",
            name="corrections",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="answer",
            name="asks",
            field=models.JSONField(default=dict),
        ),
        migrations.AlterField(
            model_name="answer",
            name="verdict",
            field=models.CharField(
                choices=[("confirmed", "Confirmed"), ("corrected", "Corrected"), ("rejected", "Rejected")],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="dutyrow",
            name="standing",
            field=models.CharField(
                choices=[
                    ("read", "Read"),
                    ("confirmed", "Confirmed"),
                    ("corrected", "Corrected"),
                    ("rejected", "Rejected"),
                    ("carried", "Carried"),
                ],
                default="read",
                max_length=10,
            ),
        ),
    ]
