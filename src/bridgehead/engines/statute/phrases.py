"""What a clause says of itself: where its modal words are, whether it names a thing, whether it goes on.

All functions here read the signs of one clause and change nothing. Kinds of sign are the letters of `rules`.
"""

from __future__ import annotations

import re

from bridgehead.engines.statute.actors import OBJECT, is_adjective, is_doer, leading, opens_list
from bridgehead.engines.statute.clauses import Clause, Sign
from bridgehead.engines.statute.rules import word_list

# Words a clause ends with that only says where, when or under what; words of the way something is done.
_PLACES, _WAYS, _MEANS = map(word_list, ("place", "way", "means"))
_LAST = frozenset(word[-1] for word in _PLACES)

CASES = re.compile(
    r"下列行为[：的之]|下列(?:情形|行为|情况|条件|事项|原因)之一|下列原因|下列(?:情形|情况)[^，；。]{0,4}[的：]"
)
"""What a list of cases begins with."""

_BANS = ("禁止", "严禁", "不准", "不许")
_FORBIDS = (*_BANS, "不得")
# What is forbidden in such a place is forbidden to everybody.
_SPOTS = ("区内", "区域内", "范围内", "场所", "场所内", "道路上", "河道内", "水域内", "地带内", "园内", "馆内", "场内")
_ON_CALL = ("申请", "要求", "请求", "邀请", "约定")
_ACTS = frozenset("VWPAMNGZ")
_LAID_DOWN = ("规定", "认为")
_SHORT = ("可", "须", "需", "才能")
_MODAL = re.compile("[MN]")


def touches(signs: list[Sign], at: int, other: int) -> bool:
    """Whether one sign follows another with nothing between them."""
    return 0 <= at < other < len(signs) and signs[at][1] == signs[other][0]


def modal_words(clause: Clause, text: str, under_may: bool) -> list[int]:
    """Return the places in the signs of a clause where a modal word binds.

    Parameters
    ----------
    under_may : bool
        Whether 可以 is in force: then 或者禁止 is what may be done, and no prohibition.
    """
    found: list[int] = []
    for sign in _MODAL.finditer(clause.kinds):
        at = sign.start()
        if sign[0] == "M":
            if _binds(clause, at, text):
                found.append(at)
        elif not found and not _modifies(clause, at, text):
            chosen = under_may and text.startswith("或者", clause.start)
            if not chosen and _main_verb(clause, at, text):
                found.append(at)
    return found


def _binds(clause: Clause, at: int, text: str) -> bool:
    signs = clause.signs
    start, end, _, word = signs[at]
    if (text[start - 1] == "否" and text.endswith("是否", 0, start)) or _modifies(clause, at, text):
        return False
    if text.endswith(_LAID_DOWN, 0, start) and _lays_down(clause, at):
        return False
    of = clause.kinds.rfind("D", at + 1) if "D" in clause.kinds else -1
    if 0 < of >= _last_verb(clause) and touches(signs, at - 1, at) and signs[at - 1][2] == "V":
        # 确定可以开展审批的事项: what is allowed is the noun's matter; not so behind a noun (数据收集应当…).
        begins = signs[at - 1][0] == clause.start or touches(signs, at - 2, at - 1)
        return not (begins and (at < 2 or signs[at - 2][2] != "O"))
    if word in _SHORT:
        return touches(signs, at, at + 1) and (signs[at + 1][2] in "VWAPGK" or signs[at + 1][3] in ("与", "同"))
    if word == "应":
        called = start == clause.start and text.endswith(_ON_CALL, start, clause.end)
        return not called and end < clause.end and text[end] not in "的、和"
    return True


def _lays_down(clause: Clause, at: int) -> bool:
    """Whether 规定 before a modal word is a verb (X规定应当验收的工程), no noun (依照规定应当…, X的规定不得…)."""
    before = clause.kinds[:at]
    return "P" not in before and not before.endswith("DW") and clause.kinds.find("D", at + 1) >= 0


def _modifies(clause: Clause, at: int, text: str) -> bool:
    """Whether a modal word stands in a modifier: its verb runs straight into 的."""
    of = clause.kinds.find("D", at + 1) if "D" in clause.kinds else -1
    if of < 0:
        return False
    signs = clause.signs
    end, modal = signs[at][1], signs[at][2] == "M"
    if modal and (_inside(clause, at) or _of_member(clause, at) or _by_law(clause, at)):
        return True
    if text.startswith("作为", end):
        return False
    begin, stop = signs[of][:2]
    if not modal:
        return stop == clause.end or begin == end or _runs(signs, at, of)
    between = clause.kinds[at + 1 : of]
    if "M" in between or "N" in between or "P" in between:
        return False
    if stop == clause.end or begin == end:
        return True
    if clause.kinds.find("V", of + 1) >= 0 or clause.kinds.find("W", of + 1) >= 0:
        return False
    verbs = between.count("V") + between.count("W")
    if verbs == 0:
        return begin - end <= 4
    # 不得低于X规定的标准: a verb no table knows follows at once.
    unknown = "S" in between and not touches(signs, at, at + 1)
    return verbs == 1 and not unknown and signs[of - 1][2] in "VW" and touches(signs, of - 1, of)


def _runs(signs: list[Sign], at: int, of: int) -> bool:
    """Whether only verbs stand between a sign and 的, each running into the next (禁止进口、出口的货物)."""
    return all(
        touches(signs, place - 1, place)
        and (place == of or signs[place][2] in "VWL")
        and not (signs[place][2] == "V" and signs[place - 1][2] == "V")
        for place in range(at + 1, of + 1)
    )


def _inside(clause: Clause, at: int) -> bool:
    """Whether a modal word stands between a preposition at the head, or before 由, and a 的 with no verb after it."""
    signs = clause.signs
    heads = signs[0][2] == "P" and signs[0][0] == clause.start and signs[0][3] in OBJECT and clause.close == "，"
    if not heads and not (at + 1 < len(signs) and signs[at + 1][2] == "G"):
        return False
    of = clause.kinds.rfind("D", at + 1)
    runs = of > 0 and signs[of - 1][2] in "VW" and touches(signs, of - 1, of) and "P" not in clause.kinds[at:of]
    if of < 0 or not (heads or runs):
        return False
    return not any(sign[2] in "VPAM" for sign in signs[of + 1 :])


def _of_member(clause: Clause, at: int) -> bool:
    """Whether a modal word stands in what a later member of a list is named by (企业和依法应当缴费的个人)."""
    signs = clause.signs
    before = at - 1
    while before >= 0 and signs[before][2] == "A" and touches(signs, before, before + 1):
        before -= 1
    if before < 0 or signs[before][2] != "L" or signs[before][0] == clause.start:
        return False
    if not touches(signs, before, before + 1):
        return False
    if clause.kinds.find("M", 0, at) >= 0 or clause.kinds.find("N", 0, at) >= 0:
        return False
    return clause.kinds.find("D", at + 1) >= 0


def _by_law(clause: Clause, at: int) -> bool:
    """Whether a sentence begins with a thing to which the modal word belongs (依法应当进行评价的项目，…)."""
    signs = clause.signs
    if clause.start or at != 1 or signs[0][3] != "依法" or signs[0][0] or clause.close != "，":
        return False
    of = clause.kinds.rfind("D", 2)
    return of > 2 and touches(signs, of - 1, of) and not any(sign[2] in "VPAM" for sign in signs[of + 1 :])


def _main_verb(clause: Clause, at: int, text: str) -> bool:
    """Whether 支持 or 鼓励 is the verb of the clause and not its object."""
    signs = clause.signs
    if signs[at][1] == clause.end:
        return False
    if touches(signs, at - 1, at) and signs[at - 1][2] in "PD":
        return False
    if text.endswith(_WAYS, 0, signs[at][0]) and any(sign[3] in _MEANS for sign in signs[:at]):
        return True
    if touches(signs, at - 1, at) and signs[at - 1][2] in "VW":
        return False
    opens = at > 0 and signs[0][2] == "W" and signs[0][0] == clause.start
    if (opens or clause.kinds.find("V", 0, at) >= 0) and signs[0][2] != "P":
        lead = leading(clause, text, at)
        return lead is not None and lead[2] == at
    return True


def _last_verb(clause: Clause) -> int:
    """Return the place of the last verb, or -1."""
    return max(clause.kinds.rfind("V"), clause.kinds.rfind("W"))


def opening(clause: Clause, limit: int | None = None) -> tuple[int, int]:
    """Return the first sign after the adverbs at the head of a clause, and the place in the text they end at."""
    at, start = 0, clause.start
    if clause.kinds[:1] not in ("J", "A"):
        return at, start
    signs = clause.signs
    stop = len(signs) if limit is None else limit
    while at < stop and clause.kinds[at] in "JA" and signs[at][0] == start and not is_adjective(signs, at):
        start = signs[at][1]
        at += 1
    return at, start


def opens_with(clause: Clause, words: tuple[str, ...]) -> bool:
    """Whether the first word after the adverbs at the head of a clause is one of some."""
    at, start = opening(clause)
    return at < len(clause.signs) and clause.signs[at][0] == start and clause.signs[at][3] in words


def names_thing(clause: Clause, index: int, text: str) -> bool:
    """Whether what stands before a modal word is a noun phrase that names no actor."""
    signs = clause.signs
    end = signs[index][0]
    at, start = opening(clause, index)
    if start >= end:
        return False
    if signs[index][3] in _FORBIDS and text.endswith(_SPOTS, start, end):
        return True
    if at < index and signs[at][0] == start and signs[at][2] in "PVL":
        of = clause.kinds.rfind("D", at, index)
        stop = end
        for place in range(index - 1, of, -1):
            if signs[place][2] == "A" and signs[place][1] == stop:
                stop = signs[place][0]
        made = signs[at][2] == "V" and of == at + 1 and touches(signs, at, of)
        return made and stop > signs[of][1]
    return not text.endswith(("外", "内", "中", "时", "后", "前", "下"), start, end)


def goes_on(clause: Clause) -> bool:
    """Whether a clause begins with a verb and so goes on with the subject before it."""
    at, start = opening(clause)
    signs = clause.signs
    if at >= len(signs) or signs[at][0] != start or signs[at][2] not in "VWK":
        return False
    return not (signs[at][2] == "W" and (is_doer(signs, at) or opens_list(signs, at)))


def has_predicate(signs: list[Sign], begin: int, text: str) -> bool:
    """Whether a verb follows that does not only qualify a noun; one also a noun counts behind 依法, 范围内."""
    for at in range(begin, len(signs)):
        kind = signs[at][2]
        of = touches(signs, at - 1, at) and signs[at - 1][2] == "D"
        if kind == "V" and not of and not (touches(signs, at, at + 1) and signs[at + 1][2] == "D"):
            return True
        behind = touches(signs, at - 1, at) and signs[at - 1][2] == "A"
        if kind == "W" and (behind or text.endswith(("范围内", "领域内"), 0, signs[at][0])):
            return True
    return False


def turns_to_verb(signs: list[Sign], index: int) -> bool:
    """Whether a clause that begins with a noun that is also a verb has its verb later (收费清单向社会公开)."""
    turned = False
    for at in range(index + 1, len(signs)):
        kind = signs[at][2]
        if kind == "V" and not turned and not (signs[at - 1][2] == "L" and touches(signs, at - 1, at)):
            return False
        if kind in "AP" and at > index + 1:
            turned = True
        elif kind in "VW" and turned:
            return True
    return False


def qualifies(clause: Clause, at: int) -> bool:
    """Whether 由X stands in a modifier: right after a verb (建立由X牵头…), or its verb ends in 的."""
    signs = clause.signs
    of = clause.kinds.rfind("D", at + 1) if clause.item < 0 else clause.kinds.find("D", at + 1)
    if touches(signs, at - 1, at) and signs[at - 1][2] in "VW":
        # 验收由X组织: a noun that is also a verb is what X does.
        done = signs[at - 1][2] == "W" and not (of > at and signs[of - 1][2] in "VW" and touches(signs, of - 1, of))
        return not done
    if of < 0 or (clause.close != "，" and clause.item < 0):
        return False
    if signs[of - 1][2] not in "VW" or not touches(signs, of - 1, of):
        return False
    if any(sign[3] == "其" for sign in signs[at + 2 : of]):
        # 由X取消其获得的称号: 其 opens the object.
        return False
    return not any(sign[2] in "VPA" for sign in signs[of + 1 :])


def is_instituted(clause: Clause, text: str) -> bool:
    """Whether a clause says under which system a thing is put (…实行并联审批): a statement of its own."""
    if "D" not in clause.kinds or text.find("实行", clause.start, clause.end) < 0:
        return False
    return any(sign[3] == "实行" for sign in clause.signs)


def banned(clause: Clause, index: int) -> int:
    """Return where the list of those ends whom 禁止 names before what is forbidden, or -1."""
    signs = clause.signs
    if signs[index][3] not in _BANS:
        return -1
    for at in range(index + 1, len(signs)):
        end, kind = signs[at][1], signs[at][2]
        other = at + 1 < len(signs) and signs[at + 1][0] == end and signs[at + 1][2] not in "VWAP"
        if kind == "S" and end < clause.end and not other:
            return end
        if kind not in "SLOW" or (kind == "W" and touches(signs, at, at + 1) and signs[at + 1][3] == "国家"):
            return -1
    return -1


def is_object(clause: Clause, lead: tuple[int, int, int]) -> bool:
    """Whether a body after a word no table knows is an object of 应当 before it and no new subject."""
    signs = clause.signs
    return signs[0][0] != clause.start and lead[2] < len(signs) and signs[lead[2]][2] in "VW"


def is_made(clause: Clause, index: int) -> bool:
    """Whether a clause is a noun with its maker's verb before it (依法收取的保证金)."""
    signs = clause.signs
    if clause.close != "，" or not touches(signs, index, index + 1) or signs[index + 1][2] != "D":
        return False
    return all(
        signs[at][2] not in "VPMN" or (signs[at][2] == "V" and touches(signs, at, at + 1) and signs[at + 1][2] == "D")
        for at in range(index + 2, len(signs))
    )


def is_topic(clause: Clause, text: str) -> bool:
    """Whether a clause only names what the next one is about (清单以外的领域，…)."""
    kinds = clause.kinds
    return "D" in kinds and _ACTS.isdisjoint(kinds) and not ends_in_place(clause, text)


def ends_in_place(clause: Clause, text: str) -> bool:
    """Whether a clause only says where, when or under what, by the word it ends with."""
    return text[clause.end - 1] in _LAST and text.endswith(_PLACES, clause.start, clause.end)


def verb_of_thing(signs: list[Sign], index: int) -> int:
    """Return the verb that says what is done to a thing, or -1; a noun that is also a verb counts after an adverb."""
    for at in range(index, len(signs)):
        if signs[at][3] != "及其" and touches(signs, at - 1, at) and signs[at - 1][3] == "及其":
            continue
        if signs[at][2] == "V" or (signs[at][2] == "W" and touches(signs, at - 1, at) and signs[at - 1][2] == "A"):
            return at
    return -1


def owes_damages(clause: Clause, text: str) -> bool:
    """Whether a clause is about damages: who did wrong owes them, not who punishes him."""
    return text.find("赔偿", clause.start, clause.end) >= 0 > text.find("责令", clause.start, clause.end)
