"""Russian and Mongolian count as unreviewed until a named reader has signed the words as they are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import OperationalError
from django.test import Client

from bridgehead.ground.access.grants import viewer_of
from bridgehead.ground.access.viewer import Viewer, as_system, system
from bridgehead.ground.language import REVIEWED_BY_NAME
from bridgehead.ground.models import JournalEntry, Person, TranslationSignature
from bridgehead.ground.translations import selectors, words
from bridgehead.ground.translations.selectors import translations, unreviewed
from bridgehead.ground.translations.signing import sign_translation
from bridgehead.ground.translations.words import digest_of, words_from, words_of
from bridgehead.kernel.errors import BridgeheadError
from tests.ground.world import member, organisation

pytestmark = pytest.mark.django_db

MARKS = {"ru": "перевод не проверен", "mn": "орчуулгыг хянаагүй"}


@pytest.fixture
def reader() -> Person:
    return member(organisation("translations", "department"), "reader", name="Анна Читатель")


@pytest.fixture
def more_words() -> Iterator[dict[str, str]]:
    """Hold words of a room that a test may change."""
    told = {"hello": "здравствуйте"}
    words_from("tests", lambda language: told if language == "ru" else {})
    for cached in (words_of, digest_of):
        cached.cache_clear()
    yield told
    del words._sources["tests"]
    for cached in (words_of, digest_of):
        cached.cache_clear()


def _anew() -> None:
    for cached in (words_of, digest_of):
        cached.cache_clear()


def _viewer(person: Person) -> Viewer:
    with as_system("tests"):
        return viewer_of(person)


def _page(language: str, client: Client) -> str:
    return client.get(f"/{language}/sign-in/").content.decode()


def test_the_words_are_those_of_catalogues_errors_declarations_and_roles() -> None:
    told = words_of("ru")
    assert told["message · site · 跳到正文"] == "Перейти к содержанию"
    assert told["message · ground · 文件 [form]"] == "Файл"
    assert told["error · form.missing cure"] == "Заполните его."
    assert told["page · ground:sign-in title"] == "Вход"
    assert told["roles · role officer"] == "исполнитель"
    assert told["country · MN"] == "Монголия"
    assert told["standing · model"] == "модель"
    assert not [key for key in told if "ground:journal" in key], "an officer's page has no Russian words"
    assert len(words_of("mn")) > 500
    assert digest_of("ru") != digest_of("mn")


def test_a_page_says_that_nobody_has_reviewed_its_words_until_somebody_signs(client: Client, reader: Person) -> None:
    for language, mark in MARKS.items():
        assert mark in _page(language, client)
    assert "译文未经审读" not in client.get("/sign-in/").content.decode()
    assert "not reviewed" not in client.get("/en/sign-in/").content.decode()
    sign_translation(by=_viewer(reader), language="ru", digest=digest_of("ru"))
    assert MARKS["ru"] not in _page("ru", client)
    assert MARKS["mn"] in _page("mn", client), "each language is signed by itself"


def test_the_mark_comes_back_when_the_words_change_and_the_page_says_which(
    client: Client, reader: Person, more_words: dict[str, str]
) -> None:
    sign_translation(by=_viewer(reader), language="ru", digest=digest_of("ru"))
    assert not unreviewed("ru")
    more_words |= {"hello": "добрый день", "more": "ещё"}
    _anew()
    assert unreviewed("ru")
    assert MARKS["ru"] in _page("ru", client)
    russian = translations()[0]
    assert not russian.reviewed
    assert [(one.key, one.was, one.now) for one in russian.changes] == [
        ("tests · hello", "здравствуйте", "добрый день"),
        ("tests · more", "", "ещё"),
    ]
    client.force_login(reader)
    page = client.get("/en/translations/").content.decode()
    assert "добрый день" in page
    assert "2 texts changed since the last signature" in page
    sign_translation(by=_viewer(reader), language="ru", digest=digest_of("ru"))
    assert translations()[0].changes == ()


def test_a_signature_names_reader_and_words_and_stands_in_the_journal(reader: Person) -> None:
    signed = sign_translation(by=_viewer(reader), language="mn", digest=digest_of("mn"))
    assert (signed.reader, signed.language, signed.digest) == ("Анна Читатель", "mn", digest_of("mn"))
    assert signed.words == words_of("mn")
    with as_system("tests"):
        entry = JournalEntry.objects.get(record_kind="translation", record_id=str(signed.pk))
    assert (entry.action, entry.actor_id) == ("translation.sign", reader.pk)
    assert digest_of("mn") in entry.after
    assert "words" not in entry.after, "ninety kilobytes of words are no matter for the journal"


@pytest.mark.parametrize(
    ("language", "digest", "code"),
    [
        ("fr", "", "translation.no_such_language"),
        ("en", "", "translation.no_such_language"),
        ("ru", "0" * 64, "translation.changed"),
    ],
)
def test_only_words_that_were_read_are_signed(language: str, digest: str, code: str, reader: Person) -> None:
    with pytest.raises(BridgeheadError) as refused:
        sign_translation(by=_viewer(reader), language=language, digest=digest)
    assert refused.value.code == code
    assert not TranslationSignature.objects.exists()


def test_a_reader_signs_the_same_words_once_and_nobody_without_a_name_or_the_permission(reader: Person) -> None:
    told = {"language": "ru", "digest": digest_of("ru")}
    sign_translation(by=_viewer(reader), **told)
    officer = member(organisation("elsewhere", "department"), "officer")
    for viewer, code in (
        (_viewer(reader), "translation.signed_already"),
        (_viewer(officer), "action.not_allowed"),
        (system("tests"), "action.not_signed_in"),
    ):
        with pytest.raises(BridgeheadError) as refused:
            sign_translation(by=viewer, **told)
        assert refused.value.code == code
    assert TranslationSignature.objects.count() == 1


def test_a_reader_signs_on_the_page_the_words_the_page_showed(client: Client, reader: Person) -> None:
    client.force_login(reader)
    page = client.get("/en/translations/").content.decode()
    assert "2 translations are not reviewed and signed" in page
    once = page.split('value="sign-mn"')[1].split('name="once" value="')[1].partition('"')[0]
    fields = {"form": "sign-mn", "once": once, "digest": "0" * 64}
    refused = client.post("/en/translations/", fields)
    assert refused.status_code == 422
    assert "they were not signed" in refused.content.decode()
    done = client.post("/en/translations/", {**fields, "digest": digest_of("mn")})
    assert (done.status_code, done["Location"]) == (302, "/en/translations/")
    page = client.get("/en/translations/").content.decode()
    assert "1 translation is not reviewed and signed" in page
    assert "Анна Читатель" in page


def test_the_words_to_read_are_a_file_with_the_english_beside_them(client: Client, reader: Person) -> None:
    assert client.get("/translations/ru.csv").status_code == 401
    client.force_login(reader)
    lines = client.get("/translations/ru.csv").content.decode("utf-8-sig").splitlines()
    assert len(lines) == len(words_of("ru")) + 1
    assert "message · site · 跳到正文,Skip to the content,Перейти к содержанию" in lines
    assert client.get("/translations/en.csv").status_code == 404
    assert client.get("/ru/translations/")["Location"] == "/en/translations/", "the page of officers has no Russian"


def test_every_language_is_told_by_the_operation(client: Client, reader: Person) -> None:
    client.force_login(reader)
    told = client.get("/api/translations").json()
    assert [one["language"] for one in told] == list(REVIEWED_BY_NAME)
    assert [one["reviewed"] for one in told] == [False, False]


def test_a_page_drawn_without_the_database_counts_as_unreviewed(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(language: str) -> str:
        raise OperationalError("away")

    monkeypatch.setattr(selectors, "digest_of", away)
    assert unreviewed("ru")
    assert not unreviewed("en")
