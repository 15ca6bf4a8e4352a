"""The duty register: one row a duty, as a table for people and for spreadsheets."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bridgehead.engines.statute.exports.places import paragraphs_by_id, words_of
from bridgehead.engines.statute.model import Actor, Article, Duty, Modality, Statute
from bridgehead.engines.statute.successors import chain_of, successors_of
from bridgehead.kernel.cells import is_formula

LANGUAGES = ("zh", "en")

MODALITY_WORDS = {
    Modality.MUST: ("应当", "must"),
    Modality.MUST_NOT: ("不得", "must not"),
    Modality.MAY: ("可以", "may"),
    Modality.ENCOURAGE: ("鼓励", "encourage"),
    Modality.SUPPORT: ("支持", "support"),
    Modality.DECLARATIVE: ("陈述", "declarative"),
}
FLAG_WORDS = {
    "reporting": ("报告", "reporting"),
    "budget": ("经费", "budget"),
    "assessment": ("考核", "assessment"),
}
DOUBT_WORDS = {
    "unnamed": ("没有写明主体", "nobody is named"),
    "inherited": ("主体承前", "actor carried over"),
    "unknown_organ": ("名录里没有的机构", "organ not in the gazetteer"),
    "open_list": ("列举未尽", "list left open"),
    "several": ("几个主体", "several actors"),
    "plain_verb": ("按动词读出", "read by its verb"),
}
STANDING_WORDS = {
    "derived": ("由规则推导", "derived by rules"),
    "confirmed": ("已由人确认", "confirmed by a person"),
    "corrected": ("已由人更正", "corrected by a person"),
    "carried": ("沿用旧文本的核对", "answer carried over from an earlier text"),
}
"""Whose the answer is who owes a duty; the code of a person's stands among the doubts of the duty."""
SETTLED = ("confirmed", "corrected")
COLUMNS = {
    "duty": ("职责编号", "duty"),
    "chapter": ("章", "chapter"),
    "article": ("条", "article"),
    "paragraph": ("款", "paragraph"),
    "modality": ("语气", "modality"),
    "word": ("用词", "word"),
    "actors": ("主体", "actors"),
    "co_actors": ("会同、配合", "co-actors"),
    "leads": ("牵头", "lead"),
    "names": ("条文里的写法", "as written"),
    "successors": ("现由谁承担", "borne now by"),
    "open_list": ("列举未尽", "list left open"),
    "action": ("事项", "what"),
    "evidence": ("依据原文", "evidence"),
    "deadline": ("期限", "deadline"),
    "frequency": ("频次", "frequency"),
    "flags": ("标记", "flags"),
    "confidence": ("把握", "confidence"),
    "doubts": ("核对", "review"),
    "start": ("起始字符", "first character"),
    "end": ("结束字符", "end character"),
    "statute": ("法规", "statute"),
    "version": ("文本日期", "version of"),
    "standing": ("性质", "standing"),
}
_MARKS = {"zh": "、", "en": "; "}
_BETWEEN = {"zh": "；", "en": "; "}
_SINCE = {"zh": "{}→{}（{}）", "en": "{} → {} ({})"}
_YES = {"zh": "是", "en": "yes"}
_CHAPTER = {"zh": "第{}章 {}", "en": "{} {}"}
_ABOVE = re.compile(r"(part|subpart)_(\d+)__")
_ABOVE_WORDS = {"part": ("第{}编", "part {} "), "subpart": ("第{}分编", "subpart {} ")}


@dataclass(frozen=True, slots=True)
class Row:
    """One duty in words.

    Parameters
    ----------
    duty : str
        Its id.
    chapter, article : str
        Number and title of the chapter; label of the article as it stands.
    paragraph : int
        Number of the paragraph in the article.
    modality, word : str
        How strongly it asks, in the language of the register; the modal word itself.
    actors, co_actors, leads : str
        Who is bound, who takes part, who leads, in canonical names.
    names : str
        All of them as the text writes them.
    successors : str
        Of those that are no more: who took their tasks over, and since when.
    open_list : str
        A word where the list of actors ends open.
    action, evidence : str
        What is to be done; the words the duty was read from.
    deadline, frequency : str
        As the text states them.
    flags, doubts : str
        In words.
    confidence : float
        From 0 to 1.
    start, end : int
        Where the evidence stands in the source, in characters.
    statute, version : str
        Title of the statute; day of the latest event its head names, empty where it names none.
    standing : str
        Whether rules or a person said who owes it, in words.
    settled : bool
        Whether a person did.
    """

    duty: str
    chapter: str
    article: str
    paragraph: int
    modality: str
    word: str
    actors: str
    co_actors: str
    leads: str
    names: str
    successors: str
    open_list: str
    action: str
    evidence: str
    deadline: str
    frequency: str
    flags: str
    confidence: float
    doubts: str
    start: int
    end: int
    statute: str = ""
    version: str = ""
    standing: str = ""
    settled: bool = False


def rows_of(statute: Statute, duties: Iterable[Duty], language: str = "zh") -> tuple[Row, ...]:
    """Return the register of a statute.

    Parameters
    ----------
    statute : Statute
        What was read.
    duties : iterable of Duty
        Its duties, in the order they are to have.
    language : str
        ``zh`` or ``en``: language of the words that are ours; the text itself stays as it is.
    """
    return tuple(_Rows(statute, language).row(duty) for duty in duties)


class _Rows:
    """Looks up what the rows of one statute need.

    Parameters
    ----------
    statute : Statute
    language : str
    """

    def __init__(self, statute: Statute, language: str) -> None:
        self.statute, self.language = statute, language
        self.paragraphs = paragraphs_by_id(statute)
        self.articles = {article.id: article for article in statute.articles}
        self.version = statute.last_event.isoformat() if statute.last_event else ""
        self.chapters: dict[str, str] = {}

    def row(self, duty: Duty) -> Row:
        """Return the row of a duty."""
        article, paragraph = self.articles.get(duty.article), self.paragraphs.get(duty.paragraph)
        action, evidence = words_of(self.statute, duty, self.paragraphs)
        flags = [words for name, words in FLAG_WORDS.items() if getattr(duty, name)]
        standing = next((code for code in duty.doubts if code in STANDING_WORDS), "derived")
        doubts = [DOUBT_WORDS.get(code, (code, code)) for code in duty.doubts if code not in STANDING_WORDS]
        return Row(
            duty=duty.id,
            chapter=self._chapter(article) if article else "",
            article=article.label if article else duty.article,
            paragraph=paragraph.number if paragraph else 0,
            modality=self._word(MODALITY_WORDS[duty.modality]),
            word=duty.word,
            actors=self._names(duty.actors),
            co_actors=self._names(duty.co_actors),
            leads=self._names(duty.leads),
            names=self._joined(dict.fromkeys(actor.name for actor in (*duty.actors, *duty.co_actors))),
            successors=self._successors((*duty.actors, *duty.co_actors)),
            open_list=_YES[self.language] if duty.open_list else "",
            action=action,
            evidence=evidence,
            deadline=duty.deadline.text if duty.deadline else "",
            frequency=duty.frequency.text if duty.frequency else "",
            flags=self._joined(map(self._word, flags)),
            confidence=round(duty.confidence, 2),
            doubts=self._joined(map(self._word, doubts)),
            start=duty.evidence.start,
            end=duty.evidence.end,
            statute=self.statute.title,
            version=self.version,
            standing=self._word(STANDING_WORDS[standing]),
            settled=standing in SETTLED,
        )

    def _chapter(self, article: Article) -> str:
        if article.chapter is None:
            return ""
        if article.id not in self.chapters:
            chapter = self.statute.chapter_of(article)
            title = chapter.title if chapter and chapter.title else ""
            above = "".join(
                self._word(_ABOVE_WORDS[kind]).format(number)
                for kind, number in _ABOVE.findall(chapter.id if chapter else "")
            )
            self.chapters[article.id] = above + _CHAPTER[self.language].format(article.chapter, title).strip()
        return self.chapters[article.id]

    def _word(self, words: tuple[str, str]) -> str:
        return words[LANGUAGES.index(self.language)]

    def _names(self, actors: Sequence[Actor]) -> str:
        return self._joined(dict.fromkeys(actor.organ or actor.name for actor in actors))

    def _successors(self, actors: Sequence[Actor]) -> str:
        """Return who bears now what organs that are no more bore: 工商行政管理→市场监督管理（2018-03-17）."""
        told: list[str] = []
        for organ in dict.fromkeys(actor.organ for actor in actors):
            if chain := chain_of(organ):
                since = max(step.since for step in chain).isoformat()
                told.append(_SINCE[self.language].format(organ, self._joined(successors_of(organ)), since))
        return _BETWEEN[self.language].join(told)

    def _joined(self, words: Iterable[str]) -> str:
        return _MARKS[self.language].join(words)


def heads(language: str = "zh") -> dict[str, str]:
    """Return the heads of the columns by the names of the fields."""
    return {name: words[LANGUAGES.index(language)] for name, words in COLUMNS.items()}


def to_csv(rows: Iterable[Row], language: str = "zh") -> bytes:
    """Return the register as CSV: UTF-8 with the mark by which spreadsheets know it, comma, LF.

    A cell a spreadsheet would run as a formula gets an apostrophe in front.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(heads(language).values())
    for row in rows:
        writer.writerow(_cell(getattr(row, name)) for name in COLUMNS)
    return out.getvalue().encode("utf-8-sig")


def _cell(value: object) -> object:
    if isinstance(value, str):
        value = value.replace("\x00", "")
        return f"'{value}" if is_formula(value) else value
    return value
