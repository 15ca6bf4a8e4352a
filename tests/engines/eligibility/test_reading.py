"""Every fault of a policies file, a register and a document: code, place and policy, all at once, and hostile files."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.engines.eligibility.documents import DEEPEST, read_document
from bridgehead.engines.eligibility.facts import FACTS_FILE, read_register
from bridgehead.engines.eligibility.reading import POLICIES_FILE, read_policies
from bridgehead.kernel.errors import BridgeheadError, fault_as_json, sentence
from bridgehead.regions.load import SHIPPED_REGION
from tests.engines.eligibility.drawn import register

FLAG, VALUE = "a.flag, op: eq, value: true", "conditions[1].any[0].value"
GOOD = """policies:
- id: good
  valid_from: '2024-01-01'
  valid_to: null
  conditions:
  - fact: b.count
    op: le
    value: 3
  - any:
    - {fact: a.flag, op: eq, value: true}
    - {fact: c.sum_cny, op: between, value: [1, 2]}
    note: one is enough
  benefit:
    kind: cash
    measure: grant
    unit: CNY
    formula: c.sum_cny * 2
    rounding: {places: 2, mode: half_up}
"""


def faults_of(text):
    return [(fault.code, fault.place.row, fault.place.field) for fault in read_policies(text, register()).faults]


def test_a_sound_file_has_no_fault():
    reading = read_policies(GOOD, register())
    assert not reading.faults
    policy = reading.sound().policies["good"]
    assert policy.line == 2
    assert [path for path, _ in policy.leaves()] == ["conditions[0]", "conditions[1].any[0]", "conditions[1].any[1]"]
    assert read_policies(json.dumps(yaml.safe_load(GOOD)), register()).sound().policies == reading.policies.policies


@pytest.mark.parametrize(
    ("old", "new", "code", "row", "field"),
    [
        ("fact: b.count", "fact: b.cuont", "unknown_fact", 6, "conditions[0].fact"),
        ("fact: b.count", "fact: 5", "unknown_fact", 6, "conditions[0].fact"),
        ("op: le", "op: less", "unknown_op", 7, "conditions[0].op"),
        ("op: le", "op: =", "unknown_op", 7, "conditions[0].op"),
        ("op: le", "op: [le]", "unknown_op", 7, "conditions[0].op"),
        ("op: eq", "op: le", "op_not_for_type", 10, "conditions[1].any[0].op"),
        ("op: eq, value: true", "op: in, value: [true]", "op_not_for_type", 10, "conditions[1].any[0].op"),
        ("value: 3", "value: 2.5", "wrong_threshold", 8, "conditions[0].value"),
        ("value: 3", "value: -1", "wrong_threshold", 8, "conditions[0].value"),
        ("value: 3", "value: '3'", "wrong_threshold", 8, "conditions[0].value"),
        ("value: 3", "value: true", "wrong_threshold", 8, "conditions[0].value"),
        ("value: 3", "value: null", "wrong_threshold", 8, "conditions[0].value"),
        ("value: 3", "value: .inf", "wrong_threshold", 8, "conditions[0].value"),
        ("value: 3", "value: .nan", "wrong_threshold", 8, "conditions[0].value"),
        ("value: 3", "value: [3]", "wrong_threshold", 8, "conditions[0].value"),
        ("value: true", "value: 'true'", "wrong_threshold", 10, VALUE),
        ("value: true", "value: 1", "wrong_threshold", 10, VALUE),
        (FLAG, "e.size, op: eq, value: huge", "wrong_threshold", 10, VALUE),
        (FLAG, "e.size, op: in, value: [big, huge]", "wrong_threshold", 10, "conditions[1].any[0].value[1]"),
        (FLAG, "f.code, op: eq, value: 9810", "wrong_threshold", 10, VALUE),
        (FLAG, "f.code, op: eq, value: ''", "wrong_threshold", 10, VALUE),
        (FLAG, "f.code, op: gt, value: x", "op_not_for_type", 10, "conditions[1].any[0].op"),
        (FLAG, "d.part, op: eq, value: 1.2", "wrong_threshold", 10, VALUE),
        (FLAG, "g.day, op: eq, value: 2024-02-30", "wrong_threshold", 10, VALUE),
        (FLAG, "f.code, op: in, value: x", "not_a_list", 10, VALUE),
        (FLAG, "f.code, op: in, value: []", "empty_list", 10, VALUE),
        (FLAG, "f.code, op: not_in, value: []", "empty_list", 10, VALUE),
        ("[1, 2]", "[2, 1]", "between_not_ordered", 11, "conditions[1].any[1].value"),
        ("[1, 2]", "[1]", "between_needs_two", 11, "conditions[1].any[1].value"),
        ("[1, 2]", "[1, 2, 3]", "between_needs_two", 11, "conditions[1].any[1].value"),
        ("[1, 2]", "1", "between_needs_two", 11, "conditions[1].any[1].value"),
        ("[1, 2]", "[1, x]", "wrong_threshold", 11, "conditions[1].any[1].value[1]"),
        ("    value: 3\n", "", "condition_lacks", 6, "conditions[0]"),
        ("    op: le\n", "", "condition_lacks", 6, "conditions[0]"),
        ("  - fact: b.count\n    op", "  - op", "condition_lacks", 6, "conditions[0]"),
        ("    value: 3\n", "    value: 3\n    unit: x\n", "unknown_key", 9, "conditions[0].unit"),
        ("note: one is enough", "all: []", "unknown_key", 10, "conditions[1].any"),
        ("    note: one is enough", "    fact: b.count", "unknown_key", 12, "conditions[1].fact"),
        ("    value: 3\n", "    value: 3\n    op: ge\n", "key_twice", 9, "conditions[0].op"),
        ("kind: cash", "kind: cahs", "unknown_kind", 14, "benefit.kind"),
        ("kind: cash", "kind: 5", "unknown_kind", 14, "benefit.kind"),
        ("    kind: cash\n", "", "unknown_kind", 14, "benefit.kind"),
        ("measure: grant", "measure: grants", "unknown_measure", 15, "benefit.measure"),
        ("mode: half_up", "mode: up_half", "unknown_mode", 18, "benefit.rounding.mode"),
        (", mode: half_up", "", "unknown_mode", 18, "benefit.rounding.mode"),
        ("places: 2", "places: -1", "wrong_places", 18, "benefit.rounding.places"),
        ("places: 2", "places: 2.0", "wrong_places", 18, "benefit.rounding.places"),
        ("places: 2", "places: true", "wrong_places", 18, "benefit.rounding.places"),
        ("    rounding: {places: 2, mode: half_up}\n", "", "formula_without_rounding", 17, "benefit.rounding"),
        ("{places: 2, mode: half_up}", "null", "formula_without_rounding", 17, "benefit.rounding"),
        ("unit: CNY", "unit: null", "formula_without_unit", 17, "benefit.unit"),
        ("formula: c.sum_cny * 2", "formula: 5000", "formula_not_text", 17, "benefit.formula"),
        ("c.sum_cny * 2", "c.sum_cny * ", "formula_ends", 17, "benefit.formula"),
        ("c.sum_cny * 2", "c.sum_cnu * 2", "formula_unknown_fact", 17, "benefit.formula"),
        ("c.sum_cny * 2", "sqrt(c.sum_cny)", "formula_unknown_name", 17, "benefit.formula"),
        ("c.sum_cny * 2", "c.sum_cny / 0", "formula_zero_division", 17, "benefit.formula"),
        ("c.sum_cny * 2", "a.flag + 1", "formula_needs_number", 17, "benefit.formula"),
        ("kind: cash", "kind: cash\n    formla: x", "unknown_key", 15, "benefit.formla"),
        ("id: good", "id: 5", "no_id", 2, "id"),
        ("id: good\n  ", "", "no_id", 2, "id"),
        ("'2024-01-01'", "'2024-1-1'", "wrong_day", 3, "valid_from"),
        ("'2024-01-01'", "2024-02-30", "wrong_day", 3, "valid_from"),
        ("'2024-01-01'", "2024-01-01 10:00:00", "wrong_day", 3, "valid_from"),
        ("'2024-01-01'", "20240101", "wrong_day", 3, "valid_from"),
        ("'2024-01-01'", "null", "no_day", 3, "valid_from"),
        ("  valid_to: null\n", "", "no_day", 2, "valid_to"),
        ("valid_to: null", "valid_to: 2023-12-31", "ends_before_it_begins", 4, "valid_to"),
        ("valid_to: null", "valid_to: never", "wrong_day", 4, "valid_to"),
        ("  valid_to: null\n", "  valid_to: null\n  sorce: x\n", "unknown_key", 5, "sorce"),
        ("  valid_to: null\n", "  valid_to: null\n  title: 5\n", "not_text", 5, "title"),
        ("  valid_to: null\n", "  valid_to: null\n  articles: [x]\n", "wrong_articles", 5, "articles"),
        ("  valid_to: null\n", "  valid_to: null\n  valid_to: null\n", "key_twice", 5, "valid_to"),
        ("policies:", "policis:", "no_list", 1, "policies"),
        ("policies:\n", "made: x\npolicies:\n- 5\n", "entry_not_a_mapping", 3, ""),
    ],
)  # fmt: skip
def test_a_fault_has_its_code_and_place(old, new, code, row, field):
    assert old in GOOD
    text = GOOD.replace(old, new, 1)
    assert (f"policy.{code}", row, field) in faults_of(text)
    for fault in read_policies(text, register(), "rules.yaml").faults:
        assert fault.place.file == "rules.yaml"
        for language in ("zh", "en"):
            said = sentence(fault, language)
            assert not re.search(r"\{[a-z_]+\}", said.message + said.cure), said


def test_a_missing_part_is_told_at_the_policy():
    for part, code in (("conditions", "no_conditions"), ("benefit", "no_benefit")):
        entry = yaml.safe_load(GOOD)["policies"][0]
        del entry[part]
        assert faults_of(yaml.safe_dump({"policies": [entry]})) == [(f"policy.{code}", 2, part)]
    for empty in ("[]", "{}", "null", "x"):
        entry = yaml.safe_load(GOOD)["policies"][0] | {"conditions": yaml.safe_load(empty)}
        (found,) = faults_of(yaml.safe_dump({"policies": [entry]}))
        assert found[0] == ("policy.empty_list" if empty == "[]" else "policy.not_a_list")
    for kind in ("all", "any"):
        entry = yaml.safe_load(GOOD)["policies"][0] | {"conditions": [{kind: []}]}
        assert faults_of(yaml.safe_dump({"policies": [entry]})) == [("policy.empty_list", 11, f"conditions[0].{kind}")]


def test_two_policies_with_one_id_are_told_with_the_first():
    again = GOOD + GOOD.removeprefix("policies:\n")
    reading = read_policies(again, register())
    (fault,) = reading.faults
    assert (fault.code, fault.place.row, fault.parameters["first"]) == ("policy.id_twice", 19, 2)


def test_all_faults_are_told_at_once_each_with_its_policy():
    bad = GOOD.replace("op: le", "op: less").replace("[1, 2]", "[2, 1]").replace("c.sum_cny * 2", "x.y + z.z")
    worse = bad.replace("id: good", "id: worse").removeprefix("policies:\n")
    faults = read_policies(bad + worse, register()).faults
    codes = ["unknown_op", "between_not_ordered", "formula_unknown_fact", "formula_unknown_fact"]
    assert [fault.code for fault in faults] == [f"policy.{code}" for code in codes * 2]
    assert [fault.parameters["policy"] for fault in faults] == ["good"] * 4 + ["worse"] * 4
    with pytest.raises(BridgeheadError) as caught:
        read_policies(bad + worse, register()).sound()
    assert caught.value.faults == faults


def test_a_policy_may_be_in_force_for_a_day_and_a_range_may_be_one_value():
    day = GOOD.replace("valid_to: null", "valid_to: '2024-01-01'").replace("[1, 2]", "[2, 2]")
    assert not faults_of(day)


def test_notes_and_keys_of_whoever_keeps_the_file_are_no_faults():
    kept = GOOD.replace("  valid_to: null\n", "  valid_to: null\n  checked_by: somebody\n  review_on: 2026-01-01\n")
    assert not faults_of(kept)
    assert not faults_of("made: x\ncount: 99\n" + kept)


def test_what_an_alias_repeats_counts_as_written_out():
    entry = yaml.safe_load(GOOD)["policies"][0]
    leaf = {"fact": "b.count", "op": "le", "value": 3}
    text = yaml.safe_dump({"policies": [entry | {"conditions": [leaf, {"any": [leaf, leaf]}]}]})
    assert "*id" in text
    assert len(list(read_policies(text, register()).sound().policies["good"].leaves())) == 3


# Documents.


@pytest.mark.parametrize(
    ("text", "code", "row"),
    [
        ("policies: [\n", "not_yaml", 2),
        ("a: b\n c: d\n", "not_yaml", 2),
        ("a: *nobody\n", "not_yaml", 1),
        ("a: &x [*x]\n", "not_yaml", 1),
        ("a: \x07", "not_yaml", None),
        ("a: 1\n---\nb: 2\n", "several_documents", 2),
        ("a: !!python/object/apply:os.system ['true']\n", "tag_not_allowed", 1),
        ("a: !!python/name:os.system x\n", "tag_not_allowed", 1),
        ("a: !!set {x, y}\n", "tag_not_allowed", 1),
        ("a: !!binary aGk=\n", "tag_not_allowed", 1),
        ("? [a, b]\n: c\n", "key_not_text", 1),
        ("[" * 500, "too_deep", 1),
        ("[" * 100_000, "not_yaml", 1),
        ("{a: " * 1000, "too_deep", 1),
        ("- " * 100_000, "too_deep", 1),
        ("a: &a [1,1,1,1,1,1,1,1,1,1]\n" + "".join(
            f"{b}: &{b} [{', '.join([f'*{a}'] * 10)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
        ), "too_many_values", 6),
        ("x0: &a0 " + "[" * 50 + "]" * 50 + "\n" + "".join(
            f"x{n}: &a{n} {'[' * 50}*a{n - 1}{']' * 50}\n" for n in range(1, 40)
        ), "too_deep", 2),
    ],
)  # fmt: skip
def test_a_document_that_cannot_be_read_is_told_at_once(text, code, row):
    begin = time.perf_counter()
    with pytest.raises(BridgeheadError) as caught:
        read_document(text, "rules.yaml")
    assert time.perf_counter() - begin < 5
    assert caught.value.code == f"eligibility.{code}"
    assert caught.value.place.file == "rules.yaml"
    assert caught.value.place.row == row


@pytest.mark.parametrize(
    ("text", "code", "row"),
    [
        ('[{"id": 1},]', "not_json", 1),
        ("- id: 1\n", "not_json", 1),
        ("[" * 200_000, "too_deep", None),
        ("[" * (DEEPEST + 2) + "]" * (DEEPEST + 2), "too_deep", None),
        ("[" + "9" * 5000 + "]", "not_json", None),
    ],
)
def test_a_json_file_is_json(text, code, row):
    with pytest.raises(BridgeheadError) as caught:
        read_document(text, "cases.JSON")
    assert (caught.value.code, caught.value.place.row) == (f"eligibility.{code}", row)


def test_levels_an_alias_repeats_count_as_written_out():
    text = f"a: &a {'[' * 30}{']' * 30}\nb: {'[' * (DEEPEST - 31)}*a{']' * (DEEPEST - 31)}\n"
    assert read_document(text, "x.yaml").levels == DEEPEST
    with pytest.raises(BridgeheadError) as caught:
        read_document(text.replace("*a", "[*a]"), "x.yaml")
    assert (caught.value.code, caught.value.place.row) == ("eligibility.too_deep", 2)


HUGE = "0x" + "f" * 5000


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("policies:\n", 'policies: !!int ""\nothers:\n', "policy.no_list"),
        ("  valid_to: null\n", f"  valid_to: null\n  articles: [{HUGE}, x]\n", "policy.wrong_articles"),
        ("  valid_to: null\n", f"  valid_to: null\n  articles: [{HUGE}]\n", "policy.wrong_articles"),
        ("  valid_to: null\n", f"  valid_to: {HUGE}\n", "policy.wrong_day"),
        ("  valid_to: null\n", f"  valid_to: [{HUGE}]\n", "policy.wrong_day"),
    ],
)
def test_numbers_nobody_can_write_out_are_told(old, new, code):
    assert old in GOOD
    (fault,) = read_policies(GOOD.replace(old, new, 1), register()).faults
    assert fault.code == code
    assert sentence(fault).message
    json.dumps(fault_as_json(fault))


@pytest.mark.parametrize(
    "written",
    ["0150000", "-010", "00.5", "27:46:40", "1:30.5", "0x1F", "0b11", "+0_1", "!!int 0150000"],
)
def test_a_number_in_no_decimal_notation_stays_a_text(written):
    text = written.removeprefix("!!int ")
    assert read_document(f"a: {written}", "cases.yaml").plain() == {"a": text}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("0", 0),
        ("-0", 0),
        ("10", 10),
        ("1_000", 1000),
        ("+7", 7),
        ("0.05", 0.05),
        (".5", 0.5),
        ("1.", 1.0),
        ("1.5e+3", 1500.0),
    ],
)
def test_decimal_notation_is_read_as_written(written, value):
    assert read_document(f"a: {written}", "cases.yaml").plain() == {"a": value}


def test_json_is_told_from_yaml_by_what_it_holds():
    as_json = '[\t{"a": 1.50, "b": "\\ud83d\\ude00", "a": 2}]'
    (node,) = read_document(as_json, "cases.yaml").items
    assert node.mapping["b"].value == "😀"
    assert node.mapping["a"].value == 1.5
    assert node.repeated == [("a", None)]
    assert read_document("[{a: 1}, yes]", "cases.yaml").plain() == [{"a": 1}, True]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=12,
)


@given(VALUES)
def test_documents_are_read_as_the_library_reads_them(value):
    text = yaml.safe_dump(value, allow_unicode=True)
    assert read_document(text, "x.yaml").plain() == yaml.safe_load(text)
    assert read_document(json.dumps(value), "x.json").plain() == value


@given(st.text(max_size=200) | st.text(alphabet="-: \n[]{}&*!?|>'\"abc123,#%", max_size=100))
def test_no_text_breaks_the_reader(text):
    reading = read_policies(text, register())
    assert reading.faults
    assert not len(reading.policies)


# The register.


@pytest.mark.parametrize(
    ("text", "code", "row", "column"),
    [
        ("fact,kind\na.b,bool\n", "facts_column", 1, "types"),
        ("", "facts_column", 1, "fact"),
        ("fact,types\nab,bool\n", "fact_name", 2, "fact"),
        ("fact,types\nA.b,bool\n", "fact_name", 2, "fact"),
        ("fact,types\n,bool\n", "fact_name", 2, "fact"),
        ("fact,types\na.b,bool\na.b,int\n", "fact_twice", 3, "fact"),
        ("fact,types\na.b,boolean\n", "fact_type", 2, "types"),
        ("fact,types\na.b,\n", "fact_type", 2, "types"),
        ("fact,types\na.b,enum()\n", "fact_type", 2, "types"),
        ("fact,types\na.b,enum(x|x)\n", "fact_type", 2, "types"),
        ("fact,types\na.b,enum(x||y)\n", "fact_type", 2, "types"),
        ("fact,types\na.b,enum\n", "fact_type", 2, "types"),
        ("fact,types\na.b\n", "fact_type", 2, "types"),
        ('fact,types\n"a.b,bool\n', "facts_unreadable", 1, None),
    ],
)
def test_a_fault_of_the_register_has_its_place(text, code, row, column):
    faults = read_register(text)[1]
    found = [(fault.code, fault.place.file, fault.place.row, fault.place.column) for fault in faults]
    assert (f"policy.{code}", FACTS_FILE, row, column) in found


def test_the_shipped_files_are_those_of_the_facts_folder():
    """The region's copies may not drift from the facts they were taken from."""
    facts = Path(__file__).resolve().parents[3].parent / "shared" / "facts" / "desk"
    if not facts.is_dir():
        pytest.skip("the facts are not beside the repository")
    for name in (POLICIES_FILE, FACTS_FILE):
        assert (SHIPPED_REGION / name).read_bytes() == (facts / name).read_bytes()
