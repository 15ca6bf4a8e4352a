import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

from bridgehead.ground.access.row_security import protect
from bridgehead.ground.access.visibility import Visibility

TABLES = (
    *("supervisioncase", "caseevent", "vote", "opinion", "caseextension"),
    *("inspection", "question", "lot", "sample", "finding", "rectification"),
)


def close(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            for statement in protect(f"ledger_{table}", Visibility("duties")):
                schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0004_programmes"),
    ]

    operations = [
        migrations.CreateModel(
            name="SupervisionCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200)),
                ("template", models.CharField(max_length=60)),
                ("template_zh", models.CharField(max_length=100)),
                ("template_en", models.CharField(max_length=100)),
                ("valid_from", models.DateField(null=True)),
                ("steps", models.JSONField()),
                ("articles", models.JSONField(default=list)),
                ("opened_on", models.DateField()),
                (
                    "state",
                    models.CharField(choices=[("open", "Open"), ("closed", "Closed")], default="open", max_length=8),
                ),
                ("waits", models.CharField(blank=True, max_length=60)),
                ("due_on", models.DateField(null=True)),
                ("provisional", models.BooleanField(default=False)),
                ("closed_on", models.DateField(null=True)),
                ("author_id", models.BigIntegerField(null=True)),
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
                    "waits_for",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ground.organisation",
                    ),
                ),
            ],
            options={
                "ordering": (models.OrderBy(models.F("due_on"), nulls_last=True), "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["waits_for", "due_on"],
                        name="supervision_owed_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Inspection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200)),
                ("plan", models.TextField(blank=True)),
                ("articles", models.JSONField()),
                ("group", models.JSONField()),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("suggestions", models.TextField(blank=True)),
                ("closed_on", models.DateField(null=True)),
                (
                    "closed_how",
                    models.CharField(
                        blank=True, choices=[("adopted", "Adopted"), ("settled", "Settled")], max_length=10
                    ),
                ),
                ("closed_why", models.CharField(blank=True, max_length=500)),
                ("author_id", models.BigIntegerField(null=True)),
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
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inspections",
                        to="ledger.supervisioncase",
                    ),
                ),
            ],
            options={
                "ordering": ("-starts_on", "-id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="inspection_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Lot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                ("seed", models.CharField(max_length=64)),
                ("pool", models.JSONField()),
                ("wanted", models.PositiveIntegerField()),
                ("drawn_on", models.DateField()),
                ("author_id", models.BigIntegerField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lots", to="ledger.inspection"
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
                "ordering": ("inspection_id", "id"),
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("article", models.PositiveIntegerField()),
                ("text", models.CharField(max_length=500)),
                ("check_what", models.CharField(blank=True, max_length=500)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="questions", to="ledger.inspection"
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
                "ordering": ("inspection_id", "article", "id"),
            },
        ),
        migrations.CreateModel(
            name="Sample",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("drawn_id", models.CharField(blank=True, max_length=64)),
                ("name", models.CharField(max_length=200)),
                ("name_en", models.CharField(blank=True, max_length=200)),
                ("place", models.CharField(blank=True, max_length=200)),
                ("visit_on", models.DateField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="samples", to="ledger.inspection"
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="samples", to="ledger.lot"
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
                "ordering": ("inspection_id", models.OrderBy(models.F("visit_on"), nulls_last=True), "id"),
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("article", models.PositiveIntegerField()),
                ("matter", models.CharField(max_length=200)),
                ("found_on", models.DateField()),
                ("text", models.TextField()),
                ("conforming", models.BooleanField()),
                (
                    "severity",
                    models.CharField(
                        blank=True,
                        choices=[("minor", "Minor"), ("serious", "Serious"), ("grave", "Grave")],
                        max_length=8,
                    ),
                ),
                ("withdrawn_on", models.DateField(null=True)),
                ("withdrawn_why", models.CharField(blank=True, max_length=500)),
                ("author_id", models.BigIntegerField(null=True)),
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
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="findings", to="ledger.inspection"
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="ledger.question",
                    ),
                ),
                (
                    "sample",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="ledger.sample",
                    ),
                ),
            ],
            options={
                "ordering": ("inspection_id", "article", "id"),
                "indexes": [
                    models.Index(fields=["article", "found_on"], name="findings_of_an_article"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("conforming", True),
                            models.Q(("office__isnull", False), models.Q(("severity", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="a_fault_is_somebodys",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Opinion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("matter", models.CharField(max_length=200)),
                ("number", models.PositiveIntegerField()),
                ("text", models.TextField()),
                ("issued_on", models.DateField()),
                ("due_on", models.DateField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("answered", "Answered"),
                            ("accepted", "Accepted"),
                            ("returned", "Returned"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("answer", models.TextField(blank=True)),
                ("author_id", models.BigIntegerField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("decided_by", models.BigIntegerField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=500)),
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
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opinions",
                        to="ledger.supervisioncase",
                    ),
                ),
            ],
            options={
                "ordering": ("case_id", "number"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "accepted"), _negated=True),
                        fields=["office", "due_on"],
                        name="opinions_owed_by",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "number"), name="one_opinion_of_a_number"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None),
                            ("author_id", None),
                            models.Q(("decided_by", models.F("author_id")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_decides_on_their_own_answer",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseExtension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("step", models.CharField(max_length=60)),
                ("taken", models.PositiveIntegerField()),
                ("until", models.DateField()),
                ("reason", models.CharField(max_length=500)),
                ("asked_on", models.DateField()),
                ("author_id", models.BigIntegerField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("asked", "Asked"), ("granted", "Granted"), ("refused", "Refused")],
                        default="asked",
                        max_length=8,
                    ),
                ),
                ("decided_on", models.DateField(null=True)),
                ("decided_by", models.BigIntegerField(null=True)),
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
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extensions",
                        to="ledger.supervisioncase",
                    ),
                ),
            ],
            options={
                "ordering": ("case_id", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "asked")), fields=("case",), name="one_extension_waits"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None),
                            ("author_id", None),
                            models.Q(("decided_by", models.F("author_id")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_grants_their_own_extension",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("step", models.CharField(max_length=60)),
                ("taken", models.PositiveIntegerField()),
                ("on", models.DateField()),
                ("recorded_on", models.DateField()),
                ("received_on", models.DateField(null=True)),
                ("received_by", models.BigIntegerField(null=True)),
                ("outcome", models.CharField(blank=True, max_length=40)),
                ("summary", models.TextField(blank=True)),
                ("despite", models.CharField(blank=True, max_length=500)),
                ("author_id", models.BigIntegerField(null=True)),
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
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="ledger.supervisioncase"
                    ),
                ),
            ],
            options={
                "ordering": ("case_id", "id"),
                "constraints": [
                    models.UniqueConstraint(fields=("case", "step", "taken"), name="a_step_is_taken_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Vote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("satisfied", models.PositiveIntegerField()),
                ("basically_satisfied", models.PositiveIntegerField()),
                ("not_satisfied", models.PositiveIntegerField()),
                ("abstained", models.PositiveIntegerField()),
                ("members", models.PositiveIntegerField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="vote", to="ledger.caseevent"
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
                "ordering": ("event_id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "members__gte",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("satisfied"), "+", models.F("basically_satisfied")
                                        ),
                                        "+",
                                        models.F("not_satisfied"),
                                    ),
                                    "+",
                                    models.F("abstained"),
                                ),
                            )
                        ),
                        name="no_more_votes_than_members",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Rectification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("measure", models.TextField()),
                ("due_on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("handed_in", "Handed In"),
                            ("accepted", "Accepted"),
                            ("returned", "Returned"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("evidence", models.TextField(blank=True)),
                ("author_id", models.BigIntegerField(null=True)),
                ("handed_in_at", models.DateTimeField(null=True)),
                ("decided_by", models.BigIntegerField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("handed_on", models.DateField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "file",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.storedfile"
                    ),
                ),
                (
                    "finding",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rectification", to="ledger.finding"
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
                        condition=models.Q(("state", "accepted"), _negated=True),
                        fields=["office", "due_on"],
                        name="rectification_owed_by",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None),
                            ("author_id", None),
                            models.Q(("decided_by", models.F("author_id")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_accepts_their_own_mending",
                    )
                ],
            },
        ),
        migrations.RunPython(close, migrations.RunPython.noop),
    ]
