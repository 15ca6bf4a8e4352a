"""Files and imports in a real browser, without script: a table from template to import, by an administrator."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bridgehead.ground.imports.templates import write_csv, write_workbook
from bridgehead.kernel.schemas import read_schema
from tests.cli.running import environment, free_port, server
from tests.ground.files import samples
from tests.ground.imports.test_imports import number

pytestmark = pytest.mark.e2e

SCHEMA = read_schema(Path(sys.modules[write_csv.__module__].__file__ or "").with_name("schemas") / "enterprises.csv")
PASSWORD = "correct horse battery staple"
SETTING_UP = f"""
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "bridgehead.site.settings"
import django
django.setup()
from bridgehead.ground import database
database.bring_up_to_date()
from bridgehead.ground.access.viewer import system
from bridgehead.ground.people.accounts import claim_administration
from bridgehead.ground.people.memberships import appoint
from bridgehead.ground.people.organisations import create_organisation
by = system("test")
admin = claim_administration(by=by, login="admin", name="管理员", password={PASSWORD!r})
at = create_organisation(by=by, code="dept", name_zh="商务厅", name_en="Department of Commerce", kind="department")
appoint(by=by, person=admin.pk, organisation=at.pk, role="officer")
"""
SIZES = [(1280, 900), (390, 844)]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of a server with one administrator, who is an officer, too."""
    folder = tmp_path_factory.mktemp("imports")
    told = {**environment(), "BRIDGEHEAD_DATA": str(folder)}
    subprocess.run([sys.executable, "-c", SETTING_UP], check=True, env=told)
    port = free_port()
    with server("--port", str(port), "--data", str(folder)):
        yield f"http://127.0.0.1:{port}"


SHOWN = [(*size, language) for size in SIZES for language in ("zh", "en")][:: 3 if os.environ.get("CI") else 1]


@pytest.fixture(params=SHOWN, ids=str)
def page(browser: Any, place: str, request: pytest.FixtureRequest) -> Iterator[Any]:
    """Give a page without script, signed in, at both widths and in both languages."""
    width, height, language = request.param
    context = browser.new_context(viewport={"width": width, "height": height}, java_script_enabled=False)
    found = context.new_page()
    found.prefix = place + ("/en" if language == "en" else "")
    found.goto(f"{found.prefix}/sign-in/")
    found.fill("#login", "admin")
    found.fill("#password", PASSWORD)
    found.click("main button.btn")
    yield found
    context.close()


def fits(page: Any) -> None:
    """See that nothing reaches beyond the right edge: no element that can be seen ends behind it."""
    width = page.viewport_size["width"]
    wide = [one for one in page.locator("main *:visible").all() if (box := one.bounding_box()) and _over(box, width)]
    assert not wide, [one.evaluate_handle for one in wide][:1] and wide[0].inner_html()[:300]


def _over(box: dict[str, float], width: int) -> bool:
    return box["width"] > 2 and box["x"] + box["width"] > width + 1


def test_a_table_is_taken_in_previewed_and_imported(page: Any, request: pytest.FixtureRequest) -> None:
    first = 100 * (1 + list(SIZES).index((page.viewport_size["width"], page.viewport_size["height"])))
    first += 50 if "/en" in page.prefix else 0
    page.goto(f"{page.prefix}/imports/")
    fits(page)
    rows = [(number(first + at), f"边境物流有限公司 {first + at}", "", "enterprise", "") for at in range(3)]
    upload(page, "enterprises.xlsx", write_workbook(SCHEMA, [*rows, ("91150000000000000X", "", "", "company", "")]))
    assert page.locator("h1").inner_text() in ("不能导入：1 行有错", "Not to be imported: 1 row is refused")
    assert page.locator("main form button").count() == 1
    fits(page)
    page.click("main a.btn")
    upload(page, "enterprises.xlsx", write_workbook(SCHEMA, rows))
    assert page.locator("h1").inner_text() in ("可以导入：新增 3 条，改动 0 条", "Ready to import: 3 new, 0 changed")
    fits(page)
    page.click("main button.btn")
    assert page.locator("h1").inner_text() in ("已导入：新增 3 条，改动 0 条", "Imported: 3 new, 0 changed")
    changed = [(rows[0][0], "改名后的公司", "Renamed", "enterprise", ""), *rows[1:]]
    page.goto(f"{page.prefix}/imports/")
    upload(page, "enterprises.csv", write_csv(SCHEMA, changed))
    assert page.locator("del").first.inner_text() == rows[0][1]
    assert page.locator("ins").first.inner_text() == "改名后的公司"
    fits(page)
    page.goto(f"{page.prefix}/imports/")
    fits(page)
    page.goto(f"{page.prefix}/journal/")
    assert page.locator("table.entries tbody tr").count() > 3
    fits(page)


def upload(page: Any, name: str, content: bytes) -> None:
    page.select_option("#kind", "enterprises")
    if page.locator("#organisation").count():
        page.select_option("#organisation", index=1)
    page.set_input_files("#file", {"name": name, "mimeType": "application/octet-stream", "buffer": content})
    page.click("main button.btn")


def test_a_file_is_handed_in_and_a_liar_is_refused(page: Any) -> None:
    page.goto(f"{page.prefix}/files/")
    fits(page)
    page.fill("#note", "现场照片")
    page.set_input_files("#file", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": samples.png()})
    page.click("main button.btn:not(.plain)")
    assert page.locator("#file-says").is_visible()
    assert page.locator("#note").input_value() == "现场照片"
    fits(page)
    page.set_input_files("#file", {"name": "照片.png", "mimeType": "image/png", "buffer": samples.png()})
    page.click("main button.btn:not(.plain)")
    assert page.locator("tbody tr").first.inner_text().startswith("照片.png")
    fits(page)
    with page.expect_download() as sent:
        page.click("tbody th a >> nth=0")
    assert sent.value.suggested_filename == "照片.png"
    assert Path(sent.value.path()).read_bytes() == samples.png()
