"""The templates as files: readable lines, and a tag that keeps their line breaks off the page."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.template import engines

import bridgehead

SOURCE = Path(bridgehead.__file__).parent
LONGEST_LINE = 120
TEMPLATES = sorted(SOURCE.rglob("templates/**/*.html"))
# Pieces of the port's page that are still written in long lines; the list may only grow shorter.
LONG = {
    f"rooms/gateway/templates/gateway/{name}.html"
    for name in (
        "clearance_table", "demand_table", "fact_list", "point_rows", "policy_table", "port_figure", "project_table",
        "says",
    )
}  # fmt: skip


def rendered(source: str, **context: object) -> str:
    return engines["django"].from_string(source).render(context)


@pytest.mark.parametrize("template", TEMPLATES, ids=[one.name for one in TEMPLATES])
def test_no_line_of_a_template_is_too_long_to_read(template: Path) -> None:
    if template.relative_to(SOURCE).as_posix() in LONG:
        pytest.skip("still in long lines")
    lines = template.read_text(encoding="utf-8").splitlines()
    assert [i for i, line in enumerate(lines, 1) if len(line) > LONGEST_LINE or "\t" in line] == []


def test_the_list_of_long_templates_names_templates() -> None:
    assert {one.relative_to(SOURCE).as_posix() for one in TEMPLATES} >= LONG


def test_tight_drops_line_breaks_and_keeps_blanks_that_are_meant() -> None:
    source = """{% tight %}
      口岸
      {% if on %}
        <b>甲</b>
      {% else %}
        乙
      {% endif %}
      &#32;two words
    {% endtight %}"""
    assert rendered(source, on=True) == "口岸<b>甲</b>&#32;two words"
    assert rendered(source, on=False) == "口岸乙&#32;two words"


def test_tight_leaves_what_a_variable_says() -> None:
    assert rendered("{% tight %}\n  {{ said }}\n{% endtight %}", said="a\n  b") == "a\n  b"
