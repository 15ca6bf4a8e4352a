"""The index kept in step with the records: changed with each of them, and built anew where it is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Model

from bridgehead.ground import database
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.models import SearchEntry
from bridgehead.ground.search.registry import Document, Searchable, kind_of, kinds
from bridgehead.ground.search.scope import Standing, standing_of
from bridgehead.ground.search.shelves import database_shelf
from bridgehead.kernel.bigrams import EDITION
from bridgehead.kernel.errors import BridgeheadError

CHUNK = 500
"""Records indexed in one transaction, so that a rebuild holds up no other writer for long."""
Progress = Callable[[int, int], None]


def index_record(record: Model) -> None:
    """Index a record as it is now, in the running transaction; does nothing for a model that is not searched."""
    index_records([record])


def index_records(records: Sequence[Model]) -> None:
    """Index records of one model as they are now, in the running transaction; for those written many at once."""
    kind = kind_of(records[0]) if records else None
    if kind is None:
        return
    with as_system("search index"):
        for start in range(0, len(records), CHUNK):
            _put(kind, list(records[start : start + CHUNK]))


def unindex(kind: str, *records: object) -> None:
    """Take records of a kind out of the index, in the running transaction."""
    with as_system("search index"):
        for start in range(0, len(records), CHUNK):
            database_shelf().remove(kind, [str(one) for one in records[start : start + CHUNK]])


def follow(record: Model, removed: bool) -> None:
    """Keep the index in step with an action: a hook of `bridgehead.ground.actions.after_each_change`."""
    kind = kind_of(record)
    if kind is not None and removed:
        unindex(kind.kind, record.pk)
    elif kind is not None:
        index_record(record)


def _put(kind: Searchable, records: list[Model]) -> None:
    assert kind.document is not None
    found: list[tuple[Document, Standing]] = []
    gone: list[str] = []
    for record in records:
        document = kind.document(record)
        if document is None:
            gone.append(str(record.pk))
        elif document.record != str(record.pk):
            raise ValueError(f"{kind.kind}: the document of {record.pk} says it is {document.record}")
        else:
            found.append((document, standing_of(record)))
    shelf = database_shelf()
    shelf.put(kind.kind, kind.audience, found)
    shelf.remove(kind.kind, gone)


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild did with one kind: entries written, and entries removed whose record is no more."""

    kind: str
    written: int
    removed: int


def rebuild(kind: str = "", progress: Progress | None = None) -> tuple[Rebuilt, ...]:
    """Index every record anew, of one kind or of all; doing it again changes nothing.

    In chunks of their own transactions: people may work meanwhile. A record that is changed while its chunk waits is
    read in the chunk's transaction, so the index never falls behind it.

    Parameters
    ----------
    kind : str
        Only this kind; all by default.
    progress : callable, optional
        Told how many records are done, and of how many.

    Raises
    ------
    BridgeheadError
        ``search.unknown_kind``.
    """
    of_records = [one for one in kinds() if one.model is not None]
    if kind and kind not in [one.kind for one in of_records]:
        raise BridgeheadError("search.unknown_kind", {"kind": kind, "kinds": [one.kind for one in of_records]})
    wanted = [one for one in of_records if kind in ("", one.kind)]
    with as_system("search index"):
        total = sum(one.records().count() for one in wanted)
        done = 0
        found = []
        for one in wanted:
            written = 0
            for pks in _chunks(one):
                with database.writing(), transaction.atomic():
                    _put(one, list(one.records().filter(pk__in=pks)))
                written += len(pks)
                done += len(pks)
                if progress:
                    progress(done, total)
            found.append(Rebuilt(one.kind, written, _remove_stale(one)))
        if not kind:
            _remove_unknown_kinds([one.kind for one in of_records])
    return tuple(found)


def _chunks(kind: Searchable) -> Iterator[list[object]]:
    last: object = None
    while True:
        rows = kind.records().order_by("pk")
        pks = list((rows if last is None else rows.filter(pk__gt=last)).values_list("pk", flat=True)[:CHUNK])
        if not pks:
            return
        yield pks
        last = pks[-1]


def _remove_stale(kind: Searchable) -> int:
    """Remove the entries whose record is not there any more; return how many."""
    removed, last = 0, 0
    while True:
        rows = SearchEntry.objects.filter(kind=kind.kind, pk__gt=last).order_by("pk")
        some = dict(rows.values_list("record", "pk")[:CHUNK])
        if not some:
            return removed
        last = max(some.values())
        with database.writing(), transaction.atomic():
            there = {str(pk) for pk in kind.records().filter(pk__in=list(some)).values_list("pk", flat=True)}
            gone = [record for record in some if record not in there]
            database_shelf().remove(kind.kind, gone)
        removed += len(gone)


def _remove_unknown_kinds(known: list[str]) -> None:
    with database.writing(), transaction.atomic():
        SearchEntry.objects.exclude(kind__in=known).delete()


def out_of_step() -> tuple[str, ...]:
    """Return the kinds whose entries are too few or too many, or say what an earlier version of the platform would.

    That is tokens of another edition, or another scope than the model has now.

    Cheap enough for every start: a kind that leaves records out of the index on purpose says so in its `rows`.
    """
    found = []
    with as_system("search index"):
        for one in kinds():
            if one.model is None:
                continue
            scope = getattr(getattr(one.model, "VISIBILITY", None), "scope", "")
            entries = SearchEntry.objects.filter(kind=one.kind)
            right = entries.filter(edition=EDITION, scope=scope).count()
            if not right == entries.count() == one.records().count():
                found.append(one.kind)
    return tuple(found)


def catch_up() -> tuple[Rebuilt, ...]:
    """Build anew what is out of step, after an update of the platform or a restored backup."""
    return tuple(one for kind in out_of_step() for one in rebuild(kind))
