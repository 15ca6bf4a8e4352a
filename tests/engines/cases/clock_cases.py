"""The hand-made cases of ``tests/cases/clocks``, and a walk from minute to minute that answers them on its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

FOLDER = Path(__file__).parents[2] / "cases" / "clocks"
BEIJING = "Asia/Shanghai"
WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
STATES = {
    "lodged": "running",
    "asked": "waiting",
    "papers": "running",
    "answered": "answered",
    "opened_again": "running",
}


def read(name: str) -> Any:
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


OFFICES: Mapping[str, Any] = read("offices.yaml")
CALENDARS: Mapping[str, Any] = read("calendars.yaml")
CASES: list[tuple[str, Mapping[str, Any]]] = [
    (path.stem, case)
    for path in sorted(FOLDER.glob("*.yaml"))
    if path.stem not in {"offices", "calendars"}
    for case in read(path.name)
]


def zone_of(office: str) -> ZoneInfo:
    return ZoneInfo(OFFICES[office].get("zone", BEIJING))


def moment(text: object, case: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(str(text)).replace(tzinfo=ZoneInfo(case.get("times", BEIJING)))


@cache
def days(calendar: str, kind: str) -> frozenset[date]:
    found = set()
    for one in CALENDARS[calendar].get(kind, []):
        first, _, last = str(one).partition("..")
        length = date.fromisoformat(last or first) - date.fromisoformat(first)
        found |= {date.fromisoformat(first) + number * DAY for number in range(length.days + 1)}
    return frozenset(found)


def weekdays(word: str) -> range:
    first, _, last = word.partition("-")
    return range(WEEKDAYS.index(first), WEEKDAYS.index(last or first) + 1)


@cache
def is_working_day(office: str, day: date) -> bool:
    calendar = OFFICES[office].get("calendar", "cn")
    return day in days(calendar, "days_worked") or (day.weekday() < 5 and day not in days(calendar, "days_off"))


@cache
def hours(office: str, day: date) -> str:
    about = OFFICES[office]
    if day in about.get("special", {}):
        return str(about["special"][day]).replace("closed", "")
    weekday = day.weekday()
    if weekday >= 5 and is_working_day(office, day):
        weekday = WEEKDAYS.index(about.get("make_up", "mon"))
    elif day in days(about.get("calendar", "cn"), "days_off") and not about.get("on_holidays"):
        return ""
    table = about["hours"]
    for season in about.get("seasons", []):
        first, last, here = season["from"], season["to"], f"{day:%m-%d}"
        if (first <= here <= last) if first <= last else (here >= first or here <= last):
            table = {key: text for key, text in season.items() if key not in ("from", "to")}
    return next((text for words, text in table.items() if weekday in weekdays(words)), "")


def is_open(office: str, at: datetime) -> bool:
    wall = at.astimezone(zone_of(office))
    now = f"{wall.hour:02}:{wall.minute:02}"
    return any(one[:5] <= now < one[6:] for one in hours(office, wall.date()).split())


@dataclass(frozen=True)
class Walked:
    gross: int
    net: int
    late: int
    due: datetime
    provisional: bool


class Walk:
    """A case as it is at a moment; from then on it is walked as if the clock ran."""

    def __init__(self, case: Mapping[str, Any], now: datetime) -> None:
        self.now = now.astimezone(UTC).replace(second=0)
        self.events: list[tuple[datetime, str, str]] = []
        self.begins, self.allowed = self.now, 0
        office = state = ""
        for event in case["events"]:
            at = moment(event["at"], case).astimezone(UTC).replace(second=0)
            if at > now:
                break
            word = next((word for word in STATES if word in event), "")
            office = event.get("lodged") or event.get("handed_to") or office
            state = STATES.get(word, state)
            if word in ("lodged", "opened_again"):
                self.begins, self.allowed = at, amount(case["promise"])
            self.allowed += amount(event.get("extended_by", "0wd"))
            self.events.append((at, office, state))
        self.in_days = case["promise"].endswith("wd")

    def standing(self, at: datetime) -> tuple[str, str]:
        office, state = next((one[1:] for one in reversed(self.events) if one[0] <= at), self.events[0][1:])
        return office, "running" if at >= self.now else state

    def minutes(self, begins: datetime) -> Iterator[tuple[datetime, str, str]]:
        at = begins
        while at < begins + timedelta(days=120):
            yield at, *self.standing(at)
            at += MINUTE

    def answer(self) -> Walked:
        due = self.due_after_days() if self.in_days else self.due_after_minutes()
        gross = net = late = 0
        for at, office, state in self.minutes(self.events[0][0]):
            if at >= self.now:
                break
            if state != "answered" and is_open(office, at):
                gross += 1
                net += state == "running"
                late += state == "running" and at >= due
        office = self.standing(due - MINUTE)[0]
        announced = CALENDARS[OFFICES[office].get("calendar", "cn")].get("announced_until", date.max)
        return Walked(gross, net, late, due, (due - MINUTE).astimezone(zone_of(office)).date() > announced)

    def due_after_minutes(self) -> datetime:
        left = self.allowed
        for at, office, state in self.minutes(self.begins):
            # After the answer the walk goes on as if there had been none.
            if state != "waiting" and is_open(office, at):
                left -= 1
                if not left:
                    return at + MINUTE
        raise AssertionError("never due")

    def due_after_days(self) -> datetime:
        """Return the last open minute of a working day, with the clock running, once so many days have gone."""
        zone = zone_of(self.standing(self.begins)[0])
        day, left = self.begins.astimezone(zone).date(), self.allowed
        while True:
            midnight = datetime.combine(day, datetime.min.time(), zone)
            office = self.standing(max(midnight.astimezone(UTC), self.begins))[0]
            working = is_working_day(office, day)
            if day > self.begins.astimezone(zone).date():
                left -= working and not self.is_day_of_a_pause(day, zone)
            if left <= 0 and working and (closes := self.closes(midnight)):
                return closes
            day += DAY

    def is_day_of_a_pause(self, day: date, zone: ZoneInfo) -> bool:
        begun = None
        for at, _, state in [*self.events, (self.now, "", "running")]:
            on = at.astimezone(zone).date()
            if state == "waiting":
                begun = begun or on
            elif begun:
                if begun < day <= on:
                    return True
                begun = None
        return False

    def closes(self, midnight: datetime) -> datetime | None:
        """Return the close of the office that has the case then; once that is over, no other office makes it later."""
        last = None
        first = midnight.astimezone(UTC)
        minutes = [first + number * MINUTE for number in range(24 * 60)]
        for number, at in enumerate(minutes):
            office, state = self.standing(at)
            if is_open(office, at):
                last = (at + MINUTE, state)
                if state != "waiting" and not any(is_open(office, later) for later in minutes[number + 1 :]):
                    break
        return last[0] if last and last[1] != "waiting" else None


def amount(promise: str) -> int:
    number = int(re.match(r"\d+", promise)[0])  # type: ignore[index]
    return number * 60 if promise.endswith("wh") else number
