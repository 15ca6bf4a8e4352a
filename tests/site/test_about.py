"""What the about page says of time, and that a download is what was checked."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from bridgehead.ground.models import RegionEdition
from bridgehead.ground.region import current, serving
from bridgehead.regions.settings import read_settings

pytestmark = pytest.mark.django_db

NOON_UTC = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


def _note(region: Any) -> None:
    RegionEdition.objects.create(region=region.id, content_hash="0" * 64, version="0", loaded_at=NOON_UTC)


@pytest.mark.parametrize("address", ["/about/", "/en/about/"])
def test_a_time_is_that_of_the_region_and_names_its_zone(address: str, client: Client, second_region: Path) -> None:
    # China keeps UTC+8 all year; Paraguay has kept UTC-3 all year since October 2024.
    _note(current().region)
    html = client.get(address).content.decode()
    assert "2026-07-01 20:00" in html
    assert "Asia/Shanghai" in html
    with serving(second_region) as loaded:
        _note(loaded.region)
        html = client.get(address).content.decode()
        assert "2026-07-01 09:00" in html
        assert "America/Asuncion" in html
        assert client.get("/api/about").json()["time_zone"] == "America/Asuncion"


@pytest.mark.parametrize(
    ("line", "zone", "codes"),
    [
        ('time_zone = "Asia/Ulaanbaatar"', "Asia/Ulaanbaatar", []),
        ("", "UTC", []),
        ('time_zone = "Asia/Atlantis"', "UTC", ["region.bad_setting"]),
        ('time_zone = "../../etc/passwd"', "UTC", ["region.bad_setting"]),
        ("time_zone = 8", "UTC", ["region.bad_setting"]),
    ],
)
def test_the_zone_of_a_region_is_checked(line: str, zone: str, codes: list[str], tmp_path: Path) -> None:
    lines = ['id = "x"', 'name_zh = "某地"', 'name_en = "X"', 'country = "AR"', "base_year = 2022", 'currency = "ARS"']
    file = tmp_path / "region.toml"
    file.write_text("\n".join(["[region]", *lines, line]), encoding="utf-8")
    settings, faults = read_settings(file)
    assert settings.time_zone == zone
    assert [fault.code for fault in faults] == codes
    assert all(fault.parameters["name"] == "region.time_zone" for fault in faults)


def test_a_download_is_what_was_read_and_checked(client: Client, second_region: Path, tmp_path: Path) -> None:
    copy = tmp_path / "region"
    shutil.copytree(second_region, copy)
    checked = (copy / "ports.csv").read_bytes()
    with serving(copy):
        (copy / "ports.csv").write_bytes(b"nobody,checked\nthis,=1+1\n")
        (copy / "links.csv").unlink()
        assert client.get("/data/ports.csv").content == checked
        assert client.get("/data/links.csv").content == (second_region / "links.csv").read_bytes()
