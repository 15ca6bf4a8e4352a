"""A paragraph to sentences: asides left out, quotations closed, a list kept with its lead-in."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from bridgehead.engines.statute.model import Paragraph

# What stands between these is a name or a quotation: nothing in it is read as a sign.
_CLOSED = re.compile(r"《[^》]*》|“[^”]*”|\"[^\"]*\"|〈[^〉]*〉")
_BRACKET = re.compile(r"[（(]([^（）()]*)[）)]")
_LEVELS = re.compile(r"[省市县区旗盟州镇乡级、和及自治街道团场]+")
_FILL = "\ue000"
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


def sentences_of(paragraph: Paragraph) -> Iterator[Sentence]:
    """Yield the sentences of a paragraph; the last one before a list holds the list.

    Of an item with several sentences the first belongs to the list, the others stand by themselves.
    """
    lead = paragraph.passage.text
    if not paragraph.items:
        yield from _plain(lead, 0)
        return
    parts = [item.passage.text + "".join(sub.passage.text for sub in item.subitems) for item in paragraph.items]
    head = 0
    for found in _ENDS.finditer(_closed(lead)):
        if found.end() < len(lead):
            yield _sentence(lead, _closed(lead), head, found.end(), ())
            head = found.end()
    yield from _with_items(lead, head, parts)


def _plain(text: str, offset: int) -> Iterator[Sentence]:
    read = _closed(text)
    start = 0
    for found in _ENDS.finditer(read):
        yield _moved(_sentence(text, read, start, found.end(), ()), offset)
        start = found.end()
    if start < len(text):
        yield _moved(_sentence(text, read, start, len(text), ()), offset)


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
    own = _sentence("".join(text[at] for at in kept), "".join(read[at] for at in kept), 0, len(kept), ())
    own.items = tuple(bisect_left([kept[own.place(at)] for at in range(len(own.text))], begin) for begin in begins)
    own.places = tuple(kept[own.place(at)] for at in range(len(own.text)))
    yield own
    for cut, end in cuts:
        yield from _plain(text[cut:end], cut)


def _moved(sentence: Sentence, offset: int) -> Sentence:
    """Return a sentence of a part of a paragraph with its places in the whole."""
    if offset:
        sentence.start += offset
        sentence.places = tuple(place + offset for place in sentence.places)
    return sentence


def _closed(text: str) -> str:
    if not text.isprintable() or "," in text or ";" in text or ":" in text or " " in text:
        text = text.translate(_FULL)
    if "《" in text or "“" in text or '"' in text or "〈" in text:
        return _CLOSED.sub(lambda found: _FILL * len(found.group()), text)
    return text


def _sentence(text: str, read: str, start: int, end: int, begins: list[int] | tuple[int, ...]) -> Sentence:
    part, seen = text[start:end], read[start:end]
    if "（" not in seen and "(" not in seen and " " not in seen:
        return Sentence(part, seen, start, (), tuple(at - start for at in begins))
    kept: list[int] = []
    letters: list[str] = []
    pending = {at - start for at in begins}
    done = 0
    for found in _BRACKET.finditer(seen):
        kept.extend(at for at in range(done, found.start()) if seen[at] != " ")
        letters.append(seen[done : found.start()].replace(" ", ""))
        done = found.end()
        if found.start() not in pending and _LEVELS.fullmatch(found.group(1)):
            kept.extend(range(found.start(), done))
            letters.append("（" + _FILL * (done - found.start() - 2) + "）")
    kept.extend(at for at in range(done, len(seen)) if seen[at] != " ")
    letters.append(seen[done:].replace(" ", ""))
    bare = "".join(part[at] for at in kept)
    items = tuple(bisect_left(kept, at - start) for at in begins)
    return Sentence(bare, "".join(letters), start, tuple(start + at for at in kept), items)
