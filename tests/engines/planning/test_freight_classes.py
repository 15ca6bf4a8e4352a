"""Which classes of a port model come with the freight of a direction."""

from __future__ import annotations

from typing import Any

import pytest

from bridgehead.engines.planning.freight_ports import freight_classes
from bridgehead.engines.simulation.reading import read_model
from bridgehead.engines.simulation.written import as_mapping
from bridgehead.kernel.errors import BridgeheadError


def model(**classes: dict[str, Any]) -> Any:
    return read_model(
        {
            "schema": "bridgehead-port-model/1",
            "classes": classes,
            "stations": {"gate": {"servers": 1, "service": {"exp": 1}}},
            "sources": [{"class": one, "node": "gate", "interarrival": {"exp": 9}} for one in classes],
        }
    )


def test_classes_that_say_so_are_the_freight_of_their_direction() -> None:
    ways = {"ore": "import", "fruit": "export", "machines": "export"}
    port = model(**{one: {"unit": "truck", "direction": way} for one, way in ways.items()}, bus={"unit": "bus"})
    assert freight_classes(port, "import") == ("ore",)
    assert freight_classes(port, "export") == ("fruit", "machines")
    assert freight_classes(read_model(as_mapping(port)), "export") == ("fruit", "machines")


def test_without_a_word_only_a_main_unit_that_comes_alone_is_meant() -> None:
    assert freight_classes(model(truck={"unit": "truck"}, car={"unit": "car"}), "export") == ("truck",)
    assert freight_classes(model(one={"unit": "truck"}, other={"unit": "truck"}), "export") == ()


def test_a_direction_there_is_not_is_refused() -> None:
    with pytest.raises(BridgeheadError) as refused:
        model(truck={"direction": "northward"})
    assert [one.code for one in refused.value.faults] == ["model.not_one_of"]
