"""Lines that are no part of a statute: page numbers, running heads, what a web page puts around a text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from bridgehead.engines.statute.lines import NOISE, PLAIN, Line

_PAGE = re.compile(
    r"[—–\-－―─_~～·•.\s\u3000]*(?:第[\s\u3000]*)?[\d０-９]{1,4}(?:[\s\u3000]*页)?"
    r"(?:[\s\u3000]*[/／,，、]?[\s\u3000]*共?[\s\u3000]*[\d０-９]{1,4}[\s\u3000]*页?)?[—–\-－―─_~～·•.\s\u3000]*"
    r"|[Pp]age[ \t]*\d{1,4}(?:[ \t]*(?:of|/)[ \t]*\d{1,4})?"
    r"|第[\s\u3000]*[一二三四五六七八九十]{1,4}[\s\u3000]*页(?:[\s\u3000]*共[\s\u3000]*[一二三四五六七八九十]{1,4}[\s\u3000]*页)?"
    r"|PAGE[\s\\*A-Z\d—\-]{0,60}"
)
_BUTTON = (
    r"打印(?:本页|此页|页面)?|关闭(?:窗口|本页|页面)?|字号|字体|大|中|小|分享(?:到)?|收藏|返回(?:顶部|首页|列表)?"
    r"|保存|下载|复制|纠错|微信|微博|A[+-]|繁體|无障碍"
)
_FIELD = (
    r"(?:信息|文章|稿件)?来源|作者|发布(?:时间|日期|机构|单位)|时间|日期|浏览(?:次数|量)?|点击(?:数|量|次数)?|阅读(?:次数|量)?"
    r"|访问次数|责任编辑|责编|编辑|当前位置|您(?:的|现在的)?位置|上一[篇条]|下一[篇条]|索引号|发文机关|主题分类|主题词|成文日期"
)
_CHROME = re.compile(
    rf"(?:[【\[（(]?(?:{_BUTTON})[】\]）)]?[\s|｜丨：:、·/]*){{1,12}}|(?:{_FIELD})[ \t\u3000]*[:：][^。]{{0,80}}"
    r"|首页\s*(?:>|›|»|＞|/|\|)[^。]{0,80}|扫一扫[^。]{0,30}"
    r"|[^。]{0,40}(?:版权所有|ICP备|ICP证|公网安备|网站地图|[Cc]opyright|©)[^。]{0,60}"
)
_CHROME_LEADS = frozenset("【[（(打关字大中小分收返保下复纠微A繁无信文稿来作发时日浏点阅访责编当您上索主成首扫")
FOOTNOTE = re.compile(r"[\[［〔][ \t]*(?:注[ \t]*)?[\d０-９]{1,3}[ \t]*[\]］〕][ \t\u3000]*[^\s、，。；）)]")
"""What a footnote begins with; its mark in a sentence is followed by words too, but stands at no line's beginning."""
_DOES = "打关大中小收返保下复纠"
_RULE = "-—_=*~· "
_VARYING = re.compile(r"[\d０-９—–\-－·•\s\u3000]+")
_LAW = re.compile(r"(?:法|条例|规定|办法|细则|决定|规则|章程|通则)(?:[（(][^）)]*[）)])?$")
_FEWEST_REPEATS = 3
_LONGEST_HEAD = 40


def mark_noise(lines: Sequence[Line]) -> None:
    """Turn lines that are page numbers, footnotes or buttons of a web page into noise."""
    for line in lines:
        text = line.text
        if not text or line.level or len(text) > 100:
            if text and text[0] in "[［〔" and FOOTNOTE.match(text):
                line.kind = NOISE
            continue
        if (len(text) <= 24 and _PAGE.fullmatch(text)) or (text[0] in "[［〔" and FOOTNOTE.match(text)):
            line.kind = NOISE
        elif line.kind is not PLAIN:
            continue
        elif text[0] in _RULE:
            line.kind = PLAIN if text.strip(_RULE) else NOISE
        elif text[-1] in "：:" and text[0] in _DOES:
            # 责令停业、关闭： broken before its last word is no button.
            continue
        elif (text[0] in _CHROME_LEADS or "版权所有" in text or "ICP" in text) and _CHROME.fullmatch(text):
            line.kind = NOISE


def mark_running_heads(lines: Sequence[Line], width: int) -> None:
    """Turn short lines that come again and again into noise; the first may be the title itself.

    Parameters
    ----------
    lines : sequence of Line
        All lines.
    width : int
        Width the text was broken at; 0 where it was not. A line that fills it is one of the text.
    """
    longest = min(_LONGEST_HEAD, width - 3) if width else _LONGEST_HEAD
    short = [
        line for line in lines if line.kind is PLAIN and len(line.text) <= longest and not line.level and line.is_open
    ]
    if len(short) < _FEWEST_REPEATS:
        return
    words = [_VARYING.sub("", line.text) for line in short]
    counts = Counter(words)
    seen: set[str] = set()
    for line, text in zip(short, words, strict=True):
        if counts[text] < _FEWEST_REPEATS or len(text) < 2:
            continue
        if text in seen or not _LAW.search(line.text):
            line.kind = NOISE
        seen.add(text)
