from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ground", "0004_files_and_imports")]
    operations = [
        migrations.AddField(model_name="person", name="sign_outs", field=models.PositiveIntegerField(default=0)),
    ]
