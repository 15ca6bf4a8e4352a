"""The trace of the shipped region names only what exists, and calls nothing done that no test reads on the page."""

import ast
import importlib
import re
from functools import cache
from pathlib import Path

import pytest

from bridgehead.ground.pages import page_named, pages, rooms
from bridgehead.regions.load import load_region
from bridgehead.regions.statute import fingerprints_of, statute_of
from bridgehead.regions.trace import ROOM_WORDS, Status, coverage_markdown, read_trace
from bridgehead.site.api import api

ROOT = Path(__file__).resolve().parents[2]
MOST_DECLARATORY = 12
# The page of an article serves every article and is named only where nothing else does.
EVERY_ARTICLE = "statute:article"


@cache
def region():
    return load_region()


@cache
def trace():
    found, faults = read_trace(region().trace, statute_of(region()).articles)
    assert not faults
    return found


@cache
def marks_by_test(file: str) -> dict[str, frozenset[int]]:
    """Return the numbers in ``@pytest.mark.article(...)`` of every test function of a file."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    everywhere: set[int] = set()
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "pytestmark" for t in node.targets):
            everywhere |= numbers_in(node.value)
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            own = set().union(*(numbers_in(one) for one in node.decorator_list))
            found[node.name] = frozenset(own | everywhere)
    return found


def numbers_in(node: ast.AST) -> set[int]:
    return {
        argument.value
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "article"
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, int)
    }


def entries():
    return trace().articles.values()


def test_every_article_has_an_entry():
    about = region().settings.statute
    assert list(trace().articles) == list(range(1, about.articles + 1))
    assert list(statute_of(region()).articles) == list(trace().articles)


def test_few_articles_are_declaratory_and_each_names_its_clause():
    paragraphs = fingerprints_of(region())
    found = [entry for entry in entries() if entry.status == Status.DECLARATORY]
    assert len(found) <= MOST_DECLARATORY
    for entry in found:
        clause = re.fullmatch(r"art_(\d+)__para_(\d+)", entry.clause)
        assert clause, entry
        assert int(clause[1]) == entry.article
        assert 1 <= int(clause[2]) <= paragraphs[entry.article].paragraphs
        assert entry.reason
        assert not statute_of(region()).articles[entry.article].actors_zh, "it names somebody"


def test_partial_articles_name_what_is_missing_and_planned_ones_promise_no_page():
    for entry in entries():
        built = [name for name in entry.features if trace().features[name].built]
        if entry.status == Status.PARTIAL:
            assert entry.missing, entry.article
            assert len(built) < len(entry.features), f"{entry.article}: in part, but no feature is left to build"
        if entry.status in (Status.PARTIAL, Status.DONE):
            assert entry.pages, entry.article
            assert built, entry.article
        if entry.status == Status.PLANNED:
            assert not entry.pages, entry.article
            assert entry.features, entry.article
            assert not all(trace().features[name].built for name in entry.features), entry.article
        if entry.status == Status.DONE:
            assert len(built) == len(entry.features), entry.article


def test_every_article_that_asks_something_has_duties():
    for entry in entries():
        assert bool(entry.duties) == (entry.status != Status.DECLARATORY), entry.article
        for duty in entry.duties:
            assert re.fullmatch(r"[a-z][a-z-]*[a-z]", duty), duty
    every = [duty for entry in entries() for duty in entry.duties]
    assert len(every) == len(set(every))


def test_every_engine_imports():
    for name in sorted({name for entry in entries() for name in entry.engine}):
        assert name.startswith("bridgehead.engines.")
        importlib.import_module(name)


def test_every_page_is_declared():
    known = {page.name for page in pages()}
    named = {name for entry in entries() for name in entry.pages}
    named |= {name for feature in trace().features.values() for name in feature.pages}
    assert not named - known


def test_articles_and_pages_name_each_other():
    by_page = {page.name: set(page.articles) for page in pages() if page.name != EVERY_ARTICLE}
    by_trace = {name: {e.article for e in entries() if name in e.pages} for name in by_page}
    assert by_page == by_trace


def test_features_stand_on_the_pages_of_the_articles_they_serve():
    for entry in entries():
        for name in entry.features:
            feature = trace().features[name]
            if feature.built:
                assert set(feature.pages) & set(entry.pages), (entry.article, name)


def test_every_feature_is_used():
    used = {name for entry in entries() for name in entry.features}
    assert used == set(trace().features)


def test_every_operation_exists():
    known = {path.removeprefix("/api") for path in api.get_openapi_schema()["paths"]}
    assert not {path for entry in entries() for path in entry.api} - known


def test_the_operations_of_an_article_are_those_beside_its_pages():
    for entry in entries():
        beside = {page_named(name).api for name in entry.pages}
        assert set(entry.api) == beside - {""}, entry.article


def test_every_named_test_exists_and_is_marked_with_its_article():
    for entry in entries():
        for name in entry.tests:
            file, _, function = name.partition("::")
            assert (ROOT / file).is_file(), name
            assert function in marks_by_test(file), name
            assert entry.article in marks_by_test(file)[function], f"{name} lacks @pytest.mark.article({entry.article})"


def test_what_is_done_is_proven_by_a_test():
    for entry in entries():
        if entry.status == Status.DONE:
            assert entry.tests, entry.article


def test_marked_tests_are_named_in_the_trace():
    known = set(trace().articles)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        file = path.relative_to(ROOT).as_posix()
        for function, numbers in marks_by_test(file).items():
            assert numbers <= known, f"{file}::{function}"
            for number in numbers:
                assert f"{file}::{function}" in trace().articles[number].tests, f"{file}::{function} is not named there"


def test_every_document_exists():
    assert not [name for entry in entries() for name in entry.docs if not (ROOT / name).is_file()]


def test_every_room_of_the_trace_is_a_room_of_the_house():
    assert {room.name for room in rooms() if room.in_header} <= set(ROOM_WORDS)


def test_the_table_of_coverage_in_the_documentation_is_the_trace():
    written = (ROOT / "docs" / "reference" / "coverage.md").read_text(encoding="utf-8")
    assert coverage_markdown(region(), "en").strip() in written


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"article": {"1": {"room": "cellar", "status": "planned"}}}, "region.trace_value"),
        ({"article": {"1": {"room": "desk", "status": "nearly"}}}, "region.trace_value"),
        ({"article": {"1": {"room": "desk", "status": "partial"}}}, "region.trace_words"),
        ({"article": {"1": {"room": "desk", "status": "partial", "missing": {"zh": "缺"}}}}, "region.trace_words"),
        ({"article": {"1": {"room": "desk", "status": "declaratory", "clause": "c"}}}, "region.trace_words"),
        ({"article": {"1": {"room": "desk", "status": "planned", "features": ["desk:x"]}}}, "region.trace_feature"),
        ({"article": {"1": {"room": "desk", "status": "planned", "pages": "desk:x"}}}, "region.trace_value"),
        ({"article": {"1": {"room": "desk", "status": "planned", "page": []}}}, "region.trace_key"),
        ({"article": {"1": {"room": "desk", "status": "planned"}, "2": {}}}, "region.trace_article"),
        ({"article": {"x": {}}}, "region.trace_article"),
        ({"article": {}}, "region.trace_no_entry"),
        ({"article": {"1": "desk"}}, "region.trace_value"),
        ({"articles": {}}, "region.trace_key"),
        ({"feature": {"cellar:x": {"zh": "甲", "en": "a"}}}, "region.trace_value"),
        ({"feature": {"desk:x": {"zh": "甲"}}}, "region.trace_words"),
    ],
)
def test_a_wrong_trace_is_refused_with_its_reason(change, code):
    from bridgehead.kernel.errors import messages, sentence

    sound = {"article": {"1": {"room": "desk", "status": "planned"}}}
    assert read_trace(sound, [1])[1] == ()
    _, faults = read_trace({**sound, **change}, [1])
    assert code in [fault.code for fault in faults]
    for fault in faults:
        assert fault.place.file == "trace.toml"
        assert fault.code in messages("zh")
        for language in ("zh", "en"):
            said = sentence(fault, language)
            assert said.cure
            assert not re.search(r"\{[a-z_]+\}", said.message + said.cure), said
