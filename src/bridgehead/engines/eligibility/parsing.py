"""From the text of a formula to what it means: tokens, a recursive descent, and types before anything is computed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import NoReturn

from bridgehead.engines.eligibility.facts import Fact, FactRegister, WrongValueError, hint, shown
from bridgehead.engines.eligibility.formula import (
    COMPARISONS,
    Call,
    Choice,
    Comparison,
    Expression,
    Formula,
    Junction,
    Named,
    Not,
    Number,
    Product,
    Sum,
    TextTest,
)
from bridgehead.kernel.errors import BridgeheadError, Fault, Place
from bridgehead.kernel.schemas import nearest

LONGEST_FORMULA = 2_000
"""Characters; the longest of the shipped policies has 150."""
DEEPEST_FORMULA = 40
"""How often brackets, functions and signs may stand inside each other."""
MOST_PLACES = 400

FUNCTIONS = ("ceil", "floor", "if", "max", "min", "round")
_WORDS = (*FUNCTIONS, "and", "not", "or")
_TOKEN = re.compile(
    r"(?P<fact>[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+)|(?P<word>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<number>[0-9]+(?:\.[0-9]+)?)|(?P<text>'[^']*')|(?P<sign>[=!<>]=|[<>+\-*/(),])|(?P<blank>[ \t\r\n]+)"
)
_END = "end"
Read = Callable[[], Expression]


def parse_formula(text: str, facts: FactRegister) -> Formula:
    """Read a formula.

    Parameters
    ----------
    text : str
        As the policy has it.
    facts : FactRegister
        The facts it may name, with their types.

    Returns
    -------
    Formula
        A number.

    Raises
    ------
    BridgeheadError
        One of the codes ``policy.formula_*``, with ``at``, the column from 1; every unknown fact is a fault.
    """
    if len(text) > LONGEST_FORMULA:
        raise _error("policy.formula_too_long", text[:80], length=len(text), most=LONGEST_FORMULA)
    parser = _Parser(text, facts)
    expression = parser.whole()
    if parser.faults:
        raise BridgeheadError.of(parser.faults)
    return Formula(text, expression, expression.names())


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


class _Parser:
    """The descent; each method reads one rule of the grammar from where it stands."""

    def __init__(self, text: str, facts: FactRegister) -> None:
        self.text = text
        self.facts = facts
        self.tokens = self._tokens()
        self.position = 0
        self.depth = 0
        self.faults: list[Fault] = []

    def whole(self) -> Expression:
        """Read everything: a number, and nothing behind it."""
        expression = self._number(self._or)
        if self._here.kind != _END:
            self._unexpected()
        return expression

    def _or(self) -> Expression:
        return self._joined("or", lambda: self._joined("and", self._not))

    def _joined(self, word: str, part: Read) -> Expression:
        at = self._here.at
        items = [part()]
        while self._take(word):
            self._need(items[-1], at, truth=True)
            at = self._here.at
            items.append(self._truth(part))
        return items[0] if len(items) == 1 else Junction(word == "or", tuple(items))

    def _not(self) -> Expression:
        if self._take("not"):
            return self._deeper(lambda: Not(self._truth(self._not)))
        return self._compare()

    def _compare(self) -> Expression:
        at = self._here.at
        found: Expression = self._text_test() or self._sum()
        if self._here.text in COMPARISONS and not isinstance(found, TextTest):
            self._need(found, at, truth=False)
            sign = self._next().text
            found = Comparison(sign, found, self._number(self._sum))
        if self._here.text in COMPARISONS:
            self._refuse("policy.formula_chain", found=self._here.text)
        return found

    def _text_test(self) -> TextTest | None:
        """Read ``fact == 'text'``; None where the next thing is no text fact."""
        name, sign, value = (self.tokens[min(self.position + ahead, len(self.tokens) - 1)] for ahead in range(3))
        fact = self.facts.find(name.text) if name.kind == "fact" else None
        compared = sign.text in ("==", "!=") and value.kind == "text"
        if name.kind != "fact" or (fact is not None and fact.type.kind not in ("enum", "text")):
            return None
        if fact is None and not compared:
            return None
        if not compared:
            self._refuse("policy.formula_text_fact", name, fact=name.text)
        self.position += 3
        bare = value.text[1:-1]
        if fact is None:
            self._unknown(name)
        else:
            self._check_text(fact, bare, value)
        return TextTest(name.text, bare, sign.text == "==")

    def _check_text(self, fact: Fact, text: str, token: _Token) -> None:
        try:
            fact.type.value(text)
        except WrongValueError:
            options = {"options": fact.type.options} if fact.type.options else {}
            self._refuse("policy.formula_text_value", token, fact=fact.id, value=shown(text), **options)

    def _sum(self) -> Expression:
        at = self._here.at
        signs, items = [1], [self._product()]
        while self._here.text in ("+", "-") and self._here.kind == "sign":
            self._need(items[-1], at, truth=False)
            signs.append(1 if self._next().text == "+" else -1)
            at = self._here.at
            items.append(self._number(self._product))
        return items[0] if len(items) == 1 else Sum(tuple(signs), tuple(items))

    def _product(self) -> Expression:
        at = self._here.at
        divisions, items = [0], [self._unary()]
        while self._here.text in ("*", "/") and self._here.kind == "sign":
            self._need(items[-1], at, truth=False)
            sign = self._next()
            at = self._here.at
            items.append(self._number(self._unary))
            divisions.append(sign.at if sign.text == "/" else 0)
            if sign.text == "/" and _is_written_zero(items[-1]):
                self._refuse("policy.formula_zero_division", sign)
        return items[0] if len(items) == 1 else Product(tuple(divisions), tuple(items))

    def _unary(self) -> Expression:
        if self._take("-"):
            return self._deeper(lambda: Sum((-1,), (self._number(self._unary),)))
        return self._atom()

    def _atom(self) -> Expression:
        token = self._next()
        if token.kind == "number":
            return Number(Fraction(token.text))
        if token.kind == "fact":
            return self._fact(token)
        if token.text == "(":
            inside = self._deeper(self._or)
            self._expect(")")
            return inside
        if token.kind == "text":
            self._refuse("policy.formula_text_alone", token, value=shown(token.text[1:-1]))
        if token.kind == "word" and token.text in FUNCTIONS:
            return self._deeper(lambda: self._call(token))
        if token.kind == "word" and token.text not in _WORDS:
            self._refuse("policy.formula_unknown_name", token, name=token.text, functions=FUNCTIONS)
        self._unexpected(token)

    def _fact(self, token: _Token) -> Named:
        fact = self.facts.find(token.text)
        if fact is None:
            self._unknown(token)
            return Named(token.text, truth=False)
        if fact.type.kind == "date":
            self._refuse("policy.formula_date_fact", token, fact=fact.id)
        if fact.type.kind in ("enum", "text"):
            self._refuse("policy.formula_text_fact", token, fact=fact.id)
        return Named(fact.id, truth=fact.type.kind == "bool")

    def _call(self, token: _Token) -> Expression:
        self._expect("(")
        if token.text == "if":
            condition = self._truth(self._or)
            first, second = self._next_argument(), self._next_argument()
            self._expect(")")
            return Choice(condition, first, second)
        items, places = [self._number(self._or)], 0
        if token.text == "round":
            self._expect(",")
            places = self._places()
        elif token.text in ("min", "max"):
            items.append(self._next_argument())
            while self._here.text == ",":
                items.append(self._next_argument())
        self._expect(")")
        return Call(token.text, tuple(items), places)

    def _next_argument(self) -> Expression:
        self._expect(",")
        return self._number(self._or)

    def _places(self) -> int:
        token = self._next()
        if token.kind != "number" or not token.text.isdigit() or len(token.text) > 3 or int(token.text) > MOST_PLACES:
            self._refuse("policy.formula_places", token, most=MOST_PLACES)
        return int(token.text)

    def _deeper(self, read: Read) -> Expression:
        self.depth += 1
        if self.depth > DEEPEST_FORMULA:
            self._refuse("policy.formula_too_deep", most=DEEPEST_FORMULA)
        found = read()
        self.depth -= 1
        return found

    def _number(self, read: Read) -> Expression:
        at = self._here.at
        return self._need(read(), at, truth=False)

    def _truth(self, read: Read) -> Expression:
        at = self._here.at
        return self._need(read(), at, truth=True)

    def _need(self, part: Expression, at: int, *, truth: bool) -> Expression:
        """Return a part of the right type; an unknown fact, which is a fault already, passes for either."""
        guessed = isinstance(part, Named) and self.facts.find(part.fact) is None
        if part.truth != truth and not guessed:
            raise _error("policy.formula_needs_truth" if truth else "policy.formula_needs_number", self.text, at=at)
        return part

    @property
    def _here(self) -> _Token:
        return self.tokens[self.position]

    def _next(self) -> _Token:
        token = self._here
        self.position += token.kind != _END
        return token

    def _take(self, text: str) -> bool:
        found = self._here.text == text and self._here.kind in ("word", "sign")
        self.position += found
        return found

    def _expect(self, text: str) -> None:
        if not self._take(text):
            self._unexpected(wanted=text)

    def _unexpected(self, token: _Token | None = None, wanted: str = "") -> NoReturn:
        token = token or self._here
        if token.kind == _END:
            self._refuse("policy.formula_ends", token, wanted=wanted)
        self._refuse("policy.formula_unexpected", token, found=token.text, wanted=wanted)

    def _unknown(self, token: _Token) -> None:
        told = {"fact": token.text, **hint(nearest(token.text, self.facts.facts))}
        self.faults += _error("policy.formula_unknown_fact", self.text, at=token.at, **told).faults

    def _refuse(self, code: str, token: _Token | None = None, **told: object) -> NoReturn:
        raise _error(code, self.text, at=(token or self._here).at, **told)

    def _tokens(self) -> list[_Token]:
        found, at = [], 0
        while at < len(self.text):
            match = _TOKEN.match(self.text, at)
            if match is None:
                raise _error("policy.formula_character", self.text, at=at + 1, found=shown(self.text[at]))
            if match.lastgroup != "blank":
                found.append(_Token(str(match.lastgroup), match[0], at + 1))
            at = match.end()
        return [*found, _Token(_END, "", len(self.text) + 1)]


def _is_written_zero(part: Expression) -> bool:
    """Say whether a divisor is a written 0, with or without signs and brackets."""
    while isinstance(part, Sum) and len(part.items) == 1:
        part = part.items[0]
    return isinstance(part, Number) and part.number == 0


def _error(code: str, formula: str, **told: object) -> BridgeheadError:
    return BridgeheadError(code, {"formula": formula, **told}, Place(field="formula"))
