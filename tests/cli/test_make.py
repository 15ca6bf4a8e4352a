"""The Makefile: an environment is made whole or not at all, and the data folder reaches the command as it was given."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="no make on this machine")

# Stands in for the interpreter that makes the environment; `venv` either ends well or fails halfway, as Debian's does.
PYTHON = """#!/bin/sh
case "$1 $2" in
"-m venv")
    mkdir -p "$3/bin"
    cp "$0" "$3/bin/python"
    if [ -e broken ]; then echo "ensurepip is not available" >&2; exit 1; fi
    printf '#!/bin/sh\\nfor word in "$@"; do echo "<$word>"; done\\n' >"$3/bin/bridgehead"
    chmod +x "$3/bin/bridgehead"
    echo made >>log
    ;;
"-m pip")
    echo "$*" >>log
    ;;
esac
"""


@pytest.fixture
def house(tmp_path: Path) -> Path:
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    python = tmp_path / "python"
    python.write_text(PYTHON)
    python.chmod(0o755)
    return tmp_path


def _make(house: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("BRIDGEHEAD_", "MAKE", "MFLAGS", "DATA", "PORT"))}
    return subprocess.run(
        ["make", "PYTHON=./python", *arguments],
        cwd=house,
        env={**kept, **more},
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_without_venv_nothing_is_left_and_the_cure_is_told(house: Path) -> None:
    (house / "broken").touch()
    for _ in range(2):
        said = _make(house, "run")
        assert said.returncode != 0
        assert "install python3-venv, then run make again" in said.stdout
        assert not (house / ".venv").exists()
    (house / "broken").unlink()
    assert _make(house, "run").returncode == 0


def test_an_environment_half_made_is_made_again_and_a_whole_one_is_not(house: Path) -> None:
    (house / ".venv" / "bin").mkdir(parents=True)
    shutil.copy(house / "python", house / ".venv" / "bin" / "python")
    assert _make(house, "run").returncode == 0
    assert _make(house, "run").returncode == 0
    assert (house / "log").read_text().splitlines().count("made") == 1


@pytest.mark.parametrize(
    ("arguments", "environment", "folder"),
    [
        ((), {}, "data"),
        (("DATA=my folder",), {}, "my folder"),
        (('DATA=it\'s $$HOME; "x"',), {}, 'it\'s $HOME; "x"'),
        (("DATA=",), {}, "data"),
        ((), {"BRIDGEHEAD_DATA": "from the environment"}, "from the environment"),
        (("DATA=",), {"BRIDGEHEAD_DATA": "elsewhere"}, "elsewhere"),
        (("DATA=here",), {"BRIDGEHEAD_DATA": "elsewhere"}, "here"),
    ],
)
def test_the_data_folder_is_the_one_given(
    house: Path, arguments: tuple[str, ...], environment: dict[str, str], folder: str
) -> None:
    said = _make(house, "run", *arguments, **environment)
    assert said.stdout.splitlines()[-5:] == ["<run>", "<--port>", "<8000>", "<--data>", f"<{folder}>"]


def test_the_build_script_reads_no_list_through_a_pipe_that_closes_early() -> None:
    script = (ROOT / ".ci" / "run").read_text()
    assert "pipefail" in script
    assert "| grep" not in script
