"""Reads of the directory of organisations: the tree, one organisation, those that act for others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.grants import open_on, refuse_after_mandate, today
from bridgehead.ground.access.roles import roles
from bridgehead.ground.access.viewer import Viewer, as_system, current_viewer
from bridgehead.ground.journal.reads import record_read
from bridgehead.ground.language import language, speak
from bridgehead.ground.models import Organisation
from bridgehead.ground.people.standing_in import AGENTS
from bridgehead.ground.region import current
from bridgehead.kernel.errors import BridgeheadError, Place

LONGEST_QUERY = 100
_LEVELS = {
    "league_city": ("盟市", "Leagues and cities"),
    "banner_county": ("旗县市区", "Banners, counties, cities and districts"),
}


@dataclass(frozen=True, slots=True)
class Node:
    """An organisation in the tree with what stands below it, group by group."""

    record: Organisation
    articles: tuple[int, ...]
    groups: tuple[Group, ...]
    below: int
    found: bool

    @property
    def reports_to(self) -> Organisation | None:
        """The second body it reports to."""
        return self.record.reports_to


@dataclass(frozen=True, slots=True)
class Group:
    """Organisations of one kind below the same one."""

    key: str
    title: str
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Tree:
    """What the page of organisations shows."""

    groups: tuple[Group, ...]
    total: int
    found: int
    query: str

    def nodes(self) -> Iterator[Node]:
        """Give every node, those above first."""
        waiting = [node for group in reversed(self.groups) for node in reversed(group.nodes)]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += [below for group in reversed(node.groups) for below in reversed(group.nodes)]


def articles_of(code: str) -> tuple[int, ...]:
    """Return the articles the region's table names for an organisation."""
    known: Mapping[str, tuple[int, ...]] = current().remember("ground.articles_of_organisations", _articles)
    return known.get(code, ())


def _articles() -> Mapping[str, tuple[int, ...]]:
    return {row.text("id"): tuple(row["articles"] or ()) for row in current().region.rows("orgs")}  # type: ignore[arg-type]


def tree(query: str = "") -> Tree:
    """Return the open organisations the running viewer may see as a tree; with a query, those it names and the way.

    Raises
    ------
    BridgeheadError
        ``request.too_long``.
    """
    if len(query) > LONGEST_QUERY:
        raise BridgeheadError("request.too_long", {"length": len(query), "limit": LONGEST_QUERY}, Place(field="q"))
    rows = list(visible(Organisation).filter(open_on(today())).select_related("reports_to"))
    wanted = query.strip().casefold()
    hits = {row.pk for row in rows if not wanted or _names(row, wanted)}
    kept = set(hits)
    by_pk = {row.pk: row for row in rows}
    if wanted:
        for pk in hits:
            at = by_pk[pk].parent_id
            while at in by_pk and at not in kept:
                kept.add(at)
                at = by_pk[at].parent_id
    children: dict[int | None, list[Organisation]] = {}
    for row in rows:
        if row.pk in kept:
            children.setdefault(row.parent_id if row.parent_id in by_pk else None, []).append(row)
    return Tree(_grouped(children, None, hits), len(rows), len(hits), query.strip())


def _names(row: Organisation, wanted: str) -> bool:
    return any(wanted in (text or "").casefold() for text in (row.name_zh, row.name_en, row.code, row.uscc))


def _grouped(
    children: Mapping[int | None, list[Organisation]], parent: int | None, hits: frozenset[int] | set[int]
) -> tuple[Group, ...]:
    by_key: dict[str, list[Node]] = {}
    for row in children.get(parent, ()):
        groups = _grouped(children, row.pk, hits)
        below = sum(1 + node.below for group in groups for node in group.nodes)
        by_key.setdefault(key_of(row), []).append(Node(row, articles_of(row.code), groups, below, row.pk in hits))
    order = [*roles().kinds, *_LEVELS]
    return tuple(Group(key, title_of(key), tuple(by_key[key])) for key in sorted(by_key, key=order.index))


def key_of(row: Organisation) -> str:
    """Return the group an organisation stands in: its level where that says more, else its kind."""
    return row.level if row.kind == "government" and row.level in _LEVELS else row.kind


def title_of(key: str) -> str:
    """Return the words of a group in the language of the page."""
    if key in _LEVELS:
        return speak(language(), *_LEVELS[key])
    return kind_word(key)


def kind_word(kind: str) -> str:
    """Return the word of a kind of organisation in the language of the page."""
    word = roles().kinds.get(kind)
    return word.in_language(language()) if word else kind


@dataclass(frozen=True, slots=True)
class Detail:
    """One organisation with its place in the tree."""

    record: Organisation
    way: tuple[Organisation, ...]
    groups: tuple[Group, ...]
    articles: tuple[int, ...]

    @property
    def kind(self) -> str:
        """The word of its kind."""
        return title_of(key_of(self.record))

    @property
    def below(self) -> int:
        """How many stand directly below it."""
        return sum(len(group.nodes) for group in self.groups)

    @property
    def closed(self) -> bool:
        """Whether it is closed today."""
        return self.record.closed_on is not None and self.record.closed_on <= today()


def organisation(code: str, *, journalled: bool = True) -> Organisation:
    """Return an organisation by its code; a read of an enterprise by somebody else is journalled.

    Raises
    ------
    BridgeheadError
        ``organisation.no_such_organisation``, also for one the running viewer may not see; ``action.mandate_over`` for
        one they acted for until its mandate ended.
    """
    found = visible(Organisation).filter(code=code).select_related("parent", "office", "reports_to").first()
    if found is None:
        with as_system("looking for an earlier mandate"):
            principal = Organisation.objects.filter(code=code).values_list("pk", flat=True).first()
        refuse_after_mandate(current_viewer(), principal)
        raise BridgeheadError("organisation.no_such_organisation", {"code": code[:64]})
    if journalled and not found.is_public:
        record_read(current_viewer(), "organisation", found.pk, found.pk, office_id=found.office_id)
    return found


def detail(code: str) -> Detail:
    """Return an organisation with the way to it and what stands below it."""
    record = organisation(code)
    return detail_of(record)


def detail_of(record: Organisation) -> Detail:
    """Return the way to an organisation and what stands below it."""
    rows = list(visible(Organisation).filter(open_on(today()), parent=record).select_related("reports_to"))
    groups = _grouped({record.pk: rows}, record.pk, {row.pk for row in rows})
    return Detail(record, _way(record), groups, articles_of(record.code))


def _way(record: Organisation) -> tuple[Organisation, ...]:
    """Return what stands above, the top first, as far as it may be seen."""
    way: list[Organisation] = []
    at = record.parent_id
    while at is not None and len(way) < 20:
        above = visible(Organisation).filter(pk=at).first()
        if above is None:
            break
        way.append(above)
        at = above.parent_id
    return tuple(reversed(way))


def named(pks: Iterable[int]) -> Mapping[int, Organisation]:
    """Return organisations by number for their names alone: whoever sees a mandate sees whom it joins."""
    with as_system("names of a mandate"):
        return Organisation.objects.in_bulk(set(pks))


def agents() -> tuple[Organisation, ...]:
    """Return the brokers and carriers there are: they offer their services, so whoever mandates may choose."""
    with as_system("choosing an agent"):
        return tuple(Organisation.objects.filter(open_on(today()), kind__in=AGENTS).order_by("name_zh"))


def bodies() -> tuple[Organisation, ...]:
    """Return the organisations that can stand above another or keep it in their books."""
    return tuple(visible(Organisation).filter(open_on(today())).order_by("-is_public", "code"))


def sees_accounts(viewer: Viewer, record: Organisation) -> bool:
    """Tell whether somebody sees the members and mandates of an organisation."""
    return viewer.wholly("accounts") or record.pk in viewer.owners_in("accounts")
