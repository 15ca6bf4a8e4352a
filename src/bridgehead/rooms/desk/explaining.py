"""Policies and answers in words: facts by their names, conditions as sentences, amounts with what they are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import pgettext

from bridgehead.engines.eligibility.assessment import Answer
from bridgehead.engines.eligibility.facts import FACT_NAME, Value
from bridgehead.engines.eligibility.policies import Condition, Group, Leaf, Op, Policy, Threshold
from bridgehead.ground.language import language, named
from bridgehead.ground.region import current
from bridgehead.ground.wording import day as day_words
from bridgehead.kernel.tables import Row
from bridgehead.rooms.desk.rules import register

HUNDRED = Decimal(100)
PERCENT = "percent"
DECIMAL_COMMA = ("ru", "mn")
"""Languages that write a comma where others write the point of a number."""


@dataclass(frozen=True, slots=True)
class FactWords:
    """A fact as people are asked for it: its name, the question, where to find it, its unit."""

    name: str
    question: str
    help: str
    unit: str
    percent: bool
    group: str


def fact_words(fact: str) -> FactWords:
    """Return the words of a fact in the language of the request; its id where the region has none for it."""
    row = _words().get((fact, ""))
    if row is None:
        return FactWords(fact, fact, "", "", percent=False, group="")
    percent = row.text("asked_as") == PERCENT
    return FactWords(
        name=named(row),
        question=named(row, "question"),
        help=named(row, "help"),
        unit="%" if percent else term("unit", row.text("unit")) if row.text("unit") else "",
        percent=percent,
        group=row.text("group"),
    )


def value_word(fact: str, value: str) -> str:
    """Return what a value of a list is called; the value itself where the region has no word for it."""
    row = _words().get((fact, value))
    return named(row) if row is not None else value


def _words() -> Mapping[tuple[str, str], Row]:
    found: Mapping[tuple[str, str], Row] = current().remember(
        "desk.words",
        lambda: {(row.text("fact"), row.text("value")): row for row in current().region.rows("policy_words")},
    )
    return found


def term(list: str, id: str) -> str:
    """Return what a unit, kind of benefit, measure, scope, subject or group of questions is called."""
    row = _terms().get((list, id))
    return named(row) if row is not None else id


def unit_name(unit: str) -> str:
    """Return what a unit of the tables is called beside a number; empty where there is none."""
    return term("unit", unit.lower().replace("/", "_")) if unit else ""


def _terms() -> Mapping[tuple[str, str], Row]:
    return _by_key("policy_terms", "list", "id")


def _by_key(table: str, first: str, second: str) -> Mapping[tuple[str, str], Row]:
    def rows() -> Mapping[tuple[str, str], Row]:
        return {(row.text(first), row.text(second)): row for row in current().region.rows(table)}

    found: Mapping[tuple[str, str], Row] = current().remember(f"desk.{table}", rows)
    return found


def exact(number: Decimal) -> str:
    """Return a number with every decimal it has, thousands separated as the language does."""
    plain = f"{number:,f}"
    if language() in DECIMAL_COMMA:
        return plain.replace(",", "\u00a0").replace(".", ",")
    return plain


def shown(fact: str, value: Threshold | None) -> str:
    """Return a value of a fact in words, with its unit; a dash where it is not known."""
    if value is None:
        return "—"
    if isinstance(value, tuple):
        return pgettext("desk list", "、").join(shown(fact, one) for one in value)
    if isinstance(value, bool):
        return pgettext("desk", "是") if value else pgettext("desk", "否")
    if isinstance(value, date):
        return day_words(value, language())
    if isinstance(value, str):
        return value_word(fact, value)
    words = fact_words(fact)
    known = register().find(fact)
    if known is not None and known.type.kind == "share":
        return f"{exact((value * HUNDRED).normalize() + 0)}\u202f%"
    return f"{exact(value)} {words.unit}".strip()


def requirement(leaf: Leaf) -> str:
    """Return what a condition asks, as part of a sentence."""
    if leaf.op is Op.BETWEEN and isinstance(leaf.value, tuple):
        low, high = (shown(leaf.fact, end) for end in leaf.value)
        return pgettext("desk", "要求在 {low} 到 {high} 之间，含两端").format(low=low, high=high)
    words = {
        Op.EQ: pgettext("desk", "要求：{value}"),
        Op.GT: pgettext("desk", "要求超过 {value}"),
        Op.GE: pgettext("desk", "要求不少于 {value}"),
        Op.LT: pgettext("desk", "要求少于 {value}"),
        Op.LE: pgettext("desk", "要求不超过 {value}"),
        Op.IN: pgettext("desk", "要求是其中之一：{value}"),
        Op.NOT_IN: pgettext("desk", "要求不是：{value}"),
    }
    return words[leaf.op].format(value=shown(leaf.fact, leaf.value))


@dataclass(frozen=True, slots=True)
class Line:
    """One condition in words; `result` is ``true``, ``false`` or ``unknown``, `margin` says by how much it fails."""

    fact: str
    name: str
    given: str
    requires: str
    result: str
    margin: str = ""

    @property
    def asks(self) -> str:
        """What is asked, without what became of it."""
        return pgettext("desk", "{name}：{requires}").format(name=self.name, requires=self.requires)

    @property
    def sentence(self) -> str:
        """The whole of it in one sentence."""
        if self.result == "unknown":
            text = pgettext("desk", "{name}还没有填，{requires}。")
        elif self.result == "true":
            text = pgettext("desk", "{name}：{given}，{requires}，符合。")
        elif self.margin:
            text = pgettext("desk", "{name}：{given}，{requires}，{margin}。")
        else:
            text = pgettext("desk", "{name}：{given}，{requires}，不符合。")
        return text.format(name=self.name, given=self.given, requires=self.requires, margin=self.margin)


@dataclass(frozen=True, slots=True)
class Block:
    """Conditions of which all must hold, or one, in words."""

    any: bool
    result: str
    parts: Sequence[Line | Block]

    @property
    def heading(self) -> str:
        """What holds for its parts."""
        return pgettext("desk", "符合其中一项就可以") if self.any else pgettext("desk", "要同时符合")


def explained(rule: Policy, facts: Mapping[str, Value]) -> Block:
    """Return the conditions of a rule in words, with what became of each."""
    found = _explained(rule.conditions, facts)
    assert isinstance(found, Block)
    return found


def _explained(node: Condition, facts: Mapping[str, Value]) -> Line | Block:
    truth = {True: "true", False: "false", None: "unknown"}[node.truth(facts)]
    if isinstance(node, Group):
        return Block(node.any, truth, [_explained(item, facts) for item in node.items])
    assert isinstance(node, Leaf)
    given = facts.get(node.fact)
    return Line(
        node.fact,
        fact_words(node.fact).name,
        shown(node.fact, given),
        requirement(node),
        truth,
        _margin(node, given) if truth == "false" else "",
    )


def _margin(leaf: Leaf, given: Value | None) -> str:
    margin = leaf.margin(given)
    if margin is None or leaf.op is Op.EQ:
        return ""
    if not margin:
        return pgettext("desk", "正好在界线上，界线不算")
    text = pgettext("desk", "超出 {by}") if margin > 0 else pgettext("desk", "还差 {by}")
    return text.format(by=shown(leaf.fact, abs(margin)))


_SIGNS = {"*": "×", "/": "÷", "-": "−", "==": "=", "!=": "≠", "<=": "≤", ">=": "≥"}
_TOKEN = re.compile(rf"{FACT_NAME.pattern}|'[^']*'|[a-z]+|\d+(?:\.\d+)?|==|!=|<=|>=|\S", re.ASCII)


def formula_words(rule: Policy) -> str:
    """Return how the amount is worked out, with the names of facts in place of their ids; empty without a formula."""
    formula = rule.benefit.formula
    if formula is None:
        return ""
    words = {
        "max": pgettext("desk formula", "较大者"),
        "min": pgettext("desk formula", "较小者"),
        "if": pgettext("desk formula", "如果"),
        "round": pgettext("desk formula", "四舍五入"),
        "floor": pgettext("desk formula", "去尾取整"),
        "ceil": pgettext("desk formula", "进位取整"),
        "and": pgettext("desk formula", "并且"),
        "or": pgettext("desk formula", "或者"),
        "not": pgettext("desk formula", "不是"),
    }
    compared = ""

    def word(match: re.Match[str]) -> str:
        nonlocal compared
        token = match[0]
        if FACT_NAME.fullmatch(token):
            compared = token
            return fact_words(token).name
        if token.startswith("'"):
            return value_word(compared, token.strip("'"))
        if token[0].isdigit():
            return exact(Decimal(token))
        sign = words.get(token, _SIGNS.get(token, token))
        return ";" if sign == "," and language() in DECIMAL_COMMA else sign

    return _TOKEN.sub(word, formula.text)


def verdict_word(verdict: str, kind: str = "") -> str:
    """Return a verdict in words; that a cap or bad news applies is said."""
    if verdict == "eligible" and kind == "negative":
        return pgettext("desk verdict", "适用，是不利的规定")
    if verdict == "eligible" and kind == "ceiling":
        return pgettext("desk verdict", "适用，是上限")
    words = {
        "eligible": pgettext("desk verdict", "适用"),
        "not_eligible": pgettext("desk verdict", "不适用"),
        "unknown": pgettext("desk verdict", "还不能确定"),
        "expired": pgettext("desk verdict", "已经到期"),
        "not_yet": pgettext("desk verdict", "还没有开始"),
        "refused": pgettext("desk verdict", "适用，金额算不出"),
    }
    return words[verdict]


def amount_words(rule: Policy, answer: Answer) -> str:
    """Return the amount of an answer with what it is; empty where there is none."""
    if answer.amount is None:
        return ""
    words = {
        "tax_due": pgettext("desk amount", "按它应缴 {amount} 元"),
        "tax_saved": pgettext("desk amount", "少缴 {amount} 元"),
        "grant": pgettext("desk amount", "可得 {amount} 元"),
        "refund": pgettext("desk amount", "退回 {amount} 元"),
        "allowance": pgettext("desk amount", "限额 {amount} 元"),
    }
    text = words.get(rule.benefit.measure, pgettext("desk amount", "{amount} 元"))
    return text.format(amount=exact(answer.amount))
