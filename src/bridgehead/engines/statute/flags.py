"""Flags of a duty: whether it reports, commits public money, or assesses."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bridgehead.engines.statute.findings import Found
from bridgehead.engines.statute.model import Actor, Modality
from bridgehead.engines.statute.rules import Rules, word_list

_OVERSIGHT = re.compile("监督|视察|听取|执法检查|专题调研|询问|评议")
_BANKS = word_list("own_money")
_SEEKS = re.compile("申请|申领|申报|享受|获得|领取")
_FORBIDDEN = Modality.MUST_NOT
# Who encourages does none of it; who supports may pay for it.
_RAISES = {Modality.ENCOURAGE: (), Modality.SUPPORT: ("budget",)}


def flags_of(found: Found, words: str, actors: tuple[Actor, ...], rules: Rules) -> Sequence[str]:
    """Return the flags a duty raises by its own words.

    Parameters
    ----------
    words : str
        What the duty says, without its subject and without what other duties of the sentence say.
    actors : tuple of Actor
        Who does it: private parties neither assess nor commit public money, but they may seek it.
    """
    if found.modality is _FORBIDDEN:
        return ()
    raised: list[str] = []
    if rules.marks.search(words) is not None:
        raised = [flag for flag in _RAISES.get(found.modality, rules.flags) if rules.flags[flag].raised(words)]
    if raised and actors and all(actor.kind == "private" or actor.name.endswith(_BANKS) for actor in actors):
        raised = [flag for flag in raised if flag == "reporting" or (flag == "budget" and _SEEKS.search(words))]
    for actor in actors:
        if actor.kind == "congress" and _OVERSIGHT.search(words):
            raised.append("assessment")
    return raised
