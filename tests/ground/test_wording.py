"""Numbers, dates, units and sources in words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from bridgehead.ground import wording as w
from bridgehead.ground import words
from bridgehead.kernel.source import Figure, Qualifier, Standing


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (-0.0, "0"),
        (1234567, "1,234,567"),
        (1234.5, "1,234"),
        (1963.3, "1,963"),
        (13.2, "13.2"),
        (13.25, "13.2"),
        (1.005, "1"),
        (3.456, "3.46"),
        (0.35, "0.35"),
        (0.012345, "0.0123"),
        (0.0005, "0.0005"),
        (-5.5, "\u22125.5"),
        (-0.0000000000001, "0"),
        (99.96, "100"),
    ],
)
def test_numbers(value: float, shown: str) -> None:
    assert w.number(value, "zh") == shown


def test_nothing_found_is_said_and_never_zero() -> None:
    assert w.number(None, "zh") == "未查到"
    assert w.number(None, "en") == "not found"
    assert w.mass_with_unit(None, "en") == "not found"
    assert w.percent(None, "en") == "not found"


def test_freight_is_shown_in_the_unit_of_the_language() -> None:
    assert w.mass_with_unit(38_000_000, "zh") == "3,800 万吨"
    assert w.mass_with_unit(38_000_000, "en") == "38 Mt"
    assert w.mass_with_unit(350_000, "zh") == "35 万吨"
    assert w.mass_with_unit(350_000, "en") == "0.35 Mt"


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (date(2025, 12, 9), "2025 年 12 月 9 日", "9 December 2025"),
        ("2025-12-09", "2025 年 12 月 9 日", "9 December 2025"),
        ("2024-05", "2024 年 5 月", "May 2024"),
        ("2023", "2023 年", "2023"),
        ("2023-13", "2023-13", "2023-13"),
        ("around 2023", "around 2023", "around 2023"),
        (None, "", ""),
    ],
)
def test_dates(value: date | str | None, zh: str, en: str) -> None:
    assert w.day(value, "zh") == zh
    assert w.day(value, "en") == en


def test_a_part_of_a_year_is_said_and_a_whole_one_is_not() -> None:
    first = date(2023, 1, 1)
    assert w.period(first, date(2023, 12, 31), "zh") == ""
    assert w.period(first, date(2023, 11, 20), "zh") == "至 11 月 20 日"
    assert w.period(first, date(2023, 11, 20), "en") == "to 20 November"
    assert w.period(None, None, "en") == ""
    assert w.period(date(2023, 3, 1), date(2023, 4, 30), "en") == "1 March 2023 to 30 April 2023"
    assert w.period(date(2022, 1, 1), date(2023, 6, 30), "en") == "1 January 2022 to 30 June 2023"


def test_several_whole_years_are_told_by_their_first_and_last() -> None:
    assert w.period(date(2021, 1, 1), date(2025, 12, 31), "zh") == "2021 至 2025 年"
    assert w.period(date(2021, 1, 1), date(2025, 12, 31), "en") == "2021 to 2025"
    assert w.period(None, date(2025, 12, 31), "zh") == ""


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (30, "Mt/yr", "3,000 万吨/年", "30 Mt a year"),
        (30_000_000, "t/year", "3,000 万吨/年", "30 Mt a year"),
        (10_000, "t/day", "1 万吨/日", "10,000 t a day"),
        (9_500, "t/day", "9,500 吨/日", "9,500 t a day"),
        (20, "trains/day", "20 列/日", "20 trains a day"),
        (2, "TEU/year", "2 标箱/年", "2 TEU a year"),
        (3, "persons/days", "3 人/日", "3 persons a day"),
        (45, "deg", "45 度", "45 degrees"),
        (5, "blobs/hour", "5 blobs/小时", "5 blobs an hour"),
        (None, "Mt/yr", "未查到", "not found"),
    ],
)
def test_a_value_and_its_unit_are_written_in_one_way(value: float | None, unit: str, zh: str, en: str) -> None:
    assert w.measured_words(value, unit, "zh") == zh
    assert w.measured_words(value, unit, "en") == en


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (1120, "10^4 t", "1,120 万吨", "11,200,000 t"),
        (Decimal("1123.4567"), "10^4 t", "1,123 万吨", "11,234,567 t"),
        (0.5, "10^4 persons", "0.5 万人次", "5,000 persons"),
        (Decimal("1963.3"), "10^8 CNY", "1,963 亿元", "196,330 million CNY"),
        (-3, "10^4 CNY", "\u22123 万元", "\u221230,000 CNY"),
        (7, "10^4 units", "7 万个", "70,000 units"),
        (2, "10^9 CNY", "2 十亿元", "2,000 million CNY"),
        (4, "per 10^6 t", "4 起/百万吨", "4 per million t"),
        (30_000_000, "t/year", "30,000,000 吨/年", "30,000,000 t a year"),
        (12, "", "12", "12"),
        (None, "10^4 t", "未查到", "not found"),
    ],
)
def test_a_multiple_is_multiplied_out_in_english(value: float | Decimal | None, unit: str, zh: str, en: str) -> None:
    assert (w.spelt_words(value, unit, "zh"), w.spelt_words(value, unit, "en")) == (zh, en)
    if "/" not in unit:
        assert (w.measured_words(value, unit, "zh"), w.measured_words(value, unit, "en")) == (zh, en)


@pytest.mark.parametrize("unit", sorted(word for kind, word in words._entries() if kind == "unit"))
def test_a_unit_is_the_same_wherever_it_is_written(unit: str) -> None:
    for language in ("zh", "en"):
        assert w.unit_label(unit, language) == words.word("unit", unit, language)


def test_a_figure_of_freight_in_a_time_is_written_like_freight() -> None:
    figure = Figure(30_000_000, "t/year", Standing.REPORTED, Qualifier.ABOUT)
    assert (w.amount(figure, "zh"), w.amount_unit(figure, "zh")) == ("约 3,000", "万吨/年")
    assert (w.amount(figure, "en"), w.amount_unit(figure, "en")) == ("about 30", "Mt a year")


def test_a_figure_carries_its_qualifier() -> None:
    figure = Figure(38_000_000, "t", Standing.REPORTED, Qualifier.AT_LEAST)
    assert (w.amount(figure, "zh"), w.amount_unit(figure, "zh")) == ("≥3,800", "万吨")
    assert w.qualifier_sign("exact", "en") == ""
    assert w.qualifier_sign("about", "zh") == "约 "
    # Nothing may look more exact than it is.
    assert w.qualifier_sign("roughly", "en") == "about "


def test_every_standing_and_qualifier_has_words_in_both_languages() -> None:
    for standing in Standing:
        for language in ("zh", "en"):
            assert w.standing_label(standing, language)
            assert w.standing_meaning(standing, language)
            assert w.has_han(w.standing_label(standing, language)) == (language == "zh")
    assert set(w.QUALIFIERS) == set(Qualifier)


def test_sources_of_a_cell() -> None:
    cell = (
        "Inner Mongolia Daily: ports 2023; http://svs3.cn/cssh/190563.html | CAREC (cpmm.carecprogram.org/?p=477)"
        " | estimate | NETWORK.md | 海关总署，2024"
    )
    found = w.references(cell)
    assert [(one.title, one.link) for one in found] == [
        ("Inner Mongolia Daily: ports 2023", "http://svs3.cn/cssh/190563.html"),
        ("CAREC", "https://cpmm.carecprogram.org/?p=477"),
        ("estimate", ""),
        ("NETWORK.md", ""),
        ("海关总署，2024", ""),
    ]
    assert w.references(None) == ()


@pytest.mark.parametrize("text", ["javascript:alert(1)", "data:text/html,x", "v1.2.3", "e.g. this", "0.12 USD"])
def test_what_is_no_web_address_is_no_link(text: str) -> None:
    for one in w.references(text):
        assert one.link == "" or one.link.startswith(("http://", "https://"))
    assert w.references("javascript:alert(1)")[0].link == ""


@pytest.mark.parametrize(
    ("text", "expected"), [("口岸", True), ("Port 港", True), ("Port ≥ 3 °", False), ("〇", False)]
)
def test_han(text: str, expected: bool) -> None:
    assert w.has_han(text) is expected


@pytest.mark.parametrize(
    ("value", "digits", "said"),
    [(1234567, None, "1\u00a0234\u00a0567"), (1234.5, 1, "1\u00a0234,5"), (-0.125, None, "−0,125"), (0, 2, "0,00")],
)
@pytest.mark.parametrize("language", ["ru", "mn"])
def test_russian_and_mongolian_numbers_have_blanks_and_a_comma(
    value: float, digits: int | None, said: str, language: str
) -> None:
    assert w.number(value, language, digits) == said


def test_shares_freight_and_hours_in_russian_and_mongolian() -> None:
    assert w.percent(0.125, "ru", 1) == "12,5\u00a0%"
    assert w.percent(0.125, "mn", 1) == "12,5%"
    assert w.mass_with_unit(3_450_000, "ru") == "3,45 млн т"
    assert w.mass_with_unit(3_450_000, "mn") == "3,45 сая т"
    assert w.mass_in_column(1_000, "ru") == "<0,01"
    assert w.hours(60, "mn") == "2,5 хоног"
    assert w.number(None, "ru") == "не найдено"


@pytest.mark.parametrize(
    ("value", "russian", "mongolian"),
    [
        ("2026-03-08", "8 марта 2026 г.", "2026 оны 3 дугаар сарын 8"),
        ("2026-11-30", "30 ноября 2026 г.", "2026 оны 11 дүгээр сарын 30"),
        ("2026-05", "май 2026 г.", "2026 оны 5 дугаар сар"),
        ("2026", "2026 г.", "2026 он"),
        ("soon", "soon", "soon"),
    ],
)
def test_days_in_russian_and_mongolian(value: str, russian: str, mongolian: str) -> None:
    assert (w.day(value, "ru"), w.day(value, "mn")) == (russian, mongolian)


def test_periods_in_russian_and_mongolian() -> None:
    years = date(2021, 1, 1), date(2025, 12, 31)
    assert [w.period(*years, code) for code in ("ru", "mn")] == ["2021–2025 гг.", "2021–2025 он"]
    begun = date(2025, 1, 1), date(2025, 4, 20)
    assert [w.period(*begun, code) for code in ("ru", "mn")] == ["по 20 апреля", "4 дүгээр сарын 20 хүртэл"]
    part = date(2025, 2, 1), date(2025, 4, 20)
    assert w.period(*part, "ru") == "с 1 февраля 2025 г. по 20 апреля 2025 г."
    assert w.period(*part, "mn") == "2025 оны 2 дугаар сарын 1 – 2025 оны 4 дүгээр сарын 20"


@pytest.mark.parametrize(
    ("text", "language", "other"),
    [
        ("满洲里", "ru", "zh"),
        ("满洲里", "zh", ""),
        ("Manzhouli", "mn", "en"),
        ("Manzhouli", "en", ""),
        ("Маньчжурия", "mn", ""),
        ("Маньчжурия", "en", "ru"),
        ("2026-01", "ru", ""),
    ],
)
def test_a_text_in_another_language_is_known_by_its_letters(text: str, language: str, other: str) -> None:
    assert w.foreign(text, language) == other
