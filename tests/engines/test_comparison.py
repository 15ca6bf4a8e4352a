"""Our figures beside published ones: what counts for which metric, ratios, and rows that prove nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridgehead.engines.network.comparison import Published, compare
from bridgehead.engines.network.components import Place
from bridgehead.kernel.errors import BridgeheadError
from tests.engines.small import PLACES, RAILWAY, link, parameter, parameters, tables

ROW = Published("x", "inland", "abroad", "coal", 1.0, None, "cost", (), "", "price", 32.0, "USD/t", "A newspaper, 2023")


@pytest.mark.parametrize(
    ("metric", "unit", "ours"),
    [
        ("price", "USD/t", 64.0),
        ("haulage_price", "USD/t", 10 + 1.5 + 40),
        ("time", "h", 38.0),
        ("time", "days", 38.0 / 24),
        ("transit_time", "h", 38.0 - 5.0 - 4.0),
    ],
)
def test_each_metric_counts_its_legs(metric, unit, ours):
    (found,) = compare(tables(), [replace(ROW, metric=metric, unit=unit)])
    assert found.ours == pytest.approx(ours)
    assert found.ratio == pytest.approx(ours / 32.0)


def test_prices_per_box_and_in_other_currencies():
    region = tables(parameters=parameters(parameter("exchange_rate", 3000.0, "MNT/USD")))
    row = replace(ROW, tonnes=None, teu=2.0)
    per_box = [replace(row, unit=unit) for unit in ("USD/t", "USD/TEU", "USD/FEU", "MNT/FEU")]
    ours = [one.ours for one in compare(region, per_box)]
    assert ours[1] == pytest.approx(ours[0] * 10)
    assert ours[2] == pytest.approx(ours[0] * 20)
    assert ours[3] == pytest.approx(ours[2] * 3000)


def test_a_ratio_beyond_a_factor_of_two_wants_an_explanation():
    fine, high = compare(tables(), [ROW, replace(ROW, value=10.0)])
    assert fine.plausible
    assert fine.explained
    assert not high.plausible
    assert not high.explained
    (told,) = compare(tables(), [replace(ROW, value=10.0, explanation="another year")])
    assert told.explained


def test_a_row_that_a_parameter_was_made_from_is_circular():
    source = "A newspaper, 2023"
    made = replace(
        parameter("freight_rate", 0.2, "USD/tkm", country="FF"), source=f"derived: {source}", basis="derived"
    )
    (found,) = compare(tables(parameters=parameters(made)), [ROW])
    assert found.circular == (made.id,)
    (time,) = compare(tables(parameters=parameters(made)), [replace(ROW, metric="time", unit="h")])
    assert time.circular == ()
    other = replace(made, basis="copied", source=source)
    (copied,) = compare(tables(parameters=parameters(other)), [ROW])
    assert copied.circular == ()
    nameless = replace(made, source="")
    (unknown,) = compare(tables(parameters=parameters(nameless)), [ROW])
    assert unknown.circular == ()


@pytest.mark.parametrize(
    ("metric", "unit"), [("beauty", "h"), ("time", "USD/t"), ("price", "days"), ("price", "USD/TEU")]
)
def test_a_metric_or_unit_that_cannot_be_compared_is_named(metric, unit):
    with pytest.raises(BridgeheadError) as caught:
        compare(tables(), [replace(ROW, metric=metric, unit=unit)])
    assert caught.value.code == "published.unknown_metric"


def test_beside_a_way_around_the_ports_of_the_region_stand_those_over_them():
    """The second crossing is no port of the region and cheaper; whoever names no crossing may have meant the port."""
    links = (
        *RAILWAY,
        link("inland", "elsewhere", 10.0, gauges=(1435,)),
        link("elsewhere", "station", 10.0, gauges=(1520, 1435)),
    )
    region = tables(places=(*PLACES, Place("elsewhere", "HH", "border", 43.0, 113.0)), links=links)
    around, over = compare(region, [ROW, replace(ROW, via="port")])
    assert around.route.ports == ()
    assert around.over_ports == (("port", pytest.approx(64.0)),)
    assert around.ours < 64.0
    assert over.over_ports == ()
    assert over.ours == pytest.approx(64.0)


def test_where_the_best_way_is_over_a_port_there_is_no_other_to_show():
    (found,) = compare(tables(), [ROW])
    assert found.over_ports == ()
