"""The proof that kills, in its smallest size, as a whole process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_killing_server_and_runner_loses_nothing_and_does_nothing_twice(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "proofs", "kill", "--database", "sqlite", "--smoke", "--results", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads((tmp_path / "kill-sqlite.json").read_text(encoding="utf-8"))
    assert told["holds"] is True
    assert told["rows"][0]["kills"] == 6
