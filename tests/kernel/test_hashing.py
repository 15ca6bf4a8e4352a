"""The same content has the same hash, whatever order or type of number it comes in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.kernel.hashing import canonical, content_hash

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


def test_bytes_are_hashed_as_they_are() -> None:
    assert content_hash(b"abc") == hashlib.sha256(b"abc").hexdigest()


def test_canonical_form_of_everything() -> None:
    @dataclass(frozen=True)
    class Point:
        x: float
        y: int | None

    value = {
        "b": [1.0, 2.5, -0.0],
        "a": Point(3.0, None),
        "d": date(2023, 7, 31),
        "m": Decimal("1.50"),
        "s": {"y", "x"},
        1: "口岸",
    }
    text = canonical(value).decode()
    assert text == ('{"1":"口岸","a":{"x":3,"y":null},"b":[1,2.5,0],"d":"2023-07-31","m":"1.5","s":["x","y"]}')


def test_order_of_keys_does_not_matter_but_order_of_rows_does() -> None:
    assert content_hash({"a": 1, "b": 2}) == content_hash({"b": 2, "a": 1})
    assert content_hash([1, 2]) != content_hash([2, 1])


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [float("-inf")]])
def test_numbers_without_a_canonical_form_are_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"JSON compliant|cannot convert float"):
        content_hash(value)


@pytest.mark.parametrize("value", [object(), {1.5: 1}, {True: 1}, int])
def test_unknown_types_are_refused(value: object) -> None:
    with pytest.raises(TypeError):
        content_hash(value)


@given(PLAIN)
def test_hash_is_stable_and_survives_json(value: object) -> None:
    import json

    assert content_hash(value) == content_hash(json.loads(canonical(value)))
    assert len(content_hash(value)) == 64
