"""The validation report is kept under what it was computed from, and pages only read it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bridgehead.engines.flows.validation import Validation
from bridgehead.jobs import model_validation as job
from bridgehead.jobs.store import Store
from bridgehead.regions.load import Region, load_region

REPORT = Validation(2022, (), (), {}, {}, (1.0, 0.5), True, 1, 1e-7, {2023: 1.1}, {}, "hash")


@pytest.fixture(scope="module")
def region(second_region: Path) -> Region:
    return load_region(second_region)


def test_it_is_computed_once_and_read_by_pages(region: Region, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def validate(*args: object, **more: object) -> Validation:
        calls.append(args)
        return REPORT

    monkeypatch.setattr(job.validation, "validate", validate)
    store = Store(tmp_path)
    assert job.stored_validation(region, store) is None
    assert not calls, "a page computes nothing"
    assert job.region_validation(region, store) == REPORT
    assert job.region_validation(region, Store(tmp_path)) == REPORT
    assert job.stored_validation(region, Store(tmp_path)) == REPORT
    assert len(calls) == 1


def test_another_content_is_another_report_and_replaces_the_old(
    region: Region, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job.validation, "validate", lambda *args, **more: REPORT)
    store = Store(tmp_path)
    job.region_validation(region, store)
    other = replace(region, content_hash="0" * 64)
    assert job.stored_validation(other, store) is None
    job.region_validation(other, store)
    assert job.stored_validation(region, store) is None
    assert len(list(tmp_path.glob("validation-*.result"))) == 1


def test_a_result_of_another_form_counts_as_absent(region: Region, tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.write(job.key(region), b'{"version": 0}')
    assert job.stored_validation(region, store) is None
