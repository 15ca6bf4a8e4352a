"""The question of a route: what a visitor typed, with every fault of it at once."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from bridgehead.engines.network.routes import Consignment
from bridgehead.engines.network.virtual import DEFAULT_MODES, check_modes
from bridgehead.ground import consignments
from bridgehead.ground.consignments import CRITERIA
from bridgehead.ground.region import Loaded
from bridgehead.kernel.errors import BridgeheadError, Fault, Place

FIELDS = ("origin", "destination", "commodity", "tonnes", "teu", "year", "by", "via", "modes")
REFINEMENTS = ("by", "year", "via", "modes")
LONGEST_FIELD = 120
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:(?:,\d{3})+|(?: \d{3})+)(?:\.\d*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Question:
    """What a visitor asks: the fields as they were typed, and the consignment where they make one.

    ``given`` keeps every field for the form; ``faults`` are all faults at once, each at its field. ``begun`` says that
    an address only names one end, as a link from the page of a port or place does: a form to fill in, not a question.
    ``via`` is the only port where the home border may be crossed, empty for any; ``modes`` are the modes to use.
    """

    given: Mapping[str, str]
    consignment: Consignment | None
    by: str
    faults: tuple[Fault, ...]
    begun: bool = False
    via: str = ""
    modes: tuple[str, ...] = DEFAULT_MODES

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
        The fields of the form or address: origin, destination, commodity, tonnes or teu, year, by, via, modes.
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
    year = _year(loaded, typed["year"], faults)
    by = typed["by"] or CRITERIA[0]
    if by not in CRITERIA:
        faults.append(consignments.unknown_criterion(by))
    via = place_id(loaded, typed["via"])
    if via and via not in loaded.components.ports_by_id:
        faults.append(consignments.unknown_place(loaded.region, typed["via"], "via", loaded.components.ports_by_id))
    modes = _modes(typed["modes"], faults)
    if faults:
        named = [name for name in FIELDS if name in given]
        begun = named in (["origin"], ["destination"]) and place_id(loaded, typed[named[0]]) in countries
        return Question(typed, None, by, tuple(faults), begun)
    consignment = Consignment(origin, destination, commodity, year=year, **amounts)
    return Question(typed, consignment, by, (), via=via, modes=modes)


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


def _modes(text: str, faults: list[Fault]) -> tuple[str, ...]:
    words = [word.strip() for word in text.replace("，", ",").split(",") if word.strip()]
    try:
        return check_modes(words) if words else DEFAULT_MODES
    except BridgeheadError as error:
        faults.extend(error.faults)
        return DEFAULT_MODES


def _year(loaded: Loaded, text: str, faults: list[Fault]) -> int:
    if not text:
        return loaded.region.settings.base_year
    number = _number(text)
    if number is None or number != int(number):
        faults.append(Fault("route.bad_number", {"value": text}, Place(field="year")))
        return loaded.region.settings.base_year
    first, last = loaded.components.horizon
    if not first <= number <= last:
        faults.append(Fault("route.year_outside_data", {"year": int(number), "first": first, "last": last},
                            Place(field="year")))  # fmt: skip
    return int(number)


def query_of(consignment: Consignment, by: str = "", *, via: str = "", modes: tuple[str, ...] = DEFAULT_MODES) -> str:
    """Return the query string of a question."""
    values = {
        "origin": consignment.origin,
        "destination": consignment.destination,
        "commodity": consignment.commodity,
        "tonnes": "" if consignment.tonnes is None else f"{consignment.tonnes:g}",
        "teu": "" if consignment.teu is None else f"{consignment.teu:g}",
        "year": consignment.year or "",
        "by": by,
        "via": via,
        "modes": "" if modes == DEFAULT_MODES else ",".join(modes),
    }
    return urlencode({key: value for key, value in values.items() if value != ""})
