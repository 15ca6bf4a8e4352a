"""From the text of a policies file to policies, or to every fault in it at once, each with policy, line and cure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

from bridgehead.engines.eligibility.assessment import FORMULA
from bridgehead.engines.eligibility.documents import Node, read_document
from bridgehead.engines.eligibility.facts import (
    Fact,
    FactRegister,
    Value,
    WrongValueError,
    day_of,
    expected,
    hint,
    shown,
)
from bridgehead.engines.eligibility.formula import Formula
from bridgehead.engines.eligibility.parsing import parse_formula
from bridgehead.engines.eligibility.policies import (
    KINDS,
    MEASURES,
    MODES,
    Benefit,
    Condition,
    Group,
    Leaf,
    Op,
    Policy,
    PolicySet,
    Rounding,
    Threshold,
)
from bridgehead.kernel.errors import BridgeheadError, Fault, Place
from bridgehead.kernel.schemas import Guesses, nearest

POLICIES_FILE = "policies.yaml"
MOST_PLACES = 30
MOST_ARTICLES = 10_000
MOST_CONDITIONS = 10_000
"""Values under ``conditions``; a condition has six, with what groups it."""
ORDERED_OPS = (Op.GT, Op.GE, Op.LT, Op.LE, Op.BETWEEN)
LIST_OPS = (Op.IN, Op.NOT_IN)

_TEXTS = (*("title", "title_zh", "issuer", "doc_no", "scope", "subject", "source", "evidence", "confidence", "note"),)
_POLICY_KEYS = (*_TEXTS, "id", "valid_from", "valid_to", "conditions", "benefit", "articles")
_BENEFIT_KEYS = ("kind", "tax", "measure", "unit", "formula", "rounding", "note")
_BESIDE_FORMULA = {"rounding": "policy.formula_without_rounding", "unit": "policy.formula_without_unit"}
_LEAF_KEYS = ("fact", "op", "value", "note")


@dataclass(frozen=True)
class Reading:
    """What was read of a policies file.

    Parameters
    ----------
    policies : PolicySet
        Those without a fault.
    ids : frozenset of str
        The ids of all, also of those with faults.
    faults : tuple of Fault
        Everything that is wrong.
    """

    policies: PolicySet
    ids: frozenset[str] = frozenset()
    faults: tuple[Fault, ...] = ()

    def sound(self) -> PolicySet:
        """Return the policies.

        Raises
        ------
        BridgeheadError
            With every fault, if there is one.
        """
        if self.faults:
            raise BridgeheadError.of(self.faults)
        return self.policies


def read_policies(text: str, facts: FactRegister, file: str = POLICIES_FILE) -> Reading:
    """Read a policies file.

    Parameters
    ----------
    text : str
        YAML, or JSON of the same shape: a mapping with a list ``policies``; other keys are for people.
    facts : FactRegister
        The facts they may name.
    file : str
        How faults call it.

    Returns
    -------
    Reading
        With every fault; it never raises for what the text holds.
    """
    empty = PolicySet(MappingProxyType({}), facts)
    try:
        root = read_document(text, file)
    except BridgeheadError as refused:
        return Reading(empty, faults=refused.faults)
    reader = _Reader(facts, file, Guesses(facts.facts))
    reader.doubles(root, "")
    listed = (root.mapping or {}).get("policies")
    entries = listed.items if listed is not None else None
    if entries is None:
        reader.keep("policy.no_list", root if listed is None else listed, "policies")
        return Reading(empty, faults=tuple(reader.faults))
    found: dict[str, Policy] = {}
    lines: dict[str, int] = {}
    for number, entry in enumerate(entries):
        policy = reader.policy(entry, number, lines)
        if policy is not None:
            found[policy.id] = policy
    return Reading(PolicySet(MappingProxyType(found), facts), frozenset(lines), tuple(reader.faults))


@dataclass
class _Reader:
    """Reads one policy after another and keeps every fault; a part with a fault is None."""

    facts: FactRegister
    file: str
    near_facts: Guesses
    faults: list[Fault] = field(default_factory=list)
    policy_id: str = ""

    def keep(self, code: str, node: Node, at: str, **told: object) -> None:
        """Keep a fault that lies at a node of the policy in hand."""
        self.faults.append(Fault(code, {"policy": self.policy_id, **told}, Place(self.file, node.line, None, at)))

    def doubles(self, node: Node, at: str) -> None:
        """Keep the keys a mapping has twice."""
        for key, line in node.repeated:
            told = {"policy": self.policy_id, "key": key}
            place = Place(self.file, line, None, f"{at}.{key}" if at else key)
            self.faults.append(Fault("policy.key_twice", told, place))

    def mapping(self, node: Node | None, at: str, known: tuple[str, ...] = ()) -> Mapping[str, Node] | None:
        """Return a mapping with no key twice and, where they are listed, none that is not known."""
        if node is None:
            return None
        if node.mapping is None:
            self.keep("policy.not_a_mapping" if at else "policy.entry_not_a_mapping", node, at)
            return None
        self.doubles(node, at)
        for key in node.mapping if known else ():
            if key not in known:
                near = hint(nearest(key, known))
                self.keep("policy.unknown_key", node.mapping[key], f"{at}.{key}", key=key, keys=known, **near)
        return node.mapping

    def policy(self, entry: Node, number: int, lines: dict[str, int]) -> Policy | None:
        """Read one entry of the list."""
        before = len(self.faults)
        self.policy_id = f"#{number + 1}"
        own = entry.mapping or {}
        id = own["id"].text if "id" in own else None
        self.policy_id = id or self.policy_id
        if self.mapping(entry, "") is None:
            return None
        self._misspelt(own)
        if not id:
            self.keep("policy.no_id", own.get("id", entry), "id")
        elif id in lines:
            self.keep("policy.id_twice", own["id"], "id", first=lines[id])
        else:
            lines[id] = own["id"].line or 0
        texts = {name: self._text(own.get(name), name) for name in _TEXTS}
        first, last = self._day(own, entry, "valid_from"), self._day(own, entry, "valid_to")
        if first and last and last < first:
            self.keep("policy.ends_before_it_begins", own["valid_to"], "valid_to", valid_from=first, valid_to=last)
        conditions = self._conditions(own.get("conditions"), entry)
        benefit = self._benefit(own.get("benefit"), entry)
        articles = self._articles(own.get("articles"))
        if len(self.faults) > before or not id or first is None or conditions is None or benefit is None:
            return None
        return Policy(id, first, last, conditions, benefit, articles=articles, line=entry.line or 0, **texts)

    def _misspelt(self, own: Mapping[str, Node]) -> None:
        """Keep keys that look like a known one which is not there; other keys belong to whoever keeps the file."""
        absent = [key for key in _POLICY_KEYS if key not in own]
        for key in [key for key in own if key not in _POLICY_KEYS][:20]:
            near = nearest(key, absent)
            if near or key == "<<":
                self.keep("policy.unknown_key", own[key], key, key=key, keys=_POLICY_KEYS, **hint(near))

    def _text(self, node: Node | None, at: str) -> str:
        if node is None or node.value is None:
            return ""
        if node.text is None:
            self.keep("policy.not_text", node, at, value=shown(node.plain()))
        return node.text or ""

    def _day(self, own: Mapping[str, Node], entry: Node, at: str) -> date | None:
        node = own.get(at)
        if node is None or (node.value is None and at == "valid_from"):
            self.keep("policy.no_day", entry if node is None else node, at, key=at)
            return None
        if node.value is None:
            return None
        try:
            return day_of(node.value)
        except WrongValueError:
            self.keep("policy.wrong_day", node, at, key=at, value=shown(node.plain()))
            return None

    def _articles(self, node: Node | None) -> tuple[int, ...]:
        values = [] if node is None or node.value is None else [one.value for one in node.items or [node]]
        numbers = tuple(
            one for one in values if isinstance(one, int) and not isinstance(one, bool) and 0 < one <= MOST_ARTICLES
        )
        if node is not None and len(numbers) < len(values):
            self.keep("policy.wrong_articles", node, "articles", value=shown(node.plain()))
        return numbers

    def _conditions(self, node: Node | None, entry: Node) -> Group | None:
        if node is None:
            self.keep("policy.no_conditions", entry, "conditions")
            return None
        if node.size > MOST_CONDITIONS:
            self.keep("policy.too_many_conditions", node, "conditions", most=MOST_CONDITIONS)
            return None
        return self._group(node, "conditions")

    def _group(self, node: Node, at: str, *, any: bool = False) -> Group | None:
        if node.items is None:
            self.keep("policy.not_a_list", node, at)
            return None
        if not node.items:
            self.keep("policy.empty_list", node, at)
            return None
        items = [self._item(item, f"{at}[{number}]") for number, item in enumerate(node.items)]
        sound = [item for item in items if item is not None]
        return Group(tuple(sound), any) if len(sound) == len(items) else None

    def _item(self, node: Node, at: str) -> Condition | None:
        groups = [key for key in ("all", "any") if key in (node.mapping or {})]
        known = (groups[0], "note") if groups else _LEAF_KEYS
        own = self.mapping(node, at, known)
        if own is None:
            return None
        if groups:
            return self._group(own[groups[0]], f"{at}.{groups[0]}", any=groups[0] == "any")
        return self._leaf(own, node, at)

    def _leaf(self, own: Mapping[str, Node], node: Node, at: str) -> Leaf | None:
        absent = [key for key in ("fact", "op", "value") if key not in own]
        for key in absent:
            self.keep("policy.condition_lacks", node, at, key=key)
        note = self._text(own.get("note"), f"{at}.note")
        fact = self._fact(own["fact"], f"{at}.fact") if "fact" in own else None
        op = self._op(own["op"], f"{at}.op") if "op" in own else None
        if absent or fact is None or op is None:
            return None
        wrong = (op in ORDERED_OPS and not fact.type.ordered) or (op in LIST_OPS and fact.type.kind == "bool")
        if wrong:
            self.keep("policy.op_not_for_type", own["op"], f"{at}.op", op=op.value, fact=fact.id, type=str(fact.type))
            return None
        value = self._threshold(fact, op, own["value"], f"{at}.value")
        return None if value is None else Leaf(fact.id, op, value, note)

    def _fact(self, node: Node, at: str) -> Fact | None:
        fact = self.facts.find(node.text or "")
        if fact is None:
            name = node.text if node.text is not None else shown(node.plain())
            self.keep("policy.unknown_fact", node, at, fact=name, **hint(self.near_facts.of(name)))
        return fact

    def _op(self, node: Node, at: str) -> Op | None:
        if node.text in tuple(Op):
            return Op(node.text)
        self.keep("policy.unknown_op", node, at, op=shown(node.plain()), ops=[op.value for op in Op])
        return None

    def _threshold(self, fact: Fact, op: Op, node: Node, at: str) -> Threshold | None:
        if op in LIST_OPS or op is Op.BETWEEN:
            if node.items is None or (op is Op.BETWEEN and len(node.items) != 2):
                code = "policy.between_needs_two" if op is Op.BETWEEN else "policy.not_a_list"
                self.keep(code, node, at)
                return None
            if not node.items:
                self.keep("policy.empty_list", node, at)
                return None
            found = [self._value(fact, item, f"{at}[{number}]") for number, item in enumerate(node.items)]
            values = tuple(value for value in found if value is not None)
            if len(values) < len(found):
                return None
            if op is Op.BETWEEN and values[0] > values[1]:  # type: ignore[operator] # both of one ordered type
                self.keep("policy.between_not_ordered", node, at, first=shown(values[0]), last=shown(values[1]))
                return None
            return values
        return self._value(fact, node, at)

    def _value(self, fact: Fact, node: Node, at: str) -> Value | None:
        try:
            return fact.type.value(node.value)
        except WrongValueError:
            told = {"fact": fact.id, "value": shown(node.plain()), **expected(fact.type)}
            self.keep("policy.wrong_threshold", node, at, **told)
            return None

    def _benefit(self, node: Node | None, entry: Node) -> Benefit | None:
        if node is None:
            self.keep("policy.no_benefit", entry, "benefit")
            return None
        own = self.mapping(node, "benefit", _BENEFIT_KEYS)
        if own is None:
            return None
        kind = self._word(own, node, "kind", KINDS, "policy.unknown_kind")
        measure = self._word(own, node, "measure", MEASURES, "policy.unknown_measure")
        tax, unit, note = (self._text(own.get(name), f"benefit.{name}") for name in ("tax", "unit", "note"))
        formula = self._formula(own.get("formula"))
        rounding = self._rounding(own.get("rounding"))
        written = "formula" in own and own["formula"].value is not None
        for name, code in _BESIDE_FORMULA.items() if written else ():
            if name not in own or own[name].value is None:
                self.keep(code, own["formula"], f"benefit.{name}")
        return Benefit(kind, measure, tax, unit, formula, rounding, note)

    def _word(self, own: Mapping[str, Node], node: Node, key: str, known: tuple[str, ...], code: str) -> str:
        """Return a word out of a list."""
        at = own.get(key, node)
        if key not in own or at.text not in known:
            value = shown(at.plain()) if key in own else shown(None)
            near = hint(nearest(at.text or "", known))
            self.keep(code, at, f"benefit.{key}", value=value, known=known, **near)
            return ""
        return at.text or ""

    def _formula(self, node: Node | None) -> Formula | None:
        if node is None or node.value is None:
            return None
        if node.text is None:
            self.keep("policy.formula_not_text", node, FORMULA, value=shown(node.plain()))
            return None
        try:
            return parse_formula(node.text, self.facts)
        except BridgeheadError as refused:
            place = Place(self.file, node.line, None, FORMULA)
            told = {"policy": self.policy_id}
            self.faults += [replace(one, parameters=told | dict(one.parameters), place=place) for one in refused.faults]
            return None

    def _rounding(self, node: Node | None) -> Rounding | None:
        if node is None or node.value is None:
            return None
        own = self.mapping(node, "benefit.rounding", ("places", "mode"))
        if own is None:
            return None
        places = own["places"].value if "places" in own else None
        if not isinstance(places, int) or isinstance(places, bool) or not 0 <= places <= MOST_PLACES:
            told = {"value": shown(places), "most": MOST_PLACES}
            self.keep("policy.wrong_places", own.get("places", node), "benefit.rounding.places", **told)
            return None
        mode = own["mode"].text if "mode" in own else None
        if mode not in MODES:
            value = shown(own["mode"].plain()) if "mode" in own else shown(None)
            self.keep("policy.unknown_mode", own.get("mode", node), "benefit.rounding.mode", value=value, known=MODES)
            return None
        return Rounding(places, mode)
