"""The operation beside the page on who uses a link or a port."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Query, Router

from bridgehead.engines.flows.through import Part, PerTonne
from bridgehead.ground.access.audience import audience
from bridgehead.ground.region import Loaded, current
from bridgehead.rooms.gateway.api.ports import named_out
from bridgehead.rooms.gateway.schemas import through as out
from bridgehead.rooms.gateway.selectors import names
from bridgehead.rooms.gateway.selectors import through as selectors

router = Router(tags=["flows"])


def _each(one: PerTonne) -> out.PerTonneOut:
    return out.PerTonneOut(usd=one.usd, hours=one.hours, wait_h=one.wait_h, kg_co2e=one.kg_co2e)


def _parts(loaded: Loaded, parts: tuple[Part, ...]) -> list[out.PartOut]:
    return [
        out.PartOut(id=one.of, name=names.name(loaded, one.of), tonnes=one.tonnes, share=one.share) for one in parts
    ]


def _side(loaded: Loaded, side: selectors.Side) -> out.SideOut:
    found = side.found
    return out.SideOut(
        direction=side.direction or None,
        origin=side.start,
        destination=side.end,
        tonnes=found.tonnes,
        wait_h=side.wait_h,
        mean=_each(found.mean),
        before=_each(found.before),
        here=_each(found.here),
        after=_each(found.after),
        handling=_each(found.handling),
        users=[
            out.UserOut(
                origin=named_out(loaded, user.origin),
                destination=named_out(loaded, user.destination),
                commodity=named_out(loaded, user.commodity),
                tonnes=user.tonnes,
                share_of_direction=user.tonnes / found.tonnes,
                sent_t=user.sent_t,
                share_of_row=user.share,
                mean=_each(user.mean),
            )
            for user in found.users
        ],
        origins=_parts(loaded, found.origins),
        destinations=_parts(loaded, found.destinations),
        commodities=_parts(loaded, found.commodities),
        links=[
            out.OtherLinkOut(
                link=one.link, origin=one.origin, destination=one.destination, tonnes=one.tonnes, share=one.share
            )
            for one in found.links
        ],
        beside=[
            out.BesideOut(ports=list(one.ports), tonnes=one.tonnes, share=one.share, mean=_each(one.mean))
            for one in found.beside
        ],
    )


@router.get("/flows/through", response=out.ThroughOut, summary="Who uses a link or a port")
@audience("public")
def show_through(
    request: HttpRequest,
    link: str = Query("", description="id of a link, such as a--b--rail"),
    port: str = Query("", description="id of a port; not both"),
) -> out.ThroughOut:
    """Give the flows through a link or a port: rows, cost, time, queue, CO2e by leg, other links and other ports.

    Without a question there are no sides.
    """
    loaded = current()
    question = selectors.question_of(loaded, {"link": link, "port": port})
    found = selectors.answer(loaded, question) if question.asked else None
    return out.ThroughOut(
        statement=selectors.statement(loaded, found) if found else "",
        link=question.link or None,
        port=question.port or None,
        name=found.name if found else "",
        year=loaded.flows.year,
        method=loaded.flows.method,
        input_hash=loaded.flows.input_hash,
        tonnes=found.tonnes if found else 0.0,
        sides=[_side(loaded, side) for side in found.sides] if found else [],
    )
