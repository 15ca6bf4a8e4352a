import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0005_first_answers"),
    ]

    operations = [
        migrations.AddField(
            model_name="newsitem",
            name="case",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="desk.case",
            ),
        ),
        migrations.AddField(
            model_name="trainingplace",
            name="case",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="desk.case",
            ),
        ),
        migrations.AddConstraint(
            model_name="newsitem",
            constraint=models.UniqueConstraint(fields=("case",), name="one_item_of_news_of_a_case"),
        ),
    ]
