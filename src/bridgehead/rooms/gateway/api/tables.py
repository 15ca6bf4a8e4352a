"""Operations beside the data pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from bridgehead.ground.access.audience import audience
from bridgehead.ground.language import language
from bridgehead.ground.region import current
from bridgehead.rooms.gateway.selectors import tables as data

router = Router(tags=["data"])


@router.get("/tables", summary="Tables")
@audience("public")
def list_tables(request: HttpRequest) -> dict[str, Any]:
    """List every table of the region with its title, description and number of rows."""
    code = language()
    return {
        "tables": [
            {
                "name": table.schema.name,
                "title": table.schema.title(code),
                "description": table.schema.description(code),
                "rows": len(table),
            }
            for table in current().region.tables.values()
        ]
    }


@router.get("/tables/{path:table}", summary="Rows of a table")
@audience("public")
def list_rows(
    request: HttpRequest,
    table: str,
    q: str = Query("", description="words that must all occur in a row"),
    sort: str = Query("", description="column to sort by, with a minus sign in front for the reverse order"),
    page: int = Query(1, ge=1, le=1_000_000, description="page of the rows, from 1"),
) -> dict[str, Any]:
    """List the rows of one table, searched, sorted and paged, with the description of its columns."""
    code = language()
    found = data.listing(current(), table, q, sort, page)
    return {
        "table": found.table.schema.name,
        "title": found.table.schema.title(code),
        "columns": [
            {"name": c.name, "type": c.type, "unit": c.unit, "key": c.key, "description": c.description(code)}
            for c in found.table.schema.columns
        ],
        "found": found.found,
        "page": found.page,
        "pages": found.pages,
        "rows": [{"line": row.line, **data.plain(row)} for row in found.rows],
    }


@router.get("/assumptions", summary="Assumptions")
@audience("public")
def list_assumptions(request: HttpRequest) -> dict[str, Any]:
    """List every row of every table whose standing is an assumption, and the columns that assume single values."""
    region = current().region
    return {
        "tables": [
            {
                "table": group.table.schema.name,
                "rows": [
                    {"line": row.line, **{name: data.plain(row)[name] for name in group.columns}} for row in group.rows
                ],
            }
            for group in data.assumed_rows(region)
        ],
        "columns": [
            {"table": one.table.schema.name, "column": one.column, "words": one.words, "rows": one.rows}
            for one in data.assumed_columns(region)
        ],
    }


@router.get("/about", summary="What is in use")
@audience("public")
def about(request: HttpRequest) -> dict[str, Any]:
    """Tell version, region, content hash and the editions served from this data folder."""
    return data.in_use(current())
