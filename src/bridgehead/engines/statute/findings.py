"""Subjects of a sentence and what each is found to owe; at most one duty for each of them and each modality."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from bridgehead.engines.statute.model import Modality
from bridgehead.engines.statute.rules import word_list

Name = tuple[str, int, int]
"""Name of an actor, and where it begins and ends in the sentence."""

_MUST = Modality.MUST
_MAY = Modality.MAY
_PLAIN = Modality.DECLARATIVE
_FAVOURS = (Modality.ENCOURAGE, Modality.SUPPORT, _PLAIN)

_WAYS, _MEANS = word_list("way"), word_list("means")


@dataclass(slots=True)
class Group:
    """A subject and what it has been found to owe in this sentence.

    Parameters
    ----------
    names : list of Name
        Who; empty for a thing, an activity, or nobody.
    polity : bool
        Whether it is a place acting as an institution: what it plainly does is a statement, never a condition.
    """

    names: list[Name]
    open_list: bool = False
    polity: bool = False
    private: bool = False
    found: dict[Modality, Found] = field(default_factory=dict)

    @property
    def named(self) -> bool:
        """Whether somebody is named."""
        return bool(self.names)

    @property
    def must(self) -> bool:
        """Whether 应当 binds it, which takes in what it plainly does or supports after that."""
        return _MUST in self.found

    def home(self, modality: Modality) -> Found | None:
        """Return the duty that what is found next is part of, None where it is a duty of its own."""
        if not self.found:
            return None
        if modality in self.found:
            return self.found[modality]
        if modality in _FAVOURS and _MUST in self.found:
            return self.found[_MUST]
        return self.last if modality is _PLAIN else None

    @property
    def last(self) -> Found | None:
        """The duty found last."""
        return next(reversed(self.found.values())) if self.found else None


@dataclass(slots=True)
class Found:
    """A duty with its places in the sentence.

    Parameters
    ----------
    more : list of (int, int, int)
        Its parts once it has several: where each begins, where what is to be done begins in it, where it ends.
    """

    modality: Modality
    group: Group
    word: str
    start: int
    action: int
    end: int
    co_actors: list[Name] = field(default_factory=list)
    inherited: bool = False
    direct: bool = False
    activity: bool = False
    more: list[tuple[int, int, int]] | None = None

    @property
    def parts(self) -> list[tuple[int, int, int]]:
        """Its parts, one or several."""
        return self.more or [(min(self.start, self.action), self.action, self.end)]

    def take(self, other: Found) -> None:
        """Take in what is part of this duty."""
        if self.more is None:
            self.more = self.parts
        self.more += other.parts
        self.end = max(self.end, other.end)
        if other.co_actors:
            known = {name for name, _, _ in self.co_actors}
            self.co_actors.extend([name for name in other.co_actors if name[0] not in known])

    def go_on(self, part: tuple[int, int, int]) -> None:
        """Take a further part in."""
        if self.more is None:
            self.more = self.parts
        self.more.append(part)
        self.end = max(self.end, part[2])

    def reach(self, start: int, end: int) -> None:
        """Go on over a clause that belongs to this duty."""
        if self.more is None:
            self.more = self.parts
        self.more.append((start, start, end))
        self.end = end


@dataclass(slots=True)
class Findings:
    """What is found in one sentence, and the plain statement that is not settled yet.

    A plain clause before 应当 may be its condition (编制规划，应当…), so it waits for what follows.
    """

    duties: list[Found] = field(default_factory=list)
    groups: dict[tuple[str, ...], Group] = field(default_factory=dict)
    pending: Found | None = None
    waiting: tuple[Group, list[Name]] | None = None

    def nobody(self) -> Group:
        """Return the group of things, activities and statements without a subject."""
        if (group := self.groups.get(())) is None:
            group = self.groups[()] = Group([])
        return group

    def add(self, found: Found) -> None:
        """Add a duty, or make it part of the one it belongs to."""
        group = found.group
        if self.waiting and self.waiting[0] is group:
            found.co_actors = [*self.waiting[1], *found.co_actors]
            self.waiting = None
        if (home := group.home(found.modality)) is not None:
            home.take(found)
        else:
            group.found[found.modality] = found
            self.duties.append(found)

    def takes_in(self, group: Group, start: int, action: int, end: int) -> bool:
        """Make a plain statement part of what its subject owes already; return whether that owes anything."""
        home = group.home(_PLAIN) if self.waiting is None else None
        if home is None:
            return False
        home.go_on((min(start, action), action, end))
        return True

    def settle(self) -> None:
        """Take the plain statement that waits as a duty."""
        if self.pending is not None:
            self.add(self.pending)
            self.pending = None

    def propose(self, found: Found) -> None:
        """Let a plain statement wait for what follows, unless its subject owes something already."""
        if found.group.found:
            self.add(found)
        elif self.pending is not None and self.pending.group is found.group:
            self.pending.take(found)
        else:
            self.settle()
            self.pending = found

    def drop_condition(self, bound: Group, fresh: bool, *, acting: bool) -> None:
        """Forget the plain clause that waits if it is the condition or the topic of the modal word that follows."""
        waits = self.pending
        if waits is None:
            return
        topic = not waits.group.named and waits.activity and not (waits.direct and fresh)
        same = waits.group is bound and not waits.direct
        if topic or acting or same or (waits.group.private and fresh):
            self.pending = None


def stretches(duties: list[Found]) -> list[list[tuple[int, int]]]:
    """Return for each duty of a sentence where its own words stand: what another duty says in between is left out."""
    if len(duties) == 1:
        only = duties[0]
        return [[(min(only.start, only.action), only.end)]]
    every = sorted((part[1], part, at) for at, one in enumerate(duties) for part in one.parts)
    cuts: list[tuple[int, int]] = []
    told = 0
    for action, (start, _, end), at in every:
        # Two modal words of one clause share its beginning: it belongs to the first of them.
        cuts.append((max(start, min(told, action)), at))
        told = max(told, end)
    own: list[list[tuple[int, int]]] = [[] for _ in duties]
    for (start, at), (end, _) in pairwise([*cuts, (told, -1)]):
        if start < (end := min(end, duties[at].end)):
            own[at].append((start, end))
    return own


def goes_on_with(group: Group, text: str, place: tuple[int, int], *, fresh: bool, penal: bool) -> bool:
    """Take 支持 and its like where they only go on: with 应当, or with 可以 and a means (可以通过…方式，支持…).

    Parameters
    ----------
    place : (int, int)
        Where the clause of 支持 begins and ends.
    fresh : bool
        Whether that clause has a subject of its own.
    penal : bool
        Whether it is a ban in a sentence of liability: there 禁止 is what an organ does (由X责令改正，…禁止从业), if no
        semicolon parts the two.
    """
    if penal and not fresh and _PLAIN in group.found and not text.endswith("；", 0, place[0]):
        return True
    owed = group.found.get(_MUST)
    if owed is None:
        last = group.last
        if fresh or last is None or last.modality is not _MAY or not text.endswith(_WAYS, 0, place[0] - 1):
            return False
        if not text.startswith(_MEANS, last.action + len(last.word)):
            return False
        owed = last
    owed.reach(*place)
    return True
