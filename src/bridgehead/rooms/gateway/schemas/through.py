"""What the operation on the users of a link or a port answers: types that OpenAPI describes."""

from __future__ import annotations

from ninja import Schema

from bridgehead.rooms.gateway.schemas.ports import Named


class PerTonneOut(Schema):
    """What a tonne takes; ``wait_h`` are the hours in queues, which ``hours`` leave out."""

    usd: float
    hours: float
    wait_h: float
    kg_co2e: float


class UserOut(Schema):
    """A demand row that passes: ``share_of_direction`` of what passes, ``share_of_row`` of what is sent of the row."""

    origin: Named
    destination: Named
    commodity: Named
    tonnes: float
    share_of_direction: float
    sent_t: float
    share_of_row: float
    mean: PerTonneOut


class PartOut(Schema):
    """Tonnes of an origin, a destination or a commodity."""

    id: str
    name: str
    tonnes: float
    share: float


class OtherLinkOut(Schema):
    """A link that the same freight uses, in one direction."""

    link: str
    origin: str
    destination: str
    tonnes: float
    share: float


class BesideOut(Schema):
    """What the same demand rows send by other ways, over these ports; ``share`` of all these rows send."""

    ports: list[str]
    tonnes: float
    share: float
    mean: PerTonneOut


class SideOut(Schema):
    """One direction; ``wait_h`` are the hours in its queue, null where it has no capacity."""

    direction: str | None
    origin: str
    destination: str
    tonnes: float
    wait_h: float | None
    mean: PerTonneOut
    before: PerTonneOut
    here: PerTonneOut
    after: PerTonneOut
    handling: PerTonneOut
    users: list[UserOut]
    origins: list[PartOut]
    destinations: list[PartOut]
    commodities: list[PartOut]
    links: list[OtherLinkOut]
    beside: list[BesideOut]


class ThroughOut(Schema):
    """Who uses a link or a port in the reference flows; a result of the model and no forecast."""

    statement: str
    link: str | None
    port: str | None
    name: str
    year: int
    method: str
    input_hash: str
    tonnes: float
    standing: str = "model"
    forecast: bool = False
    sides: list[SideOut]
