"""Finding the policies that fit by questions: what is known so far, what that settles, and what to ask next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import ngettext, pgettext

from bridgehead.engines.eligibility.assessment import Verdict
from bridgehead.engines.eligibility.facts import Value
from bridgehead.engines.eligibility.nearest import Change, nearest_change
from bridgehead.engines.eligibility.policies import Policy as Rule
from bridgehead.engines.eligibility.questions import questions as questions_of
from bridgehead.ground.language import language
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.desk import explaining
from bridgehead.rooms.desk.explaining import Block, explained, fact_words, value_word
from bridgehead.rooms.desk.models import FirmProfile
from bridgehead.rooms.desk.rules import as_known, register
from bridgehead.rooms.desk.selectors.answering import Told, told_of
from bridgehead.rooms.desk.selectors.editions import answering
from bridgehead.rooms.desk.selectors.library import word_of

AT_ONCE = 4
"""Questions of one step: a firm that must answer a dozen sends three forms."""
FIRMS = "enterprise"
OTHER = "-"
"""What stands for none of the values of a list that is not closed."""


@dataclass(frozen=True, slots=True)
class Question:
    """A fact as it is asked for: ``kind`` is ``yes_no``, ``choice`` or ``number``."""

    fact: str
    kind: str
    question: str
    help: str
    unit: str
    options: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one policy says of the firm, in words."""

    told: Told
    title: str
    verdict: str
    amount: str
    conditions: Block | None
    missing: Sequence[str]
    missing_for_amount: Sequence[str]
    unchecked: bool
    would_fit: str

    @property
    def rule(self) -> Rule:
        """The rule of the policy."""
        return self.told.by.rule

    @property
    def why_not(self) -> str:
        """The first condition that fails, as a sentence; empty where none does."""
        return _first_failure(self.conditions) if self.conditions is not None else ""

    @property
    def to_check(self) -> Sequence[str]:
        """What to look at again where no amount can be worked out: the facts of the formula, by their names."""
        formula = self.rule.benefit.formula
        if self.told.refused is None or formula is None:
            return ()
        return [fact_words(fact).name for fact in sorted(formula.facts)]


@dataclass(frozen=True)
class Finding:
    """Where the questions stand.

    Attributes
    ----------
    says : str
        The answer so far in a sentence.
    subject, as_of
        What is asked about, of which day.
    subjects : sequence
        What can be asked about, with its word and how many policies there are.
    given : mapping
        What is known, as it is typed.
    known : sequence of (fact, name, value)
        The same in words.
    skipped : sequence of str
        What the firm does not know; it is not asked again.
    fits, open, unfit : sequence of Outcome
        What came out; bad news stands among what fits and says so.
    amountless : sequence of Outcome
        What fits, but its amount cannot be worked out of what was told.
    questions : sequence of Question
        What to ask next: first what settles most, then what amounts still need.
    for_amounts : bool
        Whether the questions are for amounts alone.
    """

    says: str
    subject: str
    as_of: date
    subjects: Sequence[tuple[str, str, int]]
    given: Mapping[str, str]
    known: Sequence[tuple[str, str, str]]
    skipped: Sequence[str]
    fits: Sequence[Outcome]
    open: Sequence[Outcome]
    unfit: Sequence[Outcome]
    amountless: Sequence[Outcome] = ()
    questions: Sequence[Question] = field(default=())
    for_amounts: bool = False

    @property
    def total(self) -> int:
        """How many policies were asked about."""
        return sum(len(group) for group in (self.fits, self.open, self.unfit, self.amountless))


def finding(
    facts: Mapping[str, Value], skipped: Sequence[str] = (), subject: str = FIRMS, as_of: date | None = None
) -> Finding:
    """Return where the questions stand.

    Parameters
    ----------
    facts : mapping
        What is known of the firm.
    skipped : sequence of str
        Facts it does not know.
    subject : str
        What is asked about.
    as_of : date, optional
        The day asked about, today by default.

    Articles: 51, 76
    """
    day = as_of or timezone.localdate()
    told = told_of(facts, day, subject=subject)
    outcomes = [_outcome(one, facts) for one in told]
    words = ("eligible", "unknown", "refused", "not_eligible")
    fits, still, amountless, unfit = ([one for one in outcomes if one.told.verdict == word] for word in words)
    best = questions_of([one.told.by.rule for one in still], facts, day, register())
    wanted = [one.fact for one in best if one.fact not in skipped][:AT_ONCE]
    for_amounts = not wanted
    if for_amounts:
        lacking = dict.fromkeys(fact for one in fits for fact in one.told.answer.missing_for_amount)  # type: ignore[union-attr]
        wanted = [fact for fact in lacking if fact not in skipped][:AT_ONCE]
    rules = [one.by.rule for one in told]
    return Finding(
        says=_says(len(fits) + len(amountless), len(still), bool(facts)),
        subject=subject,
        as_of=day,
        subjects=_subjects(day),
        given={fact: as_typed(fact, value) for fact, value in facts.items()},
        known=[(fact, fact_words(fact).name, explaining.shown(fact, value)) for fact, value in facts.items()],
        skipped=list(skipped),
        fits=fits,
        open=still,
        unfit=unfit,
        amountless=amountless,
        questions=[question(fact, rules) for fact in wanted],
        for_amounts=for_amounts and bool(wanted),
    )


def _says(fits: int, still: int, begun: bool) -> str:
    if not begun:
        return pgettext("desk", "哪些政策适合您？回答几个问题就知道")
    if still and not fits:
        return ngettext("还有 %(n)s 项政策不能确定", "还有 %(n)s 项政策不能确定", still) % {"n": still}
    found = ngettext("%(n)s 项政策适用", "%(n)s 项政策适用", fits) % {"n": fits}
    if not still:
        return found if fits else pgettext("desk", "没有适用的政策")
    return pgettext("desk", "{found}，还有 {n} 项不能确定").format(found=found, n=still)


def _subjects(day: date) -> list[tuple[str, str, int]]:
    counts: dict[str, int] = {}
    for one in answering(day):
        if one.rule.in_force(day):
            counts[one.rule.subject] = counts.get(one.rule.subject, 0) + 1
    ordered = sorted(counts, key=lambda one: (one != FIRMS, one))
    return [(one, explaining.term("subject", one), counts[one]) for one in ordered]


def question(fact: str, rules: Sequence[Rule]) -> Question:
    """Return a fact as it is asked for; of a text, the values that the policies name can be chosen."""
    words = fact_words(fact)
    known = register().find(fact)
    kind = known.type.kind if known is not None else "text"
    told = (words.question, words.help, words.unit)
    if kind == "bool":
        return Question(fact, "yes_no", *told)
    if kind == "enum" and known is not None:
        return Question(fact, "choice", *told, [(one, value_word(fact, one)) for one in known.type.options])
    if kind == "text":
        named = dict.fromkeys(
            value
            for rule in rules
            for _, leaf in rule.leaves()
            if leaf.fact == fact
            for value in (leaf.value if isinstance(leaf.value, tuple) else (leaf.value,))
        )
        options = [(str(one), value_word(fact, str(one))) for one in named]
        return Question(fact, "choice", *told, [*options, (OTHER, pgettext("desk", "都不是"))])
    return Question(fact, "date" if kind == "date" else "number", *told)


def as_typed(fact: str, value: Value) -> str:
    """Return a value as somebody types it: yes or no, shares in per cent."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        number = value * 100 if fact_words(fact).percent else value
        return f"{number.normalize() + 0:f}"
    return str(value)


def from_typed(fact: str, text: str) -> str:
    """Return what somebody typed as the facts are kept: per cent as a share, and a point where a comma is the habit."""
    known = register().find(fact)
    if language() in explaining.DECIMAL_COMMA and known is not None and known.type.numeric:
        text = text.replace("\u00a0", "").replace(" ", "").replace(",", ".")
    if not fact_words(fact).percent:
        return text
    try:
        return f"{Decimal(text.strip()) / 100:f}"
    except ArithmeticError:
        return text


def wanted_of(fact: str) -> str:
    """Return how a fact is typed: ``percent``, ``whole``, ``signed``, ``number``, ``day`` or out of a ``list``."""
    known = register().find(fact)
    kind = known.type.kind if known is not None else ""
    if fact_words(fact).percent:
        return "percent"
    words = {"int": "whole", "money_signed": "signed", "number": "number", "money": "number", "date": "day"}
    return words.get(kind, "list")


def profile_facts(firm: int) -> dict[str, Value]:
    """Return what a firm told of itself before; the caller may see the firm."""
    row = FirmProfile.objects.filter(owner=firm).first()
    return as_known({fact: one["value"] for fact, one in row.facts.items()}) if row is not None else {}


def _outcome(one: Told, facts: Mapping[str, Value]) -> Outcome:
    rule, answer = one.by.rule, one.answer
    names = [] if answer is None else [fact_words(fact).name for fact in answer.missing]
    needed = [] if answer is None else [fact_words(fact).name for fact in answer.missing_for_amount]
    expires = one.by.edition.check_expires_on
    return Outcome(
        told=one,
        title=word_of(one.by.edition),
        verdict=explaining.verdict_word(one.verdict, rule.benefit.kind),
        amount=explaining.amount_words(rule, answer) if answer is not None else "",
        conditions=explained(rule, facts) if answer is None or answer.verdict in _DECIDED else None,
        missing=names,
        missing_for_amount=needed,
        unchecked=expires is not None and expires < timezone.localdate(),
        would_fit=_would_fit(rule, facts) if one.verdict == "not_eligible" else "",
    )


def _would_fit(rule: Rule, facts: Mapping[str, Value]) -> str:
    """Return what would have to be otherwise for a policy to fit, the fewest things; empty where nothing would do."""
    try:
        changes = nearest_change(rule, facts, register())
    except BridgeheadError:
        return ""
    if not changes:
        return ""
    known = _listed(change for change in changes if change.given is not None)
    unknown = _listed(change for change in changes if change.given is None)
    if not unknown:
        return pgettext("desk", "要适用，得改变：{changes}").format(changes=known)
    words = pgettext("desk", "要适用，得改变：{changes}。还没填的要是：{unknown}")
    return words.format(changes=known, unknown=unknown)


def _listed(changes: Iterable[Change]) -> str:
    parts = [
        pgettext("desk list", "、").join(
            pgettext("desk", "{name}：{requires}").format(
                name=fact_words(change.fact).name, requires=explaining.requirement(leaf)
            )
            for leaf in change.conditions
        )
        for change in changes
    ]
    return pgettext("desk list", "；").join(parts)


_DECIDED = (Verdict.ELIGIBLE, Verdict.NOT_ELIGIBLE, Verdict.UNKNOWN)


def _first_failure(block: Block) -> str:
    """Return the sentence of the first condition that makes a block fail."""
    for part in block.parts:
        if part.result != "false":
            continue
        if isinstance(part, Block):
            return _first_failure(part)
        return part.sentence
    return ""
