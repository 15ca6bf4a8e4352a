"""One port, one page: the answer, what it is for, what it can take, model beside report."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from bridgehead.ground import wording, words
from bridgehead.ground.language import language, speak
from bridgehead.ground.region import Loaded
from bridgehead.kernel.source import Figure, Qualifier, Standing, standing_of
from bridgehead.kernel.tables import Row
from bridgehead.rooms.gateway import prose
from bridgehead.rooms.gateway.selectors import modelled, names
from bridgehead.rooms.gateway.selectors.kept import kept
from bridgehead.rooms.gateway.selectors.ports import PortClass, base_figure, class_of, counterpart
from bridgehead.rooms.gateway.selectors.throughput import Point, best, by_metric, cell, latest, points, rows

IMPORT_OF = "import_tonnes_"


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the list of facts: a label, the words (empty where nothing was found), and what they rest on.

    ``empty`` are the words for nothing, where "not found" would be wrong.
    """

    label: str
    text: str
    standing: Standing | None = None
    source: str = ""
    source_date: str = ""
    note: str = ""
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """Who the port is: the line above the name, the two names, and the sentences of the answer."""

    port: str
    name_zh: str
    name_en: str
    mode: str
    status: str
    port_class: PortClass
    where: tuple[str, ...]
    answer: tuple[str, ...]
    figure: Figure | None


@kept
def head(loaded: Loaded, port: str) -> Head:
    """Return the head of the page; ``gateway.unknown_port`` if there is no such port."""
    row = names.port_row(loaded, port)
    zh, en = names.both(loaded, port)
    sentences = (_state(row), *_freight(loaded, port), _model(loaded, port), _next(loaded, port))
    said = tuple(prose.tidy(sentence) for sentence in sentences if sentence)
    shown = _answer_point(loaded, port)
    mode, status = cell(row, "mode"), cell(row, "status")
    return Head(port, zh, en, mode, status, class_of(row), _where(loaded, row), said, shown.figure if shown else None)


def _where(loaded: Loaded, row: Row) -> tuple[str, ...]:
    country = words.country(cell(row, "counterpart_country"))
    other = counterpart(row)
    facing = ""
    if country:
        said = _("对面是%(country)s%(port)s") if other else _("对面是%(country)s")
        facing = said % {"country": country, "port": other}
    mode, status = words.word("mode", cell(row, "mode")), words.word("port_status", cell(row, "status"))
    areas = [names.area(loaded, cell(row, column)) for column in ("league_city", "banner_county")]
    place = _("、").join(dict.fromkeys(area for area in areas if area)) if language() == "en" else "".join(areas)
    return tuple(part for part in (prose.capital(mode), status, place, facing) if part)


def _state(row: Row) -> str:
    """Return the sentence on a port that is not open."""
    status, since = cell(row, "status"), wording.day(cell(row, "status_since"), language())
    if status == "under_construction":
        built = _("这个口岸还在建，%(since)s开工。") if since else _("这个口岸还在建。")
        return built % {"since": since}
    if status == "planned":
        return _("这个口岸还在规划。")
    return _("这个口岸没有开放。") if status == "not_open" else ""


def _answer_point(loaded: Loaded, port: str) -> Point | None:
    """Return the latest figure of the port, of its group where it has none of its own."""
    own = latest(points(loaded, port))
    if own is not None:
        return own
    together = (latest(points(loaded, group.id)) for group in names.groups_of(loaded, port))
    return next((point for point in together if point is not None), None)


def _freight(loaded: Loaded, port: str) -> list[str]:
    """Return the sentences on what passed: the latest figure, then the last full year with its largest import."""
    row = names.port_row(loaded, port)
    if not names.is_land(row):
        return _travellers(loaded, port)
    point = _answer_point(loaded, port)
    if point is None:
        return [_("没有查到这个口岸的货运量。")] if names.is_open(row) else []
    said = [_passed(loaded, point, port)]
    whole = latest(points(loaded, point.subject), full_year=True)
    if whole is not None and whole is not point:
        sentence = _("%(year)s 年全年%(amount)s") % {"year": whole.year, "amount": prose.amount(whole.figure)}
        most = _largest_import(loaded, whole)
        if most:
            sentence += _("，其中%(goods)s") % {"goods": most}
        said.append(prose.capital(sentence) + _("。"))
    return said


def _travellers(loaded: Loaded, port: str) -> list[str]:
    """Return the sentence on the travellers of an airport, where a figure was found."""
    for metric in ("passengers_international", "passengers", "airport_passengers_all"):
        point = latest(points(loaded, port, metric))
        if point is not None:
            until = prose.until(point.figure.period_to) if not point.full_year else ""
            values = {"year": point.year, "until": until, "metric": names.metric(loaded, metric)}
            said = _("%(year)s 年%(until)s%(metric)s %(amount)s。")
            return [prose.capital(said % {**values, "amount": prose.amount(point.figure)})]
    return [_("没有查到这个口岸的旅客和货物数字。")]


def _passed(loaded: Loaded, point: Point, port: str) -> str:
    who = "" if point.subject == port else names.name(loaded, point.subject)
    until = prose.until(point.figure.period_to) if not point.full_year else ""
    values = {"year": point.year, "until": until, "who": who, "amount": prose.amount(point.figure)}
    if who:
        said = _("%(year)s 年%(until)s，%(who)s通过 %(amount)s") if until else _("%(year)s 年%(who)s通过 %(amount)s")
    else:
        said = _("%(year)s 年%(until)s通过货物 %(amount)s") if until else _("%(year)s 年通过货物 %(amount)s")
    return prose.capital(said % values) + _("。")


def _largest_import(loaded: Loaded, whole: Point) -> str:
    """Return the largest commodity reported for the same subject and full year, with its amount."""
    found = []
    for metric, listed in by_metric(loaded, whole.subject).items():
        if metric.startswith(IMPORT_OF) and not metric.endswith("_cumulative"):
            point = best(listed, whole.year)
            if point is not None and point.full_year and point.figure.value:
                found.append((point.figure.value, metric, point))
    if not found:
        return ""
    _value, metric, point = max(found, key=lambda item: item[0])
    goods = words.word("goods", metric.removeprefix(IMPORT_OF).replace("_", " "))
    return _("%(goods)s %(amount)s") % {"goods": goods, "amount": prose.amount(point.figure)}


def _model(loaded: Loaded, port: str) -> str:
    use = modelled.border_use(loaded, port)
    year = loaded.region.settings.base_year
    if use is None or use.share is None:
        total = modelled.port_total(loaded, port)
        if total is not None and total.modelled_t == 0:
            return _("按模型，%(year)s 年没有货走这里：别的口岸更省。") % {"year": year}
        return ""
    values = {"year": year, "share": wording.percent(use.share, language()), "mode": words.word("way", use.link.mode)}
    if use.share > 1:
        return _("按模型，%(year)s 年过境%(mode)s占用能力的 %(share)s，超过能力。") % values
    if use.share >= modelled.FULL:
        return _("按模型，%(year)s 年过境%(mode)s占用能力的 %(share)s，已经用满。") % values
    return _("按模型，%(year)s 年过境%(mode)s占用能力的 %(share)s。") % values


def _next(loaded: Loaded, port: str) -> str:
    """Return the sentence on the largest project that is being built for the port."""
    here = {port, *(_twins(loaded, port))}
    building = [
        row
        for row in rows(loaded, "projects")
        if cell(row, "place_id") in here and cell(row, "status") == "under_construction"
    ]
    if not building:
        return ""
    row = max(building, key=lambda r: float(r.get("capacity_added") or 0.0))  # type: ignore[arg-type]
    finish = cell(row, "finish")
    name = speak(language(), cell(row, "name_zh"), cell(row, "name_en"))
    if finish:
        said = _("%(project)s在建，计划 %(year)s建成。")
        return prose.capital(said % {"project": name, "year": wording.day(finish, language())})
    return prose.capital(_("%(project)s在建。") % {"project": name})


def _twins(loaded: Loaded, port: str) -> tuple[str, ...]:
    """Return ports drawn at the same place: the railway port that is being built beside the road port."""
    on_map = names.index(loaded).on_map
    root = cell(on_map[port], "merged_into") if port in on_map else ""
    return tuple(
        other
        for other in names.index(loaded).ports
        if other != port and other in on_map and cell(on_map[other], "merged_into") in {port, root} - {""}
    )


@kept
def class_facts(loaded: Loaded, port: str) -> tuple[Fact, ...]:
    """Return the facts on class and function: what the port is for and when it is open."""
    row = names.port_row(loaded, port)
    found = class_of(row)
    source, when = cell(row, "source"), cell(row, "source_date")
    opening = standing_of(cell(row, "opening_confidence"))
    facts = []
    if found.kind == "statutory":
        facts.append(Fact(_("条例类别"), found.label, found.standing, found.source))
    elif loaded.region.settings.statute is not None:
        facts.append(Fact(_("条例类别"), "", empty=_("未认定")))
    if found.kind != "statutory":
        facts.append(Fact(_("规划类别"), found.label, found.standing if found.kind else None, found.source))
    cluster = cell(row, "cluster_2021")
    if cluster:
        facts.append(Fact(_("口岸群"), words.word("cluster", cluster), standing_of(cell(row, "cluster_confidence"))))
    since = wording.day(cell(row, "status_since"), language())
    opened = " · ".join(p for p in (since, words.word("opening_type", cell(row, "opening_type"))) if p)
    facts.append(Fact(_("开放"), opened, opening if opened else None, source, when))
    facts.append(_plain(_("范围"), words.word("opening_scope", cell(row, "opening_scope")), opening))
    months = cell(row, "opening_months")
    facts.append(_plain(_("月份"), _("%(months)s 月") % {"months": months} if months else "", opening))
    facts.append(_plain(_("时间"), cell(row, "hours"), standing_of(cell(row, "confidence"))))
    return tuple(facts)


def _plain(label: str, text: str, standing: Standing) -> Fact:
    return Fact(label, text, standing if text else None)


@kept
def capacity_facts(loaded: Loaded, port: str) -> tuple[Fact, ...]:
    """Return the facts on capacity: design, lanes, gauges, transshipment, and the modelled use of the border."""
    row = names.port_row(loaded, port)
    said = standing_of(cell(row, "confidence"))
    design = row.get("design_capacity_t_per_year")
    freight = names.is_land(row)
    facts = []
    if freight:
        year = _("/年")
        text = f"{prose.mass(float(design))}{year}" if isinstance(design, int | float) else ""
        facts.append(Fact(_("设计能力"), text, said if text else None, note=cell(row, "capacity_note")))
    if freight and cell(row, "mode") == "road":
        facts.append(_plain(_("货运通道"), _lanes(row, "freight"), said))
        facts.append(_plain(_("客运通道"), _lanes(row, "passenger"), said))
    gauges = (row.get("gauge_cn_mm"), row.get("gauge_counterpart_mm"))
    if cell(row, "mode") == "rail":
        text = " / ".join(str(gauge) for gauge in gauges if gauge)
        text = f"{text} {words.unit('mm') if text else ''}".strip()
        facts.append(_plain(_("轨距，本方 / 对方"), text, said))
    if cell(row, "transshipment") or cell(row, "mode") == "rail":
        facts.append(_plain(_("换装"), cell(row, "transshipment"), said))
    if freight:
        facts.append(_border_fact(loaded, port))
    return tuple(facts)


def _lanes(row: Row, kind: str) -> str:
    inward, outward = row.get(f"{kind}_lanes_in"), row.get(f"{kind}_lanes_out")
    if inward is None and outward is None:
        return ""
    return _("进 %(inward)s，出 %(outward)s") % {
        "inward": wording.number(inward, language()),  # type: ignore[arg-type]
        "outward": wording.number(outward, language()),  # type: ignore[arg-type]
    }


def _border_fact(loaded: Loaded, port: str) -> Fact:
    """Return the capacity of the fullest border link and how much of it the model uses."""
    use = modelled.border_use(loaded, port)
    busiest = use.busiest if use else None
    if use is None or busiest is None:
        link = next((x for x in modelled.border_links(loaded, port) if x.status == "open" and x.capacity), None)
        if link is None:
            return Fact(_("过境线路能力"), "")
        text = f"{wording.number(link.capacity, language())} {words.unit(link.capacity_unit)}"
        return Fact(_("过境线路能力"), text, _basis(link.capacity_basis), link.capacity_basis)
    text = _("%(capacity)s %(unit)s，用到 %(share)s") % {
        "capacity": wording.number(busiest.capacity, language()),
        "unit": words.unit(busiest.unit),
        "share": wording.percent(busiest.share, language()),
    }
    basis = busiest.capacity_basis
    return Fact(_("过境线路能力"), text, _basis(basis), basis, note=_ends(loaded, use))


def _ends(loaded: Loaded, use: modelled.LinkUse) -> str:
    return _("%(a)s – %(b)s，%(mode)s") % {
        "a": names.short(loaded, use.link.origin),
        "b": names.short(loaded, use.link.destination),
        "mode": words.word("mode", use.link.mode),
    }


def _basis(basis: str) -> Standing:
    return Standing.ESTIMATE if modelled.assumed(basis) else Standing.REPORTED


@dataclass(frozen=True, slots=True)
class Comparison:
    """Model beside report for the base year.

    ``reported`` may speak of a group (``reported_of``), then ``modelled_t`` is the sum over the group's ports, so that
    like stands beside like. ``difference_t`` is model minus report; ``reasons`` say why they may differ.
    """

    year: int
    reported: Point | None
    reported_of: str
    modelled_t: float | None
    reasons: tuple[str, ...]

    @property
    def difference_t(self) -> float | None:
        """Model minus report in tonnes."""
        if self.reported is None or self.reported.figure.value is None or self.modelled_t is None:
            return None
        return self.modelled_t - self.reported.figure.value

    @property
    def ratio(self) -> float | None:
        """The difference as a share of the report."""
        difference = self.difference_t
        if difference is None or self.reported is None or not self.reported.figure.value:
            return None
        return difference / self.reported.figure.value


@kept
def comparison(loaded: Loaded, port: str) -> Comparison:
    """Return model beside report for one port."""
    year = loaded.region.settings.base_year
    point, group = base_figure(loaded, port, year)
    if group:
        parts = [modelled.port_total_t(loaded, p) for p in names.index(loaded).groups[group].members]
        known = [part for part in parts if part is not None]
        tonnes = sum(known) if known else None
    else:
        tonnes = modelled.port_total_t(loaded, port)
    return Comparison(year, point, group, tonnes, tuple(_reasons(loaded, port, point, group)))


def _reasons(loaded: Loaded, port: str, point: Point | None, group: str) -> list[str]:
    """Return why model and report may differ, from what is known about both."""
    found = []
    if point is not None and not point.full_year:
        end = prose.until(point.figure.period_to)
        found.append(_("报告只%(until)s，模型是全年。") % {"until": end})
    if point is not None and point.figure.qualifier in (Qualifier.AT_LEAST, Qualifier.ABOUT):
        found.append(_("报告本身是“%(amount)s”，不是准数。") % {"amount": prose.amount(point.figure)})
    if group:
        found.append(_("报告只有%(group)s，模型也按这些口岸相加。") % {"group": names.name(loaded, group)})
    total = modelled.port_total(loaded, port)
    if total is not None and total.marked_t:
        moved = total.modelled_t - total.marked_t
        if abs(moved) > 0.005 * total.marked_t:
            said = (
                _("需求按本口岸标定 %(marked)s，模型另把 %(moved)s 从别的口岸引来，因为综合费用更低。")
                if moved > 0
                else _("需求按本口岸标定 %(marked)s，模型把其中 %(moved)s 引到了别的口岸，因为综合费用更低。")
            )
            found.append(said % {"marked": prose.mass(total.marked_t), "moved": prose.mass(abs(moved))})
    use = modelled.border_use(loaded, port)
    if use is not None and (use.share or 0.0) > 1.0:
        found.append(_("模型不知道拥堵：线路超过能力也不会改走别处。"))
    if total is not None and point is None:
        found.append(_("没有报告可比。"))
    found.append(_("每一股货只走一条路；起讫地的拆分是假设。"))
    return [prose.tidy(reason) for reason in found]


def source(loaded: Loaded, port: str) -> tuple[str, str]:
    """Return the sources and the date of the row of a port."""
    row = names.port_row(loaded, port)
    return cell(row, "source"), cell(row, "source_date")
