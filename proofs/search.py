"""Searching: what the index costs, how quick it answers among 100,000 entries, and what it finds beside LIKE."""

from __future__ import annotations

import json
import os
import random
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from proofs.platform import database_url, environment
from proofs.registry import Asked, Figures, Option, Outcome, Proof

PROMISED_PAGE_MS = 100.0
KINDS = 8
CHUNK = 500
REPEATS = 5
ASKED = (
    *("口岸", "满洲里", "甘其毛都", "岸", "报告", "的"),
    *("呼和浩特海关 换装", "发改委 计划", "“满洲里海关”", "中欧班列口岸", "China-Europe train", "策克 zzzz"),
)
"""From words nearly every document holds to one that none does."""
FILLING = (
    *("口岸", "货运", "通关", "报告", "2024年", "合同", "换装", "查验", "计划", "检查", "申请", "办理"),
    *("企业", "同比增长", "万吨", "的", "和", "在", "对", "由"),
)
JUDGED: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...] = (
    ("口岸", (("口岸",),)),
    ("中欧班列", (("班列",),)),
    ("班列", (("班列",),)),
    ("多式联运", (("多式联运",),)),
    ("保税", (("保税", "综保"),)),
    ("综合保税区", (("综合保税区", "综保区"),)),
    ("跨境电商", (("跨境电商", "跨境电子商务"),)),
    ("跨境电子商务", (("跨境电商", "跨境电子商务"),)),
    ("发改委", (("发改", "发展改革", "发展和改革"),)),
    ("NDRC", (("发改", "发展改革", "发展和改革"),)),
    ("贸促会", (("贸促会", "国际贸易促进"),)),
    ("人大", (("人大", "人民代表大会"),)),
    ("海关 边检", (("海关",), ("边检", "边防检查"))),
    ("铁路 民航", (("铁路",), ("民航",))),
    ("招商引资", (("招商", "引资"),)),
    ("境外投资 风险", (("境外投资", "对外投资"), ("风险",))),
    ("走出去", (("走出去", "境外投资", "对外投资"),)),
    ("森林草原火灾", (("火灾",),)),
    ("传染病", (("传染病", "疫情"),)),
    ("友好城市", (("友城", "友好城市"),)),
    ("专项债券", (("专项债",),)),
    ("飞地", (("飞地",),)),
    ("考核", (("考核",),)),
    ("二连浩特", (("二连浩特",),)),
    ("落地加工", (("落地加工", "就近加工", "就地加工"),)),
    ("桥头堡", (("桥头堡",),)),
    ("蒙贸通", (("蒙贸通",),)),
    ("single window", (("单一窗口",),)),
    ("Belt and Road", (("一带一路",),)),
    ("税费", (("税费",),)),
)
"""Queries with what an article must say to answer them, judged by reading: of each group one word at least."""


def run(asked: Asked) -> Outcome:
    """Measure in a process of its own, on an empty database."""
    outcome = Outcome()
    with database_url(asked.database, asked.folder) as url:
        command = [sys.executable, "-m", "proofs.search", str(asked.options["documents"]), str(asked.seed)]
        environ = environment(url, asked.folder, "normal")
        done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        outcome.faults.append(done.stderr[-2000:])
        return outcome
    outcome.rows = json.loads(done.stdout.splitlines()[-1])
    for row in outcome.rows:
        slowest = float(row.get("slowest page ms", 0))
        if slowest > PROMISED_PAGE_MS and not asked.smoke:
            outcome.faults.append(f"{row['of']}: a page takes {slowest} ms, {PROMISED_PAGE_MS:g} promised")
        if row.get("wrong"):
            outcome.faults.append(f"{row['of']}: {row['wrong']} answers differ from LIKE's")
    return outcome


def documents(words: Sequence[str], count: int, seed: int) -> Iterator[tuple[str, str]]:
    """Give titles and texts of about 170 characters out of words of the region and filling ones."""
    chance = random.Random(seed)
    for _ in range(count):
        title = "".join(chance.choice(words) for _ in range(2)) + chance.choice(("报告", "方案", "台账", "通知"))
        text = (
            chance.choice(words) if chance.random() < 0.4 else chance.choice(FILLING) + "，" * (chance.random() < 0.2)
            for _ in range(chance.randint(20, 60))
        )
        yield title, "".join(text)


def _words(region: Any) -> list[str]:
    names = (
        row.text("name_zh")
        for table in ("ports", "places", "commodities", "orgs", "projects", "corridors")
        for row in region.rows(table)
    )
    parts = {part for name in names for part in re.split(r"[()（）、/—\- ,]+", name)}
    return sorted(part for part in parts if re.search("[\u4e00-\u9fff]", part))


def _fill(begin: int, end: int, seed: int) -> float:
    """Index documents of a few kinds, half of them open, the others of fifty owners; return the seconds it took."""
    from django.db import transaction

    from bridgehead.ground.access.viewer import as_system
    from bridgehead.ground.region import current
    from bridgehead.ground.search.registry import Document
    from bridgehead.ground.search.scope import Standing
    from bridgehead.ground.search.shelves import database_shelf

    shelf = database_shelf()
    made = list(documents(_words(current().region), end - begin, seed + begin))
    begun = time.perf_counter()
    for at in range(0, len(made), CHUNK):
        with as_system("proof"), transaction.atomic():
            for number, (title, text) in enumerate(made[at : at + CHUNK], begin + at):
                document = Document(record=str(number), title_zh=title, title_en="", text=text, page="ground:search")
                standing = Standing("files", number % 2 == 0, (number % 50 + 1, None), number % 10 + 1)
                shelf.put(f"thing-{number % KINDS}", "public", [(document, standing)])
    return time.perf_counter() - begun


def _size_mb() -> float:
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT pg_total_relation_size('ground_searchentry') + pg_total_relation_size('ground_searchindex')"
            )
            return float(cursor.fetchone()[0]) / 1e6
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return sum(file.stat().st_size for file in Path(os.environ["BRIDGEHEAD_DATA"]).glob("bridgehead.sqlite3*")) / 1e6


def _best_ms(work: Callable[[], object]) -> float:
    """Return the milliseconds of the best of a few repeats, so that what else the machine does counts less.

    Of the processor, where the database is in the process; by the clock, where it is not.
    """
    from django.db import connection

    clock = time.perf_counter if connection.vendor == "postgresql" else time.process_time
    times = []
    work()
    for _ in range(REPEATS):
        begun = clock()
        work()
        times.append(clock() - begun)
    return min(times) * 1000.0


def _asking(size: int, took: float) -> Figures:
    """Ask everything as an officer, by the page as a visitor, and by LIKE."""
    from django.test import Client

    from bridgehead.ground.access.viewer import Grant, Viewer, viewing
    from bridgehead.ground.region import current
    from bridgehead.ground.search.find import find
    from bridgehead.ground.search.scope import condition
    from bridgehead.ground.search.shelves import database_shelf
    from bridgehead.kernel.bigrams import parts, query

    officer = Viewer(1, "officer", (Grant(3, "officer"),))
    loaded, client, shelf, may = current(), Client(), database_shelf(), condition(officer)

    def like(q: str) -> int:
        inside = " AND ".join("(e.title_zh LIKE %s OR e.text LIKE %s)" for _ in parts(q))
        words = (f"%{part.text}%" for part in parts(q) for _ in range(2))
        statement = f"SELECT count(*) FROM ground_searchentry e WHERE {inside} AND {may[0]}"
        return int(shelf.run(statement, (*words, *may[1]))[0][0])

    finds, pages, index, likes, wrong = [], [], [], [], 0
    with viewing(officer):
        for q in ASKED:
            finds.append(_best_ms(lambda q=q: find(loaded, officer, q)))
            index.append(_best_ms(lambda q=q: shelf.counts(query(q), may, size)))
            if q.isascii():
                continue
            likes.append(_best_ms(lambda q=q: like(q)))
            wrong += sum(shelf.counts(query(q), may, size).values()) != like(q)
    for q in ASKED:
        pages.append(_best_ms(lambda q=q: client.get("/search/", {"q": q}, headers={"host": "localhost"})))
    return {
        "of": f"{size:,} documents",
        "index s": round(took, 2),
        "ms a record": round(1000 * took / size, 3),
        "MB": round(_size_mb(), 1),
        "counting ms": round(statistics.median(index), 2),
        "slowest counting ms": round(max(index), 1),
        "LIKE ms": round(statistics.median(likes), 2),
        "search ms": round(statistics.median(finds), 2),
        "slowest search ms": round(max(finds), 1),
        "page ms": round(statistics.median(pages), 1),
        "slowest page ms": round(max(pages), 1),
        "wrong": wrong,
    }


def _relevance() -> list[Figures]:
    """Hold the methods against the judged queries over the gists of the articles."""
    from bridgehead.ground.access.viewer import ANONYMOUS, as_system
    from bridgehead.ground.region import current
    from bridgehead.ground.search.region import thesaurus
    from bridgehead.ground.search.registry import Document
    from bridgehead.ground.search.scope import Standing, condition
    from bridgehead.ground.search.shelves import database_shelf
    from bridgehead.kernel.bigrams import Clause, query
    from bridgehead.regions.statute import statute_of

    articles = statute_of(current().region).articles.values()
    texts = {str(one.number): f"{one.title_zh}\n{one.gist_zh}" for one in articles}
    shelf, may = database_shelf(), condition(ANONYMOUS)
    with as_system("proof"):
        gists = ((Document(record=n, title_zh="", title_en="", text=t, page="x"), Standing()) for n, t in texts.items())
        shelf.put("gist", "public", gists)

    def by_index(clauses: tuple[Clause, ...]) -> set[str]:
        ids = [id_ for id_, _, _ in shelf.ranked(clauses, may, 1000, kind="gist")]
        return {row[2] for row in shelf.entries(ids, may)}

    widen = thesaurus(current()).widened
    methods: dict[str, Callable[[str], set[str]]] = {
        "LIKE": lambda q: {n for n, text in texts.items() if all(word in text for word in q.split())},
        "pairs": lambda q: by_index(query(q)),
        "pairs and synonyms": lambda q: by_index(widen(q)),
    }
    rows: list[Figures] = []
    for name, method in methods.items():
        precision, recall, nothing = [], [], 0
        for q, needed in JUDGED:
            right = {n for n, text in texts.items() if all(any(word in text for word in group) for group in needed)}
            found = method(q)
            nothing += not found
            precision.append(len(found & right) / len(found) if found else 0.0)
            recall.append(len(found & right) / len(right) if right else 1.0)
        rows.append(
            {
                "of": name,
                "queries": len(JUDGED),
                "precision": round(statistics.mean(precision), 3),
                "recall": round(statistics.mean(recall), 3),
                "find nothing": nothing,
            }
        )
    return rows


def measure(most: int, seed: int) -> list[Figures]:
    """Fill the index in two steps and ask it after each."""
    from proofs.platform import start_django

    start_django(os.environ["BRIDGEHEAD_DATABASE_URL"], Path(os.environ["BRIDGEHEAD_DATA"]))
    from bridgehead.ground.search.registry import Searchable, register

    for number in range(KINDS):
        title = f"things {number}"
        register(Searchable(kind=f"thing-{number}", title_zh=title, title_en=title, of_region=lambda region: ()))
    rows = _relevance()
    took, begin = 0.0, 0
    for size in (most // 5, most):
        took += _fill(begin, size, seed)
        begin = size
        _settle()
        rows.append(_asking(size, took))
    return rows


def _settle() -> None:
    """Let the database know how much there is, as it finds out by itself after a while."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


PROOF = Proof(
    name="search",
    title="a page of the search answers within 100 ms among 100,000 entries, and finds what LIKE finds",
    run=run,
    options=(Option("documents", 100_000, 1_000, "documents in the index"),),
)

if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2])), ensure_ascii=False))
