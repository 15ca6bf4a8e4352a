"""Where in a clause the actors stand: at its head, before its modal word, after 由."""

from __future__ import annotations

from bridgehead.engines.statute.clauses import Clause, Sign
from bridgehead.engines.statute.rules import verbs_marked, word_list

ACTS_ON = verbs_marked("acts_on")
OBJECT = word_list("object")

_GOING_ON = ("并", "且", "还", "也", "确需")
_PREDICATE = "MNVWZPAKGJ"
_NAMING = verbs_marked("names_bodies")
_COMPOUND, _SITES, _RULERS, _ADJECTIVES = map(word_list, ("compound", "site", "authority", "adjective"))
_CHARGES, _OFFICES, _THINGS, _STATES = map(word_list, ("charge", "office", "thing", "state"))
# What makes a thing of the body before it; what only says where, before a verb and a thing.
_NOUNS, _WHERE = word_list("belonging"), word_list("where")
# Behind a verb these make a place of it: 海关监管区内的货物.
_PLACES = ("区内", "区外", "区的", "场所", "站内")
_FIRMS = ("企业", "公司", "者", "单位", "机构")
_IN_CHARGE = "工作主管部门"
# No work that a department is in charge of is named by as many words.
_LONGEST_WORK = 20
_CHARGED = ("部门", "机构", "机关", "单位", "委员会", "办公室", "组织")
# Longer than this a verb and its object are no compound noun; more verbs than this are no plain modifier.
_SHORT_NOUN = 8
_MOST_VERBS = 3
_SHORT_WORD = 4
# What these order or leave alone is done by the body behind them: 责令经营者改正.
_COMMANDS = frozenset(word_list("command"))
# What these set up or choose is named by the words behind them: 设立审计机关.
_SETTING = frozenset(word_list("setting"))
_TIMES = ("中", "前", "后", "内", "时", "期间")
# Any verb in front of these makes a name.
_DOERS = ("者", "方", "主体", "双方", "各方", "当事人", "义务人", "权利人")


def leading(clause: Clause, text: str, limit: int) -> tuple[int, int, int] | None:
    """Return where the list of actors at the head of a clause begins and ends, and the sign after it.

    Parameters
    ----------
    limit : int
        Index of the sign before which the list must have ended.
    """
    signs, kinds = clause.signs, clause.kinds
    ahead = kinds[:limit]
    if "S" not in ahead and "E" not in ahead:
        return None
    at, start = 0, clause.start
    while at < limit and kinds[at] in "JA" and signs[at][0] == start and signs[at][3] not in ("其", "被"):
        if is_adjective(signs, at):
            break
        start = signs[at][1]
        at += 1
    verb = away = acted = False
    for index in range(at, limit):
        begin, end, kind, word = signs[index]
        if kind in "ALOJ":
            if word == "被" and _by_authority(signs, index, index == at):
                return None
            continue
        if kind == "S":
            stays = not (acted and word.endswith(_SITES)) and (not away or _after_of(signs, index))
            if not verb and _ends_list(signs, index, limit, text, stays and end == clause.end):
                return None if _sets_up(signs, index, limit) else (start, end, index + 1)
        elif kind == "D":
            acted = acted or verb
            verb = False
        elif kind == "V" or (kind == "W" and begin == start):
            verb = verb or not (_in_list(signs, index) or _makes_name(signs, index, limit) or _names_work(signs, index))
        elif kind == "W" and word in ACTS_ON:
            acted = True
        elif kind == "P":
            if (begin == start and word in OBJECT) or not (begin == start or verb):
                return None
            if word == "在" and limit == len(signs) and _sites(signs, index, text):
                return None
            verb = away = True
        elif kind == "E":
            if not verb and _ends_open(signs, index, end == clause.end):
                return start, end, index + 1
        elif kind in "MNZG" or (kind == "K" and begin == start):
            return None
    return None


def _by_authority(signs: list[Sign], at: int, heads: bool) -> bool:
    """Whether 被 names by whom something is done (已被地方人民政府收回), and opens no name (被授权机关)."""
    if heads:
        return _touches(signs, at, "A") and signs[at + 1][3].endswith(_RULERS)
    return any(sign[3].endswith(_RULERS) for sign in signs[at + 1 : at + 3])


def _sites(signs: list[Sign], at: int, text: str) -> bool:
    """Whether 在 and a verb tell of the body behind them, where something is done (在受理申请的机关提出)."""
    if not _touches(signs, at, "P") or signs[at + 1][2] != "V":
        return False
    of = next((sign[0] for sign in signs[at + 2 :] if sign[2] == "D"), 0)
    return of > 0 and not any(word in text[signs[at][1] : of] for word in _TIMES)


def is_adjective(signs: list[Sign], at: int) -> bool:
    """Whether an adverb at the head of a clause is part of the name that follows (专门机构)."""
    return signs[at][3] in _ADJECTIVES and not (_touches(signs, at, "A") and signs[at + 1][2] in "VWAPMNJ")


def _sets_up(signs: list[Sign], index: int, limit: int) -> bool:
    """Whether a body only set up what is named right before the modal word (本市在境外设立的机构应当…)."""
    if index + 1 >= limit or limit >= len(signs) or signs[index + 1][3] not in ("在", "于", "经", "从"):
        return False
    at = limit - 1
    while at > index and signs[at][2] == "A" and _touches(signs, at, "A"):
        at -= 1
    if signs[at][2] != "S" or not _touches(signs, at, "S"):
        return False
    while at > index and signs[at][2] not in "DP":
        at -= 1
    return signs[at][2] == "D" and _touches(signs, at - 1, "VW")


def _touches(signs: list[Sign], at: int, kind: str) -> bool:
    """Whether the sign at a place is of one of some kinds and runs into the next."""
    return 0 <= at < len(signs) - 1 and signs[at][2] in kind and signs[at][1] == signs[at + 1][0]


def _after_of(signs: list[Sign], index: int) -> bool:
    """Whether a body, with the bodies it is named by, stands right after 的 (设立的企业常驻代表机构)."""
    while index > 0 and signs[index - 1][2] in "SO":
        index -= 1
    return _touches(signs, index - 1, "D")


def _made_with(signs: list[Sign], at: int) -> bool:
    """Whether adverbs and a verb before 的 only tell what a body made (企业自主研发的产品可以…)."""
    while _touches(signs, at, "A"):
        at += 1
    return _touches(signs, at, "VW") and signs[at + 1][2] == "D"


def _names_work(signs: list[Sign], index: int) -> bool:
    """Whether a verb only says which work a department is in charge of (优化营商环境工作主管部门)."""
    for at in range(index + 1, min(len(signs), index + _LONGEST_WORK)):
        if signs[at][2] not in "VWO":
            return signs[at][3] == _IN_CHARGE
    return False


def _in_list(signs: list[Sign], index: int) -> bool:
    """Whether a verb that is also a noun is a member of a list (规划、建设等部门)."""
    kind, word = signs[index][2:]
    # 司法鉴定、资产评估等机构: words no table knows stand before the verb.
    named = kind == "W" or (word in _NAMING and index > 0 and signs[index - 1][1] < signs[index][0])
    return named and _touches(signs, index, "VW") and signs[index + 1][3] in "、和"


def _ends_list(signs: list[Sign], index: int, limit: int, text: str, closes: bool) -> bool:
    """Whether a list of actors ends with a body: what follows may begin a predicate, or nothing follows."""
    if not _touches(signs, index, "S"):
        # Behind a body each term, each year and the like only say when.
        return closes or text.startswith("每", signs[index][1])
    _, _, kind, word = signs[index + 1]
    if kind == "L":
        return closes or (index + 2 < limit and signs[index + 2][2] == "G")
    if kind not in _PREDICATE or (kind == "J" and word not in _GOING_ON):
        return closes
    if kind == "A" and limit < len(signs) and _made_with(signs, index + 1):
        return False
    if kind == "N" and any(sign[2] == "D" for sign in signs[index + 2 : limit]):
        # 国家禁止出境的文物不得出境
        return False
    if kind not in "VW":
        return True
    if _names_work(signs, index + 1) or (signs[index][3] in _WHERE and _builds(signs, limit, text)):
        return False
    return not (_makes_name(signs, index + 1, limit) or _runs_into_noun(signs, index + 1, limit, text))


def _builds(signs: list[Sign], limit: int, text: str) -> bool:
    """Whether a thing stands right before a modal word (本市新建项目应当…)."""
    at = limit
    while at < len(signs) and _touches(signs, at - 1, "A"):
        at -= 1
    return at < len(signs) and text.endswith(_THINGS, 0, signs[at][0])


def _ends_open(signs: list[Sign], index: int, closes: bool) -> bool:
    """Whether a list ends with 等 itself (市场监督管理部门、司法机关等应当…)."""
    if not _touches(signs, index - 1, "SO"):
        return False
    return closes or (_touches(signs, index, "E") and signs[index + 1][2] in _PREDICATE)


def _makes_name(signs: list[Sign], index: int, limit: int) -> bool:
    """Whether a verb runs into a word like 单位 and so is part of a name (承办单位)."""
    verb = signs[index]
    if verb[3] in _COMMANDS:
        return False
    end = verb[1]
    for at in range(index + 1, min(limit + 1, len(signs))):
        begin, stop, kind, word = signs[at]
        if begin != end:
            return False
        if kind == "S":
            if at > index + 1 and verb[3] in _SETTING and any(sign[2] == "S" for sign in signs[:index]):
                return False
            return _compound(verb, word) or _compound(signs[at - 1], word)
        if kind not in "VW":
            return False
        end = stop
    return False


def is_doer(signs: list[Sign], at: int) -> bool:
    """Whether a verb and the body right behind it are one name, with words about its acts behind (审查部门对…)."""
    if not _touches(signs, at, "W") or signs[at + 1][2] != "S" or not _compound(signs[at], signs[at + 1][3]):
        return False
    return _touches(signs, at + 1, "S") and (signs[at + 2][2] in "PAM" or signs[at + 2][3] == "及其")


def opens_list(signs: list[Sign], at: int) -> bool:
    """Whether a noun that is also a verb is the first of a list of departments (教育、公安等部门参与)."""
    if not _touches(signs, at, "W") or signs[at + 1][3] != "、":
        return False
    known = False
    for _, _, kind, _ in signs[at + 1 :]:
        if kind not in "OWLE":
            return known and kind == "S"
        known = known or kind in "OE"
    return False


def _ends_name(signs: list[Sign], at: int, text: str) -> bool:
    """Whether a body is followed by what may begin a predicate, or by a break."""
    if at + 1 < len(signs):
        return signs[at + 1][0] == signs[at][1] and signs[at + 1][2] in _PREDICATE + "LE"
    return signs[at][1] == len(text) or text[signs[at][1]] in "，；：。"


def ends_agent(signs: list[Sign], at: int, text: str) -> bool:
    """Whether the list of actors after 由 ends with a body."""
    end = signs[at][1]
    if at + 1 == len(signs):
        return end == len(text) or text[end] in "，；：。"
    after = signs[at + 1]
    if after[0] != end or after[2] not in "VWPAMNKJ":
        return False
    return not (
        after[2] in "VW"
        and (_makes_name(signs, at + 1, len(signs)) or _runs_into_noun(signs, at + 1, len(signs), text))
    )


def agent(signs: list[Sign], at: int, text: str) -> int:
    """Return the last sign of the list of actors after 由, or -1."""
    found = -1
    for index in range(at + 1, len(signs)):
        kind = signs[index][2]
        topic = kind == "O" and index + 1 < len(signs) and signs[index + 1][2] in "VPA"
        if (kind == "S" or topic) and ends_agent(signs, index, text):
            return index
        if kind == "G" and signs[index - 1][2] == "L" and signs[index - 2][2] == "S" and signs[index - 2][3] != "人":
            # 由X或者由Y认定; in 由法官三人或者由 it tells how many.
            found = index - 2
        elif kind in "MNG" or (kind == "P" and not (index == at + 1 and signs[index][3] == "经")):
            return found
    return found


def is_pronoun(signs: list[Sign], at: int) -> bool:
    """Whether 其 stands for the actor itself (由其负责), and does not say whose body acts (由其上级机关…)."""
    if not _touches(signs, at, "J"):
        return False
    return signs[at + 1][2] in _PREDICATE and not _makes_name(signs, at + 1, len(signs))


def _compound(verb: Sign, body: str) -> bool:
    return body in _DOERS or (body in _COMPOUND and verb[3] in _NAMING)


def _names_firm(signs: list[Sign], at: int) -> bool:
    """Whether a verb and the body behind it, right before a modal word, are one name (安装企业应当…)."""
    body = signs[at + 1][3]
    return _compound(signs[at], body) or (signs[at][3] in _NAMING and body.endswith(_FIRMS))


def _runs_into_noun(signs: list[Sign], index: int, limit: int, text: str) -> bool:
    """Whether the verb after a body is part of a noun (企业投资项目应当) or of a modifier (国家规定的标准应当)."""
    noun = signs[index][2] == "W"
    if noun and index + 1 < len(signs) and signs[index + 1][0] == signs[index][1]:
        after = signs[index + 1]
        if after[2] == "E" or after[3] == "、":
            return True
    if limit >= len(signs):
        return _runs_into_body(signs, index, text)
    of = next((at for at in range(index, limit) if signs[at][2] in "DP"), -1)
    if of >= 0:
        return signs[of][2] == "D"
    if text[signs[limit][0] - 1] in "时后前中":
        return False
    return noun and signs[limit][0] - signs[index][0] <= _SHORT_NOUN


def _runs_into_body(signs: list[Sign], index: int, text: str) -> bool:
    """Whether, in a clause without a modal word, the verb after a body only leads to another body that acts."""
    of = next((at for at in range(index, len(signs)) if signs[at][2] == "D"), -1)
    if of > index and sum(sign[2] in "VW" for sign in signs[index:of]) <= _MOST_VERBS:
        if of == index + 1 and signs[index][1] == signs[of][0]:
            return text[signs[of][1] : signs[of][1] + 1] not in ("，", "；")
        at = next((at for at in range(of + 1, len(signs)) if signs[at][2] in "SVPAMN"), -1)
        if at >= 0 and signs[at][2] == "S":
            charged = signs[index][3] not in _OFFICES or signs[at][3].endswith(_CHARGED)
            return charged and signs[index][3] in _CHARGES and _ends_name(signs, at, text)
    if text.startswith(_PLACES, signs[index][1]):
        return True
    if signs[index][2] != "W" or signs[index - 1][3].endswith(_RULERS):
        return False
    if _runs_into_thing(signs, index, text):
        return True
    if any(sign[2] == "G" for sign in signs[index + 1 :]):
        return True
    if signs[index][3] in ACTS_ON:
        return False
    return any(
        signs[at][2] == "S" and signs[at + 1][2] in "VA" and signs[at + 1][0] == signs[at][1]
        for at in range(index + 1, min(index + 4, len(signs) - 1))
    )


def _runs_into_thing(signs: list[Sign], index: int, text: str) -> bool:
    """Whether a body and the noun after it only name a thing (企业发展专项资金通过…)."""
    for begin, end, kind, _ in signs[index + 1 :]:
        if kind == "V" and (end == len(text) or text[end] in "，；。"):
            # 参与标准制定: a verb at the end is what its noun undergoes.
            return False
        if kind in "APVGMN":
            if text.endswith(_THINGS, 0, begin):
                return True
            if kind != "A":
                return False
    return False


def is_noun(signs: list[Sign], at: int) -> bool:
    """Whether the verb after a list of actors only qualifies a noun (企业等共同参与的体系)."""
    while at < len(signs) and signs[at][2] == "A":
        at += 1
    while at + 2 < len(signs) and signs[at][2] in "VW" and _touches(signs, at, "VW") and signs[at + 1][2] == "L":
        # 政府主导、社会参与的原则
        at += 2
        if signs[at][0] - signs[at - 1][1] > _SHORT_WORD:
            break
    if at + 1 >= len(signs) or signs[at][2] not in "VW" or not _touches(signs, at, "VW") or signs[at + 1][2] != "D":
        return False
    return not any(sign[2] in "PAMN" for sign in signs[at + 2 :])


def standing(clause: Clause, text: str) -> tuple[int, int, int] | None:
    """Return the body a clause begins with where a word no table knows follows it (行政机关能够决定的)."""
    signs = clause.signs
    if not signs or signs[0][2] != "S" or signs[0][0] - clause.start > _SHORT_NOUN:
        return None
    if signs[0][3] in _STATES and signs[0][0] == clause.start:
        return None
    if (_touches(signs, 0, "S") and signs[1][3] not in ("与", "同")) or text.startswith(_NOUNS, signs[0][1]):
        return None
    return clause.start, signs[0][1], 1


def trailing(clause: Clause, text: str, limit: int) -> tuple[int, int, int] | None:
    """Return the list of actors that ends right before the modal word or its adverbs, its modifiers left out."""
    signs = clause.signs
    at = limit - 1
    place = signs[limit][0] if limit < len(signs) else clause.end
    while at >= 0 and signs[at][2] == "A" and signs[at][1] == place:
        place = signs[at][0]
        at -= 1
    if at < 0 or signs[at][2] != "S" or signs[at][1] != place:
        return None
    end = at
    start = clause.start
    while at >= 0:
        _, stop, kind, word = signs[at]
        if kind == "D":
            start = stop
            break
        if kind in "V" and not (at < end and signs[at + 1][0] == stop and _names_firm(signs, at)):
            return None
        if kind in "PAMNGJ":
            if kind == "P" and (word in OBJECT or at + 1 <= end):
                return None
            start = stop
            break
        at -= 1
    if at >= 0 and signs[at][2] == "D" and signs[0][2] == "P" and signs[0][3] in OBJECT and signs[0][0] == clause.start:
        return None
    return start, signs[end][1], end + 1
