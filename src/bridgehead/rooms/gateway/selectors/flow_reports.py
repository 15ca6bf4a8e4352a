"""The loading beside what was reported: ports, modes, and the parameters everything rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bridgehead.ground import words
from bridgehead.ground.kept import kept
from bridgehead.ground.language import language, speak
from bridgehead.ground.region import Loaded
from bridgehead.kernel.source import Standing
from bridgehead.rooms.gateway import parameter_words, prose
from bridgehead.rooms.gateway.selectors import modelled, names, ports, routes, through
from bridgehead.rooms.gateway.selectors.comparison import Comparison, on_moved, on_report, sum_t
from bridgehead.rooms.gateway.selectors.throughput import FREIGHT, Point, best, cell, points


@dataclass(frozen=True, slots=True)
class PortCheck:
    """Model beside report for a port, or for ports that are reported together, under its short name.

    ``remarks`` say what is known about a large difference; ``not_open_then`` that the port opened after the base year.
    ``uses`` are words and address of who uses it, one a port where several are counted together.
    """

    id: str
    name_zh: str
    name_en: str
    href: str
    compared: Comparison
    remarks: tuple[str, ...] = ()
    not_open_then: bool = False
    uses: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        """The short name in the language of the page."""
        return speak(language(), self.name_zh, self.name_en)

    @property
    def reported(self) -> Point | None:
        """The report."""
        return self.compared.reported

    @property
    def reported_of(self) -> str:
        """The group the report speaks of, empty where it is the port's own."""
        return self.compared.reported_of

    @property
    def reported_t(self) -> float | None:
        """The reported tonnes."""
        return self.compared.reported_t

    @property
    def modelled_t(self) -> float | None:
        """The modelled tonnes of the members together."""
        return self.compared.modelled_t

    @property
    def members(self) -> tuple[str, ...]:
        """The ids the modelled tonnes are summed over."""
        return self.compared.members

    @property
    def difference_t(self) -> float | None:
        """Model minus report in tonnes."""
        return self.compared.difference_t

    @property
    def ratio(self) -> float | None:
        """The difference as a share of the report."""
        return self.compared.ratio

    @property
    def large(self) -> bool:
        """Whether model and report are apart."""
        return self.compared.large


def _check(loaded: Loaded, one: ports.PortLine) -> PortCheck:
    members = tuple(member.id for member in one.members) or (one.id,)
    if one.point_of:
        members = names.index(loaded).groups[one.point_of].members
    year = loaded.region.settings.base_year
    found = Comparison(year, one.point, one.point_of, sum_t(loaded, members), members)
    known = [*on_report(one.point), *on_moved(loaded, members)] if found.large else []
    remarks = tuple(prose.tidy(said) for said in known)
    return PortCheck(
        one.id, one.short_zh, one.short_en, one.href, found, remarks, one.not_open_then, _uses(loaded, members)
    )


def _uses(loaded: Loaded, members: Sequence[str]) -> tuple[tuple[str, str], ...]:
    sent = [port for port in members if modelled.port_total_t(loaded, port)]
    modes = {port: words.word("mode", cell(names.index(loaded).ports[port], "mode")) for port in sent}
    said = {port: modes[port] if len(members) > 1 else _("谁在用") for port in sent}
    return tuple((said[port], through.address(port=port)) for port in sent)


@kept
def port_checks(loaded: Loaded) -> tuple[PortCheck, ...]:
    """Return model beside report for every open land port, the largest first, those counted together as one."""
    found = [_check(loaded, one) for one in ports.sites(loaded)]
    found.sort(key=lambda one: one.name_en.casefold())
    return tuple(sorted(found, key=lambda one: -max(one.reported_t or 0.0, one.modelled_t or 0.0)))


@kept
def whole_check(loaded: Loaded) -> PortCheck | None:
    """Return model beside report for all ports of the region together; None where nobody reported a sum."""
    subject = names.whole(loaded)
    reported = best(points(loaded, subject), loaded.region.settings.base_year) if subject else None
    if reported is None:
        return None
    zh, en = names.both(loaded, subject)
    year = loaded.region.settings.base_year
    return PortCheck(subject, zh, en, "", Comparison(year, reported, "", modelled.total_t(loaded)))


def calibrated(loaded: Loaded) -> int:
    """Return how many constants of ports were calibrated: with any, the ports are reproduced and prove nothing."""
    rows = loaded.components.parameters
    return sum(row.quantity == "choice_constant" and bool(row.place) and row.value != 0.0 for row in rows)


@dataclass(frozen=True, slots=True)
class ModeCheck:
    """Freight over the home border by one mode: reported and modelled, each with its share of all modes named."""

    mode: str
    reported: Point | None
    reported_share: float | None
    modelled_t: float
    modelled_share: float | None


@kept
def modal_split(loaded: Loaded) -> tuple[ModeCheck, ...]:
    """Return modelled and reported freight over the border by mode; empty where nothing was reported by mode.

    A report by mode is the metric ``<mode>_cargo_tonnes`` of the whole region in the base year.
    """
    subject, year = names.whole(loaded), loaded.region.settings.base_year
    sent = mode_tonnes(loaded)
    listed = sorted({*sent, *names.LAND}, key=lambda mode: names.MODE_ORDER.get(mode, 9))
    told = {mode: best(points(loaded, subject, f"{mode}_{FREIGHT}"), year) for mode in listed} if subject else {}
    reported_t = sum(point.figure.value or 0.0 for point in told.values() if point is not None)
    if not reported_t:
        return ()
    whole_t = sum(sent.values())
    found = []
    for mode in listed:
        point, tonnes = told.get(mode), sent.get(mode, 0.0)
        if point is None and not tonnes:
            continue
        reported_share = (point.figure.value or 0.0) / reported_t if point is not None else None
        found.append(ModeCheck(mode, point, reported_share, tonnes, tonnes / whole_t if whole_t else None))
    return tuple(found)


def mode_tonnes(loaded: Loaded) -> dict[str, float]:
    """Return the modelled tonnes over the home border at the region's ports, by the mode of the border link."""
    uses = modelled.link_uses(loaded)
    found: Counter[str] = Counter()
    for port in names.index(loaded).ports:
        for link in modelled.border_links(loaded, port):
            if link.id in uses and modelled.port_total_t(loaded, port):
                found[link.mode] += uses[link.id].tonnes  # type: ignore[assignment]
    return dict(found)


@dataclass(frozen=True, slots=True)
class Parameters:
    """The parameters behind the loading: rows in words, and how many there are of each standing."""

    lines: tuple[parameter_words.ParameterLine, ...]
    counts: tuple[tuple[Standing, int], ...]

    @property
    def estimates(self) -> int:
        """How many are judged or assumed."""
        return dict(self.counts).get(Standing.ESTIMATE, 0)


@kept
def parameters(loaded: Loaded) -> Parameters:
    """Return the parameters used, those of one quantity together."""
    used = routes.parameters(loaded, loaded.flows.parameters)
    counted = Counter(use.standing for use in used)
    listed = sorted(used, key=lambda use: (use.parameter.quantity, use.parameter.id))
    counts = tuple((standing, counted[standing]) for standing in Standing if counted[standing])
    return Parameters(parameter_words.parameter_lines(loaded, listed), counts)
