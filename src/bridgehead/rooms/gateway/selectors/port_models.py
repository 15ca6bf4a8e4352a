"""The port models of the region as they are shown: stations and ways, figures with their sources, loads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from bridgehead.engines.simulation.loads import station_loads, visits_per_min
from bridgehead.engines.simulation.model import MINUTES_A_DAY, Figure, Model, Station
from bridgehead.engines.simulation.reaching import LEFT, Ways
from bridgehead.engines.simulation.reading import read_and_warn, read_description
from bridgehead.ground import wording, words
from bridgehead.ground.kept import kept
from bridgehead.ground.language import language
from bridgehead.ground.region import Loaded
from bridgehead.kernel.errors import Fault
from bridgehead.kernel.source import Standing
from bridgehead.regions.port_models import (
    checks_of,
    is_illustrative,
    port_model_text,
    ports_with_models,
    reported_figures,
)
from bridgehead.render.flow_layers import FlowEdge, FlowNode
from bridgehead.rooms.gateway import port_model_words as told
from bridgehead.rooms.gateway import prose
from bridgehead.rooms.gateway.selectors import names

STANDINGS = {"measured": Standing.MEASURED, "reported": Standing.REPORTED, "derived": Standing.DERIVED}
"""Standings of figures of a model; all others are estimates."""
HEAVY = 0.9
GROUPS = ("checked", "other", "illustrative")
"""Kinds of models, in the order in which they are listed."""
BARE = ("share", "ratio", "hours of the day")


@dataclass(frozen=True, slots=True)
class Known:
    """A port's model as it comes with the region: its text, its plain values, what is read of them."""

    port: str
    text: str
    description: Mapping[str, Any]
    model: Model
    warnings: tuple[Fault, ...]

    @property
    def illustrative(self) -> bool:
        """Whether so little is reported that nobody should staff a port by it."""
        return is_illustrative(self.model)


@dataclass(frozen=True, slots=True)
class FigureLine:
    """A figure of a model in a table."""

    id: str
    label: str
    value: str
    unit: str
    standing: Standing
    assumed: bool
    source: str
    date: str
    note: str


@dataclass(frozen=True, slots=True)
class LoadLine:
    """How much a station has to do."""

    id: str
    name: str
    servers: str
    per_day: float
    load: float | None
    heavy: bool

    @property
    def per_day_words(self) -> str:
        """How many come a day."""
        return told.number(self.per_day)


def known(loaded: Loaded, port: str) -> Known:
    """Return the model of a port.

    Raises
    ------
    BridgeheadError
        ``gateway.unknown_port``, ``region.no_port_model``.
    """
    names.port_row(loaded, port)
    found: Known = loaded.remember(("gateway.port_models", port), lambda: _known(loaded, port))
    return found


def _known(loaded: Loaded, port: str) -> Known:
    text = port_model_text(loaded.region, port)
    model, warnings = read_and_warn(text, name=f"{port}.yaml")
    return Known(port, text, read_description(text, name=f"{port}.yaml"), model, warnings)


def has_model(loaded: Loaded, port: str) -> bool:
    """Tell whether a port has a model."""
    return port in loaded.region.port_models


def ports(loaded: Loaded) -> tuple[str, ...]:
    """Return the ports that have a model."""
    return ports_with_models(loaded.region)


def sentence(one: Known) -> str:
    """Return what a model is, in one sentence."""
    loads = [line for line in load_lines(one.model) if line.load is not None]
    busiest = max(loads, key=lambda line: line.load or 0.0)
    per_day = sum(rate for (node, _class), rate in _entering(one.model).items()) * MINUTES_A_DAY
    return told.model_sentence(one.model, per_day, busiest.name, busiest.load or 0.0, len(reported_figures(one.model)))


@dataclass(frozen=True, slots=True)
class ModelLine:
    """A port's model in the list of all.

    Parameters
    ----------
    port, name, title : str
        Whose it is, and what port and model are called.
    group : str
        ``checked`` against reports, ``other``, or ``illustrative``.
    stages, figures, reported, checks : int
        Its stages, its figures, how many of those are reported, and how many reports it has to reproduce.
    per_day : float
        Units that come a day.
    busiest : LoadLine
        Where it is tightest.
    """

    port: str
    name: str
    title: str
    group: str
    stages: int
    figures: int
    reported: int
    checks: int
    per_day: float
    busiest: LoadLine

    @property
    def per_day_words(self) -> str:
        """How many come a day."""
        return told.number(_rounded(self.per_day))


@kept
def model_lines(loaded: Loaded) -> tuple[ModelLine, ...]:
    """Return every model of the region: those checked against reports first, those that only illustrate last."""
    found = [_model_line(loaded, port) for port in ports(loaded)]
    return tuple(sorted(found, key=lambda one: (GROUPS.index(one.group), -one.reported)))


def _model_line(loaded: Loaded, port: str) -> ModelLine:
    one = known(loaded, port)
    checks = len(checks_of(loaded.region, port))
    return ModelLine(
        port=port,
        name=names.name(loaded, port),
        title=told.title(one.model),
        group="illustrative" if one.illustrative else "checked" if checks else "other",
        stages=len(one.model.nodes),
        figures=len(one.model.figures),
        reported=len(reported_figures(one.model)),
        checks=checks,
        per_day=sum(_entering(one.model).values()) * MINUTES_A_DAY,
        busiest=max(
            (line for line in load_lines(one.model) if line.load is not None), key=lambda line: line.load or 0.0
        ),
    )


def model_groups(lines: Sequence[ModelLine]) -> list[tuple[str, str, list[ModelLine]]]:
    """Return the models by group with heading and what the group is; groups without any are left out."""
    words_of = {
        "checked": (_("对照过报告"), _("详细的模型：模拟出的车数、列数、吨数或排队与报告的数字对照过。")),
        "other": (_("有报道的参数，没有可对照的数"), _("环节、开放时间和来量按事实，没有报告的产出可以对照。")),
        "illustrative": (pgettext("model", "示意"), _("有报道的参数太少，只说明这样的口岸怎样运转；不给配员的答案。")),
    }
    found = [(*words_of[group], [one for one in lines if one.group == group]) for group in GROUPS]
    return [one for one in found if one[2]]


def models_sentence(lines: Sequence[ModelLine]) -> str:
    """Return how many models there are, of each kind."""
    if not lines:
        return _("这个地区没有口岸模型")
    counted = {group: sum(one.group == group for one in lines) for group in GROUPS}
    said = ngettext(
        "%(n)s 个口岸可以模拟：%(checked)s 个对照过报告，%(illustrative)s 个只作示意",
        "%(n)s 个口岸可以模拟：%(checked)s 个对照过报告，%(illustrative)s 个只作示意",
        len(lines),
    )
    return prose.tidy(said % {"n": len(lines), **counted})


def _entering(model: Model) -> dict[tuple[str, str], float]:
    from bridgehead.engines.simulation.loads import arrivals_per_min

    found: dict[tuple[str, str], float] = defaultdict(float)
    for source in model.sources:
        found[source.node, source.unit_class] += arrivals_per_min(source, model.run.horizon_min)
    return found


def load_lines(model: Model) -> list[LoadLine]:
    """Return the stations of a model with their loads, in its order."""
    stations = {node.id: node for node in model.nodes if isinstance(node, Station)}
    return [
        LoadLine(
            one.node,
            told.node_words(model, one.node),
            told.servers_words(stations[one.node]),
            one.arrivals_per_min * MINUTES_A_DAY,
            one.load if stations[one.node].servers is not None else None,
            one.load >= HEAVY,
        )
        for one in station_loads(model)
    ]


def figure_lines(loaded: Loaded, model: Model) -> list[FigureLine]:
    """Return the figures of a model with value, unit, standing, source and note, in its order."""
    return [_figure_line(loaded, one) for one in model.figures]


def _figure_line(loaded: Loaded, one: Figure) -> FigureLine:
    value = one.value if isinstance(one.value, str) else wording.number(one.value, language())
    if one.unit == "share" and isinstance(one.value, float):
        value = wording.percent(one.value, language(), 0 if one.value * 100 % 1 < 1e-9 else 1)
    return FigureLine(
        id=one.id,
        label=told.label(one.label, one.id.replace("_", " ")),
        value=value,
        unit=unit_words(one.unit),
        standing=STANDINGS.get(one.standing, Standing.ESTIMATE),
        assumed=one.standing == "assumption",
        source=source_words(loaded, one.source),
        date=one.date,
        note=told.label(one.note, "") if one.note else "",
    )


def unit_words(unit: str) -> str:
    """Return the unit of a figure; shares, ratios and hours of the clock have none to be written."""
    return "" if unit in BARE else words.unit(unit)


def source_words(loaded: Loaded, key: str) -> str:
    """Return title and address of a source by its key in the table of sources; other texts stand as they are."""
    if not key:
        return ""
    rows: dict[str, str] = loaded.remember(
        "gateway.port_models.sources",
        lambda: {row.text("source_key"): f"{row.text('title')} {row.text('address')}" for row in _sources(loaded)},
    )
    return rows.get(key, key)


def _sources(loaded: Loaded) -> Any:
    return loaded.region.rows("sources")


@kept
def flow(loaded: Loaded, port: str) -> tuple[tuple[FlowNode, ...], tuple[FlowEdge, ...]]:
    """Return the stations and ways of a port's model as they are drawn."""
    return flow_of(known(loaded, port).model)


def flow_of(model: Model) -> tuple[tuple[FlowNode, ...], tuple[FlowEdge, ...]]:
    """Return the nodes and ways of a model with their words, and where units come from and leave."""
    loads = {line.id: line for line in load_lines(model)}
    nodes, edges = _sources_of(model)
    ways = _ways(model)
    for node in model.nodes:
        nodes.append(_node(model, node, loads.get(node.id)))
        onward = {to: rate for (tail, to, aside), rate in ways.items() if tail == node.id and not aside}
        total = sum(onward.values())
        for to, rate in onward.items():
            share = rate / total if total else 0.0
            said = "" if share > 0.9995 or len(onward) == 1 else _percent(share)
            if to == LEFT[0] and len(onward) > 1:
                nodes.append(FlowNode(f"out:{node.id}", _("离开"), kind="sink"))
                edges.append(FlowEdge(node.id, f"out:{node.id}", said, rate))
            else:
                edges.append(FlowEdge(node.id, to, said, rate, title=_edge_title(model, node.id, to, rate)))
        asides = {to for (tail, to, aside) in ways if tail == node.id and aside and to not in (*onward, LEFT[0])}
        edges += [FlowEdge(node.id, to, weight=0.0, aside=True) for to in sorted(asides)]
    return tuple(nodes), tuple(edges)


def _percent(share: float) -> str:
    return wording.percent(share, language(), 0 if share >= 0.1 else 1)


def _edge_title(model: Model, tail: str, head: str, rate: float) -> str:
    to = told.node_words(model, head) if head else _("离开")
    amount = told.number(rate * MINUTES_A_DAY)
    return _("%(tail)s → %(head)s：每天 %(n)s") % {"tail": told.node_words(model, tail), "head": to, "n": amount}


def _node(model: Model, node: Any, load: LoadLine | None) -> FlowNode:
    name = told.label(node.label, node.id)
    notes = tuple(told.node_notes(model, node))
    if not isinstance(node, Station):
        return FlowNode(node.id, name, notes, "change", title=name)
    if node.servers is None:
        return FlowNode(node.id, name, notes, "delay", title=name)
    share = load.load if load else None
    title = name if share is None else _("%(name)s：占用 %(load)s") % {"name": name, "load": _percent(share)}
    return FlowNode(node.id, name, notes, "station", node.servers, share, title)


def _sources_of(model: Model) -> tuple[list[FlowNode], list[FlowEdge]]:
    """Return one source for each node units come to, with its classes and how many there are a day."""
    by_node: dict[str, dict[str, float]] = defaultdict(dict)
    for (node, unit_class), rate in _entering(model).items():
        by_node[node][unit_class] = rate
    nodes, edges = [], []
    for node, rates in by_node.items():
        notes = tuple(
            f"{told.class_words(model, one)} {wording.number(_rounded(rate * MINUTES_A_DAY), language())}"
            for one, rate in rates.items()
        )
        nodes.append(FlowNode(f"in:{node}", _("每天到达"), notes, "source"))
        edges.append(FlowEdge(f"in:{node}", node, weight=sum(rates.values())))
    return nodes, edges


def _rounded(per_day: float) -> float:
    return round(per_day) if per_day >= 10 else round(per_day, 1)


def _ways(model: Model) -> dict[tuple[str, str, bool], float]:
    """Return how many units go from node to node a minute, all classes together; what splits counts what comes out."""
    ways, found = Ways(model), defaultdict(float)
    for state, rate in visits_per_min(model).items():
        for flow_ in ways.flows(state):
            found[state[0], flow_.to[0], flow_.aside] += rate * flow_.share
    return dict(found)
