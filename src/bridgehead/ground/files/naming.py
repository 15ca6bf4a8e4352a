"""Which records name a file of the store: those a backup takes files along for, and the doctor looks after."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import Model


def naming_files() -> tuple[type[Model], ...]:
    """Return the models with a column ``sha256``: the name of a file in the store.

    A model whose ``sha256`` is the digest of other columns of its own names those in ``DIGEST_OF``; it names no file.
    """
    return tuple(
        one
        for one in apps.get_models()
        if any(column.name == "sha256" for column in one._meta.fields) and not hasattr(one, "DIGEST_OF")
    )


def named_files(model: type[Model], using: str | None = None) -> Any:
    """Return the names of files a model's records hold, newest records first."""
    rows = model._base_manager.using(using) if using else model._base_manager.all()
    return rows.order_by("-pk").values_list("sha256", flat=True)
