"""The reference flows are named by what they were computed from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bridgehead.jobs import reference_flows as job
from bridgehead.jobs.store import Store
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.regions.load import Region, load_region


@pytest.fixture(scope="module")
def region() -> Region:
    return load_region(Path(__file__).parents[1] / "second_region")


def test_the_key_follows_content_engine_and_year(region: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    year = region.settings.base_year
    key = job.key(region, year)
    assert key == job.key(replace(region), year)
    assert key != job.key(region, year + 1)
    assert key != job.key(replace(region, content_hash="0" * 64), year)
    monkeypatch.setattr(job, "engine_version", lambda: "another engine")
    assert key != job.key(region, year)


def test_a_changed_engine_is_another_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    job.engine_version.cache_clear()
    before = job.engine_version()
    copy = tmp_path / "network"
    copy.mkdir()
    for file in Path(job.engines_network.__file__ or "").parent.glob("*.py"):
        (copy / file.name).write_bytes(file.read_bytes())
    job.engine_version.cache_clear()
    monkeypatch.setattr(job.engines_network, "__file__", str(copy / "__init__.py"))
    try:
        assert job.engine_version() == before, "the place does not matter"
        job.engine_version.cache_clear()
        with (copy / "costing.py").open("a", encoding="utf-8") as code:
            code.write("\n# changed\n")
        assert job.engine_version() != before
    finally:
        monkeypatch.undo()
        job.engine_version.cache_clear()


@pytest.mark.parametrize("module", ["regions_components", "kernel"])
def test_what_the_engine_is_fed_by_is_part_of_it(module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    job.engine_version.cache_clear()
    before = job.engine_version()
    source = Path(getattr(job, module).__file__ or "")
    for file in source.parent.glob("*.py"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    monkeypatch.setattr(getattr(job, module), "__file__", str(tmp_path / source.name))
    try:
        job.engine_version.cache_clear()
        assert job.engine_version() == before
        with (tmp_path / source.name).open("a", encoding="utf-8") as code:
            code.write("\n# changed\n")
        job.engine_version.cache_clear()
        assert job.engine_version() != before
    finally:
        monkeypatch.undo()
        job.engine_version.cache_clear()


def test_another_compiler_is_another_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    job.engine_version.cache_clear()
    before = job.engine_version()
    monkeypatch.setattr(job, "version", lambda name: "0.0")
    job.engine_version.cache_clear()
    try:
        assert job.engine_version() != before
    finally:
        job.engine_version.cache_clear()


def test_old_results_of_the_same_year_go(region: Region, tmp_path: Path) -> None:
    year = region.settings.base_year
    store = Store(tmp_path)
    older, other = replace(region, content_hash="0" * 64), job.key(region, year + 1)
    store.write(job.key(older, year), b"of an older content")
    store.write(other, b"of another year")
    found = job.reference_freight(region, store)
    sent = sum(path.tonnes for path in found.paths) + sum(row.tonnes for row in found.flows.unserved)
    assert sent == pytest.approx(sum(row.tonnes for row in region.network().demand))
    assert found.quality.reached
    assert job.reference_freight(region, Store(tmp_path)) == found
    left = {file.name.removesuffix(".result") for file in tmp_path.iterdir()}
    assert left == {job.key(region, year), other}


def test_what_is_read_is_what_was_computed(region: Region, tmp_path: Path) -> None:
    computed = job.reference_freight(region, Store(tmp_path))
    read = job.reference_freight(region, Store(tmp_path))
    assert read.to_json() == computed.to_json()
    assert read.flows.content_hash == computed.flows.content_hash


def test_a_result_of_another_form_under_the_same_key_is_computed_again(region: Region, tmp_path: Path) -> None:
    store = Store(tmp_path)
    key = job.key(region, region.settings.base_year)
    for payload in (b"no json", b"[]", b"{}", b"\xff"):
        store.write(key, payload)
        assert job.reference_freight(region, store).flows.content_hash
        assert store.read(key) != payload


def test_a_year_without_demand_is_refused_and_leaves_nothing(region: Region, tmp_path: Path) -> None:
    with pytest.raises(BridgeheadError):
        job.reference_freight(region, Store(tmp_path), year=1066)
    assert list(tmp_path.iterdir()) == []
