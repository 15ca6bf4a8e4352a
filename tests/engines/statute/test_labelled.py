"""Duties against labels made by hand: the regulation, statutes the rules were written with, and unseen ones."""

from __future__ import annotations

import json
import runpy
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bridgehead.engines.statute.decode import source_of
from bridgehead.engines.statute.duties import duties_of
from bridgehead.engines.statute.exports.predictions import prediction
from bridgehead.engines.statute.gazetteer import shipped as organs
from bridgehead.engines.statute.reader import read
from bridgehead.engines.statute.rules import shipped as rules

SHARED = Path(__file__).parents[4] / "shared" / "statutes"
LABELS = Path(__file__).with_name("labels")
pytestmark = pytest.mark.skipif(not (SHARED / "score.py").is_file(), reason="the shared statutes are not there")

Measured = dict[str, Any]


@cache
def _scorer() -> dict[str, Any]:
    return runpy.run_path(str(SHARED / "score.py"))


def _predicted(doc: str) -> Measured:
    file = next(SHARED / f"{doc}{ending}" for ending in (".md", ".txt") if (SHARED / f"{doc}{ending}").is_file())
    statute = read(source_of(file.read_bytes(), file.name))
    return prediction(statute, duties_of(statute, rules(), organs()), doc)


def _measured(folder: Path) -> Measured:
    labels = {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in folder.glob("*.json")}
    labels = {doc: one for doc, one in labels.items() if "paragraphs" in one}
    measured: Measured = _scorer()["score_duties"](labels, {doc: _predicted(doc) for doc in labels})[0]
    return measured


def _f1(measured: Measured, *names: str) -> dict[str, float]:
    return {name: measured[name]["f1"] for name in names}


def test_the_regulation_of_the_region_is_read_as_it_was_labelled() -> None:
    measured = _measured(SHARED / "gold")
    assert measured["strict"]["f1"] >= 0.98, _f1(measured, "strict", "deontic", "flags")


def test_statutes_the_rules_were_written_with_are_read_well() -> None:
    measured = _measured(LABELS / "tuned")
    assert measured["strict"]["f1"] >= 0.97, _f1(measured, "strict", "deontic", "flags")
    assert measured["by_modality"]["declarative"]["f1"] >= 0.95
    assert measured["co_actors"]["f1"] >= 0.95
    assert measured["flags"]["f1"] >= 0.93


def test_unseen_statutes_are_read_no_worse_than_they_were_measured() -> None:
    """The bars for unseen statutes: strict 0.88, deontic 0.92, declarative 0.75, co-actors 0.70, flags 0.80."""
    measured = _measured(LABELS / "unseen")
    assert measured["strict"]["f1"] >= 0.9
    assert measured["deontic"]["f1"] >= 0.919
    assert measured["by_modality"]["declarative"]["f1"] >= 0.87
    assert measured["co_actors"]["f1"] >= 0.9
    assert measured["flags"]["f1"] >= 0.85
    assert min(one["f1"] for one in measured["by_doc"].values()) >= 0.85
