"""The drawings of the port roles: the matrix of sameness, the strips and bars of a profile."""

from __future__ import annotations

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bridgehead.ground import wording
from bridgehead.ground.kept import kept
from bridgehead.ground.language import language
from bridgehead.ground.region import Loaded
from bridgehead.render.heat import heat_matrix, share_strip
from bridgehead.render.svg import Size, Words
from bridgehead.rooms.gateway.drawings import charts
from bridgehead.rooms.gateway.drawings.maps import both, drawn
from bridgehead.rooms.gateway.selectors import names
from bridgehead.rooms.gateway.selectors.port_roles import RoleLine, role_line, roles

WIDE, NARROW = Size(760, 400), Size(358, 330, narrow=True)
MOST_TOLD = 5


@kept
def sameness(loaded: Loaded) -> SafeString:
    """Return how alike the ports are as a matrix of shades; its description tells the pairs most alike."""
    found = roles(loaded)
    ports = [one.port for one in found.profiles]
    told = _("；").join(
        _("%(one)s和%(other)s %(share)s")
        % {
            "one": names.distinct(loaded, one),
            "other": names.distinct(loaded, other),
            "share": wording.percent(share, language()),
        }
        for one, other, share in found.pairs()[:MOST_TOLD]
    )
    said = Words(_("口岸之间货物结构的相同程度，百分数"), told, empty=_("没有口岸有货。"))
    shown, hrefs = [names.distinct(loaded, port) for port in ports], [names.href(port, loaded) for port in ports]
    return both(lambda size: heat_matrix(shown, found.similarity, said, size, hrefs), WIDE, NARROW)


def strip(line: RoleLine) -> SafeString:
    """Return the largest lines of a port as shares of its freight."""
    told = _("；").join(f"{one.name} {wording.percent(one.share, language())}" for one in line.first)
    return drawn(share_strip(line.cuts, f"{line.name}{_('：')}{told}"))


@kept
def profile_bars(loaded: Loaded, port: str) -> SafeString:
    """Return the freight of a port by line as bars, the largest in accent."""
    line = role_line(loaded, port)
    if line is None:
        return SafeString("")
    rows = [(one.name, one.tonnes, "") for one in line.lines[: charts.MOST_BARS]]
    left = sum(one.tonnes for one in line.lines[charts.MOST_BARS :])
    if left:
        rows.append((_("其他"), left, ""))
    return charts.bars(rows, _("%(port)s的货物结构") % {"port": line.name}, meant=1)
