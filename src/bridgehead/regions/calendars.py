"""The working calendar of a region: the holidays of its country, with what the region's own table says otherwise.

China announces each year's days off and make-up working days; `chinesecalendar` keeps them. Of years that are not
announced yet, the days off are those the law itself names, as `holidays` has them. Of other countries the public
holidays are those of `holidays`, which knows no make-up days. ``calendar.csv`` goes before both.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from bridgehead.kernel.calendars import Calendar

if TYPE_CHECKING:
    from bridgehead.regions.load import Region

FIRST_YEAR, LAST_YEAR = 2004, 2050


def calendar_of(region: Region) -> Calendar:
    """Return which days are worked in a region.

    Parameters
    ----------
    region : Region
        Its country says whose holidays hold; rows of its table ``calendar`` say what holds otherwise: ``off`` or
        ``worked`` for a day.
    """
    off, worked, announced = _of_country(region.settings.country)
    for row in region.rows("calendar"):
        day = date.fromisoformat(row.text("day"))
        off.discard(day)
        worked.discard(day)
        (off if row.text("kind") == "off" else worked).add(day)
    return Calendar(off, worked, announced)


def _of_country(country: str) -> tuple[set[date], set[date], date | None]:
    """Return days off, make-up working days and the last day that has been announced, of a country."""
    import holidays

    if country == "CN":
        from chinese_calendar.constants import holidays as announced  # type: ignore[import-untyped]
        from chinese_calendar.constants import workdays

        last = max(day.year for day in announced)
        by_law = holidays.country_holidays("CN", years=range(last + 1, LAST_YEAR + 1))
        return set(announced) | set(by_law), set(workdays), date(last, 12, 31)
    if country not in holidays.list_supported_countries():
        return set(), set(), None
    return set(holidays.country_holidays(country, years=range(FIRST_YEAR, LAST_YEAR + 1))), set(), None
