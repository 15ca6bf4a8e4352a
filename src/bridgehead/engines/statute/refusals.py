"""Texts that are no statutes: a contract, an act in another language, a story."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bridgehead.engines.statute.lines import Line
from bridgehead.engines.statute.model import Source
from bridgehead.engines.statute.numbering import Numbering
from bridgehead.kernel.errors import BridgeheadError

_PARTY = re.compile(r"[甲乙丙丁]方")
_CONTRACT = re.compile(r"合同|协议|契约")
_STATUTE = re.compile(
    r"本(?:法|条例|规定|办法|细则|决定|规则|章程|通则)|(?:起|之日)[ \t\u3000]*(?:施行|实施|生效)|人民政府|公布"
)
_NORM = re.compile(r"应当|不得|必须|可以|禁止|负责|施行|实施|规定")
_LETTER = re.compile(r"[A-Za-z\u00c0-\u024f\u0400-\u04ff]")
_KANA = re.compile(r"[\u3041-\u309f\u30a1-\u30fa]")
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_SAMPLE = 20_000
_PIECE = 1000
_FEWEST_PARTIES = 6


def refuse_other_texts(source: Source, lines: Sequence[Line], numbering: Numbering) -> None:
    """Refuse a text without provisions, and one whose words tell that it is something else.

    Raises
    ------
    BridgeheadError
        ``statute.contract``, ``statute.other_language`` or ``statute.no_articles``.
    """
    sample = source.text[:_SAMPLE]
    _refuse_other_language(source)
    _refuse_contract(source, sample, numbering)
    begins = numbering.begins
    if not begins:
        raise BridgeheadError("statute.no_articles", {"name": source.name})
    if numbering.style != "条" and (len(begins) < 2 or _NORM.search(source.text) is None):
        raise BridgeheadError("statute.no_articles", {"name": source.name})


def _refuse_other_language(source: Source) -> None:
    middle = len(source.text) // 2
    sample = source.text[:_PIECE] + source.text[middle : middle + _PIECE]
    kana = len(_KANA.findall(sample)) if _KANA.search(sample) else 0
    if not kana and _is_han(sample):
        return
    han = len("".join(_HAN.findall(sample)))
    # Han characters outnumber letters in any Chinese statute, also in one with many abbreviations.
    letters = len(_LETTER.findall(sample)) if han < len(sample) // 4 and source.kind != "html" else 0
    if letters > max(40, 4 * han) or kana > max(20, han // 4):
        raise BridgeheadError("statute.other_language", {"name": source.name})


def _is_han(sample: str) -> bool:
    """Whether a quarter of the letters or more are Han characters."""
    han = 0
    for run in _HAN.finditer(sample):
        han += run.end() - run.start()
        if han >= len(sample) // 4:
            return True
    return False


def _refuse_contract(source: Source, sample: str, numbering: Numbering) -> None:
    """Refuse a contract: its parties are named again and again, and nothing speaks of a statute."""
    parties = len(_PARTY.findall(sample)) if "甲方" in sample or "乙方" in sample else 0
    if parties < max(_FEWEST_PARTIES, len(numbering.begins) // 2):
        return
    signs = len(_STATUTE.findall(sample))
    if _CONTRACT.search(sample[:600]) and signs * 3 < parties:
        raise BridgeheadError("statute.contract", {"name": source.name, "parties": parties})
