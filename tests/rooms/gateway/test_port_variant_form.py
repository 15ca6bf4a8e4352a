"""What is wrong with a variant is told at its field, once, in words of the form."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.rooms.gateway.port_runs import form

pytestmark = pytest.mark.django_db

OF_FILES = re.compile(r"lateness|\brest\b|time_unit|\bp-|\{field\}|e\+\d|mode|\[")


def _said(client: Client, port: str, name: str, value: str, language: str = "") -> str:
    """Return what the form says at a field for a value."""
    at = f"{language}/ports/{port}/model/variant/"
    answer = client.post(at, form(client, at, "save") | {"title": "x", name: value})
    assert answer.status_code == 422
    found = re.findall(rf'id="save-{name}-says">(.*?)</span>', answer.content.decode(), re.S)
    assert len(found) == 1
    return " ".join(found[0].split())


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize(
    ("port", "name", "value"),
    [
        ("wuliji", "p-hours", "25:00-26:00"),
        ("wuliji", "p-hours", "x"),
        ("wuliji", "p-hours", "00:00-00:00"),
        ("wuliji", "p-check", "-5"),
        ("wuliji", "p-lanes_in", "0"),
        ("wuliji", "p-trucks_per_day", "10000000000000"),
        ("erenhot-road", "p-gate", "1000000000000"),
        ("manzhouli-rail", "p-inspect_rate", "1.7"),
        ("manzhouli-rail", "p-lateness", "-5"),
        ("manzhouli-rail", "p-scan", "0"),
        ("wuliji", "seed", "3000000000"),
    ],
)
def test_a_fault_is_told_once_without_names_of_the_file(
    desk: Client, port: str, name: str, value: str, language: str
) -> None:
    said = _said(desk, port, name, value, language)
    assert not OF_FILES.search(said), said
    sentences = [one for one in re.split(r"(?<=[。.]) ", said) if one]
    assert len(sentences) == len(set(sentences)), said


def test_large_numbers_are_written_out(desk: Client) -> None:
    assert "2,147,483,647" in _said(desk, "wuliji", "seed", "3000000000")
    assert "1,000,000,000,000 不在 0 到 1,000,000,000 之间" in _said(desk, "wuliji", "p-check", "1000000000000")


def test_a_pool_that_is_too_small_is_called_what_the_form_calls_it(desk: Client) -> None:
    assert "“查验关员”" in _said(desk, "ganqimaodu", "p-inspectors_each", "500")
