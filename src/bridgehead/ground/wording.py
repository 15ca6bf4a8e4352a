"""How numbers, units, dates, standings and sources are put into words, in each language.

Pure functions of their arguments (the language is always one of them), shared by templates and the command line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bridgehead.ground.language import speak
from bridgehead.kernel.source import Figure, Qualifier, Standing

Number = int | float | Decimal

STANDINGS = {
    Standing.MEASURED: ("实测", "measured"),
    Standing.REPORTED: ("报告", "reported"),
    Standing.DERIVED: ("推算", "derived"),
    Standing.ESTIMATE: ("估计", "estimate"),
    Standing.MODEL: ("模型", "model"),
}
STANDING_MEANINGS = {
    Standing.MEASURED: ("仪器或系统直接记录", "recorded by an instrument or a system"),
    Standing.REPORTED: ("有署名来源公布", "published by a named source"),
    Standing.DERIVED: ("由公布的数按写明的一步算出", "computed from published figures by a stated step"),
    Standing.ESTIMATE: ("人为判断或占位，不当作观测", "judged or assumed, no observation"),
    Standing.MODEL: ("引擎的结果，带参数与输入摘要", "a result of the engine, with its parameters"),
}
QUALIFIERS = {
    Qualifier.EXACT: ("", ""),
    Qualifier.ABOUT: ("约 ", "about "),
    Qualifier.AT_LEAST: ("≥", "≥"),
    Qualifier.AT_MOST: ("≤", "≤"),
    Qualifier.EXPECTED: ("预计 ", "expected "),
}
NOT_FOUND = ("未查到", "not found")

_UNITS = {
    "t": ("吨", "t"),
    "t/year": ("吨/年", "t/year"),
    "hours": ("小时", "h"),
    "hour": ("小时", "h"),
    "h": ("小时", "h"),
    "days": ("天", "days"),
    "day": ("天", "days"),
    "minutes": ("分钟", "min"),
    "km": ("公里", "km"),
    "km/h": ("公里/小时", "km/h"),
    "mm": ("毫米", "mm"),
    "%": ("%", "%"),
    "percent": ("%", "%"),
    "teu": ("标箱", "TEU"),
    "trains": ("列", "trains"),
    "vehicles": ("辆", "vehicles"),
    "vehicles/day": ("辆/天", "vehicles/day"),
    "flights": ("架次", "flights"),
    "person-trips": ("人次", "person-trips"),
    "lanes": ("条通道", "lanes"),
    "usd": ("美元", "USD"),
    "usd/t": ("美元/吨", "USD/t"),
    "usd/tkm": ("美元/吨公里", "USD/tkm"),
    "cny": ("元", "CNY"),
    "cny/t": ("元/吨", "CNY/t"),
    "cny 100 million": ("亿元", "CNY 100 million"),
    "usd 100 million": ("亿美元", "USD 100 million"),
    "100 million kwh": ("亿千瓦时", "100 million kWh"),
    "trains/day": ("列/天", "trains/day"),
    "trains/day/direction": ("列/天/方向", "trains/day/direction"),
    "year": ("年", "year"),
    "degrees": ("度", "degrees"),
    "deg": ("度", "°"),
    "mnt": ("图格里克", "MNT"),
    "rub": ("卢布", "RUB"),
    "feu": ("40 英尺箱", "FEU"),
    "tkm": ("吨公里", "tkm"),
    "teu-km": ("标箱公里", "TEU-km"),
    "feu-km": ("40 英尺箱公里", "FEU-km"),
    "g": ("克", "g"),
    "kg": ("千克", "kg"),
    "m": ("米", "m"),
    "tracks": ("线", "tracks"),
    "trucks": ("辆货车", "trucks"),
    "wagons": ("节车皮", "wagons"),
    "containers": ("个集装箱", "containers"),
    "crossing": ("次过境", "crossing"),
    "vehicle": ("车", "vehicle"),
    "week": ("周", "week"),
    "seconds": ("秒", "s"),
    "passengers": ("人次", "passengers"),
    "persons": ("人", "persons"),
    "pairs": ("对", "pairs"),
    "train pairs": ("对列车", "train pairs"),
    "cny million": ("百万元", "CNY million"),
    "ratio": ("比值", "ratio"),
}
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_HAN = re.compile(r"[\u2e80-\u2fdf\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_REST = r"[^\s|;<>\"'()，；。（）]*"
# A web address, or the bare name of a site: two dots, or one and a path (so that README.md is none).
_WITH_SCHEME = re.compile(r"https?://[^\s|;<>\"'()]+", re.IGNORECASE)
_ADDRESS = re.compile(
    rf"https?://[^\s/|;<>]{_REST}|(?<![\w@/.])(?:[\w-]+\.){{2,}}[a-z]{{2,}}(?:/{_REST})?|(?<![\w@/.])[\w-]+\.[a-z]{{2,}}/{_REST}",
    re.IGNORECASE | re.ASCII,
)


def has_han(text: str) -> bool:
    """Tell whether a text contains a Han character."""
    return bool(_HAN.search(text))


def number(value: Number | None, language: str, digits: int | None = None) -> str:
    """Return a number with separated thousands, or the words for a figure that was not found.

    Parameters
    ----------
    value : number or None
        The number.
    language : str
        Language of the words; digits look the same in both.
    digits : int, optional
        Decimals. By default integers from 100 on, three significant digits below, trailing zeros dropped.
    """
    if value is None:
        return speak(language, *NOT_FOUND)
    amount = float(value)
    if digits is not None:
        return _signed(f"{amount:,.{digits}f}")
    if amount == int(amount) and abs(amount) < 1e15:
        return _signed(f"{int(amount):,d}")
    if abs(amount) >= 100:
        return _signed(f"{amount:,.0f}")
    # Three significant digits, written out: 0.0123 and not 1.23e-02.
    places = 2 if abs(amount) >= 1 else 3
    if abs(amount) >= 10:
        places = 1
    if 0 < abs(amount) < 1:
        places = min(12, 2 - int(f"{amount:e}".partition("e")[2]))
    shown = f"{amount:,.{places}f}"
    return _signed(shown.rstrip("0").rstrip(".") if "." in shown else shown)


def _signed(shown: str) -> str:
    """Return the number with a true minus sign, and never minus zero."""
    if shown.startswith("-"):
        return shown[1:] if not shown.strip("-0.,") else "\u2212" + shown[1:]
    return shown


def mass_unit(language: str) -> str:
    """Return the unit in which freight is shown in a language: 万吨 or Mt."""
    return speak(language, "万吨", "Mt")


def mass(value_t: Number | None, language: str) -> str:
    """Return tonnes as the number that stands before `mass_unit`."""
    if value_t is None:
        return number(None, language)
    return number(float(value_t) / (1e4 if language == "zh" else 1e6), language)


def mass_with_unit(value_t: Number | None, language: str) -> str:
    """Return tonnes with their unit, or the words for a figure that was not found."""
    if value_t is None:
        return number(None, language)
    return f"{mass(value_t, language)} {mass_unit(language)}"


def percent(share: Number | None, language: str, digits: int = 0) -> str:
    """Return a share (1 = all) in percent."""
    return number(None, language) if share is None else f"{number(float(share) * 100, language, digits)}%"


def hours(value_h: Number | None, language: str) -> str:
    """Return a duration in hours, from two days on in days."""
    if value_h is None:
        return number(None, language)
    if float(value_h) >= 48:
        return f"{number(float(value_h) / 24, language)} {speak(language, '天', 'days')}"
    return f"{number(value_h, language)} {speak(language, '小时', 'h')}"


def unit_label(unit: str, language: str) -> str:
    """Return the unit of the tables in a language; one without an entry part by part, else as in the table."""
    pair = _UNITS.get(unit.strip().lower())
    if pair:
        return speak(language, *pair)
    parts = [_UNITS.get(part.strip().lower()) for part in unit.split("/")]
    if len(parts) > 1 and all(parts):
        return "/".join(speak(language, *pair) for pair in parts if pair)
    return unit


def standing_label(standing: Standing, language: str) -> str:
    """Return the word of a standing."""
    return speak(language, *STANDINGS[standing])


def standing_meaning(standing: Standing, language: str) -> str:
    """Return what a standing means."""
    return speak(language, *STANDING_MEANINGS[standing])


def qualifier_sign(qualifier: Qualifier | str | None, language: str) -> str:
    """Return what stands before a number: ≥, ≤, 约, or nothing; an unknown qualifier counts as about."""
    if qualifier is None or qualifier == "":
        return ""
    known = qualifier if qualifier in set(Qualifier) else Qualifier.ABOUT
    return speak(language, *QUALIFIERS[Qualifier(known)])


def day(value: date | str | None, language: str) -> str:
    """Return a date in words: ``2025 年 12 月 9 日``, ``9 December 2025``.

    A text may be a year or a year and month as in the tables (``2025``, ``2025-12``); anything else stands as it is.
    """
    if value is None or value == "":
        return ""
    parts = value.isoformat() if isinstance(value, date) else value
    found = re.fullmatch(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?", parts)
    if not found or (found[2] and not 1 <= int(found[2]) <= 12):
        return parts
    year, month, in_month = found[1], found[2], found[3]
    if language == "zh":
        return f"{year} 年" + (f" {int(month)} 月" if month else "") + (f" {int(in_month)} 日" if in_month else "")
    words = [str(int(in_month))] if in_month else []
    return " ".join([*words, *([_MONTHS[int(month) - 1]] if month else []), year])


def period(period_from: date | None, period_to: date | None, language: str) -> str:
    """Return the words for a period that is not a whole year: ``至 11 月 20 日``; empty for a whole year or none."""
    if period_to is None:
        return ""
    starts_year = period_from is None or (period_from.month, period_from.day) == (1, 1)
    if starts_year and (period_to.month, period_to.day) == (12, 31):
        return ""
    if starts_year and (period_from is None or period_from.year == period_to.year):
        if language == "zh":
            return f"至 {period_to.month} 月 {period_to.day} 日"
        return f"to {period_to.day} {_MONTHS[period_to.month - 1]}"
    assert period_from is not None
    return speak(
        language,
        f"{day(period_from, 'zh')}至{day(period_to, 'zh')}",
        f"{day(period_from, 'en')} to {day(period_to, 'en')}",
    )


def amount(figure: Figure, language: str) -> str:
    """Return the number of a figure with its qualifier, freight in `mass_unit`, without the unit."""
    if figure.value is None:
        return number(None, language)
    shown = mass(figure.value, language) if figure.unit == "t" else number(figure.value, language)
    return qualifier_sign(figure.qualifier, language) + shown


def amount_unit(figure: Figure, language: str) -> str:
    """Return the unit that goes with `amount`."""
    return mass_unit(language) if figure.unit == "t" else unit_label(figure.unit, language)


@dataclass(frozen=True, slots=True)
class Reference:
    """One source of a figure: what it is called and its address, either may be empty."""

    title: str
    address: str

    @property
    def link(self) -> str:
        """The address as a link; a name of a site without a scheme gets one."""
        if not self.address:
            return ""
        return self.address if self.address.startswith(("http://", "https://")) else f"https://{self.address}"

    @property
    def host(self) -> str:
        """The name of the site, for a short text of the link."""
        return self.link.partition("://")[2].partition("/")[0].removeprefix("www.")


def references(source: str | None) -> tuple[Reference, ...]:
    """Return the sources named in a cell: several joined by ``|``, each a title and mostly an address."""
    found = []
    for part in (source or "").split("|"):
        text = part.strip()
        if not text:
            continue
        place = _WITH_SCHEME.search(text) or _ADDRESS.search(text)
        address = place[0].rstrip(".,;") if place else ""
        title = text.replace(address, "").replace("()", "").strip(" ;,") if address else text
        found.append(Reference(title, address))
    return tuple(found)
