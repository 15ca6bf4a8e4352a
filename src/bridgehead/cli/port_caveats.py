"""What is said of the results of a port before its tables: what they are, how sure, and why there may be none."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from bridgehead.cli.terminal import say

if TYPE_CHECKING:
    from bridgehead.engines.simulation.model import OpeningHours
    from bridgehead.engines.simulation.replications import Study

MINUTES_A_DAY = 1440.0


def caveats(study: Study, language: str, *, illustrative: bool) -> Iterator[str]:
    """Yield what is said before the tables: what the figures are, and whether they are as sure as was asked."""
    experiment = study.experiment
    days = (experiment.horizon_min - (experiment.warmup_min or 0.0)) / 1440.0
    if illustrative:
        yield say(
            "示意：有报道的参数不到三个，只说明这样的口岸怎样运转，不能据此配人。",
            "Illustrative: fewer than three figures are reported, so this only shows how such a port works; nobody"
            " should staff a port by it.",
            language,
        )
    yield say(
        f"模型结果，不是观测：{len(study.outcomes)} 次重复，每次计 {days:g} 天"
        f"（预热 {(experiment.warmup_min or 0) / 1440:g} 天），种子 {experiment.seed}；± 为 95% 区间的半宽。",
        f"Results of a model, no observation: {len(study.outcomes)} replications, {days:g} days counted in each"
        f" ({(experiment.warmup_min or 0) / 1440:g} days of warm-up), seed {experiment.seed};"
        " ± is half the 95 % interval.",
        language,
    )
    wanted = experiment.precision
    if wanted is not None and not study.precise:
        found = study.estimate(wanted.metric, node=wanted.node, unit_class=wanted.unit_class, q=wanted.q)
        reached = f"{found.relative:.2%}" if math.isfinite(found.relative) else "–"
        yield say(
            f"没有达到要求的精度：{len(study.outcomes)} 次重复后，平均停留的区间半宽是均值的 {reached}，"
            f"要求不超过 {wanted.relative:.2%}。可以仿真更多天。",
            f"The precision asked for was not reached: after {len(study.outcomes)} replications half the interval of"
            f" the mean stay is {reached} of it, not at most {wanted.relative:.2%}. Simulate more days.",
            language,
        )


def nobody_came(study: Study, language: str) -> str:
    """Return why there is nothing to count, and when the port opens if it was closed all the time."""
    model, experiment = study.compiled.model, study.experiment
    opens = [_opens(one, experiment.warmup_min or 0.0, experiment.horizon_min) for one in model.calendars]
    if not opens or min(opens) < experiment.horizon_min:
        return say("计数的天数里没有单位到达。", "Nobody came in the days that were counted.", language)
    first = min(opens)
    if math.isinf(first):
        return say("计数的天数里口岸一直关闭。", "The port was closed on all the days that were counted.", language)
    day = int(first // MINUTES_A_DAY)
    on = f"{model.start + timedelta(days=day)}" if model.start else ""
    return say(
        f"计数的天数里口岸一直关闭，第 {day + 1} 天{f'（{on}）' if on else ''}才开放。用 --days 仿真更多天。",
        f"The port was closed on all the days that were counted and opens on day {day + 1}{f' ({on})' if on else ''}."
        " Simulate more with --days.",
        language,
    )


def _opens(calendar: OpeningHours, begin_min: float, end_min: float) -> float:
    """Return the first minute from a beginning on at which a calendar is open, infinite if not within two years."""
    from bridgehead.engines.simulation.timelines import open_intervals

    until = end_min + 2 * 366 * MINUTES_A_DAY
    return next((max(a, begin_min) for a, b in open_intervals(calendar, until) if b > begin_min), math.inf)
