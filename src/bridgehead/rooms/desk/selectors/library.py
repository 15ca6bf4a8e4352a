"""The policy library: the list of what can be asked about, one policy with its editions, what waits for officers."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import ngettext, pgettext

from bridgehead.engines.eligibility.policies import Policy as Rule
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import named
from bridgehead.ground.region import current
from bridgehead.ground.search.find import Found, find
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.desk import explaining
from bridgehead.rooms.desk.explaining import Block
from bridgehead.rooms.desk.models import Policy, PolicyEdition
from bridgehead.rooms.desk.rules import read_rule
from bridgehead.rooms.desk.selectors.editions import answering
from bridgehead.rooms.desk.who import APPROVE, KEEP

State = PolicyEdition.State
IN_FORCE, ENDED, COMING = "in_force", "ended", "coming"
NOT_YET, WITHDRAWN = "not_yet", "withdrawn"
"""Of a policy none of whose editions holds yet, and of one that was withdrawn: neither answers, so no list has them."""
STATES = (IN_FORCE, COMING, ENDED)


def word_of(edition: PolicyEdition, kind: str = "title") -> str:
    """Return a text of an edition in the language of the request: in English, then Chinese, where it has none in it."""
    said: Mapping[str, str] = edition.words.get(kind, {})
    return named({f"{kind}_{code}": text for code, text in said.items()}, kind)


@dataclass(frozen=True, slots=True)
class Entry:
    """One policy of the list.

    ``state`` is whether it is in force today, holds only later, or was withdrawn; ``unchecked`` whether the check of
    its source has run out.
    """

    policy: Policy
    edition: PolicyEdition
    rule: Rule
    state: str
    unchecked: bool

    @property
    def title(self) -> str:
        """Its title in the language of the request."""
        return word_of(self.edition)

    @property
    def gist(self) -> str:
        """What it says in one or two sentences."""
        return word_of(self.edition, "gist")

    @property
    def kind(self) -> str:
        """What kind of benefit it is."""
        return explaining.term("kind", self.rule.benefit.kind)

    @property
    def subject(self) -> str:
        """Whom or what it is about."""
        return explaining.term("subject", self.rule.subject)


@dataclass(frozen=True, slots=True)
class Library:
    """The list: what it says in a sentence, the entries a filter leaves, and what it can be narrowed to."""

    says: str
    entries: Sequence[Entry]
    subjects: Sequence[tuple[str, str]]
    subject: str
    state: str
    total: int


def library(subject: str = "", state: str = IN_FORCE) -> Library:
    """Return the published policies, those in force today by default.

    Parameters
    ----------
    subject : str
        Only policies about this.
    state : str
        One of `STATES`, anything else for all.

    Articles: 51, 76
    """
    every = [entry_of(one.policy, one.edition, one.rule) for one in answering()]
    running = sum(one.state == IN_FORCE for one in every)
    says = ngettext("%(n)s 项政策现在有效", "%(n)s 项政策现在有效", running) % {"n": running}
    if not every:
        says = pgettext("desk", "还没有公布的政策")
    subjects = dict.fromkeys(one.rule.subject for one in every)
    shown = [
        one
        for one in every
        if (not subject or one.rule.subject == subject) and (state not in STATES or one.state == state)
    ]
    return Library(
        says, shown, [(one, explaining.term("subject", one)) for one in subjects], subject, state, len(every)
    )


def search(viewer: Viewer, q: str, page: int = 1) -> Found | None:
    """Return what a search finds among the policies, None where nothing is searched for.

    Raises
    ------
    BridgeheadError
        ``request.too_long``.

    Articles: 51, 76
    """
    words = q.strip()
    return find(current(), viewer, words, Policy.RECORD, page, among=(Policy.RECORD,)) if words else None


def entries_of(found: Found) -> list[Entry]:
    """Return the policies a search found, in its order, in the words of the page."""
    there = {str(one.policy.pk): entry_of(one.policy, one.edition, one.rule) for one in answering()}
    records = [hit.record for group in found.groups for hit in group.hits]
    return [there[record] for record in records if record in there]


def entry_of(policy: Policy, edition: PolicyEdition, rule: Rule) -> Entry:
    """Return a policy with the edition that answers for it as an entry of the list."""
    today = timezone.localdate()
    if policy.withdrawn_on is not None and policy.withdrawn_on <= today:
        state = WITHDRAWN
    elif edition.is_open and edition.holds_from > today:
        state = NOT_YET
    else:
        state = IN_FORCE if rule.in_force(today) else COMING if today < rule.valid_from else ENDED
    over = edition.check_expires_on is not None and edition.check_expires_on < today
    return Entry(policy, edition, rule, state, over)


def state_word(state: str) -> str:
    """Return what a state of the list is called."""
    words = {
        IN_FORCE: pgettext("desk policy", "现在有效"),
        COMING: pgettext("desk policy", "还没开始"),
        ENDED: pgettext("desk policy", "已经到期"),
    }
    return words.get(state, pgettext("desk policy", "全部"))


@dataclass(frozen=True, slots=True)
class EditionLine:
    """One edition in the history of a policy, with what it changed of the one before, line by line."""

    edition: PolicyEdition
    changed: Sequence[tuple[str, str]]

    @property
    def comes(self) -> bool:
        """Whether it is published and holds only from a day to come."""
        return self.edition.is_open and self.edition.holds_from > timezone.localdate()


@dataclass(frozen=True, slots=True)
class PolicyPage:
    """One policy: as it is told today, or its first edition while none is published, and its history."""

    entry: Entry
    conditions: Block
    formula: str
    editions: Sequence[EditionLine]
    draft: PolicyEdition | None
    published: bool
    keeps: bool
    approves: bool

    @property
    def coming(self) -> EditionLine | None:
        """The next edition that is published and does not hold yet."""
        return next((one for one in reversed(self.editions) if one.comes), None)


def policy_page(viewer: Viewer, code: str) -> PolicyPage:
    """Return one policy.

    Raises
    ------
    BridgeheadError
        ``policy.no_such_policy``.

    Articles: 51, 76
    """
    policy = visible(Policy, viewer).filter(code=code).select_related("owner").first()
    if policy is None:
        raise BridgeheadError("policy.no_such_policy", {"policy": code[:100]})
    editions = list(visible(PolicyEdition, viewer).filter(policy=policy).order_by("number"))
    today = timezone.localdate()
    published = [one for one in editions if one.is_open]
    held = sorted((one for one in published if one.holds_from <= today), key=lambda one: (one.holds_from, one.number))
    shown = held[-1] if held else (published or editions)[0]
    rule = read_rule(shown.rule)
    lines = [
        EditionLine(one, _changed(before.rule, one.rule) if before else ())
        for before, one in zip([None, *editions], editions, strict=False)
    ]
    return PolicyPage(
        entry=entry_of(policy, shown, rule),
        conditions=explaining.explained(rule, {}),
        formula=explaining.formula_words(rule),
        editions=list(reversed(lines)),
        draft=next((one for one in editions if one.state in (State.DRAFT, State.CHECKED)), None),
        published=bool(published),
        keeps=viewer.grant_for(KEEP, policy.owner_id, to_write=True) is not None,
        approves=viewer.grant_for(APPROVE, policy.owner_id, to_write=True) is not None,
    )


def _changed(before: str, now: str) -> list[tuple[str, str]]:
    """Return the lines that went, marked ``-``, and those that came, marked ``+``."""
    found = difflib.ndiff(before.splitlines(), now.splitlines())
    return [(one[0], one[2:]) for one in found if one[0] in "+-"]


def days_left(edition: PolicyEdition) -> int | None:
    """Return how many days the check of an edition still holds, negative where it is over."""
    expires: date | None = edition.check_expires_on
    return (expires - timezone.localdate()).days if expires else None
