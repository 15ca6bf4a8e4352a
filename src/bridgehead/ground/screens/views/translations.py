"""The page of the translations."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.downloads import csv_response
from bridgehead.ground.language import REVIEWED_BY_NAME
from bridgehead.ground.screens.filling import show
from bridgehead.ground.screens.record_forms import Offer, Sent, taken
from bridgehead.ground.translations import selectors
from bridgehead.ground.translations.signing import sign_translation
from bridgehead.ground.translations.words import digest_of, words_of

CSV_HEAD = ("text", "english", "translation")


def translations(request: HttpRequest) -> HttpResponse:
    """Show the translations with their signatures; sign one."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]

    def sign(language: str, sent: Sent) -> None:
        sign_translation(by=viewer, language=language, digest=sent.text("digest"), once=sent.once)

    def offered() -> Iterable[Offer]:
        for language in REVIEWED_BY_NAME:
            yield Offer(f"sign-{language}", partial(sign, language), {"digest": digest_of(language)})

    answer = taken(request, offered)
    if answer.done:
        return HttpResponseRedirect(request.get_full_path())
    found = [(one, answer.states[f"sign-{one.language}"]) for one in selectors.translations()]
    told = {"found": found, "unsigned": sum(not one.reviewed for one, _ in found), "refused": answer.refused}
    return show(request, "ground/translations.html", told, answer.status)


def translation_csv(request: HttpRequest, language: str) -> HttpResponse:
    """Send the words of a language beside the English ones, to be read."""
    if language not in REVIEWED_BY_NAME:
        raise Http404(language)
    english = words_of("en")
    lines = ((key, english.get(key, ""), text) for key, text in words_of(language).items())
    return csv_response(f"translation-{language}", CSV_HEAD, lines)
