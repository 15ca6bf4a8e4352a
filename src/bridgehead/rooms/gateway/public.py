"""What other rooms may import from the gateway: names and addresses of its ports and places."""

from __future__ import annotations

from bridgehead.rooms.gateway.selectors.names import href, name, short
from bridgehead.rooms.gateway.words import metric, unit, word

__all__ = ["href", "metric", "name", "short", "unit", "word"]
