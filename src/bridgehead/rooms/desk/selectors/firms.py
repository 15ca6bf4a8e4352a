"""What a firm told of itself, its answers, and who is entitled and has not applied."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import pgettext

from bridgehead.engines.eligibility.assessment import decide
from bridgehead.engines.eligibility.facts import Value
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer, as_system
from bridgehead.ground.language import language
from bridgehead.ground.models import Organisation
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.desk import explaining
from bridgehead.rooms.desk.explaining import Block, explained, fact_words
from bridgehead.rooms.desk.models import FirmProfile, Policy, PolicyAnswer, PolicyClaim
from bridgehead.rooms.desk.rules import as_known
from bridgehead.rooms.desk.selectors.answering import Again, Told, again
from bridgehead.rooms.desk.selectors.editions import Answering, answering
from bridgehead.rooms.desk.selectors.finding import FIRMS
from bridgehead.rooms.desk.selectors.library import word_of
from bridgehead.rooms.desk.who import firms

OLD = timedelta(days=365)
"""A fact told longer ago is shown as one to look at again."""
A_PAGE = 20


@dataclass(frozen=True, slots=True)
class KnownFact:
    """One fact a firm told: in words, when, and whether that is long ago."""

    fact: str
    name: str
    value: str
    on: date
    old: bool


@dataclass(frozen=True, slots=True)
class FirmPage:
    """A firm as the platform knows it: what it told, whether it consents, the answers it kept, how it stands."""

    firm: Organisation
    profile: FirmProfile | None
    facts: Sequence[KnownFact]
    answers: Sequence[PolicyAnswer]
    claims: Sequence[tuple[PolicyClaim, str]]

    @property
    def name(self) -> str:
        """The name of the firm in the language of the request."""
        return self.firm.name(language())


def firm_page(viewer: Viewer, firm: int = 0) -> FirmPage:
    """Return one of somebody's firms as the platform knows it, the first by default.

    Raises
    ------
    BridgeheadError
        ``firm.none`` for somebody who asks for no firm.

    Articles: 51, 76
    """
    able = firms(viewer)
    found = next((one for one in able if one.pk == firm), able[0] if able else None)
    if found is None:
        raise BridgeheadError("firm.none")
    profile = visible(FirmProfile, viewer).filter(owner=found).first()
    claims = visible(PolicyClaim, viewer).filter(owner=found).select_related("policy")
    titles = {one.policy.pk: word_of(one.edition) for one in answering()}
    return FirmPage(
        found,
        profile,
        _facts(profile),
        list(visible(PolicyAnswer, viewer).filter(owner=found)[:A_PAGE]),
        [(one, titles.get(one.policy_id, one.policy.code)) for one in claims],
    )


def _facts(profile: FirmProfile | None) -> list[KnownFact]:
    if profile is None:
        return []
    values = as_known({fact: one["value"] for fact, one in profile.facts.items()})
    before = timezone.localdate() - OLD
    found = []
    for fact, value in values.items():
        on = date.fromisoformat(profile.facts[fact]["on"])
        found.append(KnownFact(fact, fact_words(fact).name, explaining.shown(fact, value), on, on < before))
    return sorted(found, key=lambda one: one.name)


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """What one policy said then, in words; `differs` where the same edition says something else now."""

    code: str
    title: str
    number: int
    verdict: str
    word: str
    amount: str
    conditions: Block | None
    missing: Sequence[str]
    differs: bool


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """An answer that was kept, worked out anew by the editions it was given by."""

    answer: PolicyAnswer
    firm: str
    subject: str
    facts: Sequence[tuple[str, str]]
    lines: Sequence[AnswerLine]
    again: Again
    since: Sequence[str]


def answer_page(viewer: Viewer, answer: int) -> AnswerPage:
    """Return what a firm was told on a day, why, and which of the policies have changed since.

    Raises
    ------
    BridgeheadError
        ``policy.no_such_answer``.

    Articles: 51, 76
    """
    row = visible(PolicyAnswer, viewer).filter(pk=answer).select_related("owner", "told_by").first()
    if row is None:
        raise BridgeheadError("policy.no_such_answer")
    facts = as_known(row.facts)
    found = again(row)
    by_code = {one.by.policy.code: one for one in found.told}
    current = {one.policy.code: one.edition.pk for one in answering()}
    lines = [_line(was, by_code.get(was["policy"]), facts, was["policy"] in found.differs) for was in row.results]
    order = ("eligible", "refused", "unknown", "not_eligible", "not_yet", "expired")
    return AnswerPage(
        row,
        row.owner.name(language()),
        explaining.term("subject", row.subject),
        [(fact_words(fact).name, explaining.shown(fact, value)) for fact, value in facts.items()],
        sorted(lines, key=lambda one: order.index(one.verdict)),
        found,
        [one["policy"] for one in row.results if current.get(one["policy"]) != one["edition"]],
    )


def _line(was: Mapping[str, Any], now: Told | None, facts: Mapping[str, Value], differs: bool) -> AnswerLine:
    """Return what was told of a policy in words, as its edition says it; without reasons where it cannot any more."""
    verdict = was["verdict"]
    if now is None:
        word = explaining.verdict_word(verdict)
        return AnswerLine(was["policy"], was["policy"], was["number"], verdict, word, "", None, (), differs)
    rule = now.by.rule
    return AnswerLine(
        was["policy"],
        word_of(now.by.edition),
        was["number"],
        verdict,
        explaining.verdict_word(verdict, rule.benefit.kind),
        explaining.amount_words(rule, now.answer) if now.answer is not None else "",
        explained(rule, facts) if verdict in ("eligible", "not_eligible", "unknown", "refused") else None,
        [fact_words(fact).name for fact in was.get("missing", ())],
        differs,
    )


@dataclass(frozen=True, slots=True)
class Entitled:
    """A firm that consented, a policy fits it, and it has not applied: what is known of how much."""

    firm: Organisation
    amount: str
    told_on: date | None


@dataclass(frozen=True, slots=True)
class EntitledPage:
    """Who is entitled to a policy and has not applied, among the firms that consented; a page of them at a time."""

    policy: Policy
    title: str
    firms: Sequence[Entitled]
    total: int
    untold: int
    asked: int
    open: int
    page: int
    pages: int

    @property
    def more(self) -> bool:
        """Whether there is a page after this one."""
        return self.page < self.pages


FIRMS_A_PAGE = 50


def entitled(code: str, page: int = 1) -> EntitledPage:
    """Return which firms a policy fits that have not applied for it, among those that consented and no others.

    The caller must be somebody who keeps the library: the firms' facts themselves are not shown.

    Raises
    ------
    BridgeheadError
        ``policy.no_such_policy`` for one that answers nothing today.

    Articles: 51, 76
    """
    by = _answering(code)
    found = _fitting(by)
    pages = max(1, -(-len(found.amounts) // FIRMS_A_PAGE))
    page = min(max(1, page), pages)
    shown = list(found.amounts.items())[(page - 1) * FIRMS_A_PAGE : page * FIRMS_A_PAGE]
    names = _named(owner for owner, _ in shown)
    return EntitledPage(
        policy=by.policy,
        title=word_of(by.edition),
        firms=[Entitled(names[owner], amount, found.told_on.get(owner)) for owner, amount in shown],
        total=len(found.amounts),
        untold=len(found.untold),
        asked=found.asked,
        open=found.open,
        page=page,
        pages=pages,
    )


def untold(code: str) -> tuple[Answering, list[tuple[Organisation, Mapping[str, Any]]]]:
    """Return what answers for a policy, and who is entitled to it and has neither applied nor been told.

    Each firm comes with the facts that rests on, as it told them; see `entitled`.

    Raises
    ------
    BridgeheadError
        ``policy.no_such_policy``.
    """
    by = _answering(code)
    found = _fitting(by)
    names = _named(found.untold)
    return by, [(names[owner], found.facts[owner]) for owner in found.untold]


@dataclass(frozen=True, slots=True)
class _Fitting:
    """The firms a policy fits with the amount and the facts, when they were told, how many were asked, are open."""

    amounts: Mapping[int, str]
    facts: Mapping[int, Mapping[str, Any]]
    told_on: Mapping[int, date]
    asked: int
    open: int

    @property
    def untold(self) -> list[int]:
        """Those that were not told."""
        return [owner for owner in self.amounts if owner not in self.told_on]


def _answering(code: str) -> Answering:
    by = next((one for one in answering() if one.policy.code == code), None)
    if by is None:
        raise BridgeheadError("policy.no_such_policy", {"policy": code[:100]})
    return by


def _named(owners: Iterable[int]) -> Mapping[int, Organisation]:
    with as_system("naming firms that consented"):
        return Organisation.objects.in_bulk(list(owners))


def _fitting(by: Answering) -> _Fitting:
    today = timezone.localdate()
    formula = by.rule.benefit.formula
    asked_for = by.rule.condition_facts | (formula.facts if formula is not None else frozenset())
    amounts: dict[int, str] = {}
    rests_on: dict[int, Mapping[str, Any]] = {}
    asked = still = 0
    with as_system("looking for firms that consented and are entitled"):
        claims = {one.owner_id: one for one in PolicyClaim.objects.filter(policy=by.policy)}
        rows = FirmProfile.objects.filter(consents_on__isnull=False, owner__closed_on=None).order_by("owner__code")
        # Of thousands of firms only the facts of this rule are read.
        for owner, facts in rows.values_list("owner_id", "facts") if by.rule.subject == FIRMS else ():
            asked += 1
            claim = claims.get(owner)
            if claim is not None and claim.state != PolicyClaim.State.TOLD:
                continue
            told = {fact: facts[fact]["value"] for fact in sorted(asked_for) if fact in facts}
            try:
                decision = decide(by.rule, as_known(told), today)
            except BridgeheadError:  # it fits, and its formula cannot be worked out of what the firm told
                rests_on[owner], amounts[owner] = told, pgettext("desk", "算不出")
                continue
            still += decision.verdict == "unknown"
            if decision.verdict == "eligible":
                rests_on[owner] = told
                amounts[owner] = "" if decision.amount is None else explaining.exact(decision.amount)
    return _Fitting(amounts, rests_on, {owner: claim.on for owner, claim in claims.items()}, asked, still)
