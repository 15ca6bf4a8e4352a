import django.db.models.deletion
from django.db import migrations, models

from bridgehead.ground.access.row_security import protect
from bridgehead.ground.access.visibility import Visibility

OPEN = Visibility("policies", offices=(), public="is_open")
FIRMS_OWN = Visibility("cases", offices=())
TABLES = {
    "policy": OPEN,
    "policyedition": OPEN,
    "firmprofile": FIRMS_OWN,
    "policyanswer": FIRMS_OWN,
    "policyclaim": FIRMS_OWN,
}


def close(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table, declared in TABLES.items():
            for statement in protect(f"desk_{table}", declared):
                schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("ground", "0009_task_times_lost"),
    ]

    operations = [
        migrations.CreateModel(
            name="Policy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=100, unique=True)),
                ("region_sha256", models.CharField(blank=True, max_length=64)),
                ("published", models.PositiveIntegerField(null=True)),
                ("withdrawn_on", models.DateField(null=True)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("is_open", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.organisation"
                    ),
                ),
            ],
            options={
                "ordering": ("code",),
            },
        ),
        migrations.CreateModel(
            name="PolicyAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_by", models.BigIntegerField(null=True)),
                ("asked_at", models.DateTimeField()),
                ("as_of", models.DateField()),
                ("subject", models.CharField(max_length=40)),
                ("facts", models.JSONField()),
                ("results", models.JSONField()),
                ("fits", models.PositiveIntegerField()),
                ("open", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.organisation"
                    ),
                ),
            ],
            options={
                "ordering": ("-asked_at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="PolicyClaim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("told", "Told"),
                            ("applied", "Applied"),
                            ("received", "Received"),
                            ("unwanted", "Unwanted"),
                        ],
                        max_length=8,
                    ),
                ),
                ("on", models.DateField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.organisation"
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="desk.policy"),
                ),
            ],
            options={
                "ordering": ("policy_id", "owner_id"),
            },
        ),
        migrations.CreateModel(
            name="PolicyEdition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("rule", models.TextField()),
                ("words", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                ("holds_from", models.DateField()),
                ("change", models.CharField(blank=True, max_length=500)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("checked", "Checked"),
                            ("published", "Published"),
                            ("dropped", "Dropped"),
                        ],
                        default="draft",
                        max_length=9,
                    ),
                ),
                ("writers", models.JSONField(default=list)),
                ("checked_by", models.BigIntegerField(null=True)),
                ("checker", models.CharField(blank=True, max_length=100)),
                ("checked_on", models.DateField(null=True)),
                ("check_expires_on", models.DateField(null=True)),
                ("compared_with", models.CharField(blank=True, max_length=500)),
                ("returned", models.CharField(blank=True, max_length=500)),
                ("published_by", models.BigIntegerField(null=True)),
                ("published_at", models.DateTimeField(null=True)),
                ("is_open", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.organisation"
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="editions", to="desk.policy"
                    ),
                ),
            ],
            options={
                "ordering": ("policy_id", "-number"),
            },
        ),
        migrations.CreateModel(
            name="FirmProfile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("facts", models.JSONField(default=dict)),
                ("consents_on", models.DateField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "owner",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.organisation"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("consents_on", None), _negated=True),
                        fields=["consents_on"],
                        name="firms_that_consented",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="policy",
            constraint=models.CheckConstraint(
                condition=models.Q(("withdrawn_on", None), models.Q(("reason", ""), _negated=True), _connector="OR"),
                name="a_policy_is_withdrawn_for_a_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="policyanswer",
            index=models.Index(fields=["owner", "-asked_at"], name="policy_answers_of_a_firm"),
        ),
        migrations.AddConstraint(
            model_name="policyclaim",
            constraint=models.UniqueConstraint(fields=("owner", "policy"), name="one_claim_of_a_firm_and_policy"),
        ),
        migrations.AddIndex(
            model_name="policyedition",
            index=models.Index(fields=["owner", "state", "check_expires_on"], name="policy_editions_by_state"),
        ),
        migrations.AddConstraint(
            model_name="policyedition",
            constraint=models.UniqueConstraint(fields=("policy", "number"), name="one_policy_edition_of_a_number"),
        ),
        migrations.AddConstraint(
            model_name="policyedition",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("draft", "checked"))),
                fields=("policy",),
                name="one_open_draft_of_a_policy",
            ),
        ),
        migrations.AddConstraint(
            model_name="policyedition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ("draft", "dropped")),
                    models.Q(
                        models.Q(("checker", ""), _negated=True),
                        ("checked_by__isnull", False),
                        ("checked_on__isnull", False),
                        ("check_expires_on__gte", models.F("checked_on")),
                    ),
                    _connector="OR",
                ),
                name="a_checked_edition_has_a_checker",
            ),
        ),
        migrations.AddConstraint(
            model_name="policyedition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("published_by", None),
                    models.Q(("published_by", models.F("checked_by")), _negated=True),
                    _connector="OR",
                ),
                name="nobody_publishes_what_they_checked",
            ),
        ),
        migrations.AddConstraint(
            model_name="policyedition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("is_open", True), ("published_at__isnull", False), ("state", "published")),
                    models.Q(
                        models.Q(("state", "published"), _negated=True), ("is_open", False), ("published_at", None)
                    ),
                    _connector="OR",
                ),
                name="what_is_published_is_open",
            ),
        ),
        migrations.RunPython(close, migrations.RunPython.noop),
    ]
