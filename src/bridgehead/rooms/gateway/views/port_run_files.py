"""Runs of port models as files: figures and queues as CSV and JSON, the report for Word, two runs compared."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import override

from bridgehead.engines.simulation.reports import Difference, are_paired, differences
from bridgehead.ground.downloads import csv_response, json_response
from bridgehead.ground.language import OF_EVERY_PAGE, django_code
from bridgehead.ground.region import Loaded, current
from bridgehead.ground.screens.attachments import attachment
from bridgehead.rooms.gateway import port_run_words as said
from bridgehead.rooms.gateway.port_run_paper import port_run_paper
from bridgehead.rooms.gateway.selectors import port_runs as selectors
from bridgehead.rooms.gateway.selectors.port_runs import Seen

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HEAD = ("figure", "of", "id", "unit", "mean", "low", "high", "interval", "standing", "replications", "seed", "key")
APART_HEAD = ("figure", "unit", "first", "second", "difference", "low", "high", "interval", "paired", "standing",
              "first_key", "second_key")  # fmt: skip
LEVEL, BAND_LEVEL = "95%", "10%-90% of replications"
"""What the ends of an interval are: where the mean lies, or where eight in ten replications do."""


def _asked(request: HttpRequest, port: str, run: str) -> tuple[Loaded, Seen, Mapping[str, Any]]:
    loaded = current()
    seen = selectors.seen(loaded, request.viewer, port, run)  # type: ignore[attr-defined]
    return loaded, seen, selectors.computed(selectors.report(loaded, seen), seen.title)


def run_csv(request: HttpRequest, port: str, run: str) -> HttpResponse:
    """Send the figures of a run as CSV with their intervals."""
    _loaded, seen, report = _asked(request, port, run)
    tail = ("model", report["run"]["replications"], report["run"]["seed"], seen.question.key)
    lines = [(*one, LEVEL, *tail) for one in _lines(report)] + [(*one, BAND_LEVEL, *tail) for one in _queues(report)]
    return csv_response(f"{port}-{run}", HEAD, lines)


def _lines(report: Mapping[str, Any]) -> Iterator[tuple[object, ...]]:
    parts = [("port", "", report["whole"])]
    parts += [("class", one["id"], one) for one in report["classes"]]
    parts += [("station", one["id"], one) for one in report["stations"]]
    parts += [("pool", one["id"], one) for one in report["pools"]]
    for of, id_, figures in parts:
        yield from _figures(of, id_, figures, "")
        for row in figures.get("time_by_activity", ()):
            yield from _figures(of, id_, row, f"{row['station']} ")


def _figures(of: str, id_: str, figures: Mapping[str, Any], before: str) -> Iterator[tuple[object, ...]]:
    for name, value in figures.items():
        if not isinstance(value, Mapping):
            continue
        if "mean" in value:
            unit = said.unit_of(name)
            yield before + name, of, id_, unit, value["mean"], value["low"], value["high"]
        else:
            yield from _figures(of, id_, {f"{name} {key}": inner for key, inner in value.items()}, before)


def _queues(report: Mapping[str, Any]) -> Iterator[tuple[object, ...]]:
    """Yield the mean queues of the charts: by hour of the day and of the week from the first day on, and by day."""
    for station, rows in report["queues"].items():
        of = "station" if station else "port"
        for figure, row in (("queue by hour of day", rows["day"]), ("queue by day", rows["year"])):
            banded = zip(row["mean"], row["low"], row["high"], strict=True) if row else ()
            for at, (mean, low, high) in enumerate(banded):
                yield f"{figure} {at}", of, station, "units", mean, low, high
        for at, mean in enumerate(rows["week"]):
            yield f"queue by hour of week {at}", of, station, "units", mean, None, None


def run_json(request: HttpRequest, port: str, run: str) -> HttpResponse:
    """Send the whole report of a run as JSON."""
    _loaded, seen, report = _asked(request, port, run)
    told_run = {"id": seen.id, "title": seen.title, "changed": dict(seen.changed), "key": seen.question.key}
    return json_response(f"{port}-{run}", {**report, "variant": told_run})


def run_docx(request: HttpRequest, port: str, run: str) -> HttpResponse:
    """Send a run as a report for Word in the language of the address."""
    loaded, seen, report = _asked(request, port, run)
    code = request.GET.get("lang", "zh")
    with override(django_code(code if code in OF_EVERY_PAGE else "zh")):
        content = port_run_paper(loaded, seen, report)
    return attachment(content, f"{port}-{run}.docx", DOCX)


def _both(request: HttpRequest, port: str) -> tuple[list[Seen], list[Mapping[str, Any]]]:
    loaded, viewer = current(), request.viewer  # type: ignore[attr-defined]
    chosen = [selectors.seen(loaded, viewer, port, request.GET.get(name, selectors.BASE)) for name in ("a", "b")]
    return chosen, [selectors.computed(selectors.report(loaded, one), one.title) for one in chosen]


def compared_csv(request: HttpRequest, port: str) -> HttpResponse:
    """Send the differences of two runs as CSV, figure by figure with their intervals."""
    chosen, (first, second) = _both(request, port)
    tail = (LEVEL, are_paired(first, second), "model", *(one.question.key for one in chosen))
    lines = [
        (one.name, said.unit_of(one.name.rpartition("/")[2]), *map(_known, _numbers(one)), *tail)
        for one in differences(first, second)
    ]
    return csv_response("-".join((port, *(one.id for one in chosen))), APART_HEAD, lines)


def compared_json(request: HttpRequest, port: str) -> HttpResponse:
    """Send the differences of two runs as JSON."""
    chosen, (first, second) = _both(request, port)
    content = {
        "runs": [{"id": one.id, "title": one.title, "key": one.question.key} for one in chosen],
        "standing": "model",
        "paired": are_paired(first, second),
        "rows": [
            {
                "name": one.name,
                "unit": said.unit_of(one.name.rpartition("/")[2]),
                **dict(zip(APART_HEAD[2:7], map(_known, _numbers(one)), strict=True)),
            }
            for one in differences(first, second)
        ],
    }
    return json_response("-".join((port, *(one.id for one in chosen))), content)


def _numbers(one: Difference) -> tuple[float, ...]:
    return one.first, one.second, one.difference.mean, one.difference.low, one.difference.high


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
