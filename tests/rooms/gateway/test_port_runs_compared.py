"""Two runs of a port side by side: paired where they can be, each difference with its interval."""

from __future__ import annotations

import csv
import io
import re
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
    assert '“<span lang="zh">慢</span>”' in english.html, "the titles alone are Chinese in an English sentence"
    assert not re.search(r'<h1><span lang="zh">', english.html)


def test_a_comparison_is_marked_as_a_model_and_comes_as_files(desk: Client) -> None:
    slow, fast = saved_variant(desk, SMALL, "慢", check="12"), saved_variant(desk, SMALL, "快", check="6")
    done(desk, slow)
    a, b = (number_of(one) for one in (slow, fast))
    page = read(desk, f"/ports/{SMALL}/runs/compare/?a={a}&b={b}")
    charts, figures = page.html.split("逐个数看", 1)
    files = [f"/ports/{SMALL}/runs/compare.{form}?a={a}&b={b}" for form in ("csv", "json")]
    assert set(files) <= set(page.links)
    for part in (charts, figures):
        assert re.search(r'class="source">\s*<span class="st"[^>]*>.*?模型</span>', part, re.S)
    told = {one["name"]: one for one in desk.get(f"/api/ports/{SMALL}/runs/compare?a={a}&b={b}").json()["rows"]}
    rows = list(csv.DictReader(io.StringIO(desk.get(files[0]).content.decode("utf-8-sig"))))
    assert {row["figure"] for row in rows} == set(told)
    [stay] = [row for row in rows if row["figure"] == "stay_p90_h"]
    assert float(stay["difference"]) == told["stay_p90_h"]["difference"]
    assert (stay["unit"], stay["standing"], stay["paired"]) == ("h", "model", "True")
    assert {row["name"]: row["low"] for row in desk.get(files[1]).json()["rows"]} == {
        name: one["low"] for name, one in told.items()
    }
    assert desk.get(f"/ports/{SMALL}/runs/compare.csv?a={a}").status_code == 422, (
        "the run of the region is not computed"
    )


def test_on_a_phone_the_comparison_is_read_row_by_row(desk: Client) -> None:
    slow, fast = saved_variant(desk, SMALL, "慢", check="12"), saved_variant(desk, SMALL, "快", check="6")
    done(desk, slow)
    html = read(desk, f"/ports/{SMALL}/runs/compare/?a={number_of(slow)}&b={number_of(fast)}").html
    assert html.count('data-label="差"') == html.count('data-label="快"') > 10


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
