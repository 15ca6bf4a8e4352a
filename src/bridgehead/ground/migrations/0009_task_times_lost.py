from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ground", "0008_quicker_row_security")]
    operations = [
        migrations.AddField(
            model_name="task",
            name="times_lost",
            field=models.PositiveSmallIntegerField(default=0, db_default=0),
        ),
    ]
