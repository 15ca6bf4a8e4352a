"""The head of a port's page: who the port is, and the answer in sentences."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from bridgehead.ground import wording, words
from bridgehead.ground.kept import kept
from bridgehead.ground.language import language, speak
from bridgehead.ground.region import Loaded
from bridgehead.kernel.source import Figure, Qualifier, Standing, standing_of
from bridgehead.kernel.tables import Row
from bridgehead.rooms.gateway import prose
from bridgehead.rooms.gateway.selectors import modelled, names, queues
from bridgehead.rooms.gateway.selectors.capacities import Basis, basis_of
from bridgehead.rooms.gateway.selectors.comparison import comparison
from bridgehead.rooms.gateway.selectors.ports import PortClass, class_of, counterpart
from bridgehead.rooms.gateway.selectors.recency import is_old, newest_year, year_of
from bridgehead.rooms.gateway.selectors.throughput import Point, best, by_metric, cell, latest, points, rows, years

IMPORT_OF = "import_tonnes_"
TRAVELLERS = ("passengers_international", "passengers", "airport_passengers_all")


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
    land = names.is_land(row)
    shown = _freight_point(loaded, port) if land else _travellers_point(loaded, port)
    passed = _freight(loaded, port, shown) if land else _travellers(loaded, shown)
    sentences = (_state(row), *passed, _design(loaded, port), _model(loaded, port), _next(loaded, port))
    said = tuple(prose.tidy(sentence) for sentence in sentences if sentence)
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


def _freight_point(loaded: Loaded, port: str) -> Point | None:
    """Return the latest figure of the port, of its group where it has none of its own."""
    own = latest(points(loaded, port))
    if own is not None:
        return own
    together = (latest(points(loaded, group.id)) for group in names.groups_of(loaded, port))
    return next((point for point in together if point is not None), None)


def _travellers_point(loaded: Loaded, port: str) -> Point | None:
    """Return the latest figure of the travellers of an airport: the international ones before all together."""
    found = (latest(points(loaded, port, metric)) for metric in TRAVELLERS)
    return next((point for point in found if point is not None), None)


def _freight(loaded: Loaded, port: str, point: Point | None) -> list[str]:
    """Return the sentences on what passed: the latest figure, then the last full year with its largest import."""
    if point is None:
        return [_("没有查到这个口岸的货运量。")] if names.is_open(names.port_row(loaded, port)) else []
    said = [_passed(loaded, point, port)]
    whole = latest(points(loaded, point.subject), full_year=True)
    if whole is not None and whole is not point and not is_old(loaded, whole.year):
        sentence = _("%(year)s 年全年 %(amount)s") % {"year": whole.year, "amount": prose.amount(whole.figure)}
        most = _largest_import(loaded, whole)
        if most:
            sentence += _("，其中%(goods)s") % {"goods": most}
        said.append(prose.capital(sentence) + _("。"))
    return said


def _travellers(loaded: Loaded, point: Point | None) -> list[str]:
    """Return the sentence on the travellers of an airport."""
    if point is None:
        return [_("没有查到这个口岸的旅客和货物数字。")]
    metric = names.metric(loaded, point.metric)
    if is_old(loaded, point.year):
        return [_latest_found(point, f"{metric} ")]
    until = prose.until(point.figure.period_to) if not point.full_year else ""
    values = {"year": point.year, "until": until, "metric": metric, "amount": prose.amount(point.figure)}
    return [prose.capital(prose.tidy(_("%(year)s 年%(until)s%(metric)s %(amount)s。") % values))]


def _latest_found(point: Point, what: str) -> str:
    """Return the sentence on a figure that lies far back, which must not read like one of today."""
    until = prose.until(point.figure.period_to) if not point.full_year else ""
    when = prose.tidy(_("%(year)s 年%(until)s") % {"year": point.year, "until": until})
    values = {"when": when, "what": what, "amount": prose.amount(point.figure)}
    return _("最近查到的是 %(when)s：%(what)s%(amount)s。") % values


def _passed(loaded: Loaded, point: Point, port: str) -> str:
    who = "" if point.subject == port else names.name(loaded, point.subject)
    if is_old(loaded, point.year):
        return _latest_found(point, f"{who} " if who else _("货物 "))
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


def _design(loaded: Loaded, port: str) -> str:
    """Return the sentence on the reported freight against the design capacity of the port."""
    design = names.port_row(loaded, port).get("design_capacity_t_per_year")
    if not isinstance(design, int | float) or not design:
        return ""
    # A part of a year says something once it is beyond the whole year's design.
    usable = [p for p in years(points(loaded, port)) if p.full_year or (p.figure.value or 0.0) > design]
    if not usable or is_old(loaded, usable[-1].year):
        return ""
    point = usable[-1]
    share = (point.figure.value or 0.0) / float(design)
    values = {"year": point.year, "design": prose.mass(float(design))}
    if share > 1 and point.figure.qualifier is not Qualifier.AT_MOST:
        return _("%(year)s 年已超过设计能力 %(design)s。") % values
    used = prose.qualified(wording.percent(share, language()), point.figure.qualifier)
    return _("%(year)s 年用到设计能力 %(design)s的 %(share)s。") % {**values, "share": used}


def _model(loaded: Loaded, port: str) -> str:
    """Return the sentence on the modelled use of the border, or why it says nothing about the port."""
    use = modelled.border_use(loaded, port)
    found = comparison(loaded, port)
    values: dict[str, object] = {"year": loaded.region.settings.base_year}
    if use is None:
        total = modelled.port_total(loaded, port)
        # Without freight that was marked for the port, nothing was sent elsewhere.
        if total is None or total.modelled_t or not total.marked_t:
            return ""
        if found.far and found.reported is not None:
            values["reported"] = prose.amount(found.reported.figure)
            return _("按模型，%(year)s 年没有货走这里：别的口岸更省；报告有 %(reported)s。") % values
        return _("按模型，%(year)s 年没有货走这里：别的口岸更省。") % values
    if found.far:
        values["share"] = wording.percent(found.share, language())
        if (found.share or 0.0) < 1:
            return _("%(year)s 年模型只分到报告的 %(share)s，占用不作判断。") % values
        return _("%(year)s 年模型分到报告的 %(share)s，占用不作判断。") % values
    if use.share is None:
        return ""
    values |= {"share": wording.percent(use.share, language()), "mode": words.word("way", use.link.mode)}
    if use.share < modelled.NOTHING:
        return _("按模型，%(year)s 年跨境%(mode)s段几乎没有货。") % values
    said = [_share_words(basis_of(use.link.capacity_basis), use.share) % values]
    wait_h = queues.link_waits(loaded).get(use.link.id, 0.0)
    if wait_h >= modelled.WAITING_H:
        said.append(_("车在那里平均等 %(hours)s 小时。") % {"hours": wording.number(wait_h, language(), 0)})
    return prose.joined(said)


def _share_words(basis: Basis, share: float) -> str:
    """Return the sentence on a use, in words as firm as the capacity it is measured by."""
    if basis is Basis.ASSUMED:
        return _("按模型，%(year)s 年跨境%(mode)s段占用能力的 %(share)s（能力为等级假设）。")
    if basis is Basis.JUDGED:
        return _("按模型，%(year)s 年跨境%(mode)s段占用能力的 %(share)s（能力为估计）。")
    if basis is Basis.PEAK:
        if share > 1:
            return _("按模型，%(year)s 年跨境%(mode)s段的日均为已知最高日的 %(share)s，超过已知最高日。")
        return _("按模型，%(year)s 年跨境%(mode)s段的日均为已知最高日的 %(share)s。")
    if share > 1:
        return _("按模型，%(year)s 年跨境%(mode)s段占用能力的 %(share)s，超过能力。")
    if share >= modelled.FULL:
        return _("按模型，%(year)s 年跨境%(mode)s段占用能力的 %(share)s，已经用满。")
    return _("按模型，%(year)s 年跨境%(mode)s段占用能力的 %(share)s。")


def _next(loaded: Loaded, port: str) -> str:
    """Return the sentence on the largest project that is being built for the port, as far as the sources are recent."""
    here = {port, *names.twins(loaded, port)}
    building = [row for row in rows(loaded, "projects") if cell(row, "place_id") in here and _under_way(loaded, row)]
    if not building:
        return ""
    row = max(building, key=lambda r: float(r.get("capacity_added") or 0.0))  # type: ignore[arg-type]
    finish = cell(row, "finish")
    name = speak(language(), cell(row, "name_zh"), cell(row, "name_en"))
    if finish:
        said = _("%(project)s在建，计划 %(year)s建成。")
        return prose.capital(said % {"project": name, "year": wording.day(finish, language())})
    return prose.capital(_("%(project)s在建。") % {"project": name})


def _under_way(loaded: Loaded, row: Row) -> bool:
    """Tell whether a project may be said to be under construction today."""
    finish = year_of(cell(row, "finish"))
    return (
        cell(row, "status") == "under_construction"
        and standing_of(cell(row, "confidence")) is not Standing.ESTIMATE
        and not is_old(loaded, year_of(cell(row, "source_date")))
        and (finish is None or finish >= newest_year(loaded))
    )
