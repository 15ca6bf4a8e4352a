import django.db.models.deletion
from django.db import migrations, models

from bridgehead.ground.access.row_security import protect
from bridgehead.ground.access.visibility import Visibility

TABLES = ("work", "statuteversion", "provision", "answer", "dutyrow", "bearer")


def close(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            for statement in protect(f"statute_{table}", Visibility("statutes", offices=(), public="is_open")):
                schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("ground", "0009_task_times_lost"),
    ]

    operations = [
        migrations.CreateModel(
            name="Work",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_open", models.BooleanField(default=True)),
                ("title", models.CharField(max_length=300)),
                ("is_regulation", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.organisation"
                    ),
                ),
            ],
            options={
                "ordering": ("-is_regulation", "title", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_regulation", True)),
                        fields=("is_regulation",),
                        name="one_regulation_of_the_region",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StatuteVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_open", models.BooleanField(default=True)),
                ("file_name", models.CharField(max_length=200)),
                ("title", models.CharField(max_length=300)),
                ("kind", models.CharField(max_length=16)),
                ("sha256", models.CharField(max_length=64)),
                ("size_b", models.PositiveBigIntegerField()),
                ("adopted_on", models.DateField(null=True)),
                ("last_event_on", models.DateField(null=True)),
                ("effective_on", models.DateField(null=True)),
                ("effective_rule", models.CharField(blank=True, max_length=40)),
                ("begins_on", models.DateField(null=True)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("chapters", models.PositiveIntegerField()),
                ("articles", models.PositiveIntegerField()),
                ("paragraphs", models.PositiveIntegerField()),
                ("duties", models.PositiveIntegerField()),
                ("anomalies", models.JSONField()),
                ("rules", models.CharField(max_length=64)),
                ("imported_by", models.BigIntegerField(null=True)),
                ("imported_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.organisation"
                    ),
                ),
                (
                    "work",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="statute.work"
                    ),
                ),
            ],
            options={
                "ordering": (models.OrderBy(models.F("begins_on"), descending=True, nulls_last=True), "-id"),
                "indexes": [
                    models.Index(fields=["sha256"], name="statutes_by_content"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)), fields=("sha256",), name="one_text_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_open", models.BooleanField(default=True)),
                ("anchor", models.CharField(max_length=64)),
                ("duty_eid", models.CharField(max_length=80)),
                (
                    "verdict",
                    models.CharField(choices=[("confirmed", "Confirmed"), ("corrected", "Corrected")], max_length=10),
                ),
                ("bearers", models.JSONField()),
                ("open_list", models.BooleanField(default=False)),
                ("comment", models.CharField(blank=True, max_length=500)),
                ("decided_by", models.BigIntegerField(null=True)),
                ("decided_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.organisation"
                    ),
                ),
                (
                    "statute",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="statute.statuteversion"
                    ),
                ),
                (
                    "work",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="statute.work"
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)), fields=("work", "anchor"), name="one_answer_a_duty"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DutyRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_open", models.BooleanField(default=True)),
                ("eid", models.CharField(max_length=80)),
                ("position", models.PositiveIntegerField()),
                ("article_eid", models.CharField(max_length=64)),
                ("paragraph_eid", models.CharField(max_length=64)),
                ("label", models.CharField(max_length=60)),
                ("chapter", models.PositiveIntegerField(null=True)),
                ("modality", models.CharField(max_length=12)),
                ("word", models.CharField(blank=True, max_length=20)),
                ("what", models.TextField()),
                ("evidence", models.TextField()),
                ("start", models.PositiveIntegerField()),
                ("end", models.PositiveIntegerField()),
                ("what_start", models.PositiveIntegerField()),
                ("what_end", models.PositiveIntegerField()),
                ("deadline", models.CharField(blank=True, max_length=200)),
                ("frequency", models.CharField(blank=True, max_length=200)),
                ("reporting", models.BooleanField(default=False)),
                ("budget", models.BooleanField(default=False)),
                ("assessment", models.BooleanField(default=False)),
                ("open_list", models.BooleanField(default=False)),
                ("confidence", models.FloatField()),
                ("doubts", models.JSONField()),
                ("anchor", models.CharField(max_length=64)),
                ("read", models.JSONField()),
                (
                    "standing",
                    models.CharField(
                        choices=[
                            ("read", "Read"),
                            ("confirmed", "Confirmed"),
                            ("corrected", "Corrected"),
                            ("carried", "Carried"),
                        ],
                        default="read",
                        max_length=10,
                    ),
                ),
                ("to_review", models.BooleanField(default=False)),
                (
                    "answer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="rows",
                        to="statute.answer",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.organisation"
                    ),
                ),
                (
                    "statute",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="duty_rows",
                        to="statute.statuteversion",
                    ),
                ),
            ],
            options={
                "ordering": ("statute", "position"),
                "indexes": [
                    models.Index(fields=["to_review"], name="duties_to_review"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("statute", "eid"), name="one_duty_of_an_id"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Bearer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_open", models.BooleanField(default=True)),
                ("position", models.PositiveIntegerField()),
                (
                    "part",
                    models.CharField(
                        choices=[("actor", "Actor"), ("co_actor", "Co Actor"), ("lead", "Lead")], max_length=8
                    ),
                ),
                ("organ", models.CharField(max_length=120)),
                ("name", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=16)),
                ("known", models.BooleanField(default=False)),
                ("inherited", models.BooleanField(default=False)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.organisation"
                    ),
                ),
                (
                    "duty",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="bearers", to="statute.dutyrow"
                    ),
                ),
            ],
            options={
                "ordering": ("duty", "position"),
                "indexes": [models.Index(fields=["organ"], name="bearers_by_organ")],
            },
        ),
        migrations.CreateModel(
            name="Provision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_open", models.BooleanField(default=True)),
                ("eid", models.CharField(max_length=64)),
                ("position", models.PositiveIntegerField()),
                ("label", models.CharField(max_length=40)),
                ("chapter", models.CharField(blank=True, max_length=200)),
                ("text", models.TextField()),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.organisation"
                    ),
                ),
                (
                    "statute",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="provisions",
                        to="statute.statuteversion",
                    ),
                ),
            ],
            options={
                "ordering": ("statute", "position"),
                "constraints": [models.UniqueConstraint(fields=("statute", "eid"), name="one_provision_of_an_id")],
            },
        ),
        migrations.RunPython(close, migrations.RunPython.noop),
    ]
