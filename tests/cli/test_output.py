"""Output that cannot take the text, terminals that are narrow, command lines that do not fit, faults of the program."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from bridgehead.cli import articles
from bridgehead.ground.wording import has_han
from tests.cli.running import COMMAND, bridgehead, environment, inside

COAL = ("route", "tavan-tolgoi", "tangshan", "--commodity", "coking-coal", "--tonnes", "5000")


def _shell(command: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a line of the shell in which ``$0`` stands for the command."""
    program = f"exec '{COMMAND[0]}' -c '{COMMAND[2]}' {command}"
    return subprocess.run(
        ["sh", "-c", program], check=False, capture_output=True, text=True, timeout=120, env=environment(**more)
    )


def test_an_output_of_another_encoding_takes_every_text() -> None:
    for encoding in ("latin-1", "ascii"):
        said = _shell("article 9 --lang zh", PYTHONIOENCODING=encoding)
        assert said.returncode == 0, said.stderr
        assert "\\u7b2c 9 \\u6761" in said.stdout
        assert _shell("route a b --commodity x --tonnes 1 --lang zh", PYTHONIOENCODING=encoding).returncode == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
@pytest.mark.parametrize("command", ["coverage", "get /api/about", "--version"])
def test_a_full_output_is_one_message(command: str) -> None:
    said = _shell(f"{command} >/dev/full")
    assert said.returncode == 2
    assert "server.output_failed" in said.stderr
    assert "No space left" in said.stderr
    assert "Traceback" not in said.stderr
    assert "Exception" not in said.stderr


def test_a_closed_output_is_one_message() -> None:
    for command in ("coverage --json", "get /about/"):
        said = _shell(f"{command} >&-")
        assert said.returncode == 2
        assert "server.output_failed" in said.stderr
        assert "Traceback" not in said.stderr
    assert _shell("coverage 2>&-").returncode == 0


def test_a_fault_of_the_program_is_one_sentence_and_shown_whole_only_on_demand(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*args: object) -> None:
        raise RuntimeError("a wheel came off")

    monkeypatch.setattr(articles, "_print_sheet", fails)
    said = inside("article", "9")
    assert said.code == 1
    assert "server.internal" in said.err
    assert "a wheel came off" in said.err
    assert "bridgehead article 9" in said.err
    assert "BRIDGEHEAD_DEBUG=1" in said.err
    assert "Traceback" not in said.err
    assert has_han(inside("article", "9", "--lang", "zh").err)
    with pytest.raises(RuntimeError, match="a wheel came off"):
        inside("article", "9", BRIDGEHEAD_DEBUG="1")


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (("nothing", "--json"), None),
        (("route", "--json", "--tonnes", "x"), "tonnes"),
        (("route", "hohhot", "--json"), "B, --commodity"),
        (("article", "0", "--json"), "number"),
        (("coverage", "--json", "--lang", "ru"), "lang"),
        (("region", "check", "", "--json"), "folder"),
    ],
)
def test_a_command_line_that_does_not_fit_is_json_where_json_was_asked_for(
    arguments: tuple[str, ...], field: str | None
) -> None:
    said = inside(*arguments)
    assert said.code == 2
    error = json.loads(said.out)["error"]
    assert error["code"] == "request.invalid_field"
    assert error["place"]["field"] == field
    assert "{" not in error["message"] + error["cure"]
    assert said.err == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "--data", ""),
        ("run", "--region", ""),
        ("get", "/", "--data", " "),
        ("coverage", "--region", ""),
        ("region", "check", ""),
    ],
)
def test_a_folder_without_a_name_is_refused(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = inside(*arguments)
    assert said.code == 2
    assert "the name is empty" in " ".join(said.err.replace("│", " ").split())
    assert list(tmp_path.iterdir()) == []


def _numbers(text: str) -> list[str]:
    return re.findall(r"\d[\d,]*\.\d+", text)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_figure_is_shortened_on_a_narrow_terminal(lang: str) -> None:
    for arguments in (COAL, ("route", "--published")):
        wide = inside(*arguments, "--lang", lang, COLUMNS="300").out
        assert len(_numbers(wide)) > 10
        for columns in ("20", "40", "50", "60"):
            said = inside(*arguments, "--lang", lang, COLUMNS=columns).out
            assert "…" not in said, columns
            assert [n for n in _numbers(wide) if n not in _numbers(said)] == [], columns


def test_the_help_is_in_the_language_of_the_terminal() -> None:
    zh, en = bridgehead("--help", LANG="zh_CN.UTF-8").out, bridgehead("--help").out
    for command in ("run", "route", "article", "coverage", "get"):
        line = next(line for line in zh.splitlines() if f"│ {command} " in line)
        assert has_han(line), command
        assert f"│ {command} " in en
    assert not has_han(en)
    assert has_han(bridgehead("get", "--help", LANG="zh_CN.UTF-8").out.splitlines()[3])
