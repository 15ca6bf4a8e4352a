"""The languages of pages: who has four has them wholly, who has two leads on to English, and nothing is guessed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils.translation import gettext, override

from bridgehead.ground import pages
from bridgehead.ground.language import (
    LANGUAGES,
    OF_EVERY_PAGE,
    alphabetical,
    beginning,
    known,
    language_of,
    named,
    speak,
)
from bridgehead.ground.pages import Page, Room
from tests.site.reading import Reading

pytestmark = pytest.mark.django_db

FOUR = [page for page in pages.pages() if page.languages == LANGUAGES]
TWO = [page for page in pages.pages() if page.languages == OF_EVERY_PAGE]


def _words(*codes: str) -> dict[str, str]:
    return {f"{what}_{code}": "слово" for what in ("title", "description") for code in codes}


def test_the_pages_around_a_trader_have_four_languages_and_an_officers_two() -> None:
    assert {"ground:sign-in", "ground:profile", "ground:password", "ground:second-factor"} <= {p.name for p in FOUR}
    assert {"gateway:home", "statute:articles", "ledger:board", "ground:journal"} <= {page.name for page in TWO}
    assert len(FOUR) + len(TWO) == len(pages.pages())


@pytest.mark.parametrize(
    ("languages", "said"),
    [
        (("zh", "en", "ru"), ("zh", "en")),
        (("zh", "en"), ("zh", "en", "mn")),
        (("zh",), ("zh",)),
        (("zh", "en", "fr"), ("zh", "en")),
    ],
)
def test_a_page_has_words_in_its_languages_and_in_no_other(languages: tuple[str, ...], said: tuple[str, ...]) -> None:
    declared = {"title_en": "", "description_en": "", **_words(*said)}
    with pytest.raises(ValueError, match="a:one"):
        Page(name="a:one", path="x/", view="x.y", audience="public", languages=languages, **declared)  # type: ignore[arg-type]


@pytest.fixture
def one_room(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    modules: list[object] = []
    monkeypatch.setattr(pages, "_room_modules", lambda: tuple(modules))
    for cached in (pages.pages, pages.rooms, pages._operations):
        cached.cache_clear()
    yield modules
    for cached in (pages.pages, pages.rooms, pages._operations):
        cached.cache_clear()


class _Module:
    def __init__(self, room: Room, *declared: Page) -> None:
        self.ROOM, self.PAGES = room, declared


def _page(name: str, path: str, languages: tuple[str, ...], **more: object) -> Page:
    told = {"view": "x.y", "audience": "public", "nav": 1, **_words(*languages), **more}
    return Page(name=name, path=path, languages=languages, **told)  # type: ignore[arg-type]


def test_a_room_has_a_name_in_every_language_of_its_pages(one_room: list[object]) -> None:
    one_room.append(_Module(Room("a", "室", "Room", "长名", "Long name"), _page("a:one", "x/", LANGUAGES)))
    with pytest.raises(ValueError, match=r"a:one.*ru, mn"):
        pages.pages()


def test_readers_of_a_language_begin_where_there_is_a_page_in_it(one_room: list[object]) -> None:
    trade = Room("b", "贸", "Trade", "贸易", "Trade", title_ru="Торговля", title_mn="Худалдаа")
    home = _page("a:home", "", OF_EVERY_PAGE)
    one_room.append(_Module(Room("a", "室", "Room", "长名", "Long name"), home))
    assert pages.first_page("ru") == home
    pages.pages.cache_clear()
    pages.rooms.cache_clear()
    cases = _page("b:cases", "cases/", LANGUAGES, nav=2)
    one_room.append(_Module(trade, _page("b:queue", "queue/", OF_EVERY_PAGE), cases))
    assert pages.first_page("ru") == cases
    assert pages.first_page("zh") == home
    assert pages.entrance("b").name == "b:queue"
    assert pages.entrance("b", language="mn") == cases


def test_an_operation_has_the_languages_of_the_pages_it_stands_beside(one_room: list[object]) -> None:
    trade = Room("b", "贸", "Trade", "贸易", "Trade", title_ru="Торговля", title_mn="Худалдаа")
    declared = (
        _page("b:case", "case/", LANGUAGES, api="/cases/{case}"),
        _page("b:queue", "queue/", OF_EVERY_PAGE, api="/queue"),
    )
    one_room.append(_Module(trade, *declared))
    assert pages.languages_of_operation("/api/cases/17") == set(LANGUAGES)
    assert pages.languages_of_operation("/api/cases/17/more") == set(OF_EVERY_PAGE)
    assert pages.languages_of_operation("/api/queue") == set(OF_EVERY_PAGE)


@pytest.mark.parametrize("code", ["ru", "mn"])
@pytest.mark.parametrize("path", ["articles/12/?q=a%20b&q=c", "organisations/", "ports/nowhere/", "doctor/"])
def test_a_page_in_two_languages_leads_to_english_with_its_query(code: str, path: str, client: Client) -> None:
    response = client.get(f"/{code}/{path}")
    assert response.status_code == 307
    assert response["Location"] == f"/en/{path}"


def test_a_form_is_not_lost_on_the_way_to_english(client: Client) -> None:
    posted = client.post("/mn/organisations/?q=a", {"a": "b"})
    assert (posted.status_code, posted["Location"]) == (307, "/en/organisations/?q=a")


@pytest.mark.parametrize("code", ["ru", "mn"])
def test_an_address_without_a_page_is_not_found_in_the_language_of_the_address(code: str, client: Client) -> None:
    response = client.get(f"/{code}/x1/")
    assert response.status_code == 404
    assert response["Content-Language"] == code
    reading = Reading(response.content.decode())
    assert reading.lang == code
    assert not reading.faults


def test_the_switch_and_the_alternates_name_the_languages_of_the_page_only(client: Client) -> None:
    def offered(address: str) -> tuple[list[str], list[str]]:
        html = client.get(address).content.decode()
        switch = [given["hreflang"] for _, given in Reading(html).links if "hreflang" in given]
        alternates = [part.partition('"')[0] for part in html.split('<link rel="alternate" hreflang="')[1:]]
        return switch, alternates

    four = ["zh-CN", "en", "ru", "mn"]
    assert offered("/ru/sign-in/?next=%2Fru%2F") == (four, four)
    assert offered("/organisations/") == (four[:2], four[:2])


def test_the_switch_keeps_the_query(client: Client) -> None:
    html = client.get("/mn/search/?q=%D0%B1%D0%BE%D0%BE%D0%BC%D1%82").content.decode()
    assert 'href="/ru/search/?q=%D0%B1%D0%BE%D0%BE%D0%BC%D1%82"' in html


@pytest.mark.parametrize("code", ["ru", "mn"])
def test_an_operation_in_two_languages_answers_in_english(code: str, client: Client) -> None:
    told, english = client.get("/api/ports", {"lang": code}), client.get("/api/ports", {"lang": "en"})
    assert told["Content-Language"] == "en"
    assert told.json() == english.json()
    assert client.get("/api/search", {"q": "x", "lang": code})["Content-Language"] == code


@pytest.mark.parametrize("code", ["ru", "mn"])
def test_a_file_in_two_languages_is_english(code: str, client: Client) -> None:
    told, english = (client.get("/organisations.csv", {"lang": one}) for one in (code, "en"))
    assert told["Content-Language"] == "en"
    assert told.getvalue() == english.getvalue()


def test_what_is_not_translated_is_english() -> None:
    """The words of an officer's page are in the English catalogue alone."""
    with override("en"):
        english = gettext("责任清单 .docx")
    assert english != "责任清单 .docx"
    for code in ("ru", "mn"):
        with override(code):
            assert gettext("责任清单 .docx") == english


def test_words_of_a_language_fall_back_to_english_and_then_to_chinese() -> None:
    assert [speak(code, "中", "en", "ру", "мн") for code in LANGUAGES] == ["中", "en", "ру", "мн"]
    assert [speak(code, "中", "en") for code in LANGUAGES] == ["中", "en", "en", "en"]
    assert speak("mn", "中", "", "ру") == "中"
    row = {"name_zh": "满洲里", "name_en": "Manzhouli", "name_ru": "Маньчжурия", "name_mn": None}
    assert [named(row, "name", code) for code in LANGUAGES] == ["满洲里", "Manzhouli", "Маньчжурия", "Manzhouli"]
    assert named({"title_en": "only"}, "title", "zh") == "only"
    with override("ru"):
        assert named(row) == "Маньчжурия"


@pytest.mark.parametrize(
    ("given", "code"), [("ru_RU.UTF-8", "ru"), ("mn-MN", "mn"), ("en", "en"), ("zh-hans", "zh"), ("C", "zh")]
)
def test_codes_of_languages_are_known(given: str, code: str) -> None:
    assert known(given) == code


def test_the_language_of_an_address_is_its_beginning() -> None:
    assert [language_of(one) for one in ("/", "/ru", "/mn/x/", "/en/", "/run/", "/zh/")] == [
        "zh",
        "ru",
        "mn",
        "en",
        "zh",
        "zh",
    ]
    assert [beginning(code) for code in LANGUAGES] == ["/", "/en/", "/ru/", "/mn/"]


def test_letters_stand_in_the_order_of_their_alphabet() -> None:
    assert sorted(["үзүүр", "урт", "фото", "өвс", "ор", "пүүз"], key=alphabetical) == [
        *("ор", "өвс", "пүүз", "урт", "үзүүр", "фото")
    ]
    assert sorted(["жук", "ёлка", "ель"], key=alphabetical) == ["ель", "ёлка", "жук"]
