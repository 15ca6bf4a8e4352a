"""The question of a route: what a visitor typed, with every fault of it at once."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from bridgehead.engines.network.alternatives import DEFAULT_COMMON, DEFAULT_K, choice_faults
from bridgehead.engines.network.journey import Consignment
from bridgehead.engines.network.routes import weight_faults
from bridgehead.engines.network.virtual import DEFAULT_MODES, check_modes
from bridgehead.ground import consignments
from bridgehead.ground.consignments import CRITERIA
from bridgehead.ground.region import Loaded
from bridgehead.kernel.errors import BridgeheadError, Fault, Place

REFINEMENTS = (
    "year", "date", "by", "via", "avoid", "modes", "k", "most_in_common", "value_of_time", "value_of_carbon"
)  # fmt: skip
FIELDS = ("origin", "destination", "commodity", "tonnes", "teu", *REFINEMENTS)
LISTS = ("avoid", "modes")
"""Fields that may be given several times, or once with commas."""
LONGEST_FIELD = 120
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:(?:,\d{3})+|(?: \d{3})+)(?:\.\d*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Question:
    """What a visitor asks: the fields as they were typed, and the consignment where they make one.

    ``given`` keeps every field for the form; ``faults`` are all faults at once, each at its field. ``begun`` says that
    an address only names one end, as a link from the page of a port or place does: a form to fill in, not a question.
    ``via`` is the only port where the home border may be crossed, empty for any, and ``avoid`` are ports where it may
    not; ``modes`` are the modes to use. ``k`` routes are wanted that have at most ``most_in_common`` in common; the two
    values are the weights of a mix in USD, None where not given.
    """

    given: Mapping[str, str]
    consignment: Consignment | None
    by: str
    faults: tuple[Fault, ...]
    begun: bool = False
    via: str = ""
    modes: tuple[str, ...] = DEFAULT_MODES
    avoid: tuple[str, ...] = ()
    k: int = DEFAULT_K
    most_in_common: float = DEFAULT_COMMON
    value_of_time: float | None = None
    value_of_carbon: float | None = None

    @property
    def asked(self) -> bool:
        """Whether anything was asked at all."""
        return not self.begun and any(self.given.get(name) for name in FIELDS if name not in REFINEMENTS)

    def fault(self, name: str) -> Fault | None:
        """Return the fault at a field."""
        return next((fault for fault in self.faults if fault.place.field == name), None)


def place_id(loaded: Loaded, word: str) -> str:
    """Return the id of a place or port that a visitor named by id or name; the word itself where there is none."""
    return loaded.region.place_id(word)


def question(loaded: Loaded, given: Mapping[str, str]) -> Question:
    """Return what was asked, with every fault of it.

    Parameters
    ----------
    loaded : Loaded
        The region in use.
    given : mapping
        The fields of the form or address, as `FIELDS` names them.
    """
    typed = {name: given.get(name, "").replace("\x00", "").strip()[:LONGEST_FIELD] for name in FIELDS}
    faults: list[Fault] = []
    origin, destination = (place_id(loaded, typed[name]) for name in ("origin", "destination"))
    countries = loaded.components.countries
    for name, place in (("origin", origin), ("destination", destination)):
        if not place:
            faults.append(Fault("route.missing_field", {}, Place(field=name)))
        elif place not in countries:
            faults.append(consignments.unknown_place(loaded.region, typed[name], name, countries))
    if origin and origin == destination and origin in countries:
        faults.append(Fault("route.same_place", {"place": typed["destination"]}, Place(field="destination")))
    commodities = loaded.components.commodities_by_id
    commodity = loaded.region.commodity_id(typed["commodity"])
    if not commodity:
        faults.append(Fault("route.missing_field", {}, Place(field="commodity")))
    elif commodity not in commodities:
        faults.append(consignments.unknown_commodity(loaded.region, typed["commodity"], commodities))
    amounts = _amounts(typed, faults)
    year, date = _when(loaded, typed, faults)
    by = typed["by"] or CRITERIA[0]
    if by not in CRITERIA:
        faults.append(consignments.unknown_criterion(by))
    via, avoid = _ports(loaded, typed, faults)
    modes = _modes(typed["modes"], faults)
    numbers = _numbers(typed, by, faults)
    if faults:
        named = [name for name in FIELDS if name in given]
        begun = named in (["origin"], ["destination"]) and place_id(loaded, typed[named[0]]) in countries
        return Question(typed, None, by, tuple(faults), begun)
    consignment = Consignment(origin, destination, commodity, year=year, date=date, **amounts)
    return Question(typed, consignment, by, (), False, via, modes, avoid, **numbers)


def _ports(loaded: Loaded, typed: Mapping[str, str], faults: list[Fault]) -> tuple[str, tuple[str, ...]]:
    """Return the only port and the ports to avoid as ids, noting those nobody knows."""
    known = loaded.components.ports_by_id
    words = [("via", typed["via"])] if typed["via"] else []
    words += [("avoid", word) for word in _words(typed["avoid"])]
    ids = [(field, word, place_id(loaded, word)) for field, word in words]
    faults += [
        consignments.unknown_place(loaded.region, word, field, known) for field, word, port in ids if port not in known
    ]
    via = next((port for field, _, port in ids if field == "via"), "")
    avoid = tuple(dict.fromkeys(port for field, _, port in ids if field == "avoid"))
    if via and via in avoid:
        faults.append(Fault("route.port_avoided", {"port": typed["via"]}, Place(field="avoid")))
    return via, avoid


def _numbers(typed: Mapping[str, str], by: str, faults: list[Fault]) -> dict[str, Any]:
    """Return the number of routes, the share in common and the weights, where they were given and can be."""
    found: dict[str, Any] = {}
    for name in ("k", "most_in_common", "value_of_time", "value_of_carbon"):
        if not typed[name]:
            continue
        number = _number(typed[name])
        if number is None or (name == "k" and number != int(number)):
            faults.append(Fault("route.bad_number", {"value": typed[name]}, Place(field=name)))
        else:
            found[name] = int(number) if name == "k" else number
    faults += choice_faults(found.get("k", DEFAULT_K), found.get("most_in_common", DEFAULT_COMMON))
    if by in CRITERIA:
        faults += weight_faults(by, found.get("value_of_time"), found.get("value_of_carbon"))
    return found


def _when(loaded: Loaded, typed: Mapping[str, str], faults: list[Fault]) -> tuple[int, datetime.date | None]:
    """Return year and day; a day alone decides the year."""
    if not typed["date"]:
        return _year(loaded, typed["year"], faults), None
    date = consignments.day_of(typed["date"])
    if date is None:
        faults.append(consignments.no_day(typed["date"]))
        return _year(loaded, typed["year"], faults), None
    year = _year(loaded, typed["year"] or str(date.year), faults, "year" if typed["year"] else "date")
    if date.year != year:
        faults.append(Fault("route.date_outside_year", {"date": typed["date"], "year": year}, Place(field="date")))
    return year, date


def _amounts(typed: Mapping[str, str], faults: list[Fault]) -> dict[str, float]:
    """Return tonnes or TEU, noting what is wrong: neither, both, no number, not above zero, out of all reason."""
    found: dict[str, float] = {}
    for name in ("tonnes", "teu"):
        if not typed[name]:
            continue
        number = _number(typed[name])
        if number is None:
            faults.append(Fault("route.bad_number", {"value": typed[name]}, Place(field=name)))
        elif not consignments.in_reason(name, number):
            faults.append(consignments.bad_amount(f"{name}={typed[name]}", name))
        found[name] = number or 0.0
    if not found:
        faults.append(Fault("route.missing_field", {}, Place(field="tonnes")))
    if len(found) > 1:
        both = f"tonnes={typed['tonnes']}, teu={typed['teu']}"
        faults.append(consignments.bad_amount(both, "teu"))
    return found


def _number(text: str) -> float | None:
    """Return a finite number written with digits and a point, thousands separated or not; else None.

    A comma or blank may only part groups of three digits: ``2,5`` is two and a half to some and twenty-five to none.
    """
    plain = text.strip().replace("，", ",")
    if _GROUPED.fullmatch(plain):
        plain = plain.replace(",", "").replace(" ", "")
    if not plain.isascii() or not any(mark.isdigit() for mark in plain) or "_" in plain:
        return None
    try:
        number = float(plain)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.replace("，", ",").replace("、", ",").split(",") if word.strip()]


def _modes(text: str, faults: list[Fault]) -> tuple[str, ...]:
    words = _words(text)
    try:
        chosen = check_modes(words) if words else DEFAULT_MODES
        return DEFAULT_MODES if set(chosen) == set(DEFAULT_MODES) else chosen
    except BridgeheadError as error:
        faults.extend(error.faults)
        return DEFAULT_MODES


def _year(loaded: Loaded, text: str, faults: list[Fault], field: str = "year") -> int:
    if not text:
        return loaded.region.settings.base_year
    number = _number(text)
    if number is None or number != int(number):
        faults.append(Fault("route.bad_number", {"value": text}, Place(field="year")))
        return loaded.region.settings.base_year
    first, last = loaded.components.horizon
    if not first <= number <= last:
        detail = {"year": int(number), "first": first, "last": last}
        faults.append(Fault("route.year_outside_data", detail, Place(field=field)))
    return int(number)


def query_of(consignment: Consignment, by: str = "", *, via: str = "", modes: tuple[str, ...] = DEFAULT_MODES) -> str:
    """Return the query string of a question."""
    values = {
        "origin": consignment.origin,
        "destination": consignment.destination,
        "commodity": consignment.commodity,
        "tonnes": "" if consignment.tonnes is None else f"{consignment.tonnes:g}",
        "teu": "" if consignment.teu is None else f"{consignment.teu:g}",
        "year": consignment.year if consignment.year and consignment.date is None else "",
        "date": "" if consignment.date is None else consignment.date.isoformat(),
        "by": by,
        "via": via,
        "modes": "" if modes == DEFAULT_MODES else ",".join(modes),
    }
    return urlencode({key: value for key, value in values.items() if value != ""})
