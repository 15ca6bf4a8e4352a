"""How numbers, units, dates, standings and sources are put into words, in each language.

Pure functions of their arguments (the language is always one of them), shared by templates and the command line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from bridgehead.ground import dates, words
from bridgehead.ground.language import speak
from bridgehead.kernel.source import Figure, Qualifier, Standing

Number = int | float | Decimal
day, period = dates.day, dates.period

STANDINGS = {
    Standing.MEASURED: ("实测", "measured", "измерено", "хэмжсэн"),
    Standing.REPORTED: ("报告", "reported", "опубликовано", "мэдээлсэн"),
    Standing.DERIVED: ("推算", "derived", "рассчитано", "тооцсон"),
    Standing.ESTIMATE: ("估计", "estimate", "оценка", "ойролцоо үнэлгээ"),
    Standing.MODEL: ("模型", "model", "модель", "загвар"),
}
STANDING_MEANINGS = {
    Standing.MEASURED: (
        "仪器或系统直接记录",
        "recorded by an instrument or a system",
        "записано прибором или системой",
        "багаж эсвэл систем шууд бүртгэсэн",
    ),
    Standing.REPORTED: (
        "有署名来源公布",
        "published by a named source",
        "опубликовано указанным источником",
        "нэр нь тодорхой эх сурвалж нийтэлсэн",
    ),
    Standing.DERIVED: (
        "由公布的数按写明的一步算出",
        "computed from published figures by a stated step",
        "вычислено из опубликованных чисел указанным действием",
        "нийтэлсэн тооноос заасан үйлдлээр бодож гаргасан",
    ),
    Standing.ESTIMATE: (
        "人为判断或占位，不当作观测",
        "judged or assumed, no observation",
        "суждение или допущение, не наблюдение",
        "дүгнэлт эсвэл таамаглал, ажиглалт биш",
    ),
    Standing.MODEL: (
        "引擎的结果，带参数与输入摘要",
        "a result of the engine, with its parameters",
        "результат расчёта по модели с её параметрами",
        "загварын тооцооны үр дүн, параметрийн хамт",
    ),
}
QUALIFIERS = {
    Qualifier.EXACT: ("", ""),
    Qualifier.ABOUT: ("约 ", "about ", "около ", "ойролцоогоор "),
    Qualifier.AT_LEAST: ("≥", "≥"),
    Qualifier.AT_MOST: ("≤", "≤"),
    Qualifier.EXPECTED: ("预计 ", "expected ", "ожидается ", "төлөвлөсөн "),
}
NOT_FOUND = ("未查到", "not found", "не найдено", "олдсонгүй")

# Russian and Mongolian as official papers write them: thousands set apart by a blank that does not break, a comma.
_BLANK = "\N{NO-BREAK SPACE}"
_DIGIT_MARKS = {"ru": str.maketrans(",.", f"{_BLANK},"), "mn": str.maketrans(",.", f"{_BLANK},")}
# Multiples Chinese counts in: 万吨, 亿元. Other languages have no such word to put between a number and its unit.
_MULTIPLE = re.compile(r"10\^([34689]) (.+)")
# Freight in a time: tonnes in the unit, and the time.
_MASS_RATES = {
    "t/year": (1.0, "year"),
    "t/yr": (1.0, "year"),
    "Mt/year": (1e6, "year"),
    "Mt/yr": (1e6, "year"),
    "t/day": (1.0, "day"),
}
_HAN = re.compile(r"[\u2e80-\u2fdf\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_CYRILLIC = re.compile(r"[\u0400-\u052f]")
_OTHER_WORD = re.compile(rf"(?:(?!{_HAN.pattern})[^\W\d_]){{2}}")
_BETWEEN_HAN = r"[\s\d·、，。：；（）《》]*"
_HAN_RUN = re.compile(rf"({_HAN.pattern}(?:{_BETWEEN_HAN}{_HAN.pattern})*)")
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


def has_other_words(text: str) -> bool:
    """Tell whether a text has words in other letters than Han, as a sentence that names something in Chinese."""
    return bool(_OTHER_WORD.search(text))


def has_cyrillic(text: str) -> bool:
    """Tell whether a text has Cyrillic letters."""
    return _CYRILLIC.search(text) is not None


def han_runs(text: str) -> list[str]:
    """Return a text cut where Chinese begins and ends; blanks, digits and Chinese stops inside it are part of it."""
    return [run for run in _HAN_RUN.split(text) if run]


def foreign(text: str, language: str) -> str:
    """Return in which other language a text most likely is than the page, by its letters; empty if in none."""
    if not any(letter.isalpha() for letter in text):
        return ""
    if has_han(text):
        return "" if language == "zh" else "zh"
    if _CYRILLIC.search(text):
        return "" if language in ("ru", "mn") else "ru"
    return "" if language == "en" else "en"


def number(value: Number | None, language: str, digits: int | None = None) -> str:
    """Return a number with separated thousands, or the words for a figure that was not found.

    Parameters
    ----------
    value : number or None
        The number.
    language : str
        Language of the words and of the marks between digits: 1,234.5 or 1 234,5.
    digits : int, optional
        Decimals. By default integers from 100 on, three significant digits below, trailing zeros dropped.
    """
    if value is None:
        return speak(language, *NOT_FOUND)
    shown = _digits(float(value), digits)
    return shown.translate(_DIGIT_MARKS[language]) if language in _DIGIT_MARKS else shown


def _digits(amount: float, digits: int | None) -> str:
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
    return speak(language, "万吨", "Mt", "млн т", "сая т")


def mass(value_t: Number | None, language: str) -> str:
    """Return tonnes as the number that stands before `mass_unit`."""
    if value_t is None:
        return number(None, language)
    return number(float(value_t) / (1e4 if language == "zh" else 1e6), language)


def mass_in_column(value_t: Number | None, language: str) -> str:
    """Return tonnes for a column, all with the same number of decimals, so that they stand below each other.

    What is more than nothing and less than the last digit shown is ``<1`` (万吨) or ``<0.01`` (Mt).
    """
    if value_t is None:
        return mass(None, language)
    unit_t, digits, least = speak(language, "1e4 0 <1", "1e6 2 <0.01", "1e6 2 <0,01", "1e6 2 <0,01").split()
    shown = float(value_t) / float(unit_t)
    if shown and abs(shown) < 0.5 / 10 ** int(digits):
        return least
    return number(shown, language, int(digits))


def mass_with_unit(value_t: Number | None, language: str) -> str:
    """Return tonnes with their unit, or the words for a figure that was not found."""
    if value_t is None:
        return number(None, language)
    return f"{mass(value_t, language)} {mass_unit(language)}"


def percent(share: Number | None, language: str, digits: int = 0) -> str:
    """Return a share (1 = all) in percent; Russian sets a blank before the sign."""
    if share is None:
        return number(None, language)
    return f"{number(float(share) * 100, language, digits)}{_BLANK if language == 'ru' else ''}%"


def hours(value_h: Number | None, language: str) -> str:
    """Return a duration in hours, from two days on in days."""
    if value_h is None:
        return number(None, language)
    if float(value_h) >= 48:
        return f"{number(float(value_h) / 24, language)} {speak(language, '天', 'days', 'сут.', 'хоног')}"
    return f"{number(value_h, language)} {speak(language, '小时', 'h', 'ч', 'цаг')}"


def unit_label(unit: str, language: str) -> str:
    """Return the unit of the tables in a language; see `bridgehead.ground.words.unit`."""
    return words.unit(unit.strip(), language)


def measured(value: Number | None, unit: str, language: str) -> tuple[str, str]:
    """Return a value and its unit as they are written: 3,000 and 万吨/年 for 30 Mt/yr, 30 and Mt a year in English.

    Freight in a time is scaled as freight is: to 万吨 from 10,000 t on, to Mt from 100,000 t on.
    """
    rate = _MASS_RATES.get(unit)
    if value is None or rate is None:
        return spelt(value, unit, language)
    tonnes, time = float(value) * rate[0], rate[1]
    if abs(tonnes) < (1e4 if language == "zh" else 1e5):
        return number(tonnes, language), unit_label(f"t/{time}", language)
    per = words.word("per", time, language)
    return mass(tonnes, language), mass_unit(language) + speak(language, f"/{per}", f" {per}")


def spelt(value: Number | None, unit: str, language: str) -> tuple[str, str]:
    """Return a value and its unit to be read one after the other: 1,120 and 万吨, 11,200,000 and t in English.

    Other languages have no multiple such as ``10^4 t`` between a number and its unit: it is multiplied out, to
    millions from ``10^6`` on. The unit depends on no value, so that two values may stand before one unit.
    """
    found = _MULTIPLE.fullmatch(unit.strip()) if language != "zh" else None
    if found is None:
        return number(value, language), unit_label(unit, language)
    power = int(found[1])
    millions, label = power >= 6, unit_label(found[2], language)
    times = 10 ** (power - 6 if millions else power)
    shown = number(None if value is None else Decimal(str(value)) * times, language)
    return shown, f"{speak(language, '', 'million', 'млн', 'сая')} {label}" if millions else label


def spelt_words(value: Number | None, unit: str, language: str) -> str:
    """Return a value with its unit, see `spelt`; only the words for nothing found where there is none."""
    shown, label = spelt(value, unit, language)
    return shown if value is None else f"{shown} {label}".strip()


def measured_words(value: Number | None, unit: str, language: str) -> str:
    """Return a value with its unit, see `measured`; only the words for nothing found where there is none."""
    shown, label = measured(value, unit, language)
    return shown if value is None else f"{shown} {label}".strip()


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


def amount(figure: Figure, language: str) -> str:
    """Return the number of a figure with its qualifier, freight in `mass_unit`, without the unit."""
    if figure.value is None:
        return number(None, language)
    shown = mass(figure.value, language) if figure.unit == "t" else measured(figure.value, figure.unit, language)[0]
    return qualifier_sign(figure.qualifier, language) + shown


def amount_unit(figure: Figure, language: str) -> str:
    """Return the unit that goes with `amount`."""
    return mass_unit(language) if figure.unit == "t" else measured(figure.value, figure.unit, language)[1]


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
