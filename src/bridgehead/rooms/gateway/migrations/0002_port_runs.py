import django.db.models.deletion
from django.db import migrations, models

from bridgehead.ground.access.row_security import protect
from bridgehead.ground.access.visibility import Visibility


def close(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in protect("gateway_portrun", Visibility("scenarios", offices=(), public="shared")):
            schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("gateway", "0001_scenarios"),
    ]

    operations = [
        migrations.CreateModel(
            name="PortRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("port", models.CharField(max_length=100)),
                ("title", models.CharField(max_length=120)),
                ("changed", models.JSONField()),
                ("description", models.JSONField()),
                ("replications", models.PositiveIntegerField()),
                ("seed", models.PositiveIntegerField()),
                ("horizon_d", models.FloatField()),
                ("warmup_d", models.FloatField(null=True)),
                ("shared", models.BooleanField(default=True)),
                ("saved_by", models.BigIntegerField(null=True)),
                ("saved_by_name", models.CharField(blank=True, max_length=200)),
                ("saved_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.organisation"
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
            },
        ),
        migrations.AddIndex(
            model_name="portrun",
            index=models.Index(fields=["port"], name="port_runs_by_port"),
        ),
        migrations.RunPython(close, migrations.RunPython.noop),
    ]
