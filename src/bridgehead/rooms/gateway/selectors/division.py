"""The proposed division of work in words: markets, who leads, supports or leaves, and every reason with its numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from bridgehead.engines.flows import port_division as engine
from bridgehead.engines.flows.port_division import Assignment, Part, Reason, Rules
from bridgehead.ground import wording, words
from bridgehead.ground.kept import kept
from bridgehead.ground.language import language
from bridgehead.ground.region import Loaded
from bridgehead.rooms.gateway import prose
from bridgehead.rooms.gateway.selectors import names
from bridgehead.rooms.gateway.selectors.capacities import assumed
from bridgehead.rooms.gateway.selectors.port_roles import goods_words, roles

FIRST_MARKETS = 12
MOST_NAMED = 4
MARKS = {True: "✓", False: "–", None: "?"}


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """A reason in words, with a mark and the word that says the same: passed, not passed, not known.

    ``text`` is the whole sentence; ``short`` is the number alone and ``note`` what a table says below it.
    """

    test: str
    mark: str
    state: str
    text: str
    short: str
    note: str = ""

    @property
    def head(self) -> str:
        """The name of the test, as the column is headed."""
        return {
            engine.CARRIES: _("份额"),
            engine.SPECIALISED: _("区位商"),
            engine.CHEAPEST: _("最省的份额（模型）"),
            engine.HAS_ROOM: _("过境段用到"),
            engine.MODE_FITS: _("方式"),
        }[self.test]


@dataclass(frozen=True, slots=True)
class PartLine:
    """What a port does in a market, in words."""

    port: str
    name: str
    href: str
    role: str
    role_word: str
    tonnes: float
    share: float
    passed: int
    reasons: tuple[ReasonLine, ...]


@dataclass(frozen=True, slots=True)
class MarketLine:
    """A market with its proposal; ``weakness`` says what its data lack, ``notes`` tell of ties and of what is left."""

    assignment: Assignment
    name: str
    tonnes: float
    parts: tuple[PartLine, ...]
    notes: tuple[str, ...]
    weakness: str


def role_word(role: str) -> str:
    """Return the word of a role."""
    return {
        engine.LEADS: pgettext("port role", "牵头"),
        engine.SUPPORTS: pgettext("port role", "配合"),
        engine.LEAVES: pgettext("port role", "让出"),
    }[role]


@kept
def markets(loaded: Loaded) -> tuple[MarketLine, ...]:
    """Return the proposal for every market, the largest first."""
    return tuple(_market(loaded, one) for one in roles(loaded).assignments)


def _market(loaded: Loaded, one: Assignment) -> MarketLine:
    return MarketLine(
        assignment=one,
        name=goods_words(loaded, one.direction, one.commodity, one.partner),
        tonnes=one.tonnes,
        parts=tuple(_part(loaded, one, part) for part in one.parts),
        notes=tuple(_notes(loaded, one)),
        weakness=_weakness(one),
    )


def _notes(loaded: Loaded, one: Assignment) -> Iterable[str]:
    if one.tied:
        tied = prose.listed(names.distinct(loaded, port) for port in one.tied)
        yield _("与%(ports)s通过的项数一样，按货量定先后。") % {"ports": tied}
    if not one.leader:
        yield _("没有口岸够得上牵头。")
    if one.unserved_t:
        yield _("%(mass)s在模型里没有路可走。") % {"mass": prose.mass(one.unserved_t)}


def _weakness(one: Assignment) -> str:
    if not one.weak:
        return ""
    if not one.firm_share:
        return _("数据弱：没有按货物的报告，吨数来自需求表的假设。")
    share = wording.percent(one.firm_share, language())
    return _("数据弱：只有 %(share)s 的吨数有报告，其余来自需求表的假设。") % {"share": share}


def _part(loaded: Loaded, market: Assignment, part: Part) -> PartLine:
    return PartLine(
        port=part.port,
        name=names.distinct(loaded, part.port),
        href=names.href(part.port, loaded),
        role=part.role,
        role_word=role_word(part.role),
        tonnes=part.tonnes,
        share=part.share,
        passed=part.passed,
        reasons=tuple(_reason(loaded, market, part.port, reason) for reason in part.reasons),
    )


def _reason(loaded: Loaded, market: Assignment, port: str, reason: Reason) -> ReasonLine:
    state = {True: _("通过"), False: _("不通过"), None: _("不知道")}[reason.passed]
    code = language()
    if reason.test == engine.CARRIES:
        short, note = wording.percent(reason.value, code), ""
        text = _("承担这个市场的 %(share)s") % {"share": short}
    elif reason.test == engine.SPECIALISED:
        short, note = wording.number(reason.value, code, 2), ""
        text = _("区位商 %(value)s") % {"value": short}
    elif reason.test == engine.CHEAPEST:
        short, note, text = _cheapest(loaded, reason)
    elif reason.test == engine.HAS_ROOM:
        short, note, text = _room(loaded, reason, market.direction, port)
    else:
        short, note, text = _mode(reason)
    return ReasonLine(reason.test, MARKS[reason.passed], state, text, short, note)


def _cheapest(loaded: Loaded, reason: Reason) -> tuple[str, str, str]:
    if reason.value is None:
        return "", "", _("模型里没有这个市场的货，费用不知道")
    short = wording.percent(reason.value, language())
    if not reason.other or reason.gap_usd_per_t is None:
        return short, _("别的口岸走不了"), _("%(share)s 的货走这里最省（模型），别的口岸都走不了") % {"share": short}
    gap = wording.number(abs(reason.gap_usd_per_t), language(), 1)
    values = {"share": short, "other": names.distinct(loaded, reason.other), "gap": gap}
    if not reason.value:
        text = _("没有货走这里最省（模型），每吨比%(other)s平均贵 %(gap)s 美元")
    elif reason.gap_usd_per_t > 0:
        text = _("%(share)s 的货走这里接近最省（模型），每吨比%(other)s平均贵 %(gap)s 美元")
    else:
        text = _("%(share)s 的货走这里最省（模型），每吨比%(other)s平均省 %(gap)s 美元")
    note = _("比%(other)s贵 %(gap)s 美元/吨") if reason.gap_usd_per_t > 0 else _("比%(other)s省 %(gap)s 美元/吨")
    return short, note % values, text % values


def _room(loaded: Loaded, reason: Reason, direction: str, port: str) -> tuple[str, str, str]:
    if reason.value is None:
        return "", "", _("过境段能力或装载不知道")
    room = next(one for one in roles(loaded).rooms if (one.port, one.direction) == (port, direction))
    short = wording.percent(reason.value, language())
    if assumed(room.capacity_basis):
        return short, _("能力为等级假设"), _("过境段用到 %(share)s（能力为等级假设）") % {"share": short}
    return short, "", _("过境段用到 %(share)s") % {"share": short}


def _mode(reason: Reason) -> tuple[str, str, str]:
    short = prose.capital(words.word("mode", reason.other))
    said = {
        True: _("%(mode)s，合这种货"),
        False: _("%(mode)s；散货、液体和集装箱宜走铁路"),
        None: _("%(mode)s；货物的类别不知道"),
    }[reason.passed]
    return short, "", said % {"mode": short}


def _more(found: tuple[str, ...]) -> str:
    left = len(found) - MOST_NAMED
    return ngettext("另有 %(n)s 个", "另有 %(n)s 个", left) % {"n": left} if left > 0 else ""


@dataclass(frozen=True, slots=True)
class PortWork:
    """What the proposal gives a port: names of markets by role, the largest first, and tonnes it leads."""

    port: str
    name: str
    href: str
    leads: tuple[str, ...]
    supports: tuple[str, ...]
    leaves: tuple[str, ...]
    led_t: float

    @property
    def columns(self) -> tuple[tuple[str, str, str], ...]:
        """The three roles with the names of the largest markets and how many more there are, in words."""
        listed = ((engine.LEADS, self.leads), (engine.SUPPORTS, self.supports), (engine.LEAVES, self.leaves))
        return tuple((role_word(role), prose.goods(found[:MOST_NAMED]), _more(found)) for role, found in listed)


@kept
def by_port(loaded: Loaded) -> tuple[PortWork, ...]:
    """Return the proposal port by port, in the order of the profiles."""
    found = []
    for profile in roles(loaded).profiles:
        held: dict[str, list[MarketLine]] = {role: [] for role in engine.ROLES}
        for market in markets(loaded):
            for part in market.parts:
                if part.port == profile.port:
                    held[part.role].append(market)
        named = {role: tuple(market.name for market in listed) for role, listed in held.items()}
        found.append(
            PortWork(
                port=profile.port,
                name=names.distinct(loaded, profile.port),
                href=names.href(profile.port, loaded),
                leads=named[engine.LEADS],
                supports=named[engine.SUPPORTS],
                leaves=named[engine.LEAVES],
                led_t=sum(market.tonnes for market in held[engine.LEADS]),
            )
        )
    return tuple(found)


def work_of(loaded: Loaded, port: str) -> PortWork | None:
    """Return what the proposal gives one port, None where no freight of it is known."""
    return next((one for one in by_port(loaded) if one.port == port), None)


@kept
def work_words(loaded: Loaded, port: str) -> str:
    """Return the sentence on what the proposal gives a port."""
    work = work_of(loaded, port)
    if work is None:
        return ""
    values = {
        "lead": prose.listed(map(prose.inside, work.leads[:3])),
        "support": prose.listed(map(prose.inside, work.supports[:3])),
        "n": wording.number(len(work.leads), language()),
        "m": wording.number(len(work.supports), language()),
    }
    if work.leads:
        return _("按规则牵头 %(n)s 个市场，最大的：%(lead)s。") % values
    if work.supports:
        return _("按规则不牵头，配合 %(m)s 个市场，最大的：%(support)s。") % values
    return _("按规则不牵头，也没有要配合的市场。")


@kept
def rule_lines(loaded: Loaded) -> tuple[tuple[str, str], ...]:
    """Return the five tests with their thresholds: name and sentence."""
    rules: Rules = roles(loaded).rules
    code = language()
    values = {
        "carries": wording.percent(rules.carries_share, code),
        "quotient": wording.number(rules.quotient, code),
        "near": wording.percent(rules.near_cheapest, code),
        "cheap": wording.percent(rules.cheapest_share, code),
        "full": wording.percent(rules.full, code),
        "least": wording.percent(rules.support_share, code),
        "tests": wording.number(rules.support_tests, code),
    }
    return (
        (_("份额"), _("承担市场的 %(carries)s 以上") % values),
        (_("专长"), _("区位商不低于 %(quotient)s：这种货在口岸里的份额是它在全区的多少倍") % values),
        (_("费用"), _("对 %(cheap)s 以上的吨数最省，或比最省的贵不到 %(near)s") % values),
        (_("余地"), _("这个方向的过境段用到能力的 %(full)s 以下") % values),
        (_("方式"), _("散货、液体、集装箱走铁路；其他货铁路公路都行")),
        (
            _("定角色"),
            _("通过最多的牵头，须承担 %(least)s 以上；通过 %(tests)s 项并承担或最省 %(least)s 以上的配合；其余让出")
            % values,
        ),
    )
