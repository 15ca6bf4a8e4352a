"""Pages of promotion for firms: fairs, firms that present themselves, enquiries."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import LANGUAGES, NAMES, language
from bridgehead.ground.screens.attachments import choices
from bridgehead.ground.screens.forms import drawn, number
from bridgehead.ground.screens.record_forms import Offer, Sent, taken_of
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.desk.actions.fairs import give_up_fair, sign_up_for_fair
from bridgehead.rooms.desk.actions.firm_cards import LIMITS, answer_enquiry, send_enquiry, write_card
from bridgehead.rooms.desk.models import Enquiry, FirmCard
from bridgehead.rooms.desk.selectors.promotion import (
    Card,
    Enquiries,
    FairPage,
    card_page,
    cards,
    fair_page,
    fairs,
    own_card,
)
from bridgehead.rooms.desk.selectors.promotion import enquiries as enquiries_of
from bridgehead.rooms.desk.tags import asked_for, country_name, goods_options, listed
from bridgehead.rooms.desk.texts import fields, sent_texts, values
from bridgehead.rooms.desk.who import OFFER, firms


def promotion(request: HttpRequest) -> HttpResponse:
    """Show the fairs that come, and the way to the firms that present themselves.

    Articles: 51
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    context = {"seen": fairs(viewer), "has_firm": bool(firms(viewer)), "keeps": viewer.may(OFFER)}
    return render(request, "desk/promotion.html", context)


def fair(request: HttpRequest, fair: int) -> HttpResponse:
    """Show one fair; sign a firm up for it or say that it does not go.

    Articles: 51
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    able = firms(viewer)

    def offers(page: FairPage) -> list[Offer]:
        found = [Offer("give_up", partial(_give_up, viewer), {"entry": "", "version": ""})]
        if able and page.fair.open:
            blank = {"firm": "", "brings": "", "contact": ""}
            found.append(Offer("sign_up", partial(_sign_up, viewer, fair), blank))
        return found

    seen, answer = taken_of(request, lambda: fair_page(viewer, fair), offers)
    if answer.done:
        return HttpResponseRedirect(f"{reverse('desk:fair', args=[fair])}?done={answer.done}")
    context = {"seen": seen, "forms": answer.states, "refused": answer.refused, "firms": choices(able)}
    return drawn(request, "desk/fair.html", context, answer.status)


def directory(request: HttpRequest) -> HttpResponse:
    """Show the firms that present themselves, by goods and country.

    Articles: 51
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    seen = cards(*asked_for(request.GET), number(request.GET.get("page", "1")) or 1)
    return render(request, "desk/directory.html", {"seen": seen, "has_firm": bool(firms(viewer))})


def card(request: HttpRequest, card: int) -> HttpResponse:
    """Show what a firm says of itself; let another firm ask it something.

    Articles: 51
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    able = firms(viewer)

    def offers(page: Card) -> list[Offer]:
        asks = [one for one in able if one.pk != page.record.owner_id]
        blank = {"firm": "", "text": "", "contact": ""}
        return [Offer("ask", partial(_ask, viewer, card), blank)] if asks and page.record.is_open else []

    seen, answer = taken_of(request, lambda: card_page(viewer, card), offers)
    if answer.done:
        return HttpResponseRedirect(f"{reverse('desk:enquiries')}?done={answer.done}")
    asks = [one for one in able if one.pk != seen.record.owner_id]
    context = {"seen": seen, "forms": answer.states, "refused": answer.refused, "firms": choices(asks)}
    return drawn(request, "desk/card.html", context, answer.status)


def own(request: HttpRequest) -> HttpResponse:
    """Write what somebody's firm says of itself, and whether others see it.

    Articles: 51
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    able = firms(viewer)
    asked = number(request.GET.get("firm", "") or request.POST.get("firm", ""))
    firm = next((one for one in able if one.pk == asked), able[0] if able else None)
    if firm is None:
        raise BridgeheadError("firm.none")

    def offers(there: FirmCard | None) -> list[Offer]:
        filled = _values(there) if there else dict.fromkeys(_FIELDS, "") | {"title_zh": firm.name_zh}
        return [Offer("card", partial(_write, viewer, firm.pk, there), filled, there.version if there else 0)]

    seen, answer = taken_of(request, lambda: own_card(viewer, firm.pk), offers)
    if answer.done:
        return HttpResponseRedirect(f"{reverse('desk:own-card')}?firm={firm.pk}&done={answer.done}")
    form = answer.states["card"]
    context = {
        "card": seen,
        "form": form,
        "refused": answer.refused,
        "firm": firm,
        "firms": [(one.pk, one.name(language())) for one in able],
        "languages": LANGUAGES,
        "tongues": [(code, NAMES[code][1], code in form.filling.values["languages"].split()) for code in LANGUAGES],
        "goods": goods_options(),
    }
    return drawn(request, "desk/own_card.html", context, answer.status)


def enquiries(request: HttpRequest) -> HttpResponse:
    """Show the enquiries to and from somebody's firms; accept or decline those received.

    Articles: 51
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]

    def offers(page: Enquiries) -> list[Offer]:
        waiting = [one.record for one in page.received if one.record.state == Enquiry.State.SENT]
        blank = {"answer": "", "contact": ""}
        return [Offer(f"answer-{one.pk}", partial(_answer, viewer, one), blank, one.version) for one in waiting]

    seen, answer = taken_of(request, lambda: enquiries_of(viewer), offers)
    if answer.done:
        return HttpResponseRedirect(f"{reverse('desk:enquiries')}?done=answer")
    context = {"seen": seen, "forms": answer.states, "refused": answer.refused}
    return drawn(request, "desk/enquiries.html", context, answer.status)


_FIELDS = (*fields(LIMITS), "goods", "countries", "languages", "public")


def _values(card: FirmCard) -> dict[str, str]:
    return values(card.texts, LIMITS) | {
        "goods": ", ".join(listed(card.goods)),
        "countries": ", ".join(country_name(one) for one in listed(card.countries)),
        "languages": "\n".join(card.languages),
        "public": "yes" if card.is_open else "",
    }


def _write(viewer: Viewer, firm: int, card: FirmCard | None, sent: Sent) -> None:
    write_card(
        by=viewer,
        firm=firm,
        version=sent.version if card else None,
        texts=sent_texts(sent, LIMITS),
        goods=sent.text("goods"),
        countries=sent.text("countries"),
        languages=sent.texts("languages"),
        public=sent.text("public") == "yes",
        once=sent.once,
    )


def _sign_up(viewer: Viewer, fair: int, sent: Sent) -> None:
    firm = sent.organisation(viewer, firms(viewer), "firm")
    told = {"brings": sent.text("brings"), "contact": sent.text("contact")}
    sign_up_for_fair(by=viewer, fair=fair, firm=firm.pk, once=sent.once, unread=sent.unread, **told)


def _give_up(viewer: Viewer, sent: Sent) -> None:
    give_up_fair(by=viewer, entry=sent.number("entry", needed=True) or 0, version=sent.version, once=sent.once)


def _ask(viewer: Viewer, card: int, sent: Sent) -> None:
    firm = sent.organisation(viewer, firms(viewer), "firm")
    told = {"text": sent.text("text"), "contact": sent.text("contact")}
    send_enquiry(by=viewer, firm=firm.pk, card=card, once=sent.once, unread=sent.unread, **told)


def _answer(viewer: Viewer, row: Enquiry, sent: Sent) -> None:
    told = {"accepts": sent.text("accepts") == "yes", "text": sent.text("answer"), "contact": sent.text("contact")}
    answer_enquiry(by=viewer, enquiry=row.pk, version=sent.version, once=sent.once, **told)  # type: ignore[arg-type]
