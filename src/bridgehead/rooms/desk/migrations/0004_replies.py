import django.db.models.deletion
from django.db import migrations, models

from bridgehead.ground.access.row_security import protect
from bridgehead.ground.access.visibility import Visibility


def close(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in protect("desk_publicreply", Visibility("services", offices=(), public="is_open")):
            schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0003_services"),
        ("ground", "0010_translation_signatures"),
    ]

    operations = [
        migrations.CreateModel(
            name="PublicReply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("texts", models.JSONField()),
                ("policies", models.CharField(blank=True, max_length=600)),
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
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="desk.case"),
                ),
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
                        name="replies_that_are_open",
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
                        name="nobody_releases_their_own_reply",
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
                        name="a_reply_is_open_while_released",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "withdrawn"), _negated=True),
                        fields=("case",),
                        name="one_reply_of_a_case",
                    ),
                ],
            },
        ),
        migrations.RunPython(close, migrations.RunPython.noop),
    ]
