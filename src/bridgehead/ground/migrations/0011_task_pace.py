from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ground", "0010_translation_signatures")]
    operations = [
        migrations.AddField(
            model_name="task",
            name="counted_from",
            field=models.PositiveIntegerField(default=0, db_default=0),
        ),
        migrations.AddField(model_name="task", name="counted_at", field=models.DateTimeField(null=True)),
    ]
