"""Tables: every fault of a file at once, with the row a spreadsheet shows, and nothing but faults whatever the file."""

from __future__ import annotations

import csv
import io
import string
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.kernel import tables
from bridgehead.kernel.errors import BridgeheadError, Fault, sentence
from bridgehead.kernel.references import reference_faults
from bridgehead.kernel.schemas import SCHEMA_COLUMNS, Column, TableSchema, read_schema
from bridgehead.kernel.tables import Table, parse_table, read_table

LINKS = TableSchema(
    "links",
    columns=(
        Column("from", "id", required=True, key=True, references=(("places", "id"), ("ports", "id"))),
        Column("to", "id", required=True, key=True, references=(("places", "id"), ("ports", "id"))),
        Column("mode", required=True, key=True, allowed=("rail", "road")),
        Column("length_km", "length", "km", required=True),
        Column("name"),
    ),
)
PLACES = TableSchema("places", columns=(Column("id", "id", required=True, key=True), Column("lat", "latitude")))
HEADER = "from,to,mode,length_km,name\n"
GOOD = HEADER + "a,b,rail,12.5,line\nb,c,road,3,\n"


def found(text: str, schema: TableSchema = LINKS) -> list[tuple[str, int | None, str | None]]:
    """Return code, row and column of every fault."""
    return [(fault.code, fault.place.row, fault.place.column) for fault in parse_table(text, schema)[1]]


def test_a_good_table() -> None:
    table, faults = parse_table(GOOD, LINKS)
    assert faults == ()
    assert [dict(row) for row in table.rows] == [
        {"from": "a", "to": "b", "mode": "rail", "length_km": 12.5, "name": "line"},
        {"from": "b", "to": "c", "mode": "road", "length_km": 3.0, "name": None},
    ]
    assert [row.line for row in table.rows] == [2, 3]
    assert table.rows[0].text("length_km") == "12.5"
    assert table.file == "links.csv"
    assert len(table) == 2
    assert table.texts("name") == {"line"}
    assert not table.rows[0].damaged


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_do_not_matter(end: str) -> None:
    assert found(GOOD.replace("\n", end)) == []
    assert found(GOOD.replace("\n", end).rstrip(end)) == []


def test_order_of_columns_and_blanks_do_not_matter() -> None:
    table, faults = parse_table("mode, to ,from,name,length_km\n rail ,b, a,x,1 \n", LINKS)
    assert faults == ()
    assert dict(table.rows[0]) == {"from": "a", "to": "b", "mode": "rail", "length_km": 1.0, "name": "x"}
    assert table.rows[0].text("mode") == "rail"


def test_blank_lines_and_rows_of_commas_count_but_hold_nothing() -> None:
    table, faults = parse_table(HEADER + "\na,b,rail,1,\n,,,,\nb,c,rail,1,\n\n", LINKS)
    assert faults == ()
    assert [row.line for row in table.rows] == [3, 5]


def test_a_cell_over_several_lines_is_one_row_in_a_spreadsheet() -> None:
    assert found(HEADER + 'a,b,rail,1,"two\nlines"\nb,c,rail,x,\n') == [("table.bad_number", 3, "length_km")]


def test_every_fault_at_once() -> None:
    text = "from,too,mode,length_km,length_km,colour\na,b,rail,-5,1,red\na,b,ship,abc,1,red\na,b\n=a,b,road,1,1,red\n"
    assert found(text) == [
        ("table.extra_column", 1, "too"),
        ("table.duplicate_column", 1, "length_km"),
        ("table.extra_column", 1, "colour"),
        ("table.missing_column", 1, "to"),
        ("table.missing_column", 1, "name"),
        ("table.negative_length", 2, "length_km"),
        ("table.not_allowed", 3, "mode"),
        ("table.bad_number", 3, "length_km"),
        ("table.ragged_row", 4, None),
        ("table.formula", 5, "from"),
    ]


def test_a_misspelt_column_is_recognised() -> None:
    fault = parse_table("from,to,mode,lenght_km,name\n", LINKS)[1]
    missing = next(one for one in fault if one.code == "table.missing_column")
    assert missing.parameters == {"near": "lenght_km"}
    assert "lenght_km" in sentence(missing, "en").cure


def test_header_faults() -> None:
    assert found("") == [("table.empty_file", None, None)]
    assert found("\n\n") == [("table.empty_file", None, None)]
    assert found("from,to,mode,length_km,,name\n") == [("table.unnamed_column", 1, None)]
    assert found("from,to,mode,length_km,name,,\n") == []
    assert found("=from,to,mode,length_km,name,from\n") == [("table.formula", 1, "=from")]


@pytest.mark.parametrize(("mark", "shown"), [(";", ";"), ("\t", "Tab"), ("，", "，"), ("|", "|")])
def test_another_separator_is_one_fault(mark: str, shown: str) -> None:
    table, faults = parse_table(GOOD.replace(",", mark), LINKS)
    assert [(fault.code, fault.parameters) for fault in faults] == [("table.wrong_separator", {"separator": shown})]
    assert not table.complete
    assert found("name\nx\n", TableSchema("x", columns=(Column("name"),))) == []


def test_ragged_rows() -> None:
    assert found(HEADER + "a,b,rail,1,x,y\n") == [("table.ragged_row", 2, None)]
    assert found(HEADER + "a,b,rail,1,x,,\n") == []
    table, faults = parse_table(HEADER + "a,b,rail\n", LINKS)
    assert [fault.code for fault in faults] == ["table.ragged_row"]
    assert table.rows[0].damaged == set(LINKS.names)
    assert table.texts("from") == {"a"}


def test_duplicates_name_the_first_row() -> None:
    _, faults = parse_table(HEADER + "a,b,rail,1,\na,b,road,1,\na,b,rail,2,\na,b,rail,x,\n", LINKS)
    assert [(fault.code, fault.place.row) for fault in faults] == [
        ("table.duplicate_key", 4),
        ("table.bad_number", 5),
        ("table.duplicate_key", 5),
    ]
    assert faults[0].parameters["first"] == 2


def test_broken_quotes_spoil_one_row_or_the_rest() -> None:
    assert found(HEADER + 'a,b,rail,1,"x"y\nb,c,rail,z,\n') == [
        ("table.broken_quotes", 2, None),
        ("table.bad_number", 3, "length_km"),
    ]
    table, faults = parse_table(HEADER + 'a,b,rail,1,\nb,c,rail,1,"never closed\nc,d,rail,1,\n', LINKS)
    assert [(fault.code, fault.place.row) for fault in faults] == [("table.broken_quotes", 3)]
    assert len(table) == 1
    assert not table.complete


def test_an_endless_cell() -> None:
    text = HEADER + "a,b,rail,1," + "x" * (tables.LONGEST_CELL + 1) + "\nb,c,rail,z,\n"
    table, faults = parse_table(text, LINKS)
    assert [(fault.code, fault.place.row) for fault in faults] == [("table.cell_too_long", 2)]
    assert not table.complete
    assert csv.field_size_limit() > tables.LONGEST_CELL


def test_a_flood_of_faults_is_counted_not_listed() -> None:
    rows = "".join(f"p{number},q,rail,x,\n" for number in range(tables.MOST_FAULTS_PER_TABLE + 50))
    faults = parse_table(HEADER + rows, LINKS)[1]
    assert len(faults) == tables.MOST_FAULTS_PER_TABLE + 1
    assert faults[-1].code == "table.more_faults"
    assert faults[-1].parameters == {"count": 50}


def test_references_to_any_of_several_tables() -> None:
    places, ports = (
        parse_table("id,lat\n" + rows, TableSchema(name, columns=PLACES.columns))[0]
        for name, rows in (("places", "hohhot,40\nbaotou,40\n"), ("ports", "ceke,42\n"))
    )
    links = parse_table(HEADER + "hohhot,ceke,rail,1,\nhohhott,baotou,rail,1,\nzzz,baotou,rail,1,\n", LINKS)[0]
    faults = reference_faults(links, {"places": places, "ports": ports})
    assert [(fault.code, fault.place.row, fault.place.column) for fault in faults] == [
        ("table.unknown_id", 3, "from"),
        ("table.unknown_id", 4, "from"),
    ]
    assert faults[0].parameters["near"] == "hohhot"
    assert "near" not in faults[1].parameters
    assert "places.csv、ports.csv" in sentence(faults[1], "zh").message


def test_nothing_is_called_unknown_when_the_other_table_could_not_be_read() -> None:
    links = parse_table(HEADER + "a,b,rail,1,\n", LINKS)[0]
    broken = parse_table('id,lat\n"', PLACES)[0]
    assert reference_faults(links, {"places": broken}) == ()
    without_ids = parse_table("name,lat\nx,1\n", PLACES)[0]
    assert reference_faults(links, {"places": without_ids}) == ()
    assert len(reference_faults(links, {"places": Table(PLACES)})) == 2


def test_an_id_in_a_damaged_row_still_exists() -> None:
    places = parse_table("id,lat\na,north\nb\n", PLACES)[0]
    links = parse_table(HEADER + "a,b,rail,1,\n", LINKS)[0]
    assert reference_faults(links, {"places": places}) == ()


def test_a_flood_of_unknown_ids_is_quick_and_counted() -> None:
    places = parse_table("id,lat\n" + "".join(f"place-{number},1\n" for number in range(2000)), PLACES)[0]
    rows = "".join(f"plaze-{number},place-1,rail,1,\n" for number in range(tables.MOST_FAULTS_PER_TABLE + 7))
    start = time.perf_counter()
    faults = reference_faults(parse_table(HEADER + rows, LINKS)[0], {"places": places})
    assert time.perf_counter() - start < 5
    assert len(faults) == tables.MOST_FAULTS_PER_TABLE + 1
    assert faults[-1].parameters == {"count": 7}
    assert 0 < sum("near" in fault.parameters for fault in faults) <= 50


def test_lists_of_references() -> None:
    groups = TableSchema("groups", columns=(Column("members", "ids", references=(("places", "id"),)),))
    table = parse_table("members\na;b\na;x\n", groups)[0]
    places = parse_table("id,lat\na,1\nb,2\n", PLACES)[0]
    assert [(f.place.row, f.parameters["value"]) for f in reference_faults(table, {"places": places})] == [(3, "x")]


def test_read_table_from_disk(tmp_path: Path) -> None:
    path = tmp_path / "links.csv"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    assert read_table(path, LINKS)[1] == ()
    path.write_bytes(GOOD.encode("utf-16"))
    table, faults = read_table(path, LINKS)
    assert [fault.code for fault in faults] == ["table.wrong_encoding"]
    assert table.present
    assert not table.complete
    optional = TableSchema("links", columns=LINKS.columns, optional=True)
    table, faults = read_table(tmp_path / "none.csv", optional)
    assert faults == ()
    assert not table.present


def test_a_schema_names_its_columns() -> None:
    assert LINKS.key == ("from", "to", "mode")
    assert LINKS.column("length_km").unit == "km"
    with pytest.raises(KeyError):
        LINKS.column("colour")


def test_read_schema(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "tables.csv").write_text(
        "table,title_zh,title_en,description_zh,description_en,optional\ndeep/things,物,Things,物表,A table,y\n"
    )
    path = tmp_path / "deep" / "things.csv"
    header = ",".join(SCHEMA_COLUMNS) + "\n"
    path.write_text(header + "id,id,,y,y,places.id|ports.id,,,,标识,Id\nsize,number,t,,,,,0,10,大小,Size\n")
    schema = read_schema(path)
    assert (schema.name, schema.title("en"), schema.title("zh"), schema.optional) == (
        "deep/things",
        "Things",
        "物",
        True,
    )
    assert schema.columns[0].references == (("places", "id"), ("ports", "id"))
    assert (schema.columns[1].minimum, schema.columns[1].maximum) == (0.0, 10.0)
    assert schema.columns[1].description("en") == "Size"
    for bad in ("id,nonsense,,,,,,,,x,x\n", "size,number,,,,,,low,,x,x\n", "id,id,,,,places,,,,x,x\n"):
        path.write_text(header + bad)
        with pytest.raises(BridgeheadError, match=r"schema\.bad_column"):
            read_schema(path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(BridgeheadError, match=r"schema\.unreadable"):
        read_schema(path)
    with pytest.raises(BridgeheadError, match=r"schema\.unreadable"):
        read_schema(tmp_path / "unlisted.csv")


SAFE = st.text(alphabet=string.ascii_letters + string.digits + "满洲里口岸,;\"'()\n°é ", max_size=12)
SLUG = st.from_regex(r"[a-z]{1,6}", fullmatch=True)
LENGTH = st.floats(0, 1e6, allow_nan=False)


@given(st.lists(st.tuples(SLUG, SLUG, st.sampled_from(["rail", "road"]), LENGTH, SAFE), unique_by=lambda row: row[:3]))
def test_what_is_written_is_read(rows: list[tuple[str, str, str, float, str]]) -> None:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(LINKS.names)
    writer.writerows((a, b, mode, repr(length), "x" + name) for a, b, mode, length, name in rows)
    table, faults = parse_table(stream.getvalue(), LINKS)
    assert faults == ()
    read = [(row["from"], row["to"], row["mode"], row["length_km"], row["name"]) for row in table.rows]
    assert read == [(a, b, mode, length, ("x" + name).strip()) for a, b, mode, length, name in rows]


JUNK = st.text(alphabet=st.characters(exclude_categories=["Cs"]) | st.sampled_from(list(',"\n\r\t=+-@;')), max_size=200)


def sound(fault: Fault, lines: int) -> bool:
    return fault.code.startswith("table.") and (fault.place.row is None or 1 <= fault.place.row <= lines + 1)


@given(JUNK)
def test_any_text_gives_rows_and_faults(text: str) -> None:
    table, faults = parse_table(text, LINKS)
    lines = text.count("\n") + text.count("\r") + 1
    assert all(sound(fault, lines) for fault in faults)
    for language in ("zh", "en"):
        for fault in faults:
            sentence(fault, language).message.encode()
    reference_faults(table, {"links": table})


@given(st.lists(st.lists(JUNK, min_size=5, max_size=5), max_size=6))
def test_junk_in_well_formed_cells(rows: list[list[str]]) -> None:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(LINKS.names)
    writer.writerows(rows)
    table, faults = parse_table(stream.getvalue(), LINKS)
    damaged = {(row.line, column) for row in table.rows for column in row.damaged}
    named = {(fault.place.row, fault.place.column) for fault in faults if fault.code != "table.duplicate_key"}
    assert damaged == named


@given(st.binary(max_size=300))
def test_any_bytes_give_rows_and_faults(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "links.csv"
    path.write_bytes(data)
    table, faults = read_table(path, LINKS)
    assert faults or len(table) == 0
