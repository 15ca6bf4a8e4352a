"""Votes on how far a report satisfies: more than half of all members carry it, not half of those who came."""

from __future__ import annotations

from dataclasses import dataclass

from bridgehead.kernel.errors import BridgeheadError, Fault, Place

SATISFIED, BASICALLY, NOT_SATISFIED = "satisfied", "basically_satisfied", "not_satisfied"
_COUNTS = ("satisfied", "basically_satisfied", "not_satisfied", "abstained")


@dataclass(frozen=True, slots=True)
class Votes:
    """The votes that were counted, and how many members there are.

    Raises
    ------
    BridgeheadError
        ``vote.negative`` for each count below nothing, ``vote.no_members``, and ``vote.too_many`` where more votes were
        counted than there are members; all at once.
    """

    satisfied: int
    basically_satisfied: int
    not_satisfied: int
    abstained: int
    members: int

    def __post_init__(self) -> None:
        """Refuse what cannot have been counted."""
        counts = {name: getattr(self, name) for name in _COUNTS}
        faults = [
            Fault("vote.negative", {"count": value}, Place(field=name)) for name, value in counts.items() if value < 0
        ]
        if self.members < 1:
            faults.append(Fault("vote.no_members", {}, Place(field="members")))
        elif not faults and self.cast > self.members:
            given = {"votes": self.cast, "members": self.members}
            faults.append(Fault("vote.too_many", given, Place(field="members")))
        if faults:
            raise BridgeheadError.of(faults)

    @property
    def cast(self) -> int:
        """How many votes were given, abstentions among them."""
        return self.satisfied + self.basically_satisfied + self.not_satisfied + self.abstained

    @property
    def needed(self) -> int:
        """How many votes carry: the smallest number above half of the members."""
        return self.members // 2 + 1

    @property
    def outcome(self) -> str:
        """What came of it.

        Satisfied where that alone is above half of the members; basically satisfied where both together are; else not.
        """
        if self.satisfied >= self.needed:
            return SATISFIED
        return BASICALLY if self.satisfied + self.basically_satisfied >= self.needed else NOT_SATISFIED
