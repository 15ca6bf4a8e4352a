"""What the commands print, in which language, and how they end."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

import bridgehead as package
from bridgehead.cli.terminal import language_of
from bridgehead.ground.wording import has_han
from bridgehead.regions.load import SHIPPED_REGION, load_region
from tests.cli.running import COMMAND, Said, bridgehead, environment, inside

DUISBURG = ("route", "hohhot", "duisburg", "--commodity", "cre-containers", "--teu", "2", "--by", "time")


def _refused(said: Said, code: str) -> None:
    """See that a command ended with one clear message: code, sentence, cure; no traceback, exit code 2."""
    assert said.code == 2, said
    assert "Traceback" not in said.out + said.err
    assert code in said.err
    assert said.out == ""
    assert len(said.err.splitlines()) >= 3


def test_version_and_help() -> None:
    assert bridgehead("--version").out == f"bridgehead {package.__version__}\n"
    for arguments in ((), ("--help",), ("region",), ("region", "check", "--help"), ("route", "-h"), ("run", "--help")):
        said = inside(*arguments)
        assert "Usage" in said.out + said.err
        assert said.code == (0 if arguments and arguments[-1] in ("--help", "-h") else 2)


def test_usage_that_does_not_fit_ends_with_two() -> None:
    for arguments in (
        ("nothing",),
        ("run", "--port", "0"),
        ("run", "--port", "70000"),
        ("article", "zero"),
        ("route", "hohhot"),
        ("get",),
        ("coverage", "--lang", "ru"),
    ):
        said = inside(*arguments)
        assert said.code == 2, arguments
        assert "Traceback" not in said.err


@pytest.mark.parametrize(
    ("arguments", "environment", "expected"),
    [
        ((), {}, "en"),
        ((), {"LANG": "zh_CN.UTF-8"}, "zh"),
        ((), {"LANG": "en_US.UTF-8"}, "en"),
        ((), {"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ((), {"LANG": "mn_MN", "LC_MESSAGES": "zh_CN"}, "zh"),
        (("x", "--lang", "zh"), {"LANG": "en_US"}, "zh"),
        (("x", "--lang=en"), {"LANG": "zh_CN"}, "en"),
        (("x", "--lang", "xx"), {"LANG": "zh_CN"}, "zh"),
        (("x", "--lang"), {"LANG": "zh_CN"}, "zh"),
    ],
)
def test_the_language_of_the_terminal(arguments: tuple[str, ...], environment: dict[str, str], expected: str) -> None:
    assert language_of(arguments, environment) == expected


def test_the_shipped_region_is_clean() -> None:
    said = inside("region", "check", "--json")
    report = json.loads(said.out)
    assert said.code == 0
    assert report["ok"] is True
    assert report["errors"] == 0


def test_faults_of_a_region_are_a_table_and_json_and_exit_code_two(tmp_path: Path) -> None:
    broken = tmp_path / "region"
    shutil.copytree(SHIPPED_REGION, broken)
    (broken / "commodities.csv").unlink()
    links = (broken / "links.csv").read_text(encoding="utf-8").splitlines()
    links[1] = links[1].replace(links[1].split(",")[3], "-7", 1)
    (broken / "links.csv").write_text("\n".join(links) + "\n", encoding="utf-8")
    said = inside("region", "check", str(broken))
    assert said.code == 2
    assert "table.missing_file" in said.out
    assert "links.csv:2:length_km" in said.out
    answer = inside("region", "check", str(broken), "--json", "--lang", "zh")
    assert answer.code == 2
    report = json.loads(answer.out)
    assert {"table.missing_file", "table.negative_length"} <= {fault["code"] for fault in report["faults"]}
    assert all(has_han(fault["message"]) for fault in report["faults"])
    # Every other command refuses the same region with the same faults.
    _refused(bridgehead("get", "/data/", "--region", str(broken)), "table.missing_file")
    for arguments in (DUISBURG, ("coverage",), ("article", "9")):
        _refused(inside(*arguments, "--region", str(broken)), "table.missing_file")
    as_json = inside(*DUISBURG, "--json", BRIDGEHEAD_REGION=str(broken))
    assert as_json.code == 2
    assert json.loads(as_json.out)["error"]["code"]


def test_a_region_that_is_not_there_is_one_clear_message(tmp_path: Path) -> None:
    said = inside("coverage", "--region", str(tmp_path / "nowhere"), "--lang", "zh")
    assert said.code == 2
    assert has_han(said.err)
    assert "Traceback" not in said.err


def test_a_route_is_printed_leg_by_leg_and_adds_up() -> None:
    said = inside(*DUISBURG)
    assert said.code == 0
    assert "Hohhot → Duisburg" in said.out
    answer = json.loads(inside(*DUISBURG, "--json").out)
    assert answer["legs"][0]["kind"] == "load"
    assert answer["legs"][-1]["kind"] == "unload"
    assert sum(leg["hours"] for leg in answer["legs"]) == pytest.approx(answer["totals"]["hours"])
    assert answer["names"]["hohhot"]["en"] == "Hohhot"
    cheapest = json.loads(inside(*DUISBURG[:-1], "cost", "--json").out)
    assert cheapest["totals"]["usd_per_t"] <= answer["totals"]["usd_per_t"]
    assert cheapest["totals"]["hours"] >= answer["totals"]["hours"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("hohhot", "atlantis", "--commodity", "cre-containers", "--teu", "1"), "route.unknown_place"),
        (("hohhot", "hohhot", "--commodity", "cre-containers", "--teu", "1"), "route.same_place"),
        (("hohhot", "duisburg", "--commodity", "unobtainium", "--teu", "1"), "route.unknown_commodity"),
        (("hohhot", "duisburg", "--commodity", "cre-containers", "--teu", "-1"), "route.bad_consignment"),
        (("hohhot", "duisburg", "--commodity", "cre-containers"), "route.bad_consignment"),
        (("hohhot", "duisburg", "--commodity", "cre-containers", "--teu", "nan"), "route.bad_consignment"),
        (
            ("hohhot", "duisburg", "--commodity", "cre-containers", "--teu", "1", "--year", "1066"),
            "route.year_outside_data",
        ),
        (("hohhot", "duisburg", "--commodity", "cre-containers", "--teu", "1", "--by", "luck"), "route.bad_criterion"),
    ],
)
def test_an_impossible_consignment_is_one_clear_message(arguments: tuple[str, ...], code: str) -> None:
    _refused(inside("route", *arguments), code)
    answer = inside("route", *arguments, "--json", "--lang", "zh")
    assert answer.code == 2
    error = json.loads(answer.out)["error"]
    assert error["code"] == code
    assert has_han(error["message"])


def test_a_route_is_asked_for_by_name_in_either_language_and_any_case() -> None:
    asked = ("--tonnes", "5000", "--json")
    by_id = inside("route", "tavan-tolgoi", "tangshan", "--commodity", "coking-coal", *asked).out
    assert inside("route", "塔本陶勒盖", "唐山", "--commodity", "炼焦煤", *asked).out == by_id
    assert inside("route", " TAVAN  Tolgoi ", "Tangshan", "--commodity", "Coking COAL", *asked).out == by_id
    through = ("route", "tavan-tolgoi", "tangshan", "--commodity", "coking-coal", *asked, "--via")
    assert inside(*through, "满都拉").out == inside(*through, "mandula").out


def _faults(*arguments: str) -> dict[str, dict[str, object]]:
    said = inside("route", *arguments, "--json")
    assert said.code == 2, said
    return {fault["place"]["field"]: fault for fault in json.loads(said.out)["error"]["faults"]}


def test_whatever_is_wrong_with_a_route_is_told_at_once_with_what_was_meant() -> None:
    found = _faults("塔本陶勒", "zzzz", "--commodity", "炼焦", "--teu", "1e-300", "--by", "speed", "--via", "满都")
    assert set(found) == {"origin", "destination", "commodity", "teu", "by", "via"}
    for field, near in (("origin", "tavan-tolgoi"), ("commodity", "coking-coal"), ("via", "mandula")):
        assert near in str(found[field]["message"]), field
    assert found["destination"]["message"] == "There is no place “zzzz”."
    assert found["by"]["cure"] == "Choose one of: cost, time, co2e, mix."
    assert "at least 0.001" in str(found["teu"]["cure"])
    assert "100 million t or 10 million TEU" in str(found["teu"]["cure"])
    long = _faults("x" * 100_000, "tangshan", "--commodity", "coking-coal", "--tonnes", "1")["origin"]
    assert len(str(long["message"])) < 300


def test_no_amount_and_the_smallest_amount() -> None:
    asked = ("tavan-tolgoi", "tangshan", "--commodity", "coking-coal")
    assert _faults(*asked)["tonnes"]["message"] == "No amount was given."
    assert "tonnes=0.0009" in str(_faults(*asked, "--tonnes", "0.0009")["tonnes"]["message"])
    assert inside("route", *asked, "--tonnes", "0.001").code == 0


@pytest.mark.article(9)
def test_an_article_and_the_coverage() -> None:
    sheet = json.loads(inside("article", "9", "--json", "--lang", "en").out)
    assert sheet["article"] == 9
    assert not has_han(sheet["gist"])
    said = inside("article", "9", "--lang", "zh")
    assert said.code == 0
    assert "第 9 条" in said.out
    _refused(inside("article", "999"), "statute.unknown_article")
    covered = json.loads(inside("coverage", "--json").out)
    assert covered["articles"] == load_region().settings.statute.articles  # type: ignore[union-attr]
    table = inside("coverage").out
    assert len(table.splitlines()) >= covered["articles"]


@pytest.mark.parametrize(("lang", "stop"), [("zh", "；"), ("en", "; ")])
def test_the_coverage_says_what_each_partial_article_lacks(lang: str, stop: str) -> None:
    rows = json.loads(inside("coverage", "--json", "--lang", lang).out)["rows"]
    lacking = {one["article"]: one["missing"] for one in rows if one["status"] == "partial"}
    assert all(lacking.values())
    short, full = ("".join(inside("coverage", *options, "--lang", lang).out.split()) for options in ((), ("--full",)))
    assert "ledger:morning" not in short
    assert "ledger:morning" in full
    for article, missing in lacking.items():
        end = "".join(missing.rstrip("。.").split(stop)[-1].split())
        assert end[:12] in short, (article, end)
        assert "".join(missing.split())[:12] in full, article
    assert len(short) < len(full) / 2


@pytest.mark.slow
def test_get_prints_a_page_and_ends_by_its_status(tmp_path: Path) -> None:
    page = bridgehead("get", "/data/", "--lang", "en", folder=tmp_path)
    assert page.code == 0
    assert page.out.startswith("<!doctype html>")
    assert '<html lang="en">' in page.out
    assert json.loads(bridgehead("get", "/api/tables", folder=tmp_path).out)["tables"]
    assert bridgehead("get", "data", folder=tmp_path).out.startswith("<!doctype html>"), "follows to /data/"
    missing = bridgehead("get", "/nothing/", folder=tmp_path)
    assert missing.code == 2
    assert "request.not_found" in missing.out
    assert bridgehead("get", "/data/口岸/", folder=tmp_path).code == 2
    assert list(tmp_path.iterdir()) == [], "looking leaves nothing behind"


def test_every_command_takes_the_second_region(second_region: Path, tmp_path: Path) -> None:
    given = {"BRIDGEHEAD_REGION": str(second_region)}
    assert inside("region", "check", **given).code == 0
    assert inside("region", "check", str(second_region)).code == 0
    region = load_region(second_region)
    demand = region.rows("demand")[0]
    for by in ("cost", "time"):
        said = inside(
            *("route", demand.text("origin"), demand.text("destination"), "--commodity", demand.text("commodity")),
            *("--tonnes", "100", "--by", by),
            **given,
        )
        assert said.code == 0, said.err
    assert inside("route", "--published", **given).code == 0
    assert inside("coverage", **given).code == 0
    assert json.loads(inside("coverage", "--json", **given).out)["region"] == region.id
    if region.settings.statute is None:
        _refused(inside("article", "1", **given), "statute.no_such_statute")
    assert region.name_en in bridgehead("get", "/about/", "--lang", "en", folder=tmp_path, **given).out


def test_a_reader_that_goes_away_leaves_no_traceback() -> None:
    process = subprocess.Popen(
        [*COMMAND, "coverage", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(1)
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(60) in (0, 1)


def test_the_published_figures_stand_beside_ours() -> None:
    answer = json.loads(inside("route", "--published", "--json").out)
    assert answer["routes"]
    for one in answer["routes"]:
        assert one["ratio"] == pytest.approx(one["ours"] / one["published"])
        assert one["source"]
        assert one["plausible"] or one["explanation"], one["id"]
    said = inside("route", "--published")
    assert said.code == 0
    assert str(len(answer["routes"])) in said.out.splitlines()[-1]
