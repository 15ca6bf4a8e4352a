import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ground", "0009_task_times_lost")]
    operations = [
        migrations.CreateModel(
            name="TranslationSignature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(max_length=8)),
                ("digest", models.CharField(max_length=64)),
                ("words", models.JSONField()),
                ("reader", models.CharField(max_length=100)),
                ("signed_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-signed_at", "-id"),
                "constraints": [
                    models.UniqueConstraint(fields=("language", "digest", "person"), name="a_reader_signs_words_once")
                ],
            },
        ),
    ]
