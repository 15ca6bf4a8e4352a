"""Projects abroad as a firm sees its own, and as the office sees those it was named for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F
from django.utils import timezone
from django.utils.translation import npgettext, pgettext

from bridgehead.ground.access.acting import able_in
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer, as_system
from bridgehead.ground.language import language
from bridgehead.ground.models import Organisation
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.desk.checklist import Item, items
from bridgehead.rooms.desk.models import OutboundProject, OutboundSignal, PatrolVisit
from bridgehead.rooms.desk.tags import country_name
from bridgehead.rooms.desk.texts import said
from bridgehead.rooms.desk.who import ABROAD, CARE

Visit = PatrolVisit.State


@dataclass(frozen=True, slots=True)
class ProjectSeen:
    """A project in words, with the items of the checklist that are missing."""

    record: OutboundProject
    firm: str
    items: Sequence[Item]

    @property
    def country(self) -> str:
        """Where it is."""
        return country_name(self.record.country)

    @property
    def gaps(self) -> Sequence[Item]:
        """What is missing of the checklist."""
        return [one for one in self.items if one.missing]

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self.record.ends_on is not None and self.record.ends_on < timezone.localdate()

    @property
    def gap_words(self) -> str:
        """How much is missing, in words."""
        if not self.items:
            return ""
        if not self.gaps:
            return pgettext("outbound", "清单没有缺项")
        return npgettext("outbound", "清单缺 %(n)s 项", "清单缺 %(n)s 项", len(self.gaps)) % {"n": len(self.gaps)}


@dataclass(frozen=True, slots=True)
class SignalSeen:
    """A signal in words."""

    record: OutboundSignal

    @property
    def title(self) -> str:
        """What it says in short."""
        return said(self.record.texts, "title")

    @property
    def text(self) -> str:
        """What else it says."""
        return said(self.record.texts, "text")

    @property
    def level(self) -> str:
        """How serious it is."""
        words = {
            OutboundSignal.Level.NOTICE: pgettext("outbound signal", "提示"),
            OutboundSignal.Level.WARNING: pgettext("outbound signal", "警告"),
            OutboundSignal.Level.DANGER: pgettext("outbound signal", "危险"),
        }
        return words[OutboundSignal.Level(self.record.level)]


@dataclass(frozen=True, slots=True)
class Register:
    """The projects abroad of somebody's firms, those that go on first."""

    says: str
    projects: Sequence[ProjectSeen]
    firms: Sequence[Organisation]


def register(viewer: Viewer) -> Register:
    """Return the projects abroad of somebody's firms.

    Articles: 47, 48
    """
    able = own_firms(viewer)
    names = {one.pk: one.name(language()) for one in able}
    rows = visible(OutboundProject, viewer).filter(owner__in=names)
    found = sorted((_seen(one, names[one.owner_id]) for one in rows), key=lambda one: one.over)
    going = sum(not one.over for one in found)
    says = npgettext("outbound", "%(n)s 个境外项目在进行", "%(n)s 个境外项目在进行", going) % {"n": going}
    return Register(says if going else pgettext("outbound", "没有登记正在进行的境外项目"), found, able)


def own_firms(viewer: Viewer) -> list[Organisation]:
    """Return the firms somebody belongs to; projects abroad cannot be entrusted to a broker."""
    return able_in(viewer, ABROAD)


@dataclass(frozen=True, slots=True)
class ProjectPage:
    """One project with its visits and signals; the office that sees it, and those it could be."""

    project: ProjectSeen
    visits: Sequence[PatrolVisit]
    signals: Sequence[SignalSeen]
    office: str
    offices: Sequence[Organisation]


def project_page(viewer: Viewer, project: int) -> ProjectPage:
    """Return one project abroad of somebody's firms.

    Raises
    ------
    BridgeheadError
        ``outbound.no_such_project``.

    Articles: 47, 48
    """
    mine = {one.pk for one in own_firms(viewer)}
    return _page(viewer, project, owner__in=mine)


def care_page(viewer: Viewer, project: int) -> ProjectPage:
    """Return one project abroad an office was named for.

    Raises
    ------
    BridgeheadError
        ``outbound.no_such_project``.

    Articles: 47, 48
    """
    able = [one.pk for one in able_in(viewer, CARE)]
    return _page(viewer, project, office__in=able)


def _page(viewer: Viewer, project: int, **only: object) -> ProjectPage:
    row = visible(OutboundProject, viewer).filter(pk=project, **only).first()
    if row is None:
        raise BridgeheadError("outbound.no_such_project")
    with as_system("naming the firm and the office of a project abroad"):
        firm = Organisation.objects.get(pk=row.owner_id)
        office = Organisation.objects.filter(pk=row.office_id).first()
        offices = list(Organisation.objects.filter(is_public=True, closed_on=None, kind__in=OFFICES).order_by("code"))
    visits = list(visible(PatrolVisit, viewer).filter(project=row).select_related("office"))
    signals = [SignalSeen(one) for one in visible(OutboundSignal, viewer).filter(project=row)[:20]]
    seen = _seen(row, firm.name(language()))
    return ProjectPage(seen, visits, signals, office.name(language()) if office else "", offices)


OFFICES = ("department", "coordination", "port_administration")
"""Kinds of public bodies that care for projects abroad."""


@dataclass(frozen=True, slots=True)
class Care:
    """What an office cares for: the projects it was named for, visits to come, what is to be done after visits."""

    says: str
    projects: Sequence[ProjectSeen]
    planned: Sequence[PatrolVisit]
    open: Sequence[PatrolVisit]


def care(viewer: Viewer) -> Care:
    """Return the projects abroad an office was named for, and its visits.

    Articles: 47, 48
    """
    able = [one.pk for one in able_in(viewer, CARE)]
    rows = list(visible(OutboundProject, viewer).filter(office__in=able)[:500]) if able else []
    with as_system("naming firms with projects abroad to the office they named"):
        wanted = {one.owner_id for one in rows}
        names = {one.pk: one.name(language()) for one in Organisation.objects.filter(pk__in=wanted)}
    found = [_seen(one, names[one.owner_id]) for one in rows]
    shown = visible(PatrolVisit, viewer).filter(office__in=able, project__office=F("office"))
    visits = shown.select_related("project").order_by("planned_on")
    planned = list(visits.filter(state=Visit.PLANNED)[:100])
    waits = list(visits.filter(state=Visit.OPEN).order_by("follow_up_by")[:100])
    going = sum(not one.over for one in found)
    says = npgettext("outbound", "%(n)s 个境外项目由本单位关怀", "%(n)s 个境外项目由本单位关怀", going) % {"n": going}
    return Care(says if going else pgettext("outbound", "还没有企业把境外项目给本单位看"), found, planned, waits)


def visit_word(visit: PatrolVisit) -> str:
    """Return how far a visit is."""
    words = {
        Visit.PLANNED: pgettext("outbound visit", "要去"),
        Visit.OPEN: pgettext("outbound visit", "有事要办"),
        Visit.CLOSED: pgettext("outbound visit", "办完了"),
        Visit.DROPPED: pgettext("outbound visit", "没有去"),
    }
    return words[Visit(visit.state)]


def _seen(row: OutboundProject, firm: str) -> ProjectSeen:
    return ProjectSeen(row, firm, items(row.answers))
