"""One port, one page: what it is for and what it can take."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from bridgehead.ground import wording, words
from bridgehead.ground.kept import kept
from bridgehead.ground.language import language
from bridgehead.ground.region import Loaded
from bridgehead.kernel.source import Standing, standing_of
from bridgehead.kernel.tables import Row
from bridgehead.rooms.gateway.selectors import modelled, names
from bridgehead.rooms.gateway.selectors.capacities import Basis, assumed, basis_of, standing_of_capacity
from bridgehead.rooms.gateway.selectors.comparison import comparison
from bridgehead.rooms.gateway.selectors.ports import class_of
from bridgehead.rooms.gateway.selectors.throughput import cell


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
    facts.append(_plain(_("开放时间"), cell(row, "hours"), standing_of(cell(row, "confidence"))))
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
        known = isinstance(design, int | float)
        text = wording.measured_words(design, "t/year", language()) if known else ""  # type: ignore[arg-type]
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
    """Return the capacity of the fullest border link, what it rests on, and how much of it the model uses.

    The use is left out where the model and the report are too far apart for it to say anything about the port.
    """
    label = _("口岸线路能力")
    use = modelled.border_use(loaded, port)
    links = [one for one in modelled.border_links(loaded, port) if one.status == "open" and one.capacity]
    link = use.link if use is not None and use.busiest is not None else next(iter(links), None)
    if link is None:
        return Fact(label, "")
    basis = link.capacity_basis
    values = {"capacity": wording.measured_words(link.capacity, link.capacity_unit, language()), "use": ""}
    share = use.share if use is not None else None
    if share is not None and not comparison(loaded, port).far:
        shown = {"share": wording.percent(share, language())}
        values["use"] = _("，用到 %(share)s") % shown if share >= modelled.NOTHING else _("，几乎没有货")
    said = {
        Basis.SOURCED: _("%(capacity)s%(use)s"),
        Basis.PEAK: _("%(capacity)s（已知最高日，不是设计值）%(use)s"),
        Basis.JUDGED: _("%(capacity)s（估计）%(use)s"),
        Basis.ASSUMED: _("%(capacity)s（等级假设）%(use)s"),
    }[basis_of(basis)]
    note = _ends(loaded, use) if use is not None else ""
    # An assumption has no source to name; the words say what it is.
    source = "" if assumed(basis) else basis
    return Fact(label, said % values, standing_of_capacity(basis), source, note=note)


def _ends(loaded: Loaded, use: modelled.LinkUse) -> str:
    return _("%(a)s – %(b)s，%(mode)s") % {
        "a": names.short(loaded, use.link.origin),
        "b": names.short(loaded, use.link.destination),
        "mode": words.word("mode", use.link.mode),
    }


def source(loaded: Loaded, port: str) -> tuple[str, str]:
    """Return the sources and the date of the row of a port."""
    row = names.port_row(loaded, port)
    return cell(row, "source"), cell(row, "source_date")
