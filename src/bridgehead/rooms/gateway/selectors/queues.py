"""Where vehicles wait in the reference flows, how long, and before what capacity; and what is not sent at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bridgehead.engines.flows.freight_flows import Queue
from bridgehead.engines.flows.results import Unserved
from bridgehead.ground import wording, words
from bridgehead.ground.kept import kept
from bridgehead.ground.language import language
from bridgehead.ground.region import Loaded
from bridgehead.kernel.source import Standing
from bridgehead.rooms.gateway.selectors import modelled, names, routes
from bridgehead.rooms.gateway.selectors import through as through_selectors
from bridgehead.rooms.gateway.selectors.capacities import assumed, standing_of_capacity

LEAST_T = 1.0
"""Tonnes below which a rest that is not sent is no more than the tail of the model's overflow."""


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A queue in words.

    ``basis`` is where the capacity is from, ``placeholder`` tells that it is one of the link's class, and ``parameter``
    names the row it stands in where it is that of a change of gauge.
    """

    queue: Queue
    name: str
    mode: str
    href: str
    standing: Standing
    basis: str
    placeholder: bool
    parameter: str

    @property
    def full(self) -> bool:
        """Whether nine tenths of the capacity or more are used."""
        return self.queue.share >= modelled.FULL

    @property
    def load_words(self) -> str:
        """Load and capacity with their unit, which stands once where both have the same."""
        load, unit = wording.measured(self.queue.load, self.queue.unit, language())
        capacity, its_unit = wording.measured(self.queue.capacity, self.queue.unit, language())
        return f"{load} / {capacity} {unit}" if unit == its_unit else f"{load} {unit} / {capacity} {its_unit}"


@kept
def lines(loaded: Loaded) -> tuple[QueueLine, ...]:
    """Return every queue, the longest wait first."""
    found = sorted(loaded.freight.queues, key=lambda queue: (-queue.wait_h, -queue.share, queue.link, queue.place))
    return tuple(_line(loaded, queue) for queue in found)


@kept
def waiting(loaded: Loaded) -> tuple[QueueLine, ...]:
    """Return the queues in which vehicles wait an hour or more, the longest first."""
    return tuple(line for line in lines(loaded) if line.queue.wait_h >= modelled.WAITING_H)


def link_waits(loaded: Loaded) -> Mapping[str, float]:
    """Return the hours in the longer queue of every link with freight and a capacity."""

    def longest() -> Mapping[str, float]:
        found: dict[str, float] = {}
        for queue in loaded.freight.queues:
            if queue.link:
                found[queue.link] = max(found.get(queue.link, 0.0), queue.wait_h)
        return found

    kept_here: Mapping[str, float] = loaded.remember("gateway.link_waits", longest)
    return kept_here


def _line(loaded: Loaded, queue: Queue) -> QueueLine:
    if queue.link:
        link = loaded.components.links_by_id[queue.link]
        return QueueLine(
            queue, through_selectors.course(loaded, queue.origin, queue.destination), words.word("mode", link.mode),
            through_selectors.address(link=queue.link), standing_of_capacity(queue.basis), queue.basis,
            assumed(queue.basis), "",
        )  # fmt: skip
    used = routes.parameters(loaded, (queue.basis,))
    source, standing = (used[0].parameter.source, used[0].standing) if used else ("", Standing.ESTIMATE)
    name = names.distinct(loaded, queue.place)
    return QueueLine(
        queue, name, _("换轨"), names.href(queue.place, loaded), standing, source, not source, queue.basis
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class NotSent:
    """Part of a demand row that the model does not send, with the reason in words."""

    row: Unserved
    origin: str
    destination: str
    commodity: str
    reason: str


@kept
def not_sent(loaded: Loaded) -> tuple[NotSent, ...]:
    """Return what is not sent, the largest first; less than a tonne is left out."""
    reasons = {
        "no_path": _("没有路可走"),
        "overflow": _("运费和排队合起来超过不运的代价"),
    }
    rows = sorted(loaded.flows.unserved, key=lambda row: (-row.tonnes, row.origin, row.destination))
    return tuple(
        NotSent(
            row, names.short(loaded, row.origin), names.short(loaded, row.destination),
            names.name(loaded, row.commodity), reasons.get(row.reason, row.reason),
        )
        for row in rows
        if row.tonnes >= LEAST_T
    )  # fmt: skip
