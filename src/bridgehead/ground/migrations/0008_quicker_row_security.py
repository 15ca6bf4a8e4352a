from django.db import migrations

from bridgehead.ground.access.row_security import FUNCTIONS
from bridgehead.ground.search.scope import POSTGRES_FUNCTIONS


def replace_functions(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in (FUNCTIONS, POSTGRES_FUNCTIONS):
            schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("ground", "0007_people_in_their_place")]
    operations = [migrations.RunPython(replace_functions, migrations.RunPython.noop)]
