"""The stay of a train is that of a train: what is taken apart, paired and made up is told apart."""

import json

import pytest

from bridgehead.engines.planning.stay_curves import base_load_per_day, stay_at
from bridgehead.engines.simulation.border_measures import border_measures, to_departure_mean_h
from bridgehead.engines.simulation.reading import read_model
from bridgehead.engines.simulation.replications import Experiment, replicate
from bridgehead.engines.simulation.reports import report
from bridgehead.engines.simulation.results import results
from bridgehead.engines.simulation.staffing.keeping import seen
from bridgehead.engines.simulation.staffing.promises import read_promise
from bridgehead.engines.simulation.unit_stays import class_stays, leaving_with, main_classes, main_unit
from bridgehead.engines.simulation.written import as_mapping
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.regions.load import load_region
from bridgehead.regions.port_models import port_model_text, ports_with_models

EXPERIMENT = Experiment(10_000.0, 0.0, 2, bin_min=10_000.0)


def gauge(**more):
    """A train of two wagons every 1,000 min: 30 to be taken apart, 10 and then 10 by one crane, 5 to depart."""
    tree = {
        "schema": "bridgehead-port-model/1",
        "classes": {
            "train": {"unit": "train"},
            "wagon": {"unit": "wagon"},
            "empty": {"unit": "wagon"},
            "pair": {"unit": "wagon"},
            "loaded": {"unit": "train"},
            "through": {"unit": "train"},
        },
        "stations": {
            "yard": {"servers": 1, "service": {"*": {"det": 30}}},
            "apart": {"kind": "split", "into": {"wagon": 2}},
            "match": {"kind": "match", "inputs": {"wagon": {}, "empty": {}}, "as": "pair"},
            "crane": {"servers": 1, "service": {"*": {"det": 10}}},
            "make_up": {"kind": "combine", "of": "pair", "size": 2, "as": "loaded"},
            "depart": {"servers": 1, "service": {"*": {"det": 5}}},
            "change": {"servers": 1, "service": {"*": {"det": 100}}},
        },
        "routes": {
            "*": {"yard": "apart", "apart": "match", "match": "crane", "crane": "make_up", "make_up": "depart",
                  "depart": "out"},
            "through": {"change": "out"},
        },
        "sources": [
            {"class": "train", "node": "yard", "interarrival": {"det": 1000}},
            {"class": "empty", "node": "match", "interarrival": {"det": 500}},
            {"class": "through", "node": "change", "interarrival": {"det": 500}},
        ],
    }  # fmt: skip
    return read_model({**tree, **more})


def test_each_class_says_where_its_stay_begins_and_ends():
    found = {one.unit_class: (one.since, one.until, one.at) for one in class_stays(gauge())}
    assert found == {
        "train": (("train",), "split", "apart"),
        "wagon": (("train",), "match", "match"),
        "empty": (("empty",), "match", "match"),
        "pair": (("train",), "combine", "make_up"),
        "loaded": (("train",), "leaves", ""),
        "through": (("through",), "leaves", ""),
    }


def test_the_stay_of_the_port_is_that_of_trains_from_arrival_to_departure():
    study = replicate(gauge(), EXPERIMENT)
    assert main_unit(gauge()) == "train"
    assert main_classes(gauge()) == ("loaded", "through")
    # A train: 30 in the yard, two wagons one after the other under the crane, 5 to depart.
    train = 30.0 + 10.0 + 10.0 + 5.0
    assert study.estimate("sojourn_mean", unit_class="loaded").mean == pytest.approx(train)
    assert study.estimate("sojourn_mean", unit_class="train").mean == pytest.approx(30.0), "until it is taken apart"
    done = {name: study.estimate("system_throughput", unit_class=name).mean for name in main_classes(gauge())}
    trains, through = done["loaded"], done["through"]
    expected = (trains * train + through * 100.0) / (trains + through)
    whole = results(study)["whole"]
    assert whole["unit"] == "train"
    assert whole["stay_mean_h"]["mean"] == pytest.approx(expected / 60.0)
    assert whole["throughput_per_day"]["mean"] == pytest.approx((trains + through) * 1440.0)
    assert whole["wait_total_mean"]["mean"] is None, "a wait before the change is not that of what left"
    mixed = study.estimate("sojourn_mean").mean
    assert abs(mixed - expected) > 5.0, "all classes in one figure would be another figure"
    assert report(study)["replications"]["stay_mean_h"] == pytest.approx([expected / 60.0] * 2)


def test_wagons_have_a_stay_of_their_own_until_they_leave_in_their_train():
    study = replicate(gauge(), EXPERIMENT)
    # The first wagon waits 10 for the second; both are there until the train is made up and has departed.
    assert study.estimate("sojourn_mean", unit_class="pair").mean == pytest.approx(50.0)
    for name, expected in (("pair", 55.0), ("wagon", 55.0), ("train", 55.0), ("loaded", 55.0), ("through", 100.0)):
        assert to_departure_mean_h(study, name).mean * 60.0 == pytest.approx(expected), name
    empty = study.estimate("sojourn_mean", unit_class="empty").mean
    assert to_departure_mean_h(study, "empty").mean * 60.0 == pytest.approx(empty + 25.0)
    told = {one["id"]: one for one in results(study)["classes"]}
    assert told["wagon"]["until"] == "match"
    assert told["wagon"]["until_at"] == "match"
    assert told["loaded"]["since"] == ["train"]
    json.dumps(told, allow_nan=False)


def test_a_promise_on_the_stay_is_one_on_trains_unless_it_names_a_class():
    outcome = replicate(gauge(), EXPERIMENT).outcomes[0]
    for promise, kept in (("p90 stay <= 110 min", True), ("p90 stay <= 60 min", False)):
        [clause] = read_promise(promise, gauge()).clauses
        said = seen(clause, outcome)
        assert (said.amount >= 0.9 * said.of) == kept, promise


def test_the_stay_that_flows_reckon_with_is_that_of_what_became_of_the_arrivals():
    model = gauge()
    assert leaving_with(model, ["train"]) == ("loaded",)
    assert leaving_with(model, ["through"]) == ("through",)
    assert set(leaving_with(model)) == {"loaded", "through"}
    base = base_load_per_day(model, EXPERIMENT, ["train"])
    assert base == pytest.approx(1.44, rel=0.2)
    assert stay_at(model, base, base, EXPERIMENT, ["train"]).stay_min.mean == pytest.approx(55.0)
    with pytest.raises(BridgeheadError, match=r"planning\.nothing_arrives"):
        base_load_per_day(model, EXPERIMENT, ["loaded"])


def test_without_changes_the_whole_is_all_of_the_main_unit():
    model = read_model(
        {
            "schema": "bridgehead-port-model/1",
            "classes": {"truck": {"unit": "truck"}, "car": {"unit": "car"}},
            "stations": {"gate": {"servers": 1, "service": {"truck": {"det": 4}, "car": {"det": 1}}}},
            "sources": [
                {"class": "truck", "node": "gate", "interarrival": {"det": 20}},
                {"class": "car", "node": "gate", "interarrival": {"det": 10}},
            ],
        }
    )
    study = replicate(model, EXPERIMENT)
    assert main_classes(model) == ("truck",)
    trucks = study.estimate("sojourn_mean", unit_class="truck").mean / 60.0
    assert border_measures(study).stay_mean_h.mean == pytest.approx(trucks)
    assert results(study)["whole"]["wait_total_mean"]["mean"] is not None


def test_what_a_unit_is_survives_writing_and_other_words_are_refused():
    model = gauge()
    assert read_model(as_mapping(model)).classes == model.classes
    with pytest.raises(BridgeheadError) as refused:
        gauge(classes={"train": {"unit": "ship"}})
    assert any(fault.place.field == "classes.train.unit" for fault in refused.value.faults)


def test_every_port_of_the_region_says_what_its_units_are_and_rail_ports_count_trains():
    region = load_region()
    for port in ports_with_models(region):
        model = read_model(port_model_text(region, port))
        assert all(one.unit for one in model.classes), port
        assert main_unit(model) == ("train" if port.endswith("rail") else "truck"), port
        units = {one.id: one.unit for one in model.classes}
        assert {units[one] for one in main_classes(model)} == {main_unit(model)}, port
