"""What the operation beside the validation report answers: types that OpenAPI describes."""

from __future__ import annotations

from ninja import Schema

from bridgehead.rooms.gateway.schemas.ports import FigureOut


class ConstantOut(Schema):
    """A calibrated constant in USD per tonne, with its bounds and why it may be adjusted."""

    id: str
    ports: list[str]
    value: float
    lower: float
    upper: float
    at_bound: bool
    unit: str = "USD/t"
    standing: str = "estimate"
    reason: str


class ValidationLineOut(Schema):
    """A reported figure with the model's, and with a guess made without a model; all for the same days.

    ``kind`` is target (used to calibrate), unused, mode, country, trains, change or left_out; ``key`` the mode, country
    or commodity. ``before`` is the figure of the same days of the base year.
    """

    kind: str
    subject: str
    name: str
    key: str
    year: int
    reported: FigureOut
    modelled: FigureOut
    error: float
    error_share: float | None
    naive: float
    model_nearer: bool
    before: float | None
    before_standing: str


class BackgroundOut(Schema):
    """Traffic on a link that is not in the demand, in each direction."""

    link: str
    value: float
    unit: str
    reason: str
    standing: str
    source: str
    source_date: str


class ValidationOut(Schema):
    """The validation report; ``computed`` is false, and the lists empty, while it has not been computed."""

    statement: str
    computed: bool
    year: int | None
    input_hash: str | None
    settled: bool | None
    relative_gap: float | None
    misfit_before: float | None
    misfit_after: float | None
    growth: dict[str, float]
    constants: list[ConstantOut]
    lines: list[ValidationLineOut]
    background: list[BackgroundOut]
