"""Tables on a phone: each row is a block of cells, and each cell says of which column it is."""

from __future__ import annotations

import pytest

from bridgehead.ground import pages as declared
from bridgehead.rooms.ledger.who import READ
from tests.e2e.conftest import Visit
from tests.e2e.test_browser import PHONE

pytestmark = pytest.mark.e2e
PAGES = declared.pages()
NARROWEST_PX = 70
"""Four Han characters beside each other."""

# Every page is put into one that is open already: its stylesheet is there, and only the layout is done anew.
UNREADABLE = """async ([addresses, narrowest]) => {
  const found = [];
  let labelled = 0;
  for (const address of addresses) {
    const page = new DOMParser().parseFromString(await (await fetch(address)).text(), 'text/html');
    document.body.innerHTML = page.body.innerHTML;
    for (const cell of document.querySelectorAll('table.ev tbody :is(td, th)')) {
      const box = cell.getBoundingClientRect();
      if (!box.width || !cell.innerText.trim()) continue;
      const label = getComputedStyle(cell, '::before').content;
      const head = cell.closest('table').tHead;
      const named = cell.tagName === 'TH' || cell === cell.parentElement.firstElementChild || cell.colSpan > 1;
      const heading = !head || !(head.rows[0].cells[cell.cellIndex] || {textContent: ''}).textContent.trim();
      if (!named && !heading && !label.startsWith('"')) found.push([address, 'no label', cell.innerText]);
      if (box.width < narrowest) found.push([address, 'narrow', cell.innerText]);
      labelled += label.startsWith('"');
    }
  }
  return [found, labelled];
}"""


@pytest.mark.parametrize("visit", [PHONE], indirect=True, ids=["390"])
def test_a_row_of_the_ledger_is_a_block_of_cells_with_their_labels(visit: Visit) -> None:
    visit.be(READ)
    shown = [visit.house.addresses[page.name] for page in PAGES if page.audience == READ]
    visit.go("/")
    addresses = [one[code][0] for one in shown for code in ("zh", "en")]
    found, labelled = visit.page.evaluate(UNREADABLE, [addresses, NARROWEST_PX])
    assert found == []
    assert labelled > len(shown)
