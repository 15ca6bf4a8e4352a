import django.db.models.deletion
from django.db import migrations, models

from bridgehead.ground.access.row_security import protect
from bridgehead.ground.access.visibility import Visibility

TABLES = ("scenario",)


def close(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            for statement in protect(f"gateway_{table}", Visibility("scenarios", offices=())):
                schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("ground", "0009_task_times_lost"),
    ]

    operations = [
        migrations.CreateModel(
            name="Scenario",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=120)),
                ("reason", models.CharField(max_length=500)),
                ("base_year", models.PositiveIntegerField()),
                ("edits", models.JSONField()),
                ("base_hash", models.CharField(max_length=64)),
                ("content_hash", models.CharField(max_length=64)),
                ("saved_by", models.BigIntegerField(null=True)),
                ("saved_by_name", models.CharField(blank=True, max_length=200)),
                ("saved_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.organisation"
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="gateway.scenario",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
            },
        ),
        migrations.AddIndex(
            model_name="scenario",
            index=models.Index(fields=["content_hash"], name="scenarios_by_content"),
        ),
        migrations.AddConstraint(
            model_name="scenario",
            constraint=models.CheckConstraint(
                condition=models.Q(("supersedes", models.F("id")), _negated=True), name="no_scenario_supersedes_itself"
            ),
        ),
        migrations.RunPython(close, migrations.RunPython.noop),
    ]
