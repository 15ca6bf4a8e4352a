"""What a workbook weighs for whoever reads it: elements take a hundred times the room of the bytes they unfold from.

The limits stand far above what a spreadsheet writes for a table of an import; a workbook beyond them is refused while
it is inflated, before anything is built of it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

MOST_OF: Mapping[str, int] = MappingProxyType(
    {
        "si": 100_000,  # texts: 2,000 rows of 50 columns without a word twice
        "r": 20_000,  # pieces of a text in several styles
        "rPh": 20_000,
        "row": 150_000,  # those that are formatted and empty among them
        "c": 150_000,  # 2,000 rows of 75 columns
        "xf": 5_000,
        "font": 2_500,
        "fill": 2_500,
        "border": 2_500,
        "numFmt": 2_500,
        "dxf": 2_500,
        "cellStyle": 2_500,
        "mergeCell": 10_000,
        "definedName": 10_000,
        "sheet": 250,
    }
)
"""Elements of a name, in the whole workbook."""
MOST_ELEMENTS = 700_000
"""Elements in the whole workbook."""
MOST_IN_ONE_PIECE = 40_000
"""Elements of a part that is read as a whole: styles, the list of sheets, types and relationships."""
MOST_ATTRIBUTES = 100
MOST_LEVELS = 50
LARGEST_TEXT_B = 60_000_000
LARGEST_TAG_B = 400_000
"""A tag is looked through from its beginning again with every piece of it that comes in."""


class TooHeavy(Exception):  # noqa: N818 - it names what is found
    """A workbook goes beyond a limit."""

    def __init__(self, what: str, limit: int) -> None:
        super().__init__(what)
        self.what, self.limit = what, limit


@dataclass
class Weights:
    """What was counted in the parts so far."""

    names: Counter[str] = field(default_factory=Counter)
    in_parts: Counter[str] = field(default_factory=Counter)
    text_b: int = 0

    def add(self, part: str, seen: Mapping[str, int]) -> None:
        """Add elements of a part, by their tags."""
        for tag, count in seen.items():
            self.names[tag.rpartition(" ")[2]] += count
            self.in_parts[part] += count
        if self.in_parts.total() > MOST_ELEMENTS:
            raise TooHeavy("elements", MOST_ELEMENTS)
        for name, limit in MOST_OF.items():
            if self.names[name] > limit:
                raise TooHeavy(f"<{name}>", limit)

    def check_piece(self, part: str) -> None:
        """Refuse a part that is read as a whole and has too many elements for that."""
        if self.in_parts[part] > MOST_IN_ONE_PIECE:
            raise TooHeavy("elements", MOST_IN_ONE_PIECE)


class PartScale:
    """Counts the elements of one part as they pass; whoever feeds the parser has them judged piece by piece."""

    def __init__(self, weights: Weights, part: str) -> None:
        self.weights, self.part = weights, part
        self.level = 0
        self.fed_b = 0
        self.seen: defaultdict[str, int] = defaultdict(int)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Count an element."""
        self.seen[tag] += 1
        self.level += 1
        if self.level > MOST_LEVELS:
            raise TooHeavy("levels", MOST_LEVELS)
        if len(attributes) > MOST_ATTRIBUTES:
            raise TooHeavy("attributes", MOST_ATTRIBUTES)

    def end(self, _: str) -> None:
        """Step out of an element."""
        self.level -= 1

    def judge(self, fed_b: int, parsed_b: int) -> None:
        """Judge what a piece of the part brought, and how much of it the parser could not take yet."""
        self.weights.text_b += fed_b
        self.fed_b += fed_b
        if self.weights.text_b > LARGEST_TEXT_B:
            raise TooHeavy("bytes", LARGEST_TEXT_B)
        if self.fed_b - parsed_b > LARGEST_TAG_B:
            raise TooHeavy("bytes", LARGEST_TAG_B)
        self.weights.add(self.part, self.seen)
        self.seen.clear()
