"""The operation beside the page of the doctor."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from bridgehead.ground.access.audience import audience
from bridgehead.ground.doctor.checks import examine, findings_json
from bridgehead.ground.language import language

router = Router(tags=["ground"])


@router.get("/doctor", summary="Doctor")
@audience("doctor.read")
def get_doctor(request: HttpRequest) -> dict[str, Any]:
    """Tell what every check of the platform found and what to do about it."""
    return findings_json(examine(), language())
