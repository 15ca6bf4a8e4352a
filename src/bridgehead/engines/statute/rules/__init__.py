"""The rules of the language of statutes as tables a lawyer can read and extend."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bridgehead.engines.statute.model import Modality

# Kinds of sign the scan tells apart; one letter each, so that several are tested at once with `in`.
MODAL, STANCE, VERB, NOMINAL, DEFINES = "M", "N", "V", "W", "Z"
PREPOSITION, ADVERB, WITH, BY = "P", "A", "K", "G"
BODY, ORGAN, OF, AND, ETC, BREAK, CONNECTIVE, NEUTRAL = "S", "O", "D", "L", "E", "C", "J", "x"

_SIGNS = {"的": OF, "由": BY, "等": ETC, "，": BREAK, "；": BREAK, "：": BREAK, "。": BREAK, "、": AND}
_AND = ("和", "及", "与", "以及", "或者", "或", "及其", "以及其", "及其他", "以及其他", "暨")
_WITH = ("会同", "会商", "协同", "配合", "商", "联合")


@dataclass(frozen=True, eq=False, slots=True)
class Flag:
    """What raises a flag.

    Parameters
    ----------
    marks : re.Pattern
        Parts of the signs, one of which stands wherever a sign does; quickly looked for.
    firm : re.Pattern
        Signs that count whatever stands around them.
    signs, none : re.Pattern
        Signs, and the words that look like signs or keep a sign from counting.
    """

    marks: re.Pattern[str]
    firm: re.Pattern[str]
    signs: re.Pattern[str]
    none: re.Pattern[str]

    def raised(self, words: str) -> bool:
        """Whether words raise the flag."""
        if not self.marks.search(words):
            return False
        if self.signs.search(words):
            # No sign and no exception goes beyond its clause.
            for clause in words.replace("；", "，").split("，"):
                if self.signs.search(clause) and self.signs.search(self.none.sub("＿", clause)):
                    return True
        return self.firm.search(words) is not None


@dataclass(frozen=True, eq=False)
class Form:
    """A form of sentences: patterns, each with the words of which one must stand in a sentence that has it.

    Looking for the words first, for all of them at once, spares most sentences the patterns.
    """

    signs: re.Pattern[str]
    rows: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...]

    def search(self, text: str) -> re.Match[str] | None:
        """Return where a sentence has the form, None where it has not."""
        if not self.signs.search(text):
            return None
        for signs, pattern in self.rows:
            for sign in signs:
                if sign in text:
                    if (found := pattern.search(text)) is not None:
                        return found
                    break
        return None

    def match(self, text: str, start: int, end: int) -> re.Match[str] | None:
        """Return where a stretch of a sentence begins with the form, None where it does not."""
        for _, pattern in self.rows:
            if (found := pattern.match(text, start, end)) is not None:
                return found
        return None


@dataclass(frozen=True, eq=False)
class Rules:
    """Everything the reading of duties goes by.

    Parameters
    ----------
    kinds : dict of str to str
        What kind of sign a word is.
    modals : dict of str to Modality
        Modal words and what they mean.
    bodies : dict of str to str
        Words that end the name of an actor, and the kind of actor.
    weak : frozenset of str
        Bodies whose word is so common that only the word after it tells whether an actor ends there.
    forms : dict of str to Form
        Forms of sentences that make no duty, or only a penalty.
    flags : dict of str to Flag
        What raises each flag.
    marks : re.Pattern
        The marks of all flags: where none stands there is no flag.
    """

    kinds: dict[str, str]
    modals: dict[str, Modality]
    bodies: dict[str, str]
    weak: frozenset[str]
    forms: dict[str, Form]
    flags: dict[str, Flag]
    marks: re.Pattern[str]


def table(name: str) -> list[dict[str, str]]:
    """Return the rows of one packaged table."""
    text = (files(__package__) / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def word_list(name: str) -> tuple[str, ...]:
    """Return one of the short lists of words, the longest first."""
    words = [row["word"] for row in table("word_lists") if row["list"] == name]
    return tuple(sorted(words, key=len, reverse=True))


@cache
def verbs_marked(column: str) -> frozenset[str]:
    """Return the verbs marked ``yes`` in a column of the table of verbs."""
    return frozenset(row["word"] for row in table("verbs") if row[column] == "yes")


@cache
def shipped() -> Rules:
    """Return the rules the product comes with."""
    modals, kinds = _modals()
    bodies = {row["suffix"]: row["kind"] for row in table("suffixes")}
    words = {row["word"]: NEUTRAL for row in table("names")}
    words |= {row["word"]: CONNECTIVE for row in table("connectives")}
    words |= {row["word"]: PREPOSITION if row["kind"] == "preposition" else ADVERB for row in table("adverbials")}
    words |= {row["word"]: _verb(row) for row in table("verbs")}
    words |= dict.fromkeys(bodies, BODY)
    words |= kinds
    words |= dict.fromkeys(_AND, AND) | dict.fromkeys(_WITH, WITH) | _SIGNS
    forms = _forms()
    weak = frozenset(row["suffix"] for row in table("suffixes") if row["weak"] == "yes")
    flags = _flags()
    marks = re.compile("|".join(flag.marks.pattern for flag in flags.values()))
    return Rules(words, modals, bodies, weak, forms, flags, marks)


def _forms() -> dict[str, Form]:
    """Return the forms: those without a duty as one, the others each by its name."""
    found: dict[str, list[tuple[tuple[str, ...], re.Pattern[str]]]] = {}
    for row in table("forms"):
        name = row["form"] if row["form"] in ("penal", "exemption", "topic") else "none"
        found.setdefault(name, []).append((tuple(row["signs"].split("；")), re.compile(row["pattern"])))
    return {
        name: Form(re.compile("|".join(re.escape(sign) for signs, _ in rows for sign in signs)), tuple(rows))
        for name, rows in found.items()
    }


def _modals() -> tuple[dict[str, Modality], dict[str, str]]:
    modals: dict[str, Modality] = {}
    kinds: dict[str, str] = {}
    for row in table("modals"):
        if row["modality"] == "none":
            continue
        modals[row["word"]] = Modality(row["modality"])
        kinds[row["word"]] = STANCE if row["strength"] == "verb" else MODAL
    return modals, kinds


def _verb(row: dict[str, str]) -> str:
    if row["role"] == "defines":
        return DEFINES
    return NOMINAL if row["also_noun"] == "yes" else VERB


def _flags() -> dict[str, Flag]:
    found: dict[str, dict[str, list[str]]] = {}
    for row in table("flags"):
        part = next((name for name in ("mark", "firm", "except") if row["role"].startswith(name)), "sign")
        sign = row["sign"] if row["role"].endswith("pattern") else re.escape(row["sign"])
        found.setdefault(row["flag"], {}).setdefault(part, []).append(sign)
    return {
        flag: Flag(*(re.compile("|".join(parts.get(part, ["(?!)"]))) for part in ("mark", "firm", "sign", "except")))
        for flag, parts in found.items()
    }
