"""Searches over the contracted graph against the heap on the whole graph: distances, and paths that lead there."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.models.rail import rail
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bridgehead.engines.network.shortest import Graph
from tests.engines.test_shortest import graph_of

COSTS = st.one_of(st.sampled_from([0.0, 0.1, 0.2, 0.3, 1.0, np.inf]), st.floats(0.0, 1e6))


def agree(graph: Graph, source: int) -> None:
    """Compare distances, and walk every path back: each arc once, from the source, with the sum the distance says."""
    whole, contracted = graph.tree(source, "heap"), graph.tree(source, "contracted")
    np.testing.assert_allclose(contracted.distance, whole.distance, rtol=1e-12)
    for node in range(graph.node_count):
        if not contracted.reaches(node):
            assert contracted.arc[node] == -1
            continue
        here, total, steps = node, 0.0, 0
        while (arc := int(contracted.arc[here])) >= 0:
            assert graph.head[arc] == here
            here, total, steps = int(graph.tail[arc]), total + float(graph.cost[arc]), steps + 1
            assert steps <= graph.node_count
        assert here == source
        assert total == pytest.approx(contracted.distance[node], rel=1e-12)


@st.composite
def networks(draw):
    """Links with one or both directions, few enough that chains, dead ends, rings and islands all occur."""
    nodes = draw(st.integers(1, 14))
    place = st.integers(0, nodes - 1)
    arcs = []
    for a, b in draw(st.lists(st.tuples(place, place), max_size=2 * nodes)):
        ways = draw(st.sampled_from(["both", "there", "back"]))
        arcs += [(a, b, draw(COSTS))] if ways != "back" else []
        arcs += [(b, a, draw(COSTS))] if ways != "there" else []
    return nodes, arcs


def both_ways(*pairs: tuple[int, int, float]) -> list[tuple[int, int, float]]:
    return [arc for a, b, cost in pairs for arc in ((a, b, cost), (b, a, cost))]


@settings(max_examples=300, deadline=None)
@given(networks())
@example((1, []))
@example((4, both_ways((0, 1, 1.0), (1, 2, 2.0), (2, 3, 3.0))))  # a line: nothing but a dead end
@example((4, both_ways((0, 1, 1.0), (1, 2, 2.0), (2, 3, 3.0), (3, 0, 4.0))))  # a ring without a junction
@example((6, both_ways((0, 1, 1.0), (1, 2, 1.0), (2, 0, 1.0), (0, 3, 0.1), (3, 4, 0.2), (4, 5, 0.3))))  # a lasso
@example((5, both_ways((0, 1, 0.1), (1, 2, 0.2), (2, 3, 0.0), (3, 4, 0.0), (4, 0, 0.0), (0, 2, 0.3))))  # ties
def test_distances_from_every_node_are_those_of_the_whole_graph(network):
    nodes, arcs = network
    graph = graph_of(nodes, arcs)
    for source in range(nodes):
        agree(graph, source)


@settings(max_examples=15, deadline=None)
@given(st.integers(100, 3_000), st.integers(0, 2**32 - 1))
def test_rail_like_networks_from_anywhere(links, seed):
    net = rail(links, seed)
    graph = Graph(net.first, net.head, net.cost)
    assert graph.contraction.junctions < net.nodes / 3
    for source in np.random.default_rng(seed).integers(0, net.nodes, 3).tolist():
        agree(graph, source)


def test_what_is_left_are_the_junctions():
    """Two stars of three arms, joined by a chain of three: the middles stay, arms and chain go."""
    star = [(0, 1, 1.0), (0, 2, 1.0), (6, 7, 1.0), (6, 8, 1.0)]
    ring = [(0, 9, 1.0), (9, 10, 1.0), (10, 0, 1.0), (6, 11, 1.0), (11, 12, 1.0), (12, 6, 1.0)]
    graph = graph_of(13, both_ways(*star, *ring, (0, 3, 1.0), (3, 4, 1.0), (4, 5, 1.0), (5, 6, 1.0)))
    assert sorted(graph.contraction.core_node.tolist()) == [0, 6]
    tree = graph.tree(4, "contracted")
    assert tree.distance.tolist() == [2, 3, 3, 1, 0, 1, 2, 3, 3, 3, 3, 3, 3]
