"""What a unit's time goes into: its own services, and what it waited for."""

from __future__ import annotations

from typing import Literal

Cause = Literal["service", "queue", "closed", "blocked", "breakdown", "resource", "partner", "unserved"]

SERVICE: Cause = "service"
"""Being served. Repairs of its server and interruptions by others are in it: logs do not tell them apart."""
QUEUE: Cause = "queue"
"""All servers that work serve others."""
CLOSED: Cause = "closed"
"""The station is closed, its own service paused included."""
BLOCKED: Cause = "blocked"
"""A full station: it has no place for the unit, or servers are held by units it has no place for."""
BREAKDOWN: Cause = "breakdown"
"""Fewer servers work than there are, and it can fail."""
RESOURCE: Cause = "resource"
"""A server is free, but not what the service takes of a pool."""
PARTNER: Cause = "partner"
"""The other side of a match, or the rest of a collection."""
UNSERVED: Cause = "unserved"
"""Nobody is served although nothing known stands against it; without a model the hours of closing too."""

CAUSES: tuple[Cause, ...] = (SERVICE, QUEUE, CLOSED, BLOCKED, BREAKDOWN, RESOURCE, PARTNER, UNSERVED)
"""In the order in which tables show them."""
WAITS: tuple[Cause, ...] = CAUSES[1:]
