"""The arithmetic of the chain: a sound one passes, every single tampering is told at its place."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bridgehead.kernel.chain import GENESIS, MOST_REMOVED, Anchor, Seal, broken_seals, link, removed

digests = st.lists(st.text("0123456789abcdef", min_size=4, max_size=4), min_size=1, max_size=12)


def chain_of(told: list[str]) -> list[Seal]:
    seals, before = [], GENESIS
    for at, digest in enumerate(told, 1):
        before = link(before, at, at * 10, digest, f"t{at}")
        seals.append(Seal(at, at * 10, digest, f"t{at}", before))
    return seals


@given(digests)
def test_a_sound_chain_passes_with_and_without_its_anchor(told: list[str]) -> None:
    seals = chain_of(told)
    assert not list(broken_seals(seals))
    assert not list(broken_seals(seals, [Anchor(len(seals), seals[-1].chain)]))


@given(digests, st.data())
def test_one_changed_seal_is_told_at_its_place_alone(told: list[str], data: st.DataObject) -> None:
    seals = chain_of(told)
    at = data.draw(st.integers(0, len(seals) - 1))
    field = data.draw(st.sampled_from(["entry", "digest", "sealed_at", "chain"]))
    other = {"entry": 7, "digest": "zz", "sealed_at": "t", "chain": "f" * 64}[field]
    seals[at] = replace(seals[at], **{field: other})
    assert [(one.kind, one.position) for one in broken_seals(seals)] == [("seal_changed", at + 1)]


@given(digests, st.data())
def test_a_removed_seal_is_told_at_its_place(told: list[str], data: st.DataObject) -> None:
    seals = chain_of(told)
    gone = data.draw(st.integers(1, len(seals)))
    rest = [seal for seal in seals if seal.position != gone]
    anchor = Anchor(len(seals), seals[-1].chain)
    found = {(one.kind, one.position) for one in broken_seals(rest, [anchor])}
    assert found == {("seal_removed", gone)} | ({("anchor", gone)} if gone == len(seals) else set())


@given(digests, st.data())
def test_a_cut_end_is_told_seal_by_seal_as_far_as_the_anchor_reaches(told: list[str], data: st.DataObject) -> None:
    seals = chain_of(told)
    left = data.draw(st.integers(0, len(seals) - 1))
    found = {(one.kind, one.position) for one in broken_seals(seals[:left], [Anchor(len(seals), seals[-1].chain)])}
    gone = {("seal_removed", position) for position in range(left + 1, len(seals) + 1)}
    assert found == {*gone, ("anchor", len(seals))}


def test_a_forged_position_far_away_is_told_in_few_words() -> None:
    seals = chain_of(["a", "b"])
    seals[1] = replace(seals[1], position=10**15)
    found = list(broken_seals(seals, [Anchor(10**16, "f" * 64)]))
    assert [(one.kind, one.position, one.until) for one in found] == [
        ("seal_removed", 2, 10**15 - 1),
        ("seal_removed", 10**15 + 1, 10**16),
        ("anchor", 10**16, None),
    ]


def test_missing_seals_are_one_finding_where_they_are_many() -> None:
    for last in (MOST_REMOVED, MOST_REMOVED + 1):
        found = list(removed(1, last))
        assert len(found) == (last if last == MOST_REMOVED else 1)
        assert max(one.until or one.position or 0 for one in found) == last


@given(digests, st.data())
def test_a_chain_written_anew_differs_from_the_anchor(told: list[str], data: st.DataObject) -> None:
    seals = chain_of(told)
    at = data.draw(st.integers(0, len(told) - 1))
    anew = chain_of([*told[:at], told[at] + "x", *told[at + 1 :]])
    assert not list(broken_seals(anew))
    assert [one.kind for one in broken_seals(anew, [Anchor(len(seals), seals[-1].chain)])] == ["anchor"]
