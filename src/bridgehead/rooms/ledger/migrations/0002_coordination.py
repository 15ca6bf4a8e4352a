import django.db.models.deletion
from django.db import migrations, models

from bridgehead.ground.access.row_security import protect
from bridgehead.ground.access.visibility import Visibility

TABLES = (
    *("meeting", "attendance", "decision", "decisionpart", "problem", "problemstep"),
    *("inquiry", "reply", "circular", "circularcopy"),
)

FROZEN_ON_SQLITE = """
CREATE TRIGGER ledger_circular_frozen BEFORE UPDATE ON ledger_circular
BEGIN SELECT RAISE(ABORT, 'a circular that was issued never changes'); END
"""

FROZEN_ON_POSTGRESQL = """
CREATE OR REPLACE FUNCTION ledger_refuse_frozen() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'a circular that was issued never changes'; END $$;
CREATE TRIGGER ledger_circular_frozen BEFORE UPDATE ON ledger_circular
FOR EACH ROW EXECUTE FUNCTION ledger_refuse_frozen();
"""


def close(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            for statement in protect(f"ledger_{table}", Visibility("duties")):
                schema_editor.execute(statement, params=None)
        schema_editor.execute(FROZEN_ON_POSTGRESQL, params=None)
    else:
        schema_editor.execute(FROZEN_ON_SQLITE, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0001_duties_tasks_evidence"),
    ]

    operations = [
        migrations.CreateModel(
            name="Circular",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("month", "Month"), ("half", "Half")], max_length=8)),
                ("period", models.CharField(max_length=20)),
                ("year", models.PositiveIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("foreword", models.TextField(blank=True)),
                ("content", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                ("issued_on", models.DateField()),
                ("issued_by", models.BigIntegerField(null=True)),
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
                "ordering": ("-issued_on", "-id"),
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "period"), name="one_circular_of_a_period"),
                    models.UniqueConstraint(fields=("owner", "year", "number"), name="one_circular_of_a_number"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CircularCopy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "circular",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="copies", to="ledger.circular"
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
                "ordering": ("circular_id", "id"),
                "constraints": [
                    models.UniqueConstraint(fields=("circular", "office"), name="one_copy_of_a_body"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Meeting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("plenary", "Plenary"),
                            ("office", "Office"),
                            ("special", "Special"),
                            ("liaison", "Liaison"),
                        ],
                        max_length=8,
                    ),
                ),
                ("planned_at", models.DateTimeField()),
                ("held_at", models.DateTimeField(null=True)),
                ("place", models.CharField(blank=True, max_length=200)),
                ("chair", models.CharField(blank=True, max_length=100)),
                ("agenda", models.JSONField(default=list)),
                ("asked", models.JSONField(default=list)),
                (
                    "state",
                    models.CharField(
                        choices=[("planned", "Planned"), ("held", "Held"), ("cancelled", "Cancelled")],
                        default="planned",
                        max_length=10,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "minutes",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.storedfile"
                    ),
                ),
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
                "ordering": ("-planned_at", "-id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "held"), models.Q(("held_at", None), _negated=True)),
                            models.Q(models.Q(("state", "held"), _negated=True), ("held_at", None)),
                            _connector="OR",
                        ),
                        name="a_held_meeting_has_its_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("text", models.TextField()),
                ("decided_on", models.DateField()),
                ("due_on", models.DateField()),
                ("articles", models.CharField(blank=True, max_length=200)),
                ("joint", models.JSONField(default=list)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("given", "Given"), ("settled", "Settled"), ("dropped", "Dropped")],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("closed_on", models.DateField(null=True)),
                ("note", models.CharField(blank=True, max_length=500)),
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
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.task"
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="ledger.meeting"
                    ),
                ),
            ],
            options={
                "ordering": ("meeting_id", "number"),
                "indexes": [
                    models.Index(fields=["owner", "decided_on"], name="decisions_by_day"),
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["office", "due_on"],
                        name="decisions_that_are_open",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("meeting", "number"), name="one_decision_of_a_number"),
                    models.CheckConstraint(
                        condition=models.Q(("due_on__gte", models.F("decided_on"))),
                        name="decision_due_after_it_is_taken",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "given"), models.Q(("task", None), _negated=True)),
                            models.Q(models.Q(("state", "given"), _negated=True), ("task", None)),
                            _connector="OR",
                        ),
                        name="a_given_decision_has_its_task",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DecisionPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="parts", to="ledger.decision"
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
                "ordering": ("decision_id", "id"),
                "constraints": [
                    models.UniqueConstraint(fields=("decision", "office"), name="one_part_in_a_decision"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Inquiry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200)),
                ("question", models.TextField()),
                ("articles", models.CharField(blank=True, max_length=200)),
                ("given_on", models.DateField()),
                ("due_on", models.DateField()),
                (
                    "state",
                    models.CharField(choices=[("open", "Open"), ("closed", "Closed")], default="open", max_length=8),
                ),
                ("closed_on", models.DateField(null=True)),
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
                (
                    "meeting",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inquiries",
                        to="ledger.meeting",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("due_on__gte", models.F("given_on"))), name="inquiry_due_after_it_is_made"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attendance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("invited", "Invited"), ("attended", "Attended"), ("absent", "Absent")],
                        default="invited",
                        max_length=8,
                    ),
                ),
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
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attendances", to="ledger.meeting"
                    ),
                ),
            ],
            options={
                "ordering": ("meeting_id", "id"),
                "constraints": [
                    models.UniqueConstraint(fields=("meeting", "office"), name="one_seat_in_a_meeting"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Problem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200)),
                ("what", models.TextField(blank=True)),
                ("place", models.CharField(blank=True, max_length=200)),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("inspection", "Inspection"),
                            ("complaint", "Complaint"),
                            ("meeting", "Meeting"),
                            ("report", "Report"),
                            ("signal", "Signal"),
                        ],
                        max_length=10,
                    ),
                ),
                ("finding", models.CharField(blank=True, max_length=60)),
                ("articles", models.CharField(blank=True, max_length=200)),
                (
                    "severity",
                    models.CharField(
                        choices=[("grave", "Grave"), ("serious", "Serious"), ("ordinary", "Ordinary")],
                        default="ordinary",
                        max_length=8,
                    ),
                ),
                ("found_on", models.DateField()),
                ("due_on", models.DateField()),
                ("measures", models.TextField(blank=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("mending", "Mending"),
                            ("closed", "Closed"),
                            ("reopened", "Reopened"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("result", models.TextField(blank=True)),
                ("asked_by", models.BigIntegerField(null=True)),
                ("asked_on", models.DateField(null=True)),
                ("decided_by", models.BigIntegerField(null=True)),
                ("closed_on", models.DateField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "file",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.storedfile"
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
                "ordering": ("due_on", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "closed"), _negated=True),
                        fields=["owner", "due_on"],
                        name="problems_that_run",
                    ),
                    models.Index(
                        condition=models.Q(("state", "closed"), _negated=True),
                        fields=["office", "due_on"],
                        name="problems_of_an_office",
                    ),
                    models.Index(
                        condition=models.Q(("asked_on", None), _negated=True),
                        fields=["owner", "asked_on"],
                        name="problems_that_wait",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("finding", ""), _negated=True),
                        fields=("finding",),
                        name="one_problem_of_a_finding",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_on__gte", models.F("found_on"))), name="problem_due_after_it_is_found"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "closed"), _negated=True),
                            models.Q(
                                models.Q(("result", ""), _negated=True), models.Q(("closed_on", None), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="a_closed_problem_has_a_result",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "closed"), _negated=True),
                            ("decided_by", None),
                            ("asked_by", None),
                            models.Q(("decided_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_confirms_what_they_asked_for",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProblemStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("opened", "Opened"),
                            ("changed", "Changed"),
                            ("measures", "Measures"),
                            ("asked", "Asked"),
                            ("returned", "Returned"),
                            ("closed", "Closed"),
                            ("reopened", "Reopened"),
                        ],
                        max_length=8,
                    ),
                ),
                ("on", models.DateField()),
                ("due_on", models.DateField()),
                ("by", models.BigIntegerField(null=True)),
                ("note", models.TextField(blank=True)),
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
                    "problem",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="ledger.problem"
                    ),
                ),
            ],
            options={
                "ordering": ("problem_id", "id"),
                "indexes": [
                    models.Index(fields=["owner", "kind", "on"], name="problem_steps_by_day"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(blank=True)),
                ("answered_on", models.DateField(null=True)),
                ("answered_by", models.BigIntegerField(null=True)),
                ("reminders", models.PositiveIntegerField(default=0)),
                ("reminded_on", models.DateField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "file",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.storedfile"
                    ),
                ),
                (
                    "inquiry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="replies", to="ledger.inquiry"
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
                "ordering": ("inquiry_id", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("answered_on", None)), fields=["office"], name="replies_that_are_owed"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("inquiry", "office"), name="one_reply_of_a_body"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered_on", None), models.Q(("text", ""), _negated=True), _connector="OR"
                        ),
                        name="an_answer_says_something",
                    ),
                ],
            },
        ),
        migrations.RunPython(close, migrations.RunPython.noop),
    ]
