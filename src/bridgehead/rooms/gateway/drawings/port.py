"""The charts of a port's page."""

from __future__ import annotations

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bridgehead.ground.kept import kept
from bridgehead.ground.region import Loaded
from bridgehead.rooms.gateway.drawings import charts
from bridgehead.rooms.gateway.selectors import hinterland, home, names, port_sections
from bridgehead.rooms.gateway.selectors.targets import targets
from bridgehead.rooms.gateway.selectors.throughput import FREIGHT, points


@kept
def freight_chart(loaded: Loaded, port: str, subject: str) -> SafeString:
    """Return the running totals of a port or of the group it is counted in, with the target of the last years."""
    aims = [target for target in targets(loaded, subject) if target.metric == FREIGHT]
    title = _("%(port)s年内累计货运量") % {"port": names.name(loaded, subject)}
    return charts.year_lines(loaded, points(loaded, subject), aims, title)


@kept
def hinterland_bars(loaded: Loaded, port: str, home: bool) -> SafeString:
    """Return the ends of a port's freight as bars, at home or abroad."""
    found = hinterland.hinterland(loaded, port)
    ends = found.home if home else found.abroad
    title = _("%(port)s的货在境内的起讫地") if home else _("%(port)s的货在境外的起讫地")
    rows = hinterland.first_ends(ends, _("其他"))
    return charts.bars(rows, title % {"port": names.short(loaded, port)}, meant=1 if home else 0)


@kept
def pace_lines(loaded: Loaded, port: str) -> tuple[home.PaceLine, ...]:
    """Return the targets of a port in words."""
    aims = port_sections.port_targets(loaded, port)
    return tuple(home.pace_line(loaded, target, whole_name=False) for target in aims)
