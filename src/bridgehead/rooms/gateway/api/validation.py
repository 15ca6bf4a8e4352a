"""The operation beside the page of the validation report."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router

from bridgehead.ground.access.audience import audience
from bridgehead.ground.region import current
from bridgehead.kernel.source import Figure, Standing
from bridgehead.rooms.gateway.schemas import validation as out
from bridgehead.rooms.gateway.schemas.ports import figure
from bridgehead.rooms.gateway.selectors import validation as selectors

router = Router(tags=["flows"])


def _line(row: selectors.Row) -> out.ValidationLineOut:
    line = row.line
    reported, modelled = figure(line.figure), figure(Figure(line.modelled, line.unit, Standing.MODEL))
    assert reported is not None
    assert modelled is not None
    return out.ValidationLineOut(
        kind=line.kind,
        subject=line.subject,
        name=row.name,
        key=line.key,
        year=line.year,
        reported=reported,
        modelled=modelled,
        error=line.error,
        error_share=line.error_share,
        naive=line.naive,
        model_nearer=line.better,
        before=line.before,
        before_standing=line.before_standing,
    )


@router.get("/validation", response=out.ValidationOut, summary="The calibrated model beside reports")
@audience("public")
def show_validation(request: HttpRequest) -> out.ValidationOut:
    """Give every reported figure with the model's, the constants with their bounds, and what is supposed."""
    loaded = current()
    found = selectors.report(loaded)
    return out.ValidationOut(
        statement=selectors.statement(loaded, found),
        computed=found is not None,
        year=found.year if found else None,
        input_hash=found.input_hash if found else None,
        settled=found.settled if found else None,
        relative_gap=found.relative_gap if found else None,
        misfit_before=found.misfit[0] if found else None,
        misfit_after=found.misfit[1] if found else None,
        growth={str(year): factor for year, factor in found.growth.items()} if found else {},
        constants=[
            out.ConstantOut(
                id=one.line.id,
                ports=list(one.line.ports),
                value=one.line.value,
                lower=one.line.lower,
                upper=one.line.upper,
                at_bound=one.line.at_bound,
                reason=one.reason,
            )
            for one in (selectors.constants(loaded, found) if found else ())
        ],
        lines=[_line(row) for section in selectors.sections(loaded, found) for row in section.rows] if found else [],
        background=[
            out.BackgroundOut(
                link=one.link, value=one.value, unit=one.unit, reason=one.reason, standing=str(one.standing),
                source=one.source, source_date=one.source_date,
            )
            for one in selectors.background(loaded)
        ],
    )  # fmt: skip
