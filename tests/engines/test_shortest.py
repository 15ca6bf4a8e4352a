"""Shortest paths against scipy, on random graphs and on the awkward ones."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from bridgehead.engines.network.shortest import Graph
from bridgehead.kernel.errors import BridgeheadError


def graph_of(nodes: int, arcs: list[tuple[int, int, float]]) -> Graph:
    arcs = sorted(arcs, key=lambda arc: arc[0])
    first = np.zeros(nodes + 1, dtype=np.int32)
    for tail, _, _ in arcs:
        first[tail + 1] += 1
    head = np.array([arc[1] for arc in arcs], dtype=np.int32)
    return Graph(np.cumsum(first).astype(np.int32), head, np.array([arc[2] for arc in arcs], dtype=np.float64))


def bellman_ford(nodes: int, arcs: list[tuple[int, int, float]], source: int) -> np.ndarray:
    distance = np.full(nodes, np.inf)
    distance[source] = 0.0
    for _ in range(nodes):
        for tail, head, cost in arcs:
            distance[head] = min(distance[head], distance[tail] + cost)
    return distance


@st.composite
def graphs(draw):
    nodes = draw(st.integers(1, 12))
    place = st.integers(0, nodes - 1)
    cost = st.one_of(st.just(0.0), st.floats(0.0, 1e6), st.sampled_from([1e-300, 0.1, 1.0, 3.0, np.inf]))
    return nodes, draw(st.lists(st.tuples(place, place, cost), max_size=40)), draw(place)


@settings(max_examples=200, deadline=None)
@given(graphs())
@example((1, [], 0))
@example((3, [(0, 1, 0.0), (1, 0, 0.0), (0, 1, 0.0)], 0))
@example((2, [(0, 1, 5.0), (0, 1, 2.0), (0, 1, 2.0)], 0))
@example((3, [(0, 1, 1e-300), (1, 2, 1e6)], 0))
def test_both_methods_give_the_distances_of_bellman_and_ford_to_the_last_bit(given_graph):
    nodes, arcs, source = given_graph
    wanted = bellman_ford(nodes, arcs, source)
    graph = graph_of(nodes, arcs)
    for method in ("heap", "buckets"):
        tree = graph.tree(source, method)
        assert np.array_equal(tree.distance, wanted), method
        for node in range(nodes):
            path = tree.path(node)
            assert tree.reaches(node) == np.isfinite(wanted[node])
            assert bool(path) == (tree.reaches(node) and node != source)
            total, here = 0.0, source
            for arc in path:
                assert graph.tail[arc] == here
                here, total = int(graph.head[arc]), total + graph.cost[arc]
            if path:
                assert here == node
                assert total == wanted[node]


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 400), st.integers(0, 2**32 - 1), st.floats(0.5, 6.0))
def test_distances_agree_with_scipy_on_random_graphs(nodes, seed, degree):
    random = np.random.default_rng(seed)
    count = int(nodes * degree)
    tail, head = random.integers(0, nodes, (2, count))
    cost = random.lognormal(0.0, 2.0, count)
    graph = graph_of(nodes, list(zip(tail.tolist(), head.tolist(), cost.tolist(), strict=True)))
    best: dict[tuple[int, int], float] = {}  # scipy adds parallel entries up, so only the cheapest is handed to it
    for a, b, c in zip(tail.tolist(), head.tolist(), cost.tolist(), strict=True):
        best[a, b] = min(best.get((a, b), np.inf), c)
    rows, columns = np.array(list(best), dtype=int).reshape(-1, 2).T
    matrix = coo_array((list(best.values()), (rows, columns)), shape=(nodes, nodes)).tocsr()
    source = int(random.integers(0, nodes))
    theirs = dijkstra(matrix, indices=source)
    for method in ("heap", "buckets"):
        np.testing.assert_allclose(graph.tree(source, method).distance, theirs, rtol=1e-12)


def test_of_parallel_arcs_the_cheaper_is_taken_and_named():
    tree = graph_of(2, [(0, 1, 5.0), (0, 1, 2.0), (0, 1, 3.0)]).tree(0)
    assert tree.path(1) == (1,)


def test_a_closed_arc_is_never_used():
    graph = graph_of(3, [(0, 1, np.inf), (0, 2, 1.0), (2, 1, 1.0)])
    assert graph.tree(0).path(1) == (1, 2)
    assert not graph_of(2, [(0, 1, np.inf)]).tree(0).reaches(1)


def test_costs_of_very_different_size_stay_exact():
    arcs = [(i, i + 1, 10.0 ** (i % 17 - 8)) for i in range(60)] + [(0, 60, 1e9)]
    graph = graph_of(61, arcs)
    assert np.array_equal(graph.tree(0).distance, bellman_ford(61, arcs, 0))


@pytest.mark.parametrize("cost", [-1.0, -1e-9, np.nan])
def test_a_cost_below_zero_or_not_a_number_is_refused(cost):
    with pytest.raises(BridgeheadError) as caught:
        graph_of(2, [(0, 1, cost)])
    assert caught.value.code == "network.bad_cost"


def test_arrays_that_do_not_fit_together_are_refused():
    first, head, cost = np.array([0, 1, 1], np.int32), np.array([1], np.int32), np.array([1.0])
    for bad in (
        (first, head, np.array([1.0, 2.0])),
        (first, np.array([5], np.int32), cost),
        (first[:2], head, cost[:0]),
    ):
        with pytest.raises(BridgeheadError) as caught:
            Graph(*bad)
        assert caught.value.code == "network.bad_graph"
    with pytest.raises(BridgeheadError):
        Graph(first, head, cost).tree(2)


@settings(max_examples=50, deadline=None)
@given(graphs())
def test_trees_grown_in_one_call_are_those_of_single_calls(given_graph):
    nodes, arcs, source = given_graph
    graph = graph_of(nodes, arcs)
    sources = [source, 0, source, nodes - 1]
    for one, tree in zip(sources, graph.trees(sources), strict=True):
        alone = graph.tree(one)
        assert tree.source == one
        assert np.array_equal(tree.distance, alone.distance)
        assert np.array_equal(tree.arc, alone.arc)
    assert graph.trees([]) == ()
    with pytest.raises(BridgeheadError):
        graph.trees([0, nodes])
