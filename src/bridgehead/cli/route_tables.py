"""Routes on a terminal: the comparison of several, every route leg by leg, the Pareto set."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from bridgehead.cli.terminal import console, print_table, say

if TYPE_CHECKING:
    from rich.table import Table

    from bridgehead.engines.network.alternatives import Alternatives
    from bridgehead.engines.network.journey import Leg, Route
    from bridgehead.engines.network.pareto import ParetoSet
    from bridgehead.regions.load import Region

KINDS = {
    "load": ("装车", "load"),
    "haul": ("干线", "haul"),
    "border_exit": ("出境手续", "border, leaving"),
    "border_entry": ("入境手续", "border, entering"),
    "gauge_change": ("换轨", "change of gauge"),
    "transfer": ("换装", "transfer"),
    "unload": ("卸车", "unload"),
}
MODES = {"rail": ("铁路", "rail"), "road": ("公路", "road"), "sea": ("海运", "sea"), "air": ("航空", "air")}
CRITERIA = {
    "cost": ("最省", "cheapest"),
    "time": ("最快", "fastest"),
    "co2e": ("排放最少", "least emissions"),
    "mix": ("综合最优", "best mix"),
}
DIFFERENCES = {
    "port": ("口岸不同", "other port"),
    "crossing": ("过境点不同", "other border crossing"),
    "mode": ("方式不同", "other modes"),
    "gauge_station": ("换轨站不同", "other gauge station"),
    "transfer": ("换装地不同", "other transfer"),
    "course": ("走向不同", "other course"),
}


def print_routes(region: Region, found: Alternatives, lang: str) -> None:
    """Print the comparison of several routes, then each of them leg by leg."""
    _head(region, found.routes[0].route, lang)
    if found.asked > 1:
        _compare(region, found, lang)
    for place, one in enumerate(found.routes, 1):
        if found.asked > 1:
            console().print(f"\n{place}", style="bold")
        _legs(region, one.route, lang)
    count = len(dict.fromkeys(id for one in found.routes for id in one.route.parameters))
    said = say(
        f"模型结果，用了 {count} 个参数；--json 逐项列出。",
        f"A result of the model, out of {count} parameters; --json names each of them.",
        lang,
    )
    console().print(said, style="dim")


def _head(region: Region, route: Route, lang: str) -> None:
    from bridgehead.ground.wording import number

    asked = route.consignment
    amount = (
        f"{number(route.teu, lang)} TEU ({number(route.tonnes, lang)} t)"
        if route.teu is not None
        else f"{number(route.tonnes, lang)} t"
    )
    goods = region.name(asked.commodity, lang)
    ends = f"{region.name(asked.origin, lang)} → {region.name(asked.destination, lang)}"
    criterion = say(*CRITERIA[route.by], lang)
    when = asked.date.isoformat() if asked.date is not None else route.year
    out = console()
    out.print(f"{ends}  {goods}  {amount}  {criterion}  {when}", style="bold", soft_wrap=True)
    if route.weights is not None:
        hour, kg = number(route.weights.usd_per_h, lang, 2), number(route.weights.usd_per_kg_co2e, lang, 3)
        basis = f" ({route.weights.parameter})" if route.weights.parameter else ""
        said = say(
            f"综合：整批每小时 {hour} 美元{basis}，每公斤 CO2e {kg} 美元。",
            f"Mix: an hour of the consignment counts USD {hour}{basis}, a kilogram of CO2e USD {kg}.",
            lang,
        )
        out.print(said)


def _compare(region: Region, found: Alternatives, lang: str) -> None:
    from bridgehead.ground.wording import number

    table = _summary(say("与第 1 条的不同", "differs from 1 in", lang), lang)
    table.add_column(say("相同最多", "in common", lang), justify="right", no_wrap=True)
    for place, one in enumerate(found.routes, 1):
        common = f"{number(100 * max(one.common), lang, 0)} %" if one.common else ""
        table.add_row(*_totals(region, place, one.route, lang), _listed(one.differs, DIFFERENCES, lang), common)
    print_table(console(), table)
    share, count = number(100 * found.limit, lang, 0), len(found.routes)
    if count < found.asked and found.exhausted:
        said = say(
            f"要 {found.asked} 条，只有 {count} 条：再没有与它们相同不超过 {share} % 的路线。",
            f"{found.asked} routes asked for, {count} found: no other has at most {share} % in common with each.",
            lang,
        )
    elif count < found.asked:
        said = say(f"找到 {count} 条后停止了搜索。", f"The search was given up after {count} routes.", lang)
    else:
        said = say(
            f"每条与更好的每一条相同不超过 {share} %（里程与过境点、换轨站各半）。",
            f"Each has at most {share} % in common with each better one (half length, half borders and gauge).",
            lang,
        )
    console().print(said, style="dim")


def print_pareto(region: Region, found: ParetoSet, lang: str) -> None:
    """Print the routes that no other beats in money, time and emissions at once."""
    title = say("费用、时间、排放上各有所长的路线", "Routes that no other beats in cost, time and emissions", lang)
    console().print(f"\n{title}", style="bold")
    table = _summary(say("何者最优", "least of all", lang), lang)
    for place, one in enumerate(found.routes, 1):
        table.add_row(*_totals(region, place, one.route, lang), _listed(one.least, CRITERIA, lang))
    print_table(console(), table)
    if not found.complete:
        console().print(
            say("搜索中止，可能还有别的。", "The search was given up; there may be more.", lang), style="dim"
        )


def _summary(last: str, lang: str) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("")
    table.add_column(say("口岸", "ports", lang), overflow="fold")
    for head in (say("天", "days", lang), "USD/t", "kg CO2e/t", "km"):
        table.add_column(head, justify="right", no_wrap=True)
    table.add_column(last, overflow="fold")
    return table


def _totals(region: Region, place: int, route: Route, lang: str) -> tuple[str, ...]:
    from bridgehead.ground.wording import number

    ports = ", ".join(region.name(port, lang) for port in route.ports) or "–"
    days, usd, kg = number(route.hours / 24, lang, 1), number(route.usd_per_t, lang, 1), route.kg_co2e_per_t
    return str(place), ports, days, usd, number(kg, lang, 1), number(route.km, lang, 0)


def _listed(codes: Sequence[str], words: dict[str, tuple[str, str]], lang: str) -> str:
    return say("、", ", ", lang).join(say(*words[code], lang) for code in codes)


def _legs(region: Region, route: Route, lang: str) -> None:
    from rich.table import Table

    from bridgehead.ground.wording import number

    name: Callable[[str], str] = lambda id: region.name(id, lang)  # noqa: E731
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(say("步骤", "step", lang), no_wrap=True)
    table.add_column(say("从哪到哪", "where", lang), overflow="fold")
    for head in ("km", "h", "USD/t", "USD", "kg CO2e"):
        table.add_column(head, justify="right", no_wrap=True)
    for leg in route.legs:
        table.add_row(_step(leg, lang), _where(leg, name),
                      _number(leg.km, lang), number(leg.hours, lang, 1), number(leg.usd_per_t, lang, 2),
                      number(leg.money_usd, lang, 2), _number(leg.kg_co2e, lang))  # fmt: skip
    table.add_section()
    days = say(f"合计 {number(route.hours / 24, lang, 1)} 天", f"total, {number(route.hours / 24, lang, 1)} days", lang)
    ports = ", ".join(name(port) for port in route.ports)
    table.add_row(days, ports, _number(route.km, lang), number(route.hours, lang, 1), number(route.usd_per_t, lang, 2),
                  number(route.money_usd, lang, 2), _number(route.kg_co2e, lang), style="bold")  # fmt: skip
    print_table(console(), table)


def _number(value: float, lang: str) -> str:
    from bridgehead.ground.wording import number

    return number(value, lang, 0) if value else ""


def _step(leg: Leg, lang: str) -> str:
    kind = say(*KINDS.get(leg.kind, (leg.kind, leg.kind)), lang)
    mode = say(*MODES.get(leg.mode, (leg.mode, leg.mode)), lang)
    gauge = ""
    if leg.kind == "gauge_change":
        gauge = f" {leg.gauge_mm} → {leg.new_gauge_mm}"
    elif leg.kind == "haul" and leg.gauge_mm:
        gauge = f" {leg.gauge_mm}"
    return f"{kind} {mode}{gauge}"


def _where(leg: Leg, name: Any) -> str:
    if leg.origin == leg.destination:
        return str(name(leg.origin))
    return f"{name(leg.origin)} → {name(leg.destination)}"
