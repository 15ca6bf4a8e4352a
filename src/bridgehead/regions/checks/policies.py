"""Checks of the preferential policies: each can be read, and names declared facts alone."""

from __future__ import annotations

from collections.abc import Iterator

from bridgehead.kernel.errors import Fault
from bridgehead.regions.checks.common import readable
from bridgehead.regions.folder import Folder
from bridgehead.regions.policies import FACTS_TABLE, policies_of


def policies_can_be_decided(folder: Folder) -> Iterator[Fault]:
    """Check that every policy can be read, with facts, thresholds, formula and dates that can be decided on."""
    if readable(folder, FACTS_TABLE, "fact", "types"):
        yield from policies_of(folder.policies, folder.files).faults
