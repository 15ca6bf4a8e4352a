"""What the records of the ledger have in common: whose they are, and which part an organisation has in a thing."""

from __future__ import annotations

from django.db import models

from bridgehead.ground.access.visibility import Visibility

KEPT = Visibility("duties")
"""A record is its owner's, the body that keeps it, and the office's that has to do with it."""
OPEN = Visibility("duties", public="is_open")
"""What a public law asks, and who answers for it, is open to everybody who reads the ledger."""


class Part(models.TextChoices):
    """Which part an organisation has: vertical units are asked and reminded, not supervised."""

    LEAD = "lead"
    JOINT = "joint"
    SUPERVISED = "supervised"
    VERTICAL = "vertical"
