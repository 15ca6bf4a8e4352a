"""The policies of a region: read with it, checked with it, and no region needs any."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bridgehead.regions.check import check_region
from bridgehead.regions.load import SHIPPED_REGION, load_region
from bridgehead.regions.policies import words_of

SECOND_REGION = Path(__file__).parents[1] / "second_region"
FILES = ("policies.yaml", "policy_facts.csv")


@pytest.fixture
def region(tmp_path: Path) -> Path:
    folder = tmp_path / "region"
    shutil.copytree(SECOND_REGION, folder)
    for name in FILES:
        shutil.copy(SHIPPED_REGION / name, folder / name)
    return folder


def faults(folder: Path) -> list[tuple[str, str | None, int | None]]:
    report = check_region(folder)
    return [(fault.code, fault.place.file, fault.place.row) for fault in report.faults]


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_shipped_policies_come_with_the_region():
    policies = load_region().policies()
    assert len(policies) == 58
    assert policies.find("cn-mn-apta").articles == (46, 48)


def test_a_region_needs_no_policies(region):
    assert len(load_region(SECOND_REGION).policies()) == 0
    assert faults(region) == []
    without = load_region(SECOND_REGION).content_hash
    assert load_region(region).content_hash != without
    (region / "policies.yaml").unlink()
    assert faults(region) == []
    assert len(load_region(region).policies()) == 0


def test_the_check_of_a_region_finds_faults_of_its_policies(region):
    change(region / "policies.yaml", "op: le", "op: lee")
    ((code, file, row),) = faults(region)
    assert (code, file) == ("policy.unknown_op", "policies.yaml")
    assert (region / "policies.yaml").read_text(encoding="utf-8").split("\n")[row - 1].strip() == "op: lee"


def test_policies_without_the_register_are_a_fault(region):
    (region / "policy_facts.csv").unlink()
    assert faults(region) == [("policy.no_facts_file", "policies.yaml", None)]


def test_a_fault_of_the_register_is_told_once(region):
    change(region / "policy_facts.csv", "assets.average_cny,money,", "assets.average_cny,monny,")
    assert faults(region) == [("policy.fact_type", "policy_facts.csv", 2)]


def test_policies_in_another_encoding_are_told(region):
    text = (region / "policies.yaml").read_text(encoding="utf-8")
    (region / "policies.yaml").write_bytes(text.encode("gb18030"))
    assert [(code, file) for code, file, _ in faults(region)] == [("table.wrong_encoding", "policies.yaml")]


def test_every_fact_and_every_option_has_words_in_both_languages():
    words = words_of(SHIPPED_REGION)
    register = load_region().policies().facts
    named = {(fact.id, option) for fact in register.facts.values() for option in ("", *fact.type.options)}
    assert named <= set(words)
    assert all(zh and en for zh, en in words.values())
    assert {fact for fact, _ in words} == set(register.facts)
    assert words_of(SECOND_REGION) == words  # a region without words of its own is read with the shipped ones
