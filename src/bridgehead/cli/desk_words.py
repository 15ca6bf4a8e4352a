"""What ``bridgehead desk`` prints: an answer in words a shop owner understands, with reasons and the nearest change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bridgehead.cli.terminal import say
from bridgehead.engines.eligibility.assessment import Answer, Verdict
from bridgehead.engines.eligibility.explanation import ConditionLine, DateLine, ValueLine
from bridgehead.engines.eligibility.facts import FactRegister, Value
from bridgehead.engines.eligibility.nearest import Change, nearest_change
from bridgehead.engines.eligibility.policies import Group, Leaf, Op, Policy, PolicySet
from bridgehead.kernel.errors import BridgeheadError, sentence, visible
from bridgehead.regions.policies import asked_in_percent, words_of

if TYPE_CHECKING:
    from rich.console import Console

    from bridgehead.engines.eligibility.cases import Case

_VERDICTS = {
    Verdict.ELIGIBLE: ("适用", "It fits"),
    Verdict.NOT_ELIGIBLE: ("不适用", "It does not fit"),
    Verdict.UNKNOWN: ("还不能确定", "Not known yet"),
    Verdict.EXPIRED: ("已经失效", "It has ended"),
    Verdict.NOT_YET: ("尚未生效", "It is not in force yet"),
}
_APPLIES = {
    "negative": ("适用，这对企业是不利的规定", "It applies, and that is bad news"),
    "ceiling": ("适用，这是上限，不是应得的", "It applies; it is a cap and nothing one is owed"),
}
_MEASURES = {
    "tax_due": ("适用后应缴", "to be paid with it"),
    "tax_saved": ("少缴税款", "tax saved"),
    "grant": ("可得资金", "money received"),
    "refund": ("可退还", "money that comes back"),
    "allowance": ("最高额度，不是所得的钱", "upper limit, not money received"),
    "rate": ("比率", "rate"),
    "none": ("数额", "value"),
}
_RESULTS: Mapping[bool | None, tuple[str, str]] = {
    True: ("满足", "met"),
    False: ("不满足", "not met"),
    None: ("未知", "not known"),
}
_OPS = {
    Op.EQ: ("须为{}", "must be {}"),
    Op.GT: ("须大于{}", "must be more than {}"),
    Op.GE: ("至少{}", "at least {}"),
    Op.LT: ("须小于{}", "must be less than {}"),
    Op.LE: ("至多{}", "at most {}"),
    Op.BETWEEN: ("在{}之间（含两端）", "from {} (both included)"),
    Op.IN: ("须为其中之一：{}", "must be one of: {}"),
    Op.NOT_IN: ("不能是：{}", "must be none of: {}"),
}
_CURRENCIES = {"_cny": ("元", "CNY"), "_usd": ("美元", "USD")}


@dataclass(frozen=True)
class Words:
    """What facts and values are called in a language.

    Parameters
    ----------
    register : FactRegister
        The facts.
    names : mapping
        Fact and value (empty for the fact itself) to its name; what has none is shown as its id.
    language : str
        ``zh`` or ``en``.
    percents : frozenset of str
        Facts that people read in per cent.
    """

    register: FactRegister
    names: Mapping[tuple[str, str], tuple[str, str]]
    language: str
    percents: frozenset[str] = frozenset()

    @classmethod
    def beside(cls, policies: Path, register: FactRegister, language: str) -> Words:
        """Return the words in the folder of a policies file, or else those the platform ships with."""
        return cls(register, words_of(policies.parent), language, asked_in_percent(policies.parent))

    def say(self, words: tuple[str, str]) -> str:
        """Return one of two wordings."""
        return say(*words, self.language)

    def fact(self, id: str) -> str:
        """Return what a fact is called."""
        names = self.names.get((id, ""))
        return self.say(names) if names else id

    def value(self, fact: str, value: Value | None) -> str:
        """Return a value with its unit."""
        if value is None:
            return self.say(_RESULTS[None])
        if isinstance(value, bool):
            return self.say(("是", "yes") if value else ("否", "no"))
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, str):
            names = self.names.get((fact, value))
            return self.say(names) if names else visible(value)
        found = self.register.find(fact)
        if fact in self.percents or (found is not None and found.type.kind == "share"):
            percent = f"{value.scaleb(2):f}"
            return f"{percent.rstrip('0').rstrip('.') if '.' in percent else percent}%"
        unit = next((unit for ending, unit in _CURRENCIES.items() if fact.endswith(ending)), None)
        number = f"{value:,f}"
        return number if unit is None else f"{number} {self.say(unit)}"

    def demand(self, leaf: Leaf | ConditionLine) -> str:
        """Return what a condition asks."""
        threshold = leaf.value if isinstance(leaf, Leaf) else leaf.threshold
        several = threshold if isinstance(threshold, tuple) else (threshold,)
        between = (" 到 ", " to ") if leaf.op is Op.BETWEEN else ("、", ", ")
        return self.say(_OPS[leaf.op]).format(self.say(between).join(self.value(leaf.fact, one) for one in several))

    def margin(self, line: ConditionLine) -> str:
        """Return how far a number is from its threshold, empty where that says nothing."""
        if line.margin is None or line.op is Op.EQ:
            return ""
        if line.margin == 0:
            return say("正好在界限上", "exactly at the limit", self.language)
        far = self.value(line.fact, abs(line.margin))
        if line.result:
            return say(f"离界限还有 {far}", f"{far} from the limit", self.language)
        return say(f"超出 {far}", f"{far} over", self.language) if line.margin > 0 else self._short(far)

    def _short(self, far: str) -> str:
        return say(f"还差 {far}", f"{far} short", self.language)


def print_answer(out: Console, words: Words, policies: PolicySet, case: Case, answer: Answer) -> None:
    """Print one answer: verdict, amount, what is missing, reasons, what would have to change."""
    policy = policies.policies[case.policy]
    title = (policy.title_zh or policy.title or policy.id, policy.title or policy.id)
    out.print(f"{visible(str(case.id))} · {words.say(title)} · {case.as_of}", style="bold", soft_wrap=True)
    for line in _lines(words, policies, case, answer, policy):
        out.print(f"  {line}", soft_wrap=True)
    out.print()


def _lines(words: Words, policies: PolicySet, case: Case, answer: Answer, policy: Policy) -> Iterator[str]:
    yield _verdict(words, answer, policy) + words.say(("。", "."))
    if policy.scope == "other-region":
        yield words.say(
            ("这是其他地区的规定，在本地区不能享受。", "A rule of another region: it is not available here.")
        )
    if answer.amount is not None:
        amount = f"{answer.amount:,f} {words.say(_CURRENCIES['_cny'])}"
        yield f"{words.say(_MEASURES[policy.benefit.measure])}: {amount}"
    for line in answer.explanation:
        if isinstance(line, ValueLine):
            yield f"{words.say(_MEASURES[policy.benefit.measure])}: {line.value:f} {line.unit}"
    for asked, facts in (
        (("还要知道", "still to be known"), answer.missing),
        (("要算出金额还要知道", "to work the amount out, still to be known"), answer.missing_for_amount),
    ):
        if facts:
            yield f"{words.say(asked)}: " + words.say(("；", "; ")).join(words.fact(fact) for fact in facts)
    reasons = iter(answer.conditions)
    if answer.conditions:
        yield words.say(("理由：", "Reasons:"))
        yield from _reasons(words, policy.conditions, reasons, 1)
    if answer.verdict is Verdict.NOT_ELIGIBLE:
        try:
            yield from _change(words, nearest_change(policy, case.facts, policies.facts))
        except BridgeheadError as given_up:  # the answer itself stands
            yield sentence(given_up.faults[0], words.language).message
    yield words.say(("依据", "Rests on")) + f": {policy.doc_no or policy.id}"
    if policy.evidence == "recalled":
        yield words.say(("凭记忆写下，使用前须核实。", "Written from knowledge: verify it before use."))


def _verdict(words: Words, answer: Answer, policy: Policy) -> str:
    if answer.verdict is Verdict.ELIGIBLE:
        return words.say(_APPLIES.get(policy.benefit.kind, _VERDICTS[Verdict.ELIGIBLE]))
    verdict = words.say(_VERDICTS[answer.verdict])
    for line in answer.explanation:
        if isinstance(line, DateLine):
            first = line.end == "valid_from"
            day = line.day.isoformat()
            return verdict + words.say(
                (f"：{'自' if first else '最后一天是'} {day}{' 起' if first else ''}", f": {_ends(first)} {day}")
            )
    return verdict


def _ends(first: bool) -> str:
    return "the first day is" if first else "the last day was"


def _reasons(words: Words, group: Group, lines: Iterator[ConditionLine], depth: int) -> Iterator[str]:
    """Go through the tree, so that one sees of which conditions a single one is enough."""
    blank = "  " * depth
    for item in group.items:
        if isinstance(item, Group):
            head = ("下列有一项满足即可：", "one of these is enough:") if item.any else ("下列全部：", "all of these:")
            yield blank + words.say(head)
            yield from _reasons(words, item, lines, depth + 1)
            continue
        line = next(lines)
        said = f"{words.fact(line.fact)}: {words.value(line.fact, line.given)} ({words.demand(line)}"
        margin = words.margin(line)
        yield f"{blank}[{words.say(_RESULTS[line.result])}] {said}{'; ' + margin if margin else ''})"


def _change(words: Words, changes: tuple[Change, ...] | None) -> Iterator[str]:
    if changes is None:
        yield words.say(
            ("没有办法使它适用：条件互相矛盾。", "Nothing could make it fit: its conditions contradict each other.")
        )
        return
    known = [change for change in changes if change.given is not None]
    unknown = [change for change in changes if change.given is None]
    if known:
        yield words.say(("要适用，至少要改变：", "For it to fit, at least this would have to be otherwise:"))
    for change in known:
        given = words.value(change.fact, change.given)
        yield f"  {words.fact(change.fact)}: {given} -> {_demands(words, change)}"
    if unknown:
        yield words.say(("还没填的要是：", "and what is not known yet would have to be:"))
    for change in unknown:
        yield f"  {words.fact(change.fact)}: {_demands(words, change)}"


def _demands(words: Words, change: Change) -> str:
    return words.say(("，", ", ")).join(words.demand(leaf) for leaf in change.conditions)
