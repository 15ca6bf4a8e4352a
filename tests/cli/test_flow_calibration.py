"""``bridgehead flows calibrate`` and ``validate``: the shipped constants are what the command gives."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from bridgehead.cli.flow_calibration import PARAMETER_COLUMNS
from bridgehead.engines.flows.freight_flows import equilibrate
from bridgehead.jobs.model_validation import key
from bridgehead.jobs.store import Store
from bridgehead.regions.evidence import evidence_of
from bridgehead.regions.load import SHIPPED_REGION, load_region
from tests.cli.running import inside
from tests.rooms.gateway.test_validation_page import LINES, REPORT

SETTLED_USD_PER_T = 0.5
"""The reports settle a constant to about this much; another machine may stop elsewhere within it."""


def shipped() -> dict[str, float]:
    with (SHIPPED_REGION / "parameters.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["quantity"] == "choice_constant" and row["place"]]
    return {row["place"]: float(row["value"]) for row in rows}


@pytest.mark.slow
@pytest.mark.article(12)
def test_the_shipped_constants_are_what_calibrating_gives(tmp_path: Path) -> None:
    file = tmp_path / "constants.csv"
    said = inside("flows", "calibrate", "--year", "2023", "--json", "--write", str(file), "--lang", "en")
    assert said.code == 0, said.err
    found = json.loads(said.out)
    assert found["settled"]
    assert found["by_port"].keys() == shipped().keys()
    for port, value in shipped().items():
        assert found["by_port"][port] == pytest.approx(value, abs=SETTLED_USD_PER_T), port
    assert found["misfit"][1] < 0.3 < 100 < found["misfit"][0], "in tolerances, before and after"
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert tuple(rows[0]) == PARAMETER_COLUMNS
    assert {row["place"]: float(row["value"]) for row in rows} == found["by_port"]
    assert all(row["formula"] == "bridgehead flows calibrate --year 2023" for row in rows)


@pytest.mark.slow
@pytest.mark.article(11)
def test_the_shipped_model_has_the_reported_port_totals() -> None:
    region = load_region(SHIPPED_REGION)
    totals = {one.port: one.modelled_t for one in equilibrate(region.network(), 2023).flows.port_totals}
    for target in evidence_of(region).targets:
        modelled = sum(totals[port] for port in target.members) * target.part
        assert abs(modelled - target.value_t) <= 1.1 * target.tolerance_t, target.subject


@pytest.mark.article(8)
def test_validate_reads_a_stored_report_and_counts_where_the_model_is_nearer(tmp_path: Path) -> None:
    region = load_region(SHIPPED_REGION)
    Store(tmp_path / "results").write(key(region), REPORT.to_json().encode())
    said = inside("flows", "validate", "--data", str(tmp_path), "--lang", "en")
    assert said.code == 0, said.err
    assert "of 4 reports that were not used it is nearer than the guess in 2" in " ".join(said.out.split())
    assert "-0.100" not in said.out
    assert "-1.000" in said.out, "Ganqimaodu, in millions of tonnes"
    assert "-2894" in said.out, "trains"
    found = json.loads(inside("flows", "validate", "--json", "--data", str(tmp_path)).out)
    assert [one["error"] for one in found["lines"]] == [one.error for one in LINES]
    assert found["standing"] == "model"


def test_reports_of_a_year_without_demand_are_refused() -> None:
    said = inside("flows", "calibrate", "--year", "2024", "--json", "--lang", "en")
    assert said.code == 2
    assert json.loads(said.out)["error"]["code"] == "calibration.no_demand"
