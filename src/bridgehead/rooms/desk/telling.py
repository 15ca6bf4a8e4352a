"""Who is told what of a case: the firm, the office that has it, and whom a late one is reported to."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import override, pgettext

from bridgehead.engines.cases.machine import Kind, Role
from bridgehead.engines.cases.services import Words
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.actions import Deed
from bridgehead.ground.language import LANGUAGES, django_code
from bridgehead.ground.models import Organisation
from bridgehead.rooms.desk.models import Case
from bridgehead.rooms.desk.notices import notify
from bridgehead.rooms.desk.services import service_of

RUNGS = {
    "officer": "case_near",
    "head": "case_due",
    "office_above": "case_escalated",
    "supervision": "case_supervised",
}
"""The notice each kind of rung sends; those to the office itself reach whoever works there or stands in."""


def tell_office(deed: Deed, case: Case, kind: str) -> None:
    """Tell the office that has a case, by its number and service: what it is about stands on its page alone."""
    _tell(deed, case, kind, case.office_id, title=_by_language(service_of(case.service).name))


def tell_of_new(deed: Deed, case: Case) -> None:
    """Tell the office that has a case since now; of an urgent one by mail, too, for its head to see to it at once."""
    tell_office(deed, case, "case_urgent" if case.urgent else "case_new")


def tell_firm(deed: Deed, case: Case, kind: str) -> None:
    """Tell the firm whose case it is."""
    _tell(deed, case, kind, case.owner_id)


def tell_of_move(deed: Deed, case: Case, by: Role) -> None:
    """Tell the other side that a move was made, or both sides where the clock made it."""
    kind = service_of(case.service).machine.by_id[case.state].kind
    if by is Role.TRADER:
        if kind is not Kind.ENDED:
            tell_office(deed, case, "case_reply")
        return
    tell_firm(deed, case, {Kind.OPEN: "case_moved", Kind.PAUSE: "case_waits", Kind.ENDED: "case_closed"}[kind])


def tell_of_rung(deed: Deed, case: Case, whom: str, *, first_answer: bool = False) -> None:
    """Tell whom a rung of the ladder names that a promise runs out or was broken; nobody where there is no such body.

    Where it is the promise for the first answer, this stands behind the name of the service.

    They are told number and service alone: a body that has nothing else to do with a case does not see what it is
    about.
    """
    kind, body = RUNGS[whom], case.office_id
    with as_system("looking for whom a late case is reported to"):
        if whom == "office_above":
            body = Organisation.objects.filter(pk=case.office_id).values_list("parent_id", flat=True).first()
        elif whom == "supervision":
            bodies = Organisation.objects.filter(kind="coordination", closed_on=None).order_by("-from_region", "id")
            body = bodies.values_list("pk", flat=True).first()
    if body is not None:
        title = _by_language(service_of(case.service).name)
        _tell(deed, case, kind, body, title=_of_first_answer(title) if first_answer else title)


def _tell(deed: Deed, case: Case, kind: str, whom: int, *, title: Mapping[str, str] | None = None) -> None:
    state = service_of(case.service).state_names[case.state]
    words = {"number": case.number, "title": title or case.title, "state": _by_language(state)}
    notify(deed, firm=whom, kind=kind, about=("desk:case", {"case": case.pk}), words=words)


def _of_first_answer(services: Mapping[str, str]) -> Mapping[str, str]:
    found = {}
    for code, service in services.items():
        with override(django_code(code)):
            found[code] = pgettext("desk case", "%(service)s（第一次答复）") % {"service": service}
    return found


def _by_language(said: Words) -> Mapping[str, str]:
    return {code: said.of(code) for code in LANGUAGES}
