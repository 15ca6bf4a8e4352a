"""Invented sentences read as statutes, and what is expected of them."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from bridgehead.engines.statute import gazetteer, rules
from bridgehead.engines.statute.duties import duties_of
from bridgehead.engines.statute.model import Duty, Source, Statute
from bridgehead.engines.statute.reader import read

CASES = Path(__file__).parents[2] / "cases" / "statute"
FLAGS = ("budget", "reporting", "assessment")


def cases(name: str) -> list[dict[str, str]]:
    """Return the rows of a table of cases."""
    with (CASES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def statute_of(*articles: str) -> Statute:
    """Return a statute of articles; a line of an article is a paragraph or an item."""
    numbers = "一二三四五六七八九十"
    body = "\n".join(f"第{numbers[at]}条　{text}" for at, text in enumerate(articles))
    return read(Source("invented", f"某市测试条例\n\n{body}\n"))


@cache
def duties(*articles: str) -> tuple[Duty, ...]:
    """Return the duties of a statute of articles."""
    return duties_of(statute_of(*articles), rules.shipped(), gazetteer.shipped())


def told(duty: Duty) -> str:
    """Write a duty the way the tables of cases do."""
    words = [str(duty.modality), "+".join(actor.organ for actor in duty.actors) or "-"]
    if duty.open_list:
        words.append("open")
    words += [flag for flag in FLAGS if getattr(duty, flag)]
    if duty.co_actors:
        words += ["with", "+".join(actor.organ for actor in duty.co_actors)]
    return " ".join(words)
