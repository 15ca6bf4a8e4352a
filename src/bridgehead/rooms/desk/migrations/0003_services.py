import django.db.models.deletion
from django.db import migrations, models

from bridgehead.ground.access.row_security import protect
from bridgehead.ground.access.visibility import Visibility

TABLES = {
    "newsitem": Visibility("services", offices=(), public="is_open"),
    "newssubscription": Visibility("cases", offices=()),
    "notice": Visibility("cases", offices=()),
    "noticeread": Visibility("cases", owners=(), offices=(), persons=("person_id",)),
    "noticereader": Visibility("cases", owners=(), offices=(), persons=("person_id",)),
    "trainingplace": Visibility("cases"),
    "trainingsession": Visibility("services", offices=(), public="is_open"),
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
            name="NoticeReader",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_id", models.BigIntegerField(unique=True)),
                ("read_until", models.DateTimeField(null=True)),
                ("mailed", models.JSONField(default=dict)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_id", models.BigIntegerField(null=True)),
                ("kind", models.CharField(max_length=40)),
                ("words", models.JSONField(default=dict)),
                ("page", models.CharField(blank=True, max_length=60)),
                ("kwargs", models.JSONField(default=dict)),
                ("told_at", models.DateTimeField()),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.organisation"
                    ),
                ),
            ],
            options={
                "ordering": ("-told_at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="NoticeRead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_id", models.BigIntegerField()),
                (
                    "notice",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="desk.notice"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TrainingSession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("texts", models.JSONField()),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("link", models.URLField(blank=True, max_length=300)),
                ("language", models.CharField(max_length=2)),
                ("seats", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("planned", "Planned"), ("held", "Held"), ("cancelled", "Cancelled")],
                        default="planned",
                        max_length=9,
                    ),
                ),
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
                "ordering": ("starts_at", "id"),
            },
        ),
        migrations.CreateModel(
            name="TrainingPlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=16, unique=True)),
                ("code_hash", models.CharField(blank=True, max_length=64)),
                ("person_id", models.BigIntegerField(null=True)),
                ("name", models.CharField(max_length=100)),
                ("firm_name", models.CharField(max_length=200)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("language", models.CharField(max_length=2)),
                (
                    "state",
                    models.CharField(
                        choices=[("taken", "Taken"), ("waiting", "Waiting"), ("given_up", "Given Up")],
                        default="taken",
                        max_length=8,
                    ),
                ),
                ("signed_at", models.DateTimeField()),
                ("attended", models.BooleanField(null=True)),
                ("certificate", models.CharField(max_length=20, null=True, unique=True)),
                ("certified_on", models.DateField(null=True)),
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ground.organisation",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="places", to="desk.trainingsession"
                    ),
                ),
            ],
            options={
                "ordering": ("signed_at", "id"),
            },
        ),
        migrations.CreateModel(
            name="NewsItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("texts", models.JSONField()),
                ("goods", models.CharField(blank=True, max_length=200)),
                ("countries", models.CharField(blank=True, max_length=200)),
                ("source", models.CharField(max_length=300)),
                ("source_on", models.DateField()),
                ("expires_on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("released", "Released"), ("withdrawn", "Withdrawn")],
                        default="draft",
                        max_length=9,
                    ),
                ),
                ("writers", models.JSONField(default=list)),
                ("returned", models.CharField(blank=True, max_length=500)),
                ("written_by", models.BigIntegerField(null=True)),
                ("released_by", models.BigIntegerField(null=True)),
                ("released_at", models.DateTimeField(null=True)),
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
                "ordering": ("-released_at", "-id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_open", True)),
                        fields=["expires_on", "-released_at"],
                        name="news_that_is_open",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("released_by", None),
                            ("written_by", None),
                            models.Q(("released_by", models.F("written_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_releases_their_own_news",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("is_open", True), ("released_at__isnull", False), ("state", "released")),
                            models.Q(("is_open", False), ("released_at", None), ("state", "draft")),
                            models.Q(
                                ("is_open", False), ("state", "withdrawn"), models.Q(("reason", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="news_is_open_while_released",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NewsSubscription",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("goods", models.CharField(blank=True, max_length=6)),
                ("country", models.CharField(blank=True, max_length=2)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.organisation"
                    ),
                ),
            ],
            options={
                "ordering": ("goods", "country"),
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "goods", "country"), name="one_subscription_of_a_firm")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(fields=["owner", "-told_at"], name="notices_of_an_organisation"),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", ""), _negated=True), name="a_notice_has_a_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="noticeread",
            constraint=models.UniqueConstraint(
                fields=("person_id", "notice"), name="a_notice_is_read_once_by_a_person"
            ),
        ),
        migrations.AddIndex(
            model_name="trainingsession",
            index=models.Index(fields=["starts_at"], name="training_by_its_beginning"),
        ),
        migrations.AddConstraint(
            model_name="trainingsession",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="a_session_ends_after_it_begins"
            ),
        ),
        migrations.AddConstraint(
            model_name="trainingsession",
            constraint=models.CheckConstraint(condition=models.Q(("seats__gt", 0)), name="a_session_has_seats"),
        ),
        migrations.AddConstraint(
            model_name="trainingsession",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "cancelled"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="a_session_is_cancelled_for_a_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="trainingplace",
            index=models.Index(fields=["owner", "-signed_at"], name="places_of_a_firm"),
        ),
        migrations.AddConstraint(
            model_name="trainingplace",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("certificate", None), ("certified_on", None)),
                    models.Q(("attended", True), ("certificate__isnull", False), ("certified_on__isnull", False)),
                    _connector="OR",
                ),
                name="a_certificate_is_for_who_attended",
            ),
        ),
        migrations.AddConstraint(
            model_name="trainingplace",
            constraint=models.CheckConstraint(
                condition=models.Q(("owner", None), models.Q(("code_hash", ""), ("email", "")), _connector="OR"),
                name="a_firms_place_needs_no_code",
            ),
        ),
        migrations.RunPython(close, migrations.RunPython.noop),
    ]
