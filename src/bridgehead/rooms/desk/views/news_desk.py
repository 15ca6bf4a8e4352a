"""Pages of trade news for the office that writes it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from bridgehead.ground.access.acting import able_in
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import LANGUAGES
from bridgehead.ground.screens.attachments import choices
from bridgehead.ground.screens.forms import drawn
from bridgehead.ground.screens.record_forms import Offer, Sent, taken, taken_of
from bridgehead.rooms.desk.actions.news import (
    LIMITS,
    NewsTold,
    change_news,
    release_news,
    return_news,
    withdraw_news,
    write_news,
)
from bridgehead.rooms.desk.models import NewsItem
from bridgehead.rooms.desk.selectors.news import NewsPage, news_desk, news_page
from bridgehead.rooms.desk.tags import country_name, goods_options, listed
from bridgehead.rooms.desk.texts import fields, sent_texts, values
from bridgehead.rooms.desk.who import OFFER

PLAIN = ("source", "source_on", "expires_on", "goods", "countries")
State = NewsItem.State


def desk(request: HttpRequest) -> HttpResponse:
    """Show the news an office looks after.

    Articles: 51
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return render(request, "desk/office/news_desk.html", {"seen": news_desk(viewer)})


def new(request: HttpRequest) -> HttpResponse:
    """Write an item.

    Articles: 51
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    able = able_in(viewer, OFFER)
    made: list[NewsItem] = []

    def save(sent: Sent) -> None:
        owner = sent.organisation(viewer, able)
        made.append(write_news(by=viewer, owner=owner.pk, told=_told(sent), once=sent.once, unread=sent.unread))

    blank = dict.fromkeys((*fields(LIMITS), *PLAIN, "organisation"), "")
    answer = taken(request, lambda: [Offer("news", save, blank)])
    if made:
        return HttpResponseRedirect(reverse("desk:news-keep", args=[made[0].pk]))
    form = answer.states["news"]
    context = {"form": form, "filling": form.filling, "organisations": choices(able), **_options()}
    return drawn(request, "desk/office/news_write.html", context, answer.status)


def keep(request: HttpRequest, news: int) -> HttpResponse:
    """Change a draft, release it, send it back, withdraw what was released.

    Articles: 51
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    seen, answer = taken_of(request, lambda: news_page(viewer, news), partial(_offers, viewer))
    if answer.done:
        return HttpResponseRedirect(f"{reverse('desk:news-keep', args=[news])}?done={answer.done}")
    context = {"seen": seen, "forms": answer.states, "refused": answer.refused, **_options()}
    return drawn(request, "desk/office/news_keep.html", context, answer.status)


def _offers(viewer: Viewer, page: NewsPage) -> list[Offer]:
    row, found = page.item.record, []
    if row.state == State.DRAFT and page.keeps:
        found.append(Offer("news", partial(_change, viewer, row), _values(row), row.version))
    if row.state == State.DRAFT and page.releases and viewer.person_id not in row.writers:
        found.append(Offer("release", partial(_release, viewer, row), {}, row.version))
        found.append(Offer("return", partial(_return, viewer, row), {"reason": ""}, row.version))
    if row.state == State.RELEASED and page.releases:
        found.append(Offer("withdraw", partial(_withdraw, viewer, row), {"reason": ""}, row.version))
    return found


def _change(viewer: Viewer, row: NewsItem, sent: Sent) -> None:
    change_news(by=viewer, news=row.pk, version=sent.version, told=_told(sent), once=sent.once, unread=sent.unread)


def _release(viewer: Viewer, row: NewsItem, sent: Sent) -> None:
    release_news(by=viewer, news=row.pk, version=sent.version, once=sent.once)


def _return(viewer: Viewer, row: NewsItem, sent: Sent) -> None:
    return_news(by=viewer, news=row.pk, version=sent.version, reason=sent.text("reason"), once=sent.once)


def _withdraw(viewer: Viewer, row: NewsItem, sent: Sent) -> None:
    withdraw_news(by=viewer, news=row.pk, version=sent.version, reason=sent.text("reason"), once=sent.once)


def _values(row: NewsItem) -> Mapping[str, str]:
    plain = {
        "source": row.source,
        "source_on": str(row.source_on),
        "expires_on": str(row.expires_on),
        "goods": ", ".join(listed(row.goods)),
        "countries": ", ".join(country_name(one) for one in listed(row.countries)),
    }
    return values(row.texts, LIMITS) | plain


def _options() -> dict[str, object]:
    return {"languages": LANGUAGES, "limits": LIMITS, "goods": goods_options()}


def _told(sent: Sent) -> NewsTold:
    plain = sent.text("source"), sent.day("source_on"), sent.day("expires_on")
    return NewsTold(sent_texts(sent, LIMITS), *plain, sent.text("goods"), sent.text("countries"))
