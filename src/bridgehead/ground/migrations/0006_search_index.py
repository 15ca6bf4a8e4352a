from django.db import migrations, models

from bridgehead.ground.search.scope import POSTGRES_FUNCTIONS, policy
from bridgehead.ground.search.shelves import POSTGRES_INDEX, SQLITE_INDEX

TABLE = "ground_searchentry"


def lay(apps, schema_editor):
    postgres = schema_editor.connection.vendor == "postgresql"
    for statement in POSTGRES_INDEX if postgres else SQLITE_INDEX:
        schema_editor.execute(statement, params=None)
    if postgres:
        for statement in (
            POSTGRES_FUNCTIONS,
            f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY bridgehead_visible ON {TABLE} USING ({policy()})",
        ):
            schema_editor.execute(statement, params=None)


def clear(apps, schema_editor):
    schema_editor.execute("DROP TABLE ground_searchindex", params=None)


class Migration(migrations.Migration):
    dependencies = [("ground", "0005_person_sign_outs")]
    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=32)),
                ("record", models.CharField(max_length=100)),
                ("title_zh", models.CharField(max_length=300)),
                ("title_en", models.CharField(max_length=300)),
                ("text", models.TextField()),
                ("page", models.CharField(max_length=64)),
                ("kwargs", models.TextField()),
                ("query", models.CharField(max_length=300)),
                ("audience", models.CharField(max_length=64)),
                ("is_open", models.BooleanField()),
                ("scope", models.CharField(max_length=32)),
                ("owner_id", models.BigIntegerField(null=True)),
                ("second_owner_id", models.BigIntegerField(null=True)),
                ("office_id", models.BigIntegerField(null=True)),
                ("person_id", models.BigIntegerField(null=True)),
                ("edition", models.PositiveSmallIntegerField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kind", "record"), name="one_entry_a_record")],
                "indexes": [
                    models.Index(
                        fields=[
                            "id",
                            "kind",
                            "audience",
                            "is_open",
                            "scope",
                            "owner_id",
                            "second_owner_id",
                            "office_id",
                            "person_id",
                        ],
                        name="search_entries_narrow",
                    )
                ],
            },
        ),
        migrations.RunPython(lay, clear),
    ]
