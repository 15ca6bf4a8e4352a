"""Where duties stand in a new text: by their words, then by what is most alike, never by a place that moved."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.rooms.ledger.actions.duty_places import places
from bridgehead.rooms.ledger.models import Duty
from bridgehead.rooms.statute.public import HeldDuty

WORDS = (
    "把渡口经费列入财政预算，加强对服务的领导",
    "负责全区渡口服务工作",
    "公布开放时间和收费标准，不得在标准以外收取费用",
    "每年三月底前评估上一年的排队时间并报告评估结果",
    "会同海关建立排队预报制度，每日早晨发布预计等候时间",
    "举办口岸商品展览会，组织企业参加境外展会",
    "保护口岸的历史建筑和文物",
    "培训外贸经营者和报关人员",
)


def duty(pk: int, place: int, what: str, **more: str) -> Duty:
    return Duty(pk=pk, eid=f"art_{place}", anchor=what, what=what, **more)


def held(place: int, what: str) -> HeldDuty:
    return HeldDuty(1, 1, "", f"art_{place}", what, place, "", what, "should", (), "", "", False, "")


def given_to(rows: list[Duty], text: list[HeldDuty]) -> dict[int, str | None]:
    return {row.pk: one.what if one else None for row, one in places(rows, text)}


@pytest.mark.article(6)
def test_one_article_less_moves_every_later_one_and_maps_none_to_its_neighbour() -> None:
    rows = [duty(at, at, what) for at, what in enumerate(WORDS, 1)]
    reworded = WORDS[4].replace("会同海关", "会同海关、移民管理机构")
    text = [held(at, what) for at, what in enumerate((*WORDS[:3], reworded, *WORDS[5:]), 1)]
    assert given_to(rows, text) == {1: WORDS[0], 2: WORDS[1], 3: WORDS[2], 4: None, 5: reworded} | {
        at: WORDS[at - 1] for at in (6, 7, 8)
    }


@pytest.mark.article(6)
def test_one_article_more_moves_the_rest_and_stays_free_to_be_taken_over() -> None:
    rows = [duty(at, at, what) for at, what in enumerate(WORDS, 1)]
    text = [held(at, what) for at, what in enumerate((*WORDS[:2], "设立口岸突发事件应急物资储备", *WORDS[2:]), 1)]
    assert given_to(rows, text) == dict(enumerate(WORDS, 1))


def test_what_was_gone_comes_back_by_its_words_alone() -> None:
    gone = duty(1, 4, WORDS[3], state="gone")
    assert given_to([gone], [held(4, WORDS[3] + "，公开评估结果")]) == {1: None}
    assert given_to([gone], [held(2, WORDS[3])]) == {1: WORDS[3]}


@given(st.permutations(WORDS), st.sets(st.integers(0, len(WORDS) - 1)))
def test_unchanged_words_are_found_wherever_they_stand(order: list[str], dropped: set[int]) -> None:
    rows = [duty(at, at, what) for at, what in enumerate(WORDS, 1)]
    kept = [what for at, what in enumerate(order) if at not in dropped]
    found = given_to(rows, [held(at, what) for at, what in enumerate(kept, 1)])
    assert {WORDS[pk - 1] for pk, what in found.items() if what == WORDS[pk - 1]} == set(kept)
    given_out = [what for what in found.values() if what is not None]
    assert sorted(given_out) == sorted(kept), "each is given once"
