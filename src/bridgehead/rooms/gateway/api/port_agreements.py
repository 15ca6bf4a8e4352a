"""The operation beside the page of the loop of flows and simulation."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router

from bridgehead.ground.access.audience import audience
from bridgehead.ground.language import language
from bridgehead.ground.region import current
from bridgehead.kernel.errors import fault_as_json
from bridgehead.rooms.gateway import port_agreement_words as said
from bridgehead.rooms.gateway.actions import SAVE
from bridgehead.rooms.gateway.schemas import port_agreements as out
from bridgehead.rooms.gateway.selectors import port_agreements as selectors
from bridgehead.rooms.gateway.selectors import port_runs

router = Router(tags=["ports"])


@router.get("/ports/{port}/agreement", response=out.PortAgreementOut, summary="Freight and a port's model in agreement")
@audience(SAVE)
def get_port_agreement(  # noqa: PLR0917 - the fields of the query
    request: HttpRequest,
    port: str,
    run: Annotated[str, Query(description="id of a run of the port, or base")] = port_runs.BASE,
    direction: Annotated[str, Query(description="import or export")] = "",
    class_: Annotated[
        list[str],
        Query(
            alias="class",
            description="classes of the model that are this freight; without it those the model says go this way",
        ),
    ] = [],  # noqa: B006 - ninja reads it
    tolerance: Annotated[str, Query(description="difference that counts as agreement, as a share")] = "",
) -> dict[str, Any]:
    """Give the rounds of the loop for a port and what they came to; on the page it is started."""
    loaded = current()
    one = selectors.asked(
        loaded,
        request.viewer,  # type: ignore[attr-defined]
        port,
        run=run or port_runs.BASE,
        direction=direction,
        classes=class_,
        tolerance=tolerance,
    )
    refused = one.unchosen
    found = selectors.answer(loaded, one) if one.ready else None
    question = one.question
    return {
        "port": port,
        "run": one.run.id,
        "direction": question.direction,
        "classes": list(one.classes),
        "tolerance": question.tolerance,
        "possible": one.possible,
        "key": None if refused else selectors.key(loaded, one),
        "complete": None if found is None else found["complete"],
        "sentence": said.headline(one.model, found) if found is not None and found["complete"] else None,
        "answer": found,
        "refused": None if refused is None else fault_as_json(refused.faults[0], language()),
    }
