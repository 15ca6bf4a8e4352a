import datetime

import django.db.models.deletion
from django.db import migrations, models

from bridgehead.ground.access.row_security import protect
from bridgehead.ground.access.visibility import Visibility

OPEN = ("duty", "responsibility")
TABLES = (
    *("task", "taskpart", "milestone", "target", "spell", "escalation", "closedperiod"),
    "evidence",
)


def close(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in (*OPEN, *TABLES):
            declared = Visibility("duties", public="is_open" if table in OPEN else "")
            for statement in protect(f"ledger_{table}", declared):
                schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("ground", "0009_task_times_lost"),
    ]

    operations = [
        migrations.CreateModel(
            name="Duty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_open", models.BooleanField(default=True)),
                ("work", models.BigIntegerField()),
                ("statute", models.BigIntegerField()),
                ("title", models.CharField(max_length=300)),
                ("eid", models.CharField(max_length=80)),
                ("anchor", models.CharField(max_length=64)),
                ("article", models.PositiveIntegerField(null=True)),
                ("label", models.CharField(max_length=60)),
                ("modality", models.CharField(max_length=12)),
                ("what", models.TextField()),
                ("organs", models.JSONField()),
                ("deadline", models.CharField(blank=True, max_length=200)),
                ("frequency", models.CharField(blank=True, max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[("holds", "Holds"), ("changed", "Changed"), ("gone", "Gone")],
                        default="holds",
                        max_length=8,
                    ),
                ),
                ("now", models.JSONField(default=dict)),
                ("taken_over_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "office",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ground.organisation",
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
                "ordering": ("work", "article", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "gone"), _negated=True),
                        fields=("owner", "work", "eid"),
                        name="one_ledger_duty_of_an_id",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Responsibility",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("lead", "Lead"),
                            ("joint", "Joint"),
                            ("supervised", "Supervised"),
                            ("vertical", "Vertical"),
                        ],
                        max_length=10,
                    ),
                ),
                ("is_open", models.BooleanField(default=True)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("from_on", models.DateField()),
                ("until_on", models.DateField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "duty",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="responsibilities", to="ledger.duty"
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
                "ordering": ("duty_id", "part", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until_on", None)),
                        fields=("duty", "office"),
                        name="one_open_part_in_a_duty",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("part", "lead"), ("until_on", None)),
                        fields=("duty",),
                        name="one_lead_of_a_duty",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("article", models.PositiveIntegerField(null=True)),
                ("matter", models.CharField(blank=True, max_length=60)),
                ("title", models.CharField(max_length=200)),
                ("what", models.TextField(blank=True)),
                ("period", models.CharField(blank=True, max_length=20)),
                ("weight", models.DecimalField(decimal_places=4, default=1, max_digits=9)),
                ("given_on", models.DateField()),
                ("due_on", models.DateField()),
                ("term", models.CharField(blank=True, max_length=8)),
                ("provisional", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(choices=[("open", "Open"), ("ended", "Ended")], default="open", max_length=8),
                ),
                ("ended_on", models.DateField(null=True)),
                ("done_on", models.DateField(null=True)),
                ("met_on", models.DateField(null=True)),
                ("share", models.DecimalField(decimal_places=6, default=0, max_digits=7)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "duty",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="ledger.duty",
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
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ground.organisation",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subtasks",
                        to="ledger.task",
                    ),
                ),
            ],
            options={
                "ordering": ("due_on", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("duty__isnull", False)),
                        fields=["duty", "state", "done_on", "due_on", "owner", "office"],
                        name="tasks_of_a_duty",
                    ),
                    models.Index(fields=["article"], name="tasks_of_an_article"),
                    models.Index(
                        condition=models.Q(("matter", ""), _negated=True), fields=["matter"], name="tasks_of_a_matter"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("due_on__gte", models.F("given_on"))), name="task_due_after_it_is_given"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("parent", models.F("id")), _negated=True),
                        name="no_task_is_a_part_of_itself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Target",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("indicator", models.CharField(max_length=60)),
                ("baseline", models.DecimalField(decimal_places=6, max_digits=20)),
                ("goal", models.DecimalField(decimal_places=6, max_digits=20)),
                ("unit", models.CharField(max_length=20)),
                ("weight", models.DecimalField(decimal_places=4, default=1, max_digits=9)),
                ("dropped_on", models.DateField(null=True)),
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
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="targets", to="ledger.task"
                    ),
                ),
            ],
            options={
                "ordering": ("task_id", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("dropped_on", None)),
                        fields=("task", "indicator"),
                        name="one_target_an_indicator",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Spell",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("article", models.PositiveIntegerField(null=True)),
                ("from_on", models.DateField()),
                ("until_on", models.DateField(default=datetime.date(9999, 12, 31))),
                ("due_on", models.DateField()),
                ("owed", models.BooleanField()),
                ("done_on", models.DateField(null=True)),
                ("met_on", models.DateField(null=True)),
                ("share", models.DecimalField(decimal_places=6, max_digits=7)),
                (
                    "duty",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.duty",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="ledger.task",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ground.organisation",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="spells",
                        to="ledger.task",
                    ),
                ),
            ],
            options={
                "ordering": ("task_id", "from_on"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("owed", True)),
                        fields=[
                            *("until_on", "due_on", "task", "office", "owner", "article", "from_on", "owed", "met_on"),
                        ],
                        name="owed_on",
                    ),
                    models.Index(
                        condition=models.Q(("done_on__isnull", False)),
                        fields=["office", "done_on", "until_on", "from_on", "met_on", "due_on", "owner"],
                        name="done_by",
                    ),
                    models.Index(
                        condition=models.Q(("duty__isnull", False)),
                        fields=[
                            *("duty", "until_on", "from_on", "owed", "done_on", "due_on", "met_on", "owner", "office"),
                        ],
                        name="spells_of_a_duty",
                    ),
                    models.Index(
                        condition=models.Q(("parent__isnull", False)), fields=["parent", "until_on"], name="parts_on"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("task", "from_on"), name="one_spell_of_a_day"),
                    models.CheckConstraint(
                        condition=models.Q(("until_on__gt", models.F("from_on"))), name="spell_has_days"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Milestone",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200)),
                ("due_on", models.DateField(null=True)),
                ("weight", models.DecimalField(decimal_places=4, default=1, max_digits=9)),
                ("dropped_on", models.DateField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ground.organisation",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="milestones", to="ledger.task"
                    ),
                ),
            ],
            options={
                "ordering": ("task_id", "id"),
                "indexes": [
                    models.Index(fields=["due_on", "task"], name="milestones_due"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("completes", models.BooleanField(default=False)),
                ("claim", models.CharField(max_length=500)),
                ("issuer", models.CharField(max_length=200)),
                ("dated_on", models.DateField()),
                ("value", models.DecimalField(decimal_places=6, max_digits=20, null=True)),
                ("unit", models.CharField(blank=True, max_length=20)),
                ("as_of", models.DateField(null=True)),
                ("source", models.CharField(blank=True, max_length=300)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("handed_in", "Handed In"),
                            ("accepted", "Accepted"),
                            ("returned", "Returned"),
                            ("taken_back", "Taken Back"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("author_id", models.BigIntegerField(null=True)),
                ("authors", models.JSONField(default=list)),
                ("handed_in_at", models.DateTimeField(null=True)),
                ("decided_by", models.BigIntegerField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("accepted_on", models.DateField(null=True)),
                ("taken_back_on", models.DateField(null=True)),
                ("revision", models.JSONField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "file",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.storedfile"
                    ),
                ),
                (
                    "revised_file",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ground.storedfile",
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
                (
                    "milestone",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="ledger.milestone",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="ledger.target",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="ledger.task",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "handed_in")),
                        fields=["owner", "handed_in_at", "office", "author_id", "authors", "state"],
                        name="evidence_that_waits",
                    ),
                    models.Index(condition=models.Q(("state", "draft")), fields=["author_id"], name="evidence_begun"),
                    models.Index(
                        condition=models.Q(("file__isnull", False), ("handed_in_at", None)),
                        fields=["handed_in_at", "office", "state", "file"],
                        name="files_of_evidence_begun",
                    ),
                    models.Index(
                        condition=models.Q(("revised_file__isnull", False)),
                        fields=["office", "revised_file"],
                        name="files_of_evidence_revised",
                    ),
                    models.Index(
                        condition=models.Q(("state", "returned")),
                        fields=["office", "decided_at"],
                        name="evidence_returned",
                    ),
                    models.Index(fields=["task", "state"], name="evidence_of_a_task"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None),
                            ("author_id", None),
                            models.Q(("decided_by", models.F("author_id")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_decides_on_their_own_evidence",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("milestone", None), ("target", None), _connector="OR"),
                        name="evidence_speaks_of_one_part",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Escalation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ladder", models.CharField(max_length=40)),
                ("rung", models.CharField(max_length=40)),
                ("due_on", models.DateField()),
                ("taken_on", models.DateField()),
                ("to_text", models.CharField(blank=True, max_length=200)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("early_why", models.CharField(blank=True, max_length=500)),
                ("year", models.PositiveSmallIntegerField()),
                ("number", models.PositiveIntegerField()),
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
                    "to",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ground.organisation",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="escalations", to="ledger.task"
                    ),
                ),
            ],
            options={
                "ordering": ("task_id", "taken_on", "id"),
                "constraints": [
                    models.UniqueConstraint(fields=("task", "due_on", "rung"), name="one_rung_for_a_term"),
                    models.UniqueConstraint(fields=("owner", "rung", "year", "number"), name="one_number_for_a_rung"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to__isnull", False), models.Q(("to_text", ""), _negated=True), _connector="OR"
                        ),
                        name="a_rung_is_addressed_to_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TaskPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("lead", "Lead"),
                            ("joint", "Joint"),
                            ("supervised", "Supervised"),
                            ("vertical", "Vertical"),
                        ],
                        max_length=10,
                    ),
                ),
                ("joined_on", models.DateField()),
                ("left_on", models.DateField(null=True)),
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
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="parts", to="ledger.task"
                    ),
                ),
            ],
            options={
                "ordering": ("task_id", "part", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("left_on", None)), fields=("task", "office"), name="one_part_in_a_task"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClosedPeriod",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", models.CharField(max_length=20)),
                ("first_on", models.DateField()),
                ("last_on", models.DateField()),
                ("closed_on", models.DateField()),
                ("opened_on", models.DateField(null=True)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "office",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ground.organisation",
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
                "ordering": ("-last_on", "-first_on", "-id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("opened_on", None)),
                        fields=("owner", "period"),
                        name="a_period_is_closed_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("last_on__gte", models.F("first_on"))), name="period_ends_after_it_begins"
                    ),
                ],
            },
        ),
        migrations.RunPython(close, migrations.RunPython.noop),
    ]
