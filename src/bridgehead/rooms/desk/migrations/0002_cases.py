import django.db.models.deletion
from django.db import migrations, models

from bridgehead.ground.access.row_security import protect
from bridgehead.ground.access.visibility import Visibility

CASES = Visibility("cases", offices=("office_id", "lead_id"))
TABLES = {
    "case": CASES,
    "caseevent": CASES,
    "casefile": CASES,
    "casedraft": Visibility("cases", offices=()),
}


def close(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table, declared in TABLES.items():
            for statement in protect(f"desk_{table}", declared):
                schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0001_policies"),
        ("ground", "0009_task_times_lost"),
    ]

    operations = [
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("service", models.CharField(max_length=60)),
                ("title", models.CharField(max_length=200)),
                ("form", models.JSONField()),
                ("opened_at", models.DateTimeField()),
                ("state", models.CharField(max_length=60)),
                ("turn", models.PositiveSmallIntegerField(choices=[(0, "Office"), (1, "Trader"), (2, "Nobody")])),
                ("act_by", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("late_at", models.DateTimeField(null=True)),
                ("next_limit_at", models.DateTimeField(null=True)),
                ("wakes_at", models.DateTimeField(null=True)),
                ("overdue_at", models.DateTimeField(null=True)),
                ("rung", models.CharField(blank=True, max_length=60)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("granted", "granted"),
                            ("answered", "answered"),
                            ("served", "served"),
                            ("refused", "refused"),
                            ("withdrawn", "withdrawn"),
                            ("lapsed", "lapsed"),
                        ],
                        max_length=20,
                    ),
                ),
                ("basis", models.JSONField(null=True)),
                ("gross_min", models.PositiveIntegerField(null=True)),
                ("net_min", models.PositiveIntegerField(null=True)),
                ("in_time", models.BooleanField(null=True)),
                ("rating", models.PositiveSmallIntegerField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "lead",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.organisation"
                    ),
                ),
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
            ],
            options={
                "ordering": ("turn", "act_by", "id"),
            },
        ),
        migrations.CreateModel(
            name="CaseDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("service", models.CharField(max_length=60)),
                ("title", models.CharField(blank=True, max_length=200)),
                ("form", models.JSONField()),
                ("changed_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.organisation"
                    ),
                ),
            ],
            options={
                "ordering": ("-changed_at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="CaseEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("lodged", "Lodged"),
                            ("moved", "Moved"),
                            ("handed_over", "Handed Over"),
                            ("extended", "Extended"),
                            ("message", "Message"),
                            ("note", "Note"),
                            ("overdue", "Overdue"),
                            ("rung", "Rung"),
                            ("rated", "Rated"),
                        ],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("role", models.CharField(blank=True, max_length=10)),
                ("person_id", models.BigIntegerField(null=True)),
                ("move", models.CharField(blank=True, max_length=60)),
                ("to_state", models.CharField(blank=True, max_length=60)),
                ("given", models.JSONField(default=dict)),
                ("text", models.TextField(blank=True)),
                ("longer", models.CharField(blank=True, max_length=10)),
                ("stage", models.CharField(blank=True, max_length=60)),
                ("rung", models.CharField(blank=True, max_length=60)),
                (
                    "body",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ground.organisation",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="events", to="desk.case"
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ground.organisation",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ground.organisation",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ground.organisation",
                    ),
                ),
                (
                    "to_office",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ground.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ("case_id", "number"),
            },
        ),
        migrations.CreateModel(
            name="CaseFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("field", models.CharField(blank=True, max_length=60)),
                ("name", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=16)),
                ("media_type", models.CharField(max_length=100)),
                ("sha256", models.CharField(max_length=64)),
                ("size_b", models.PositiveBigIntegerField()),
                ("uploaded_by", models.BigIntegerField(null=True)),
                ("uploaded_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "case",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="files", to="desk.case"
                    ),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="files",
                        to="desk.casedraft",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="desk.caseevent",
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ground.organisation",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ground.organisation",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ground.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
            },
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["owner", "turn", "act_by", "id"], name="cases_of_a_firm"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["office", "turn", "act_by", "id"], name="cases_of_an_office"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["lead", "turn", "act_by", "id"], name="cases_taken_in"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["turn", "act_by", "id"], name="cases_by_turn"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["service", "turn", "act_by", "id", "office"], name="cases_of_a_service"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("wakes_at", None), _negated=True),
                fields=["wakes_at"],
                name="cases_the_clock_looks_at",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["service", "ended_at", "net_min", "in_time", "outcome"], name="cases_measured"),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "refused"), _negated=True),
                    models.Q(("basis", None), _negated=True),
                    _connector="OR",
                ),
                name="a_refusal_has_a_basis",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", False), ("outcome__gt", ""), ("turn", 2)),
                    models.Q(models.Q(("turn", 2), _negated=True), ("ended_at", None), ("outcome", "")),
                    _connector="OR",
                ),
                name="a_case_that_ended_says_how",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("rating", None), ("rating__range", (1, 5)), _connector="OR"),
                name="a_rating_from_1_to_5",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("owner", models.F("office")), _negated=True), name="nobody_handles_their_own_case"
            ),
        ),
        migrations.AddIndex(
            model_name="casedraft",
            index=models.Index(fields=["owner", "service"], name="case_drafts_of_a_firm"),
        ),
        migrations.AddIndex(
            model_name="caseevent",
            index=models.Index(
                condition=models.Q(("kind", "overdue")), fields=["kind", "at", "body"], name="cases_that_became_overdue"
            ),
        ),
        migrations.AddConstraint(
            model_name="caseevent",
            constraint=models.UniqueConstraint(fields=("case", "number"), name="one_case_event_of_a_number"),
        ),
        migrations.AddIndex(
            model_name="casefile",
            index=models.Index(fields=["sha256"], name="case_files_by_content"),
        ),
        migrations.RunPython(close, migrations.RunPython.noop),
    ]
