"""Where a unit was between two rows of a log: on its way to a station, at a match, a collection or a division."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, cached_property

from bridgehead.engines.simulation.model import Combine, Match, Model, Node, Route, Split, Station

SOURCE = ""
"""Stands for the place outside from where units arrive."""
Assembly = Match | Split | Combine


class WaysBetween:
    """Looks up what lies between the stations of a model.

    Parameters
    ----------
    model : Model
        Whose routes are followed.
    """

    def __init__(self, model: Model) -> None:
        self.model = model
        self.assembly_at = cache(self._assembly_at)
        self.onward = cache(self._onward)

    @cached_property
    def nodes(self) -> Mapping[str, Node]:
        """The nodes by id."""
        return {node.id: node for node in self.model.nodes}

    @cached_property
    def _routes(self) -> Mapping[tuple[str, str], Route]:
        return {(route.node, route.unit_class): route for route in self.model.routes}

    def _onward(self, node: str, unit_class: str) -> tuple[str | None, ...]:
        """Return where units of a class go from a node, or from outside; None is out of the port."""
        if node == SOURCE:
            return tuple(dict.fromkeys(one.node for one in self.model.sources if one.unit_class == unit_class))
        route = self._routes.get((node, unit_class)) or self._routes.get((node, "*"))
        if route is None or not (route.ways or route.shortest):
            return (None,)
        return route.shortest or tuple(way.to for way in route.ways)

    def _assembly_at(self, node: str, unit_class: str, to: str | None) -> Assembly | None:
        """Return the match at which a unit is between two stations, or where its way as this unit ends.

        Parameters
        ----------
        node : str
            The station it comes from, or `SOURCE`.
        unit_class : str
            Its class.
        to : str or None
            The station where it is next seen, None where it is never seen again.
        """
        targets = self.onward(node, unit_class)
        assemblies = [one for name in targets if name and isinstance(one := self.nodes[name], Match | Split | Combine)]
        if to is None:
            return assemblies[0] if assemblies and None not in targets else None
        if to in targets:
            return None
        going_on = [one for one in assemblies if isinstance(one, Match) and one.becomes is None]
        return next((one for one in going_on if to in self.onward(one.id, unit_class)), None)

    def leaves_after(self, node: str, unit_class: str) -> bool:
        """Tell whether a unit that is seen last at a station may have left the port from there."""
        return None in self.onward(node, unit_class)

    def station(self, name: str) -> Station | None:
        """Return a station of the model by id."""
        found = self.nodes.get(name)
        return found if isinstance(found, Station) else None
