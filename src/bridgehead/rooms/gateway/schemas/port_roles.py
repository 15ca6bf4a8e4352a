"""What the operation beside the port roles answers: types that OpenAPI describes."""

from __future__ import annotations

from ninja import Schema

from bridgehead.rooms.gateway.schemas.ports import Named


class ProfileLineOut(Schema):
    """One commodity in one direction at a port: tonnes a year, share of its freight, location quotient."""

    direction: str
    commodity: str
    tonnes: float
    share: float
    quotient: float
    standing: str


class ShareOut(Schema):
    """A port, a league or city or a country with a share, 0 to 1."""

    id: str
    share: float


class HinterlandOut(Schema):
    """Where freight begins and ends; distances are null where the model sends nothing over the port."""

    standing: str
    tonnes: float
    home: list[ShareOut]
    abroad: list[ShareOut]
    home_concentration: float | None
    abroad_concentration: float | None
    home_km: float | None
    abroad_km: float | None


class SiteOut(Schema):
    """A place for processing near a port, with the import tonnes that end there."""

    place: str
    kind: str
    km: float
    tonnes: float


class NearbyOut(Schema):
    """What of a port's imports ends near it; null where that is not known."""

    standing: str | None
    import_t: float
    processed_t: float | None
    other_near_t: float | None
    processed_share: float | None
    sites: list[SiteOut]


class RivalOut(Schema):
    """What another port could take of a port's freight at about the same cost, in the model."""

    port: str
    contestable_share: float
    gap_usd_per_t: float | None
    common_hinterland: float | None


class PortRoleOut(Schema):
    """The role of one port. ``krugman_index`` compares with all other ports together, 0 to 2."""

    port: Named
    tonnes: float
    import_t: float
    export_t: float
    standing: str
    share_reported: float
    krugman_index: float | None
    herfindahl: float
    effective_lines: float
    lines: list[ProfileLineOut]
    alike: list[ShareOut]
    hinterland: HinterlandOut | None
    nearby: NearbyOut | None
    rivals: list[RivalOut]
    leads: list[str]
    supports: list[str]
    leaves: list[str]


class ReasonOut(Schema):
    """One test: passed, not passed, or null for not known; its number and what it says."""

    test: str
    passed: bool | None
    value: float | None
    gap_usd_per_t: float | None
    other: str | None
    words: str


class RolePartOut(Schema):
    """What a port does in a market: ``leads``, ``supports`` or ``leaves``, with its reasons."""

    port: Named
    role: str
    tonnes: float
    share: float
    passed: int
    reasons: list[ReasonOut]


class MarketOut(Schema):
    """The proposal for one commodity in one direction with one partner country."""

    name: str
    direction: str
    commodity: str
    partner: str
    tonnes: float
    share_reported: float
    weak: bool
    tied: list[str]
    unserved_t: float
    notes: list[str]
    parts: list[RolePartOut]
    standing: str = "model"


class RulesOut(Schema):
    """The thresholds of the proposal; shares are 0 to 1."""

    carries_share: float
    quotient: float
    near_cheapest: float
    cheapest_share: float
    full: float
    support_share: float
    support_tests: int
    margin: float
    near_km: float


class PortRolesOut(Schema):
    """The roles of the ports in the base year: a proposal by rules from model and data, and no decision."""

    statement: str
    year: int
    standing: str = "model"
    input_hash: str
    rules: RulesOut
    ports: list[PortRoleOut]
    markets: list[MarketOut]
    without_freight: list[str]
