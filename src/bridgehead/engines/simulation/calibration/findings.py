"""What was read from a log as figures with intervals, and as remarks a reader must know."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from bridgehead.engines.simulation.calibration.arrival_profiles import FEWEST_EXPECTED, HOURS
from bridgehead.engines.simulation.calibration.estimates import Estimate, wilson
from bridgehead.engines.simulation.calibration.evidence import ALL, Evidence, FoundArrivals
from bridgehead.engines.simulation.calibration.priorities import FEWEST_CHOICES, NEVER, STRICT
from bridgehead.engines.simulation.calibration.service_fits import FEWEST
from bridgehead.kernel.errors import Fault, Place

_DAY_MIN = 1440
KEPT_SHARE = 0.05
"""Units keep to open days where so few of those expected on closed ones come."""


def all_estimates(evidence: Evidence) -> tuple[Estimate, ...]:
    """Return every figure with its interval."""
    return (
        *_service_estimates(evidence),
        *_server_estimates(evidence),
        *_hour_estimates(evidence),
        *_arrival_estimates(evidence),
        *evidence.routing.shares,
        *evidence.routing.visits,
        *evidence.routing.loops,
        *_overtaking_estimates(evidence),
        *_unserved_estimates(evidence),
    )


def _service_estimates(evidence: Evidence) -> Iterator[Estimate]:
    for activity, found in zip(evidence.log.activities, evidence.fits, strict=True):
        for kind, fitted in found.fits.items():
            name = "" if kind == ALL else kind
            bounds = fitted.mean_min, fitted.low_min, fitted.high_min
            family = fitted.distribution.kind
            yield Estimate(
                "service_mean", *bounds, fitted.n, "min", activity, name, p_value=fitted.p_value, method=family
            )
            total = fitted.n + fitted.n_cut
            share = fitted.n_cut / total if total else math.nan
            yield Estimate("services_cut", share, *wilson(fitted.n_cut, total), total, "", activity, name)


def _server_estimates(evidence: Evidence) -> Iterator[Estimate]:
    for place, (activity, found) in enumerate(zip(evidence.log.activities, evidence.servers, strict=True)):
        # No fewer can have been at work; how many more stood by nobody knows where nobody waited.
        high = float(found.servers) if found.sure else math.inf
        n = int(evidence.services.of(place).size)
        yield Estimate("servers", float(found.servers), float(found.servers), high, n, "servers", activity)


def _hour_estimates(evidence: Evidence) -> Iterator[Estimate]:
    for place, (activity, hours) in enumerate(zip(evidence.log.activities, evidence.services.hours, strict=True)):
        n = int(evidence.services.of(place).size)
        for gap in (gap for gaps in hours.gaps.values() for gap in gaps if gap.decided):
            for name, value, bounds in (
                ("closes", gap.closes_min, gap.close_between),
                ("opens", gap.opens_min, gap.open_between),
            ):
                low, high = (value + _around(bound - value) for bound in bounds)
                yield Estimate(name, value, low, high, n, "min", activity, p_value=gap.p_value, method=gap.basis)


def _around(minutes: float) -> float:
    """Return a difference of times of the day as the shorter way around the clock."""
    return (minutes + _DAY_MIN / 2) % _DAY_MIN - _DAY_MIN / 2


def _arrival_estimates(evidence: Evidence) -> Iterator[Estimate]:
    for found in evidence.arrivals:
        profile = found.profile
        seen = float(profile.exposure_min.sum())
        weights = profile.exposure_min / seen if seen else profile.exposure_min
        n = int(profile.times_min.size)
        where = found.activity, found.unit_class
        total = float((profile.rate * weights).sum()) * _DAY_MIN
        half = total * 1.96 * math.sqrt(max(profile.spread, 1.0) / n) if n else math.nan
        yield Estimate(
            "arrivals_per_day", total, total - half, total + half, n, "/d", *where, p_value=profile.weekday_p
        )
        yield Estimate("arrival_spread", profile.spread, math.nan, math.nan, n, "", *where, p_value=profile.spread_p)
        for group, kinds in enumerate(profile.groups):
            days = "" if len(profile.groups) == 1 else "/".join(str(kind + 1) for kind in kinds)
            for hour in range(HOURS):
                if profile.exposure_min[group, hour] <= 0:
                    continue
                value, low, high = (float(x[group, hour]) * 60.0 for x in (profile.rate, profile.low, profile.high))
                count = round(float(profile.rate[group, hour] * profile.exposure_min[group, hour]))
                to = f"{hour:02d}:00" + (f" {days}" if days else "")
                yield Estimate("arrival_rate", value, low, high, count, "/h", *where, to, profile.hour_p)


def _overtaking_estimates(evidence: Evidence) -> Iterator[Estimate]:
    classes = evidence.log.classes
    for activity, pairs in zip(evidence.log.activities, evidence.overtakings, strict=True):
        for one in pairs:
            yield Estimate(
                "overtakes",
                one.share,
                *one.interval,
                one.choices,
                "",
                activity,
                classes[one.ahead],
                classes[one.behind],
            )


def _unserved_estimates(evidence: Evidence) -> Iterator[Estimate]:
    for activity, found in zip(evidence.log.activities, evidence.unserved, strict=True):
        if found.gone:
            share = found.gone / found.came
            yield Estimate("unserved", share, *wilson(found.gone, found.came), found.came, "", activity)


def all_findings(evidence: Evidence) -> tuple[Fault, ...]:
    """Return what a reader must know, as warnings."""
    return (
        *evidence.log.warnings,
        *_on_hours(evidence),
        *_on_routes(evidence),
        *_on_services(evidence),
        *_on_servers(evidence),
        *_on_arrivals(evidence),
        *_on_unserved(evidence),
        *_on_priority(evidence),
    )


def _finding(evidence: Evidence, code: str, **parameters: object) -> Fault:
    return Fault(code, parameters, Place(file=evidence.log.file), "warning")


def _on_hours(evidence: Evidence) -> Iterator[Fault]:
    for activity, hours in zip(evidence.log.activities, evidence.services.hours, strict=True):
        if hours.emptied:
            late = [gap for gaps in hours.gaps.values() for gap in gaps if gap.decided and gap.overtime]
            told = {
                "activity": activity,
                "begin": _clock(late[0].closes_min),
                "count": sum(gap.overtime for gap in late),
            }
            yield _finding(evidence, "port_log.emptied_at_closing", **told)
        for gap in (gap for gaps in hours.gaps.values() for gap in gaps):
            times = {"activity": activity, "begin": _clock(gap.closes_min), "end": _clock(gap.opens_min)}
            if gap.basis == "no_demand":
                yield _finding(evidence, "port_log.hours_undecided", **times)
            elif gap.decided and gap.strays and not hours.emptied:
                yield _finding(evidence, "port_log.starts_while_closed", count=gap.strays, **times)


def _clock(minutes: float) -> str:
    return f"{int(minutes // 60):02d}:{int(minutes % 60):02d}"


def _on_routes(evidence: Evidence) -> Iterator[Fault]:
    for activity in evidence.routing.by_visit:
        yield _finding(evidence, "port_log.routes_by_visit", activity=activity)


def _on_services(evidence: Evidence) -> Iterator[Fault]:
    for place, (activity, found) in enumerate(zip(evidence.log.activities, evidence.fits, strict=True)):
        closing = evidence.services.closing[place]
        if closing.cuts:
            fitted = found.fits[ALL]
            yield _finding(
                evidence,
                "port_log.cut_at_closing",
                activity=activity,
                count=closing.cut,
                naive=_short(fitted.naive_mean_min),
                mean=_short(fitted.mean_min),
            )
        for kind, fitted in found.fits.items():
            if not found.pooled and kind == ALL:
                continue
            named = {"activity": activity, "unit_class": kind}
            if fitted.n < FEWEST:
                yield _finding(evidence, "port_log.few_services", count=fitted.n, **named)
            elif fitted.rejected:
                shown = {"family": fitted.rejected, "distance": _short(fitted.distance)}
                yield _finding(evidence, "port_log.no_family_fits", **shown, **named)


def _on_servers(evidence: Evidence) -> Iterator[Fault]:
    for activity, found in zip(evidence.log.activities, evidence.servers, strict=True):
        if math.isnan(found.all_busy_share):
            yield _finding(evidence, "port_log.servers_at_least", activity=activity, servers=found.servers)
        elif not found.sure:
            share = round(100.0 * found.all_busy_share)
            yield _finding(evidence, "port_log.servers_vary", activity=activity, servers=found.servers, percent=share)


def _on_arrivals(evidence: Evidence) -> Iterator[Fault]:
    if any(found.from_starts for found in evidence.arrivals):
        yield _finding(evidence, "port_log.no_arrivals")
    for found in evidence.arrivals:
        profile = found.profile
        named = {"activity": found.activity, "unit_class": found.unit_class}
        if profile.batches:
            mean = _short(float(np.mean(profile.batches)))
            yield _finding(evidence, "port_log.batches", mean=mean, count=len(profile.batches), **named)
        if profile.in_open_hours:
            yield _finding(evidence, "port_log.come_while_open", **named)
        if found.unit_class not in evidence.booked and _keeps_to_open_days(evidence, found):
            yield _finding(evidence, "port_log.come_on_open_days", **named)
        if not profile.poisson and found.unit_class not in evidence.booked:
            code = "port_log.arrivals_bunched" if profile.spread > 1.0 else "port_log.arrivals_regular"
            yield _finding(evidence, code, spread=_short(profile.spread), **named)


def _keeps_to_open_days(evidence: Evidence, found: FoundArrivals) -> bool:
    """Say whether units come on open days only to an activity that turns nobody away on closed ones."""
    if evidence.turns_away(found.activity):
        return False
    closures = evidence.services.hours[evidence.log.activities.index(found.activity)].closures
    dated = [closure.day for closure in closures if not closure.weekly]
    day = found.profile.times_min // _DAY_MIN
    came, others = int(np.isin(day, dated).sum()), np.unique(day[~np.isin(day, dated)]).size
    expected = (day.size - came) / max(others, 1) * len(dated)
    return expected >= FEWEST_EXPECTED and came < KEPT_SHARE * expected


def _on_unserved(evidence: Evidence) -> Iterator[Fault]:
    for activity, found in zip(evidence.log.activities, evidence.unserved, strict=True):
        by_rule = found.while_open if found.turned_away else found.gone
        told: list[tuple[str, int, dict[str, float]]] = []
        if found.turned_away:
            told.append(("port_log.turned_away", found.while_closed, {}))
        if found.balking:
            rule = {"length": found.balking.at, "share": _short(100.0 * found.balking.probability)}
            told.append(("port_log.turned_back", by_rule, rule))
        elif found.patience:
            told.append(("port_log.gave_up", by_rule, {"mean": _short(found.patience.numbers[0])}))
        elif by_rule:
            told.append(("port_log.never_served", by_rule, {}))
        for code, count, more in told:
            percent = _short(100.0 * count / found.came)
            yield _finding(evidence, code, activity=activity, count=count, percent=percent, came=found.came, **more)


def _on_priority(evidence: Evidence) -> Iterator[Fault]:
    classes = evidence.log.classes
    for activity, pairs in zip(evidence.log.activities, evidence.overtakings, strict=True):
        for one in pairs:
            if one.choices < FEWEST_CHOICES or one.share <= NEVER:
                continue
            code = "port_log.priority" if one.share >= STRICT else "port_log.partly_first"
            yield _finding(
                evidence,
                code,
                activity=activity,
                ahead=classes[one.ahead],
                behind=classes[one.behind],
                percent=round(100.0 * one.share),
                choices=one.choices,
            )


def _short(value: float) -> float:
    return float(f"{value:.4g}") if math.isfinite(value) else value
