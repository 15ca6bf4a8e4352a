"""Reading statutes, and comparing two versions of one, beside plain programs that do a part of the work.

The peer of reading is the shortest program that finds articles and modal words by regular expressions, the baseline
every office can write in an hour. The peer of comparing is the standard library's difflib on the same characters.
"""

from __future__ import annotations

import difflib
import random
import re
import resource
import time

from benchmarks.models.statutes import statute
from benchmarks.registry import Figures, Subject, side_by_side
from bridgehead.engines.statute.decode import source_of
from bridgehead.engines.statute.duties import duties_of
from bridgehead.engines.statute.gazetteer import shipped as organs
from bridgehead.engines.statute.reader import read
from bridgehead.engines.statute.rules import shipped as rules
from bridgehead.engines.statute.versions import compare

_ARTICLE = re.compile(r"^第[零〇一二三四五六七八九十百]+条\s*(.*)$", re.MULTILINE)
_MODAL = re.compile(r"应当|必须|不得|禁止|可以|鼓励|支持")
REPEATS = 3
EDITED = 0.1


def reading(documents: int) -> Figures:
    """Read invented statutes of 20 KB one after the other, on one core; refuse to report when nothing was found."""
    texts = [statute(seed).encode() for seed in range(min(documents, 200))]
    language, gazetteer = rules(), organs()
    duties_of(read(source_of(texts[0], "first.txt")), language, gazetteer)
    before = _megabytes()
    structure = duties = plain = found = 0.0
    for at in range(documents):
        data = texts[at % len(texts)]
        begin = time.perf_counter()
        parsed = read(source_of(data, "text.txt"))
        middle = time.perf_counter()
        found += len(duties_of(parsed, language, gazetteer))
        end = time.perf_counter()
        _plain(data.decode())
        structure, duties, plain = structure + middle - begin, duties + end - middle, plain + time.perf_counter() - end
    if found < documents:
        raise AssertionError(f"{found} duties in {documents} statutes")
    return {
        "documents": float(documents),
        "KB each": sum(map(len, texts)) / len(texts) / 1000.0,
        "duties each": found / documents,
        "structure ms": structure / documents * 1000.0,
        "duties ms": duties / documents * 1000.0,
        "documents/s": documents / (structure + duties),
        "all s": structure + duties,
        "peak MB": _megabytes(),
        "peak / first": _megabytes() / before,
        "ours / plain": (structure + duties) / plain,
    }


def comparing(articles: int) -> Figures:
    """Compare two versions of which one article in ten was changed, beside difflib on the whole text."""
    old = statute(1, articles)
    new = _edited(old)
    both = [read(source_of(text.encode(), "text.txt")) for text in (old, new)]
    took = side_by_side(
        {
            "ours": lambda: compare(*both),
            "difflib": lambda: difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes(),
        },
        REPEATS,
    )
    return {
        "articles": float(articles),
        "changes": float(len(compare(*both).edits)),
        "ours ms": took["ours"],
        "difflib ms": took["difflib"],
        "difflib / ours": took["difflib"] / took["ours"],
    }


def _plain(text: str) -> list[tuple[str, str]]:
    return [(body, word) for body in _ARTICLE.findall(text) for word in _MODAL.findall(body)]


def _edited(text: str) -> str:
    rnd = random.Random(7)
    lines = text.split("\n")
    for at, line in enumerate(lines):
        if line.startswith("第") and "条" in line[:8] and rnd.random() < EDITED:
            lines[at] = line.replace("应当", "应当及时").replace("可以", "可以依法").replace("三年", "五年")
    return "\n".join(lines)


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0


SUBJECTS = (
    Subject("statutes", "structure and duties of statutes, one core", (100, 3000), (20,), reading),
    Subject("versions", "two versions of a statute, one article in ten changed", (50, 70), (20,), comparing),
)
