"""The schemas: every column described in two languages, and together they cover the shipped region."""

from __future__ import annotations

import re

import pytest

from bridgehead.kernel.cells import PARSERS
from bridgehead.kernel.schemas import TableSchema
from bridgehead.regions.folder import SCHEMAS_FOLDER, schemas
from bridgehead.regions.load import SHIPPED_REGION

HAN = re.compile(r"[\u4e00-\u9fff]")
ALL = [pytest.param(schema, id=name) for name, schema in schemas().items()]


def test_every_shipped_table_has_a_schema_and_every_required_schema_a_table() -> None:
    shipped = {path.relative_to(SHIPPED_REGION).with_suffix("").as_posix() for path in SHIPPED_REGION.rglob("*.csv")}
    assert shipped <= set(schemas())
    assert {name for name, schema in schemas().items() if not schema.optional} <= shipped


def test_tables_csv_lists_exactly_the_schemas() -> None:
    files = {path.relative_to(SCHEMAS_FOLDER).with_suffix("").as_posix() for path in SCHEMAS_FOLDER.rglob("*.csv")}
    assert files - {"tables"} == set(schemas())


def test_a_small_region_needs_few_tables() -> None:
    required = {name for name, schema in schemas().items() if not schema.optional}
    assert required == {"places", "ports", "links", "commodities", "demand", "freight_classes", "parameters"}


@pytest.mark.parametrize("schema", ALL)
def test_titles_and_descriptions(schema: TableSchema) -> None:
    for text in (schema.title_zh, schema.description_zh):
        assert HAN.search(text)
    for text in (schema.title_en, schema.description_en):
        assert text
        assert not HAN.search(text)
    for column in schema.columns:
        assert HAN.search(column.description_zh) or column.description_zh.isascii(), column.name
        assert column.description_zh, column.name
        assert column.description_en, column.name
        assert not HAN.search(column.description_en), column.name


@pytest.mark.parametrize("schema", ALL)
def test_columns_are_well_formed(schema: TableSchema) -> None:
    assert len(set(schema.names)) == len(schema.names)
    assert schema.key
    assert any(schema.column(name).required for name in schema.key)
    for column in schema.columns:
        assert column.type in PARSERS
        for table, target in column.references:
            assert target in schemas()[table].key, (column.name, table, target)
        if column.minimum is not None and column.maximum is not None:
            assert column.minimum < column.maximum
        if column.name.endswith("_km"):
            assert column.unit == "km"
            assert column.type == "length"


@pytest.mark.parametrize("schema", ALL)
def test_a_figure_has_a_unit_in_its_schema_or_beside_it(schema: TableSchema) -> None:
    for column in schema.columns:
        if column.type in {"number", "decimal", "length"} and not column.unit:
            beside = {"unit", f"{column.name}_unit"}
            assert beside & set(schema.names), (schema.name, column.name)
