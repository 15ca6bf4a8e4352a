"""Texts reduced to what they say: white space and full-width forms apart, numbers of their own provisions apart."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache

_WIDE = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFF01, 0xFF5F)}
_BLANK: dict[int, None] = dict.fromkeys(
    [*range(0x21), *range(0x7F, 0xA1), 0x3000, *range(0x2000, 0x2010), 0x2028, 0x2029, 0xFEFF]
)
_LOOKS = str.maketrans(
    {"〔": "(", "〕": ")", "﹙": "(", "﹚": ")", "〇": "零", "○": "零", "—": "-", "“": '"', "”": '"'}
)
_TABLE: dict[int, str | int | None] = {**_BLANK, **_WIDE, **_LOOKS}

SIZE = 3
"""Characters of a shingle: long enough that two provisions on different matters share few of them."""


@lru_cache(maxsize=8192)
def key_of(text: str) -> str:
    """Return a text without white space and with half-width forms: equal keys say the same."""
    return text.translate(_TABLE)


def shingles(key: str, size: int = SIZE) -> Counter[str]:
    """Return how often each run of characters occurs (shingling after Broder 1997)."""
    if len(key) <= size:
        return Counter([key]) if key else Counter()
    return Counter(map("".join, zip(*(key[start:] for start in range(size)), strict=False)))


ITEM_LABEL = re.compile(r"^\s*(?:[（(]\s*[一二三四五六七八九十百零〇\d０-９]+\s*[）)]|[\d０-９]+\s*[．.、])\s*")
"""Label of an item or a sub-item at its beginning."""
