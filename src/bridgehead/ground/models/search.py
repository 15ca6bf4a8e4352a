"""What the search index says of each record; the tokens stand in a table of their own, made by the migration."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class SearchEntry(models.Model):
    """One record that can be found: its names and words, the page that shows it, and who may find it.

    Derived from the record in the transaction that changes it, and read by `bridgehead.ground.search` alone. The
    columns from ``audience`` on say the same of the entry as the `Visibility` of its model says of the record, so
    the gate's rule can be asked of entries of all kinds at once.
    """

    kind = models.CharField(max_length=32)
    record = models.CharField(max_length=100)
    title_zh = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300)
    text = models.TextField()
    page = models.CharField(max_length=64)
    kwargs = models.TextField()
    query = models.CharField(max_length=300)
    audience = models.CharField(max_length=64)
    is_open = models.BooleanField()
    scope = models.CharField(max_length=32)
    owner_id = models.BigIntegerField(null=True)
    second_owner_id = models.BigIntegerField(null=True)
    office_id = models.BigIntegerField(null=True)
    person_id = models.BigIntegerField(null=True)
    edition = models.PositiveSmallIntegerField()

    class Meta:
        """One entry a record. The narrow index answers who may find what, and how many, without the texts."""

        constraints: ClassVar = [models.UniqueConstraint(fields=("kind", "record"), name="one_entry_a_record")]
        indexes: ClassVar = [
            models.Index(
                fields=(
                    *("id", "kind", "audience", "is_open", "scope"),
                    *("owner_id", "second_owner_id", "office_id", "person_id"),
                ),
                name="search_entries_narrow",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.record}"
