"""The cases on file hold the values the exact computations give, and are fit to be run."""

from __future__ import annotations

from collections import Counter

import pytest

from .exact.writing import BENCH_CASES, FAMILIES, NATIVE_CASES, NATIVE_FAMILIES, family, label, path_of, read

ALL = (*FAMILIES, *NATIVE_FAMILIES)


@pytest.mark.parametrize("name", ALL)
def test_every_value_on_file_is_computed_and_not_typed(name):
    computed, kept = family(name), read(name)
    assert {key: kept[key] for key in ("schema", "title", "format")} == {
        key: computed[key] for key in ("schema", "title", "format")
    }
    assert [case["id"] for case in kept["cases"]] == [case["id"] for case in computed["cases"]]
    for one, other in zip(kept["cases"], computed["cases"], strict=True):
        for key in ("title", "source", "model", "run"):
            assert one[key] == other[key], (one["id"], key)
        assert [label(expected) for expected in one["expect"]] == [label(expected) for expected in other["expect"]]
        for found, right in zip(one["expect"], other["expect"], strict=True):
            assert found["value"] == pytest.approx(right["value"], rel=1e-9, abs=1e-15), (one["id"], label(found))
            assert found["rel_tol"] == right["rel_tol"], (one["id"], label(found))


@pytest.mark.parametrize("name", ALL)
def test_cases_are_named_once_and_say_where_their_values_come_from(name):
    cases = read(name)["cases"]
    assert len(cases) >= 2
    for case in cases:
        labels = Counter(label(expected) for expected in case["expect"])
        assert max(labels.values()) == 1, case["id"]
        assert case["source"]
        assert 0 <= case["run"]["warmup"] < case["run"]["horizon"]
        assert len(case["expect"]) >= 1


def test_no_case_is_named_twice_and_every_file_is_of_a_family():
    names = Counter(case["id"] for name in ALL for case in read(name)["cases"])
    assert max(names.values()) == 1
    kept = {path for folder in (BENCH_CASES, NATIVE_CASES) for path in folder.iterdir() if path.stem in ALL}
    assert kept == {path_of(name) for name in ALL}


@pytest.mark.parametrize("name", ALL)
def test_tolerances_tell_right_from_wrong(name):
    loose = [
        (case["id"], label(expected))
        for case in read(name)["cases"]
        for expected in case["expect"]
        if expected["rel_tol"] > 0.08
    ]
    assert loose == []
