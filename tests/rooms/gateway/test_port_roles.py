"""The page of the port roles, its operation and files: recomputed from the demand table, told in two languages."""

from __future__ import annotations

import csv
import io
import math
from collections import defaultdict

import pytest
from django.test import Client

from bridgehead.ground import wording
from bridgehead.ground.region import current, serving
from bridgehead.rooms.gateway.selectors import division, port_roles
from tests.rooms.gateway.reading import read, table

BASE = "2023"


def shares() -> dict[str, dict[tuple[str, str], float]]:
    """Return tonnes by port and line from the demand table, with the two reported figures of Ganqimaodu in place."""
    country = {row["id"]: row["country"] for row in table("places")} | dict.fromkeys(
        (row["id"] for row in table("ports")), "CN"
    )
    found: dict[str, dict[tuple[str, str], float]] = defaultdict(lambda: defaultdict(float))
    for row in table("demand"):
        if row["year"] == BASE:
            direction = "export" if country[row["origin"]] == "CN" else "import"
            found[row["calibration_port"]][direction, row["commodity"]] += float(row["tonnes_per_year"])
    found["ganqimaodu"]["import", "coking-coal"] = 36_500_000.0
    found["ganqimaodu"]["import", "copper-conc"] = 860_000.0
    return found


def rows(client: Client, name: str) -> list[dict[str, str]]:
    answer = client.get(f"/ports/roles/{name}.csv")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.article(9, 13)
def test_profiles_and_sameness_are_those_of_the_files(client: Client) -> None:
    expected = shares()
    told: dict[str, dict[tuple[str, str], float]] = defaultdict(dict)
    for row in rows(client, "profiles"):
        told[row["port"]][row["direction"], row["commodity"]] = float(row["tonnes"])
    assert {port: pytest.approx(dict(lines)) for port, lines in expected.items()} == told
    part = {port: {k: t / math.fsum(lines.values()) for k, t in lines.items()} for port, lines in expected.items()}
    for row in rows(client, "sameness"):
        for other, there in part.items():
            same = math.fsum(min(share, there.get(line, 0.0)) for line, share in part[row["port"]].items())
            assert float(row[other]) == pytest.approx(same)
    firm = {row["commodity"]: row["standing"] for row in rows(client, "profiles") if row["port"] == "ganqimaodu"}
    assert (firm["coking-coal"], firm["copper-conc"], firm["machinery"]) == ("derived", "reported", "estimate")


@pytest.mark.article(11, 12, 13, 22)
def test_the_page_says_who_leads_with_every_reason_and_that_it_is_a_model(client: Client) -> None:
    page, english = read(client, "/ports/roles/"), read(client, "/en/ports/roles/")
    one, other, same = port_roles.roles(current()).pairs()[0]
    assert {one, other} == {"ganqimaodu", "ceke"}
    assert page.h1.startswith("甘其毛都公路和策克公路")
    assert wording.percent(same, "zh") in page.h1
    assert "Ganqimaodu road and Ceke road" in english.h1
    works = page.row("甘其毛都公路")
    assert "进口炼焦煤（蒙古国）" in works[1]
    lead = next(row for row in page.tables[1] if row[0].strip() == "甘其毛都公路")
    assert [cell.split()[0] for cell in lead[2:]] == ["✓通过", "✓通过", "✓通过", "✓通过", "–不通过"]
    for said in ("模型", "估计", "不是决定", "数据弱"):
        assert said in page.text
    assert "not known" in english.text
    assert "97" in page.drawings
    assert "/ports/roles/division.csv" in page.links


def test_the_operation_gives_what_the_page_and_the_file_say(client: Client) -> None:
    body = client.get("/api/port-roles?lang=en").json()
    assert body["statement"] == read(client, "/en/ports/roles/").h1
    assert body["standing"] == "model"
    parts = [(m["direction"], m["commodity"], m["partner"], p) for m in body["markets"] for p in m["parts"]]
    listed = rows(client, "division")
    assert [(*key, p["port"]["id"], p["role"]) for *key, p in parts] == [
        (r["direction"], r["commodity"], r["partner"], r["port"], r["role"]) for r in listed
    ]
    for (*_key, part), row in zip(parts, listed, strict=True):
        assert part["passed"] == int(row["tests_passed"]) == sum(r["passed"] is True for r in part["reasons"])
        cheapest = next(r for r in part["reasons"] if r["test"] == "cheapest")
        assert cheapest["gap_usd_per_t"] == pytest.approx(float(row["gap_usd_per_t"]))
        assert all(reason["words"] for reason in part["reasons"])
    weak = [market for market in body["markets"] if market["weak"]]
    assert weak
    assert all(any("Weak data" in note for note in market["notes"]) for market in weak)
    assert body["without_freight"] == ["wuliji"]


@pytest.mark.article(24)
def test_what_the_demand_has_processed_nearby_is_told_and_the_rest_is_not_guessed(client: Client) -> None:
    kinds = {row["id"]: row["kind"] for row in table("places")}
    into = [r for r in table("demand") if r["calibration_port"] == "ceke" and kinds.get(r["destination"], "")]
    country = {row["id"]: row["country"] for row in table("places")}
    imports = [row for row in into if country[row["destination"]] == "CN"]
    here = math.fsum(float(row["tonnes_per_year"]) for row in imports if row["destination"] == "ceke-park")
    whole = math.fsum(float(row["tonnes_per_year"]) for row in imports)
    port = next(p for p in client.get("/api/port-roles").json()["ports"] if p["port"]["id"] == "ceke")
    assert port["nearby"]["processed_share"] == pytest.approx(here / whole)
    assert port["nearby"]["standing"] == "estimate"
    page = read(client, "/ports/roles/")
    land = next(row for row in page.tables[-1] if row[0].strip() == "策克公路")
    assert wording.percent(here / whole, "zh") in land[4]
    assert "需求表里没有" in next(row for row in page.tables[-1] if row[0].strip() == "二连浩特铁路")[4]


@pytest.mark.article(11, 12, 13)
def test_the_page_of_a_port_tells_its_part(client: Client) -> None:
    page = read(client, "/ports/ganqimaodu/")
    assert "在口岸分工里" in page.text
    assert division.work_words(current(), "ganqimaodu") in page.text
    assert "/ports/roles/" in page.links
    assert "在口岸分工里" not in read(client, "/ports/wuliji/").text


def test_a_region_with_little_data_says_what_is_missing(client: Client, second_region) -> None:  # type: ignore[no-untyped-def]
    with serving(second_region):
        answer = client.get("/ports/roles/")
        assert answer.status_code == 200
        assert client.get("/api/port-roles").status_code == 200
        assert client.get("/ports/roles/division.csv").status_code == 200
