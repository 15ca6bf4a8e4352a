from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="RegionEdition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("region", models.CharField(max_length=64)),
                ("content_hash", models.CharField(max_length=64)),
                ("version", models.CharField(max_length=32)),
                ("loaded_at", models.DateTimeField()),
            ],
            options={"ordering": ("-loaded_at", "-id")},
        ),
        migrations.AddConstraint(
            model_name="regionedition",
            constraint=models.UniqueConstraint(
                fields=("region", "content_hash", "version"), name="one_row_per_edition"
            ),
        ),
    ]
