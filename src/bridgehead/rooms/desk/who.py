"""Whom somebody may act for at the desk."""

from __future__ import annotations

from bridgehead.ground.access.acting import able_in
from bridgehead.ground.access.viewer import Viewer, as_system
from bridgehead.ground.models import Organisation

KEEP = "policy.keep"
"""Write policies and check them against their source."""
APPROVE = "policy.approve"
"""Publish what others wrote and checked, and withdraw it."""
OFFER = "service.keep"
"""Write news, hold training and fairs, list products."""
RELEASE = "service.release"
"""Release news others wrote."""
CARE = "outbound.keep"
"""For an office: visit and warn firms with projects abroad."""
ASK = "case.open"
"""For a firm: tell about it, keep answers, ask for services."""
ABROAD = "outbound.register"
"""For a firm: register its projects abroad and name the office that sees them; no mandate covers it."""
HANDLE = "case.handle"
"""For an office: take cases in, work on them, hand them over."""
DECIDE = "case.decide"
"""For the head of an office: decide on cases, make a promise longer."""


def offices(viewer: Viewer) -> list[Organisation]:
    """Return the offices for which somebody handles cases, in the order of their codes."""
    return able_in(viewer, HANDLE)


def has_closed(organisation: int) -> bool:
    """Tell whether an organisation is no more, whoever asks."""
    with as_system("looking whether a firm is still there"):
        return Organisation.objects.filter(pk=organisation).exclude(closed_on=None).exists()


def firms(viewer: Viewer) -> list[Organisation]:
    """Return the firms somebody may ask for, their own before those that gave their organisation a mandate."""
    own = viewer.organisations
    return sorted(able_in(viewer, ASK), key=lambda one: (one.pk not in own, one.code))
