"""Confidence words have a standing, and nothing looks better founded than it is."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from bridgehead.kernel.periods import span
from bridgehead.kernel.source import CONFIDENCE_WORDS, Figure, Qualifier, Standing, standing_of

SCHEMAS = Path(__file__).parents[2] / "src" / "bridgehead" / "regions" / "schemas"


@pytest.mark.parametrize(
    ("word", "standing"),
    [
        ("reported", Standing.REPORTED),
        ("published", Standing.REPORTED),
        ("derived", Standing.DERIVED),
        ("gazetteer", Standing.DERIVED),
        ("estimate", Standing.ESTIMATE),
        ("approximate", Standing.ESTIMATE),
        ("assumption", Standing.ESTIMATE),
        ("unverified", Standing.ESTIMATE),
        ("low", Standing.ESTIMATE),
        ("historical", Standing.ESTIMATE),
        ("", Standing.ESTIMATE),
        (None, Standing.ESTIMATE),
        ("certain", Standing.ESTIMATE),
        (" Reported ", Standing.REPORTED),
    ],
)
def test_standing_of_a_word(word: str | None, standing: Standing) -> None:
    assert standing_of(word) is standing


def test_every_word_a_schema_allows_has_a_standing() -> None:
    seen = set()
    for path in SCHEMAS.rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                name = row.get("column", "")
                if name in {"confidence", "standing"} or name.endswith("_confidence"):
                    seen |= set(row["allowed"].split("|"))
    assert seen
    assert seen <= set(CONFIDENCE_WORDS)


def test_qualifiers_are_those_of_the_tables() -> None:
    with (SCHEMAS / "port_throughput.csv").open(encoding="utf-8", newline="") as stream:
        allowed = next(row["allowed"] for row in csv.DictReader(stream) if row["column"] == "qualifier")
    assert set(allowed.split("|")) == {qualifier.value for qualifier in Qualifier}


def test_a_figure_is_exact_unless_said_otherwise() -> None:
    assert Figure(1.0, "t", Standing.REPORTED).qualifier is Qualifier.EXACT


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023-12", "2023-12-01", "2023-12-31"),
        ("2023-07-31", "2023-07-31", "2023-07-31"),
    ],
)
def test_span_of_a_partial_date(text: str, first: str, last: str) -> None:
    assert [str(day) for day in span(text)] == [first, last]


@pytest.mark.parametrize("text", ["", "2023-13", "2023-02-30", "about 2004", "2023-1-1-1"])
def test_span_of_no_date(text: str) -> None:
    with pytest.raises(ValueError):
        span(text)
