"""The few things of a region that are no table: ``region.toml`` as a frozen record, and every fault of that file."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from bridgehead.kernel.decoding import read_text
from bridgehead.kernel.errors import Fault, Place

FILE = "region.toml"
KNOWN: Mapping[str, tuple[str, ...]] = {
    "region": ("id", "name_zh", "name_en", "country", "base_year", "currency", "time_zone", "example"),
    "statute": ("title_zh", "title_en", "adopted", "in_force", "articles"),
    "map": ("parallels", "centre_lon", "window"),
    "attribution": ("lines_zh", "lines_en"),
    "languages": ("offered",),
}
"""The settings by section; any other is reported, because a misspelt one would have no effect."""
_LINE = re.compile(r"line (\d+), column (\d+)")


@dataclass(frozen=True)
class StatuteSettings:
    """The regulation a region implements: its titles, dates and number of articles."""

    title_zh: str
    title_en: str
    adopted: date | None
    in_force: date | None
    articles: int


@dataclass(frozen=True)
class MapSettings:
    """How the schematic map is projected; None where the drawing derives it from the places.

    Parameters
    ----------
    parallels : (float, float), optional
        Standard parallels of the conic projection, degrees.
    centre_lon : float, optional
        Central meridian, degrees.
    window : (west, south, east, north), optional
        Section shown, degrees; a west above the east crosses the antimeridian.
    """

    parallels: tuple[float, float] | None = None
    centre_lon: float | None = None
    window: tuple[float, float, float, float] | None = None


@dataclass(frozen=True)
class Settings:
    """Everything `region.toml` says.

    Parameters
    ----------
    id : str
        Short name of the region.
    name_zh, name_en : str
        Its names.
    country : str
        Home country, two letters of ISO 3166.
    base_year : int
        Year the demand and the costs speak of.
    currency : str
        Three letters of ISO 4217.
    statute : StatuteSettings, optional
        None for a region without a regulation.
    map : MapSettings
        Projection of the schematic map.
    attribution_zh, attribution_en : tuple of str
        Lines the footer must show for the sources of the tables.
    languages : tuple of str
        Languages the region's own texts are written in, the source language first.
    time_zone : str
        Zone of the IANA database in which times are shown.
    example : bool
        Whether the region is made up for tests and teaching; pages then say so.
    """

    id: str = ""
    name_zh: str = ""
    name_en: str = ""
    country: str = ""
    base_year: int = 0
    currency: str = ""
    statute: StatuteSettings | None = None
    map: MapSettings = field(default_factory=MapSettings)
    attribution_zh: tuple[str, ...] = ()
    attribution_en: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("zh", "en")
    time_zone: str = "UTC"
    example: bool = False


def read_toml(path: Path, name: str, *, optional: bool = False) -> tuple[Mapping[str, Any] | None, tuple[Fault, ...]]:
    """Read a TOML file without raising; a syntax error becomes a fault with its line.

    Returns
    -------
    mapping or None
        The content; an empty mapping where an optional file is absent, None where it could not be read.
    tuple of Fault
        What is wrong.
    """
    content = read_text(path, name, optional=optional)
    if content.text is None:
        return ({} if content.complete else None), content.faults
    try:
        return tomllib.loads(content.text), ()
    except (tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        spot = _LINE.search(str(error))
        row = int(spot.group(1)) if spot else None
        detail = str(error).split(" (at ")[0] if isinstance(error, tomllib.TOMLDecodeError) else type(error).__name__
        return None, (Fault("region.bad_toml", {"detail": detail}, Place(name, row)),)


def read_settings(path: Path) -> tuple[Settings, tuple[Fault, ...]]:
    """Read ``region.toml``.

    Parameters
    ----------
    path : Path
        The file; it need not exist.

    Returns
    -------
    Settings
        What could be read.
    tuple of Fault
        All faults of the file.
    """
    content, faults = read_toml(path, FILE)
    if content is None:
        return Settings(), faults
    reader = _Reader(content)
    settings = reader.settings()
    reader.unknown()
    return settings, tuple(reader.faults)


class _Reader:
    """Takes typed values out of a parsed file and collects what does not fit."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.content = content
        self.faults: list[Fault] = []

    def settings(self) -> Settings:
        """Return the whole record."""
        return Settings(
            id=self.text("region", "id", r"[a-z0-9][a-z0-9_-]{0,63}", '"nmg"'),
            name_zh=self.text("region", "name_zh"),
            name_en=self.text("region", "name_en"),
            country=self.text("region", "country", r"[A-Z]{2}", '"CN"'),
            base_year=self.whole("region", "base_year", 1900, 2200),
            currency=self.text("region", "currency", r"[A-Z]{3}", '"CNY"'),
            statute=self.statute(),
            map=self.map(),
            attribution_zh=self.lines("attribution", "lines_zh"),
            attribution_en=self.lines("attribution", "lines_en"),
            languages=self.languages(),
            time_zone=self.time_zone(),
            example=self.get("region", "example", bool, "true / false", None) is True,
        )

    def fault(self, code: str, section: str, key: str, **parameters: object) -> None:
        """Note a fault of one setting."""
        name = f"{section}.{key}" if key else section
        self.faults.append(Fault(code, {"name": name, **parameters}, Place(FILE, column=name)))

    def unknown(self) -> None:
        """Warn of sections and settings nobody reads."""
        for section, value in self.content.items():
            if section not in KNOWN:
                self.warn(section, KNOWN)
            elif isinstance(value, Mapping):
                for key in value:
                    if key not in KNOWN[section]:
                        self.warn(f"{section}.{key}", KNOWN[section])

    def warn(self, name: str, allowed: Iterable[str]) -> None:
        """Note a setting nobody reads."""
        detail = {"name": name, "allowed": list(allowed)}
        self.faults.append(Fault("region.unknown_setting", detail, Place(FILE, column=name), "warning"))

    def section(self, name: str) -> Mapping[str, Any]:
        """Return a section, empty if absent or no section at all."""
        value = self.content.get(name, {})
        if isinstance(value, Mapping):
            return value
        if not any(fault.parameters.get("name") == name for fault in self.faults):
            self.fault("region.bad_setting", name, "", value=value, expected=f"[{name}]")
        return {}

    def get(self, section: str, key: str, kind: type | tuple[type, ...], expected: str, missing: str | None) -> Any:
        """Return a value of the right kind, or None after noting what is wrong."""
        value = self.section(section).get(key)
        if value is None:
            if missing:
                self.fault(missing, section, key, expected=expected)
            return None
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.fault("region.bad_setting", section, key, value=value, expected=expected)
            return None
        return value

    def text(self, section: str, key: str, pattern: str = r"\S.*", expected: str = '"…"') -> str:
        """Return a required text."""
        value = self.get(section, key, str, expected, "region.missing_setting")
        if value is not None and re.fullmatch(pattern, value) is None:
            self.fault("region.bad_setting", section, key, value=value, expected=expected)
            return ""
        return value or ""

    def whole(self, section: str, key: str, low: int, high: int) -> int:
        """Return a required whole number between bounds, 0 if it is not one."""
        expected = f"{low} … {high}"
        value = self.get(section, key, int, expected, "region.missing_setting")
        if value is None:
            return 0
        if not low <= value <= high:
            self.fault("region.bad_setting", section, key, value=value, expected=expected)
            return 0
        return int(value)

    def lines(self, section: str, key: str) -> tuple[str, ...]:
        """Return an optional list of texts."""
        value = self.get(section, key, list, '["…", …]', None)
        if value is not None and not all(isinstance(line, str) for line in value):
            self.fault("region.bad_setting", section, key, value=value, expected='["…", …]')
            return ()
        return tuple(value or ())

    def numbers(self, section: str, key: str, count: int) -> tuple[float, ...] | None:
        """Return an optional list of so many degrees."""
        value = self.get(section, key, list, f"[{count}]", None)
        if value is None:
            return None
        if len(value) != count or not all(_is_degree(number) for number in value):
            self.fault("region.bad_setting", section, key, value=value, expected=f"{count} × (-180 … 180)")
            return None
        return tuple(float(number) for number in value)

    def statute(self) -> StatuteSettings | None:
        """Return what is said about the regulation, None if nothing."""
        if not self.section("statute"):
            return None
        days: list[date | None] = []
        for key in ("adopted", "in_force"):
            days.append(self.get("statute", key, date, "2023-07-31", None))
        return StatuteSettings(
            self.text("statute", "title_zh"),
            self.text("statute", "title_en"),
            days[0],
            days[1],
            self.whole("statute", "articles", 1, 10_000),
        )

    def map(self) -> MapSettings:
        """Return the projection."""
        parallels = self.numbers("map", "parallels", 2)
        if parallels and not all(abs(parallel) < 90 for parallel in parallels):
            self.fault("region.bad_setting", "map", "parallels", value=parallels, expected="-90 < … < 90")
            parallels = None
        window = self.numbers("map", "window", 4)
        if window and not (-90 <= window[1] < window[3] <= 90 and window[0] != window[2]):
            expected = "[west, south, east, north]: -90 ≤ south < north ≤ 90, west ≠ east"
            self.fault("region.bad_setting", "map", "window", value=window, expected=expected)
            window = None
        centre = self.get("map", "centre_lon", (int, float), "-180 … 180", None)
        if centre is not None and not _is_degree(centre):
            self.fault("region.bad_setting", "map", "centre_lon", value=centre, expected="-180 … 180")
            centre = None
        return MapSettings(
            (parallels[0], parallels[1]) if parallels else None,
            None if centre is None else float(centre),
            (window[0], window[1], window[2], window[3]) if window else None,
        )

    def time_zone(self) -> str:
        """Return the zone of time, UTC if nothing is said."""
        expected = '"Asia/Shanghai"'
        name = self.get("region", "time_zone", str, expected, None)
        if name is None:
            return "UTC"
        if name not in _time_zones():
            self.fault("region.bad_setting", "region", "time_zone", value=name, expected=expected)
            return "UTC"
        return str(name)

    def languages(self) -> tuple[str, ...]:
        """Return the languages, Chinese and English if nothing is said."""
        return self.lines("languages", "offered") or ("zh", "en")


@cache
def _time_zones() -> set[str]:
    return available_timezones()


def _is_degree(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and abs(value) <= 180
