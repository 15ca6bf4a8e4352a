from django.db import migrations

from bridgehead.ground.access.row_security import FUNCTIONS, protect
from bridgehead.ground.access.visibility import Visibility
from bridgehead.kernel.chain import GENESIS

APPEND_ONLY = ("ground_journalentry", "ground_journalseal")
PROTECTED = {
    "ground_organisation": Visibility("directory", owners=("id",), public="is_public"),
    "ground_membership": Visibility("accounts", owners=("organisation_id",), offices=(), persons=("person_id",)),
    "ground_mandate": Visibility("accounts", owners=("principal_id", "agent_id"), offices=()),
    "ground_delegation": Visibility(
        "accounts", owners=("organisation_id",), offices=(), persons=("delegate_id", "delegator_id")
    ),
    "ground_journalentry": Visibility("journal", persons=("actor_id",), anybody_adds=True),
    "ground_task": Visibility("tasks", offices=(), persons=("asked_by",), anybody_adds=True),
}

SQLITE_TRIGGER = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
"""
POSTGRES_FUNCTION = """
CREATE FUNCTION bridgehead_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$
"""
POSTGRES_TRIGGER = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION bridgehead_append_only()
"""


def close(apps, schema_editor):
    apps.get_model("ground", "JournalHead").objects.create(id=1, position=0, chain=GENESIS)
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRES_FUNCTION, params=None)
        schema_editor.execute(FUNCTIONS, params=None)
        for table in APPEND_ONLY:
            schema_editor.execute(POSTGRES_TRIGGER.format(table=table), params=None)
        for table, declared in PROTECTED.items():
            for statement in protect(table, declared):
                schema_editor.execute(statement, params=None)
        return
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            schema_editor.execute(SQLITE_TRIGGER.format(table=table, verb=verb), params=None)


class Migration(migrations.Migration):
    dependencies = [("ground", "0002_people_journal_tasks")]
    operations = [migrations.RunPython(close, migrations.RunPython.noop)]
