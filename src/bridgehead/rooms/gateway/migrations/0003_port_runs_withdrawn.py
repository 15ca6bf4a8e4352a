from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("gateway", "0002_port_runs"),
    ]

    operations = [
        migrations.AddField(
            model_name="portrun",
            name="withdrawn_at",
            field=models.DateTimeField(null=True),
        ),
    ]
