"""Flags of a duty: whether it reports, commits public money, or assesses."""

from __future__ import annotations

import re

from bridgehead.engines.statute.findings import Found
from bridgehead.engines.statute.model import Modality
from bridgehead.engines.statute.rules import Rules

_CONGRESS = re.compile("人民代表大会|人大常委会|人大")
_PRIVATE = re.compile("(?:银行|金融机构|保险机构|保险公司|担保机构|公司|企业|投资者|商会|协会|经营者)$")
"""Whose money is not public money."""
_OVERSIGHT = re.compile("监督|视察|听取|执法检查|专题调研|询问|评议")


def flags_of(found: Found, words: str, rules: Rules) -> dict[str, bool]:
    """Return the flags the words of a duty raise; a prohibition raises none, and encouraging commits no money."""
    if found.modality is Modality.MUST_NOT:
        return {}
    flags = {}
    names = [name for name, _, _ in found.group.names]
    for flag, (signs, none) in rules.flags.items():
        if found.modality is Modality.ENCOURAGE and flag != "reporting":
            continue
        if flag == "budget" and names and all(_PRIVATE.search(name) for name in names):
            continue
        if signs.search(words) and signs.search(none.sub("＿", words)):
            flags[flag] = True
    if any(map(_CONGRESS.search, names)) and _OVERSIGHT.search(words):
        flags["assessment"] = True
    return flags
