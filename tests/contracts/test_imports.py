"""Who may import whom, read from the sources: what a list of modules cannot say for modules that are still to come."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCES = Path(__file__).resolve().parents[2] / "src"
ENGINES = {
    "flows": {"network"},
    "simulation": {"network"},
    "planning": {"network", "flows", "simulation"},
    "dossiers": {"network"},
    "matching": {"network"},
}
# A room may read those of a lower storey; desk and gateway stand side by side.
STOREYS = {"ledger": 3, "watch": 2, "desk": 1, "gateway": 1, "statute": 0}


def imported(tree: ast.Module, module: str, package: bool) -> Iterator[tuple[str, bool]]:
    """Yield the dotted name of everything imported, and whether it is for the type checker alone."""
    typing_only = {
        id(inside)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test).rpartition(".")[2] == "TYPE_CHECKING"
        for part in node.body
        for inside in ast.walk(part)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = module.split(".")
            base = base[: len(base) - node.level + package] if node.level else []
            names = [".".join([*base, *filter(None, [node.module]), alias.name]) for alias in node.names]
        else:
            continue
        for name in names:
            yield name, id(node) in typing_only


def breach(module: str, name: str, typing_only: bool) -> str:
    """Return which rule an import breaks, or an empty text."""
    here, there = module.split("."), name.split(".")
    if there[0] in ("tests", "benchmarks", "scripts", "pytest"):
        return "the package needs no tests"
    if here[1:2] == ["kernel"]:
        standard = there[0] in sys.stdlib_module_names or there[:2] == ["bridgehead", "kernel"]
        if not standard and not (typing_only and there[0] == "numpy"):
            return "the kernel needs the standard library only"
    if len(here) < 3 or there[:2] != here[:2]:
        return ""
    if here[1] == "engines" and there[2:3] != here[2:3] and not set(there[2:3]) & ENGINES.get(here[2], set()):
        return "this engine does not read that one"
    if here[1] == "rooms" and there[2:3] != here[2:3]:
        if there[3:4] != ["public"]:
            return "rooms meet through public.py"
        if STOREYS.get(there[2], 9) >= STOREYS.get(here[2], -1):
            return "rooms read lower ones only"
    return ""


def breaches(sources: Path) -> list[str]:
    """Return every import below a folder that breaks a rule, as ``module -> name: rule``."""
    found = []
    for path in sorted(sources.rglob("*.py")):
        module = ".".join(path.relative_to(sources).with_suffix("").parts)
        tree = ast.parse(path.read_text(encoding="utf-8"))
        package = module.endswith(".__init__")
        module = module.removesuffix(".__init__")
        for name, typing_only in imported(tree, module, package):
            if rule := breach(module, name, typing_only):
                found.append(f"{module} -> {name}: {rule}")
    return found


def test_the_sources_keep_to_the_rules() -> None:
    assert len(list(SOURCES.rglob("*.py"))) > 100
    assert not breaches(SOURCES)


PUBLIC, LOWER = "rooms meet through public.py", "rooms read lower ones only"
STANDARD, ENGINE = "the kernel needs the standard library only", "this engine does not read that one"
TESTS = "the package needs no tests"


@pytest.mark.parametrize(
    ("file", "line", "rule"),
    [
        ("kernel/a.py", "import scipy.sparse", STANDARD),
        ("kernel/a.py", "def f():\n    import yaml", STANDARD),
        ("kernel/a.py", "from bridgehead.engines import network", STANDARD),
        ("kernel/a.py", "from ..engines import network", STANDARD),
        ("kernel/a.py", "import numpy as np", STANDARD),
        ("kernel/a.py", "if TYPE_CHECKING:\n    import scipy", STANDARD),
        ("kernel/a.py", "if TYPE_CHECKING:\n    import numpy as np", ""),
        ("kernel/a.py", "import json, tomllib\nfrom bridgehead.kernel import errors\nfrom . import tables", ""),
        ("site/a.py", "from tests.site import reading", TESTS),
        ("engines/network/a.py", "def f():\n    import tests", TESTS),
        ("engines/network/a.py", "from bridgehead.engines.flows import paths", ENGINE),
        ("engines/network/a.py", "from .. import flows", ENGINE),
        ("engines/signals/a.py", "from bridgehead.engines.network import routes", ENGINE),
        ("engines/flows/__init__.py", "from ..network import routes", ""),
        ("engines/planning/a.py", "import bridgehead.engines.simulation.kernel", ""),
        ("rooms/gateway/a.py", "from bridgehead.rooms.statute import duties", PUBLIC),
        ("rooms/gateway/a.py", "from bridgehead.rooms import statute", PUBLIC),
        ("rooms/gateway/a.py", "from bridgehead.rooms.statute.selectors import article", PUBLIC),
        ("rooms/gateway/a.py", "from bridgehead.rooms.statute import public", ""),
        ("rooms/gateway/views/a.py", "from ..selectors import names", ""),
        ("rooms/watch/a.py", "import bridgehead.rooms.gateway.selectors.ports", PUBLIC),
        ("rooms/watch/a.py", "from bridgehead.rooms.gateway.public import port", ""),
        ("rooms/ledger/a.py", "from bridgehead.rooms.watch.public import signal", ""),
        ("rooms/statute/a.py", "from bridgehead.rooms.gateway.public import port", LOWER),
        ("rooms/desk/a.py", "from bridgehead.rooms.gateway.public import port", LOWER),
        ("rooms/gateway/a.py", "from bridgehead.rooms.desk.public import case", LOWER),
        ("rooms/watch/a.py", "from bridgehead.rooms.ledger.public import duty", LOWER),
        ("rooms/attic/a.py", "from bridgehead.rooms.statute.public import article", LOWER),
    ],
)
def test_a_planted_breach_is_found(tmp_path: Path, file: str, line: str, rule: str) -> None:
    path = tmp_path / "bridgehead" / file
    path.parent.mkdir(parents=True)
    path.write_text(line + "\n", encoding="utf-8")
    found = breaches(tmp_path)
    assert len(found) == (1 if rule else 0), found
    assert all(one.endswith(f": {rule}") for one in found)
