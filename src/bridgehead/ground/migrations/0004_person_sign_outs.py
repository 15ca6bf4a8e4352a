from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ground", "0003_append_only_and_row_security")]
    operations = [
        migrations.AddField(model_name="person", name="sign_outs", field=models.PositiveIntegerField(default=0)),
    ]
