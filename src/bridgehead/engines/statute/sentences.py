"""A paragraph to sentences: asides left out, quotations closed, a list kept with its lead-in."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from bridgehead.engines.statute.model import Paragraph

# What stands between these is a name or a quotation: nothing in it is read as a sign.
_CLOSES = {"《": "》", "“": "”", '"': '"', "〈": "〉"}
_OPENS = re.compile('[《“"〈]')
_BRACKET = re.compile(r"[（(]([^（）()]*)[）)]")
_LEVELS = re.compile(r"[省市县区旗盟州镇乡级、和及自治街道团场]+")
_FILL = "\ue000"
_LETTERS = re.compile("[^ ]+")
# Half-width marks are read like full ones; a blank is no letter of any word.
_FULL = str.maketrans({",": "，", ";": "；", ":": "：", "\u3000": " ", "\t": " ", "\n": " ", "\xa0": " "})
_ENDS = re.compile("[。！？]")


@dataclass(slots=True)
class Sentence:
    """One sentence as it is read.

    Parameters
    ----------
    text : str
        Its words without asides such as （以下简称…）.
    read : str
        The same length, with everything inside quotations and names of laws made unreadable.
    start : int
        Where it begins in the paragraph.
    places : tuple of int
        Where each character stands in the paragraph; empty where nothing was left out.
    items : tuple of int
        Where its items begin.
    """

    text: str
    read: str
    start: int
    places: tuple[int, ...] = ()
    items: tuple[int, ...] = ()

    def place(self, at: int) -> int:
        """Return where a character of the sentence stands in the paragraph."""
        return self.places[at] if self.places else self.start + at


def sentences_of(paragraph: Paragraph) -> list[Sentence]:
    """Return the sentences of a paragraph; the last one before a list holds the list.

    Of an item with several sentences the first belongs to the list, the others stand by themselves.
    """
    lead = paragraph.passage.text
    if not paragraph.items:
        return _plain(lead, 0)
    found: list[Sentence] = []
    parts = [item.passage.text + "".join(sub.passage.text for sub in item.subitems) for item in paragraph.items]
    head = 0
    read = _closed(lead)
    for end in _ends(read):
        if end < len(lead):
            found.append(_sentence(lead, read, head, end, ()))
            head = end
    found.extend(_with_items(lead, head, parts))
    return found


def _plain(text: str, offset: int) -> list[Sentence]:
    read = _closed(text)
    found: list[Sentence] = []
    start = 0
    for end in _ends(read):
        found.append(_sentence(text, read, start, end, ()))
        start = end
    if start < len(text):
        found.append(_sentence(text, read, start, len(text), ()))
    if offset:
        for sentence in found:
            _move(sentence, offset)
    return found


def _ends(read: str) -> list[int]:
    """Return where the sentences of a text end."""
    if read.find("。") == len(read) - 1 and "！" not in read and "？" not in read:
        # Most paragraphs are one sentence.
        return [len(read)] if read else []
    return [found.end() for found in _ENDS.finditer(read)]


def _with_items(lead: str, head: int, parts: list[str]) -> Iterator[Sentence]:
    """Yield the sentence that holds a list, then what else its items say."""
    text = lead + "".join(parts)
    read = _closed(text)
    cuts: list[tuple[int, int]] = []
    begins: list[int] = []
    at = len(lead)
    for part in parts:
        begins.append(at)
        found = _ENDS.search(read, at, at + len(part))
        cuts.append((found.end() if found else at + len(part), at + len(part)))
        at += len(part)
    if all(cut == end for cut, end in cuts):
        yield _sentence(text, read, head, len(text), begins)
        return
    kept = [
        *range(head, len(lead)),
        *(at for begin, (cut, _) in zip(begins, cuts, strict=True) for at in range(begin, cut)),
    ]
    own = _sentence("".join([text[at] for at in kept]), "".join([read[at] for at in kept]), 0, len(kept), ())
    own.places = tuple([kept[own.place(at)] for at in range(len(own.text))])
    own.items = tuple([bisect_left(own.places, begin) for begin in begins])
    yield own
    for cut, end in cuts:
        if cut < end:
            yield from _plain(text[cut:end], cut)


def _move(sentence: Sentence, offset: int) -> None:
    """Give a sentence of a part of a paragraph its places in the whole."""
    sentence.start += offset
    sentence.places = tuple([place + offset for place in sentence.places])


def _closed(text: str) -> str:
    if not text.isprintable() or "," in text or ";" in text or ":" in text or " " in text:
        text = text.translate(_FULL)
    if "《" in text or "“" in text or '"' in text or "〈" in text:
        return _unreadable(text)
    return text


def _unreadable(text: str) -> str:
    """Return a text with what stands between marks made unreadable; a mark that nothing closes stays."""
    parts: list[str] = []
    never_closed: set[str] = set()
    done = 0
    for found in _OPENS.finditer(text):
        at, mark = found.start(), found[0]
        if at < done or mark in never_closed:
            continue
        if (close := text.find(_CLOSES[mark], at + 1)) < 0:
            if mark == "“" and (not at or text[at - 1] == "："):
                # A quotation of several paragraphs opens in each anew, and only the last closes it.
                close = len(text) - 1
            else:
                never_closed.add(mark)
                continue
        parts += (text[done:at], _FILL * (close + 1 - at))
        done = close + 1
    return "".join((*parts, text[done:]))


def _sentence(text: str, read: str, start: int, end: int, begins: list[int] | tuple[int, ...]) -> Sentence:
    part, seen = text[start:end], read[start:end]
    if "（" not in seen and "(" not in seen and " " not in seen:
        return Sentence(part, seen, start, (), tuple([at - start for at in begins]) if begins else ())
    kept: list[tuple[int, int]] = []
    letters: list[str] = []
    pending = {at - start for at in begins}
    done = 0
    for found in (*_BRACKET.finditer(seen), None):
        stop = len(seen) if found is None else found.start()
        for run in _LETTERS.finditer(seen, done, stop):
            kept.append(run.span())
            letters.append(run[0])
        if found is None:
            break
        done = found.end()
        if stop not in pending and _LEVELS.fullmatch(found[1]):
            kept.append((stop, done))
            letters.append("（" + _FILL * (done - stop - 2) + "）")
    bare = "".join([part[first:last] for first, last in kept])
    places = tuple([at for first, last in kept for at in range(start + first, start + last)])
    return Sentence(bare, "".join(letters), start, places, tuple([bisect_left(places, at) for at in begins]))
