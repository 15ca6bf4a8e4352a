import django.db.models.deletion
from django.db import migrations, models

from bridgehead.ground.access.row_security import protect
from bridgehead.ground.access.visibility import Visibility

PERSON = Visibility("accounts", owners=("home_id",), offices=(), persons=("id",))


def protect_people(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in protect("ground_person", PERSON):
            schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("ground", "0006_search_index")]
    operations = [
        migrations.AddField(
            model_name="organisation",
            name="reports_to",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reporting",
                to="ground.organisation",
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="home",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="people",
                to="ground.organisation",
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="withdrawn_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.RemoveConstraint(model_name="membership", name="one_open_membership_a_role"),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ends_on__isnull", True), ("withdrawn_on__isnull", True)),
                fields=("person", "organisation", "role"),
                name="one_open_membership_a_role",
            ),
        ),
        migrations.RunPython(protect_people, migrations.RunPython.noop),
    ]
