"""``bridgehead route``: the best ways of a consignment, leg by leg."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

import typer

from bridgehead.cli.terminal import AsJson, DataFolder, Language, RegionFolder, print_json, say

if TYPE_CHECKING:
    from bridgehead.engines.network.journey import Consignment
    from bridgehead.kernel.errors import Fault
    from bridgehead.regions.load import Region


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
            metavar="cost|time|co2e|mix",
            help=say("按费用、时间、排放或综合取最小", "what is least: cost, time, emissions or a mix of the three"),
        ),
    ] = "cost",
    year: Annotated[
        int | None, typer.Option(help=say("年份；默认为基准年", "year of the network; the base year by default"))
    ] = None,
    date: Annotated[
        str,
        typer.Option(
            metavar="YYYY-MM-DD",
            help=say(
                "哪一天发运；当月不开的口岸不走", "day of sending; ports that do not work in that month are closed"
            ),
        ),
    ] = "",
    count: Annotated[
        int, typer.Option("-k", metavar="K", help=say("找几条确有不同的路线", "how many routes that really differ"))
    ] = 1,
    most_in_common: Annotated[
        float,
        typer.Option(
            metavar="SHARE",
            help=say("一条路线与更好的路线最多可有多少相同", "share that a route may have in common with a better one"),
        ),
    ] = 0.6,
    pareto: Annotated[
        bool,
        typer.Option(
            "--pareto",
            help=say(
                "列出费用、时间、排放上各有所长的全部路线（帕累托集）",
                "also all routes that no other beats in cost, time and emissions at once",
            ),
        ),
    ] = False,
    value_of_time: Annotated[
        float | None,
        typer.Option(
            metavar="USD",
            help=say(
                "综合：整批货物每小时值多少美元；默认按货类的参数",
                "mix: USD that an hour of the whole consignment is worth; by default what the goods' parameters say",
            ),
        ),
    ] = None,
    value_of_carbon: Annotated[
        float | None,
        typer.Option(
            metavar="USD",
            help=say("综合：每公斤 CO2e 值多少美元；默认 0", "mix: USD that a kilogram of CO2e is worth; 0 by default"),
        ),
    ] = None,
    via: Annotated[
        str, typer.Option(metavar="PORT", help=say("只经这个口岸过境", "cross the home border at this port only"))
    ] = "",
    avoid: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PORT", help=say("不经这个口岸过境；可重复", "port not to cross the border at; may be repeated")
        ),
    ] = None,
    modes: Annotated[
        str,
        typer.Option(
            metavar="rail,road",
            help=say("只用这些运输方式，用逗号隔开", "modes to use, parted by commas; all but air by default"),
        ),
    ] = "",
    port_run: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PORT|PORT=FILE|FILE",
            help=say(
                "这个口岸的停留用仿真代替表上的时间：运行它的模型，或读 port simulate --json 的结果；可重复",
                "take the stay at this port from its model, run now or read from what port simulate --json wrote;"
                " may be repeated",
            ),
        ),
    ] = None,
    port_class: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CLASS",
            help=say(
                "仿真里哪一类单位的停留，可重复；默认载货的各类，模型没说就是办成后离开的主要单位",
                "class of the simulated units, repeatable; by default those that carry goods, else the main units that"
                " leave served",
            ),
        ),
    ] = None,
    published: Annotated[
        bool,
        typer.Option(
            "--published",
            help=say("把模型结果与公布的时间和费用逐条对照", "compare the model with every published time and cost"),
        ),
    ] = False,
    json: AsJson = False,
    data: DataFolder = None,
    region: RegionFolder = None,
    lang: Language = None,
) -> None:
    """Find the best ways of a consignment from A to B that really differ."""
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
    from bridgehead.cli.route_simulated import port_stays, print_simulated, simulated_routes
    from bridgehead.cli.route_tables import print_pareto, print_routes
    from bridgehead.engines.network.alternatives import find_routes
    from bridgehead.engines.network.pareto import pareto_set
    from bridgehead.engines.network.report import route_report
    from bridgehead.engines.network.routes import Consignment, prepare
    from bridgehead.engines.network.virtual import DEFAULT_MODES

    assert origin
    assert destination
    assert commodity
    loaded = load_region(region)
    typed = Asked(
        Consignment(origin, destination, commodity, tonnes, teu, year), by, date, via, tuple(avoid or ()), count,
        most_in_common, value_of_time, value_of_carbon,
    )  # fmt: skip
    chosen = tuple(word.strip() for word in modes.split(",") if word.strip()) if modes else DEFAULT_MODES
    asked = _checked(loaded, typed, chosen)
    request = prepare(
        loaded.network(), asked.consignment, asked.by, modes=chosen, via=asked.via, avoid=asked.avoid,  # type: ignore[arg-type]
        usd_per_h=value_of_time, usd_per_kg_co2e=value_of_carbon,
    )  # fmt: skip
    found = find_routes(request, count, most_in_common=most_in_common)
    listed = [one.route for one in found.routes]
    simulated = simulated_routes(listed, port_stays(port_run or (), port_class or (), region, data))
    none_beats = pareto_set(request) if pareto else None
    if not json:
        print_routes(loaded, found, lang)
        if none_beats is not None:
            print_pareto(loaded, none_beats, lang)
        print_simulated(loaded, simulated, lang)
        return
    answer = route_report(found.routes[0].route)
    if count > 1:
        answer["alternatives"] = found.as_json()
    if none_beats is not None:
        answer["pareto"] = none_beats.as_json()
    if port_run:
        answer["simulated"] = [None if one is None else one.as_json() for one in simulated]
    routes = [*(one.route for one in found.routes), *(one.route for one in (none_beats.routes if none_beats else ()))]
    places = dict.fromkeys(place for one in routes for place in one.places)
    print_json({**answer, "names": {id: {"zh": loaded.name(id), "en": loaded.name(id, "en")} for id in places}})


@dataclass(frozen=True)
class Asked:
    """A question as it was typed, or with ids for the names."""

    consignment: Consignment
    by: str
    date: str
    via: str
    avoid: tuple[str, ...]
    count: int
    most_in_common: float
    value_of_time: float | None
    value_of_carbon: float | None


def _checked(region: Region, typed: Asked, modes: tuple[str, ...]) -> Asked:
    """Return the question with ids for the names that were typed.

    Raises
    ------
    BridgeheadError
        With every place, commodity, amount, year, day, criterion, weight, mode and number that cannot be.
    """
    from bridgehead.engines.network.alternatives import choice_faults
    from bridgehead.engines.network.routes import date_faults, weight_faults
    from bridgehead.engines.network.virtual import mode_faults, year_faults
    from bridgehead.ground import consignments
    from bridgehead.kernel.errors import BridgeheadError

    network = region.network()
    goods = typed.consignment
    asked = replace(
        typed,
        consignment=replace(
            goods,
            origin=region.place_id(goods.origin),
            destination=region.place_id(goods.destination),
            commodity=region.commodity_id(goods.commodity),
            date=consignments.day_of(typed.date),
        ),
        via=region.place_id(typed.via),
        avoid=tuple(region.place_id(port) for port in typed.avoid),
    )
    faults = list(_consignment_faults(region, goods, asked.consignment))
    if typed.by not in consignments.CRITERIA:
        faults.append(consignments.unknown_criterion(typed.by))
    else:
        faults += weight_faults(typed.by, typed.value_of_time, typed.value_of_carbon)
    if typed.date and asked.consignment.date is None:
        faults.append(consignments.no_day(typed.date))
    given = [("via", typed.via, asked.via)] if typed.via else []
    for field, word, port in (*given, *(("avoid", *pair) for pair in zip(typed.avoid, asked.avoid, strict=True))):
        if port not in network.ports_by_id:
            faults.append(consignments.unknown_place(region, word, field, network.ports_by_id))
    day = asked.consignment.date
    year = day.year if day is not None and goods.year is None else goods.year
    faults += [*date_faults(asked.consignment), *year_faults(network, year), *mode_faults(modes)]
    faults += choice_faults(typed.count, typed.most_in_common)
    if faults:
        raise BridgeheadError.of(faults)
    return asked


def _consignment_faults(region: Region, typed: Consignment, asked: Consignment) -> Iterator[Fault]:
    """Yield what is wrong with ends, goods and amount, in the words that were typed."""
    from bridgehead.ground import consignments

    network = region.network()
    for field in ("origin", "destination"):
        if getattr(asked, field) not in network.countries:
            yield consignments.unknown_place(region, getattr(typed, field), field, network.countries)
    if asked.commodity not in network.commodities_by_id:
        yield consignments.unknown_commodity(region, typed.commodity, network.commodities_by_id)
    given = {name: value for name in consignments.LARGEST if (value := getattr(asked, name)) is not None}
    if len(given) != 1 or not all(consignments.in_reason(name, value) for name, value in given.items()):
        stated = ", ".join(f"{name}={value:g}" for name, value in given.items())
        yield consignments.bad_amount(stated, next(iter(given), "tonnes"))
