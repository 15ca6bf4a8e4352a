"""Fairs, cards of firms and enquiries for tests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bridgehead.ground.access.grants import today
from bridgehead.ground.models import Organisation, Person
from bridgehead.rooms.desk.actions.fairs import FairTold, announce_fair, sign_up_for_fair
from bridgehead.rooms.desk.actions.firm_cards import answer_enquiry, send_enquiry, write_card
from bridgehead.rooms.desk.models import Enquiry, Fair, FairEntry, FirmCard
from tests.desk.services import ServiceWorld
from tests.ledger import seen_as

DAY = timedelta(days=1)
TEXTS = {
    "title": {"zh": "乌兰巴托建材展", "en": "Building fair of Ulaanbaatar"},
    "place": {"zh": "展览馆", "en": "Exhibition hall"},
    "organiser": {"zh": "商会", "en": "Chamber of commerce"},
}


def fair_told(**changed: Any) -> FairTold:
    """Return what an office says of a fair."""
    kept = {
        "texts": TEXTS,
        "country": "MN",
        "starts_on": today() + 40 * DAY,
        "ends_on": today() + 43 * DAY,
        "deadline": today() + 20 * DAY,
        "source": "商会通知 https://fair.example",
        "source_on": today() - DAY,
        "capacity": 1,
        "goods": "44",
    }
    return FairTold(**{**kept, **changed})


def fair(world: ServiceWorld, **told: Any) -> Fair:
    """Return a fair of the office."""
    return announce_fair(by=seen_as(world.officer), owner=world.office.pk, told=fair_told(**told))


def goes(person: Person, firm: Organisation, row: Fair, contact: str = "电话 1") -> FairEntry:
    """Return a firm's entry for a fair."""
    return sign_up_for_fair(by=seen_as(person), fair=row.pk, firm=firm.pk, brings="样品", contact=contact)


def card(person: Person, firm: Organisation, *, public: bool = True, **changed: Any) -> FirmCard:
    """Return what a firm says of itself."""
    kept = {
        "version": None,
        "texts": {"title": {"zh": firm.name_zh}, "makes": {"zh": "锯材", "en": "Sawn timber"}},
        "goods": "4407",
        "countries": "RU, MN",
        "languages": ["zh", "ru"],
    }
    return write_card(by=seen_as(person), firm=firm.pk, public=public, **{**kept, **changed})


def asked(person: Person, firm: Organisation, of: FirmCard, text: str = "能供多少？") -> Enquiry:
    """Return an enquiry."""
    return send_enquiry(by=seen_as(person), firm=firm.pk, card=of.pk, text=text, contact="电话 138")


def make(world: ServiceWorld) -> None:
    """Announce a fair the firm goes to, let it present itself and be asked."""
    goes(world.trader, world.firm, fair(world))
    of = card(world.trader, world.firm)
    row = asked(world.rival, world.other_firm, of)
    answer_enquiry(by=seen_as(world.trader), enquiry=row.pk, version=row.version, accepts=True, contact="邮箱")
    asked(world.rival, world.other_firm, of, "还能再供一些吗？")
