"""Formulas against an evaluator written a second time over fractions, by hand, and at every place they can be wrong."""

from __future__ import annotations

import math
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bridgehead.engines.eligibility.facts import read_register
from bridgehead.engines.eligibility.formula import DivisionByZeroError
from bridgehead.engines.eligibility.parsing import DEEPEST_FORMULA, LONGEST_FORMULA, parse_formula
from bridgehead.engines.eligibility.policies import Rounding
from bridgehead.kernel.errors import BridgeheadError

REGISTER, _ = read_register(
    "fact,types\nx.n,money_signed\ny.n,money_signed\nz.n,int\np.ok,bool\nq.ok,bool\ns.size,enum(big|tiny)\n"
    "t.code,text\nd.day,date\n"
)
NUMBERS, TRUTHS = ("x.n", "y.n", "z.n"), ("p.ok", "q.ok")


def value_of(text, **facts):
    given = {name.replace("_", ".", 1): value for name, value in facts.items()}
    typed = REGISTER.typed(given)
    assert not typed.faults
    return parse_formula(text, REGISTER).value(typed.values)


def missing_of(text, **facts):
    typed = REGISTER.typed({name.replace("_", ".", 1): value for name, value in facts.items()})
    return list(parse_formula(text, REGISTER).missing(typed.values))


# A second evaluator: expressions are nested tuples, and every rule is written down as the format tells it.


class ZeroReachedError(Exception):
    """A division by zero was reached."""


def plain(e, facts):
    kind = e[0]
    if kind == "number":
        return Fraction(e[1])
    if kind in ("fact", "truth"):
        return None if facts[e[1]] is None else facts[e[1]] if kind == "truth" else Fraction(str(facts[e[1]]))
    if kind == "text":
        return None if facts["s.size"] is None else (facts["s.size"] == e[2]) == (e[1] == "==")
    if kind == "if":
        chosen = plain(e[1], facts)
        return None if chosen is None else plain(e[2] if chosen else e[3], facts)
    parts = [plain(part, facts) for part in e[1:] if isinstance(part, tuple)]
    if kind == "and":
        return False if False in parts else None if None in parts else True
    if kind == "or":
        return True if True in parts else None if None in parts else False
    if None in parts:
        return None
    if kind == "/" and parts[1] == 0:
        raise ZeroReachedError
    return {
        "+": lambda a, b: a + b,
        "-": lambda a, b: a - b,
        "*": lambda a, b: a * b,
        "/": lambda a, b: a / b,
        "neg": lambda a: -a,
        "not": lambda a: not a,
        "min": min,
        "max": max,
        "floor": lambda a: Fraction(math.floor(a)),
        "ceil": lambda a: Fraction(math.ceil(a)),
        "round": lambda a: Fraction(math.floor(abs(a) * 100 + Fraction(1, 2)), 100) * (1 if a >= 0 else -1),
        "<": lambda a, b: a < b,
        "<=": lambda a, b: a <= b,
        ">": lambda a, b: a > b,
        ">=": lambda a, b: a >= b,
        "==": lambda a, b: a == b,
        "!=": lambda a, b: a != b,
    }[kind](*parts)


def plain_unknown(e, facts):
    """U(e) of the format; what is not reached cannot have a value by dividing by zero."""
    try:
        if plain(e, facts) is not None:
            return set()
    except ZeroReachedError:
        pass
    if e[0] in ("fact", "truth"):
        return {e[1]}
    if e[0] == "text":
        return {"s.size"}
    if e[0] == "if":
        try:
            chosen = plain(e[1], facts)
        except ZeroReachedError:
            chosen = None
        if chosen is not None:
            return plain_unknown(e[2] if chosen else e[3], facts)
    return set().union(*(plain_unknown(part, facts) for part in e[1:] if isinstance(part, tuple)))


def written(e):
    """Return the text, with brackets everywhere."""
    kind, *rest = e
    parts = [written(part) for part in rest if isinstance(part, tuple)]
    if kind in ("number", "fact", "truth"):
        return str(rest[0])
    if kind == "text":
        return f"(s.size {rest[0]} '{rest[1]}')"
    if kind == "neg":
        return f"(-{parts[0]})"
    if kind == "not":
        return f"(not {parts[0]})"
    if kind == "round":
        return f"round({parts[0]}, 2)"
    if kind in ("min", "max", "if", "floor", "ceil"):
        return f"{kind}({', '.join(parts)})"
    return f"({f' {kind} '.join(parts)})"


def numbers(depth):
    leaf = st.one_of(
        st.sampled_from(("0.5", "1", "2", "3", "0.07", "10")).map(lambda n: ("number", n)),
        st.sampled_from(NUMBERS).map(lambda n: ("fact", n)),
    )
    if depth == 0:
        return leaf
    inner, truth = numbers(depth - 1), truths(depth - 1)
    return st.one_of(
        leaf,
        st.tuples(st.sampled_from(("+", "-", "*", "min", "max")), inner, inner),
        st.tuples(st.just("/"), inner, inner.filter(lambda e: e != ("number", "0"))),
        st.tuples(st.just("min"), inner, inner, inner),
        st.tuples(st.sampled_from(("neg", "floor", "ceil", "round")), inner),
        st.tuples(st.just("if"), truth, inner, inner),
    )


def truths(depth):
    leaf = st.one_of(
        st.sampled_from(TRUTHS).map(lambda n: ("truth", n)),
        st.tuples(st.just("text"), st.sampled_from(("==", "!=")), st.sampled_from(("big", "tiny"))),
    )
    if depth == 0:
        return leaf
    inner, number = truths(depth - 1), numbers(depth - 1)
    return st.one_of(
        leaf,
        st.tuples(st.sampled_from(("<", "<=", ">", ">=", "==", "!=")), number, number),
        st.tuples(st.sampled_from(("and", "or")), inner, inner),
        st.tuples(st.just("not"), inner),
    )


FIRMS = st.fixed_dictionaries(
    {name: st.sampled_from((None, 0, 1, 2.5, -1.5, 100)) for name in ("x.n", "y.n")}
    | {"z.n": st.sampled_from((None, 0, 1, 7))}
    | {name: st.sampled_from((None, True, False)) for name in TRUTHS}
    | {"s.size": st.sampled_from((None, "big", "tiny"))}
)


@settings(max_examples=400, deadline=None)
@given(numbers(4), FIRMS)
@example(("/", ("fact", "x.n"), ("fact", "y.n")), {"x.n": None, "y.n": 0})
@example(("if", ("truth", "p.ok"), ("/", ("number", "1"), ("fact", "y.n")), ("fact", "x.n")), {"p.ok": None, "y.n": 0})
def test_values_and_unknowns_are_those_of_the_second_evaluator(e, firm):
    firm = dict.fromkeys((*NUMBERS, *TRUTHS, "s.size")) | firm
    formula = parse_formula(written(e), REGISTER)
    typed = REGISTER.typed(firm).values
    try:
        expected = plain(e, firm)
    except ZeroReachedError:
        with pytest.raises(DivisionByZeroError):
            formula.value(typed)
        return
    assert formula.value(typed) == expected
    assert set(formula.missing(typed)) == plain_unknown(e, firm)
    assert (expected is None) == bool(formula.missing(typed))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 - 4 - 3", 3),
        ("100 / 10 / 5", 2),
        ("100 / 10 * 5", 50),
        ("2 * -3", -6),
        ("- - 2", 2),
        ("--2", 2),
        ("-2 + 5", 3),
        ("floor(-1.5)", -2),
        ("ceil(-1.5)", -1),
        ("round(2.5, 0)", 3),
        ("round(-2.5, 0)", -3),
        ("round(1.005, 2)", Fraction(101, 100)),
        ("round(1.25, 5)", Fraction(5, 4)),
        ("min(3, 1, 2)", 1),
        ("max(3,1,2,5)", 5),
        ("if(1 < 2, 5, 6)", 5),
        ("if(not 1 < 2, 5, 6)", 6),
        ("if(not 1 > 2 and 3 == 3.0, 5, 6)", 5),
        ("if(1 > 2 or 2 > 1 and 1 > 3, 5, 6)", 6),
        ("if(1 > 2 and 1 > 3 or 2 > 1, 5, 6)", 5),
        ("if(1 != 1, 1, if(2 >= 2, 7, 8))", 7),
        ("\n 1\t+\r\n 2 ", 3),
        ("0.1 + 0.2", Fraction(3, 10)),
        ("1 / 3 * 3", 1),
        ("12345678901234567890123456789012.34 * 10", Fraction("123456789012345678901234567890123.4")),
        ("007", 7),
    ],
)
def test_by_hand(text, value):
    assert value_of(text) == value


def test_there_is_no_short_cut_for_what_is_unknown():
    assert value_of("0 * x.n") is None
    assert value_of("min(x.n, 15000)") is None
    assert missing_of("0 * x.n + y.n", y_n=1) == ["x.n"]
    assert value_of("if(p.ok and q.ok, 1, 2)", p_ok=False) == 2
    assert value_of("if(p.ok or q.ok, 1, 2)", q_ok=True) == 1
    assert value_of("if(p.ok, 1, 1)") is None
    assert missing_of("if(p.ok, x.n, 1)") == ["p.ok", "x.n"]
    assert missing_of("if(p.ok, x.n, y.n)", p_ok=False) == ["y.n"]
    assert value_of("if(p.ok, x.n, y.n)", p_ok=False, y_n=3) == 3
    assert missing_of("if(p.ok and q.ok, 1, 2)", p_ok=True) == ["q.ok"]
    assert missing_of("if(s.size == 'big', 1, 2)") == ["s.size"]


def test_a_division_by_zero_counts_only_where_it_is_reached():
    assert value_of("if(p.ok, 1 / x.n, 5)", p_ok=False, x_n=0) == 5
    assert value_of("if(p.ok, 1 / x.n, 5)", x_n=0) is None
    assert missing_of("if(p.ok, 1 / x.n, y.n)", x_n=0) == ["p.ok", "y.n"]
    with pytest.raises(DivisionByZeroError) as caught:
        value_of("5 + 1 / x.n", x_n=0)
    assert caught.value.at == 7
    with pytest.raises(DivisionByZeroError):
        value_of("y.n + 1 / x.n", x_n=0)
    assert value_of("y.n / x.n", x_n=0) is None


@pytest.mark.parametrize(
    ("text", "code", "at"),
    [
        ("", "formula_ends", 1),
        ("   ", "formula_ends", 4),
        ("1 +", "formula_ends", 4),
        ("(1 + 2", "formula_ends", 7),
        ("1 2", "formula_unexpected", 3),
        ("1 + )", "formula_unexpected", 5),
        ("+ 1", "formula_unexpected", 1),
        ("1e5", "formula_unexpected", 2),
        ("1 + not p.ok", "formula_unexpected", 5),
        ("min(1)", "formula_unexpected", 6),
        ("floor(1, 2)", "formula_unexpected", 8),
        ("if(p.ok, 1)", "formula_unexpected", 11),
        ("round(1)", "formula_unexpected", 8),
        ("1,000", "formula_unexpected", 2),
        (".5", "formula_character", 1),
        ("5.", "formula_character", 2),
        ("1 = 1", "formula_character", 3),
        ("1 & 2", "formula_character", 3),
        ("x.n ** 2", "formula_unexpected", 6),
        ("２", "formula_character", 1),
        ("x.n[0]", "formula_character", 4),
        ('s.size == "big"', "formula_character", 11),
        ("'big", "formula_character", 1),
        ("1 < 2 < 3", "formula_chain", 7),
        ("if(s.size == 'big' == 'big', 1, 2)", "formula_chain", 20),
        ("abs(1)", "formula_unknown_name", 1),
        ("turnover", "formula_unknown_name", 1),
        ("Min(1, 2)", "formula_unknown_name", 1),
        ("__import__('os')", "formula_unknown_name", 1),
        ("1 + x.m", "formula_unknown_fact", 5),
        ("if(nobody.knows == 'it', 1, 2)", "formula_unknown_fact", 4),
        ("round(1, x.n)", "formula_places", 10),
        ("round(1, -1)", "formula_places", 10),
        ("round(1, 1.0)", "formula_places", 10),
        ("if(5, 1, 2)", "formula_needs_truth", 4),
        ("if(p.ok and 1, 1, 2)", "formula_needs_truth", 13),
        ("if(1 and p.ok, 1, 2)", "formula_needs_truth", 4),
        ("if(not 1, 1, 2)", "formula_needs_truth", 8),
        ("p.ok", "formula_needs_number", 1),
        ("1 < 2", "formula_needs_number", 1),
        ("p.ok + 1", "formula_needs_number", 1),
        ("1 + p.ok", "formula_needs_number", 5),
        ("2 * p.ok", "formula_needs_number", 5),
        ("-p.ok", "formula_needs_number", 2),
        ("max(1, p.ok)", "formula_needs_number", 8),
        ("if(p.ok, q.ok, 1)", "formula_needs_number", 10),
        ("if(p.ok == 1, 1, 2)", "formula_needs_number", 4),
        ("if((1 < 2) < 3, 1, 2)", "formula_needs_number", 4),
        ("s.size", "formula_text_fact", 1),
        ("s.size + 1", "formula_text_fact", 1),
        ("if(s.size < 'big', 1, 2)", "formula_text_fact", 4),
        ("if(s.size == 1, 1, 2)", "formula_text_fact", 4),
        ("if('big' == s.size, 1, 2)", "formula_text_alone", 4),
        ("if(x.n == 'big', 1, 2)", "formula_text_alone", 11),
        ("if(s.size == 'huge', 1, 2)", "formula_text_value", 14),
        ("if(t.code == '', 1, 2)", "formula_text_value", 14),
        ("d.day", "formula_date_fact", 1),
        ("1 / 0", "formula_zero_division", 3),
        ("x.n / (0.00)", "formula_zero_division", 5),
        ("if(p.ok, 1 / -0, 2)", "formula_zero_division", 12),
        ("(" * (DEEPEST_FORMULA + 1) + "1", "formula_too_deep", DEEPEST_FORMULA + 2),
        ("-" * 1500 + "1", "formula_too_deep", DEEPEST_FORMULA + 2),
    ],
)
def test_what_is_wrong_is_told_with_its_column(text, code, at):
    with pytest.raises(BridgeheadError) as caught:
        parse_formula(text, REGISTER)
    assert caught.value.code == f"policy.{code}"
    assert caught.value.parameters["at"] == at


def test_every_unknown_fact_is_told_with_the_nearest_one():
    register, _ = read_register("fact,types\nvat.paid_cny,money\ncit.paid_cny,money\n")
    with pytest.raises(BridgeheadError) as caught:
        parse_formula("vat.paid_cmy + cit.payd_cny * 2", register)
    told = [(fault.parameters["fact"], fault.parameters["near"]) for fault in caught.value.faults]
    assert told == [("vat.paid_cmy", "vat.paid_cny"), ("cit.payd_cny", "cit.paid_cny")]


def test_long_formulas_are_bounded_and_long_sums_do_not_nest():
    with pytest.raises(BridgeheadError) as caught:
        parse_formula("1" * (LONGEST_FORMULA + 1), REGISTER)
    assert caught.value.code == "policy.formula_too_long"
    assert value_of("+".join(["1"] * 900)) == 900
    assert value_of("*".join(["1"] * 900)) == 1
    nested = "if(1 < 2, " * (DEEPEST_FORMULA - 1) + "5" + ", 6)" * (DEEPEST_FORMULA - 1)
    assert value_of(nested) == 5


@given(st.text(max_size=60) | st.text(alphabet="01.x npqok=<>!()+-*/,'ifmnaxd\n", max_size=60))
def test_no_text_breaks_the_parser(text):
    try:
        parse_formula(text, REGISTER)
    except BridgeheadError as refused:
        assert all(fault.code.startswith("policy.formula_") for fault in refused.faults)  # noqa: PT017


MODES = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "down": ROUND_DOWN, "up": ROUND_UP}


@given(
    st.decimals(min_value=-(10**12), max_value=10**12, allow_nan=False, allow_infinity=False),
    st.sampled_from(sorted(MODES)),
    st.integers(0, 6),
)
@example(Decimal("0.125"), "half_even", 2)
@example(Decimal("-0.005"), "half_up", 2)
@example(Decimal("-0.001"), "down", 2)
@example(Decimal("0.001"), "up", 2)
def test_rounding_is_that_of_decimal_arithmetic(number, mode, places):
    with localcontext() as context:
        context.prec = 400
        expected = number.quantize(Decimal(1).scaleb(-places), MODES[mode])
    found = Rounding(places, mode).of(Fraction(number))
    assert found == expected
    assert found.as_tuple().exponent == -places
    assert f"{found:f}" == f"{expected if expected else abs(expected):f}"
