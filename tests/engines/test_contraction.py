"""Searches over the contracted graph against the heap on the whole graph: distances, and paths that lead there."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.models.rail import rail
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from bridgehead.engines.network.contraction import Contraction
from bridgehead.engines.network.shortest import Graph
from tests.engines.test_shortest import graph_of

COSTS = st.one_of(st.sampled_from([0.0, 1e-17, 0.1, 0.2, 0.3, 1.0, np.inf]), st.floats(0.0, 1e6))


def agree(graph: Graph, source: int) -> None:
    """Compare distances, and walk every path back: each arc once, from the source, with the sum the distance says."""
    whole, contracted = graph.tree(source, "heap"), graph.tree(source, "contracted")
    np.testing.assert_allclose(contracted.distance, whole.distance, rtol=1e-12, atol=0.0)
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
    """Links with one or both directions, few enough that chains, dead ends, rings, islands and junctions all occur."""
    nodes = draw(st.integers(1, 14))
    place = st.integers(0, nodes - 1)
    arcs = []
    for a, b in draw(st.lists(st.tuples(place, place), max_size=3 * nodes)):
        ways = draw(st.sampled_from(["both", "there", "back"]))
        arcs += [(a, b, draw(COSTS))] if ways != "back" else []
        arcs += [(b, a, draw(COSTS))] if ways != "there" else []
    return nodes, arcs


def both_ways(*pairs: tuple[int, int, float]) -> list[tuple[int, int, float]]:
    return [arc for a, b, cost in pairs for arc in ((a, b, cost), (b, a, cost))]


@settings(max_examples=300, deadline=None)
@given(networks(), st.integers(1, 6))
@example((1, []), 5)
@example((4, both_ways((0, 1, 1.0), (1, 2, 2.0), (2, 3, 3.0))), 2)  # a line: nothing but a dead end
@example((4, both_ways((0, 1, 1.0), (1, 2, 2.0), (2, 3, 3.0), (3, 0, 4.0))), 2)  # a ring without a junction
@example((6, both_ways((0, 1, 1.0), (1, 2, 1.0), (2, 0, 1.0), (0, 3, 0.1), (3, 4, 0.2), (4, 5, 0.3))), 2)  # a lasso
@example((5, both_ways((0, 1, 0.1), (1, 2, 0.2), (2, 3, 0.0), (3, 4, 0.0), (4, 0, 0.0), (0, 2, 0.3))), 3)  # ties
@example((4, [(0, 1, 0.0), (1, 2, 0.0), (2, 0, 0.0), (3, 1, 0.1), (3, 2, 0.1)]), 3)  # round without cost, one way
@example((3, [(0, 1, 3.0), (0, 1, 1.0), (1, 1, 0.0), (1, 2, 2.0), (1, 2, 2.0), (2, 1, 0.5)]), 5)  # parallel, a loop
def test_distances_from_every_node_are_those_of_the_whole_graph(network, most):
    nodes, arcs = network
    graph = graph_of(nodes, arcs)
    graph.contraction = Contraction(graph.first, graph.head, graph.tail, graph.cost, most=most)
    for source in range(nodes):
        agree(graph, source)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([(0.0, 1.0), (0.0, 0.1, 0.2, 0.3), (1e-17, 0.1, 0.3)]))
def test_arcs_lead_back_to_the_source_where_many_cost_nothing(seed, costs):
    """Narrow strips, in which circles that cost nothing or less than rounding are the rule."""
    random = np.random.default_rng(seed)
    tail = random.integers(0, 40, 90)
    head = np.clip(tail + random.integers(-3, 4, 90), 0, 39)
    there, back = random.choice(costs, (2, 90))
    back = np.where(random.random(90) < 0.7, there, back)
    arcs = [*zip(tail, head, there, strict=True), *zip(head, tail, back, strict=True)]
    graph = graph_of(40, arcs)
    for source in (0, 13, 39):
        agree(graph, source)


@settings(max_examples=15, deadline=None)
@given(st.integers(100, 3_000), st.integers(0, 2**32 - 1))
def test_rail_like_networks_from_anywhere(links, seed):
    net = rail(links, seed)
    graph = Graph(net.first, net.head, net.cost)
    assert graph.contraction.junctions < net.nodes / 3
    matrix = csr_array((net.cost, net.head, net.first), shape=(net.nodes, net.nodes))
    for source in np.random.default_rng(seed).integers(0, net.nodes, 3).tolist():
        agree(graph, source)
        np.testing.assert_allclose(graph.tree(source, "contracted").distance, dijkstra(matrix, indices=source), 1e-12)


def test_a_source_in_a_chain_a_dead_end_or_a_junction():
    """Seven nodes each joined to each stay, as their six neighbours are too many; a tail and two chains go."""
    clique = [(a, b, 2.0) for a in range(7) for b in range(a)]
    lines = [(0, 7, 1.0), (7, 8, 1.0), (1, 9, 0.5), (9, 10, 0.5), (10, 2, 0.5), (3, 11, 1.0), (11, 3, 4.0)]
    graph = graph_of(12, both_ways(*clique, *lines))
    graph.contraction = Contraction(graph.first, graph.head, graph.tail, graph.cost, most=5)
    assert graph.contraction.junctions == 7
    assert graph.tree(9, "contracted").distance.tolist() == [2.5, 0.5, 1.0, 2.5, 2.5, 2.5, 2.5, 3.5, 4.5, 0, 0.5, 3.5]
    for source in range(12):
        agree(graph, source)


def test_a_hub_of_many_dead_ends_goes_too():
    """Leaves are taken off a long list of neighbours one by one; a search through it for each would not end."""
    spokes = 50_000
    rim, hub = np.arange(1, spokes + 1), np.zeros(spokes, dtype=np.int64)
    first = np.concatenate(([0], np.arange(spokes, 2 * spokes + 1)))
    graph = Graph(first, np.concatenate((rim, hub)), np.ones(2 * spokes))
    assert graph.contraction.junctions == 0
    assert graph.tree(7, "contracted").distance.sum() == 1 + 2 * (spokes - 1)
