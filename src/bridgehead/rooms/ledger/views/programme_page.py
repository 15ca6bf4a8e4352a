"""The page of one programme with its forms: stage, next step, money, items, parties, end."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bridgehead.engines.programmes.kinds import Kind
from bridgehead.engines.programmes.money import MoneyKind
from bridgehead.ground.access.grants import today
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.screens.forms import drawn, number
from bridgehead.ground.screens.record_forms import Offer, Sent, taken
from bridgehead.rooms.ledger.actions.programmes import end_programme, set_next_step
from bridgehead.rooms.ledger.actions.programmes_money import correct_money, enter_money
from bridgehead.rooms.ledger.actions.programmes_parts import add_item, add_party, change_item, let_party_go
from bridgehead.rooms.ledger.actions.programmes_stages import (
    accept_stage,
    decides_for,
    propose_stage,
    return_stage,
    withdraw_stage,
)
from bridgehead.rooms.ledger.models import Programme, ProgrammeParty
from bridgehead.rooms.ledger.programme_kinds import called
from bridgehead.rooms.ledger.selectors.programme import ItemLine, ProgrammePage, programme_page, role_word
from bridgehead.rooms.ledger.selectors.programme_money import money_word
from bridgehead.rooms.ledger.selectors.programmes import currency_unit, money_unit, state_word
from bridgehead.rooms.ledger.views.programme_forms import by_code, day_of, inputs, keeps, shown, typed
from bridgehead.rooms.ledger.views.supervision_parts import day_asked
from bridgehead.rooms.ledger.who import bodies, named


def programme(request: HttpRequest, programme: int) -> HttpResponse:
    """Show one programme and take in what happens with it.

    Articles: 9, 74, 75
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    on = day_asked(request)
    page = programme_page(viewer, programme, on)
    item = _item(request, page)
    read = [page]

    def offered() -> list[Offer]:
        """Return the forms for the programme as it was just read; after a refusal, as it is by then.

        None for an earlier day: what is done is done today.
        """
        if page.past:
            return []
        return _offers(viewer, read.pop() if read else programme_page(viewer, programme), item)

    answer = taken(request, offered)
    if answer.done:
        return HttpResponseRedirect(reverse("ledger:programme", args=[programme]))
    kind = page.kind
    context: dict[str, Any] = {
        "seen": page,
        "forms": answer.states,
        "filling": answer.refused.filling if answer.refused else None,
        "currency": currency_unit(),
        "unit": money_unit(),
        "keeps": keeps(viewer, page.record) and not page.past,
        "editing": item,
    }
    if answer.states and kind:
        context |= {
            "stages": [(one.id, called(one)) for one in kind.stages if one.id != page.record.stage],
            "money_kinds": [(one.value, money_word(one)) for one in MoneyKind],
            "roles": [(one, role_word(one)) for one in ProgrammeParty.Role.values],
            "states": [(one, state_word(one)) for one in Programme.State.values if one != page.record.state],
            "bodies": [(one.pk, named(one)) for one in bodies(viewer)],
            "item_inputs": inputs(kind.item_fields),
        }
    return drawn(request, "ledger/programme.html", context, answer.status)


def _item(request: HttpRequest, page: ProgrammePage) -> ItemLine | None:
    """Return the item that is to be changed, None for none."""
    asked = number(request.GET.get("item", "")) or number(request.POST.get("item", ""))
    return next((one for one in page.items if one.record.pk == asked), None)


def _offers(viewer: Viewer, page: ProgrammePage, item: ItemLine | None) -> list[Offer]:
    """Return the forms somebody is offered."""
    record, kind = page.record, page.kind
    if kind is None:
        return []
    running = record.state == Programme.State.RUNNING
    found: list[Offer] = []
    waiting = page.waiting.record if page.waiting else None
    if waiting and waiting.proposed_by != viewer.person_id and decides_for(viewer, record):
        decide = partial(_decide, viewer, waiting.pk)
        found.append(Offer("decide", decide, {"verdict": "", "reason": ""}, waiting.version))
    if not keeps(viewer, record):
        return found
    if waiting:
        found.append(Offer("withdraw", partial(_withdraw, viewer, waiting.pk), {}, waiting.version))
    elif running:
        propose = partial(_propose, viewer, record.pk)
        found.append(Offer("propose", propose, _proposal(kind, page), record.version, files=("file",)))
    if running:
        step = {"next_step": record.next_step, "next_due_on": day_of(record.next_due_on)}
        found.append(Offer("step", partial(_set_step, viewer, record.pk), step, record.version))
    found += [
        Offer("money", partial(_enter, viewer, record.pk), _first_money()),
        Offer("correct", partial(_correct, viewer), {"entry": "", "entry_version": "", "note": ""}),
        Offer("party", partial(_add_party, viewer, record.pk), {"role": "", "organisation": "", "name": ""}),
        Offer("let_go", partial(_let_go, viewer), {"party": "", "party_version": ""}),
        Offer("end", partial(_end, viewer, record.pk), {"state": "", "reason": ""}, record.version),
    ]
    if kind.item:
        empty = {"title": "", "on": today().isoformat(), "source": "", "note": "", **shown(kind.item_fields, {})}
        found.append(Offer("item", partial(_add_item, viewer, record.pk, kind), empty))
    now = next((one.record for one in page.items if item and one.record.pk == item.record.pk), None)
    if now is not None:
        values = {"title": now.title, "on": day_of(now.on), "source": now.source, "note": now.note}
        change = partial(_change_item, viewer, now.pk, kind)
        found.append(Offer("change_item", change, values | shown(kind.item_fields, now.fields), now.version))
    return found


def _proposal(kind: Kind, page: ProgrammePage) -> dict[str, str]:
    following = kind.next(page.record.stage) if page.record.stage in kind.places else None
    return {"stage": following.id if following else "", "on": today().isoformat(), "evidence": "", "why_back": ""}


def _first_money() -> dict[str, str]:
    day = today()
    empty = dict.fromkeys(("amount", "source", "note", "line", "giver"), "")
    return {"kind": "", "year": str(day.year), "on": day.isoformat(), **empty}


def _propose(viewer: Viewer, programme: int, sent: Sent) -> None:
    on, file = sent.day("on"), sent.file()
    propose_stage(
        by=viewer,
        once=sent.once,
        programme=programme,
        version=sent.version,
        stage=sent.text("stage"),
        on=on,
        evidence=sent.text("evidence"),
        why_back=sent.text("why_back"),
        file=file,
        unread=sent.unread,
    )


def _decide(viewer: Viewer, move: int, sent: Sent) -> None:
    decide = return_stage if sent.text("verdict") == "return" else accept_stage
    decide(by=viewer, once=sent.once, move=move, version=sent.version, comment=sent.text("reason"))


def _withdraw(viewer: Viewer, move: int, sent: Sent) -> None:
    withdraw_stage(by=viewer, once=sent.once, move=move, version=sent.version)


def _set_step(viewer: Viewer, programme: int, sent: Sent) -> None:
    told: dict[str, Any] = {"next_step": sent.text("next_step"), "next_due_on": sent.day("next_due_on")}
    version = sent.version
    set_next_step(by=viewer, once=sent.once, unread=sent.unread, programme=programme, version=version, **told)


def _enter(viewer: Viewer, programme: int, sent: Sent) -> None:
    on, year = sent.day("on"), sent.number("year", needed=True)
    giver = by_code(viewer, sent, "giver", "programme.unknown_giver")
    enter_money(
        by=viewer,
        once=sent.once,
        unread=sent.unread,
        programme=programme,
        kind=sent.text("kind"),
        amount=sent.text("amount"),
        year=year,
        on=on,
        source=sent.text("source"),
        note=sent.text("note"),
        line=sent.text("line"),
        giver=giver,
    )


def _correct(viewer: Viewer, sent: Sent) -> None:
    entry, version = sent.number("entry", needed=True), sent.number("entry_version", needed=True)
    sent.check()
    correct_money(by=viewer, once=sent.once, entry=entry or 0, version=version or 0, why=sent.text("note"))


def _add_party(viewer: Viewer, programme: int, sent: Sent) -> None:
    organisation = sent.number("organisation")
    told = {"role": sent.text("role"), "name": sent.text("name"), "unread": sent.unread}
    add_party(by=viewer, once=sent.once, programme=programme, organisation=organisation, **told)  # type: ignore[arg-type]


def _let_go(viewer: Viewer, sent: Sent) -> None:
    party, version = sent.number("party", needed=True), sent.number("party_version", needed=True)
    sent.check()
    let_party_go(by=viewer, once=sent.once, party=party or 0, version=version or 0)


def _end(viewer: Viewer, programme: int, sent: Sent) -> None:
    told = {"state": sent.text("state"), "why": sent.text("reason")}
    end_programme(by=viewer, once=sent.once, programme=programme, version=sent.version, **told)


def _add_item(viewer: Viewer, programme: int, kind: Kind, sent: Sent) -> None:
    told = _item_said(kind, sent)
    add_item(by=viewer, once=sent.once, unread=sent.unread, programme=programme, **told)


def _change_item(viewer: Viewer, item: int, kind: Kind, sent: Sent) -> None:
    told = _item_said(kind, sent)
    change_item(by=viewer, once=sent.once, unread=sent.unread, item=item, version=sent.version, **told)


def _item_said(kind: Kind, sent: Sent) -> dict[str, Any]:
    on = sent.day("on")
    texts = {name: sent.text(name) for name in ("title", "source", "note")}
    return {**texts, "on": on, "fields": typed(sent, kind.item_fields)}
