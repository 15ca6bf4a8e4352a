"""Pages of trade news for readers: the list, one item, a feed, subscriptions of a firm."""

from __future__ import annotations

from functools import partial

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import override, pgettext

from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.addresses import own_address
from bridgehead.ground.language import LANGUAGES, django_code, language
from bridgehead.ground.screens.attachments import choices
from bridgehead.ground.screens.forms import drawn, number
from bridgehead.ground.screens.record_forms import Offer, Sent, taken
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.desk.actions.news import subscribe, unsubscribe
from bridgehead.rooms.desk.selectors.news import feed, news_page, subscriptions
from bridgehead.rooms.desk.selectors.news import news as news_of
from bridgehead.rooms.desk.tags import asked_for, goods_options
from bridgehead.rooms.desk.who import OFFER, firms


def news(request: HttpRequest) -> HttpResponse:
    """Show the current news, all of it or about goods and a country.

    Articles: 51
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    seen = news_of(*asked_for(request.GET), number(request.GET.get("page", "1")) or 1)
    context = {"seen": seen, "subscribes": bool(firms(viewer)), "keeps": viewer.may(OFFER)}
    return render(request, "desk/news.html", context)


def item(request: HttpRequest, news: int) -> HttpResponse:
    """Show one item.

    Articles: 51
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return render(request, "desk/news_item.html", {"seen": news_page(viewer, news)})


def news_atom(request: HttpRequest) -> HttpResponse:
    """Send the newest current news as a feed (Atom, RFC 4287), all of it or about goods and a country.

    Articles: 51
    """
    asked = request.GET.get("lang", "")
    tongue = asked if asked in LANGUAGES else language()
    try:
        own = own_address(request)
    except BridgeheadError:
        own = str(settings.BRIDGEHEAD_ADDRESS)
    with override(django_code(tongue)):
        told = Atom1Feed(
            title=pgettext("news", "桥头堡外贸资讯"),
            link=f"{own}{reverse('desk:news')}",
            description="",
            language=tongue,
            feed_url=f"{own}{request.get_full_path()}",
        )
        for one in feed(*asked_for(request.GET)):
            row = one.record
            told.add_item(
                title=one.title,
                link=f"{own}{reverse('desk:news-item', args=[row.pk])}",
                description=one.gist,
                author_name=one.office,
                pubdate=row.released_at,
                updateddate=row.released_at,
                unique_id=f"tag:bridgehead,{row.released_at:%Y-%m-%d}:news/{row.pk}",
                categories=(*one.goods, *one.countries),
            )
        return HttpResponse(told.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def subscribed(request: HttpRequest) -> HttpResponse:
    """Show what somebody's firms subscribed to; add to it or end it.

    Articles: 51
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    goods, country = asked_for(request.GET)
    offers = [
        Offer("add", partial(_add, viewer), {"firm": "", "goods": goods, "country": country}),
        Offer("end", partial(_end, viewer), {"subscription": ""}),
    ]
    answer = taken(request, lambda: offers)
    if answer.done:
        return HttpResponseRedirect(f"{reverse('desk:subscriptions')}?done={answer.done}")
    context = {
        "seen": subscriptions(viewer),
        "forms": answer.states,
        "refused": answer.refused,
        "firms": choices(firms(viewer)),
        "goods": goods_options(),
    }
    return drawn(request, "desk/subscriptions.html", context, answer.status)


def _add(viewer: Viewer, sent: Sent) -> None:
    firm = sent.organisation(viewer, firms(viewer), "firm")
    told = {name: sent.text(name) for name in ("goods", "country")}
    subscribe(by=viewer, firm=firm.pk, once=sent.once, unread=sent.unread, **told)


def _end(viewer: Viewer, sent: Sent) -> None:
    unsubscribe(by=viewer, subscription=sent.number("subscription", needed=True) or 0, once=sent.once)
