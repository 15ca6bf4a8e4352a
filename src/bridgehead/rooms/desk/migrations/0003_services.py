import django.db.models.deletion
from django.db import migrations, models

from bridgehead.ground.access.row_security import protect
from bridgehead.ground.access.visibility import Visibility

TABLES = {
    "notice": Visibility("cases", offices=()),
    "noticeread": Visibility("cases", owners=(), offices=(), persons=("person_id",)),
    "noticereader": Visibility("cases", owners=(), offices=(), persons=("person_id",)),
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
        migrations.RunPython(close, migrations.RunPython.noop),
    ]
