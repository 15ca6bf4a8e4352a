"""What the views of supervision read alike: the day that is asked for, article numbers, the language of a paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import override

from bridgehead.ground.language import django_code, known, language
from bridgehead.ground.models import Organisation
from bridgehead.ground.screens.attachments import attachment
from bridgehead.ground.screens.record_forms import Sent
from bridgehead.render.docx_paper import Paper, docx_paper

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_BETWEEN = re.compile(r"[\s,，、;；]+")


def day_asked(request: HttpRequest) -> date:
    """Return the day a page is asked for, today by default; a day to come is today."""
    today = timezone.localdate()
    try:
        return min(date.fromisoformat(request.GET.get("on", "")), today)
    except ValueError:
        return today


def articles_in(sent: Sent, name: str) -> list[int]:
    """Return the article numbers somebody wrote in a field."""
    found = []
    for word in filter(None, _BETWEEN.split(sent.text(name))):
        if word.isascii() and word.isdigit() and len(word) < 5:
            found.append(int(word))
        else:
            sent.refuse("supervision.bad_articles", name, value=word)
    return found


def count_in(sent: Sent, name: str) -> int | None:
    """Return a count somebody wrote in a field."""
    return sent.number(name)


def options(organisations: list[Organisation]) -> list[tuple[int, str]]:
    """Return organisations as options of a field."""
    return [(one.pk, one.name(language())) for one in organisations]


def asked_language(request: HttpRequest) -> str:
    """Return the language a paper is asked for in: ``?lang=``, else that of the viewer."""
    given = request.GET.get("lang", "")
    return known(given) if given else language()


def paper_of(request: HttpRequest, name: str, build: Callable[[str], Paper]) -> HttpResponse:
    """Return a paper as .docx, built in the language it is asked for in."""
    code = asked_language(request)
    with override(django_code(code)):
        return attachment(docx_paper(build(code)), f"{name}.docx", DOCX)
