"""Whether two texts are versions of one law, of different laws, or a law and a decision that amends it."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from bridgehead.engines.statute.model import Statute
from bridgehead.engines.statute.versions.model import Likeness, Reason
from bridgehead.engines.statute.versions.normal import key_of, shingles

_SUFFIX = re.compile(
    r"[(（〔\[【](?:[^()（）]{0,30}?(?:修正|修订|修改|草案|征求意见|送审|审议|公开|试行|暂行|稿|本|年|废止|失效|有效|版)[^()（）]{0,30}?|\d[\d\-.年月日]*)[)）〕\]】]"
    r"|(?:修正|修订|修改)?(?:草案)?(?:征求意见稿|送审稿|二次审议稿|三次审议稿|审议稿|修正案|修订案|修正本|修订本|草案|修正|修订)(?:文本|稿)?$"
    r"|[\-_ ]?\d{4}(?:年)?(?:版|本)?$"
)
_DECISION = re.compile(r"关于(?:修改|修订|修正|废止).*的决定|修改.{0,60}的决定$|修正案(?:（|\(|$)")
_PLACE = re.compile(
    r"^(中国\(.{2,8}?\)|中华人民共和国|国务院|.{2,8}?(?:特别行政区|自治区|自治州|自治县|自治旗|经济特区|省|市|盟|地区|州|县|旗|区))"
)
_ORDINARY = 5
_SAME_TITLE_AT_LEAST = 0.1
_LIKE_TITLE_AT_LEAST = 0.45
_OTHER_TITLE_AT_LEAST = 0.6
_OTHER_PLACE_AT_LEAST = 0.9


def plain_title(title: str) -> str:
    """Return a title without what only says which version it is: 修正, 修订, 草案, a year."""
    key = key_of(title)
    while (shorter := _SUFFIX.sub("", key)) != key and shorter:
        key = shorter
    return key


def amends(title: str) -> bool:
    """Say whether a title is that of a decision that changes or repeals other texts."""
    return _DECISION.search(key_of(title)) is not None


def place_of(title: str) -> str:
    """Return the place a title begins with, empty where it begins with none."""
    found = _PLACE.match(title)
    return found[1] if found else ""


def likeness(old: Statute, new: Statute) -> Likeness:
    """Say whether two texts are versions of one law, and why.

    Parameters
    ----------
    old, new : Statute
        The texts.

    Notes
    -----
    Equal titles, apart from 修正, 修订, 草案 and the like, make one law unless hardly a word is shared. With other
    titles much more of the text has to be shared, and nearly all of it where the titles name different places: local
    regulations copy from each other.
    """
    titles = plain_title(old.title), plain_title(new.title)
    title = 1.0 if titles[0] == titles[1] else SequenceMatcher(None, *titles, autojunk=False).ratio()
    text = shared_text(old, new)
    reasons: list[Reason] = []
    if amends(old.title) != amends(new.title):
        decision = old.title if amends(old.title) else new.title
        return Likeness(title, text, same_law=False, reasons=(Reason("amending_decision", decision),))
    if not old.articles or not new.articles:
        return Likeness(title, text, same_law=False, reasons=(Reason("no_articles"),))
    places = place_of(titles[0]), place_of(titles[1])
    if titles[0] == titles[1] and titles[0]:
        reasons.append(Reason("same_title", new.title))
        needed = _SAME_TITLE_AT_LEAST
    elif all(titles) and places[0] != places[1]:
        reasons.append(Reason("other_place", f"{places[0] or '-'} / {places[1] or '-'}"))
        needed = _OTHER_PLACE_AT_LEAST
    elif title >= 0.75:
        reasons.append(Reason("like_title", f"{title:.2f}"))
        needed = _LIKE_TITLE_AT_LEAST
    else:
        reasons.append(Reason("other_title", f"{title:.2f}"))
        needed = _OTHER_TITLE_AT_LEAST
    same = text >= needed
    reasons.append(Reason("shared_text" if same else "little_shared_text", f"{text:.2f}"))
    return Likeness(title, text, same_law=same, reasons=tuple(reasons))


def shared_text(old: Statute, new: Statute) -> float:
    """Return which share of the shorter text's words is in the longer one (containment of shingles, Broder 1997)."""
    sides = []
    for statute in (old, new):
        found: set[str] = set()
        # The first and the last article say why and from when, in the same words in every law.
        for article in statute.articles[1:-1] if len(statute.articles) > 3 else statute.articles:
            found.update(shingles(key_of(article.text), _ORDINARY))
        sides.append(found)
    smaller = min(len(sides[0]), len(sides[1]))
    return len(sides[0] & sides[1]) / smaller if smaller else 0.0
