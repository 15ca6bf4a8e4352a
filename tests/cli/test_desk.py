"""`bridgehead desk eligible`: cases to answers, in words and as JSON, and every fault told at once."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import yaml

from bridgehead.ground.access.viewer import as_system
from bridgehead.regions.load import SHIPPED_REGION
from bridgehead.rooms.desk.models import Case, CaseEvent
from tests.cli.running import inside
from tests.desk.cases import case_world, lodged

CASE = {
    "id": "c1",
    "policy": "cn-cit-small-low-profit",
    "as_of": "2026-03-31",
    "facts": {
        "industry.restricted_or_prohibited": False,
        "cit.taxable_income_cny": 1800000.5,
        "staff.average": 120,
        "assets.average_cny": 42000000,
    },
}


def asked(folder: Path, cases: object, *more: str, name: str = "cases.yaml"):
    path = folder / name
    text = cases if isinstance(cases, str) else json.dumps(cases) if name.endswith("json") else yaml.safe_dump(cases)
    path.write_text(text, encoding="utf-8")
    return inside("desk", "eligible", str(path), *more)


def faults(said):
    assert said.code == 2, said.out
    error = json.loads(said.out)["error"]
    return [(one["code"], one["place"]["file"], one["place"]["row"], one["place"]["field"]) for one in error["faults"]]


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    """Return a policies file of one's own, with the facts beside it."""
    folder = tmp_path / "policies"
    folder.mkdir()
    for name in ("policies.yaml", "policy_facts.csv"):
        shutil.copy(SHIPPED_REGION / name, folder / name)
    return folder / "policies.yaml"


@pytest.mark.article(76)
def test_json_is_exactly_the_list_of_answers(tmp_path, policies):
    cases = [
        CASE,
        CASE | {"id": 2, "facts": CASE["facts"] | {"staff.average": None}, "expected": "whatever"},
        CASE | {"id": "c1", "facts": CASE["facts"] | {"staff.average": 301, "assets.average_cny": None}},
        CASE | {"id": 4.5, "as_of": "2022-12-31", "facts": None},
        {"id": "z", "policy": "cn-vat-small-exempt", "as_of": "2028-01-01"},
    ]
    said = asked(tmp_path, cases, "--policies", str(policies), "--json")
    assert said.code == 0, said.err
    found = json.loads(said.out)
    keys = ["id", "verdict", "missing", "missing_for_amount", "amount_cny", "explanation"]
    assert [list(answer) for answer in found] == [keys] * 5
    assert [answer["id"] for answer in found] == ["c1", 2, "c1", 4.5, "z"]
    assert [answer["verdict"] for answer in found] == ["eligible", "unknown", "not_eligible", "not_yet", "expired"]
    assert [answer["missing"] for answer in found] == [[], ["staff.average"], [], [], []]
    assert [answer["amount_cny"] for answer in found] == ["90000.03", None, None, None, None]
    assert found[2]["explanation"][2]["margin"] == 1
    assert found[4]["explanation"][0]["date"] == "2027-12-31"
    as_json = asked(tmp_path, cases, "--policies", str(policies), "--json", name="cases.json")
    assert json.loads(as_json.out) == found


def test_the_policies_of_the_region_are_taken_by_default(tmp_path):
    said = asked(tmp_path, [CASE], "--json")
    assert json.loads(said.out)[0]["amount_cny"] == "90000.03"
    bare = asked(tmp_path, [CASE], "--json", "--region", str(Path(__file__).parents[1] / "second_region"))
    assert faults(bare)[0][:2] == ("eligibility.file_not_readable", "policies.yaml")
    assert asked(tmp_path, "[]", "--json").out.strip() == "[]"


def test_an_empty_name_of_a_file_is_told_as_such(tmp_path):
    said = asked(tmp_path, [CASE], "--json", "--policies", "")
    assert (said.code, [fault[0] for fault in faults(said)]) == (2, ["eligibility.no_file_named"])
    said = asked(tmp_path, [CASE], "--json", "--policies", str(tmp_path))
    assert [fault[0] for fault in faults(said)] == ["eligibility.file_not_readable"]


@pytest.mark.parametrize(
    ("change", "code", "row", "field"),
    [
        ({"policy": "cn-cit-small"}, "case.unknown_policy", 8, "[0].policy"),
        ({"policy": None}, "case.unknown_policy", 8, "[0].policy"),
        ({"as_of": "2026-3-31"}, "case.wrong_day", 1, "[0].as_of"),
        ({"as_of": None}, "case.no_day", 1, "[0].as_of"),
        ({"as_of": 20260331}, "case.wrong_day", 1, "[0].as_of"),
        ({"id": None}, "case.no_id", 7, "[0].id"),
        ({"id": ""}, "case.no_id", 7, "[0].id"),
        ({"id": True}, "case.no_id", 7, "[0].id"),
        ({"id": float("nan")}, "case.no_id", 7, "[0].id"),
        ({"id": float("-inf")}, "case.no_id", 7, "[0].id"),
        ({"Facts": {}}, "case.unknown_key", 1, "[0].Facts"),
        ({"facts": []}, "case.facts_not_a_mapping", 2, "[0].facts"),
        ({"facts": {"staff.averge": 120}}, "case.unknown_fact", 3, "[0].facts.staff.averge"),
        ({"facts": {"nobody.knows": None}}, "case.unknown_fact", 3, "[0].facts.nobody.knows"),
        ({"facts": {"vat.period_sales_cny": -1}}, "case.wrong_value", 3, "[0].facts.vat.period_sales_cny"),
        ({"facts": {"origin.rvc": 1.2}}, "case.wrong_value", 3, "[0].facts.origin.rvc"),
        ({"facts": {"goods.is_food": "yes"}}, "case.wrong_value", 3, "[0].facts.goods.is_food"),
        ({"facts": {"export.supervision_mode": 9810}}, "case.wrong_value", 3, "[0].facts.export.supervision_mode"),
        ({"facts": {"enterprise.size": "huge"}}, "case.wrong_value", 3, "[0].facts.enterprise.size"),
        ({"facts": {"staff.average": float("nan")}}, "case.wrong_value", 3, "[0].facts.staff.average"),
    ],
)
def test_a_wrong_case_is_told_with_its_place_and_no_list_is_printed(tmp_path, change, code, row, field):
    said = asked(tmp_path, [CASE | change], "--json")
    assert faults(said) == [(code, "cases.yaml", row, field)]
    assert not said.out.lstrip().startswith("[")


def test_a_wrong_case_is_told_though_its_verdict_is_known_by_the_date(tmp_path):
    late = CASE | {"as_of": "1990-01-01", "facts": {"goods.is_food": "yes"}}
    assert faults(asked(tmp_path, [late], "--json"))[0][0] == "case.wrong_value"


def test_every_fault_of_every_case_is_told_at_once(tmp_path, policies):
    text = policies.read_text(encoding="utf-8").replace("op: le", "op: lee", 1).replace("/ 12", "/ 0")
    policies.write_text(text, encoding="utf-8")
    cases = [CASE, 5, CASE | {"id": "x", "as_of": "then", "facts": {"staff.averge": 1}}]
    found = faults(asked(tmp_path, cases, "--json", "--policies", str(policies)))
    assert [one[0] for one in found] == [
        "policy.unknown_op",
        "policy.formula_zero_division",
        "case.not_a_mapping",
        "case.wrong_day",
        "case.unknown_fact",
    ]


def test_a_case_names_a_faulty_policy_without_being_blamed(tmp_path, policies):
    text = policies.read_text(encoding="utf-8").replace("value: 3000000", "value: many", 1)
    policies.write_text(text, encoding="utf-8")
    found = faults(asked(tmp_path, [CASE], "--json", "--policies", str(policies)))
    assert [(code, file) for code, file, _, _ in found] == [("policy.wrong_threshold", "policies.yaml")]


def test_keys_written_twice_are_faults(tmp_path):
    text = "- id: a\n  policy: cn-rcep-waiver-200\n  as_of: 2026-01-01\n  facts:\n    order.value_usd: 1\n"
    assert asked(tmp_path, text).code == 0
    twice = text + "    order.value_usd: 300\n  id: b\n"
    assert [(code, row) for code, _, row, _ in faults(asked(tmp_path, twice, "--json"))] == [
        ("case.key_twice", 7),
        ("case.key_twice", 6),
    ]


HUGE = "0x" + "f" * 5000


@pytest.mark.parametrize(
    ("id", "value", "codes"),
    [
        (".inf", "1", ["case.no_id"]),
        (".nan", "many", ["case.no_id", "case.wrong_value"]),
        ("a", "0150000", ["case.wrong_value"]),
        ("a", "27:46:40", ["case.wrong_value"]),
        ("a", HUGE, ["case.wrong_value"]),
        ("a", f"[{HUGE}]", ["case.wrong_value"]),
        ("a", f"{{b: {HUGE}}}", ["case.wrong_value"]),
        ("a", "!!int ''", ["case.wrong_value"]),
        ("a", "!!float ''", ["case.wrong_value"]),
    ],
)
def test_numbers_nobody_can_write_out_are_told(tmp_path, id, value, codes):
    text = f"- id: {id}\n  policy: cn-rcep-waiver-200\n  as_of: 2026-01-01\n  facts:\n    order.value_usd: {value}\n"
    assert [code for code, _, _, _ in faults(asked(tmp_path, text, "--json"))] == codes
    said = asked(tmp_path, text)
    assert said.code == 2
    assert "Traceback" not in said.out + said.err


def test_an_amount_too_long_to_be_written_out_is_told_with_its_case(tmp_path, policies):
    text = policies.read_text(encoding="utf-8")
    known = yaml.safe_load(text)["policies"]
    entry = next(one for one in known if one["benefit"].get("formula") and one["id"].startswith("cn-cit-small"))
    entry["benefit"]["formula"] = " * ".join(["cit.taxable_income_cny"] * 20)
    entry["conditions"] = [{"fact": "staff.average", "op": "ge", "value": 0}]
    policies.write_text(yaml.safe_dump({"policies": [entry]}), encoding="utf-8")
    case = CASE | {"policy": entry["id"], "facts": CASE["facts"] | {"cit.taxable_income_cny": 1e300}}
    said = asked(tmp_path, [case], "--json", "--policies", str(policies))
    assert [one[0] for one in faults(said)] == ["eligibility.amount_too_long"]
    assert "c1" in json.loads(said.out)["error"]["message"]


def test_facts_under_another_key_are_not_lost(tmp_path):
    facts = "\n    order.value_usd: 1\n"
    text = "- id: a\n  policy: cn-rcep-waiver-200\n  as_of: 2026-01-01\n"
    for key in ("fact", "Facts", "FACTS", "fcats"):
        said = asked(tmp_path, f"{text}  {key}:{facts}", "--json")
        assert [one[:1] + one[2:] for one in faults(said)] == [("case.unknown_key", 5, f"[0].{key}")]
        assert json.loads(said.out)["error"]["parameters"]["near"] == "facts"
    merged = f"{text}  facts: &f{facts}  base: &b {{facts: *f}}\n- <<: *b\n {text[1:]}"
    assert [(code, field) for code, _, _, field in faults(asked(tmp_path, merged, "--json"))] == [
        ("case.unknown_key", "[1].<<")
    ]
    others = "  expected: eligible\n  missing: []\n  amount_cny: null\n  policy_zh: x\n  note: y\n"
    assert asked(tmp_path, f"{text}  facts:{facts}{others}").code == 0


def test_what_is_no_list_of_cases_is_told(tmp_path):
    for text in ("", "id: a\n", "cases"):
        assert faults(asked(tmp_path, text, "--json"))[0][:2] == ("case.no_list", "cases.yaml")
    assert faults(asked(tmp_path, "[1", "--json"))[0][0] == "eligibility.not_yaml"
    assert faults(asked(tmp_path, "[1", "--json", name="cases.json"))[0][0] == "eligibility.not_json"


def test_files_that_are_not_there_are_told(tmp_path, policies):
    said = inside("desk", "eligible", str(tmp_path / "none.yaml"), "--json", "--policies", str(tmp_path / "no.yaml"))
    assert [(code, file) for code, file, _, _ in faults(said)] == [
        ("eligibility.file_not_readable", "no.yaml"),
        ("eligibility.file_not_readable", "none.yaml"),
    ]
    sound = policies.read_text(encoding="utf-8")
    policies.write_text("", encoding="utf-8")
    assert faults(asked(tmp_path, [CASE], "--json", "--policies", str(policies)))[0][:2] == (
        "policy.no_list",
        "policies.yaml",
    )
    policies.write_text(sound, encoding="utf-8")
    (policies.parent / "policy_facts.csv").unlink()
    found = faults(asked(tmp_path, [CASE], "--json", "--policies", str(policies)))
    assert found[0][:2] == ("policy.no_facts_file", "policies.yaml")
    assert len(found) == 1
    (policies.parent / "policy_facts.csv").write_text("fact,types\nstaff.average,numbr\n", encoding="utf-8")
    found = faults(asked(tmp_path, [CASE], "--json", "--policies", str(policies)))
    assert found == [("policy.fact_type", "policy_facts.csv", 2, None)]  # who names the fact is not blamed for that
    (policies.parent / "policy_facts.csv").write_bytes(b"fact,types\n\xff\xfe\xfa,bool\n")
    assert faults(asked(tmp_path, [CASE], "--json", "--policies", str(policies)))[0][1] == "policy_facts.csv"


def test_a_division_by_zero_that_is_reached_names_its_case(tmp_path):
    order = {
        "order.value_cny": 100,
        "buyer.year_total_after_order_cny": 100,
        "goods.in_cbec_positive_list": True,
        "goods.consumption_tax_rate": 1,
        "goods.vat_rate": 0.13,
    }
    case = {"id": "zero", "policy": "cn-cbec-import-within-limit", "as_of": "2026-01-01", "facts": order}
    said = asked(tmp_path, [CASE, case], "--json")
    assert faults(said) == [("eligibility.division_by_zero", "cases.yaml", 9, "[1]")]
    assert "zero" in json.loads(said.out)["error"]["message"]
    not_reached = case | {"facts": order | {"goods.in_cbec_positive_list": False}}
    assert asked(tmp_path, [not_reached]).code == 0


def test_a_value_that_is_no_money_is_told_in_the_explanation(tmp_path, policies):
    text = policies.read_text(encoding="utf-8")
    text = text.replace(
        "unit: CNY\n    formula: vat.period_sales_cny * 0.01", "unit: share\n    formula: vat.levy_rate / 2"
    )
    policies.write_text(text, encoding="utf-8")
    facts = {"vat.taxpayer_kind": "small_scale", "vat.levy_rate": 0.03}
    case = {"id": 1, "policy": "cn-vat-small-1pct", "as_of": "2026-01-01", "facts": facts}
    (answer,) = json.loads(asked(tmp_path, [case], "--json", "--policies", str(policies)).out)
    assert answer["amount_cny"] is None
    assert answer["explanation"][-1] == {"kind": "value", "unit": "share", "value": "0.02"}


def test_words_say_what_a_shop_owner_wants_to_know(tmp_path):
    short = CASE | {"facts": CASE["facts"] | {"staff.average": 301}}
    english = asked(tmp_path, [CASE, short], "--lang", "en")
    assert english.code == 0
    assert "It fits." in english.out
    assert "to be paid with it: 90,000.03 CNY" in english.out
    assert "[not met] Staff (average of the year): 301 (at most 300; 1 over)" in english.out
    assert "Staff (average of the year): 301 -> at most 300" in english.out
    chinese = asked(tmp_path, [CASE, short], "--lang", "zh")
    assert "适用后应缴: 90,000.03 元" in chinese.out
    assert "[不满足] 从业人数（全年平均）: 301 (至多300; 超出 1)" in chinese.out


def test_what_is_not_known_is_not_said_to_be_otherwise(tmp_path):
    facts = {**CASE["facts"], "staff.average": 301}
    del facts["cit.taxable_income_cny"]
    short = CASE | {"facts": facts}
    english = asked(tmp_path, [short], "--lang", "en").out
    changed, _, unknown = english.partition("and what is not known yet would have to be:\n")
    assert changed.endswith("have to be otherwise:\n    Staff (average of the year): 301 -> at most 300\n  ")
    assert "at most 3,000,000" in unknown.partition("\n")[0]
    assert "->" not in unknown
    assert "还没填的要是：" in asked(tmp_path, [short], "--lang", "zh").out


@pytest.mark.parametrize(
    ("policy", "as_of", "given", "said"),
    [
        ("cn-export-refund-cancel-2024", "2026-01-01", {"goods.in_refund_cancel_list_2024_15": True}, "bad news"),
        ("cre-subsidy-ceiling", "2019-01-01", {"train.is_china_europe": True}, "a cap and nothing one is owed"),
        ("city-rmb-settlement", "2012-01-01", {"settlement.rmb_crossborder_used": True}, "not available here"),
        ("cn-border-small-half-tax", "2026-01-01", {}, "the last day was 2008-10-31"),
        ("cn-rcep-waiver-200", "2021-01-01", {}, "the first day is 2022-01-01"),
        ("cn-rcep-waiver-200", "2026-01-01", {}, "still to be known: Value of the consignment in US dollars"),
        ("cn-cit-west-15", "2026-01-01", {"revenue.encouraged_share": 0.5999}, "59.99% (at least 60%; 0.01% short)"),
    ],
)
def test_words_do_not_mislead(tmp_path, policy, as_of, given, said):
    case = {"id": 1, "policy": policy, "as_of": as_of, "facts": given}
    assert said in asked(tmp_path, [case], "--lang", "en").out


def test_a_case_of_another_procedure_keeps_no_other_from_being_worked_out(db, tmp_path):
    there = case_world()
    odd, sound = lodged(there), lodged(there)
    with as_system("tests"):
        CaseEvent.objects.filter(case=odd).update(kind="moved", move="no_such_move", to_state="gone")
        Case.objects.filter(pk=sound.pk).update(state="drafting")
    told = json.loads(inside("desk", "restate", "--json", "--data", str(tmp_path)).out)
    assert (told["mended"], told["stuck"]) == ([sound.pk], [odd.pk])
    said = inside("desk", "restate", "--data", str(tmp_path), "--lang", "en").out
    assert f"1 cannot be worked out by the procedures of today (ids {odd.pk})" in said
