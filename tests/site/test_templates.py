"""The templates as files: readable lines, and a tag that keeps their line breaks off the page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template import engines
from django.test import Client

import bridgehead

SOURCE = Path(bridgehead.__file__).parent
LONGEST_LINE = 120
TEMPLATES = sorted(SOURCE.rglob("templates/**/*.html"))


def rendered(source: str, **context: object) -> str:
    return engines["django"].from_string(source).render(context)


@pytest.mark.parametrize("template", TEMPLATES, ids=[one.name for one in TEMPLATES])
def test_no_line_of_a_template_is_too_long_to_read(template: Path) -> None:
    lines = template.read_text(encoding="utf-8").splitlines()
    assert [i for i, line in enumerate(lines, 1) if len(line) > LONGEST_LINE or "\t" in line] == []


MARKED = re.compile(r"\|(word|han|prose|join_words|join_sentences)\b|{% (name|one_name|missing|amount|standing) ")


@pytest.mark.parametrize("template", TEMPLATES, ids=[one.name for one in TEMPLATES])
def test_no_attribute_holds_what_may_be_markup(template: Path) -> None:
    attributes = re.findall(
        r'(?:aria-label|title|data-label|placeholder|alt)="((?:{[{%].*?[}%]}|[^"{])*)"', template.read_text("utf-8")
    )
    assert [one for one in attributes if MARKED.search(one)] == []


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


@pytest.mark.django_db
def test_the_coverage_names_an_article_by_its_title(client: Client) -> None:
    html = client.get("/coverage/").content.decode()
    rows = re.findall(r"<tr>.*?</tr>", html, re.S)
    shown = [re.findall(r'<a href="/articles/(\d+)/">\s*(.*?)\s*</a>', row) for row in rows]
    pairs = [found for found in shown if len(found) == 2]
    assert pairs
    for (number, title), (again, said) in pairs:
        assert (number, title) == (again, said)


@pytest.mark.django_db
def test_heads_of_the_tables_say_what_a_column_holds_and_numbers_keep_every_digit(client: Client) -> None:
    html = client.get("/data/links/").content.decode()
    assert re.search(r"运输方式<br>\s*<code>mode</code>|运输方式<br><code>mode</code>", html)
    assert re.search(r">Length<br>\s*<code>length_km</code>", client.get("/en/data/links/").content.decode())
    demand = client.get("/data/demand/?q=choibalsan").content.decode()
    assert re.search(r'class="r n">\d{2,3},000<', demand)
    assert ">2023<" in demand


@pytest.mark.django_db
def test_series_with_one_figure_share_a_table(client: Client) -> None:
    html = client.get("/ports/ganqimaodu/").content.decode()
    assert html.count("<caption>只查到一年的数字</caption>") == 1
    counts = re.findall(r'<summary>[^<]*<span class="count">(\d+)</span>', html)
    assert counts
    assert "1" not in counts
