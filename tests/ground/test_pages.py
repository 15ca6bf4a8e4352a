"""Declarations, panels, the region in use, template tags."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from django.template import Context, Template
from django.utils.translation import override

from bridgehead.ground import pages, panels
from bridgehead.ground.pages import Example, Page, Room
from bridgehead.ground.region import Loaded, current, serving
from bridgehead.jobs.store import Store
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.kernel.source import Figure, Qualifier, Standing


def _page(name: str, path: str = "x/", **more: object) -> Page:
    words = {
        "title_zh": "题",
        "title_en": "Title",
        "description_zh": "说。",
        "description_en": "Says.",
        "audience": "public",
    }
    return Page(name=name, path=path, view="x.y", **{**words, **more})  # type: ignore[arg-type]


class _Module:
    def __init__(self, room: str, *declared: Page) -> None:
        self.ROOM = Room(room, "室", "Room", "长名", "Long name")
        self.PAGES = declared


@pytest.fixture
def rooms(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[_Module]]:
    modules: list[_Module] = []
    monkeypatch.setattr(pages, "_room_modules", lambda: tuple(modules))
    for cached in (pages.pages, pages.rooms, pages.downloads):
        cached.cache_clear()
    yield modules
    for cached in (pages.pages, pages.rooms, pages.downloads):
        cached.cache_clear()


def test_two_pages_cannot_share_a_name_or_a_path(rooms: list[_Module]) -> None:
    rooms.append(_Module("a", _page("a:one", "x/"), _page("a:one", "y/")))
    with pytest.raises(ValueError, match="same name: a:one"):
        pages.pages()
    rooms[:] = [_Module("a", _page("a:one", "x/")), _Module("b", _page("b:two", "x/"))]
    with pytest.raises(ValueError, match="same path: x/"):
        pages.pages()


def test_a_page_stands_in_the_room_of_its_name(rooms: list[_Module]) -> None:
    rooms.append(_Module("a", _page("b:one")))
    with pytest.raises(ValueError, match=r"b:one.*'a'"):
        pages.pages()


def test_a_room_without_pages_is_not_in_the_header(rooms: list[_Module]) -> None:
    rooms += [_Module("a"), _Module("b", _page("b:one"))]
    assert [room.name for room in pages.rooms()] == ["b"]


def test_the_row_of_a_room_follows_the_declared_places(rooms: list[_Module]) -> None:
    declared = (_page("a:z", "z/", nav=2), _page("a:y", "y/"), _page("a:x", "x/", nav=1, articles=(9, 12)))
    rooms.append(_Module("a", *declared))
    assert [page.name for page in pages.pages_in("a")] == ["a:x", "a:z"]
    assert pages.entrance("a").name == "a:x"
    assert [page.name for page in pages.pages_serving(12)] == ["a:x"]


def test_the_operation_beside_a_page_takes_over_its_values() -> None:
    page = _page("a:one", "ports/<id:port>/", api="/ports/{port}")
    assert page.api_address({"port": "a/b"}, "x=1") == "/api/ports/a%2Fb?x=1"
    assert _page("a:two").api_address({}) == ""


def test_examples_may_be_plain_mappings() -> None:
    page = _page("a:one", examples=lambda region: [{"port": "p"}, Example({"port": "q"}, "z=1")])
    assert page.addresses(current().region) == (Example({"port": "p"}), Example({"port": "q"}, "z=1"))


def test_fixed_paths_win_over_those_with_values() -> None:
    from django.urls import resolve

    assert resolve("/data/assumptions/").view_name == "gateway:assumptions"
    assert resolve("/data/statute/articles/").kwargs == {"table": "statute/articles"}


def test_panels_show_what_has_something_to_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panels, "_registered", [])
    panels.register("port", "乙", "B", lambda id: {"id": id}, "b.html", order=2)
    panels.register("port", "甲", "A", lambda id: None if id == "silent" else {"id": id}, "a.html", order=1)
    panels.register("port", "甲", "A", panels._registered[1].selector, "a.html", order=1)
    assert [one.panel.template for one in panels.panels_for("port", "x")] == ["a.html", "b.html"]
    assert [one.panel.template for one in panels.panels_for("port", "silent")] == ["b.html"]
    assert panels.panels_for("article", 9) == ()
    with pytest.raises(ValueError, match="unknown kind 'ship'"):
        panels.register("ship", "船", "Ship", lambda id: {}, "s.html")


def test_the_region_is_loaded_once() -> None:
    assert current() is current()


def test_another_region_can_be_served_for_a_while(second_region: Path) -> None:
    before = current()
    with serving(second_region) as other:
        assert current() is other
        assert current().region.id != before.region.id
    assert current() is before


def test_a_region_that_cannot_be_loaded_is_an_error_and_not_a_default(tmp_path: Path) -> None:
    before = current()
    with pytest.raises(BridgeheadError), serving(tmp_path / "nowhere"):
        pass
    assert current() is before


def test_what_is_remembered_is_computed_once() -> None:
    loaded = Loaded(current().region, Store(None))
    calls: list[int] = []
    for _ in range(3):
        assert loaded.remember("key", lambda: calls.append(1) or "value") == "value"  # type: ignore[func-returns-value]
    assert calls == [1]


def test_flows_are_computed_once_and_kept(tmp_path: Path) -> None:
    region = current().region
    steps: list[tuple[int, int]] = []
    store = Store(tmp_path)
    first = Loaded(region, store).freight_with_progress(lambda done, total: steps.append((done, total)))
    assert steps
    assert steps[-1][0] == steps[-1][1]
    assert all(a[0] <= b[0] for a, b in pairwise(steps))
    (file,) = tmp_path.iterdir()
    kept = file.read_bytes()
    count = len(steps)
    again = Loaded(region, store).freight_with_progress(lambda done, total: steps.append((done, total)))
    assert len(steps) == count, "read from the store and not computed"
    assert again.to_json() == first.to_json()
    file.write_bytes(kept[:-100])
    repaired = Loaded(region, store).freight
    assert repaired.to_json() == first.to_json()
    assert file.read_bytes() == kept


def _shown(template: str, language: str = "zh", **context: object) -> str:
    with override("en" if language == "en" else "zh-hans"):
        return Template(template).render(Context(context))


def test_a_figure_shows_sign_number_unit_and_mark() -> None:
    figure = Figure(38e6, "t", Standing.REPORTED, Qualifier.AT_LEAST, source="Daily; https://x.example/1 | Weekly")
    source = "{% load gateway %}{% amount f %} {% amount_unit f %} {% stands f %}{% source_of f %}"
    shown = _shown(source, f=figure)
    assert "≥3,800" in shown
    assert "万吨" in shown
    assert "m-reported" in shown
    assert "报告" in shown
    assert 'href="https://x.example/1" rel="noreferrer external"' in shown
    english = _shown(source, "en", f=figure)
    assert "≥38" in english
    assert "Mt" in english
    empty = Figure(None, "t", Standing.REPORTED)
    assert _shown("{% load gateway %}{% amount f %}", f=empty) == '<span class="none">未查到</span>'


def test_every_source_of_a_figure_is_named_and_linked() -> None:
    source = "One: a; https://one.example/1 | Two; https://two.example/2 | Three"
    shown = _shown("{% load gateway %}{% source_short s %}", s=source)
    assert 'href="https://one.example/1"' in shown
    assert 'href="https://two.example/2" rel="noreferrer external"' in shown
    assert "Three" in shown
    assert "另有 2 个来源" in shown
    assert "1 more source<" in _shown("{% load gateway %}{% source_short s %}", "en", s="One | Two")
    assert "<details" not in _shown("{% load gateway %}{% source_short s %}", s="One")


def test_freight_of_a_column_has_one_number_of_decimals() -> None:
    column = [38e6, 194_000.0, 0.0, 3_000.0, None, -336e4]
    zh = [_shown("{{ t|mass_in_column }}", t=t) for t in column]
    assert zh == ["3,800", "19", "0", "&lt;1", "未查到", "−336"]
    en = [_shown("{{ t|mass_in_column }}", "en", t=t) for t in column]
    assert en == ["38.00", "0.19", "0.00", "&lt;0.01", "not found", "−3.36"]


def test_text_of_the_tables_is_escaped_and_marked_as_chinese() -> None:
    sentence = "Nine in ten stay in “多开 2 条通道”: 2 h"
    marked = 'Nine in ten stay in “<span lang="zh">多开 2 条通道</span>”: 2 h'
    assert _shown("{{ x|han }}", "en", x=sentence) == f"<span>{marked}</span>"
    assert _shown("{{ x|han }}", "en", x="满洲里 <b>") == '<span lang="zh">满洲里 &lt;b&gt;</span>'
    assert _shown("{{ x|han }}", "zh", x="满洲里") == "满洲里"
    assert _shown("{% name zh en %}", "en", zh="满洲里", en="Manzhouli") == 'Manzhouli <span lang="zh">满洲里</span>'
    assert _shown("{% name zh en %}", "en", zh="满洲里", en="") == '<span lang="zh">满洲里</span>'


def test_chips_lead_to_the_articles_the_region_has(second_region: Path) -> None:
    shown = _shown("{% chips numbers %}", numbers=(9, 12, 999))
    assert shown.count('class="chip"') == 2
    assert "第 12 条" in shown
    assert 'href="/en/articles/9/"' in _shown("{% chips numbers %}", "en", numbers=(9,))
    with serving(second_region):
        if not current().region.settings.statute:
            assert _shown("{% chips numbers %}", numbers=(9,)) == ""
