"""A sentence to signs and clauses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from typing import TypeVar

from ahocorasick_rs import AhoCorasick, MatchKind

from bridgehead.engines.statute.gazetteer import Gazetteer, Organ
from bridgehead.engines.statute.rules import (
    ADVERB,
    AND,
    BODY,
    BREAK,
    CONNECTIVE,
    MODAL,
    NEUTRAL,
    NOMINAL,
    OF,
    ORGAN,
    PREPOSITION,
    STANCE,
    VERB,
    WITH,
    Rules,
    word_list,
)
from bridgehead.engines.statute.sentences import Sentence

# Names kept in mind; a limit, so that memory stays flat over any number of statutes.
_MOST_NAMES = 10_000

T = TypeVar("T")
# (start, end, kind, word)
Sign = tuple[int, int, str, str]

# Words of bodies with power: what they do in a plain clause is a statement, not part of a condition.
AUTHORITIES = tuple(word for word in word_list("authority") if word != "机关")
_THINGS = word_list("thing")
_PERSONS = tuple(join + who for join in ("和", "、", "或者", "或", "及", "与") for who in ("个人", "单位", "公民"))
_CHIEF = re.compile("主要(?!求)")  # 煤矿主要负责人, not 矿主; 业主要求 is 业主
_HUMAN = re.compile(f"人(?:{'|'.join(word[1:] for word in word_list('human'))})")
_JOINING = re.compile(f"[{PREPOSITION}{WITH}]")
# A department's name that ends with one of these stands by itself; any other is a topic of departments.
_WHOLE = ("机构", "机关", "部门", "委员会", "办公室")
_BENEFITS = frozenset(word_list("benefit"))
_ENDS_CONDITION = ("的", "时", "的时候", "后", "前", "之日起", "期间", "期满", "情况下", "外")
_LAST = frozenset(word[-1] for word in _ENDS_CONDITION)
_RIGHTS = ("的义务", "的权利", "的自由")
_LAST_OF_RIGHTS = frozenset(word[-1] for word in _RIGHTS)
_AT_A_TIME = ("在", "于", "自", "经")
_OBJECT = word_list("object")
_NO_TIMES = word_list("no_time")


@dataclass(slots=True)
class Clause:
    """What stands between two breaks: where, its signs, and whether it only says under which condition.

    Parameters
    ----------
    kinds : str
        The kinds of its signs, a letter each, in which a kind is found without going through the signs.
    close : str
        The mark it ends with; empty at the end of the text.
    item : int
        Number of the item it stands in, from 0; -1 in the lead-in.
    """

    start: int
    end: int
    signs: list[Sign]
    kinds: str
    close: str
    item: int = -1
    condition: bool = False

    def leave_out(self, kind: str) -> None:
        """Leave the signs of a kind out."""
        if kind in self.kinds:
            self.signs = [sign for sign in self.signs if sign[2] != kind]
            self.kinds = self.kinds.replace(kind, "")


class Scanner:
    """Finds the words of rules and gazetteer in a text, the longest at each place."""

    def __init__(self, rules: Rules, gazetteer: Gazetteer) -> None:
        self.rules = rules
        self.gazetteer = gazetteer
        self.bodies = dict(rules.bodies)
        self._longest = max(map(len, self.bodies), default=0)
        kinds = dict(rules.kinds)
        for name, organ in gazetteer.organs.items():
            if kinds.get(name) in (None, NEUTRAL):
                topic = organ.kind == "department" and not organ.level and not name.endswith(_WHOLE)
                kinds[name] = ORGAN if topic else BODY
        self._organs: dict[str, tuple[str, str, bool]] = {}
        self._counted: dict[str, tuple[str, Organ | None]] = {}
        self._kinds: dict[str, str] = {}
        self._words = list(kinds)
        # What stands for nothing has no kind here: most signs are asked for it.
        self._word_kinds = ["" if kind == NEUTRAL else kind for kind in kinds.values()]
        self._automaton = AhoCorasick(self._words, matchkind=MatchKind.LeftmostLongest)
        self._declared: re.Pattern[str] | None = None
        self._short: tuple[str, ...] = ()
        self._general = self

    def with_names(self, names: Mapping[str, str]) -> Scanner:
        """Return a scanner that knows the short names a statute declares."""
        known = copy(self)
        known.bodies = {**self.bodies, **names}
        known._longest = max(self._longest, *map(len, names))
        known._organs, known._kinds = {}, {}
        known._short = (*self._short, *names)
        longest_first = sorted(names, key=len, reverse=True)
        known._declared = re.compile("|".join(map(re.escape, longest_first)))
        return known

    def organ(self, name: str) -> tuple[str, str, bool]:
        """Return the canonical name of an organ, its kind, and whether the gazetteer knows it."""
        if (known := self._organs.get(name)) is None:
            if self._is_general(name):
                return _kept(self._organs, name, self._general.organ(name))
            if (counted := self._counted.get(name)) is None:
                counted = _kept(self._counted, name, self.gazetteer.counted(name))
            canonical, organ = counted
            kind = organ.kind if organ else self.kind(name)
            known = _kept(self._organs, name, (canonical, kind, organ is not None))
        return known

    def kind(self, name: str) -> str:
        """Return the kind of an organ by the longest word its name ends with."""
        if (kind := self._kinds.get(name)) is None:
            if self._is_general(name):
                return _kept(self._kinds, name, self._general.kind(name))
            ends = (name[begin:] for begin in range(max(0, len(name) - self._longest), len(name)))
            kind = _kept(self._kinds, name, next((self.bodies[end] for end in ends if end in self.bodies), "unknown"))
        return kind

    def _is_general(self, name: str) -> bool:
        """Whether no short name of the statute changes what a name stands for: then it is the same for all statutes."""
        return self._short != () and not name.endswith(self._short)

    def all_private(self, names: tuple[str, ...]) -> bool:
        """Whether all of some bodies are private persons; not so where none is named."""
        for name in names:
            if self.kind(name) != "private":
                return False
        return bool(names)

    def signs(self, text: str) -> list[Sign]:
        """Return the signs of a text, those that stand for nothing left out.

        At each place the longest word counts, and the search goes on behind it. All words are looked for at once (Aho
        and Corasick, 1975); the few short names of one statute are laid over what was found.
        """
        words, kinds = self._words, self._word_kinds
        found = self._automaton.find_matches_as_indexes(text)
        if self._declared is not None and self._declared.search(text):
            signs = self._laid_over(text, [(begin, end, kinds[word], words[word]) for word, begin, end in found])
            return [sign for sign in signs if sign[2]]
        return [(begin, end, kind, words[word]) for word, begin, end in found if (kind := kinds[word])]

    def _laid_over(self, text: str, found: list[Sign]) -> list[Sign]:
        """Return the signs with the short names of the statute among them; a name inside a longer word is none."""
        assert self._declared is not None
        signs: list[Sign] = []
        at = 0
        for match in self._declared.finditer(text):
            begin, end = match.span()
            while at < len(found) and found[at][1] <= begin:
                signs.append(found[at])
                at += 1
            behind = at
            while behind < len(found) and found[behind][0] < end:
                behind += 1
            if at == behind or (begin <= found[at][0] and found[behind - 1][1] <= end):
                signs.append((begin, end, BODY, match.group()))
                at = behind
        return signs + found[at:]


def _kept(names: dict[str, T], name: str, value: T) -> T:
    """Keep in mind what a name stands for."""
    if len(names) >= _MOST_NAMES:
        names.clear()
    names[name] = value
    return value


def clauses_of(sentence: Sentence, scanner: Scanner, penal: bool = False) -> list[Clause]:
    """Return the clauses of a sentence."""
    read, begins = sentence.read, sentence.items
    signs = scanner.signs(read)
    if "人" in read and (ends := {found.start() + 1 for found in _HUMAN.finditer(read)}):
        signs = [_without_human(sign, scanner.rules.kinds) if sign[1] in ends else sign for sign in signs]
    if "主要" in read and (cut := {found.start() + 1 for found in _CHIEF.finditer(read)}):
        signs = [sign for sign in signs if cut.isdisjoint(sign[:2])]
    kinds = "".join([sign[2] for sign in signs])
    if (PREPOSITION in kinds or WITH in kinds) and (scraps := _scraps(signs, kinds, read)):
        signs = [sign for at, sign in enumerate(signs) if at not in scraps]
        kinds = "".join([sign[2] for sign in signs])
    marked = "组织" in read and _mark_organisations(signs, read)
    if ("为" in read and _mark_benefits(signs)) or marked:
        kinds = "".join([sign[2] for sign in signs])
    clauses: list[Clause] = []
    start, first, item = 0, 0, -1
    for own in kinds.split(BREAK):
        at = first + len(own)
        begin, end, _, close = signs[at] if at < len(signs) else (len(read), len(read), BREAK, "")
        if begin == len(read) == start:
            break
        while item + 1 < len(begins) and begins[item + 1] <= start:
            item += 1
        clauses.append(Clause(start, begin, signs[first:at], own, close, item))
        start, first = end, at + 1
    _mark_conditions(clauses, read, penal)
    return clauses


def _scraps(signs: list[Sign], kinds: str, text: str) -> set[int]:
    """Return the prepositions of one letter in the middle of words no table knows: they are parts of these words.

    Behind a thing, and right before a body (使用新技术对个人…), they open a phrase after all.
    """
    scraps: set[int] = set()
    before = 0
    for found in _JOINING.finditer(kinds):
        at = found.start()
        begin, end = signs[at][:2]
        if at and at - 1 not in scraps:
            before = signs[at - 1][1]
        if begin == before or end - begin > 1 or _behind_thing(text, begin):
            continue
        if not (kinds.startswith(BODY, at + 1) and signs[at + 1][0] == end):
            scraps.add(at)
    return scraps


def _behind_thing(text: str, at: int) -> bool:
    """Whether a thing stands right before a place: what follows is no part of its name."""
    return text.startswith("经", at) or text.endswith(_THINGS, 0, at)


def _mark_organisations(signs: list[Sign], text: str) -> bool:
    """Take 组织 as a body, no verb, where it is one (非营利组织可以…, 组织和个人); return whether there is one."""
    marked = False
    for at in [at for at, sign in enumerate(signs) if sign[3] == "组织"]:
        begin, end = signs[at][:2]
        bound = at + 1 < len(signs) and signs[at + 1][0] == end and signs[at + 1][2] == MODAL
        if bound or _is_body(text, end, at > 0 and signs[at - 1][1:3] == (begin, OF)):
            signs[at] = (begin, end, BODY, "组织")
            marked = True
    return marked


def _is_body(text: str, end: int, of: bool) -> bool:
    """Whether 组织 is a body and no verb: before 和个人 and its like, or between 的 and a break."""
    return text.startswith(_PERSONS, end) or (of and text.startswith(("、", "，"), end))


def _mark_benefits(signs: list[Sign]) -> bool:
    """Take 为 as a preposition where it tells for whom something is done (为企业提供…); return whether there is one."""
    marked = False
    looked = 0
    for at in [at for at, sign in enumerate(signs) if sign[3] == "为"]:
        if at < looked:
            continue
        for looked in range(at + 1, len(signs)):
            if signs[looked][2] == BREAK:
                break
            if signs[looked][3] in _BENEFITS:
                signs[at] = (*signs[at][:2], PREPOSITION, "为")
                marked = True
                break
    return marked


def _without_human(sign: Sign, kinds: Mapping[str, str]) -> Sign:
    """Return a sign without 人 at its end, where that begins another word (使用人工智能)."""
    begin, end, _, word = sign
    return (begin, end - 1, kinds.get(word[:-1], BODY), word[:-1])


def _mark_conditions(clauses: list[Clause], text: str, penal: bool) -> None:
    """Mark the clauses that end in 的 or 时, and those before them that belong to the same condition."""
    for at, clause in enumerate(clauses):
        if text[clause.end - 1] not in _LAST or not text.endswith(_ENDS_CONDITION, clause.start, clause.end):
            continue
        if clause.close == "。" and text[clause.end - 1] not in "的外":
            # The last words of a sentence only say until when.
            continue
        no_time = text.endswith(_NO_TIMES, clause.start, clause.end) and not text.endswith("的同时", 0, clause.end)
        if text[clause.end - 1] != "的" and (no_time or _binds_at_a_time(clause)):
            continue
        clause.condition = True
        if text[clause.end - 1] != "的":
            continue
        if not clause.signs or clause.signs[-1][1] != clause.end:
            clause.condition = False
            continue
        for before in range(at - 1, -1, -1):
            earlier = clauses[before]
            if earlier.close in "；：" or earlier.item != clause.item or earlier.condition:
                break
            if penal and punishes(earlier, text):
                break
            if penal and not any(sign[2] in "MN" for sign in earlier.signs):
                earlier.condition = True
                continue
            if text.startswith(("或者", "或", "且", "又", "但", "以及"), clauses[before + 1].start):
                earlier.condition = True
                continue
            if opens_condition(earlier, text):
                for between in clauses[before:at]:
                    between.condition = True
                break
            if any(sign[2] in "MN" for sign in earlier.signs) or not leads_on(earlier, text):
                break
            earlier.condition = True


def _binds_at_a_time(clause: Clause) -> bool:
    """Whether a modal word is followed by the time at which it binds (债权人应当在公告期间，申请…)."""
    at, signs = clause.kinds.rfind(MODAL), clause.signs
    if at < 0 or at + 1 >= len(signs) or (at and signs[at - 1][2] in "VW" and signs[at - 1][1] == signs[at][0]):
        return False
    return signs[at + 1][0] == signs[at][1] and signs[at + 1][3] in _AT_A_TIME


def predicate(signs: list[Sign], at: int) -> Sign | None:
    """Return the first verb from a sign on; 违反 behind 对 only says of which acts (对违反规定的行为进行检查)."""
    for one in range(at, len(signs)):
        if signs[one][2] in "VW" and not (one > at and signs[one][3] == "违反" and signs[one - 1][3] in _OBJECT):
            return signs[one]
    return None


def has_right(clause: Clause, text: str) -> int:
    """Return where 有 stands right behind a body in a clause that says which right or duty it has, or -1."""
    if text[clause.end - 1] not in _LAST_OF_RIGHTS or not text.endswith(_RIGHTS, clause.start, clause.end):
        return -1
    has = text.find("有", clause.start, clause.end)
    return has if any(sign[1] == has and sign[2] == "S" for sign in clause.signs) else -1


def is_owned(clause: Clause, text: str) -> bool:
    """Whether a clause names a thing whose owner the next clause binds (依法建设的管线，其所有权人应当…)."""
    if not text.startswith("，其", clause.end) or text.startswith("，其他", clause.end):
        return False
    of = clause.kinds.rfind("D")
    if of < 1:
        return False
    return not any(sign[2] in "VPMNGZ" for sign in clause.signs[of + 1 :])


def opens_condition(clause: Clause, text: str) -> bool:
    """Whether a clause begins the way a condition of a penalty does."""
    return text.startswith(("违反", "未按", "未经", "不按", "对违反"), clause.start)


def punishes(clause: Clause, text: str) -> bool:
    """Whether a clause begins the way the main clause of a penalty does."""
    return text.startswith(("由", "责令", "处", "并处", "没收", "给予", "吊销", "予以"), clause.start)


def leads_on(clause: Clause, text: str) -> bool:
    """Whether a clause may belong to a condition that ends later: no authority begins to act in it."""
    signs = clause.signs
    for at, (begin, end, kind, word) in enumerate(signs):
        if kind == BODY and word.endswith(AUTHORITIES):
            after = signs[at + 1] if at + 1 < len(signs) else None
            return not (after is not None and after[0] == end and after[2] in "VWAPK")
        if kind in "VPMNG" or (kind == OF and begin > clause.start):
            return True
    return True


__all__ = [
    "ADVERB",
    "AND",
    "BODY",
    "CONNECTIVE",
    "MODAL",
    "NOMINAL",
    "OF",
    "ORGAN",
    "PREPOSITION",
    "STANCE",
    "VERB",
    "Clause",
    "Scanner",
    "Sign",
    "clauses_of",
]
