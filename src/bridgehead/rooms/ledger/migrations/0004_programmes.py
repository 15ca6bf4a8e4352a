import django.db.models.deletion
from django.db import migrations, models

from bridgehead.ground.access.row_security import protect
from bridgehead.ground.access.visibility import Visibility

TABLES = (
    *("programme", "programmearticle", "programmetotal", "programmeparty", "stagemove", "programmemoney"),
    "programmeitem",
)


def close(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            for statement in protect(f"ledger_{table}", Visibility("duties")):
                schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0003_figures"),
    ]

    operations = [
        migrations.CreateModel(
            name="Programme",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40)),
                ("code", models.CharField(max_length=40)),
                ("name_zh", models.CharField(max_length=200)),
                ("name_en", models.CharField(blank=True, max_length=200)),
                ("place_id", models.CharField(blank=True, max_length=60)),
                ("stage", models.CharField(max_length=40)),
                ("stage_on", models.DateField()),
                ("next_step", models.CharField(blank=True, max_length=300)),
                ("next_due_on", models.DateField(null=True)),
                ("source", models.CharField(max_length=300)),
                ("source_on", models.DateField()),
                ("plan_line", models.CharField(blank=True, max_length=60)),
                ("project", models.CharField(blank=True, max_length=60)),
                ("articles", models.JSONField()),
                ("fields", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[("running", "Running"), ("done", "Done"), ("stopped", "Stopped")],
                        default="running",
                        max_length=8,
                    ),
                ),
                ("state_reason", models.CharField(blank=True, max_length=500)),
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
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="ledger.programme",
                    ),
                ),
            ],
            options={
                "ordering": ("kind", "code", "id"),
                "indexes": [
                    models.Index(fields=["state", "next_due_on"], name="programmes_by_next_due"),
                    models.Index(fields=["kind", "stage"], name="programmes_of_a_kind"),
                    models.Index(
                        condition=models.Q(("place_id", ""), _negated=True),
                        fields=["place_id"],
                        name="programmes_of_a_place",
                    ),
                    models.Index(
                        condition=models.Q(("plan_line", ""), _negated=True),
                        fields=["plan_line"],
                        name="programmes_of_a_plan_line",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("code",), name="one_programme_of_a_code"),
                    models.CheckConstraint(
                        condition=models.Q(("parent", models.F("id")), _negated=True),
                        name="no_programme_is_a_part_of_itself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProgrammeArticle",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("article", models.PositiveIntegerField()),
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
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="article_rows", to="ledger.programme"
                    ),
                ),
            ],
            options={
                "ordering": ("programme_id", "article"),
                "indexes": [
                    models.Index(fields=["article", "programme"], name="programmes_of_an_article"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProgrammeItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200)),
                ("on", models.DateField()),
                ("fields", models.JSONField(default=dict)),
                ("source", models.CharField(max_length=300)),
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
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="items", to="ledger.programme"
                    ),
                ),
            ],
            options={
                "ordering": ("-on", "-id"),
                "indexes": [
                    models.Index(fields=["programme", "on"], name="items_of_a_programme"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProgrammeMoney",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("appropriation", "Appropriation"),
                            ("special_bond", "Special Bond"),
                            ("transfer", "Transfer"),
                            ("commitment", "Commitment"),
                            ("payment", "Payment"),
                        ],
                        max_length=14,
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=18)),
                ("currency", models.CharField(max_length=3)),
                ("year", models.PositiveIntegerField()),
                ("on", models.DateField()),
                ("source", models.CharField(max_length=300)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("line", models.CharField(blank=True, max_length=120)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "corrects",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="ledger.programmemoney",
                    ),
                ),
                (
                    "giver",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="given",
                        to="ledger.programme",
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
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="money", to="ledger.programme"
                    ),
                ),
            ],
            options={
                "ordering": ("-on", "-id"),
                "indexes": [
                    models.Index(fields=["programme", "year", "kind"], name="money_of_a_programme"),
                    models.Index(fields=["year", "programme"], name="money_of_a_year"),
                    models.Index(
                        condition=models.Q(("giver__isnull", False)), fields=["giver", "year"], name="money_given"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount__gt", 0), ("corrects", None)),
                            models.Q(("amount__lt", 0), ("corrects__isnull", False)),
                            _connector="OR",
                        ),
                        name="only_a_counter_entry_is_below_zero",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("giver", None), ("kind", "transfer"), _connector="OR"),
                        name="only_a_transfer_has_a_giver",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("giver", None), models.Q(("giver", models.F("programme")), _negated=True), _connector="OR"
                        ),
                        name="nobody_gives_to_oneself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProgrammeParty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(blank=True, max_length=200)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("lead", "Lead"),
                            ("joint", "Joint"),
                            ("funder", "Funder"),
                            ("operator", "Operator"),
                            ("partner", "Partner"),
                            ("foreign_partner", "Foreign Partner"),
                            ("contractor", "Contractor"),
                        ],
                        max_length=20,
                    ),
                ),
                ("left_on", models.DateField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.organisation"
                    ),
                ),
                (
                    "organisation",
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
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="parties", to="ledger.programme"
                    ),
                ),
            ],
            options={
                "ordering": ("programme_id", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("left_on", None), ("organisation__isnull", False)),
                        fields=("programme", "organisation", "role"),
                        name="one_role_of_a_party",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("organisation__isnull", False), models.Q(("name", ""), _negated=True), _connector="OR"
                        ),
                        name="a_party_is_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProgrammeTotal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("funds", models.DecimalField(decimal_places=2, default=0, max_digits=20)),
                ("commitment", models.DecimalField(decimal_places=2, default=0, max_digits=20)),
                ("payment", models.DecimalField(decimal_places=2, default=0, max_digits=20)),
                ("own_funds", models.DecimalField(decimal_places=2, default=0, max_digits=20)),
                ("own_commitment", models.DecimalField(decimal_places=2, default=0, max_digits=20)),
                ("own_payment", models.DecimalField(decimal_places=2, default=0, max_digits=20)),
                ("years", models.JSONField(default=dict)),
                ("own_years", models.JSONField(default=dict)),
                ("over", models.BooleanField(default=False)),
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
                    "programme",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="total", to="ledger.programme"
                    ),
                ),
            ],
            options={
                "ordering": ("programme_id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("over", True)), fields=["programme"], name="programmes_over_budget"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StageMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_stage", models.CharField(max_length=40)),
                ("to_stage", models.CharField(max_length=40)),
                ("on", models.DateField()),
                ("evidence", models.CharField(max_length=500)),
                ("why_back", models.CharField(blank=True, max_length=500)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("accepted", "Accepted"),
                            ("returned", "Returned"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("proposed_by", models.BigIntegerField(null=True)),
                ("proposed_at", models.DateTimeField()),
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
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="moves", to="ledger.programme"
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "proposed")),
                        fields=["owner", "proposed_at"],
                        name="stages_that_wait",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "proposed")),
                        fields=("programme",),
                        name="one_stage_waits_a_programme",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None),
                            ("proposed_by", None),
                            models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            ("state", "withdrawn"),
                            _connector="OR",
                        ),
                        name="nobody_decides_on_their_own_stage",
                    ),
                ],
            },
        ),
        migrations.RunPython(close, migrations.RunPython.noop),
    ]
