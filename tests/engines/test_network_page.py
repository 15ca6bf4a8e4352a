"""The page that explains the network model shows the figures the model gives now."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from bridgehead.engines.flows.all_or_nothing import assign
from bridgehead.engines.flows.freight_flows import equilibrate
from bridgehead.ground.published import comparisons
from bridgehead.regions.load import load_region

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "network-model.md"


def rows_under(head: str) -> list[list[str]]:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(head))
    cells = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        cells.append([cell.strip() for cell in line.strip("|").split("|")])
    return cells


@pytest.fixture(scope="module")
def region():
    return load_region()


def test_the_table_of_ports_shows_what_the_model_gives(region):
    tables = region.network()
    at_ports, everywhere = ({p.port: p for p in assign(tables, crossings=c).port_totals} for c in ("ports", "all"))
    rows = rows_under("| port | reported |")
    named = [port for row in rows for port in row[0].split(", ")]
    assert sorted(named) == sorted(p for p, total in at_ports.items() if total.marked_t or total.modelled_t)
    for ports, _, marked, modelled, difference, all_crossings in rows:
        mine = [at_ports[port] for port in ports.split(", ")]
        assert float(marked) == pytest.approx(sum(p.marked_t for p in mine) / 1e6, abs=0.0051)
        assert float(modelled) == pytest.approx(sum(p.modelled_t for p in mine) / 1e6, abs=0.0051)
        assert float(difference) == pytest.approx(sum(p.modelled_t - p.marked_t for p in mine) / 1e6, abs=0.0051)
        theirs = sum(everywhere[port].modelled_t for port in ports.split(", "))
        assert float(all_crossings) == pytest.approx(theirs / 1e6, abs=0.0051)


def test_the_table_of_published_figures_shows_what_the_model_gives(region):
    found = {one.published.id: one for one in comparisons(region)}
    rows = rows_under("| pair | metric |")
    assert [row[0] for row in rows] == list(found)
    for name, metric, _, ours, ratio, confidence, mark in rows:
        one = found[name]
        assert (metric, confidence) == (one.published.metric, one.published.confidence)
        assert float(ours.replace(",", "")) == pytest.approx(one.ours, rel=0.02)
        assert float(ratio) == pytest.approx(one.ratio, abs=0.0051)
        assert mark == ("circular" if one.circular else "" if one.plausible else "explained")


def test_the_counts_of_the_page_are_those_of_the_tables(region):
    text = PAGE.read_text(encoding="utf-8")
    rows = region.rows("parameters")
    counts = [sum(row["basis"] == basis for row in rows) for basis in ("copied", "derived", "assumption")]
    assert f"Of {len(rows)} rows {counts[0]} are copied from `costs.csv`, {counts[1]} derived" in text
    assert f"{counts[2]} are assumptions" in text


def test_the_spread_of_container_choice_is_how_far_our_prices_miss_the_published_ones(region):
    """Rail prices to Moscow: the root mean square of what we miss, as the scale of a logit of that deviation."""
    cities = {"xian-moscow-price", "chongqing-moscow-price", "shanghai-port-moscow-price", "guangzhou-moscow-price"}
    missed = [one.ours - one.published.value for one in comparisons(region) if one.published.id in cities]
    assert len(missed) == len(cities)
    per_t = math.sqrt(sum(usd**2 for usd in missed) / len(missed)) / (2 * 10.23)
    spread = next(row for row in region.rows("parameters") if row["id"] == "choice-spread-container")
    assert float(spread["value"]) == pytest.approx(per_t * math.sqrt(6) / math.pi, rel=0.02)


@pytest.mark.slow
def test_the_table_of_the_calibrated_model_shows_what_the_model_gives(region):
    totals = {one.port: one.modelled_t / 1e6 for one in equilibrate(region.network(), 2023).flows.port_totals}
    rows = rows_under("| port | marks |")
    assert {row[0] for row in rows} == {port for port, mt in totals.items() if mt}
    for port, _, _, after in rows:
        assert float(after) == pytest.approx(totals[port], abs=0.02 + 0.01 * totals[port])
