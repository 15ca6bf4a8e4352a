import django.db.models.deletion
from django.db import migrations, models

from bridgehead.ground.access.row_security import protect
from bridgehead.ground.access.visibility import Visibility

OPEN = Visibility("duties", offices=(), public="is_open")
TABLES = {"publication": OPEN, "publicanswer": OPEN, "publicquestion": Visibility("duties")}


def close(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table, declared in TABLES.items():
            for statement in protect(f"ledger_{table}", declared):
                schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("ground", "0009_task_times_lost"),
        ("ledger", "0005_supervision"),
    ]

    operations = [
        migrations.CreateModel(
            name="PublicQuestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=16, unique=True)),
                ("code_hash", models.CharField(max_length=64)),
                (
                    "kind",
                    models.CharField(
                        choices=[("question", "Question"), ("suggestion", "Suggestion"), ("complaint", "Complaint")],
                        max_length=10,
                    ),
                ),
                ("article", models.PositiveIntegerField(null=True)),
                ("text", models.TextField()),
                ("contact", models.CharField(blank=True, max_length=200)),
                ("asked_on", models.DateField()),
                ("due_on", models.DateField()),
                ("provisional", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("routed", "Routed"),
                            ("drafted", "Drafted"),
                            ("answered", "Answered"),
                            ("declined", "Declined"),
                            ("same", "Same"),
                        ],
                        default="new",
                        max_length=8,
                    ),
                ),
                ("routed_on", models.DateField(null=True)),
                ("answer", models.TextField(blank=True)),
                ("drafted_by", models.BigIntegerField(null=True)),
                ("drafted_at", models.DateTimeField(null=True)),
                ("writers", models.JSONField(default=list)),
                ("returned", models.CharField(blank=True, max_length=500)),
                ("approved_by", models.BigIntegerField(null=True)),
                ("answered_on", models.DateField(null=True)),
                ("refusal", models.CharField(blank=True, max_length=500)),
                (
                    "same_as",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.publicquestion",
                    ),
                ),
                ("again_on", models.DateField(null=True)),
                ("earlier", models.TextField(blank=True)),
                ("earlier_answer", models.TextField(blank=True)),
                ("earlier_answered_on", models.DateField(null=True)),
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
                "ordering": ("due_on", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ("new", "routed", "drafted"))),
                        fields=["owner", "due_on"],
                        name="questions_that_wait",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ("new", "routed", "drafted"))),
                        fields=["office", "due_on"],
                        name="questions_to_answer",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by", None),
                            ("drafted_by", None),
                            models.Q(("approved_by", models.F("drafted_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_approves_their_own_answer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("new", "declined", "same")), ("office__isnull", False), _connector="OR"
                        ),
                        name="a_routed_question_has_a_body",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "declined"), models.Q(("refusal", ""), _negated=True)),
                            models.Q(models.Q(("state", "declined"), _negated=True), ("refusal", "")),
                            _connector="OR",
                        ),
                        name="a_declined_question_has_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "same"), ("same_as__isnull", False)),
                            models.Q(models.Q(("state", "same"), _negated=True), ("same_as", None)),
                            _connector="OR",
                        ),
                        name="a_question_is_the_same_as_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PublicAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("body_zh", models.CharField(max_length=200)),
                ("body_en", models.CharField(blank=True, max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[("question", "Question"), ("suggestion", "Suggestion"), ("complaint", "Complaint")],
                        max_length=10,
                    ),
                ),
                ("article", models.PositiveIntegerField(null=True)),
                ("asked", models.TextField()),
                ("answer", models.TextField()),
                ("asked_on", models.DateField()),
                ("answered_on", models.DateField()),
                ("published_on", models.DateField()),
                ("withdrawn_on", models.DateField(null=True)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("is_open", models.BooleanField(default=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.organisation"
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="published",
                        to="ledger.publicquestion",
                    ),
                ),
            ],
            options={
                "ordering": ("-published_on", "-id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_on", None)),
                        fields=("question", "answered_on"),
                        name="an_answer_is_published_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("article", models.PositiveIntegerField()),
                ("year", models.PositiveIntegerField()),
                ("as_of", models.DateField()),
                ("sections", models.JSONField()),
                ("content", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("published_on", models.DateField()),
                ("withdrawn_on", models.DateField(null=True)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("is_open", models.BooleanField(default=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.organisation"
                    ),
                ),
            ],
            options={
                "ordering": ("-published_on", "-id"),
                "indexes": [
                    models.Index(fields=["article", "year"], name="copies_of_an_article"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_on", None)),
                        fields=("owner", "article", "year"),
                        name="one_open_copy_of_a_year",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("is_open", True), ("withdrawn_on", None)),
                            models.Q(("is_open", False), ("withdrawn_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_copy_is_open_until_withdrawn",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="evidence",
            index=models.Index(
                condition=models.Q(("accepted_on__isnull", False)),
                fields=["task", "accepted_on", "taken_back_on", "owner", "office"],
                name="evidence_that_counts",
            ),
        ),
        migrations.RunPython(close, migrations.RunPython.noop),
    ]
