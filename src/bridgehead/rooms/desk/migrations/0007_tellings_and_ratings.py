import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0006_effects_of_cases"),
        ("ground", "0010_translation_signatures"),
    ]

    operations = [
        migrations.AddField(
            model_name="policyanswer",
            name="told_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="ground.organisation",
            ),
        ),
        migrations.AddField(
            model_name="policyclaim",
            name="answer",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="desk.policyanswer",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("rating", None), _negated=True),
                fields=["office", "ended_at", "service", "owner", "rating"],
                name="cases_rated",
            ),
        ),
    ]
