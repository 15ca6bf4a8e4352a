import random
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridgehead.render.labels import Label, LabelLine, boxes_overlap, place_labels, text_width

FRAME = (0.0, 0.0, 600.0, 400.0)


def label(key, x, y, rank=1, words="甘其毛都", **more):
    lines = (LabelLine(words, 14.0, "l-port", bold=True), LabelLine("Ganqimaodu", 11.0, "l-en", "en"))
    return Label(key, x, y, 5.0, lines, rank, **more)


def assert_clear(placement, frame, markers=()):
    """No two boxes overlap, none leaves the frame, none covers a marker."""
    for a, b in combinations(placement.placed, 2):
        assert not boxes_overlap(a.box, b.box), (a.label.key, b.label.key)
    for each in placement.placed:
        left, top, right, bottom = each.box
        assert frame[0] <= left < right <= frame[2]
        assert frame[1] <= top < bottom <= frame[3]
        for x, y, r in markers:
            dx, dy = max(left - x, 0, x - right), max(top - y, 0, y - bottom)
            assert dx * dx + dy * dy >= (r - 1) ** 2


coordinates = st.tuples(st.floats(-20, 620), st.floats(-20, 420), st.integers(0, 5), st.text(max_size=12))


@settings(max_examples=60, deadline=None)
@given(st.lists(coordinates, max_size=45), st.randoms(use_true_random=False))
def test_labels_never_overlap_whatever_the_points(points, rng):
    labels = [label(str(i), x, y, rank, words) for i, (x, y, rank, words) in enumerate(points)]
    markers = [(each.x, each.y, each.radius) for each in labels]
    inked = [(rng.uniform(0, 600), rng.uniform(0, 400), rng.uniform(0, 8)) for _ in range(80)]
    placement = place_labels(labels, FRAME, markers=markers, inked=inked)
    assert_clear(placement, FRAME, markers)
    assert {p.label.key for p in placement.placed} | set(placement.left_out) == {each.key for each in labels}


def test_all_labels_of_a_loose_set_stand_in_full():
    labels = [label(str(i), 60 + 120 * (i % 5), 50 + 80 * (i // 5)) for i in range(20)]
    placement = place_labels(labels, FRAME, markers=[(each.x, each.y, 5.0) for each in labels])
    assert placement.left_out == ()
    assert all(len(p.lines) == 2 and not p.leader for p in placement.placed)


def test_where_one_finds_room_it_is_the_one_of_better_rank():
    tight = (0.0, 0.0, 90.0, 32.0)
    for order in ((3, 0), (0, 3)):
        labels = [label(f"rank{rank}", 12, 16, rank) for rank in order]
        placement = place_labels(labels, tight)
        assert [p.label.key for p in placement.placed] == ["rank0"]
        assert placement.left_out == ("rank3",)


def test_a_label_moves_aside_for_one_that_has_no_other_place():
    # The left one may stand on either side, the right one only in between, because the frame ends.
    labels = [label("left", 250, 200, 2), label("right", 330, 200, 2)]
    narrow = (150.0, 185.0, 340.0, 215.0)
    placement = place_labels(labels, narrow, markers=[(each.x, each.y, 5.0) for each in labels])
    assert_clear(placement, narrow)
    assert {p.label.key for p in placement.placed} == {"left", "right"}


def test_labels_keep_off_thick_lines():
    ink = [(x, 200.0 - dy, 7.0) for x in range(200, 420, 5) for dy in (0,)]
    placement = place_labels([label("on", 300, 200, 3)], FRAME, inked=ink)
    (placed,) = placement.placed
    assert placed.box[3] <= 194 or placed.box[1] >= 206


def test_a_crowd_of_important_labels_uses_leaders_before_it_loses_one():
    rng = random.Random(3)
    labels = [label(str(i), 300 + rng.uniform(-22, 22), 200 + rng.uniform(-16, 16), 0) for i in range(9)]
    placement = place_labels(labels, FRAME, markers=[(each.x, each.y, 5.0) for each in labels])
    assert placement.left_out == ()
    assert any(p.leader for p in placement.placed)
    for placed in placement.placed:
        (x, y), (bx, by) = placed.tether()
        assert placed.box[0] <= bx <= placed.box[2]
        assert placed.box[1] <= by <= placed.box[3]
        assert (x - placed.label.x) ** 2 + (y - placed.label.y) ** 2 == pytest.approx(36.0, rel=0.01)


def test_the_liked_side_wins_when_it_is_free():
    for side in ("N", "NE", "E", "SE", "S", "SW", "W", "NW"):
        (placed,) = place_labels([label("a", 300, 200, prefer=side)], FRAME).placed
        middle = (placed.box[0] + placed.box[2]) / 2, (placed.box[1] + placed.box[3]) / 2
        assert ("E" in side) == (placed.box[0] > 300)
        assert ("W" in side) == (placed.box[2] < 300)
        assert ("N" in side) == (middle[1] < 195)
        assert ("S" in side) == (middle[1] > 205)


def test_same_input_same_places_and_keys_must_differ():
    rng = random.Random(1)
    labels = [label(str(i), rng.uniform(0, 600), rng.uniform(0, 400), i % 5) for i in range(60)]
    assert place_labels(labels, FRAME) == place_labels(labels, FRAME)
    with pytest.raises(ValueError, match="same key"):
        place_labels([label("a", 1, 1), label("a", 9, 9)], FRAME)
    assert place_labels([], FRAME).placed == ()


def test_width_of_text_counts_han_as_whole_and_latin_as_half():
    assert text_width("口岸", 10) == 20
    assert 10 * 4 < text_width("Bayannur", 10) < 10 * 6
    assert text_width("", 10) == 0
    assert text_width("WWWW", 10) > text_width("iiii", 10)
    assert text_width("a", 10, bold=True) > text_width("a", 10)
    assert text_width("é", 10) == text_width("e", 10)
