"""Published times and prices beside ours: ratios recomputed leg by leg, and what the page says of each."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from bridgehead.engines.network.routes import Consignment, find_route
from bridgehead.ground import wording
from bridgehead.ground.region import current, serving
from bridgehead.render.ratios import ratio_strip
from tests.rooms.gateway.reading import read, table

NOT_IN_TRANSIT = {"load", "unload"}


def our_days(row: dict[str, str]) -> float:
    """Return our time of a published one in days, summed over the legs of a route found anew."""
    asked = Consignment(row["origin"], row["destination"], row["commodity"], teu=float(row["teu"] or 0) or None,
                        tonnes=float(row["tonnes"] or 0) or None)  # fmt: skip
    modes = tuple(row["modes"].split(";")) if row["modes"] else ("rail", "road", "sea")
    route = find_route(current().components, asked, row["by"], modes=modes, via=row["via"])  # type: ignore[arg-type]
    counted = [leg for leg in route.legs if row["metric"] == "time" or leg.kind not in NOT_IN_TRANSIT]
    return sum(leg.hours for leg in counted) / 24


@pytest.mark.article(16)
@pytest.mark.article(14)
def test_every_published_time_stands_beside_ours_with_the_ratio(client: Client) -> None:
    page = read(client, "/route/published/")
    body = {one["id"]: one for one in client.get("/api/published-routes").json()["routes"]}
    rows = table("published_routes")
    assert list(body) == [row["id"] for row in rows]
    times = [row for row in rows if row["metric"] in ("time", "transit_time")]
    assert len(times) >= 5
    for row in times:
        ours, said = our_days(row), body[row["id"]]
        assert said["ours"]["value"] == pytest.approx(ours), row["id"]
        assert said["ratio"] == pytest.approx(ours / float(row["value"]))
    shown = [[" ".join(cell.split()) for cell in cells] for cells in page.tables[0][1:]]
    assert len(shown) == len(rows)
    for row, cells in zip(rows, shown, strict=True):
        assert cells[2].startswith(wording.number(float(row["value"]), "zh"))
        assert cells[3].startswith(wording.number(body[row["id"]]["ours"]["value"], "zh"))
        assert cells[4] == wording.number(body[row["id"]]["ratio"], "zh", 2)


def test_a_price_is_the_sum_of_what_its_metric_counts() -> None:
    row = next(one for one in table("published_routes") if one["id"] == "tavan-tolgoi-border-rail")
    asked = Consignment(row["origin"], row["destination"], row["commodity"], tonnes=float(row["tonnes"]))
    route = find_route(current().components, asked, "cost", modes=("rail",))
    haul = sum(leg.usd_per_t for leg in route.legs if leg.kind == "haul")
    from bridgehead.rooms.gateway.selectors import published

    found = next(one for one in published.found(current()) if one.published.id == row["id"])
    assert found.ours == pytest.approx(haul)


def test_the_heading_counts_what_the_table_shows(client: Client) -> None:
    body = client.get("/api/published-routes").json()
    near = sum(0.5 <= one["ratio"] <= 2 for one in body["routes"])
    assert (body["every"], body["near"]) == (len(table("published_routes")), near)
    assert body["circular"] == sum(bool(one["circular"]) for one in body["routes"])
    assert body["explained"] + body["unexplained"] == body["every"] - near
    page = read(client, "/route/published/")
    assert page.h1 == "三十二条公布的数字，二十七条在 0.5 到 2 倍之间"
    assert f"其中 {body['circular']} 条与参数同源" in page.text
    english = read(client, "/en/route/published/")
    assert english.h1.startswith("Thirty-two published figures; for twenty-seven of them")


def test_the_way_names_its_border_crossings_and_what_the_ports_of_the_region_would_give(client: Client) -> None:
    """Over Kazakhstan the source's silence about the crossing is said, with both rail ports asked anew."""
    body = {one["id"]: one for one in client.get("/api/published-routes").json()["routes"]}
    around = body["ulanqab-europe"]
    assert around["crossings"] == [["khorgos", "altynkol"], ["brest", "malaszewicze"]]
    asked = Consignment("ulanqab", "duisburg", "cre-containers", teu=2)
    for port in ("erenhot-rail", "manzhouli-rail"):
        route = find_route(current().components, asked, "time", modes=("rail",), via=port)
        days = sum(leg.hours for leg in route.legs if leg.kind not in NOT_IN_TRANSIT) / 24
        assert around["over_ports"][port] == pytest.approx(days)
        assert days > around["ours"]["value"]
    over = body["ulanqab-minsk"]
    assert over["crossings"][0] == ["erenhot-rail", "zamyn-uud"]
    assert over["over_ports"] == {}
    page, english = read(client, "/route/published/"), read(client, "/en/route/published/")
    cells = next(cells for cells in page.tables[0][1:] if "杜伊斯堡" in cells[0] and "15" in cells[2])
    assert "过境处：霍尔果斯–阿腾科里、布列斯特–马拉舍维奇" in cells[0]
    assert f"二连浩特 {wording.number(around['over_ports']['erenhot-rail'], 'zh')} 天" in cells[6]
    assert "borders crossed at Khorgos–Altynkol" in english.text
    assert "The source names no crossing; over the ports of the region:" in english.text


@pytest.mark.article(16)
def test_what_is_far_off_is_explained_and_what_is_circular_names_its_parameters(client: Client) -> None:
    rows = {row["id"]: row for row in table("published_routes")}
    page, english = read(client, "/route/published/"), read(client, "/en/route/published/")
    known = {row["id"]: row for row in table("parameters")}
    for one in client.get("/api/published-routes").json()["routes"]:
        row = rows[one["id"]]
        if not 0.5 <= one["ratio"] <= 2:
            assert not one["plausible"]
            assert one["explanation"] == row["explanation"]
            said = next(r["text_zh"] for r in table("translations") if r["text"] == row["explanation"])
            assert said in page.text
            assert row["explanation"] in english.text
        for id_ in one["circular"]:
            assert known[id_]["source"] in row["source"] or row["source"] in known[id_]["source"]
            assert f"/data/parameters/?q={id_}" in page.links


def test_every_figure_of_the_answer_has_source_date_and_standing(client: Client) -> None:
    rows = {row["id"]: row for row in table("published_routes")}
    for one in client.get("/api/published-routes?lang=en").json()["routes"]:
        row, told = rows[one["id"]], one["published"]
        assert (told["source"], told["source_date"]) == (row["source"], row["source_date"])
        standing = {"low": "estimate", "derived": "derived"}.get(row["confidence"], "reported")
        assert told["standing"] == standing
        assert one["ours"]["standing"] == "model"
        assert one["ours"]["unit"] == told["unit"] == row["unit"]


@pytest.mark.parametrize("address", ["/route/published/", "/en/route/published/"])
def test_a_region_without_published_routes_says_what_is_missing(
    client: Client, second_region: Path, address: str
) -> None:
    with serving(second_region):
        page = read(client, address)
        assert "没有公布的时间或价格" in page.h1 or page.h1.startswith("No published time")
        assert not page.tables
        assert any(link.endswith("/data/published_routes/") for link in page.links)
        body = client.get("/api/published-routes").json()
        assert body["routes"] == []
        assert body["every"] == 0


def test_links_to_routes_ask_what_can_be_answered(client: Client) -> None:
    asked = [link for link in read(client, "/route/published/").links if link.startswith("/route/?")]
    assert len(asked) == len(table("published_routes"))
    for link in asked[:4]:
        assert client.get(link).status_code == 200, link


def test_twice_and_half_lie_equally_far_from_one_and_what_is_beyond_gets_an_arrow() -> None:
    import re

    def at(ratio: float) -> float:
        drawn = ratio_strip(ratio, "x")
        found = re.search(r'd="M([\d.]+) [\d.]+L[\d.]+ [\d.]+L[\d.]+ [\d.]+L[\d.]+ [\d.]+Z"', drawn)
        assert found
        return float(found[1])

    assert at(2.0) - at(1.0) == pytest.approx(at(1.0) - at(0.5), abs=0.2)
    assert "leader" not in ratio_strip(9.9, "x")
    for ratio in (0.05, 40.0):
        assert "leader" in ratio_strip(ratio, "x")
        assert 0 < at(ratio) < 150
    assert at(0.05) < at(1.0) < at(40.0)
    for unknown in (None, 0.0, -1.0, float("nan"), float("inf")):
        assert "m-model" not in ratio_strip(unknown, "<&>")
    assert "&lt;&amp;&gt;" in ratio_strip(1.0, "<&>")
