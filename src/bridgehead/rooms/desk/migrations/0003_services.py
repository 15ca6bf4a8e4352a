import django.db.models.deletion
from django.db import migrations, models

from bridgehead.ground.access.row_security import protect
from bridgehead.ground.access.visibility import Visibility

TABLES = {
    "enquiry": Visibility("cases", owners=("owner_id", "to_id"), offices=()),
    "fair": Visibility("services", offices=(), public="is_open"),
    "fairentry": Visibility("cases"),
    "firmcard": Visibility("cases", offices=(), public="is_open"),
    "newsitem": Visibility("services", offices=(), public="is_open"),
    "newssubscription": Visibility("cases", offices=()),
    "notice": Visibility("cases", offices=()),
    "noticeread": Visibility("cases", owners=(), offices=(), persons=("person_id",)),
    "noticereader": Visibility("cases", owners=(), offices=(), persons=("person_id",)),
    "outboundproject": Visibility("outbound"),
    "outboundsignal": Visibility("outbound"),
    "patrolvisit": Visibility("outbound"),
    "product": Visibility("services", offices=(), public="is_open"),
    "trainingplace": Visibility("cases"),
    "trainingsession": Visibility("services", offices=(), public="is_open"),
}


def close(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table, declared in TABLES.items():
            for statement in protect(f"desk_{table}", declared):
                schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0002_cases"),
        ("ground", "0009_task_times_lost"),
    ]

    operations = [
        migrations.CreateModel(
            name="NoticeReader",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_id", models.BigIntegerField(unique=True)),
                ("read_until", models.DateTimeField(null=True)),
                ("mailed", models.JSONField(default=dict)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name="Fair",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("texts", models.JSONField()),
                ("country", models.CharField(max_length=2)),
                ("goods", models.CharField(blank=True, max_length=200)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("deadline", models.DateField()),
                ("capacity", models.PositiveIntegerField(null=True)),
                ("source", models.CharField(max_length=300)),
                ("source_on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[("planned", "Planned"), ("cancelled", "Cancelled")], default="planned", max_length=9
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("is_open", models.BooleanField(default=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.organisation"
                    ),
                ),
            ],
            options={
                "ordering": ("starts_on", "id"),
            },
        ),
        migrations.CreateModel(
            name="FairEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("brings", models.CharField(max_length=500)),
                ("contact", models.CharField(max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[("taken", "Taken"), ("waiting", "Waiting"), ("given_up", "Given Up")],
                        default="taken",
                        max_length=8,
                    ),
                ),
                ("signed_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "fair",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="desk.fair"
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.organisation"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.organisation"
                    ),
                ),
            ],
            options={
                "ordering": ("signed_at", "id"),
            },
        ),
        migrations.CreateModel(
            name="FirmCard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("texts", models.JSONField()),
                ("goods", models.CharField(blank=True, max_length=200)),
                ("countries", models.CharField(blank=True, max_length=200)),
                ("languages", models.JSONField(default=list)),
                ("is_open", models.BooleanField(default=False)),
                ("changed_on", models.DateField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "owner",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.organisation"
                    ),
                ),
            ],
            options={
                "ordering": ("-changed_on", "-id"),
            },
        ),
        migrations.CreateModel(
            name="NewsItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("texts", models.JSONField()),
                ("goods", models.CharField(blank=True, max_length=200)),
                ("countries", models.CharField(blank=True, max_length=200)),
                ("source", models.CharField(max_length=300)),
                ("source_on", models.DateField()),
                ("expires_on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("released", "Released"), ("withdrawn", "Withdrawn")],
                        default="draft",
                        max_length=9,
                    ),
                ),
                ("writers", models.JSONField(default=list)),
                ("returned", models.CharField(blank=True, max_length=500)),
                ("written_by", models.BigIntegerField(null=True)),
                ("released_by", models.BigIntegerField(null=True)),
                ("released_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("is_open", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.organisation"
                    ),
                ),
            ],
            options={
                "ordering": ("-released_at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="NewsSubscription",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("goods", models.CharField(blank=True, max_length=6)),
                ("country", models.CharField(blank=True, max_length=2)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.organisation"
                    ),
                ),
            ],
            options={
                "ordering": ("goods", "country"),
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_id", models.BigIntegerField(null=True)),
                ("kind", models.CharField(max_length=40)),
                ("words", models.JSONField(default=dict)),
                ("page", models.CharField(blank=True, max_length=60)),
                ("kwargs", models.JSONField(default=dict)),
                ("told_at", models.DateTimeField()),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.organisation"
                    ),
                ),
            ],
            options={
                "ordering": ("-told_at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="NoticeRead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_id", models.BigIntegerField()),
                (
                    "notice",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="desk.notice"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OutboundProject",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("consents_on", models.DateField(null=True)),
                ("name", models.CharField(max_length=200)),
                ("country", models.CharField(max_length=2)),
                ("place", models.CharField(max_length=200)),
                ("people", models.PositiveIntegerField()),
                ("contact_there", models.CharField(max_length=200)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(null=True)),
                ("note", models.CharField(blank=True, max_length=1000)),
                ("answers", models.JSONField(default=dict)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "office",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ground.organisation",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.organisation"
                    ),
                ),
            ],
            options={
                "ordering": ("-starts_on", "-id"),
            },
        ),
        migrations.CreateModel(
            name="OutboundSignal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(max_length=100)),
                (
                    "level",
                    models.CharField(
                        choices=[("notice", "Notice"), ("warning", "Warning"), ("danger", "Danger")], max_length=7
                    ),
                ),
                ("texts", models.JSONField()),
                ("source", models.CharField(max_length=300)),
                ("raised_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "office",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ground.organisation",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.organisation"
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="signals", to="desk.outboundproject"
                    ),
                ),
            ],
            options={
                "ordering": ("-raised_at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="PatrolVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("open", "Open"),
                            ("closed", "Closed"),
                            ("dropped", "Dropped"),
                        ],
                        default="planned",
                        max_length=7,
                    ),
                ),
                ("planned_on", models.DateField()),
                ("purpose", models.CharField(max_length=500)),
                ("visited_on", models.DateField(null=True)),
                ("findings", models.TextField(blank=True)),
                ("follow_up", models.TextField(blank=True)),
                ("follow_up_by", models.DateField(null=True)),
                ("outcome", models.CharField(blank=True, max_length=1000)),
                ("closed_on", models.DateField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.organisation"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.organisation"
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="visits", to="desk.outboundproject"
                    ),
                ),
            ],
            options={
                "ordering": ("-planned_on", "-id"),
            },
        ),
        migrations.CreateModel(
            name="Product",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "service",
                    models.CharField(choices=[("finance", "Finance"), ("insurance", "Insurance")], max_length=9),
                ),
                (
                    "kind",
                    models.CharField(
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
                        ],
                        max_length=16,
                    ),
                ),
                ("texts", models.JSONField()),
                ("free", models.BooleanField(default=False)),
                ("least_cny", models.DecimalField(decimal_places=2, max_digits=16, null=True)),
                ("most_cny", models.DecimalField(decimal_places=2, max_digits=16, null=True)),
                ("source", models.CharField(max_length=300)),
                ("source_on", models.DateField()),
                (
                    "standing",
                    models.CharField(
                        choices=[
                            ("measured", "measured"),
                            ("reported", "reported"),
                            ("derived", "derived"),
                            ("estimate", "estimate"),
                            ("model", "model"),
                        ],
                        max_length=10,
                    ),
                ),
                ("valid_until", models.DateField(null=True)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("is_open", models.BooleanField(default=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.organisation"
                    ),
                ),
            ],
            options={
                "ordering": ("service", "kind", "-free", "id"),
            },
        ),
        migrations.CreateModel(
            name="TrainingSession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("texts", models.JSONField()),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("link", models.URLField(blank=True, max_length=300)),
                ("language", models.CharField(max_length=2)),
                ("seats", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("planned", "Planned"), ("held", "Held"), ("cancelled", "Cancelled")],
                        default="planned",
                        max_length=9,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("is_open", models.BooleanField(default=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.organisation"
                    ),
                ),
            ],
            options={
                "ordering": ("starts_at", "id"),
            },
        ),
        migrations.CreateModel(
            name="TrainingPlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=16, unique=True)),
                ("code_hash", models.CharField(blank=True, max_length=64)),
                ("person_id", models.BigIntegerField(null=True)),
                ("name", models.CharField(max_length=100)),
                ("firm_name", models.CharField(max_length=200)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("language", models.CharField(max_length=2)),
                (
                    "state",
                    models.CharField(
                        choices=[("taken", "Taken"), ("waiting", "Waiting"), ("given_up", "Given Up")],
                        default="taken",
                        max_length=8,
                    ),
                ),
                ("signed_at", models.DateTimeField()),
                ("attended", models.BooleanField(null=True)),
                ("certificate", models.CharField(max_length=20, null=True, unique=True)),
                ("certified_on", models.DateField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.organisation"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ground.organisation",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="places", to="desk.trainingsession"
                    ),
                ),
            ],
            options={
                "ordering": ("signed_at", "id"),
            },
        ),
        migrations.CreateModel(
            name="Enquiry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField()),
                ("contact", models.CharField(max_length=200)),
                ("contact_there", models.CharField(blank=True, max_length=200)),
                ("answer", models.TextField(blank=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("sent", "Sent"), ("accepted", "Accepted"), ("declined", "Declined")],
                        default="sent",
                        max_length=8,
                    ),
                ),
                ("sent_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.organisation"
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.organisation"
                    ),
                ),
            ],
            options={
                "ordering": ("-sent_at", "-id"),
                "indexes": [
                    models.Index(fields=["to", "-sent_at"], name="enquiries_to_a_firm"),
                    models.Index(fields=["owner", "-sent_at"], name="enquiries_of_a_firm"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("owner", models.F("to")), _negated=True), name="no_firm_asks_itself"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answered_at__isnull", False),
                                ("state", "accepted"),
                                models.Q(("contact_there", ""), _negated=True),
                            ),
                            models.Q(("contact_there", ""), ("state__in", ("sent", "declined"))),
                            _connector="OR",
                        ),
                        name="who_accepts_says_how_to_reach_them",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="fair",
            index=models.Index(fields=["ends_on"], name="fairs_by_their_end"),
        ),
        migrations.AddConstraint(
            model_name="fair",
            constraint=models.CheckConstraint(
                condition=models.Q(("deadline__lte", models.F("ends_on")), ("ends_on__gte", models.F("starts_on"))),
                name="a_fair_has_its_days_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="fair",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "cancelled"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="a_fair_is_cancelled_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="fairentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "given_up"), _negated=True),
                fields=("fair", "owner"),
                name="a_firm_goes_to_a_fair_once",
            ),
        ),
        migrations.AddIndex(
            model_name="newsitem",
            index=models.Index(
                condition=models.Q(("is_open", True)), fields=["expires_on", "-released_at"], name="news_that_is_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="newsitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("released_by", None),
                    ("written_by", None),
                    models.Q(("released_by", models.F("written_by")), _negated=True),
                    _connector="OR",
                ),
                name="nobody_releases_their_own_news",
            ),
        ),
        migrations.AddConstraint(
            model_name="newsitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("is_open", True), ("released_at__isnull", False), ("state", "released")),
                    models.Q(("is_open", False), ("released_at", None), ("state", "draft")),
                    models.Q(("is_open", False), ("state", "withdrawn"), models.Q(("reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="news_is_open_while_released",
            ),
        ),
        migrations.AddConstraint(
            model_name="newssubscription",
            constraint=models.UniqueConstraint(fields=("owner", "goods", "country"), name="one_subscription_of_a_firm"),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(fields=["owner", "-told_at"], name="notices_of_an_organisation"),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", ""), _negated=True), name="a_notice_has_a_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="noticeread",
            constraint=models.UniqueConstraint(
                fields=("person_id", "notice"), name="a_notice_is_read_once_by_a_person"
            ),
        ),
        migrations.AddIndex(
            model_name="outboundproject",
            index=models.Index(fields=["country", "ends_on"], name="projects_in_a_country"),
        ),
        migrations.AddConstraint(
            model_name="outboundproject",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("consents_on", None), ("office", None)),
                    models.Q(("consents_on__isnull", False), ("office__isnull", False)),
                    _connector="OR",
                ),
                name="an_office_sees_a_project_by_consent",
            ),
        ),
        migrations.AddConstraint(
            model_name="outboundproject",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                name="a_project_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="outboundsignal",
            constraint=models.UniqueConstraint(fields=("project", "reference"), name="a_signal_reaches_a_project_once"),
        ),
        migrations.AddIndex(
            model_name="patrolvisit",
            index=models.Index(fields=["office", "state", "planned_on"], name="visits_of_an_office"),
        ),
        migrations.AddConstraint(
            model_name="patrolvisit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("planned", "dropped")), ("visited_on", None)),
                    models.Q(
                        ("state__in", ("open", "closed")),
                        ("visited_on__isnull", False),
                        models.Q(("findings", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="a_visit_that_was_paid_has_findings",
            ),
        ),
        migrations.AddConstraint(
            model_name="patrolvisit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "open"), _negated=True),
                    models.Q(models.Q(("follow_up", ""), _negated=True), ("follow_up_by__isnull", False)),
                    _connector="OR",
                ),
                name="what_is_to_be_done_has_a_day",
            ),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(fields=["service", "valid_until"], name="products_of_a_service"),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("least_cny", None), ("most_cny", None), ("most_cny__gte", models.F("least_cny")), _connector="OR"
                ),
                name="a_product_has_a_range_of_amounts",
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_open", True), models.Q(("reason", ""), _negated=True), _connector="OR"),
                name="a_product_is_withdrawn_for_a_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="trainingsession",
            index=models.Index(fields=["starts_at"], name="training_by_its_beginning"),
        ),
        migrations.AddConstraint(
            model_name="trainingsession",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="a_session_ends_after_it_begins"
            ),
        ),
        migrations.AddConstraint(
            model_name="trainingsession",
            constraint=models.CheckConstraint(condition=models.Q(("seats__gt", 0)), name="a_session_has_seats"),
        ),
        migrations.AddConstraint(
            model_name="trainingsession",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "cancelled"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="a_session_is_cancelled_for_a_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="trainingplace",
            index=models.Index(fields=["owner", "-signed_at"], name="places_of_a_firm"),
        ),
        migrations.AddConstraint(
            model_name="trainingplace",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("certificate", None), ("certified_on", None)),
                    models.Q(("attended", True), ("certificate__isnull", False), ("certified_on__isnull", False)),
                    _connector="OR",
                ),
                name="a_certificate_is_for_who_attended",
            ),
        ),
        migrations.AddConstraint(
            model_name="trainingplace",
            constraint=models.CheckConstraint(
                condition=models.Q(("owner", None), models.Q(("code_hash", ""), ("email", "")), _connector="OR"),
                name="a_firms_place_needs_no_code",
            ),
        ),
        migrations.RunPython(close, migrations.RunPython.noop),
    ]
