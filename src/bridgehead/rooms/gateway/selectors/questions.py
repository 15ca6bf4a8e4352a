"""What the facts leave open about a port, and the table and column that would answer it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bridgehead.ground import words
from bridgehead.ground.kept import kept
from bridgehead.ground.region import Loaded
from bridgehead.kernel.tables import Row
from bridgehead.rooms.gateway import prose
from bridgehead.rooms.gateway.selectors import names
from bridgehead.rooms.gateway.selectors.recency import newest_year
from bridgehead.rooms.gateway.selectors.throughput import FREIGHT, best, cell, points, rows


@dataclass(frozen=True, slots=True)
class Question:
    """Something that is not known about a port, and the table and column that would answer it."""

    text: str
    table: str
    column: str


@kept
def questions(loaded: Loaded, port: str) -> tuple[Question, ...]:
    """Return what the facts leave open about a port."""
    row = names.port_row(loaded, port)
    found: list[Question] = []

    def ask(text: str, table: str, column: str) -> None:
        found.append(Question(text, table, column))

    year = loaded.region.settings.base_year
    own = best(points(loaded, port), year)
    freight = names.is_land(row)
    if freight and names.opened_by(row, year) and (own is None or not own.full_year):
        ask(_("%(year)s 年全年的货运量是多少？") % {"year": year}, "port_throughput", FREIGHT)
    newest = newest_year(loaded)
    if freight and names.opened_by(row, newest) and newest > year and best(points(loaded, port), newest) is None:
        ask(_("%(year)s 年的货运量是多少？") % {"year": newest}, "port_throughput", FREIGHT)
    for column, text, applies in _columns(row, loaded.region.settings.statute is not None):
        if applies and not cell(row, column):
            ask(text, "ports", column)
    clear = [r for r in rows(loaded, "clearance") if cell(r, "port_id") == port]
    if names.is_open(row) and not any("time" in cell(r, "metric") for r in clear):
        ask(_("通关要多长时间？"), "clearance", "metric")
    if freight and names.is_open(row) and not any("queue" in cell(r, "metric") for r in clear):
        ask(_("排队有多长？"), "clearance", "metric")
    if names.is_open(row) and not points(loaded, port, "passengers") and cell(row, "mode") != "rail":
        ask(_("一年有多少人出入境？"), "port_throughput", "passengers")
    if not any(cell(r, "port_id") == port for r in rows(loaded, "port_commodities")) and freight:
        ask(_("主要进出口什么货物？"), "port_commodities", "commodity")
    aims = [r for r in rows(loaded, "policies_reported") if cell(r, "port_id") == port and cell(r, "kind") == "target"]
    if names.is_open(row) and not any(int(r.get("year") or 0) >= newest for r in aims):  # type: ignore[call-overload]
        ask(_("%(year)s 年及以后的目标是什么？") % {"year": newest}, "policies_reported", "kind")
    return tuple(found)


def _columns(row: Row, regulated: bool) -> tuple[tuple[str, str, bool], ...]:
    """Return the columns of a port that a reader would miss: (column, question, whether it applies to this port)."""
    mode, open_ = cell(row, "mode"), names.is_open(row)
    land = names.is_land(row)
    return (
        ("statutory_class", _("按条例属于哪一类口岸？"), open_ and regulated),
        ("class", _("规划把它列为哪一类？"), open_),
        ("counterpart_port_zh", _("对面是哪个口岸？"), land),
        ("opening_type", _("常年、季节性还是临时开放？"), open_),
        ("opening_months", _("哪几个月开放？"), open_),
        ("hours", _("每天几点到几点通关？"), open_),
        ("design_capacity_t_per_year", _("设计能力是多少？"), land),
        ("freight_lanes_in", _("货运有几条进境通道？"), mode == "road" and open_),
        ("freight_lanes_out", _("货运有几条出境通道？"), mode == "road" and open_),
        ("passenger_lanes_in", _("客运有几条通道？"), mode == "road" and open_),
        ("gauge_cn_mm", _("本方轨距是多少？"), mode == "rail"),
        ("gauge_counterpart_mm", _("对方轨距是多少？"), mode == "rail"),
        ("transshipment", _("怎样换装？"), mode == "rail"),
    )


def question_count(loaded: Loaded, port: str) -> str:
    """Return the sentence on how many questions are open."""
    number = len(questions(loaded, port))
    said = ngettext("%(count)s件事没有查到", "%(count)s件事没有查到", number)
    return prose.capital(said % {"count": words.count(number)})
