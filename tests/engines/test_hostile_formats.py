"""Damaged texts of networks end in faults with sentences, never in anything else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridgehead.engines.network.formats import geojson, gmns, tntp
from bridgehead.kernel.errors import BridgeheadError, languages, messages, sentence
from tests.engines.test_geojson import NETWORK
from tests.engines.test_gmns import TABLES
from tests.engines.test_tntp import NET, TRIPS

COMPLETE = ("zh", "en")
"""Languages every error is told in; in others what a trader meets."""
BITS = [*'-x_;~<>:0",é{}[]', "nan", "inf", "1e999", "9" * 30, "Origin", "1.5", "null", "-0", "true"]
READERS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "network": (NET, lambda text: tntp.read_network(text).directed()),
    "trips": (TRIPS, lambda text: tntp.read_trips(text, 3, warnings=[])),
    "nodes": ("Node\tX\tY\t;\n1 2 3;\n2 3 4;\n", tntp.read_nodes),
    "flows": ("From To Volume Cost\n1 2 3 4\n2 1 4 5\n", tntp.read_flows),
    "features": (geojson.write_network(NETWORK), geojson.read_network),
    **{
        name: (text, lambda text, name=name: gmns.read_network({**TABLES, name: text}))  # type: ignore[misc]
        for name, text in TABLES.items()
    },
}


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_damage_is_a_fault_or_nothing(name: str, data: st.DataObject) -> None:
    text, read = READERS[name]
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(text)))
        gone = data.draw(st.integers(0, 3))
        text = text[:place] + data.draw(st.sampled_from(["", "\n", "\t", "\x00", *BITS])) + text[place + gone :]
    try:
        read(text)
    except BridgeheadError as error:
        for fault in error.faults:
            assert all(fault.code in messages(language) for language in COMPLETE)
            assert all(sentence(fault, language).message for language in languages())
