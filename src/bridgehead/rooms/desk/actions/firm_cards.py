"""Actions on what firms say of themselves and ask each other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.language import LANGUAGES
from bridgehead.ground.models import Organisation
from bridgehead.ground.told import choice, fitting, needed, today
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.desk.models import Enquiry, FirmCard
from bridgehead.rooms.desk.notices import notify
from bridgehead.rooms.desk.tags import read_countries, read_goods
from bridgehead.rooms.desk.texts import Texts, checked
from bridgehead.rooms.desk.who import ASK, has_closed

LIMITS = {"title": 200, "makes": 500, "buys": 500, "gist": 1_000}
LONGEST_TEXT, LONGEST_CONTACT = 2_000, 200
MOST_A_DAY = 20
State = Enquiry.State


@action("firm_card.write", permission=ASK)
def write_card(
    deed: Deed,
    *,
    firm: int,
    version: int | None,
    texts: Texts,
    goods: str,
    countries: str,
    languages: Sequence[str],
    public: bool,
) -> FirmCard:
    """Write what a firm says of itself; others see it only where it is public.

    Raises
    ------
    BridgeheadError
        With all of ``form.missing``, ``form.text_too_long``, ``form.no_such_choice``, ``promotion.says_nothing``,
        ``service.no_such_goods``, ``service.no_such_country``, ``service.too_many_tags``.

    Articles: 51
    """
    deed.require_in(firm)
    kept = checked(deed, texts, LIMITS)
    if public and not {"makes", "buys"} & set(kept):
        deed.refuse("promotion.says_nothing", {}, "makes_zh")
    for one in languages:
        choice(deed, one, LANGUAGES, "languages")
    columns = {
        "texts": kept,
        "goods": read_goods(deed, goods),
        "countries": read_countries(deed, countries),
        "languages": [one for one in LANGUAGES if one in languages],
        "is_open": public,
        "changed_on": today(deed),
    }
    deed.check()
    there = FirmCard.objects.filter(owner=firm).first()
    if there is None:
        return deed.create(FirmCard(owner_id=firm, **columns))
    return deed.change(deed.lock(FirmCard, there.pk, version), **columns)


@action("enquiry.send", permission=ASK)
def send_enquiry(deed: Deed, *, firm: int, card: int, text: str, contact: str) -> Enquiry:
    """Ask a firm something; how to reach who asks is shown to it only once it accepts.

    Raises
    ------
    BridgeheadError
        With all of ``form.missing``, ``form.text_too_long``, ``promotion.own_card``, ``promotion.asked_already``,
        ``promotion.asked_enough``, ``promotion.no_such_firm``.

    Articles: 51
    """
    deed.require_in(firm)
    said, how = needed(deed, text, "text", LONGEST_TEXT), needed(deed, contact, "contact", LONGEST_CONTACT)
    to = FirmCard.objects.filter(pk=card, is_open=True).first()
    if to is None or has_closed(to.owner_id):
        raise BridgeheadError("promotion.no_such_firm")
    mine = Enquiry.objects.filter(owner=firm)
    if to.owner_id == firm:
        deed.refuse("promotion.own_card", {})
    elif mine.filter(to=to.owner_id, state=State.SENT).exists():
        deed.refuse("promotion.asked_already", {})
    elif mine.filter(sent_at__gt=deed.at - timedelta(days=1)).count() >= MOST_A_DAY:
        deed.refuse("promotion.asked_enough", {"most": MOST_A_DAY})
    deed.check()
    row = deed.create(Enquiry(owner_id=firm, to_id=to.owner_id, text=said, contact=how, sent_at=deed.at))
    _tell(deed, to.owner_id, "enquiry_new", firm)
    return row


@action("enquiry.answer", permission=ASK)
def answer_enquiry(
    deed: Deed, *, enquiry: int, version: int, accepts: bool, text: str = "", contact: str = ""
) -> Enquiry:
    """Accept what another firm asks, so that both see how to reach each other; or decline it.

    Raises
    ------
    BridgeheadError
        With all of ``form.missing``, ``form.text_too_long``, ``promotion.answered``.

    Articles: 51
    """
    row = deed.lock(Enquiry, enquiry, version)
    deed.require_in(row.to_id)
    said = fitting(deed, text, "answer", LONGEST_TEXT)
    how = needed(deed, contact, "contact", LONGEST_CONTACT) if accepts else ""
    if row.state != State.SENT:
        deed.refuse("promotion.answered", {})
    deed.check()
    state = State.ACCEPTED if accepts else State.DECLINED
    row = deed.change(row, state=state, answer=said, contact_there=how, answered_at=deed.at)
    _tell(deed, row.owner_id, "enquiry_accepted" if accepts else "enquiry_declined", row.to_id)
    return row


def _tell(deed: Deed, firm: int, kind: str, other: int) -> None:
    with as_system("naming a firm to another"):
        by = Organisation.objects.get(pk=other)
    words = {"firm": {"zh": by.name_zh, "en": by.name_en}}
    notify(deed, firm=firm, kind=kind, about="desk:enquiries", words=words)
