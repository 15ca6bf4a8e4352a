"""Tables as they are: searched, sorted, paged, downloaded byte for byte."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from django.test import Client

from bridgehead.ground.region import current
from bridgehead.kernel.cells import is_formula
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.kernel.schemas import read_schema
from bridgehead.rooms.gateway.selectors import tables as data

pytestmark = pytest.mark.django_db


def test_every_table_is_downloaded_byte_for_byte(client: Client) -> None:
    region = current().region
    for name, table in region.tables.items():
        response = client.get(f"/data/{name}.csv")
        assert response.status_code == 200
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        assert response["Content-Disposition"].startswith("attachment; ")
        if table.present:
            assert response.content == (region.path / table.file).read_bytes(), name


def test_no_download_holds_a_cell_that_would_run(client: Client) -> None:
    for name in current().region.tables:
        for suffix in (".csv", ".template.csv", ".schema.csv"):
            text = client.get(f"/data/{name}{suffix}").content.decode("utf-8-sig")
            for row in csv.reader(io.StringIO(text)):
                assert not any(is_formula(cell) for cell in row), (name, suffix, row)


def test_a_template_is_the_header_and_a_schema_reads_back(client: Client, tmp_path: Path) -> None:
    for name, table in current().region.tables.items():
        header = client.get(f"/data/{name}.template.csv").content.decode()
        assert header == ",".join(table.schema.names) + "\n"
        stem = name.rpartition("/")[2]
        (tmp_path / "tables.csv").write_text(
            f"table,title_zh,title_en,description_zh,description_en,optional\n{stem},x,x,x,x,\n", encoding="utf-8"
        )
        file = tmp_path / f"{stem}.csv"
        file.write_bytes(client.get(f"/data/{name}.schema.csv").content)
        assert read_schema(file).columns == table.schema.columns, name


def test_pages_together_hold_every_row_once_in_file_order() -> None:
    for name, table in current().region.tables.items():
        first = data.listing(current(), name)
        lines = [
            row.line for page in range(1, first.pages + 1) for row in data.listing(current(), name, page=page).rows
        ]
        assert lines == [row.line for row in table.rows], name


def test_beyond_the_last_page_the_last_one_is_given_and_said() -> None:
    found = data.listing(current(), "ports", page=999)
    assert found.page == found.pages
    assert found.rows


def test_a_search_finds_the_rows_that_hold_every_word_in_any_column() -> None:
    loaded = current()
    found = data.listing(loaded, "ports", q="RAIL open")
    assert 0 < found.found < len(loaded.region.rows("ports"))
    for row in loaded.region.rows("ports"):
        text = "\n".join(row.text(name) for name in row).casefold()
        assert (row in found.rows) == ("rail" in text and "open" in text)


@pytest.mark.parametrize("name", ["ports", "links", "port_throughput", "demand"])
def test_sorting_keeps_every_row_and_puts_empty_cells_last(name: str) -> None:
    loaded = current()
    table = loaded.region.tables[name]
    for column in table.schema.names:
        for sort in (column, f"-{column}"):
            rows = data._sorted(table, table.rows, sort)
            assert sorted(row.line for row in rows) == [row.line for row in table.rows]
            values = [row[column] for row in rows]
            filled = [value for value in values if value is not None]
            assert values[: len(filled)] == filled
            assert filled == sorted(filled, reverse=sort.startswith("-"))  # type: ignore[type-var]


def test_what_cannot_be_shown_is_refused_by_code() -> None:
    loaded = current()
    for call, code in (
        (lambda: data.listing(loaded, "nothing"), "request.unknown_table"),
        (lambda: data.listing(loaded, "ports", sort="nothing"), "request.unknown_column"),
        (lambda: data.listing(loaded, "ports", q="a" * 201), "request.too_long"),
    ):
        with pytest.raises(BridgeheadError) as caught:
            call()
        assert caught.value.code == code


def test_every_assumption_is_on_the_page_and_nothing_else(client: Client) -> None:
    region = current().region
    expected = {
        (name, row.line)
        for name, table in region.tables.items()
        for row in table.rows
        for column in table.schema.names
        if data.is_standing(column) and row[column] == "assumption"
    }
    assert expected, "the shipped region has assumptions"
    answer = client.get("/api/assumptions").json()
    assert {(group["table"], row["line"]) for group in answer["tables"] for row in group["rows"]} == expected
    html = client.get("/en/data/assumptions/").content.decode()
    assert f"<h1>{len(expected)} rows are assumptions</h1>" in html


def test_the_page_about_says_what_is_in_use(client: Client) -> None:
    from bridgehead.ground import editions

    region = current().region
    editions.record(region)
    editions.record(region)
    html = client.get("/en/about/").content.decode()
    assert region.content_hash in html
    assert html.count(region.content_hash[:16]) == 2, "once whole, once among the editions"
    assert "filed with an authority" in html
    for line in region.settings.attribution_en:
        assert line in html
    body = client.get("/api/about").json()
    assert body["content_hash"] == region.content_hash
    assert len(body["editions"]) == 1
