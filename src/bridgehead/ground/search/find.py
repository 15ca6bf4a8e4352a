"""Finding: what somebody typed, asked of the region's tables and of the database, as far as they may see it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.urls import NoReverseMatch

from bridgehead.ground import database
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language
from bridgehead.ground.pages import Example, page_named
from bridgehead.ground.region import Loaded
from bridgehead.ground.search.matching import name_begins, very_name
from bridgehead.ground.search.region import region_shelf, thesaurus
from bridgehead.ground.search.registry import Searchable, kinds
from bridgehead.ground.search.scope import Condition, condition, without
from bridgehead.ground.search.shelves import Shelf, database_shelf
from bridgehead.ground.search.snippets import Snippet, snippet
from bridgehead.kernel.bigrams import Clause, Phrase, parts, query, tokens
from bridgehead.kernel.errors import BridgeheadError, Place
from bridgehead.kernel.synonyms import phrases

LONGEST_SEARCH = 200
MOST_COUNTED = 2_000
"""Beyond so many found, no more are counted, and the answer says that there are more."""
MOST_RANKED = 500
"""So many of what is found in texts alone are put in order; what is found by name comes before them."""
LONGEST_LIKENED = 500
A_PAGE = 20
A_GROUP = 5

Steps = list[tuple[tuple[Clause, ...], bool]]


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: what it is, where it is shown, and the line that says why it was found."""

    kind: str
    record: str
    title_zh: str
    title_en: str
    address: str
    snippet: Snippet


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind: how many, and those shown."""

    kind: Searchable
    found: int
    hits: tuple[Hit, ...]

    @property
    def more(self) -> int:
        """How many are not shown."""
        return max(0, self.found - len(self.hits))


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a search.

    ``found`` counts what the viewer may see, at least that many if `more`; ``counts`` says the same by kind; ``also``
    are the words that mean the same and were asked for too; ``parts`` are parts of the query that find something on
    their own, where the whole finds nothing.
    """

    q: str
    kind: str
    page: int
    pages: int
    found: int
    more: bool
    counts: tuple[tuple[Searchable, int], ...]
    groups: tuple[Group, ...]
    also: tuple[str, ...]
    parts: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class _Candidate:
    """An entry that was found, and what decides on its place: the step it was found in, its rank, its age."""

    place: tuple[int, float, int]
    kind: str
    shelf: Shelf
    id: int


def checked_search(q: str) -> str:
    """Return the words of a search without blanks at the ends; ``request.too_long`` if there are too many."""
    if len(q) > LONGEST_SEARCH:
        raise BridgeheadError("request.too_long", {"length": len(q), "limit": LONGEST_SEARCH}, Place(field="q"))
    return " ".join(q.replace("\x00", " ").split())


def find(
    loaded: Loaded, viewer: Viewer, q: str, kind: str = "", page: int = 1, *, among: Collection[str] = ()
) -> Found:
    """Return what a search finds among everything its viewer may see.

    Parameters
    ----------
    loaded : Loaded
        The region in use.
    viewer : Viewer
        Who asks.
    q : str
        Words that must all occur, or words that mean the same; in quotation marks, letter by letter.
    kind : str
        Only this kind, page by page; the first few of every kind by default.
    page : int
        From 1; beyond the last page the last one is given, and the answer says which it is.
    among : collection of str
        Only these kinds, for the search of one room; all of them by default.

    Raises
    ------
    BridgeheadError
        ``request.too_long``, ``request.bad_filter`` for an unknown kind.
    """
    q = checked_search(q)
    known = {one.kind: one for one in kinds() if not among or one.kind in among}
    if kind and kind not in known:
        raise BridgeheadError("request.bad_filter", {"value": kind, "allowed": list(known)}, Place(field="kind"))
    search = _Search(loaded, viewer, q)
    counted = search.counts()
    found = sum(counted[one] for one in known)
    counts = tuple((one, counted[one.kind]) for one in known.values() if counted[one.kind])
    if kind and search.more:
        counted = search.counts(kind)
    pages = max(1, -(-min(counted[kind], MOST_RANKED) // A_PAGE)) if kind else 1
    page = min(max(1, page), pages)
    groups = search.page_of(known[kind], counted[kind], page) if kind else search.groups(known, counted)
    return Found(
        q=q,
        kind=kind,
        page=page,
        pages=pages,
        found=counted[kind] if kind else found,
        more=search.more,
        counts=counts,
        groups=groups,
        also=search.also,
        parts=search.parts() if not found else (),
    )


def most_alike(viewer: Viewer, text: str, kind: str, most: int) -> list[str]:
    """Return the records of a kind that have most in common with a text, the most alike first.

    Unlike a search, not every word has to occur: whoever asks a question in a sentence does not know the words of the
    one that was answered.

    Parameters
    ----------
    viewer : Viewer
        Who asks.
    text : str
        What they wrote.
    kind : str
        A kind of records.
    most : int
        How many to return at most.
    """
    said = dict.fromkeys(token for token in tokens(text[:LONGEST_LIKENED]) if len(token) > 1)
    if not said or not database.exists():
        return []
    shelf, may = database_shelf(), _less_kept_back(condition(viewer), viewer)
    either: Clause = tuple((Phrase((token,)),) for token in said)
    found = sorted(shelf.ranked((either,), may, MOST_RANKED, kind=kind), key=lambda one: (-one[2], one[0]))[:most]
    record_of = {id_: record for id_, _kind, record, *_rest in shelf.entries([one[0] for one in found], may)}
    return [record_of[id_] for id_, *_rest in found if id_ in record_of]


def _less_kept_back(may: Condition, viewer: Viewer) -> Condition:
    """Return the condition of a viewer on entries of the database, less what the kinds keep back from them."""
    for one in kinds():
        for keys in one.kept_back(viewer) if one.kept_back else ():
            may = without(may, one.kind, keys)
    return may


class _Search:
    """One search while it is answered."""

    def __init__(self, loaded: Loaded, viewer: Viewer, q: str) -> None:
        words = thesaurus(loaded)
        self.q = q
        self.typed = query(q)
        self.widened = words.widened(q)
        self.also = words.also(q)
        self.there: list[Counter[str]] = []
        may = condition(viewer)
        self.shelves: list[tuple[Shelf, Condition]] = [(region_shelf(loaded), may)]
        if database.exists() and any(one.model is not None for one in kinds()):
            self.shelves.append((database_shelf(), _less_kept_back(may, viewer)))

    def counts(self, kind: str = "") -> Counter[str]:
        """Return how many of each kind are found; kept by shelf, so that nothing is asked of one that has none."""
        self.there = [self._counts(shelf, may, self.widened, kind) for shelf, may in self.shelves]
        return sum(self.there, Counter())

    @property
    def more(self) -> bool:
        """Whether there is more than was counted."""
        return any(found.total() >= MOST_COUNTED for found in self.there)

    @staticmethod
    def _counts(shelf: Shelf, may: Condition, clauses: tuple[Clause, ...], kind: str = "") -> Counter[str]:
        return Counter(shelf.counts(clauses, may, MOST_COUNTED, kind) if clauses else {})

    def parts(self) -> tuple[tuple[str, int], ...]:
        """Return the parts of the query that find something on their own, with how many."""
        each = parts(self.q)
        if len(each) < 2:
            return ()
        texts = (f"“{part.text}”" if part.quoted else part.text for part in each)
        counted = ((text, self._total(query(text))) for text in dict.fromkeys(texts))
        return tuple((text, count) for text, count in counted if count)

    def _total(self, clauses: tuple[Clause, ...]) -> int:
        return sum(self._counts(shelf, may, clauses).total() for shelf, may in self.shelves)

    def _steps(self) -> Steps:
        """Return the queries from the best to the widest, each with whether it is of names only."""
        steps: Steps = [(very_name(self.q), True), (name_begins(self.q), True), (self.typed, True), (self.typed, False)]
        return steps if self.widened == self.typed else [*steps, (self.widened, True), (self.widened, False)]

    def _candidates(self, kind: str = "", enough: int = MOST_RANKED) -> list[_Candidate]:
        """Return entries found, the best first; not all of them, where there are very many."""
        if not self.typed:
            return []
        found: list[_Candidate] = []
        for (shelf, may), there in zip(self.shelves, self.there, strict=True):
            older_first = 1 if shelf is self.shelves[0][0] else -1
            least = min(enough, there[kind] if kind else there.total())
            seen: set[int] = set()
            for step, (clauses, names_only) in enumerate(self._steps()):
                if len(seen) >= least:
                    break
                for id_, of, rank in shelf.ranked(clauses, may, MOST_RANKED, names_only=names_only, kind=kind):
                    if id_ not in seen:
                        seen.add(id_)
                        found.append(_Candidate((step, -rank, older_first * id_), of, shelf, id_))
        return sorted(found, key=lambda one: one.place)

    def groups(self, known: dict[str, Searchable], counted: Counter[str]) -> tuple[Group, ...]:
        """Return the first few of every kind; the kind with the best hit first."""
        by_kind: dict[str, list[_Candidate]] = {kind: [] for kind in counted if kind in known}
        for one in self._candidates():
            if one.kind in by_kind:
                by_kind[one.kind].append(one)
        most = A_GROUP if len(by_kind) > 1 else A_PAGE
        for kind, found in by_kind.items():
            if not found:  # the newest few hundred are all of other kinds
                by_kind[kind] = self._candidates(kind, most)
        order = sorted(by_kind, key=lambda kind: (by_kind[kind][0].place[0] if by_kind[kind] else 9, known[kind].order))
        hits = self._hits([one for kind in order for one in by_kind[kind][:most]])
        return tuple(
            Group(known[kind], counted[kind], tuple(hits[one] for one in by_kind[kind][:most] if one in hits))
            for kind in order
        )

    def page_of(self, kind: Searchable, found: int, page: int) -> tuple[Group, ...]:
        """Return one page of one kind."""
        shown = self._candidates(kind.kind)[(page - 1) * A_PAGE : page * A_PAGE]
        hits = self._hits(shown)
        return (Group(kind, found, tuple(hits[one] for one in shown if one in hits)),) if shown else ()

    def _hits(self, shown: Sequence[_Candidate]) -> dict[_Candidate, Hit]:
        """Return what is shown of entries; one that went meanwhile is left out."""
        typed, widened = phrases(self.typed), phrases(self.widened)
        rows: dict[tuple[int, int], Hit] = {}
        for shelf, may in self.shelves:
            ids = [one.id for one in shown if one.shelf is shelf]
            for id_, *row in shelf.entries(ids, may):
                rows[id(shelf), id_] = _hit(row, typed, widened)
        return {one: rows[id(one.shelf), one.id] for one in shown if (id(one.shelf), one.id) in rows}


def _hit(row: Sequence[str], typed: Sequence[Phrase], widened: Sequence[Phrase]) -> Hit:
    """Return what is shown of an entry: the line that holds what was typed, else one that means the same."""
    kind, record, title_zh, title_en, text, page, kwargs, asked = row
    code = language()
    shown = snippet(text, typed, code)
    shown = shown if shown.text else snippet(text, widened, code)
    return Hit(kind, record, title_zh, title_en, _address(page, kwargs, asked, code), shown)


def _address(page: str, kwargs: str, asked: str, code: str) -> str:
    """Return the address of a page, or an empty string while no room declares it."""
    try:
        return page_named(page).address(code, Example(json.loads(kwargs), asked))
    except (KeyError, NoReverseMatch):
        return ""
