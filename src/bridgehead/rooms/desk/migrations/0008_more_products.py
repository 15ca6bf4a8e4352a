from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0007_tellings_and_ratings"),
    ]

    operations = [
        migrations.AlterField(
            model_name="product",
            name="kind",
            field=models.CharField(
                choices=[
                    ("loan", "Loan"),
                    ("guarantee", "Guarantee"),
                    ("factoring", "Factoring"),
                    ("letter_of_credit", "Letter Of Credit"),
                    ("leasing", "Leasing"),
                    ("exchange", "Exchange"),
                    ("small_firms", "Small Firms"),
                    ("short_term", "Short Term"),
                    ("long_term", "Long Term"),
                    ("outbound", "Outbound"),
                    ("train", "Train"),
                    ("road", "Road"),
                    ("forwarding", "Forwarding"),
                    ("storage", "Storage"),
                    ("agency", "Agency"),
                    ("fund", "Fund"),
                    ("deferral", "Deferral"),
                    ("legal", "Legal"),
                    ("remedy", "Remedy"),
                    ("emergency", "Emergency"),
                ],
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="product",
            name="service",
            field=models.CharField(
                choices=[
                    ("finance", "Finance"),
                    ("insurance", "Insurance"),
                    ("logistics", "Logistics"),
                    ("relief", "Relief"),
                ],
                max_length=9,
            ),
        ),
    ]
