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


def test_what_is_read_is_what_was_computed(region: Region, tmp_path: Path) -> None:
    computed = job.reference_flows(region, Store(tmp_path))
    read = job.reference_flows(region, Store(tmp_path))
    assert read.to_json() == computed.to_json()
    assert read.content_hash == computed.content_hash


def test_a_result_of_another_form_under_the_same_key_is_computed_again(region: Region, tmp_path: Path) -> None:
    store = Store(tmp_path)
    key = job.key(region, region.settings.base_year)
    for payload in (b"no json", b"[]", b"{}", b"\xff"):
        store.write(key, payload)
        assert job.reference_flows(region, store).content_hash
        assert store.read(key) != payload


def test_a_year_without_demand_is_refused_and_leaves_nothing(region: Region, tmp_path: Path) -> None:
    with pytest.raises(BridgeheadError):
        job.reference_flows(region, Store(tmp_path), year=1066)
    assert list(tmp_path.iterdir()) == []
