"""What only a browser knows: how wide the words of a map really are, with the fonts that are there."""

from itertools import combinations
from pathlib import Path

import pytest
from tests.render.scenes import FRAME, WORDS, made_up, real_links, real_places

import bridgehead
from bridgehead.render import map as maps
from bridgehead.render.map import NARROW, WIDE

CSS = Path(bridgehead.__file__).parent / "site" / "static" / "bridgehead" / "bridgehead.css"
BOXES = """() => [...document.querySelectorAll('svg.map text')].map(t => {
  const b = t.getBBox(); return [b.x, b.y, b.x + b.width, b.y + b.height, t.textContent,
  parseFloat(getComputedStyle(t).fontSize)] })"""


def written(browser, svg, width):
    page = browser.new_page(viewport={"width": width, "height": 900})
    css = CSS.read_text(encoding="utf-8")
    page.set_content(f"<!doctype html><html lang=zh-CN><style>{css}</style><body><div class=wrap>{svg}</div>")
    boxes = page.evaluate(BOXES)
    scroll = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    return boxes, scroll


@pytest.mark.e2e
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("size", "width"), [(WIDE, 1280), (NARROW, 390)], ids=["wide", "narrow"])
def test_names_do_not_overlap_as_the_browser_draws_them(browser, size, width, language):
    pictures = [
        maps.gateway_map(real_places(language), real_links(), WORDS, size, frame=FRAME),
        maps.gateway_map(real_places(language, with_table=False), real_links(), WORDS, size),
        maps.gateway_map(*made_up(11, -25, -60), WORDS, size),
    ]
    for svg in pictures:
        boxes, scroll = written(browser, svg, width)
        assert len(boxes) > 15
        assert scroll <= width
        for a, b in combinations(boxes, 2):
            # A box holds the full height of the font; two pixels of each are air above and below the strokes.
            wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
            assert wide <= 1 or high <= 0.34 * min(a[5], b[5]), (a[4], b[4])
        for left, _, right, _, words, size_px in boxes:
            assert size_px >= 10.5
            assert left >= -0.5, words
            assert right <= size.width + 0.5, words
