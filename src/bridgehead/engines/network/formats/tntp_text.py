"""The common ground of TNTP files: metadata in angle brackets, comments after ``~``, rows that end in ``;``.

Source of the format: Transportation Networks for Research Core Team, Transportation Networks for Research (README of
the collection, section TNTP Data format). The files of the collection vary: blanks or tabs, with or without the last
semicolon, column names in a comment or in a row of their own, or none, blank lines and comments anywhere.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bridgehead.engines.network.formats.columns import Faults

ZONES = "NUMBER OF ZONES"
NODES = "NUMBER OF NODES"
LINKS = "NUMBER OF LINKS"
FIRST_THRU_NODE = "FIRST THRU NODE"
TOTAL = "TOTAL OD FLOW"
END = "END OF METADATA"

LARGEST_COUNT = 10_000_000
"""Nodes, zones or links; the largest road networks of whole continents have fewer."""
LARGEST_NUMBER = 2**62

_METADATA = re.compile(r"<([^>]*)>(.*)", re.DOTALL)
_UNIT = re.compile(r"\([^)]*\)|\[[^]]*\]")
_GAP = re.compile(r"\t+|\s{2,}")


@dataclass(frozen=True)
class TntpText:
    """A TNTP file in parts: `metadata` with the row of each, comments above the first line, and all other lines."""

    metadata: Mapping[str, str]
    metadata_rows: Mapping[str, int]
    comments: tuple[str, ...]
    lines: tuple[str, ...]
    rows: tuple[int, ...]


@dataclass(frozen=True)
class Grid:
    """Rows of cells under names: `cells[name]` runs along `rows`; `found` counts rows of another width, too."""

    cells: Mapping[str, Sequence[str]]
    rows: Sequence[int]
    found: int
    extra: tuple[str, ...] = field(default=())


def split(text: str, faults: Faults) -> TntpText:
    """Return the parts of a file.

    Parameters
    ----------
    text : str
        The file.
    faults : Faults
        Where to note metadata that stand twice.
    """
    metadata: dict[str, str] = {}
    metadata_rows: dict[str, int] = {}
    comments: list[str] = []
    lines: list[str] = []
    rows: list[int] = []
    for row, line in enumerate(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        bare = line.strip()
        if not bare:
            continue
        if bare[0] == "~":
            if not lines:
                comments.append(bare)
        elif bare[0] == "<" and not lines and (found := _METADATA.fullmatch(bare)):
            name = " ".join(found.group(1).upper().split())
            if name in metadata_rows:
                faults.note("network_file.repeated", row, None, value=f"<{name}>", first=metadata_rows[name])
            else:
                metadata_rows[name] = row
                if name != END:
                    metadata[name] = found.group(2).strip()
        else:
            lines.append(line.partition("~")[0])
            rows.append(row)
    return TntpText(metadata, metadata_rows, tuple(comments), tuple(lines), tuple(rows))


def metadata_text(parts: TntpText, name: str) -> str:
    """Return what the metadata say under a name, without a comment or a semicolon behind it."""
    return parts.metadata[name].partition("~")[0].strip(" \t;")


def count(parts: TntpText, name: str, faults: Faults, *, default: int | None = None) -> int:
    """Return a whole number of the metadata, noting its absence where there is no default."""
    if name not in parts.metadata:
        if default is None:
            faults.note("tntp.missing_metadata", parts.metadata_rows.get(END), None, name=name)
        return default or 0
    text = metadata_text(parts, name)
    if text.startswith("-") and text[1:].lstrip("0").isdecimal():
        faults.note("network_file.too_small", parts.metadata_rows[name], None, value=text, least=0)
        return default or 0
    if not text.isascii() or not text.isdigit():
        faults.note("network_file.not_integer", parts.metadata_rows[name], None, value=text)
        return default or 0
    most = LARGEST_NUMBER if name == FIRST_THRU_NODE else LARGEST_COUNT
    if len(text) > len(str(most)) or int(text) > most:
        faults.note("network_file.too_large", parts.metadata_rows[name], None, value=text, most=most)
        return default or 0
    return int(text)


def grid(
    parts: TntpText, standard: Sequence[str], known: Mapping[str, str], needed: Sequence[str], faults: Faults
) -> Grid:
    """Return the rows as columns.

    Parameters
    ----------
    parts : TntpText
        The file.
    standard : sequence of str
        Names of the columns where the file has none, and of those behind the ones it names.
    known : mapping
        Other words for them, in small letters with ``_`` between.
    needed : sequence of str
        Columns that must be there.
    faults : Faults
        Where to note rows of another width and missing columns.
    """
    lines, rows = parts.lines, parts.rows
    known = {word.replace("_", ""): name for word, name in (*zip(standard, standard, strict=True), *known.items())}
    given: list[str] = []
    if lines and set(standard[:2]) <= set(above := _names(lines[0], known)):
        lines, rows, given = lines[1:], rows[1:], above
    cells = [line.replace(";", " ").replace(":", " ").split() for line in lines]
    width = Counter(map(len, cells)).most_common(1)[0][0] if cells else 0
    for comment in reversed(parts.comments):
        given = given or _header(comment, standard, known, width)
    width = width or len(given or standard)
    for row, found in zip(rows, cells, strict=True):
        if len(found) != width:
            faults.note("network_file.wrong_width", row, None, expected=width, found=len(found))
    names = _order(given, standard, width)
    for name in dict.fromkeys(name for i, name in enumerate(names) if name in names[:i]):
        faults.note("table.duplicate_column", None, name)
    for name in needed:
        if name not in names:
            faults.note("network_file.missing_column", None, None, column=name, columns=list(names))
    whole = [(row, found) for row, found in zip(rows, cells, strict=True) if len(found) == width]
    columns = list(zip(*(found for _, found in whole), strict=True)) or [()] * len(names)
    extra = tuple(name for name in names if name not in standard)
    return Grid(dict(zip(names, columns, strict=True)), [row for row, _ in whole], len(cells), extra)


def _header(comment: str, standard: Sequence[str], known: Mapping[str, str], width: int) -> list[str]:
    # A comment is the names of columns if it has both ends of a link, or node and x, and few words besides: none where
    # it has more words than a row has cells.
    names = _names(comment, known)
    familiar = sum(name in standard for name in names)
    if 0 < width < len(names) and familiar < len(names):
        return []
    if not set(standard[:2]) <= set(names) or len(set(names)) < len(names) or familiar < 2 * (len(names) - familiar):
        return []
    return names


def _order(given: list[str], standard: Sequence[str], width: int) -> list[str]:
    names = [*given, *(name for name in standard if name not in given)]
    return [*names[:width], *(f"column_{i}" for i in range(len(names) + 1, width + 1))]


def _names(line: str, known: Mapping[str, str]) -> list[str]:
    bare = line.lstrip("~").strip()
    parts = [part for part in _GAP.split(bare) if part.strip(" ;.")]
    if len(parts) < 3:
        parts = bare.replace(";", " ").split()
    plain = ("_".join(re.findall(r"[a-z0-9]+", _UNIT.sub("", part).lower())) for part in parts)
    return [known.get(name.replace("_", ""), name) for name in plain if name]
