"""Two runs of a port side by side: paired where they can be, each difference with its interval."""

from __future__ import annotations

import statistics

import pytest
from django.test import Client

from tests.rooms.gateway.port_runs import done, number_of, saved_variant
from tests.rooms.gateway.reading import read

pytestmark = pytest.mark.django_db

SMALL = "wuliji"


def test_two_runs_on_the_same_random_numbers_are_paired_replication_by_replication(desk: Client) -> None:
    slow, fast = saved_variant(desk, SMALL, "慢", check="12"), saved_variant(desk, SMALL, "快", check="6")
    done(desk, slow)
    a, b = (number_of(one) for one in (slow, fast))
    found = desk.get(f"/api/ports/{SMALL}/runs/compare?a={a}&b={b}").json()
    assert found["paired"] is True
    [row] = [one for one in found["rows"] if one["name"] == "stay_mean_h"]
    values = [
        desk.get(f"/api/ports/{SMALL}/runs/{one}").json()["report"]["replications"]["stay_mean_h"] for one in (a, b)
    ]
    apart = [second - first for first, second in zip(*values, strict=True)]
    half = 4.302652729911275 * statistics.stdev(apart) / 3**0.5  # t of 2 degrees of freedom at 97.5 %
    assert row["difference"] == pytest.approx(statistics.fmean(apart))
    assert row["high"] - row["difference"] == pytest.approx(half)
    page = read(desk, f"/ports/{SMALL}/runs/compare/?a={a}&b={b}")
    assert "同一组随机数" in page.text
    assert "“慢”" in page.h1
    assert "“快”" in page.h1
    english = read(desk, f"/en/ports/{SMALL}/runs/compare/?a={a}&b={b}")
    assert "same random numbers" in english.text


def test_runs_of_other_seeds_are_taken_as_independent_and_the_page_says_so(desk: Client) -> None:
    first = saved_variant(desk, SMALL, "一", check="6")
    second = saved_variant(desk, SMALL, "二", seed=2, check="6")
    done(desk, first)
    a, b = (number_of(one) for one in (first, second))
    assert desk.get(f"/api/ports/{SMALL}/runs/compare?a={a}&b={b}").json()["paired"] is False
    page = read(desk, f"/ports/{SMALL}/runs/compare/?a={a}&b={b}")
    assert "互不相关" in page.text


def test_a_comparison_names_the_run_that_is_missing(desk: Client) -> None:
    first = saved_variant(desk, SMALL, "没有算过", check="6")
    page = read(desk, f"/ports/{SMALL}/runs/compare/?a=base&b={number_of(first)}")
    assert "还有运行没有算过" in page.h1
    assert first in page.links
