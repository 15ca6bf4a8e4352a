"""One port, one sheet: printed, the page of a port stands on one A4 and keeps its essentials."""

from __future__ import annotations

import re

import pytest

from tests.e2e.conftest import Visit

pytestmark = pytest.mark.e2e

PORTS = (
    "ganqimaodu", "ceke", "mandula", "manzhouli-rail", "manzhouli-road", "erenhot-rail", "erenhot-road", "arihashate",
    "wuliji", "hohhot-air", "ganqimaodu-rail", "hulieyetu",
)  # fmt: skip
ESSENTIALS = {
    "": ("类别与功能", "能力", "货运量", "模型与报告", "腹地", "项目", "还没查到的事"),
    "/en": (
        "Class and function",
        "Capacity",
        "Freight",
        "Model beside report",
        "Hinterland",
        "Projects",
        "Open questions",
    ),
}


def sheets(visit: Visit) -> int:
    """Return on how many sheets the page prints."""
    pdf: bytes = visit.page.pdf(prefer_css_page_size=True)
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@pytest.mark.article(9)
@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("port", PORTS)
def test_a_port_prints_on_one_sheet(port: str, language: str, visit: Visit) -> None:
    visit.go(f"{language}/ports/{port}/")
    assert sheets(visit) == 1
    visit.page.emulate_media(media="print")
    shown = visit.page.evaluate(
        "[...document.querySelectorAll('h2')].filter(h => h.offsetHeight).map(h => h.innerText)"
    )
    for heading in ESSENTIALS[language]:
        assert heading in shown
    assert visit.page.locator(".lead").is_visible()
    assert not visit.page.locator(".btn:visible").count()


def test_a_sheet_with_room_takes_more_in_and_its_drawings_can_be_read(visit: Visit) -> None:
    visit.go("/ports/ganqimaodu/")
    visit.page.set_viewport_size({"width": 711, "height": 1058})
    visit.page.emulate_media(media="print")
    shown = visit.page.evaluate(
        """() => { const box = document.querySelector('.fill').getBoundingClientRect();
            return [...document.querySelectorAll('.fill h2')].filter(h => {
                const r = h.closest('section').getBoundingClientRect();
                return r.height && r.right <= box.right + 1 && r.bottom <= box.bottom + 1; }).map(h => h.innerText) }"""
    )
    assert {"目标与进度", "进出口货物"} <= set(shown)
    px = visit.page.evaluate(
        """() => Math.min(...[...document.querySelectorAll('svg.fig text')].filter(t => t.checkVisibility()).map(
            t => parseFloat(getComputedStyle(t).fontSize) * t.ownerSVGElement.getScreenCTM().a))"""
    )
    assert px * 0.75 >= 6, "points of the smallest type"
    assert visit.page.locator("footer .standings").is_visible()


def test_a_long_page_prints_on_several_sheets(visit: Visit) -> None:
    visit.go("/places/")
    assert sheets(visit) > 1, "the counting of sheets has to see more than one"


SMALLEST = """() => Object.fromEntries(
    [...document.querySelectorAll("main svg.fig")].filter(s => s.checkVisibility()).map(
    s => [s.querySelector('title').textContent, Math.min(...[...s.querySelectorAll('text')].map(
        t => parseFloat(getComputedStyle(t).fontSize) * s.getScreenCTM().a))]))"""


@pytest.mark.parametrize("language", ["", "/en"])
def test_a_run_prints_its_folded_table_and_charts_that_can_be_read(language: str, visit: Visit) -> None:
    visit.be("scenario.save")
    address = f"{language}/ports/wuliji/runs/base/"
    visit.go(address)
    if visit.page.locator(".simulated form .btn:not(.plain)").count():
        visit.page.locator(".simulated form .btn:not(.plain)").first.click()
    visit.page.wait_for_selector("details table", state="attached", timeout=180_000)
    visit.page.set_viewport_size({"width": 688, "height": 1000})  # an A4 sheet between its margins
    visit.page.emulate_media(media="print")
    assert visit.page.locator("details table").is_visible()
    assert visit.page.evaluate("getComputedStyle(document.querySelector('details > summary'), '::before').content") in (
        "none", "normal",
    )  # fmt: skip
    smallest = visit.page.evaluate(SMALLEST)
    assert len(smallest) == 4
    assert min(smallest.values()) >= 9.5, smallest
    assert sorted(smallest.values())[1] >= 10.5, "only the figures of the week are smaller"
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 688
