"""Places and freight to draw in tests: the shipped region, and made-up ones anywhere on the globe."""

import csv
import heapq
import random
from collections import defaultdict
from functools import cache
from pathlib import Path

from bridgehead.render.geometry import great_circle_km
from bridgehead.render.map import Frame, MapLink, MapPlace, MapWords, Projection, corners

NMG = Path(__file__).resolve().parents[2] / "src" / "bridgehead" / "regions" / "nmg"
RINGS = {"comprehensive_hub": 0, "key_specialised": 1}
FRAME = Frame(Projection((41.0, 50.0), 112.0), corners(100.4, 38.4, 121.2, 52.0))
WORDS = MapWords("口岸与通道", "线宽是货运量", "示意图，不表示任何界线", "{km} 公里", "没有口岸")


def table(name):
    with open(NMG / f"{name}.csv", encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@cache
def freight():
    """All demand of the region on the shortest way by great circles: not the engine, but the same order of size."""
    spots = {r["id"]: (float(r["lat"]), float(r["lon"])) for n in ("places", "ports") for r in table(n) if r["lat"]}
    near = defaultdict(set)
    for link in table("links"):
        if link["mode"] in ("rail", "road") and link["from"] in spots and link["to"] in spots:
            near[link["from"]].add(link["to"])
            near[link["to"]].add(link["from"])

    def ways(start):
        best, before, heap = {start: 0.0}, {}, [(0.0, start)]
        while heap:
            far, here = heapq.heappop(heap)
            if far > best[here]:
                continue
            for to in sorted(near[here]):
                reach = far + great_circle_km(*spots[here], *spots[to])
                if reach < best.get(to, 1e18):
                    best[to], before[to] = reach, here
                    heapq.heappush(heap, (reach, to))
        return before

    tonnes, trees = defaultdict(float), {}
    for row in table("demand"):
        start, end = row["origin"], row["destination"]
        before = trees.setdefault(start, ways(start))
        while end in before:
            tonnes[tuple(sorted((end, before[end])))] += float(row["tonnes_per_year"] or 0)
            end = before[end]
    return dict(tonnes)


def real_places(language="zh", with_table=True):
    hints = {row["place"]: row for row in table("map_places")} if with_table else {}
    other = {"zh": "en", "en": "zh"}[language]
    out = []
    for row in [*table("ports"), *table("places")]:
        if not row["lat"]:
            continue
        hint = hints.get(row["id"], {})
        name = {code: hint.get(f"short_{code}") or row[f"name_{code}"] for code in ("zh", "en")}
        port = row.get("status") == "open" and row.get("mode") in ("rail", "road")
        out.append(
            MapPlace(
                row["id"],
                float(row["lat"]),
                float(row["lon"]),
                name[language],
                name[other] if language == "zh" else "",
                other,
                kind=row.get("kind", "port"),
                ring=RINGS.get(row["class"], 2) if port else None,
                href=f"/{'ports' if port else 'places'}/{row['id']}/",
                title=name[language],
                utilisation=0.95 if port and row["id"].startswith("g") else None,
                merged_into=hint.get("merged_into", ""),
                rank=int(hint["rank"]) if hint.get("rank") else None,
                prefer=hint.get("prefer", ""),
                exit=hint.get(f"exit_{language}", ""),
                exit_second=hint.get(f"exit_{other}", "") if language == "zh" else "",
            )
        )
    return out


def real_links():
    return [
        MapLink(a, b, t, (t / 4e7) % 1.1, href=f"/flows/#{a}--{b}", title=f"{a} – {b}: {t:,.0f} t")
        for (a, b), t in freight().items()
        if t > 0
    ]


def made_up(seed, lat, lon, count=40, spread=8.0):
    """A region anywhere: ports in a row, places around, links to the nearest ones."""
    rng = random.Random(seed)
    places = []
    for i in range(count):
        at = max(-89.9, min(89.9, lat + rng.uniform(-spread, spread))), lon + rng.uniform(-spread, spread) * 1.3
        places.append(
            MapPlace(
                f"p{i}",
                at[0],
                (at[1] + 180) % 360 - 180,
                rng.choice(("Vila", "Puerto Largo", "Estación", "北", "二连浩特", "Ж")) + str(i),
                kind=rng.choice(("city", "mine", "rail junction", "foreign city")),
                ring=rng.choice((0, 1, 2)) if i < count // 5 else None,
                href=f"/p{i}/",
                title=f"title {i}",
            )
        )
    links = []
    for i, place in enumerate(places):
        order = sorted(places, key=lambda q, p=place: great_circle_km(p.lat, p.lon, q.lat, q.lon))
        for q in order[1:3]:
            links.append(MapLink(place.id, q.id, rng.uniform(1e4, 2e7), rng.random(), f"/l{i}/", f"link {i}"))
    return places, links
