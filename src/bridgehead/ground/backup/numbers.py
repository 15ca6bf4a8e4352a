"""The numbers of records: never given again, for the number of a removed record stands in the journal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import AutoField, BigIntegerField, Max, Model
from django.db.models.functions import Cast

from bridgehead.ground.models import JournalEntry, Organisation, Person

ALSO_NAMED_IN = {
    Person._meta.db_table: ("actor_id",),
    Organisation._meta.db_table: ("owner_id", "office_id", "on_behalf_of"),
}
"""Further columns of the journal that hold numbers of a table's records."""


def go_on_after_the_journal(models: Iterable[type[Model]]) -> None:
    """Let every table number its next record higher than any there is or that the journal tells of.

    Parameters
    ----------
    models : iterable of model classes
        Those of the tables, maybe of an earlier state of the migrations.
    """
    kinds = {one._meta.db_table: one.RECORD for one in apps.get_models() if hasattr(one, "RECORD")}
    for model in models:
        if not isinstance(model._meta.pk, AutoField):
            continue
        table = model._meta.db_table
        there = model._base_manager.aggregate(last=Max("pk"))["last"] or 0
        last = max(there, _told(kinds.get(table, ""), ALSO_NAMED_IN.get(table, ())))
        if last:
            _raise(model, last)


def _told(kind: str, columns: Iterable[str]) -> int:
    """Return the highest number the journal tells of."""
    entries = JournalEntry.objects.order_by()
    found = [entries.aggregate(last=Max(column))["last"] for column in columns]
    if kind:
        numbers = entries.filter(record_kind=kind, record_id__regex=r"^[0-9]{1,18}$")
        found.append(numbers.aggregate(last=Max(Cast("record_id", BigIntegerField())))["last"])
    return max((one for one in found if one), default=0)


def _raise(model: Any, last: int) -> None:
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])
        else:
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [f'"{table}"', column, last])
