"""Who offers services and who takes them up: a body with an officer and a head, another body, and two firms."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from bridgehead.ground.access.viewer import as_system, system
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.models import Membership, Organisation, Person
from bridgehead.ground.tasks.runner import Runner
from bridgehead.rooms.desk.who import CARE
from tests.ground.world import member, organisation

if TYPE_CHECKING:
    from tests.desk import DeskWorld


@dataclass(frozen=True)
class ServiceWorld:
    """Who is there."""

    region: Organisation
    office: Organisation
    other_office: Organisation
    firm: Organisation
    other_firm: Organisation
    officer: Person
    head: Person
    stranger: Person
    trader: Person
    colleague: Person
    rival: Person


def service_world() -> ServiceWorld:
    """Make the world, through the platform's own actions."""
    with as_system("tests"):
        region = organisation("region", "government", "自治区政府")
        office = organisation("commerce", "department", "商务厅", parent=region)
        other = organisation("transport", "department", "交通厅", parent=region)
        firm = organisation("alpha", "enterprise", "甲公司", office=office)
        rival = organisation("bravo", "enterprise", "乙公司", office=other)
        return ServiceWorld(
            region,
            office,
            other,
            firm,
            rival,
            member(office, "officer", "officer", "钱经办"),
            member(office, "head", "head", "赵厅长"),
            member(other, "head", "stranger", "孙处长"),
            member(firm, "enterprise_admin", "trader", "冯外贸"),
            member(firm, "enterprise", "colleague", "何外贸"),
            member(rival, "enterprise_admin", "rival", "陈外贸"),
        )


@action("test.desk")
def within(deed: Deed, *, do: object) -> object:
    """Do something inside an action."""
    return do(deed)  # type: ignore[operator]


def as_an_action(do: object) -> object:
    """Do something inside an action of the platform."""
    return within(by=system("tests"), do=do)


@contextmanager
def ran() -> Iterator[None]:
    """Run every task that was left inside the block."""
    yield
    runner = Runner(0)
    for _ in range(200):
        if not runner.run_one():
            return
    raise AssertionError("the tasks come to no end")


def make(world: DeskWorld) -> None:
    """Make one record of each service, held by whoever cares for projects abroad on the pages of the tests."""
    from tests.site.admitted import person_with, role_for

    role = role_for(CARE)
    officer = person_with(role)
    with as_system("tests"):
        office = Membership.objects.select_related("organisation").get(person=officer).organisation
        here = ServiceWorld(
            region=world.ledger.region,
            office=office,
            other_office=world.ledger.transport,
            firm=world.firm,
            other_firm=world.rival,
            officer=officer,
            head=member(office, role, "desk-second"),
            stranger=world.ledger.transport_officer,
            trader=world.trader,
            colleague=member(world.firm, "enterprise", "desk-colleague"),
            rival=world.competitor,
        )
    for subject in ("training", "news", "promotion", "products", "outbound", "replies"):
        import_module(f"tests.desk.{subject}").make(here)
