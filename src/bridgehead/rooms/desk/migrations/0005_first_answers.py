from django.db import migrations, models

_QUEUES = {
    "cases_of_an_office": ("office", "turn", "-urgent", "act_by", "id"),
    "cases_taken_in": ("lead", "turn", "-urgent", "act_by", "id"),
    "cases_by_turn": ("turn", "-urgent", "act_by", "id"),
    "cases_of_a_service": ("service", "turn", "-urgent", "act_by", "id", "office"),
    "cases_measured": ("service", "ended_at", "net_min", "in_time", "first_in_time", "outcome"),
}


class Migration(migrations.Migration):
    dependencies = [("desk", "0004_replies")]

    operations = [
        migrations.AddField("case", "urgent", models.BooleanField(default=False)),
        migrations.AddField("case", "first_in_time", models.BooleanField(null=True)),
        *(migrations.RemoveIndex("case", name) for name in _QUEUES),
        *(migrations.AddIndex("case", models.Index(fields=fields, name=name)) for name, fields in _QUEUES.items()),
    ]
