"""Ports side by side: class, counterpart, goods, the figure of a year, the years, modelled use of the border."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bridgehead.ground import wording, words
from bridgehead.ground.kept import kept
from bridgehead.ground.language import language, speak
from bridgehead.ground.region import Loaded
from bridgehead.kernel.errors import BridgeheadError, Fault
from bridgehead.kernel.source import Standing, standing_of
from bridgehead.kernel.tables import Row
from bridgehead.rooms.gateway import prose
from bridgehead.rooms.gateway.selectors import modelled, names
from bridgehead.rooms.gateway.selectors.border_use import Use, absent, basis_at, use_of
from bridgehead.rooms.gateway.selectors.comparison import Comparison, base_figure, comparison, sum_t
from bridgehead.rooms.gateway.selectors.filters import choice, orders
from bridgehead.rooms.gateway.selectors.throughput import Point, best, cell, nearly_years, points, rows

# Rings on the map: largest first. Classes of a plan stand in until the regulation's own are assigned.
_RING = {"hub": 0, "comprehensive_hub": 0, "key_specialised": 1, "key": 1, "ordinary": 2, "characteristic": 2}
SPARK_YEARS = 10


@dataclass(frozen=True, slots=True)
class PortClass:
    """The class of a port: the regulation's where it is assigned, else that of a plan.

    ``kind`` is ``statutory``, ``plan`` or empty (no class at all); ``word`` the word of the table, ``ring`` the size
    of the ring on the map (0 large to 2 small).
    """

    kind: str
    word: str
    standing: Standing
    source: str

    @property
    def label(self) -> str:
        """The class in the language of the page."""
        return words.word("statutory_class" if self.kind == "statutory" else "port_class", self.word)

    @property
    def ring(self) -> int:
        """Size of the ring on the map."""
        return _RING.get(self.word, 2)


def class_of(row: Row) -> PortClass:
    """Return the class of a port."""
    statutory = cell(row, "statutory_class")
    if statutory:
        said = standing_of(cell(row, "statutory_class_standing"))
        return PortClass("statutory", statutory, said, cell(row, "statutory_class_source"))
    planned = cell(row, "class")
    kind = "plan" if planned else ""
    return PortClass(kind, planned, standing_of(cell(row, "class_confidence")), cell(row, "class_plan"))


def _joint(loaded: Loaded, port: str, group: str, point: Point | None) -> str:
    """Return the figure of a group in words: 与铁路合计 ≥1,900; empty where the figure is the port's own."""
    if not group or point is None:
        return ""
    things = names.index(loaded)
    others = [m for m in things.groups[group].members if m != port and names.is_land(things.ports[m])]
    on_map = [cell(things.on_map[m], "merged_into") if m in things.on_map else "" for m in (port, *others)]
    one_town = len(set(on_map)) == 1 and on_map[0]
    said = [words.word("mode", cell(things.ports[m], "mode")) if one_town else names.short(loaded, m) for m in others]
    amount = wording.amount(point.figure, language())
    return _("与%(ports)s合计 %(amount)s") % {"ports": prose.listed(said), "amount": amount}


@dataclass(frozen=True, slots=True)
class PortLine:
    """One row of a table of ports: a port, or a group of ports whose figure is only known together.

    Attributes
    ----------
    id, name_zh, name_en, short_zh, short_en, href : str
        The port or group, and what the map calls it.
    mode, status : str
        Words of the tables; of a group those of its first member.
    counterpart, counterpart_country : str
        Port and country on the other side.
    port_class : PortClass
        Class.
    imports, exports : tuple of str
        Main goods, in words.
    point : Point or None
        The figure of the base year.
    point_of : str
        The group the figure belongs to, empty where it is the port's own.
    series : tuple of Point
        Best figure of each year of which at least nine months are counted.
    utilisation : float or None
        Modelled use of the border links, the busier direction.
    modelled_t : float or None
        Modelled tonnes of the base year.
    use : Use
        That use in words, with what it is worth.
    joint : str
        The figure of the group in words, where it is only known together: 与铁路合计 ≥1,900.
    not_open_then : bool
        Whether the port was not open in the base year, so that no figure of it can be missing.
    members : tuple of PortLine
        The ports of a group.
    """

    id: str
    name_zh: str
    name_en: str
    short_zh: str
    short_en: str
    href: str
    mode: str
    status: str
    counterpart: str
    counterpart_country: str
    port_class: PortClass
    imports: tuple[str, ...]
    exports: tuple[str, ...]
    point: Point | None
    point_of: str
    series: tuple[Point, ...]
    utilisation: float | None
    modelled_t: float | None
    use: Use
    joint: str = ""
    not_open_then: bool = False
    members: tuple[PortLine, ...] = ()

    @property
    def short(self) -> str:
        """The short name in the language of the page."""
        return speak(language(), self.short_zh, self.short_en)

    @property
    def value(self) -> float | None:
        """The tonnes of the base year, of the port itself; None where they are only known together with others."""
        return self.point.figure.value if self.point and not self.point_of else None

    @property
    def full(self) -> bool:
        """Whether the border is used to nine tenths or more, by a capacity and a model that can tell."""
        return self.use.firm and self.utilisation is not None and self.utilisation >= modelled.FULL


def counterpart(row: Row) -> str:
    """Return the name of the port on the other side, without what stands in brackets behind it."""
    zh, en = cell(row, "counterpart_port_zh"), cell(row, "counterpart_port_en")
    said = speak(language(), zh or en, en or zh)
    return said.split("(")[0].split("（")[0].strip()


def goods(loaded: Loaded, port: str, direction: str) -> tuple[str, ...]:
    """Return the goods a port imports or exports, in words and in the order of the tables."""
    row = names.index(loaded).ports.get(port)
    listed = [
        cell(r, "commodity")
        for r in rows(loaded, "port_commodities")
        if cell(r, "port_id") == port and cell(r, "direction") == direction
    ]
    if not listed and row is not None:
        listed = [str(one) for one in row.get("main_imports" if direction == "import" else "main_exports") or ()]  # type: ignore[union-attr]
    return tuple(dict.fromkeys(words.word("goods", one) for one in listed))


def line(loaded: Loaded, row: Row) -> PortLine:
    """Return the row of one port."""
    port = cell(row, "id")
    year = loaded.region.settings.base_year
    point, group = base_figure(loaded, port, year)
    zh, en = names.both(loaded, port)
    share = modelled.border_utilisation(loaded, port)
    return PortLine(
        id=port,
        name_zh=zh,
        name_en=en,
        short_zh=names.short(loaded, port, "zh"),
        short_en=names.short(loaded, port, "en"),
        href=names.href(port, loaded),
        mode=cell(row, "mode"),
        status=cell(row, "status"),
        counterpart=counterpart(row),
        counterpart_country=cell(row, "counterpart_country"),
        port_class=class_of(row),
        imports=goods(loaded, port, "import"),
        exports=goods(loaded, port, "export"),
        point=point,
        point_of=group,
        series=nearly_years(points(loaded, port)),
        utilisation=share,
        modelled_t=modelled.port_total_t(loaded, port),
        use=use_of(share, basis_at(loaded, port), comparison(loaded, port), absent(row, year)),
        joint=_joint(loaded, port, group, point),
        not_open_then=not names.opened_by(row, year),
    )


def group_line(loaded: Loaded, group: names.Group, members: tuple[PortLine, ...]) -> PortLine:
    """Return the row of ports that are counted together."""
    point = best(points(loaded, group.id), loaded.region.settings.base_year)
    zh, en = names.both(loaded, group.id)
    used = [m for m in members if m.utilisation is not None]
    fullest = max(used, key=lambda m: m.utilisation or 0.0) if used else members[0]
    year = loaded.region.settings.base_year
    compared = Comparison(year, point, group.id, sum_t(loaded, group.members), group.members)
    tonnes = [m.modelled_t for m in members if m.modelled_t is not None]
    first = min(members, key=lambda m: names.MODE_ORDER.get(m.mode, 9))
    place = _town(loaded, members)
    return PortLine(
        id=group.id,
        name_zh=zh,
        name_en=en,
        short_zh=names.short(loaded, place or group.id, "zh"),
        short_en=names.short(loaded, place or group.id, "en"),
        href=first.href,
        mode=first.mode,
        status=first.status,
        counterpart=" / ".join(dict.fromkeys(m.counterpart for m in members if m.counterpart)),
        counterpart_country=first.counterpart_country,
        port_class=first.port_class,
        imports=tuple(dict.fromkeys(one for m in members for one in m.imports)),
        exports=tuple(dict.fromkeys(one for m in members for one in m.exports)),
        point=point,
        point_of="",
        series=nearly_years(points(loaded, group.id)),
        utilisation=fullest.utilisation,
        modelled_t=sum(tonnes) if tonnes else None,
        use=use_of(fullest.utilisation, basis_at(loaded, fullest.id), compared, fullest.use.words),
        members=members,
    )


def _town(loaded: Loaded, members: Iterable[PortLine]) -> str:
    """Return the place all members are drawn with on the map, or nothing."""
    on_map = names.index(loaded).on_map
    towns = {cell(on_map[m.id], "merged_into") if m.id in on_map else "" for m in members}
    return towns.pop() if len(towns) == 1 else ""


@kept
def all_lines(loaded: Loaded) -> tuple[PortLine, ...]:
    """Return the row of every port of the region, open or not, in file order."""
    return tuple(line(loaded, row) for row in rows(loaded, "ports"))


@kept
def sites(loaded: Loaded) -> tuple[PortLine, ...]:
    """Return the open land ports, those counted together in the base year as one row with its ports below it."""
    open_land = {
        cell(row, "id"): line(loaded, row) for row in rows(loaded, "ports") if names.is_open(row) and names.is_land(row)
    }
    year = loaded.region.settings.base_year
    found: list[PortLine] = []
    taken: set[str] = set()
    for group in sorted(names.index(loaded).groups.values(), key=lambda g: (len(g.members), g.id)):
        members = tuple(open_land[m] for m in group.members if m in open_land)
        free = group.kind == "port_group" and len(members) > 1 and not taken.intersection(m.id for m in members)
        if free and best(points(loaded, group.id), year) is not None:
            found.append(group_line(loaded, group, members))
            taken.update(m.id for m in members)
    return tuple(found + [one for id_, one in open_land.items() if id_ not in taken])


SORTS: dict[str, tuple[Callable[[PortLine], object], bool]] = {
    "freight": (lambda p: None if p.point_of else p.value, True),
    "use": (lambda p: p.utilisation, True),
    "name": (lambda p: p.name_en.casefold(), False),
    "counterpart": (lambda p: (p.counterpart_country, p.counterpart), False),
    "class": (lambda p: (p.port_class.ring if p.port_class.kind else 9, p.name_en.casefold()), False),
    "model": (lambda p: p.modelled_t, True),
}
"""What a table of ports can be sorted by, and whether the largest comes first."""


def ordered(lines: Iterable[PortLine], sort: str) -> tuple[PortLine, ...]:
    """Return the rows in an order of `SORTS`; a minus sign in front turns it round; what has no value stays last."""
    key, down = SORTS[sort.removeprefix("-")]
    down ^= sort.startswith("-")
    listed = list(lines)
    known = [one for one in listed if key(one) is not None]
    unknown = [one for one in listed if key(one) is None]
    known.sort(key=lambda one: one.name_en.casefold())
    known.sort(key=key, reverse=down)  # type: ignore[arg-type]
    return tuple(known + sorted(unknown, key=lambda one: one.name_en.casefold()))


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list of ports is narrowed to; empty means any."""

    mode: str = ""
    status: str = ""
    port_class: str = ""

    def holds(self, one: PortLine) -> bool:
        """Tell whether a port is in the list."""
        return (
            self.mode in ("", one.mode)
            and self.status in ("", one.status)
            and self.port_class in ("", one.port_class.word or "none")
        )


@dataclass(frozen=True, slots=True)
class Option:
    """A choice of a filter with the number of ports it leaves."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Options:
    """The choices of the list of ports."""

    modes: tuple[Option, ...]
    statuses: tuple[Option, ...]
    classes: tuple[Option, ...]


def options(lines: Iterable[PortLine]) -> Options:
    """Return the choices that occur among the ports, with their numbers."""
    listed = tuple(lines)

    def count(values: Iterable[tuple[str, str]]) -> tuple[Option, ...]:
        found: dict[str, list[object]] = {}
        for value, label in values:
            found.setdefault(value, [label, 0])[1] += 1  # type: ignore[operator]
        return tuple(Option(value, str(label), int(number)) for value, (label, number) in found.items())  # type: ignore[call-overload]

    return Options(
        modes=count((one.mode, words.word("mode", one.mode)) for one in listed),
        statuses=count((one.status, words.word("port_status", one.status)) for one in listed),
        classes=count((one.port_class.word or "none", one.port_class.label or _("未分类")) for one in listed),
    )


def sort_of(given: Mapping[str, str]) -> str:
    """Return the order an address asks for, by freight without one; ``request.bad_filter`` for an unknown one."""
    faults: list[Fault] = []
    sort = choice(faults, "sort", given.get("sort", ""), orders(SORTS))
    if faults:
        raise BridgeheadError.of(faults)
    return sort or "freight"


def question_of(known: Options, given: Mapping[str, str]) -> tuple[Filters, str]:
    """Return the filters and the order an address asks for; ``request.bad_filter`` with every unknown word at once."""
    faults: list[Fault] = []
    filters = Filters(
        mode=choice(faults, "mode", given.get("mode", ""), (one.value for one in known.modes)),
        status=choice(faults, "status", given.get("status", ""), (one.value for one in known.statuses)),
        port_class=choice(faults, "class", given.get("class", ""), (one.value for one in known.classes)),
    )
    sort = choice(faults, "sort", given.get("sort", ""), orders(SORTS))
    if faults:
        raise BridgeheadError.of(faults)
    return filters, sort or "freight"


@kept
def statement(loaded: Loaded) -> str:
    """Return the sentence on how many ports there are and how many are open."""
    every = rows(loaded, "ports")
    open_ = [row for row in every if names.is_open(row)]
    land = sum(names.is_land(row) for row in open_)
    said = _("%(every)s个口岸，%(open)s个开放：陆路 %(land)s个，航空 %(air)s个")
    if land == len(open_):
        said = _("%(every)s个口岸，%(open)s个开放，都在陆路")
    counted = {
        "every": words.count(len(every)),
        "open": words.count(len(open_)),
        "land": words.count(land),
        "air": words.count(len(open_) - land),
    }
    return prose.capital(prose.tidy(said % counted))
