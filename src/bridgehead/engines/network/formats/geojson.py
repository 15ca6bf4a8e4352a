"""GeoJSON: nodes as points and links as lines between them, all columns as properties.

Source: RFC 7946, The GeoJSON Format (2016). Coordinates are longitude and latitude in degrees (WGS 84). A feature with
`link_id` is a link, one with `node_id` alone a node; features without known coordinates have no geometry.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from bridgehead.engines.network.directed import DirectedNetwork
from bridgehead.engines.network.formats.columns import Faults
from bridgehead.engines.network.formats.labelled import (
    DELAY_COLUMNS,
    DelayRows,
    LinkRows,
    NodeRows,
    Points,
    assemble,
    delay_rows,
    delay_table,
    refuse_ids,
)
from bridgehead.kernel.errors import BridgeheadError, Place

Float64 = npt.NDArray[np.float64]
Properties = Mapping[str, Any]


def write_network(network: DirectedNetwork, file: str = "map.geojson") -> str:
    """Return a network as a FeatureCollection; reading it gives the same arrays to the bit.

    Raises
    ------
    BridgeheadError
        If coordinates are not degrees, or with every id that is empty or there already.
    """
    refuse_ids(network, file, file)
    outside = (np.abs(network.x) > 180.0) | (np.abs(network.y) > 90.0)
    if outside.any():
        example = network.node_ids[int(np.flatnonzero(outside)[0])]
        raise BridgeheadError("geojson.not_degrees", {"count": int(outside.sum()), "example": example}, Place(file))
    places = [
        [x, y] if known else None
        for x, y, known in zip(
            network.x.tolist(), network.y.tolist(), np.isfinite(network.x + network.y).tolist(), strict=True
        )
    ]
    features = [*_node_features(network, places), *_link_features(network, places)]
    return '{"type": "FeatureCollection", "features": [\n' + ",\n".join(features) + "\n]}\n"


def _node_features(network: DirectedNetwork, places: Sequence[list[float] | None]) -> list[str]:
    zones: list[int | None] = [None] * network.node_count
    for i, node in enumerate(network.zones.tolist()):
        zones[node] = i
    return [
        _feature("Point", place, {"node_id": name, "zone": zone, "no_through": closed})
        for name, place, zone, closed in zip(network.node_ids, places, zones, network.no_through.tolist(), strict=True)
    ]


def _link_features(network: DirectedNetwork, places: Sequence[list[float] | None]) -> list[str]:
    given = delay_rows(network.delays)
    parameters = {name: values.tolist() for name, values in given.values.items()}
    features = []
    for i, (tail, head) in enumerate(zip(network.tail.tolist(), network.head.tolist(), strict=True)):
        ends = [places[tail], places[head]]
        properties = {
            "link_id": network.link_ids[i],
            "from_node_id": network.node_ids[tail],
            "to_node_id": network.node_ids[head],
            "length": float(network.length[i]),
            "toll": float(network.toll[i]),
            "kind": given.kinds[i],
            # NaN is the only number that is not itself.
            **{name: values[i] for name, values in parameters.items() if values[i] == values[i]},
        }
        if given.points[i]:
            properties["points"] = given.points[i]
        features.append(_feature("LineString", None if None in ends else ends, properties))
    return features


def _feature(kind: str, coordinates: object, properties: Properties) -> str:
    geometry = None if coordinates is None else {"type": kind, "coordinates": coordinates}
    feature = {"type": "Feature", "geometry": geometry, "properties": properties}
    return json.dumps(feature, ensure_ascii=False, allow_nan=False)


def read_network(text: str, file: str = "map.geojson") -> DirectedNetwork:
    """Read a network.

    Parameters
    ----------
    text : str
        A FeatureCollection with the properties `write_network` gives; others are passed over.
    file : str
        How faults call it; their rows count features from 1.

    Raises
    ------
    BridgeheadError
        With every fault: no GeoJSON, features that are neither node nor link, properties that are missing, no
        numbers, not finite or negative, ids that stand twice, nodes that are not there, delay functions that cannot
        be.
    """
    faults = Faults(file)
    nodes: list[tuple[int, Properties, Any]] = []
    links: list[tuple[int, Properties]] = []
    for row, feature in enumerate(_features(text, file), 1):
        properties = feature.get("properties") if isinstance(feature, dict) else None
        geometry = feature.get("geometry") if isinstance(feature, dict) else None
        kind = geometry.get("type") if isinstance(geometry, dict) else None
        if not isinstance(properties, dict):
            faults.note("geojson.bad_feature", row, None, row=row)
        elif "link_id" in properties and kind in {None, "LineString"}:
            links.append((row, properties))
        elif "node_id" in properties and "link_id" not in properties and kind in {None, "Point"}:
            nodes.append((row, properties, geometry))
        else:
            faults.note("geojson.bad_feature", row, None, row=row)
    delays = delay_table(_delays(links, faults), faults)
    network = assemble(_nodes(nodes, faults), _links(links, faults), delays, faults, faults)
    faults.stop()
    return network


def _features(text: str, file: str) -> list[Any]:
    def refuse(name: str) -> object:
        raise ValueError(f"{name} is not JSON")

    try:
        found = json.loads(text.removeprefix("\ufeff"), parse_constant=refuse)
    except json.JSONDecodeError as error:
        raise BridgeheadError("geojson.unreadable", {"reason": error.msg}, Place(file, error.lineno)) from None
    except (ValueError, RecursionError) as error:
        raise BridgeheadError("geojson.unreadable", {"reason": str(error)}, Place(file)) from None
    features = found.get("features") if isinstance(found, dict) and found.get("type") == "FeatureCollection" else None
    if not isinstance(features, list):
        raise BridgeheadError("geojson.unreadable", {"reason": "FeatureCollection?"}, Place(file))
    return features


def _nodes(nodes: Sequence[tuple[int, Properties, Any]], faults: Faults) -> NodeRows:
    place = np.full((len(nodes), 2), np.nan)
    zones: dict[float, int] = {}
    for i, (row, properties, geometry) in enumerate(nodes):
        given = geometry.get("coordinates") if geometry is not None else None
        if isinstance(given, list) and len(given) >= 2:
            place[i] = [_number({"coordinates": value}, "coordinates", row, faults) for value in given[:2]]
        elif geometry is not None:
            faults.note("network_file.empty_cell", row, "coordinates")
        if properties.get("zone") is not None:
            zone = _number(properties, "zone", row, faults)
            if zone in zones:
                faults.note("network_file.repeated", row, "zone", value=zone, first=nodes[zones[zone]][0])
            zones[zone] = i
    return NodeRows(
        [_label(properties, "node_id", row, faults) for row, properties, _ in nodes],
        place[:, 0].copy(),
        place[:, 1].copy(),
        np.array([properties.get("no_through") is True for _, properties, _ in nodes], dtype=np.bool_),
        np.array([zones[zone] for zone in sorted(zones)], dtype=np.int32),
        [row for row, _, _ in nodes],
    )


def _links(links: Sequence[tuple[int, Properties]], faults: Faults) -> LinkRows:
    ids, tail, head = (
        [_label(properties, name, row, faults) for row, properties in links]
        for name in ("link_id", "from_node_id", "to_node_id")
    )
    length, toll = (
        np.array([_number(properties, name, row, faults, least=0.0) for row, properties in links], dtype=np.float64)
        for name in ("length", "toll")
    )
    return LinkRows(ids, tail, head, length, toll, [row for row, _ in links])


def _delays(links: Sequence[tuple[int, Properties]], faults: Faults) -> DelayRows:
    values = {
        name: np.array(
            [
                np.nan if properties.get(name) is None else _number(properties, name, row, faults)
                for row, properties in links
            ],
            dtype=np.float64,
        )
        for name in DELAY_COLUMNS
    }
    kinds = [_label(properties, "kind", row, faults) for row, properties in links]
    points = [_points(properties, row, faults) for row, properties in links]
    return DelayRows(kinds, values, points, [row for row, _ in links])


def _points(properties: Properties, row: int, faults: Faults) -> Points:
    given = properties.get("points", [])
    if isinstance(given, list) and all(isinstance(point, list) and len(point) == 2 for point in given):
        return [
            (
                _number({"points": x}, "points", row, faults),
                _number({"points": y}, "points", row, faults),
            )
            for x, y in given
        ]
    faults.note("network_file.bad_number", row, "points", value=given)
    return []


def _label(properties: Properties, name: str, row: int, faults: Faults) -> str:
    value = properties.get(name)
    if isinstance(value, str | int) and not isinstance(value, bool) and value != "":
        return str(value)
    faults.note("network_file.empty_cell", row, name)
    return ""


def _number(properties: Properties, name: str, row: int, faults: Faults, *, least: float | None = None) -> float:
    value = properties.get(name)
    if value is None:
        faults.note("network_file.empty_cell", row, name)
    elif isinstance(value, bool) or not isinstance(value, int | float):
        faults.note("network_file.bad_number", row, name, value=value)
    elif (isinstance(value, int) and abs(value) > 2**1023) or not np.isfinite(float(value)):
        faults.note("network_file.not_finite", row, name, value=value)
    elif least is not None and value < least:
        faults.note("network_file.too_small", row, name, value=value, least=least)
    else:
        return float(value)
    return np.nan
