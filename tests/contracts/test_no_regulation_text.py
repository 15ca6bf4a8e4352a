"""The regulation's text is not in the repository, nor any sentence or long run of it.

The text itself is read from the folder of shared material beside the checkout; without it the test is skipped.
"""

import subprocess
import unicodedata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = ROOT.parent / "shared" / "statutes" / "nmg-bridgehead-2023.txt"
LONGEST = 11
"""Letters and digits in a row that may be shared by chance: a named zone or a chapter's title is that long."""

# What cannot be said otherwise, because it is the official name of something.
OFFICIAL_NAMES = (
    "内蒙古自治区建设国家向北开放重要桥头堡促进条例",
    "建设国家向北开放重要桥头堡工作协调机构",
    "建设国家向北开放重要桥头堡",
    "中蒙二连浩特—扎门乌德经济合作区",
    "二连浩特—扎门乌德经济合作区",
    "旗县级以上人民代表大会常务委员会",
    "人民代表大会常务委员会",
)

pytestmark = pytest.mark.skipif(not TEXT.is_file(), reason="the shared statute texts are not beside this checkout")


def letters(text: str) -> str:
    """Keep letters and digits: punctuation, blanks and line ends must not hide a long run."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text)))


def without_names(text: str) -> list[str]:
    """Split a text, already reduced to letters, at the official names."""
    parts = [text]
    for name in map(letters, OFFICIAL_NAMES):
        parts = [piece for part in parts for piece in part.split(name)]
    return parts


def longest_shared_run(text: str, law: str, start: int) -> str:
    """Return the longest run of at least `start` letters that a text shares with the law, or an empty string."""
    known = {law[at : at + start] for at in range(len(law) - start + 1)}
    best = ""
    for part in without_names(letters(text)):
        for at in range(len(part) - start + 1):
            if part[at : at + start] not in known:
                continue
            end = at + start
            while end < len(part) and part[at : end + 1] in law:
                end += 1
            best = max(best, part[at:end], key=len)
    return best


def texts() -> list[tuple[str, str]]:
    """Return name and text of every file of the repository that is text, new ones included."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    found = []
    for name in filter(None, listed.stdout.decode().split("\0")):
        path = ROOT / name
        if name != "tests/contracts/test_no_regulation_text.py" and path.is_file():
            try:
                found.append((name, path.read_text(encoding="utf-8")))
            except UnicodeDecodeError:
                continue
    return found


def test_no_long_run_of_the_regulation_is_in_the_repository():
    law = letters(TEXT.read_text(encoding="utf-8"))
    assert len(law) > 5000
    shared = {name: run for name, text in texts() if (run := longest_shared_run(text, law, LONGEST + 1))}
    assert not shared


def test_the_search_for_shared_runs_finds_what_is_planted():
    law = letters(TEXT.read_text(encoding="utf-8"))
    planted = law[4000 : 4000 + LONGEST + 1]
    spread = "，".join(planted)
    assert longest_shared_run(f"前文{spread}后文", law, LONGEST + 1).startswith(planted)
    assert longest_shared_run(f"前文{spread[:-1]}后文", law, LONGEST + 1) == ""
    assert longest_shared_run(OFFICIAL_NAMES[0], law, LONGEST + 1) == ""
