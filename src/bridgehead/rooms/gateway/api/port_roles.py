"""The operation beside the page of the port roles."""

from __future__ import annotations

from dataclasses import asdict

from django.http import HttpRequest
from ninja import Router

from bridgehead.engines.flows.port_division import Assignment, Part, Reason
from bridgehead.ground.access.audience import audience
from bridgehead.ground.region import Loaded, current
from bridgehead.rooms.gateway.api.ports import named_out
from bridgehead.rooms.gateway.schemas import port_roles as out
from bridgehead.rooms.gateway.selectors import division
from bridgehead.rooms.gateway.selectors import port_roles as selectors

router = Router(tags=["gateway"])


@router.get("/port-roles", response=out.PortRolesOut, summary="Port roles")
@audience("public")
def show_port_roles(request: HttpRequest) -> out.PortRolesOut:
    """Give what each port carries, whom it resembles and serves, and the proposed division of work with reasons."""
    return port_roles(current())


def port_roles(loaded: Loaded) -> out.PortRolesOut:
    """Return the roles of the ports as the operation gives them."""
    found = selectors.roles(loaded)
    return out.PortRolesOut(
        statement=selectors.statement(loaded),
        year=found.year,
        input_hash=loaded.flows.input_hash,
        rules=out.RulesOut(**asdict(found.rules)),
        ports=[_port(loaded, line) for line in selectors.role_lines(loaded)],
        markets=[
            _market(loaded, market, line)
            for market, line in zip(found.assignments, division.markets(loaded), strict=True)
        ],
        without_freight=list(found.without),
    )


def _port(loaded: Loaded, line: selectors.RoleLine) -> out.PortRoleOut:
    found, profile = selectors.roles(loaded), line.profile
    mine = [(market, part) for market in found.assignments for part in market.parts if part.port == line.id]
    by_role = {
        role: [f"{m.direction} {m.commodity} {m.partner}" for m, part in mine if part.role == role]
        for role in ("leads", "supports", "leaves")
    }
    return out.PortRoleOut(
        port=named_out(loaded, line.id),
        tonnes=profile.tonnes,
        import_t=profile.import_t,
        export_t=profile.export_t,
        standing=str(line.standing),
        share_reported=line.firm_share,
        krugman_index=profile.krugman,
        herfindahl=profile.herfindahl,
        effective_lines=profile.effective_lines,
        lines=[
            out.ProfileLineOut(
                direction=one.direction,
                commodity=one.commodity,
                tonnes=one.tonnes,
                share=one.share,
                quotient=one.quotient,
                standing=str(selectors.STANDINGS[one.basis]),
            )
            for one in profile.lines
        ],
        alike=[out.ShareOut(id=other, share=share) for other, share in found.alike(line.id)],
        hinterland=_hinterland(line),
        nearby=_nearby(line),
        rivals=[
            out.RivalOut(
                port=one.other,
                contestable_share=one.contestable_share,
                gap_usd_per_t=one.gap_usd_per_t,
                common_hinterland=one.common_hinterland,
            )
            for one in found.rivals
            if one.port == line.id
        ],
        **by_role,
    )


def _hinterland(line: selectors.RoleLine) -> out.HinterlandOut | None:
    land = line.hinterland
    if land is None:
        return None
    return out.HinterlandOut(
        standing=str(line.hinterland_standing),
        tonnes=land.tonnes,
        home=[out.ShareOut(id=area.id, share=area.share) for area in land.home],
        abroad=[out.ShareOut(id=area.id, share=area.share) for area in land.abroad],
        home_concentration=land.home_concentration,
        abroad_concentration=land.abroad_concentration,
        home_km=land.home_km,
        abroad_km=land.abroad_km,
    )


def _nearby(line: selectors.RoleLine) -> out.NearbyOut | None:
    near = line.nearby
    if near is None:
        return None
    return out.NearbyOut(
        standing=str(selectors.STANDINGS[near.basis]) if near.basis else None,
        import_t=near.import_t,
        processed_t=near.processed_t,
        other_near_t=near.other_near_t,
        processed_share=near.processed_share,
        sites=[out.SiteOut(place=one.place, kind=one.kind, km=one.km, tonnes=one.tonnes) for one in near.sites],
    )


def _market(loaded: Loaded, market: Assignment, line: division.MarketLine) -> out.MarketOut:
    return out.MarketOut(
        name=line.name,
        direction=market.direction,
        commodity=market.commodity,
        partner=market.partner,
        tonnes=market.tonnes,
        share_reported=market.firm_share,
        weak=market.weak,
        tied=list(market.tied),
        unserved_t=market.unserved_t,
        notes=[*line.notes, *([line.weakness] if line.weakness else [])],
        parts=[_part(loaded, part, told) for part, told in zip(market.parts, line.parts, strict=True)],
    )


def _part(loaded: Loaded, part: Part, line: division.PartLine) -> out.RolePartOut:
    return out.RolePartOut(
        port=named_out(loaded, part.port),
        role=part.role,
        tonnes=part.tonnes,
        share=part.share,
        passed=part.passed,
        reasons=[_reason(reason, told) for reason, told in zip(part.reasons, line.reasons, strict=True)],
    )


def _reason(reason: Reason, line: division.ReasonLine) -> out.ReasonOut:
    return out.ReasonOut(
        test=reason.test,
        passed=reason.passed,
        value=reason.value,
        gap_usd_per_t=reason.gap_usd_per_t,
        other=reason.other or None,
        words=line.text,
    )
