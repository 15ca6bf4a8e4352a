"""The benchmark register: its subjects run in smoke size, and its generator makes what it says."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.models.city import city
from benchmarks.models.rail import rail
from benchmarks.registry import subjects, table


def test_the_generator_keeps_its_seed_and_its_shape():
    one, same, other = city(4_000), city(4_000), city(4_000, seed=2)
    assert np.array_equal(one.head, same.head)
    assert not np.array_equal(one.head, other.head)
    assert one.links == pytest.approx(4_000, rel=0.1)
    tails = np.repeat(np.arange(one.nodes), np.diff(one.first))
    both = set(zip(tails.tolist(), one.head.tolist(), strict=True))
    assert {(b, a) for a, b in both} == both
    assert (one.cost > 0).all()


def test_rail_like_networks_are_lines_between_the_junctions_of_a_city():
    net, base = rail(20_000), city(round(20_000 / 6))
    assert net.links == pytest.approx(20_000, rel=0.1)
    assert net.cost.sum() == pytest.approx(base.cost.sum())  # every link is cut, none is lost
    degree = np.bincount(np.diff(net.first))
    assert degree[2] > 0.8 * net.nodes
    assert np.array_equal(degree[3:], np.bincount(np.diff(base.first))[3:])
    tails = np.repeat(np.arange(net.nodes), np.diff(net.first))
    both = set(zip(tails.tolist(), net.head.tolist(), strict=True))
    assert {(b, a) for a, b in both} == both
    assert np.array_equal(rail(20_000).head, net.head)


@pytest.mark.parametrize("subject", [s for s in subjects() if s.name != "kernel-start"], ids=lambda s: s.name)
def test_every_subject_runs_in_smoke_size(subject):
    rows = [subject.measure(size) for size in subject.smoke]
    assert len(table(rows).splitlines()) == len(rows) + 2
    for row in rows:
        assert all(value > 0 for value in row.values() if isinstance(value, float))


def test_scipy_is_measured_in_its_fastest_form_too():
    """With all sources in one call scipy saves its overhead; a table without that column would flatter us."""
    for name in ("shortest-paths", "rail-paths"):
        subject = next(s for s in subjects() if s.name == name)
        row = subject.measure(400)
        assert float(row["scipy batch ms"]) > 0


def test_full_sizes_reach_a_hundred_thousand_links():
    sizes = next(s.sizes for s in subjects() if s.name == "shortest-paths")
    assert max(sizes) >= 100_000
