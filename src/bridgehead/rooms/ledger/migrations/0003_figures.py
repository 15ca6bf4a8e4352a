import django.db.models.deletion
from django.db import migrations, models

from bridgehead.ground.access.row_security import protect
from bridgehead.ground.access.visibility import Visibility


def close(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in protect("ledger_figure", Visibility("duties")):
            schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("ground", "0009_task_times_lost"),
        ("ledger", "0002_coordination"),
    ]

    operations = [
        migrations.CreateModel(
            name="Figure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("indicator", models.CharField(max_length=60)),
                ("place", models.CharField(blank=True, max_length=60)),
                ("period", models.CharField(max_length=20)),
                ("first_on", models.DateField()),
                ("last_on", models.DateField()),
                ("value", models.DecimalField(decimal_places=10, max_digits=28)),
                ("unit", models.CharField(max_length=20)),
                ("given", models.DecimalField(decimal_places=10, max_digits=28)),
                ("given_unit", models.CharField(max_length=20)),
                (
                    "standing",
                    models.CharField(
                        choices=[
                            ("measured", "measured"),
                            ("reported", "reported"),
                            ("derived", "derived"),
                            ("estimate", "estimate"),
                            ("model", "model"),
                        ],
                        max_length=10,
                    ),
                ),
                ("source", models.CharField(max_length=300)),
                ("source_on", models.DateField(null=True)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("author_id", models.BigIntegerField(null=True)),
                ("entered_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("withdrawn", models.BooleanField(default=False)),
                ("counts", models.BooleanField(default=False)),
                ("why", models.CharField(blank=True, max_length=500)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.organisation"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.organisation"
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="ledger.figure",
                    ),
                ),
            ],
            options={
                "ordering": ("indicator", "-last_on", "first_on", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at", None)),
                        fields=["indicator", "last_on"],
                        name="figures_that_hold",
                    ),
                    models.Index(
                        condition=models.Q(("ended_at", None)),
                        fields=["office", "last_on"],
                        name="figures_of_an_office",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("office", "indicator", "place", "period", "source"),
                        name="one_figure_of_a_source",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("counts", True), ("ended_at", None)),
                        fields=("indicator", "place", "period"),
                        name="one_figure_counts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("last_on__gte", models.F("first_on"))), name="figure_period_has_days"
                    ),
                ],
            },
        ),
        migrations.RunPython(close, migrations.RunPython.noop),
    ]
