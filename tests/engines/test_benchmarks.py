"""The benchmark register: its subjects run in smoke size, and its generator makes what it says."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.models.city import city
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


@pytest.mark.parametrize("subject", [s for s in subjects() if s.name != "kernel-start"], ids=lambda s: s.name)
def test_every_subject_runs_in_smoke_size(subject):
    rows = [subject.measure(size) for size in subject.smoke]
    assert len(table(rows).splitlines()) == len(rows) + 2
    for row in rows:
        assert all(value > 0 for value in row.values() if isinstance(value, float))


def test_full_sizes_reach_a_hundred_thousand_links():
    sizes = next(s.sizes for s in subjects() if s.name == "shortest-paths")
    assert max(sizes) >= 100_000
