"""What firms were told of a policy unasked: the edition, what came out, and whether it still works out the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer, as_system
from bridgehead.ground.models import Organisation
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.desk import explaining
from bridgehead.rooms.desk.models import FirmProfile, Policy, PolicyAnswer, PolicyClaim, PolicyEdition
from bridgehead.rooms.desk.selectors.answering import again, editions_of
from bridgehead.rooms.desk.selectors.editions import Answering
from bridgehead.rooms.desk.selectors.library import word_of

TELLINGS_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Telling:
    """What one firm was told; `differs` where the same edition says something else of the same facts now."""

    firm: Organisation
    on: date
    number: int
    verdict: str
    amount: str
    differs: bool


@dataclass(frozen=True, slots=True)
class TellingsPage:
    """Everybody who was told of a policy, the newest first; a page of them at a time."""

    policy: Policy
    title: str
    lines: Sequence[Telling]
    total: int
    page: int
    pages: int

    @property
    def more(self) -> bool:
        """Whether there is a page after this one."""
        return self.page < self.pages


def tellings(viewer: Viewer, code: str, page: int = 1) -> TellingsPage:
    """Return what firms were told of a policy, whatever they said since and whatever became of the policy.

    The caller must be somebody who keeps the library: neither the facts it rested on are shown nor what a firm said
    since, and firms that do not consent any more are left out.

    Raises
    ------
    BridgeheadError
        ``policy.no_such_policy``.

    Articles: 51, 76
    """
    policy = visible(Policy, viewer).filter(code=code).first()
    if policy is None:
        raise BridgeheadError("policy.no_such_policy", {"policy": code[:100]})
    last = visible(PolicyEdition, viewer).filter(policy=policy, number=policy.published).first()
    with as_system("looking at what firms were told"):
        consenting = FirmProfile.objects.filter(consents_on__isnull=False).values("owner")
        rows = PolicyClaim.objects.filter(policy=policy, answer__isnull=False, owner__in=consenting)
        rows = rows.order_by("-answer__asked_at", "-pk")
        total = rows.count()
        pages = max(1, -(-total // TELLINGS_A_PAGE))
        page = min(max(1, page), pages)
        shown = list(rows.select_related("answer", "owner")[(page - 1) * TELLINGS_A_PAGE : page * TELLINGS_A_PAGE])
        kept = [(one, one.answer) for one in shown if one.answer is not None]
        editions = editions_of(answer for _, answer in kept)
        lines = [_line(one, answer, editions) for one, answer in kept]
    title = word_of(last) if last is not None else policy.code
    return TellingsPage(policy, title, lines, total, page, pages)


def _line(claim: PolicyClaim, answer: PolicyAnswer, editions: Mapping[int, Answering]) -> Telling:
    (was,) = answer.results
    by = editions.get(was["edition"])
    amount = was.get("amount_cny")
    return Telling(
        firm=claim.owner,
        on=answer.as_of,
        number=was["number"],
        verdict=explaining.verdict_word(was["verdict"], by.rule.benefit.kind if by is not None else ""),
        amount=explaining.exact(Decimal(amount)) if amount else "",
        differs=bool(again(answer, editions).differs),
    )
