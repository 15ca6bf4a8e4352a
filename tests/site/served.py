"""What the services of the desk keep of two enterprises: places, entries, cards, enquiries, projects, with secrets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bridgehead.ground.access.grants import today
from bridgehead.ground.models import Organisation, Person
from bridgehead.rooms.desk.actions.fairs import announce_fair
from bridgehead.rooms.desk.actions.news import subscribe, write_news
from bridgehead.rooms.desk.actions.outbound_care import plan_visit
from bridgehead.rooms.desk.actions.products import list_product
from bridgehead.rooms.desk.actions.training import announce
from bridgehead.rooms.desk.actions.training_places import sign_up
from tests.desk.news import news_told
from tests.desk.outbound import DAY, registered, shown_to
from tests.desk.products import product_told
from tests.desk.promotion import asked, card, fair_told, goes
from tests.desk.training import session_told
from tests.ground.world import member, organisation
from tests.ledger import seen_as

Client = tuple[Person, Organisation, dict[str, str]]
"""Who of an enterprise acts, the enterprise, and its secret words by subject."""


def serve(clients: Sequence[Client], office: Organisation, draft: str) -> list[dict[str, list[Any]]]:
    """Let an office nobody looks from offer what it may, and the enterprises take it up; return the ids of each."""
    officer = seen_as(member(office, "officer", "server", name="吴经办"))
    session = announce(by=officer, owner=office.pk, told=session_told(seats=9))
    fair = announce_fair(by=officer, owner=office.pk, told=fair_told(capacity=9))
    product = list_product(by=officer, owner=office.pk, told=product_told())
    news = write_news(
        by=officer, owner=office.pk, told=news_told(texts={"title": {"zh": draft}, "text": {"zh": draft}})
    )
    seller = organisation("seller", "enterprise", "卖方公司", office=office)
    offered = card(member(seller, "enterprise_admin", "seller-admin", name="孔"), seller)
    offers = {"session": session, "fair": fair, "product": product, "news": news, "card": offered}
    found: list[dict[str, list[Any]]] = []
    for person, firm, words in clients:
        by = seen_as(person)
        subscribe(by=by, firm=firm.pk, goods="4403", country="RU")
        place = sign_up(by=by, session=session.pk, firm=firm.pk, name=words["seat"])
        goes(person, firm, fair, contact=words["entry"])
        asked(person, firm, offered, text=words["enquiry"])
        own = card(person, firm, public=False, texts={one: {"zh": words["card"]} for one in ("title", "makes")})
        project = registered(person, firm, name=words["abroad"], contact_there=words["abroad"])
        ids = {name: [row.pk] for name, row in offers.items() if not found}
        ids |= {"place": [place.pk], "project": [project.pk], "card": [*ids.get("card", []), own.pk]}
        found.append(ids)
    return found


def cared_for(person: Person, project: Any, office: Organisation, officer: Person, word: str) -> None:
    """Let the office of an enterprise see its project, and plan a visit."""
    row = shown_to(person, project, office)
    plan_visit(by=seen_as(officer), project=row.pk, planned_on=today() + 9 * DAY, purpose=word)
