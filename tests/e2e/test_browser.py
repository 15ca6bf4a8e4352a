"""The site in a real browser: nothing leaves the machine, nothing scrolls sideways, the keyboard gets everywhere."""

from __future__ import annotations

import os
import re
from typing import Any

import pytest

from bridgehead.ground import pages as declared
from bridgehead.ground.pages import Page
from tests.e2e.conftest import Visit

pytestmark = pytest.mark.e2e

PAGES = declared.pages()
every_page = pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
HEAVIEST_HOME_B = 150_000
EVERY = 3 if os.environ.get("CI") else 1
"""Of the addresses anybody may open every so many is laid out on a phone."""


@every_page
def test_a_page_asks_no_other_machine_is_dark_in_the_dark_and_read_in_order(page: Page, visit: Visit) -> None:
    visit.go(visit.enter(page, "zh"))
    visit.page.emulate_media(color_scheme="dark")
    _fail_for_light_in_the_dark(visit)
    visit.page.emulate_media(color_scheme="light")
    visit.go(visit.enter(page, "en"))
    _fail_for_a_keyboard_out_of_order(visit)
    _fail_for_what_leaves_or_is_refused(visit)


def _fail_for_what_leaves_or_is_refused(visit: Visit) -> None:
    """Hold everything asked for so far against what may be; what a page asks late is waited for."""
    visit.page.wait_for_load_state("networkidle")
    assert visit.outside == []
    assert visit.complaints == []


def test_the_page_of_the_api_works_without_another_machine(visit: Visit) -> None:
    visit.go("/api/docs")
    visit.page.wait_for_selector(".opblock")
    assert visit.outside == []
    assert visit.complaints == []


# Every page is put into one that is open already: its stylesheet is there, and only the layout is done anew.
TOO_WIDE = """async addresses => {
  const found = [];
  for (const address of addresses) {
    const answer = await fetch(address);
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    document.documentElement.lang = page.documentElement.lang;
    document.body.innerHTML = page.body.innerHTML;
    document.querySelectorAll('details').forEach(one => { one.open = true; });
    const cut = [...document.querySelectorAll('.scroll, nav')]
      .filter(one => one.scrollWidth > one.clientWidth + 1 && !one.querySelector('table.data'))
      .map(one => one.getAttribute('aria-label'));
    const wide = document.scrollingElement.scrollWidth > document.scrollingElement.clientWidth;
    if (!answer.ok || wide || cut.length) found.push([address, answer.status, wide, cut]);
  }
  return found;
}"""


AUDIENCES = sorted({page.audience for page in PAGES})


@pytest.mark.parametrize("visit", [PHONE], indirect=True, ids=["390"])
@pytest.mark.parametrize("audience", AUDIENCES)
def test_nothing_scrolls_sideways_on_any_page_but_the_tables_as_they_are(audience: str, visit: Visit) -> None:
    visit.be(audience)
    shown = [visit.house.addresses[page.name] for page in PAGES if page.audience == audience]
    addresses = [address for one in shown for language in ("zh", "en") for address in one[language]]
    if audience == "public":
        assert sum("/articles/" in one for one in addresses) > 2 * 86
        addresses = addresses[::EVERY]
        asked = "origin=tavan-tolgoi&destination=wltzq-park&commodity=coking-coal&tonnes=5000"
        addresses += [f"/route/?{asked}", f"/en/route/?{asked}"]
    visit.go("/")
    assert visit.page.evaluate(TOO_WIDE, addresses) == []


@pytest.mark.parametrize("audience", AUDIENCES)
def test_nothing_scrolls_sideways_on_a_desk(audience: str, visit: Visit) -> None:
    visit.be(audience)
    shown = [visit.house.addresses[page.name] for page in PAGES if page.audience == audience]
    visit.go("/")
    assert visit.page.evaluate(TOO_WIDE, [one[code][0] for one in shown for code in ("zh", "en")]) == []


@pytest.mark.parametrize("address", ["/", "/ports/", "/flows/", "/data/ports/"])
def test_sorting_and_filtering_stay_at_the_table(address: str, visit: Visit) -> None:
    visit.go(address)
    asked = "main th a[href*='sort='], main form.ask"
    links = visit.page.eval_on_selector_all(asked, "found => found.map(one => one.href || one.action)")
    assert links
    for link in links:
        assert "#" in link, link
        table = visit.page.locator(f"#{link.partition('#')[2]}")
        assert table.locator("tbody tr").count() > 0


def _fail_for_light_in_the_dark(visit: Visit) -> None:
    ground, ink = visit.page.evaluate(
        "() => { const s = getComputedStyle(document.body); return [s.backgroundColor, s.color]; }"
    )
    assert _light(ground) < 0.05
    assert _light(ink) > 0.7
    lost = visit.page.evaluate(
        """() => [...document.querySelectorAll('main *')].filter(e => e.checkVisibility()
              && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())
              && ['rgb(0, 0, 0)', 'rgb(21, 25, 29)'].includes(getComputedStyle(e).color) && !e.closest('svg'))
            .slice(0, 5).map(e => e.outerHTML.slice(0, 80))"""
    )
    assert lost == [], "dark words on dark ground"


def _light(colour: str) -> float:
    """Return the relative luminance of ``rgb(r, g, b)`` (WCAG 2)."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _fail_for_a_keyboard_out_of_order(visit: Visit) -> None:
    visit.page.keyboard.press("Tab")
    skip = visit.page.evaluate(
        "() => [document.activeElement.className, document.activeElement.getBoundingClientRect().x]"
    )
    assert skip[0] == "skip"
    assert skip[1] >= 0, "the skip link shows itself when it is reached"
    seen: list[int] = []
    for _ in range(25):
        visit.page.keyboard.press("Tab")
        at: Any = visit.page.evaluate(
            """() => { const e = document.activeElement; if (e === document.body) return null;
                 const all = [...document.querySelectorAll('*')]; const s = getComputedStyle(e);
                 return [all.indexOf(e), s.outlineStyle !== 'none' || s.boxShadow !== 'none', e.checkVisibility()]; }"""
        )
        if at is None:
            break
        assert at[1], "the focus can be seen"
        assert at[2], "what is hidden takes no focus"
        seen.append(at[0])
    assert seen == sorted(seen)
    assert len(seen) > 5


def test_the_skip_link_leads_to_the_content(visit: Visit) -> None:
    visit.go("/data/")
    visit.page.keyboard.press("Tab")
    visit.page.keyboard.press("Enter")
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("() => document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("visit", [{}, PHONE], indirect=True, ids=["1280", "390"])
def test_the_first_page_weighs_little(visit: Visit) -> None:
    for address in ("/", "/en/"):
        visit.received_b.clear()
        visit.go(address, "networkidle")
        assert len(visit.received_b) >= 2
        assert sum(visit.received_b) < HEAVIEST_HOME_B
        visit.page.context.clear_cookies()


def test_search_in_a_table_works_with_and_without_script(visit: Visit, browser: Any, site: str) -> None:
    visit.go("/en/data/ports/")
    whole = visit.page.locator("#rows tbody tr").count()
    visit.asked.clear()
    visit.page.evaluate("window.kept = true")
    visit.page.fill("#q", "rail")
    visit.page.press("#q", "Enter")
    visit.page.wait_for_url("**/data/ports/?q=rail")
    part = visit.page.locator("#rows tbody tr").count()
    assert 0 < part < whole
    assert [one for one in visit.asked if "/static/" not in one] == [f"{site}/en/data/ports/?q=rail"]
    assert visit.page.evaluate("window.kept") is True, "the page itself stays"
    assert visit.complaints == []
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/en/data/ports/")
    page.fill("#q", "rail")
    page.press("#q", "Enter")
    page.wait_for_url("**/data/ports/?q=rail")
    assert page.locator("#rows tbody tr").count() == part
    context.close()


def test_the_switch_of_language_stays_on_the_page(visit: Visit) -> None:
    visit.go("/data/ports/?q=rail&sort=-id")
    visit.page.click(".tools a[hreflang=en]")
    visit.page.wait_for_url("**/en/data/ports/?q=rail&sort=-id")
    assert visit.page.evaluate("document.documentElement.lang") == "en"


def test_print_keeps_the_content_and_drops_the_tools(visit: Visit) -> None:
    visit.go("/data/ports/")
    visit.page.emulate_media(media="print")
    shown = visit.page.evaluate(
        """() => Object.fromEntries(['h1', '#rows table', '.tools', 'form', '.skip']
            .map(s => [s, document.querySelector(s).checkVisibility()]))"""
    )
    assert shown == {"h1": True, "#rows table": True, ".tools": False, "form": False, ".skip": False}


def test_print_says_where_the_page_is_from_and_when(visit: Visit) -> None:
    address = "/route/?origin=tavan-tolgoi&destination=wltzq-park&commodity=coking-coal&tonnes=5000&teu="
    visit.go(address)
    line = visit.page.locator("footer .only-print")
    assert not line.is_visible()
    visit.page.emulate_media(media="print")
    assert line.is_visible()
    assert visit.base + address.removesuffix("&teu=") + "，打印于 20" in line.inner_text()


def test_a_printed_ladder_of_legs_is_as_wide_as_the_sheet(visit: Visit) -> None:
    visit.go("/route/?origin=tavan-tolgoi&destination=wltzq-park&commodity=coking-coal&tonnes=5000")
    visit.page.emulate_media(media="print")
    visit.page.set_viewport_size({"width": 688, "height": 1000})
    heights = visit.page.eval_on_selector_all(".legs .stop", "found => found.map(one => one.offsetHeight)")
    assert len(heights) > 4
    assert max(heights) < 40, "the name of a stop stands on one line"
