"""The region's services as the desk runs them: by id, with their words, clocks of offices, and who takes a case in."""

from __future__ import annotations

from collections.abc import Mapping

from bridgehead.engines.cases.clocks import ClockOf
from bridgehead.engines.cases.services import Field, Service
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.language import language, named
from bridgehead.ground.models import Organisation
from bridgehead.ground.region import current
from bridgehead.kernel.errors import BridgeheadError, Place
from bridgehead.kernel.office_clocks import OfficeClock
from bridgehead.regions.services import clock_of as clocks_of
from bridgehead.regions.services import owner_of, services_of

DISTRICT = "district"
"""The field that says in which league, city, banner or county a matter lies."""
DISTRICT_LEVELS = ("league_city", "banner_county")


def services() -> Mapping[str, Service]:
    """Return the services of the region by id, in their order; none for a region without them."""
    found: Mapping[str, Service] = current().remember("desk.services", lambda: services_of(current().region))
    return found


def service_of(id: str) -> Service:
    """Return a service.

    Raises
    ------
    BridgeheadError
        ``case.unknown_service``.
    """
    found = services().get(id)
    if found is None:
        raise BridgeheadError("case.unknown_service", {"service": id[:60]}, Place(field="service"))
    return found


def clock_of(office: str) -> OfficeClock:
    """Return the clock of an office by its code."""
    found: ClockOf = current().remember("desk.clocks", lambda: clocks_of(current().region))
    return found(office)


def office_for(service: Service, firm: Organisation, form: Mapping[str, object]) -> Organisation:
    """Return the office that takes a case in: of where the matter lies, or the one a choice in the form decides.

    Where the form does not ask where the matter lies, it lies where the firm is kept in the books.

    Raises
    ------
    BridgeheadError
        ``case.no_office`` where it is not registered on the platform.
    """
    area = str(form.get(DISTRICT) or "") if any(one.id == DISTRICT for one in service.fields) else ""
    code = owner_of(current().region, service, area or (firm.office.code if firm.office is not None else ""), form)
    found = registered(code)
    if found is None:
        raise BridgeheadError("case.no_office", {"office": office_name(code), "service": service_name(service)})
    return found


def registered(code: str) -> Organisation | None:
    """Return the open organisation of a code, None for no code and where it is not registered on the platform."""
    if not code:
        return None
    with as_system("looking for an office"):
        return Organisation.objects.filter(code=code, closed_on=None).first()


def office_name(code: str) -> str:
    """Return the name of an organisation of the region's table in the language of the request; else its code."""
    row = current().region.find("orgs", code)
    return named(row) if row is not None else code


def districts() -> list[tuple[str, str]]:
    """Return code and name of the leagues, cities, banners and counties."""
    return [
        (row.text("id"), named(row))
        for row in current().region.rows("orgs")
        if row.text("level") in DISTRICT_LEVELS and row.text("kind") == "government"
    ]


def service_name(service: Service | str) -> str:
    """Return what a service is called in the language of the request; its id where the region no longer has it."""
    found = services().get(service) if isinstance(service, str) else service
    return found.name.of(language()) if found is not None else str(service)


def state_name(service: Service, state: str) -> str:
    """Return what a state is called; its id where the service no longer has it."""
    found = service.state_names.get(state)
    return found.of(language()) if found is not None else state


def move_name(service: Service, move: str, to: str = "") -> str:
    """Return what a move is called, with the state it leads to where that is known; its id where there is none."""
    found = next((name for key, name in service.move_names.items() if key[0] == move and to in ("", key[1])), None)
    return found.of(language()) if found is not None else move


def choice_name(field: Field, value: str) -> str:
    """Return what a value of a choice is called."""
    return next((one.name.of(language()) for one in field.choices if one.id == value), value)


def rung_name(service: Service, rung: str) -> str:
    """Return what a rung of the ladder of a service is called; its id where there is none of it."""
    rows = current().region.rows("service_escalation")
    own = [row for row in rows if row.text("service") == service.id]
    found = next((row for row in own or rows if row.text("rung") == rung), None)
    return named(found) if found is not None else rung
