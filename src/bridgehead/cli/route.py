"""``bridgehead route``: the cheapest or the fastest way of a consignment, leg by leg."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bridgehead.cli.terminal import AsJson, Language, RegionFolder, console, print_json, print_table, say

if TYPE_CHECKING:
    from bridgehead.engines.network.routes import Consignment, Leg, Route
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


def route(  # noqa: PLR0917 - typer passes options by name
    origin: Annotated[
        str | None, typer.Argument(metavar="A", help=say("起点的编号或名称", "place it starts from, by id or name"))
    ] = None,
    destination: Annotated[
        str | None, typer.Argument(metavar="B", help=say("终点的编号或名称", "place it goes to, by id or name"))
    ] = None,
    commodity: Annotated[
        str | None,
        typer.Option(
            help=say("货类的编号或名称，见 commodities 表", "id or name of the commodity, see table commodities")
        ),
    ] = None,
    tonnes: Annotated[float | None, typer.Option(help=say("吨数", "tonnes"))] = None,
    teu: Annotated[float | None, typer.Option(help=say("标箱数", "containers in TEU"))] = None,
    by: Annotated[
        str,
        typer.Option(
            metavar="cost|time",
            help=say("按费用或时间取最小", "what is least: cost or time"),
        ),
    ] = "cost",
    year: Annotated[
        int | None, typer.Option(help=say("年份；默认为基准年", "year of the network; the base year by default"))
    ] = None,
    via: Annotated[
        str, typer.Option(metavar="PORT", help=say("只经这个口岸过境", "cross the home border at this port only"))
    ] = "",
    modes: Annotated[
        str,
        typer.Option(
            metavar="rail,road",
            help=say("只用这些运输方式，用逗号隔开", "modes to use, parted by commas; all but air by default"),
        ),
    ] = "",
    published: Annotated[
        bool,
        typer.Option(
            "--published",
            help=say("把模型结果与公布的时间和费用逐条对照", "compare the model with every published time and cost"),
        ),
    ] = False,
    json: AsJson = False,
    region: RegionFolder = None,
    lang: Language = None,
) -> None:
    """Find the way of a consignment from A to B."""
    from bridgehead.regions.load import load_region

    assert lang is not None
    if published:
        from bridgehead.cli.published import show

        show(load_region(region), json, lang)
        return
    missing = [name for name, value in (("A", origin), ("B", destination), ("--commodity", commodity)) if not value]
    if missing:
        words = ", ".join(missing)
        raise typer.BadParameter(say(f"缺少 {words}", f"missing {words}", lang), param_hint=words)
    from bridgehead.engines.network.routes import Consignment, find_route
    from bridgehead.engines.network.virtual import DEFAULT_MODES

    assert origin
    assert destination
    assert commodity
    loaded = load_region(region)
    port = loaded.place_id(via)
    asked = _asked(loaded, Consignment(origin, destination, commodity, tonnes, teu, year), by, port)
    chosen = [word.strip() for word in modes.split(",") if word.strip()] if modes else DEFAULT_MODES
    found = find_route(loaded.network(), asked, by, via=port, modes=chosen)  # type: ignore[arg-type]
    if json:
        names = {id: {"zh": loaded.name(id), "en": loaded.name(id, "en")} for id in found.places}
        print_json({**found.as_json(), "names": names})
        return
    _print(loaded, found, lang)


def _asked(region: Region, typed: Consignment, by: str, via: str) -> Consignment:
    """Return the consignment with ids for the names that were typed.

    Raises
    ------
    BridgeheadError
        With every place, commodity, amount and criterion that cannot be.
    """
    from bridgehead.ground import consignments
    from bridgehead.kernel.errors import BridgeheadError

    network = region.network()
    asked = replace(
        typed,
        origin=region.place_id(typed.origin),
        destination=region.place_id(typed.destination),
        commodity=region.commodity_id(typed.commodity),
    )
    faults = []
    for field in ("origin", "destination"):
        if getattr(asked, field) not in network.countries:
            faults.append(consignments.unknown_place(region, getattr(typed, field), field, network.countries))
    if asked.commodity not in network.commodities_by_id:
        faults.append(consignments.unknown_commodity(region, typed.commodity, network.commodities_by_id))
    given = {name: value for name in consignments.LARGEST if (value := getattr(asked, name)) is not None}
    if len(given) != 1 or not all(consignments.in_reason(name, value) for name, value in given.items()):
        stated = ", ".join(f"{name}={value:g}" for name, value in given.items())
        faults.append(consignments.bad_amount(stated, next(iter(given), "tonnes")))
    if by not in consignments.CRITERIA:
        faults.append(consignments.unknown_criterion(by))
    if via and via not in network.ports_by_id:
        faults.append(consignments.unknown_place(region, via, "via", network.ports_by_id))
    if faults:
        raise BridgeheadError.of(faults)
    return asked


def _print(region: Region, route: Route, lang: str) -> None:
    from rich.table import Table

    from bridgehead.ground.wording import number

    out = console()
    name = lambda id: region.name(id, lang)  # noqa: E731
    amount = (
        f"{number(route.teu, lang)} TEU ({number(route.tonnes, lang)} t)"
        if route.teu is not None
        else f"{number(route.tonnes, lang)} t"
    )
    goods = name(route.consignment.commodity)
    ends = f"{name(route.consignment.origin)} → {name(route.consignment.destination)}"
    criterion = {"cost": ("最省", "cheapest"), "time": ("最快", "fastest")}.get(route.by, (route.by, route.by))
    out.print(f"{ends}  {goods}  {amount}  {say(*criterion, lang)}  {route.year}", style="bold", soft_wrap=True)
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(say("步骤", "step", lang), no_wrap=True)
    table.add_column(say("从哪到哪", "where", lang), overflow="fold")
    for head in ("km", "h", "USD/t", "USD"):
        table.add_column(head, justify="right", no_wrap=True)
    for leg in route.legs:
        table.add_row(_step(leg, lang), _where(leg, name), _number(leg.km, lang), number(leg.hours, lang, 1),
                      number(leg.usd_per_t, lang, 2), number(leg.money_usd, lang, 2))  # fmt: skip
    table.add_section()
    days = say(f"合计 {number(route.hours / 24, lang, 1)} 天", f"total, {number(route.hours / 24, lang, 1)} days", lang)
    ports = ", ".join(name(port) for port in route.ports)
    table.add_row(days, ports, _number(route.km, lang), number(route.hours, lang, 1), number(route.usd_per_t, lang, 2),
                  number(route.money_usd, lang, 2), style="bold")  # fmt: skip
    print_table(out, table)
    count = len(route.parameters)
    said = say(
        f"模型结果，用了 {count} 个参数；--json 逐项列出。",
        f"A result of the model, out of {count} parameters; --json names each of them.",
        lang,
    )
    out.print(said, style="dim")


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
