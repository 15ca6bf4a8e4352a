"""Whatever lies in a folder, checking and loading it gives faults with sentences, never a traceback."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridgehead.kernel.errors import BridgeheadError
from bridgehead.regions.check import Report, check_region, report_json
from bridgehead.regions.load import SHIPPED_REGION, load_region

SECOND_REGION = Path(__file__).parents[1] / "second_region"


def codes(report: Report) -> set[str]:
    return {fault.code for fault in report.faults}


def _in_braces(path: Path) -> set[str]:
    """Return what stands in braces in the files of a folder."""
    files = [one for one in path.rglob("*") if one.is_file()]
    return {gap for one in files for gap in re.findall(r"{\w+}", one.read_text(encoding="utf-8", errors="replace"))}


def assert_well_formed(path: Path) -> Report:
    """Check a folder, and that every way of telling the faults works."""
    report = check_region(path)
    for language in ("zh", "en"):
        text = json.dumps(report_json(report, language), ensure_ascii=False, allow_nan=False)
        text.encode("utf-8")
        told = json.loads(text)["faults"]
        assert all(one["message"] for one in told)
        # What stands in braces in the folder may be quoted by a cure.
        unfilled = {gap for one in told for gap in re.findall(r"{\w+}", one["cure"])}
        assert not unfilled - (_in_braces(path) if unfilled else set())
    if report.errors:
        with pytest.raises(BridgeheadError) as caught:
            load_region(path)
        assert {(fault.code, fault.place) for fault in caught.value.faults} <= {
            (fault.code, fault.place) for fault in report.errors
        }
    return report


def test_no_folder(tmp_path: Path) -> None:
    assert codes(assert_well_formed(tmp_path / "none")) == {"region.no_folder"}


def test_a_file_for_a_folder(tmp_path: Path) -> None:
    path = tmp_path / "region"
    path.write_text("x")
    assert codes(assert_well_formed(path)) == {"region.not_a_folder"}


def test_a_folder_nobody_may_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "iterdir", refuse)
    report = check_region(tmp_path)
    assert codes(report) == {"region.unreadable_folder"}
    assert report.faults[0].parameters["reason"] == "Permission denied"


@pytest.mark.parametrize("name", ["x" * 300, "nul\x00byte", "\udc80half", "../" * 50 + "none"])
def test_odd_paths(tmp_path: Path, name: str) -> None:
    report = assert_well_formed(tmp_path / name)
    assert codes(report) <= {"region.no_folder", "region.unreadable_folder"}


def test_an_empty_folder_names_what_is_missing(tmp_path: Path) -> None:
    report = assert_well_formed(tmp_path)
    assert codes(report) == {"table.missing_file"}
    assert {fault.place.file for fault in report.faults} == {
        "region.toml",
        "places.csv",
        "ports.csv",
        "links.csv",
        "commodities.csv",
        "demand.csv",
        "freight_classes.csv",
        "parameters.csv",
    }


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n\n",
        b"\x00" * 5000,
        bytes(range(256)) * 40,
        b"\xff\xfe\xff\xff",
        b'"' * 4001,
        b"," * 50_000,
        b"id\n" * 200,
        "，".encode() * 1000,
        b"a,b\r\n1,2\r\n" * 100,
        b"=cmd|' /C calc'!A0\n",
        b"{" * 3000,
        b"[" * 3000,
        b"[region]\nid = ",
    ],
    ids=lambda content: repr(content[:8]),
)
def test_the_same_junk_in_every_file(tmp_path: Path, content: bytes) -> None:
    for path in SHIPPED_REGION.rglob("*"):
        if path.is_file():
            target = tmp_path / path.relative_to(SHIPPED_REGION)
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(content)
    report = assert_well_formed(tmp_path)
    # An empty settings file is valid TOML; what it lacks is named all the same.
    assert {fault.place.file for fault in report.errors} >= {"region.toml", "places.csv", "ports.csv", "links.csv"}


def test_folders_pipes_and_loops_for_files(tmp_path: Path) -> None:
    shutil.copytree(SECOND_REGION, tmp_path / "copy")
    for name, make in (
        ("places.csv", Path.mkdir),
        ("links.csv", os.mkfifo),
        ("region.toml", Path.mkdir),
        ("trace.toml", Path.mkdir),
    ):
        path = tmp_path / "copy" / name
        path.unlink(missing_ok=True)
        make(path)
    (tmp_path / "copy" / "sources.csv").unlink()
    (tmp_path / "copy" / "sources.csv").symlink_to("sources.csv")
    (tmp_path / "copy" / "statute").write_text("a file where a folder is expected")
    report = assert_well_formed(tmp_path / "copy")
    found = {(fault.code, fault.place.file) for fault in report.errors}
    assert found >= {
        ("table.not_a_file", "places.csv"),
        ("table.not_a_file", "links.csv"),
        ("table.not_a_file", "region.toml"),
        ("table.not_a_file", "trace.toml"),
        ("table.unreadable", "sources.csv"),
    }


def test_a_line_without_end(tmp_path: Path) -> None:
    shutil.copytree(SECOND_REGION, tmp_path / "copy")
    with (tmp_path / "copy" / "links.csv").open("ab") as stream:
        stream.write(b"x" * 10_000_000)
    report = assert_well_formed(tmp_path / "copy")
    assert [(fault.code, fault.place.file) for fault in report.errors] == [("table.cell_too_long", "links.csv")]


def test_a_hundred_megabytes(tmp_path: Path) -> None:
    shutil.copytree(SECOND_REGION, tmp_path / "copy")
    for name in ("demand.csv", "region.toml"):
        with (tmp_path / "copy" / name).open("ab") as stream:
            stream.truncate(100_000_000)
    report = assert_well_formed(tmp_path / "copy")
    assert [fault.code for fault in report.errors] == ["table.too_large"] * 2


@pytest.mark.parametrize(
    "text",
    [
        "region = 1\nstatute = 2\nmap = 3\nattribution = 4\nlanguages = 5\n",
        "[region]\nid = 1\nname_zh = []\nname_en = {}\ncountry = 2023-01-01\nbase_year = true\ncurrency = 1.5\n",
        '[region]\nid = "../x"\nname_zh = " "\nname_en = "x"\ncountry = "cn"\nbase_year = 99999\ncurrency = "¥"\n',
        "[map]\nparallels = [nan, inf]\ncentre_lon = nan\nwindow = [1, 2, 3]\n[statute]\narticles = -1\nadopted = 5\n",
        "[map]\nparallels = 41\ncentre_lon = 999\nwindow = [[]]\n[statute]\nadopted = 12:00:00\nx = 1\n",
        "[[region]]\n[[statute]]\n",
        "[languages]\noffered = [1, 2]\n[attribution]\nlines_zh = 'x'\nlines_en = [[]]\n",
        "a" * 5000,
        "x = " + "9" * 5000,
        "x = " + "[" * 2000 + "]" * 2000,
        "[region]\nid = 'a'\nid = 'b'\n",
    ],
)
def test_half_broken_settings(tmp_path: Path, text: str) -> None:
    shutil.copytree(SECOND_REGION, tmp_path / "copy")
    (tmp_path / "copy" / "region.toml").write_text(text, encoding="utf-8")
    report = assert_well_formed(tmp_path / "copy")
    assert report.errors
    assert {fault.place.file for fault in report.errors} == {"region.toml"}


@pytest.mark.parametrize(
    "text",
    [
        "article = 1\n",
        "[article]\nx = 1\n",
        "[article.1]\nstatus = []\n",
        "[feature]\n1 = 2\n",
        "x = 1\n",
        "[article.٣]\n",
    ],
)
def test_half_broken_trace(tmp_path: Path, text: str) -> None:
    shutil.copytree(SHIPPED_REGION, tmp_path / "copy")
    (tmp_path / "copy" / "trace.toml").write_text(text, encoding="utf-8")
    report = assert_well_formed(tmp_path / "copy")
    assert {fault.place.file for fault in report.errors} == {"trace.toml"}


@pytest.mark.slow
def test_every_table_alone_missing(tmp_path: Path) -> None:
    for path in sorted(SHIPPED_REGION.rglob("*.csv")):
        copy = tmp_path / "copy"
        shutil.copytree(SHIPPED_REGION, copy, copy_function=shutil.copyfile)
        (copy / path.relative_to(SHIPPED_REGION)).unlink()
        assert_well_formed(copy)
        shutil.rmtree(copy)


def drop_piece(data: bytes, dice: random.Random) -> bytes:
    start = dice.randrange(len(data))
    return data[:start] + data[start + dice.randrange(1, 200) :]


def flip_bytes(data: bytes, dice: random.Random) -> bytes:
    made = bytearray(data)
    for _ in range(dice.randrange(1, 20)):
        made[dice.randrange(len(made))] = dice.randrange(256)
    return bytes(made)


def swap_cells(data: bytes, dice: random.Random) -> bytes:
    cells = data.split(b",")
    for _ in range(dice.randrange(1, 10)):
        one, other = dice.randrange(len(cells)), dice.randrange(len(cells))
        cells[one], cells[other] = cells[other], cells[one]
    return b",".join(cells)


def repeat_piece(data: bytes, dice: random.Random) -> bytes:
    start = dice.randrange(len(data))
    return data[:start] + data[start : start + 300] * 3 + data[start:]


def empty_cells(data: bytes, dice: random.Random) -> bytes:
    return b",".join(b"" if dice.random() < 0.2 else cell for cell in data.split(b","))


MUTATIONS: list[Callable[[bytes, random.Random], bytes]] = [
    drop_piece,
    flip_bytes,
    swap_cells,
    repeat_piece,
    empty_cells,
]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32))
def test_random_damage(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    copy = tmp_path / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(SECOND_REGION, copy)
    for path in sorted(copy.iterdir()):
        if dice.random() < 0.4 and path.stat().st_size:
            path.write_bytes(dice.choice(MUTATIONS)(path.read_bytes(), dice))
    assert_well_formed(copy)


@pytest.mark.slow
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32))
def test_random_damage_of_the_shipped_region(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    copy = tmp_path / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(SHIPPED_REGION, copy, copy_function=shutil.copyfile)
    for path in sorted(copy.rglob("*")):
        if path.is_file() and dice.random() < 0.3:
            path.write_bytes(dice.choice(MUTATIONS)(path.read_bytes(), dice))
    assert_well_formed(copy)
