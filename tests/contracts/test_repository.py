"""The repository as a whole: what must not be in it, and what may not grow beyond its measure."""

import gettext
import io
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Files that may be longer than 400 lines, each with its reason.
LONG_FILES: dict[str, str] = {
    "src/bridgehead/rooms/ledger/migrations/0001_duties_tasks_evidence.py": "tables that name each other",
    "src/bridgehead/rooms/ledger/migrations/0002_coordination.py": "tables that name each other",
    "src/bridgehead/rooms/ledger/migrations/0004_programmes.py": "tables that name each other",
    "src/bridgehead/rooms/ledger/migrations/0005_supervision.py": "tables that name each other",
    "src/bridgehead/rooms/desk/migrations/0003_services.py": "tables that name each other",
}

TEXT = {".py", ".md", ".toml", ".html", ".css", ".csv", ".yml", ".po", ".svg", ".txt", ".json", ""}


def tracked() -> list[Path]:
    found = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if found.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in found.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.suffix in TEXT else ""


def test_no_source_file_is_longer_than_its_measure():
    long = {}
    for path in tracked():
        name = path.relative_to(ROOT).as_posix()
        if name.startswith("src/") and path.suffix == ".py":
            lines = read(path).count("\n")
            if lines > 400 and name not in LONG_FILES:
                long[name] = lines
    assert not long, f"longer than 400 lines without a reason in LONG_FILES: {long}"


def test_no_page_asks_another_machine_for_anything():
    remote = re.compile(r"""(?:src|href)\s*=\s*["'](?:https?:)?//|@import|url\(\s*["']?(?:https?:)?//""")
    found = [
        path.relative_to(ROOT).as_posix()
        for path in tracked()
        if path.is_relative_to(ROOT / "src")
        and path.suffix in {".html", ".css", ".svg", ".js"}
        and remote.search(read(path))
    ]
    assert not found


def test_no_vendored_material_is_in_the_repository():
    forbidden = {".woff", ".woff2", ".ttf", ".otf", ".shp", ".geojson", ".topojson", ".jar", ".whl", ".min.js"}
    found = [path.name for path in tracked() if path.suffix in forbidden or path.name.endswith(".min.js")]
    assert not found
    collections = re.compile(r"(^hs\d+.*|unlocode.*|admin_division|customs_office|port_foreign)\.csv$")
    assert not [path.name for path in tracked() if collections.match(path.name)]


def test_no_machine_path_is_in_the_repository():
    pattern = re.compile(r"(^|[^\w.])/(?:work|root|home/\w+)/")
    found = []
    for path in tracked():
        if path.is_relative_to(ROOT / "tests" / "contracts"):
            continue
        found += [
            f"{path.relative_to(ROOT)}:{n}" for n, line in enumerate(read(path).splitlines(), 1) if pattern.search(line)
        ]
    assert not found


def test_message_catalogues_are_compiled_from_their_sources():
    from scripts.messages import SOURCE, compile_catalogue

    sources = sorted(SOURCE.rglob("*.po"))
    assert sources
    # The words are compared, not the bytes, which differ between compilers of catalogues.
    stale = [str(po) for po in sources if words(po.with_suffix(".mo").read_bytes()) != words(compile_catalogue(po))]
    assert not stale, f"run make messages: {stale}"


def words(compiled: bytes) -> dict[str, str]:
    found = gettext.GNUTranslations(io.BytesIO(compiled))._catalog
    return {key: text for key, text in found.items() if key}


def test_every_make_target_says_what_it_does():
    makefile = read(ROOT / "Makefile")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert phony
    described = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))
    assert set(phony[1].split()) == described


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_commands_of_the_readme_are_found_where_make_puts_them(name):
    blocks = re.findall(r"^```sh\n(.*?)^```", read(ROOT / name), re.MULTILINE | re.DOTALL)
    first = [line.split()[0] for block in blocks for line in block.splitlines()]
    assert first.count("make") == 2
    assert first.count(".venv/bin/bridgehead") == 10
    assert len(first) == 12


def test_every_dependency_has_its_reason():
    import tomllib

    project = tomllib.loads(read(ROOT / "pyproject.toml"))
    groups = project["dependency-groups"].values()
    declared = [*project["project"]["dependencies"], *(name for group in groups for name in group)]
    names = {re.split(r"[\[<>=~ ]", line, maxsplit=1)[0].lower() for line in declared}
    reasons = read(ROOT / "docs" / "dependencies.md").lower()
    assert not {name for name in names if name not in reasons}


def test_no_two_schemas_of_the_interface_share_a_name():
    """The description of the interface keeps one schema a name: a second would take the place of the first."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "src").rglob("schemas/*.py")) + sorted((ROOT / "src").rglob("api*.py")):
        for name in re.findall(r"^class (\w+)\(", read(path), re.MULTILINE):
            found.setdefault(name, []).append(path.relative_to(ROOT).as_posix())
    assert {name: files for name, files in found.items() if len(files) > 1} == {}
