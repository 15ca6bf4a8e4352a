"""Helpers of these tests: the region's own files read with the csv module, and pages read as text and tables."""

from __future__ import annotations

import csv
import re
from datetime import date
from html.parser import HTMLParser

from django.test import Client

from bridgehead.regions.load import SHIPPED_REGION


def table(name: str) -> list[dict[str, str]]:
    """Return the rows of a table of the shipped region as they stand in the file."""
    with (SHIPPED_REGION / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def freight(port: str, year: int) -> list[dict[str, str]]:
    """Return the freight figures of a year that run from its first day."""
    return [
        row
        for row in table("port_throughput")
        if row["port_id"] == port
        and row["metric"] == "cargo_tonnes"
        and row["year"] == str(year)
        and row["period_from"] == f"{year}-01-01"
    ]


def furthest(port: str, year: int) -> dict[str, str] | None:
    """Return the figure of a year that goes furthest; of two that go as far, the later source."""
    rows = freight(port, year)
    return max(rows, key=lambda row: (row["period_to"], row["source_date"]), default=None)


def day(text: str) -> date:
    """Return a date of a file."""
    return date.fromisoformat(text)


class Page(HTMLParser):
    """A page as text, the text of its drawings apart, and its tables as rows of cell texts."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.html = html
        self.words: list[str] = []
        self.drawn: list[str] = []
        self.heading: list[str] = []
        self.tables: list[list[list[str]]] = []
        self.links: list[str] = []
        self.captions: list[str] = []
        self._in: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and given.get("href"):
            self.links.append(given["href"] or "")
        if tag == "table":
            self.tables.append([])
        if tag == "tr" and self.tables:
            self.tables[-1].append([])
        if tag in ("td", "th") and self.tables and self.tables[-1]:
            self.tables[-1][-1].append("")
        if tag not in ("meta", "link", "input", "br", "img", "hr"):
            self._in.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._in and self._in.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "script" in self._in or "style" in self._in:
            return
        if "svg" in self._in:
            self.drawn.append(data)
            return
        self.words.append(data)
        if "h1" in self._in:
            self.heading.append(data)
        if "caption" in self._in:
            self.captions.append(data)
        if ("td" in self._in or "th" in self._in) and self.tables and self.tables[-1] and self.tables[-1][-1]:
            self.tables[-1][-1][-1] += data

    @property
    def text(self) -> str:
        """The words of the page without those of drawings, blanks run together."""
        return squeeze(" ".join(self.words))

    @property
    def h1(self) -> str:
        """The heading."""
        return squeeze("".join(self.heading))

    @property
    def drawings(self) -> str:
        """The words of the drawings."""
        return squeeze(" ".join(self.drawn))

    def row(self, start: str, table_index: int | None = None) -> list[str]:
        """Return the cells of the first row whose first cell begins with these words."""
        tables = self.tables if table_index is None else [self.tables[table_index]]
        for rows in tables:
            for cells in rows:
                if cells and squeeze(cells[0]).startswith(start):
                    return [squeeze(cell) for cell in cells]
        raise AssertionError(f"no row begins with {start!r}")


def squeeze(text: str) -> str:
    """Return text with runs of blanks made one."""
    return re.sub(r"\s+", " ", text).strip()


def read(client: Client, address: str, status: int = 200) -> Page:
    """Ask for a page and read it."""
    response = client.get(address)
    assert response.status_code == status, (address, response.status_code, response.content[:500])
    return Page(response.content.decode())
