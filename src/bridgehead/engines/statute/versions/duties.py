"""What became of the duties of a statute in a new version, so that what people said about them can be carried over."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

from bridgehead.engines.statute.model import Actor, Duty, Statute, Term
from bridgehead.engines.statute.versions.alignment import in_order
from bridgehead.engines.statute.versions.citations import masked
from bridgehead.engines.statute.versions.headings import kind_of
from bridgehead.engines.statute.versions.model import Comparison, DutyChange, Kind
from bridgehead.engines.statute.versions.normal import key_of, shingles

_ALIKE = 0.35
_ALIKE_ELSEWHERE = 0.75
_SAME_MODALITY = 0.15
_SAME_ACTORS = 0.1


def compare_duties(
    old_duties: Sequence[Duty], new_duties: Sequence[Duty], comparison: Comparison
) -> tuple[DutyChange, ...]:
    """Return what became of each duty, in the order of the new version, those gone at the end.

    Parameters
    ----------
    old_duties, new_duties : sequence of Duty
        The duties read from the two versions.
    comparison : Comparison
        How the two versions differ; of two different laws no duty is a successor of another.

    Notes
    -----
    A duty is looked for in the paragraphs its own became, first by equal words, then by the most alike; elsewhere only
    where the words are nearly the same. Each duty has one successor at most.
    """
    sides = _Side(old_duties, comparison.old), _Side(new_duties, comparison.new)
    pairs = _matched(*sides, comparison) if comparison.same_law else {}
    stayed = {(a, b) for a, b in pairs.items() if _related(sides[0].duties[a], sides[1].duties[b], comparison)}
    in_place = stayed & set(in_order(sorted(stayed), lambda _: 1.0))
    partner = {b: a for a, b in pairs.items()}
    changes: list[DutyChange] = []
    moved_articles = _moved(comparison)
    for b, duty in enumerate(sides[1].duties):
        if b not in partner:
            changes.append(DutyChange(Kind.NEW, None, duty.id))
            continue
        a = partner[b]
        before = sides[0].duties[a]
        fields = _fields(before, duty, sides[0].actions[a], sides[1].actions[b])
        # A duty that went with its article keeps its order there, though not among all.
        moved = (a, b) not in in_place and ((a, b) not in stayed or (before.article, duty.article) in moved_articles)
        kind = kind_of(changed=bool(fields), moved=moved, renumbered=before.id != duty.id)
        likeness = round(_dice(sides[0].counts[a], sides[1].counts[b]), 3)
        changes.append(DutyChange(kind, before.id, duty.id, fields, likeness))
    changes += [DutyChange(Kind.REPEALED, duty.id, None) for a, duty in enumerate(sides[0].duties) if a not in pairs]
    return tuple(changes)


class _Side:
    def __init__(self, duties: Sequence[Duty], statute: Statute) -> None:
        self.duties = duties
        text = statute.source.text
        # Numbers of own provisions masked: a duty is not another one because what it names was renumbered.
        self.words = [key_of(masked(duty.evidence.of(text))) for duty in duties]
        self.counts = [shingles(words, 2) for words in self.words]
        self.actions = [key_of(masked(duty.action.of(text))) for duty in duties]


def _moved(comparison: Comparison) -> set[tuple[str, str]]:
    kinds = (Kind.MOVED, Kind.MOVED_AND_CHANGED)
    return {
        (old, new) for change in comparison.articles if change.kind in kinds for old in change.old for new in change.new
    }


def _related(old: Duty, new: Duty, comparison: Comparison) -> bool:
    return new.paragraph in comparison.new_ids(old.paragraph)


def _matched(old: _Side, new: _Side, comparison: Comparison) -> dict[int, int]:
    successors: dict[str, set[str]] = defaultdict(set)
    for before, after in comparison.links:
        successors[before].add(after)
    pairs: dict[int, int] = {}
    taken: set[int] = set()

    def near(a: int, b: int) -> bool:
        return new.duties[b].paragraph in successors[old.duties[a].paragraph]

    def equal(a: int, b: int) -> bool:
        return old.words[a] == new.words[b] and old.duties[a].modality is new.duties[b].modality

    def settle(wanted: Callable[[int, int], float]) -> None:
        ranked = sorted(
            (-score, abs(a - b), a, b)
            for a in range(len(old.duties))
            if a not in pairs
            for b in range(len(new.duties))
            if b not in taken and (score := wanted(a, b)) > 0
        )
        for _, _, a, b in ranked:
            if a not in pairs and b not in taken:
                pairs[a] = b
                taken.add(b)

    def likeness(a: int, b: int) -> float:
        one, other = old.duties[a], new.duties[b]
        score = _dice(old.counts[a], new.counts[b])
        if score < (_ALIKE if near(a, b) else _ALIKE_ELSEWHERE):
            return 0.0
        same = _SAME_MODALITY * (one.modality is other.modality) + _SAME_ACTORS * (
            _who(one.actors) == _who(other.actors)
        )
        return score + same + near(a, b)

    settle(lambda a, b: float(near(a, b) and equal(a, b)))
    settle(lambda a, b: float(len(old.words[a]) > 8 and equal(a, b)))
    settle(likeness)
    # What is left alone in its paragraph on both sides is the same duty in other words, if organs or modality agree.
    settle(lambda a, b: float(near(a, b) and _same_frame(old.duties[a], new.duties[b])))
    return pairs


def _same_frame(old: Duty, new: Duty) -> bool:
    return old.modality is new.modality and bool(old.actors) and _who(old.actors) == _who(new.actors)


def _dice(old: Counter[str], new: Counter[str]) -> float:
    return 2 * (old & new).total() / ((old.total() + new.total()) or 1)


def _who(actors: Iterable[Actor]) -> frozenset[str]:
    return frozenset(actor.organ for actor in actors)


def _term(term: Term | None) -> tuple[str, ...]:
    return (key_of(term.text), term.kind, str(term.amount), term.unit) if term else ()


def _fields(old: Duty, new: Duty, old_action: str, new_action: str) -> tuple[str, ...]:
    differs = {
        "actors": _who(old.actors) != _who(new.actors),
        "co_actors": _who(old.co_actors) != _who(new.co_actors),
        "leads": _who(old.leads) != _who(new.leads),
        "open_list": old.open_list != new.open_list,
        "modality": old.modality is not new.modality,
        "action": old_action != new_action,
        "deadline": _term(old.deadline) != _term(new.deadline),
        "frequency": _term(old.frequency) != _term(new.frequency),
        "reporting": old.reporting != new.reporting,
        "budget": old.budget != new.budget,
        "assessment": old.assessment != new.assessment,
    }
    return tuple(name for name, different in differs.items() if different)
