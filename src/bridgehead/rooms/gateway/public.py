"""What other rooms may import from the gateway: names and addresses of its ports and places."""

from __future__ import annotations

from bridgehead.ground.words import metric, unit, word
from bridgehead.rooms.gateway.selectors.names import href, name, short

__all__ = ["href", "metric", "name", "short", "unit", "word"]
