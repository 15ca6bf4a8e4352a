"""Every declared page, at every example address, in each of its languages, in both regions."""

from __future__ import annotations

import gzip
import json
import math
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries
from pytest_django.plugin import DjangoDbBlocker

from bridgehead.ground import pages as declared
from bridgehead.ground.access.audience import known_audience
from bridgehead.ground.language import LANGUAGES, django_code, html_code, language_of
from bridgehead.ground.pages import Example, Page
from bridgehead.ground.region import current, serving
from bridgehead.site.api import api
from tests.site.admitted import RECORDS, admit, kept_records, visiting
from tests.site.reading import Reading

QUERIES = json.loads((Path(__file__).parent / "queries.json").read_text(encoding="utf-8"))
HEAVIEST_PAGE_B = 150_000
MANY, VERY_MANY = 20, 100
"""Examples from which on a page is looked at by tenths, and in the slow suite by `EVERY`."""
MOST_ALIKE = 5 if os.environ.get("CI") else math.inf
"""Addresses of one page that are followed; the pages of all ports, articles and tasks link alike."""
EVERY = 3 if os.environ.get("CI") else 1
"""Of a page with many examples every so many is looked at."""
IN_TOOLS = ("ground:search", "ground:sign-in")
"""Pages that stand at the right of the header instead of in the row of a room."""

PAGES = declared.pages()
PLAIN = [page for page in PAGES if page.needs not in RECORDS]
OF_RECORDS = [page for page in PAGES if page.needs in RECORDS]
both_languages = pytest.mark.parametrize("language", ["zh", "en"])
other_tables = pytest.mark.parametrize("language", [pytest.param("zh", marks=pytest.mark.slow), "en"])
"""English is the stricter: what is left in Chinese is a fault there."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what a class checks on each of its pages, and what asks for a tongue in each language of each page."""
    pages = metafunc.cls.pages if metafunc.cls else PAGES
    if {"page", "tongue"} <= set(metafunc.fixturenames):
        pairs = [(page, code) for page in pages for code in page.languages]
        metafunc.parametrize(("page", "tongue"), pairs, ids=[f"{page.name}-{code}" for page, code in pairs])
    elif "page" in metafunc.fixturenames:
        metafunc.parametrize("page", pages, ids=[page.name for page in pages])


@pytest.fixture
def in_the_second(second_region: Path) -> Iterator[None]:
    """Serve the small region of the tests."""
    with serving(second_region):
        yield


@pytest.fixture(scope="class")
def records(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Hold records of the ledger for all the checks of a class: each leaves them as they were."""
    with django_db_blocker.unblock(), kept_records():
        yield


@pytest.fixture(scope="class")
def records_of_the_second(
    second_region: Path, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Serve the small region, with records of its ledger."""
    with serving(second_region), django_db_blocker.unblock(), kept_records():
        yield


@cache
def _resolves(path: str) -> bool:
    with override(django_code(language_of(path))):
        try:
            resolve(path)
        except Resolver404:
            return False
    return True


@cache
def _operations() -> frozenset[str]:
    return frozenset(path.replace("path:", "") for path in api.get_openapi_schema()["paths"])


def _faults(page: Page, language: str, examples: Sequence[Example], client: Client) -> list[str]:
    """Return what is wrong with a page at its example addresses."""
    faults: list[str] = []
    visiting(client, page)
    for example in examples:
        address = page.address(language, example)
        response = client.get(address)
        if response.status_code != 200:
            faults.append(f"{address}: {response.status_code}")
            continue
        html = response.content.decode()
        reading = Reading(html)
        faults += [f"{address}: {fault}" for fault in reading.faults]
        if reading.lang != html_code(language):
            faults.append(f"{address}: lang is {reading.lang!r}")
        inside = {urlsplit(link).path for link in reading.inside}
        faults += [f"{address}: leads to {path}, which is no page" for path in inside if not _resolves(path)]
        for other in page.languages:
            there = urlsplit(page.address(other, example)).path
            if there not in inside:
                faults.append(f"{address}: no way to {there}, the same in another language")
        here = [given for _, given in reading.links if given.get("aria-current") == "page"]
        if len(here) != (page.nav is not None or page.name in IN_TOOLS):
            faults.append(f"{address}: {len(here)} pages are marked as the one where one is")
        size = len(gzip.compress(response.content, 6))
        if size > HEAVIEST_PAGE_B:
            faults.append(f"{address}: {size} bytes compressed")
        faults += [f"{address}: {hole!r} on the page" for hole in ("{{", "{%", "&lt;span") if hole in html]
    return faults


def _fail_for_faults_at_examples(page: Page, language: str, client: Client) -> None:
    visiting(client, page)
    examples = page.addresses(current().region)
    if len(examples) > MANY:  # a different tenth in each language; the slow suite asks for every one in both
        examples = examples[LANGUAGES.index(language) :: 10]
    faults = _faults(page, language, examples, client)
    assert not faults, "\n".join(faults[:40])


class Checks:
    """What holds for each page in the region that is shipped."""

    pages: Sequence[Page] = ()

    def test_it_has_something_to_show(self, page: Page, client: Client) -> None:
        visiting(client, page)
        assert page.addresses(current().region), "the shipped region has nothing to show on this page"

    def test_it_asks_the_database_no_more_than_agreed(
        self,
        page: Page,
        client: Client,
        django_assert_num_queries: DjangoAssertNumQueries,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        visiting(client, page)
        example = page.addresses(current().region)[0]
        client.get(page.address("zh", example))
        # The doctor looks at the last anchor where one was exported.
        agreed = django_assert_max_num_queries if page.name == "ground:doctor" else django_assert_num_queries
        with agreed(QUERIES.get(page.name, 0)):
            client.get(page.address("zh", example))

    def test_it_has_an_operation_beside_it_that_says_the_same_in_data(self, page: Page, client: Client) -> None:
        if page.without_api:
            assert not page.api, f"{page.name} has an operation and says why it has none"
            return
        assert page.api, f"{page.name} declares no operation, nor why there is none"
        visiting(client, page)
        assert f"/api{page.api}" in _operations(), f"{page.api} is not among {sorted(_operations())}"
        for example in page.addresses(current().region)[:3]:
            response = client.get(page.api_address(example.kwargs, example.query))
            assert response.status_code == 200, (example, response.content[:300])
            assert response.json() or response.json() == []


@pytest.mark.django_db
class TestPlainPages(Checks):
    """Pages that need no records of the ledger, in both regions."""

    pages = PLAIN

    def test_it_answers_at_its_examples(self, page: Page, tongue: str, client: Client) -> None:
        _fail_for_faults_at_examples(page, tongue, client)

    @other_tables
    @pytest.mark.usefixtures("in_the_second")
    def test_it_answers_in_the_second_region(self, page: Page, language: str, client: Client) -> None:
        _fail_for_faults_at_examples(page, language, client)


@pytest.mark.django_db
@pytest.mark.usefixtures("records")
class TestPagesOfRecords(Checks):
    """Pages that show records of the ledger or the desk."""

    pages = OF_RECORDS

    def test_it_answers_at_its_examples(self, page: Page, tongue: str, client: Client) -> None:
        _fail_for_faults_at_examples(page, tongue, client)


@pytest.mark.django_db
@pytest.mark.usefixtures("records_of_the_second")
class TestPagesOfRecordsInTheSecondRegion:
    """The same pages where there are other tables."""

    pages = OF_RECORDS

    @other_tables
    def test_it_answers_at_its_examples(self, page: Page, language: str, client: Client) -> None:
        _fail_for_faults_at_examples(page, language, client)


@pytest.mark.slow
@pytest.mark.django_db
@both_languages
def test_a_page_with_many_examples_answers_at_every_one(language: str, client: Client) -> None:
    for page in PAGES:
        examples = page.addresses(current().region)
        step = EVERY if len(examples) > VERY_MANY else 1
        faults = _faults(page, language, examples[::step] if len(examples) > MANY else (), client)
        assert not faults, "\n".join(faults[:40])


def test_a_declaration_is_complete(page: Page) -> None:
    assert page.room in {room.name for room in declared.rooms()}
    for code in page.languages:
        title, description = page.title(code), page.description(code)
        assert title.strip() == title != ""
        assert description.endswith("。" if code == "zh" else "."), "one sentence"
    assert not page.path.startswith("/")
    assert page.path == "" or page.path.endswith("/")
    assert known_audience(page.audience)


def _kind(path: str) -> str:
    """Return the pattern of an address and its language; what leads nowhere is of a kind of its own."""
    language = language_of(path)
    try:
        with override(django_code(language)):
            return f"{resolve(path).route} in {language}"
    except Resolver404:
        return path


@pytest.mark.django_db
@pytest.mark.slow
@pytest.mark.parametrize("audience", ["public", "member.manage"])
def test_every_link_of_every_page_leads_somewhere(audience: str, client: Client) -> None:
    admit(client, audience)
    asked: set[str] = set()
    alike: Counter[str] = Counter()
    waiting = {"/": "", "/en/": "", "/ru/sign-in/": "", "/mn/sign-in/": ""}
    broken = []
    while waiting:
        address, seen_on = waiting.popitem()
        path = urlsplit(address).path
        if path in asked or path.startswith("/static/"):
            continue
        asked.add(path)
        alike[_kind(path)] += 1
        if alike[_kind(path)] > MOST_ALIKE:
            continue
        response = client.get(address)
        if response.status_code >= 400 and response.status_code not in (401, 403):  # there, and not for everybody
            broken.append(f"{address} on {seen_on}: {response.status_code}")
        if response.get("Content-Type", "").startswith("text/html") and not path.startswith("/api/"):
            waiting |= dict.fromkeys(Reading(response.content.decode()).inside, address)
    assert not broken, "\n".join(broken[:40])
    assert len(asked) > 2 * len(PAGES)
