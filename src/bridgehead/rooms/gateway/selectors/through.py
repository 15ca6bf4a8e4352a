"""Who uses a link or a port in the reference flows: the question, each direction by itself, the answer in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from bridgehead.engines.flows import through as engine
from bridgehead.engines.flows.through import PerTonne, Through, User
from bridgehead.engines.network.components import Link
from bridgehead.ground import wording, words
from bridgehead.ground.kept import kept
from bridgehead.ground.language import language, speak
from bridgehead.ground.region import Loaded
from bridgehead.kernel.errors import BridgeheadError, Fault, Place
from bridgehead.rooms.gateway import prose
from bridgehead.rooms.gateway.selectors import modelled, names

WHOLE_HOURS = 10.0
"""Hours from which a sentence leaves their decimals out."""
MOST_TOLD = 3
FEW = 0.005
"""Share of the same demand below which another port is not named in the sentence."""


@dataclass(frozen=True, slots=True)
class Question:
    """A link or a port; neither asks for nothing yet."""

    link: str = ""
    port: str = ""

    @property
    def asked(self) -> bool:
        """Whether anything is asked."""
        return bool(self.link or self.port)

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters of the address."""
        return {key: value for key, value in (("link", self.link), ("port", self.port)) if value}

    @property
    def query(self) -> str:
        """The parameters as they stand in an address."""
        return urlencode(self.parameters)


def address(*, link: str = "", port: str = "") -> str:
    """Return the address of the page for a link or a port."""
    return f"{reverse('gateway:select-link')}?{Question(link, port).query}"


def question_of(loaded: Loaded, given: Mapping[str, str]) -> Question:
    """Return the question in the parameters ``link`` and ``port`` of an address; an empty one counts as absent.

    Raises
    ------
    BridgeheadError
        ``gateway.unknown_link``, ``gateway.unknown_port``, and ``request.invalid_field`` where both are asked for.
    """
    link, port = given.get("link", "").strip(), given.get("port", "").strip()
    faults: list[Fault] = []
    if link and link not in loaded.components.links_by_id:
        faults.append(Fault("gateway.unknown_link", {"link": link[:100]}, Place(field="link")))
    if port and port not in names.index(loaded).ports:
        faults.append(Fault("gateway.unknown_port", {"port": port[:100]}, Place(field="port")))
    if link and port:
        reason = speak(language(), "线路和口岸只能问一个", "ask for a link or a port, not for both")
        faults.append(Fault("request.invalid_field", {"field": "port", "reason": reason}, Place(field="port")))
    if faults:
        raise BridgeheadError.of(faults)
    return Question(link, port)


@dataclass(frozen=True, slots=True)
class Side:
    """One direction: ``direction`` is import, export or empty; it runs from ``start`` to ``end``."""

    direction: str
    start: str
    end: str
    label: str
    found: Through
    wait_h: float | None

    @property
    def legs(self) -> tuple[tuple[str, PerTonne], ...]:
        """What a tonne takes on the way to the passage, at it, beyond it, and in handling, in words."""
        here = _("过境段") if self.direction else _("这一段")
        one = self.found
        return (
            (_("到这里之前"), one.before),
            (here, one.here),
            (_("这里之后"), one.after),
            (_("装卸、换装和通关"), one.handling),
        )


@dataclass(frozen=True)
class Answer:
    """Who uses a link or a port: the directions with freight, the larger first; ``name`` is what is asked for."""

    question: Question
    name: str
    href: str
    sides: tuple[Side, ...]

    @property
    def tonnes(self) -> float:
        """Both directions."""
        return sum(side.found.tonnes for side in self.sides)

    @property
    def steps(self) -> frozenset[engine.Passage]:
        """The links of the answer in their directions, the ones asked for left out."""
        return frozenset((one.link, one.origin, one.destination) for side in self.sides for one in side.found.links)


@kept
def answer(loaded: Loaded, question: Question) -> Answer:
    """Return who uses what is asked for; links without freight have no sides."""
    found = [side for side in _sides(loaded, question) if side.found.tonnes > 0.0]
    found.sort(key=lambda side: -side.found.tonnes)
    if question.port:
        return Answer(question, names.distinct(loaded, question.port), names.href(question.port, loaded), tuple(found))
    return Answer(question, link_name(loaded, loaded.components.links_by_id[question.link]), "", tuple(found))


def passages(loaded: Loaded, question: Question) -> dict[str, tuple[engine.Passage, ...]]:
    """Return the passages of each direction: import and export of a port, back and forth of a link."""
    if question.link:
        link = loaded.components.links_by_id[question.link]
        ways = ((link.origin, link.destination), (link.destination, link.origin))
        return {f"{a}>{b}": ((link.id, a, b),) for a, b in ways}
    found: dict[str, list[engine.Passage]] = {"import": [], "export": []}
    for link in modelled.border_links(loaded, question.port):
        other = link.destination if link.origin == question.port else link.origin
        found["import"].append((link.id, other, question.port))
        found["export"].append((link.id, question.port, other))
    return {key: tuple(listed) for key, listed in found.items()}


def _sides(loaded: Loaded, question: Question) -> Iterable[Side]:
    queued = waits(loaded)
    for key, listed in passages(loaded, question).items():
        if not listed:
            continue
        direction = key if question.port else ""
        start, end = listed[0][1:]
        label = words.word("direction", direction) if direction else course(loaded, start, end)
        known = [queued[link, origin] for link, origin, _end in listed if (link, origin) in queued]
        found = engine.through(modelled.paths(loaded), listed, queued)
        yield Side(direction, start, end, label, found, max(known) if known else None)


def waits(loaded: Loaded) -> Mapping[tuple[str, str], float]:
    """Return the hours in the queue of every link with a capacity, by link and the end its direction begins at."""

    def found() -> Mapping[tuple[str, str], float]:
        return {(queue.link, queue.origin): queue.wait_h for queue in loaded.freight.queues if queue.link}

    kept_here: Mapping[tuple[str, str], float] = loaded.remember("gateway.waits", found)
    return kept_here


def ends(loaded: Loaded, start: str, end: str) -> tuple[str, str]:
    """Return the short names of two ends; a port and the city it stands in by their whole names."""
    one, other = names.short(loaded, start), names.short(loaded, end)
    return (one, other) if one != other else (names.name(loaded, start), names.name(loaded, end))


def course(loaded: Loaded, start: str, end: str) -> str:
    """Return a direction as it is written: from → to."""
    return " → ".join(ends(loaded, start, end))


def link_name(loaded: Loaded, link: Link) -> str:
    """Return what a link is called: its ends and its mode."""
    one, other = ends(loaded, link.origin, link.destination)
    said = _("%(a)s – %(b)s %(mode)s") % {"a": one, "b": other, "mode": words.word("mode", link.mode)}
    return prose.tidy(said)


def users(found: Answer) -> list[User]:
    """Return the users of both directions, the largest first."""
    return sorted((user for side in found.sides for user in side.found.users), key=lambda user: -user.tonnes)


def statement(loaded: Loaded, found: Answer) -> str:
    """Return the answer in one sentence: how much passes, and whose it is in the first place."""
    told = {"name": found.name, "year": loaded.region.settings.base_year}
    listed = users(found)
    if not listed:
        return _("%(name)s：模型里 %(year)s 年没有货经过") % told
    most = listed[0]
    told |= {
        "tonnes": prose.mass(found.tonnes),
        "goods": prose.inside(names.name(loaded, most.commodity)),
        "a": names.short(loaded, most.origin),
        "b": names.short(loaded, most.destination),
        "share": wording.percent(most.tonnes / found.tonnes, language()),
    }
    said = _("%(name)s：模型里 %(year)s 年过货 %(tonnes)s，最大的一股是%(a)s到%(b)s的%(goods)s，占 %(share)s")
    return prose.tidy(said % told)


def lead(loaded: Loaded, found: Answer) -> list[str]:
    """Return the sentences below it: each direction, and which other ports take the same freight."""
    sides = [f"{side.label} {prose.mass(side.found.tonnes)}" for side in found.sides]
    said = [prose.capital(_("；").join(sides)) + _("。")] if sides else []
    waited = [side for side in found.sides if (side.wait_h or 0.0) >= modelled.WAITING_H]
    said += [
        _("%(way)s的车平均等 %(hours)s 小时。") % {"way": side.label, "hours": hours_words(side.wait_h or 0.0)}
        for side in waited
    ]
    others = alternatives(found)
    if others:
        parts = [
            f"{ports_words(loaded, ports)} {wording.percent(share, language())}" for ports, share in others[:MOST_TOLD]
        ]
        said.append(_("同样的货也走别处：%(list)s。") % {"list": prose.listed(parts)})
    elif sides:
        said.append(_("这些货不走别处。"))
    return [prose.tidy(one) for one in said]


def hours_words(hours: float) -> str:
    """Return hours as a sentence says them, with a decimal where they are few."""
    return wording.number(hours, language(), 0 if hours >= WHOLE_HOURS else 1)


def alternatives(found: Answer) -> list[tuple[tuple[str, ...], float]]:
    """Return the ports that take what the same demand rows do not send here, with their share of these rows."""
    sent = sum(user.sent_t for side in found.sides for user in side.found.users)
    sums: dict[tuple[str, ...], float] = {}
    for side in found.sides:
        for one in side.found.beside:
            sums[one.ports] = sums.get(one.ports, 0.0) + one.tonnes
    listed = sorted(sums.items(), key=lambda item: (-item[1], item[0]))
    return [(ports, tonnes / sent) for ports, tonnes in listed if tonnes >= FEW * sent]


def ports_words(loaded: Loaded, ports: Iterable[str]) -> str:
    """Return the ports of a way in words."""
    return prose.listed(names.distinct(loaded, port) for port in ports) or _("不过境")


@kept
def port_choices(loaded: Loaded) -> tuple[tuple[str, str], ...]:
    """Return the ports with freight in the model, the largest first, as choices of a form."""
    totals = sorted(loaded.flows.port_totals, key=lambda total: -total.modelled_t)
    return tuple((total.port, names.distinct(loaded, total.port)) for total in totals if total.modelled_t)


@kept
def link_choices(loaded: Loaded) -> tuple[tuple[str, str], ...]:
    """Return the links with freight by name, as choices of a form."""
    listed = [(use.link.id, link_name(loaded, use.link)) for use in modelled.link_uses(loaded).values()]
    return tuple(sorted(listed, key=lambda item: (item[1].casefold(), item[0])))
