"""What a scenario changes, in words and figures: every sentence is computed from the comparison it speaks of."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bridgehead.engines.flows.reopening import Waited
from bridgehead.engines.flows.scenario_comparison import DEMAND, Comparison, Move, Ports, QueueChange
from bridgehead.engines.flows.scenario_runs import UNSENT
from bridgehead.engines.network.parameters import ParameterBook
from bridgehead.ground import wording, words
from bridgehead.ground.language import language, speak
from bridgehead.ground.region import Loaded
from bridgehead.rooms.gateway import prose
from bridgehead.rooms.gateway.selectors import names
from bridgehead.rooms.gateway.selectors.scenario_comparison import Column, district_name

FEW = 1e-3
"""Share of all freight below which hardly any of it moves."""
SOME_HOURS = 0.5
WHOLE_HOURS = 10.0
FELT = 0.05
"""Share of the largest change of any league or city below which one is not named."""
MOST_NAMED = 2
LONGEST_CLEARING = 365.0
"""Days after which a backlog counts as never gone."""
AT_ONCE = 0.05
"""Days that would be told as none."""
_YI, _WAN, _MILLION = 1e8, 1e4, 1e6


def usd(value: float) -> str:
    """Return an amount of money: 1.29 亿美元, 739 万美元; USD 129 million."""
    if language() == "en":
        return f"USD\u00a0{wording.number(value / _MILLION, 'en')}\u00a0million"
    if abs(value) >= _YI:
        return f"{wording.number(value / _YI, 'zh')} 亿美元"
    return f"{wording.number(value / _WAN, 'zh')} 万美元"


def signed(value: float, digits: int | None = None) -> str:
    """Return a change with its sign; a change that rounds to nothing has none."""
    said = wording.number(abs(value), language(), digits)
    if float(said.replace(",", "") or 0) == 0.0:
        return said
    return f"{'+' if value > 0 else '−'}{said}"


def signed_mass(value_t: float) -> str:
    """Return a change in tonnes with its sign."""
    return f"{'+' if value_t > 0 else '−'}{prose.mass(abs(value_t))}" if value_t else prose.mass(0.0)


def ports_name(loaded: Loaded, ports: Ports) -> str:
    """Return the ports a flow crosses the border at, or what stands in their place."""
    if ports == UNSENT:
        return _("不运")
    if ports == DEMAND:
        return _("没有这些货")
    return " – ".join(names.distinct(loaded, port) for port in ports) or _("不经本地区口岸")


def move_words(loaded: Loaded, move: Move) -> str:
    """Return one move as a sentence says it."""
    told = {"goods": prose.inside(names.name(loaded, move.commodity)), "tonnes": prose.mass(move.tonnes)}
    before, after = (ports_name(loaded, ports) for ports in (move.before, move.after))
    if move.after == DEMAND:
        return _("%(port)s少了%(goods)s %(tonnes)s") % (told | {"port": before})
    if move.before == DEMAND:
        return _("%(port)s多了%(goods)s %(tonnes)s") % (told | {"port": after})
    if move.after == UNSENT:
        return _("原走%(port)s的%(goods)s %(tonnes)s 不运了") % (told | {"port": before})
    if move.before == UNSENT:
        return _("原来不运的%(goods)s %(tonnes)s 走%(port)s") % (told | {"port": after})
    return _("%(goods)s %(tonnes)s 从%(before)s改走%(after)s") % (told | {"before": before, "after": after})


def queue_name(loaded: Loaded, queue: QueueChange) -> str:
    """Return where a queue stands: a stretch in one direction, or a change of gauge."""
    if queue.place:
        return _("%(place)s换轨") % {"place": names.distinct(loaded, queue.place)}
    ends = " → ".join(names.distinct(loaded, end) for end in (queue.origin, queue.destination))
    link = loaded.components.links_by_id.get(queue.link)
    mode = link.mode if link else queue.link.rpartition("--")[2]
    return _("%(what)s（%(mode)s）") % {"what": ends, "mode": words.word("mode", mode)}


def supposed(loaded: Loaded, found: Comparison) -> tuple[str, ...]:
    """Return what a comparison supposes of closed days and of ports that a scenario opens."""
    return tuple(filter(None, (_how_freight_waits(found), _opened_ports(loaded, found))))


def _how_freight_waits(found: Comparison) -> str:
    if found.whole_year:
        return ""
    return _(
        "关闭期间的货可以等重开，也可以改道：等的平均时间是剩余天数加积压先到先过的时间，按货的时间价值计，不含堆存费；"
        "等的货仍算在原口岸；重开以后才来的货也要排在积压后面，这部分费用没有计入。"
    )


def _opened_ports(loaded: Loaded, found: Comparison) -> str:
    """Return what is supposed of ports that a scenario opens: no report tells what speaks for or against them."""
    book = ParameterBook(loaded.components.parameters)
    modes = {port.id: port.mode for port in loaded.components.ports}
    opened = [one.name for one in found.ports if one.amount.base == 0.0 < one.amount.scenario]
    said = [
        f"{names.distinct(loaded, port)} {signed(book.find('choice_constant', mode=modes[port], places=(port,)).value)}"
        for port in sorted(opened)
    ]
    if not said:
        return ""
    return _(
        "方案新开的口岸没有报告可标定，除费用以外的偏好取同一地点口岸的常数，美元/吨：%(ports)s（负数是有利）；"
        "货量对它很敏感，可在方案里改参数再看。"
    ) % {"ports": prose.listed(said)}


def wait_words(loaded: Loaded, one: Waited) -> str:
    """Return what waits for a closed link and when its backlog is gone, as a sentence says it."""
    told = {
        "tonnes": prose.mass(one.tonnes),
        "where": " → ".join(names.distinct(loaded, end) for end in (one.origin, one.destination)),
        "days": wording.number(one.days, language(), 1),
        "clearing": wording.number(one.clearing_days, language(), 1),
    }
    if one.clearing_days > LONGEST_CLEARING:
        return _("%(tonnes)s 在%(where)s，平均 %(days)s 天，平时留下的能力一年也清不完积压") % told
    if one.clearing_days < AT_ONCE:
        return _("%(tonnes)s 在%(where)s，平均 %(days)s 天，重开后随即清完积压") % told
    return _("%(tonnes)s 在%(where)s，平均 %(days)s 天，重开后 %(clearing)s 天清完积压") % told


def days_words(found: Comparison) -> str:
    """Return the time a comparison speaks of."""
    if found.whole_year:
        return _("一年")
    return ngettext("%(n)s 天", "%(n)s 天", found.days) % {"n": found.days}


def findings(loaded: Loaded, found: Comparison) -> tuple[str, str]:
    """Return two sentences on a scenario: what moves, and what it costs whom and where vehicles wait."""
    return _what_moves(loaded, found), _what_it_costs(loaded, found)


def _what_moves(loaded: Loaded, found: Comparison) -> str:
    demand, said = found.sums.demand_t, []
    if demand.told:
        most = prose.listed(
            _("%(port)s %(tonnes)s")
            % {"port": names.distinct(loaded, one.name), "tonnes": signed_mass(one.amount.change)}
            for one in found.ports[:MOST_NAMED]
        )
        told = {"tonnes": prose.mass(abs(demand.change)), "ports": most}
        less = _("要运的货少 %(tonnes)s，口岸里变化最大的是%(ports)s")
        said.append((less if demand.change < 0 else _("要运的货多 %(tonnes)s，口岸里变化最大的是%(ports)s")) % told)
    if found.rerouted_t > FEW * max(demand.base, demand.scenario):
        most = _("；").join(move_words(loaded, one) for one in _largest(found.moves))
        said.append(
            _("%(tonnes)s 改走别的口岸，最多的是%(moves)s") % {"tonnes": prose.mass(found.rerouted_t), "moves": most}
        )
    elif not demand.told:
        said.append(_("几乎没有货改走别的口岸，一共 %(tonnes)s") % {"tonnes": prose.mass(found.rerouted_t)})
    if found.waited_t > FEW * max(demand.base, demand.scenario):
        told = {"tonnes": prose.mass(found.waited_t), "most": wait_words(loaded, found.waited[0])}
        said.append(_("%(tonnes)s 等重开再走，最多的是 %(most)s") % told)
    left = found.sums.unsent_t.change
    if abs(left) > FEW * demand.base:
        said.append(_("不运的货变化 %(tonnes)s") % {"tonnes": signed_mass(left)})
    return _stop(_("；").join(said))


def _largest(moves: Sequence[Move]) -> list[Move]:
    return [one for one in moves if not {UNSENT, DEMAND} & {one.before, one.after}][:MOST_NAMED]


def _what_it_costs(loaded: Loaded, found: Comparison) -> str:
    cost = found.sums.perceived_usd
    told = {"usd": usd(abs(cost.change)), "days": days_words(found)}
    said = [
        (_("货主 %(days)s省 %(usd)s") if cost.change < 0 else _("货主 %(days)s多花 %(usd)s")) % told
        if cost.told
        else _("货主的费用几乎不变（%(days)s相差 %(usd)s）") % told
    ]
    for verdict, sentence in (("gains", _("得利最多的是%(list)s")), ("loses", _("受损最多的是%(list)s"))):
        largest = max(abs(one.perceived_usd.change) for one in found.districts) if found.districts else 0.0
        touched = [
            one for one in found.districts if one.shippers == verdict and abs(one.perceived_usd.change) > FELT * largest
        ][:MOST_NAMED]
        if touched:
            listed = prose.listed(district_name(loaded, one.district) for one in touched)
            said.append(sentence % {"list": listed})
    queue = queue_told(found)
    if queue is not None:
        hours = {
            "queue": queue_name(loaded, queue),
            "before": _hours(queue.wait_h.base),
            "after": _hours(queue.wait_h.scenario),
        }
        if abs(queue.wait_h.change) > SOME_HOURS:
            said.append(_("排队变化最大的是%(queue)s，从 %(before)s变为 %(after)s") % hours)
        else:
            said.append(_("排队最久的仍是%(queue)s，%(after)s") % hours)
    return _stop(_("；").join(said))


def queue_told(found: Comparison) -> QueueChange | None:
    """Return the queue worth a sentence: the one whose wait changes most, else the longest."""
    used = [one for one in found.queues if one.share.scenario > 0.0]
    if not used:
        return None
    most = max(used, key=lambda one: abs(one.wait_h.change))
    return most if abs(most.wait_h.change) > SOME_HOURS else max(used, key=lambda one: one.wait_h.scenario)


def _hours(value: float) -> str:
    number = wording.number(value, language(), 0 if value >= WHOLE_HOURS else 1)
    return f"{number} {speak(language(), '小时', 'h')}"


def _stop(sentence: str) -> str:
    return prose.tidy(prose.capital(sentence)) + ("。" if language() == "zh" else ".")


def headline(columns: Sequence[Column]) -> str:
    """Return the answer in one sentence: which scenario saves shippers most, and which costs them most.

    Scenarios that ask for other freight than the base are left out, and it says so, where there are others.
    """
    changed = [one for one in columns if one.found.sums.perceived_usd.told]
    if not changed:
        return _("这些方案都几乎不改变货主的费用")
    if len(columns) == 1:
        less = changed[0].found.sums.perceived_usd.change < 0.0
        said = _("“%(name)s”让货主少花 %(usd)s（%(days)s）") if less else _("“%(name)s”让货主多花 %(usd)s（%(days)s）")
        return prose.tidy(prose.capital(said % _named(changed[0])))
    same = [one for one in changed if not one.found.sums.demand_t.told]
    told = same or changed
    listed = []
    best = min(told, key=lambda one: one.found.sums.perceived_usd.change)
    worst = max(told, key=lambda one: one.found.sums.perceived_usd.change)
    if best.found.sums.perceived_usd.change < 0.0:
        listed.append(_("“%(name)s”让货主省得最多，%(days)s %(usd)s") % _named(best))
    if worst.found.sums.perceived_usd.change > 0.0:
        listed.append(_("“%(name)s”让货主花得最多，%(days)s %(usd)s") % _named(worst))
    said = _("；").join(listed)
    said = _("需求不变的方案里，%(said)s") % {"said": said} if len(told) < len(changed) else said
    return prose.tidy(prose.capital(said))


def _named(one: Column) -> dict[str, str]:
    change = one.found.sums.perceived_usd.change
    return {"name": one.seen.line.title, "days": days_words(one.found), "usd": usd(abs(change))}
