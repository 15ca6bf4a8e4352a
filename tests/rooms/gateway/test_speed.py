"""How long the pages of the gateway take once they are warm, and how often they ask the database."""

from __future__ import annotations

import gzip
import statistics
import time

import pytest
from django.test import Client

ADDRESSES = (
    "/", "/en/", "/ports/", "/ports/ganqimaodu/", "/en/ports/erenhot-rail/", "/corridors/", "/corridors/cre-east/",
    "/places/", "/places/tangshan/", "/route/",
    "/route/?origin=tavan-tolgoi&destination=tangshan&commodity=coking-coal&tonnes=5000",
)  # fmt: skip


ENDS = ("tangshan", "baotou", "hohhot", "ulanqab", "chifeng", "tianjin", "beijing")
FIRST = {
    "route": [f"/route/?origin=tavan-tolgoi&destination={end}&commodity=coking-coal&tonnes=1234" for end in ENDS],
    "flows": [f"/flows/?sort={sort}&over={over}" for sort in ("-km", "back") for over in (7, 13, 21)],
    "ports": [f"/ports/?sort={sort}&mode={mode}" for sort in ("-model", "class", "-use") for mode in ("road", "rail")],
}
"""Questions no other test asks, so that each answer has to be worked out."""


@pytest.mark.parametrize("kind", sorted(FIRST))
def test_the_first_answer_to_a_question_is_quick(client: Client, kind: str) -> None:
    client.get(FIRST[kind][0])  # loads region, network and templates
    took = []
    for address in FIRST[kind][1:]:
        start = time.perf_counter()
        response = client.get(address)
        took.append(time.perf_counter() - start)
        assert response.status_code == 200, address
    assert statistics.median(took) < 1.0, took


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_warm_page_is_quick_and_light_and_asks_no_database(client: Client, address: str) -> None:
    # Without the mark django_db pytest-django refuses any query.
    client.get(address)
    took = []
    for _ in range(7):
        start = time.perf_counter()
        response = client.get(address)
        took.append(time.perf_counter() - start)
    assert response.status_code == 200
    # The promise is 95 of 100 below 0.1 s on two free cores; a shared machine is judged by its better half.
    assert statistics.median(took) < 0.25, took
    assert len(gzip.compress(response.content, 6)) < 60_000
