"""One sentence, clause after clause: which subject is in force and which words bind it."""

from __future__ import annotations

from bridgehead.engines.statute.actors import ACTS_ON, agent, is_noun, is_pronoun, leading, standing, trailing
from bridgehead.engines.statute.clauses import Clause, Scanner, Sign, clauses_of, has_right, is_owned, predicate
from bridgehead.engines.statute.findings import Findings, Found, Group, Name, goes_on_with
from bridgehead.engines.statute.model import Modality
from bridgehead.engines.statute.names import listed
from bridgehead.engines.statute.partners import joined_partner, with_after, with_before
from bridgehead.engines.statute.phrases import (
    CASES,
    banned,
    ends_in_place,
    goes_on,
    has_predicate,
    is_instituted,
    is_made,
    is_object,
    is_topic,
    modal_words,
    names_thing,
    opening,
    opens_with,
    owes_damages,
    qualifies,
    turns_to_verb,
    verb_of_thing,
)
from bridgehead.engines.statute.rules import word_list
from bridgehead.engines.statute.sentences import Sentence

PLAIN, MAY, MUST_NOT = Modality.DECLARATIVE, Modality.MAY, Modality.MUST_NOT
_STATED, _OCCASIONS, _ACTING, _PAPERS, _CHARGED = map(word_list, ("statement", "occasion", "acting", "paper", "office"))
_FAVOURS = (Modality.ENCOURAGE, Modality.SUPPORT)
_TAKES_PART, _INSTITUTED = word_list("taking_part"), word_list("instituting")
# Kinds of the sign before which 与 may stand, and of 与 itself.
_TO_PARTNER = ("L", "P", "J", "A")
_JOINS = ("以及", "或者", "及")
_JOINING = "以或及"


class Walk:
    """Goes through the clauses of one sentence."""

    def __init__(self, sentence: Sentence, scanner: Scanner) -> None:
        self.sentence = sentence
        self.text = sentence.text
        self.read = sentence.read
        self.scanner = scanner
        self.findings = Findings()
        self.group: Group | None = None
        self.weak: Group | None = None
        self.penal = False
        self.fresh = False
        self.defines = False
        self.opens = True
        self.segment = 0

    def found(self) -> list[Found]:
        """Return what the sentence lays down."""
        forms = self.scanner.rules.forms
        if forms["none"].search(self.read):
            return []
        self.penal = forms["penal"].search(self.read) is not None and not forms["exemption"].search(self.read)
        item, lead, findings = -1, None, self.findings
        for clause in clauses_of(self.sentence, self.scanner, self.penal):
            if clause.item != item:
                if item == -1:
                    if CASES.search(self.read, 0, clause.start):
                        break
                    lead = self.group
                findings.settle()
                self.group, item = lead, clause.item
            if clause.start < clause.end:
                self._clause(clause)
            self.opens = clause.close != "，"
            if self.opens and clause.close in "；。":
                findings.settle()
                self.defines = False
                self.segment = clause.end + 1
        findings.settle()
        return findings.duties

    def _clause(self, clause: Clause) -> None:
        if clause.condition:
            self._condition(clause)
            return
        in_list = self.penal and clause.item >= 0
        if not in_list and ("M" in clause.kinds or "N" in clause.kinds):
            under_may = self.group is not None and MAY in self.group.found
            if modals := modal_words(clause, self.read, under_may):
                self._bound(clause, modals)
                return
            # A modal word in a modifier says nothing of the clause.
            clause.leave_out("M")
        if not self.defines or self._charged(clause):
            self._plain(clause)

    def _charged(self, clause: Clause) -> bool:
        """Whether a body just defined is charged with something after all (X是主管部门，负责…)."""
        return self.group is not None and self.group.named and opens_with(clause, _CHARGED)

    def _condition(self, clause: Clause) -> None:
        """Keep who a condition is about: where the main clause names nobody, it binds them."""
        found = leading(clause, self.read, len(clause.signs)) or standing(clause, self.read)
        if found is None:
            return
        before, self.weak = self.weak, self._enter(clause, found[0], found[1])
        idle = self.group is None or not self.group.named or self.group is before
        if not self.penal and (idle or self.opens):
            self.group = self.weak

    # modal clauses

    def _bound(self, clause: Clause, modals: list[int]) -> None:
        self.defines = False
        group, start, partners = self._subject(clause, modals[0])
        for at in modals:
            _, _, kind, word = clause.signs[at]
            modality = self.scanner.rules.modals[word]
            takes, place = modality in _FAVOURS or (kind == "N" and self.penal), (clause.start, clause.end)
            if takes and goes_on_with(group, self.read, place, fresh=self.fresh, penal=kind == "N" and self.penal):
                continue
            bound = group
            # 不得由X负担 binds what is not to be borne: X is spared.
            by = self._agent(clause, at) if modality is not MUST_NOT else None
            if by is not None:
                bound, more = by
                partners = [*partners, *more]
                self.group = bound
            if kind == "M" and (waits := self.findings.pending) is not None:
                self.findings.drop_condition(bound, self.fresh, acting=self._acts_for(bound, waits))
            self.findings.settle()
            named = bound.named
            known = [*partners, *self._names(clause, with_after(clause, at, named=named))]
            inherited = named and not self.fresh
            self.findings.add(Found(modality, bound, word, start, clause.signs[at][0], clause.end, known, inherited))

    def _acts_for(self, bound: Group, waits: Found) -> bool:
        """Whether somebody acts for the body whose plain clause waits (X实施检查，执法人员不得…)."""
        occasion = self.read.startswith(_OCCASIONS, waits.action)
        return occasion and bound.named and all(name.endswith(_ACTING) for name, _, _ in bound.names)

    def _subject(self, clause: Clause, index: int) -> tuple[Group, int, list[Name]]:
        """Return the subject of a modal word, where it begins, and who takes part."""
        self.fresh = True
        if (lead := leading(clause, self.read, index)) is not None:
            self.group = self._enter(clause, lead[0], lead[1])
            return self.group, lead[0], self._names(clause, with_before(clause, lead[2], index))
        if (tail := trailing(clause, self.read, index)) is not None:
            self.group = self._enter(clause, tail[0], tail[1])
            return self.group, tail[0], []
        if (end := banned(clause, index)) >= 0:
            return self._enter(clause, clause.signs[index][1], end), clause.signs[index][0], []
        if names_thing(clause, index, self.read):
            self.group = self.findings.nobody()
            return self.group, clause.start, []
        self.fresh = False
        if self.group is None or (not self.group.named and self.weak and self.penal):
            self.group = self.weak or self.findings.nobody()
        elif self.penal and PLAIN in self.group.found and not self.group.private and owes_damages(clause, self.read):
            self.group = self.weak if self.weak and self.weak.private else self.findings.nobody()
        return self.group, clause.start, []

    def _agent(self, clause: Clause, begin: int) -> tuple[Group, list[Name]] | None:
        """Return the actor of 由X after a modal word."""
        at = clause.kinds.find("G", begin + 1) if "G" in clause.kinds else -1
        if at < 0 or any(kind in "VWMND" for kind in clause.kinds[begin + 1 : at]):
            return None
        return self._by(clause, at)

    def _by(self, clause: Clause, at: int) -> tuple[Group, list[Name]] | None:
        signs = clause.signs
        his = at + 1 < len(signs) and signs[at + 1][3] == "其"
        index = -1 if his and is_pronoun(signs, at + 1) else agent(signs, at, self.read)
        if index < 0:
            if not his or self.group is None or not self.group.named:
                return None
            return self.group, self._names(clause, with_before(clause, at + 2, len(signs)))
        group = self._enter(clause, signs[at][1], signs[index][1])
        return group, self._names(clause, with_before(clause, index + 1, len(signs)))

    # plain clauses

    def _plain(self, clause: Clause) -> None:
        signs, kinds = clause.signs, clause.kinds
        at = kinds.find("G") if "G" in kinds else -1
        while at >= 0:
            if not qualifies(clause, at) and (by := self._by(clause, at)) is not None:
                self._done_by(clause, by, signs[at])
                return
            at = kinds.find("G", at + 1)
        joined = joined_partner(clause) if kinds[:1] in _TO_PARTNER else None
        if joined is not None:
            self._join(clause, joined)
        if joined is not None or (self.read[clause.start] in _JOINING and self.read.startswith(_JOINS, clause.start)):
            return
        in_place = ends_in_place(clause, self.read)
        if "S" in kinds and (has := has_right(clause, self.read)) >= 0:
            self._entitled(clause, has)
            return
        if in_place and kinds.startswith("P"):
            return
        lead = None
        if ("S" in kinds or "E" in kinds) and (self.opens or not goes_on(clause)):
            lead = leading(clause, self.read, len(signs))
        if lead is not None and is_noun(signs, lead[2]):
            return
        if lead is not None and clause.item >= 0 and self.findings.duties:
            self._in_item(clause, lead)
            return
        if lead is not None and self.scanner.rules.forms["topic"].match(self.read, lead[1], clause.end):
            self.group = self.findings.nobody()
        elif lead is not None and not (self.group is not None and self.group.must and is_object(clause, lead)):
            self._stated(clause, lead, in_place)
        elif not in_place and not (self.penal and (clause.item >= 0 or not self._in_office(self.group))):
            self._continued(clause)

    def _owed(self) -> Found | None:
        return self.findings.pending or (self.group.last if self.group is not None else None)

    def _join(self, clause: Clause, joined: tuple[int, int]) -> None:
        """Take those with whom the subject in force does what a clause says."""
        owed = self._owed()
        if owed is not None and owed.group.named and clause.item < 0 and owed.modality not in _FAVOURS:
            owed.co_actors.extend(self._names(clause, joined))
            owed.reach(clause.start, clause.end)

    def _in_item(self, clause: Clause, lead: tuple[int, int, int]) -> None:
        """Take a clause of a list that has a subject of its own: an authority does something, a party is spoken of."""
        begun = self.group
        group = self._enter(clause, lead[0], lead[1])
        if group is begun or not group.named or lead[2] >= len(clause.signs):
            return
        if group.private:
            self.group = group if clause.close == "，" else begun
        elif self.scanner.organ(group.names[0][0])[2]:
            self._stated(clause, lead, in_place=False)

    def _entitled(self, clause: Clause, has: int) -> None:
        """Take a clause that says which right or which duty somebody has (单位和个人有节约用水的义务)."""
        self.findings.settle()
        self.group = self._enter(clause, clause.start, has)
        self.findings.add(Found(PLAIN, self.group, "", clause.start, has, clause.end))

    def _stated(self, clause: Clause, lead: tuple[int, int, int], in_place: bool) -> None:
        """Take a clause with a subject of its own."""
        signs = clause.signs
        start, end, at = lead
        helped = self._owed()
        if helped and at == len(signs) - 1 and signs[at][3] in _TAKES_PART and signs[at][1] == clause.end:
            # X牵头，Y配合: Y takes part in what X does.
            helped.co_actors.extend(self._names(clause, (start, end)))
            return
        self.findings.settle()
        group = self.group = self._enter(clause, start, end)
        for name, _, _ in group.names:
            if name.endswith(_PAPERS) and self.scanner.organ(name)[1] == "unknown":
                self.group = self.findings.nobody()
                return
        verb = predicate(signs, at)
        follows = signs[at] if at < len(signs) else None
        if follows and follows[3] == "在" and not has_predicate(signs, at + 1, self.read):
            if not in_place and any(sign[2] == "D" for sign in signs[at:]):
                self.group = self.findings.nobody()
            return
        if follows and follows[2] == "Z":
            self.defines = True
            return
        partners = self._names(clause, with_before(clause, at, len(signs)))
        if verb is None:
            if partners:
                self.findings.waiting = (group, partners)
        elif verb[3] == "违反":
            self.group = None
        elif not self.penal or self._in_office(group):
            lasts = verb[3] in _STATED or (group.polity and verb[3] not in _OCCASIONS)
            direct = follows is not None and (follows[3] == "为" or (follows[2] in "VWA" and lasts))
            self.findings.propose(Found(PLAIN, group, "", start, verb[0], clause.end, partners, direct=direct))

    def _continued(self, clause: Clause) -> None:
        """Take a clause without a subject of its own: it goes on, states a policy, or says what a thing undergoes."""
        signs = clause.signs
        if not signs:
            if self.group is None or not self.findings.duties:
                self.group = self.findings.nobody()
            return
        at, start = opening(clause)
        if at >= len(signs):
            return
        begin, _, kind, word = signs[at]
        if begin == start and kind in "VWK":
            self._verb_first(clause, at, noun=kind == "W" and word not in ACTS_ON)
        elif begin == start and kind == "P":
            verb = clause.kinds.find("V", at + 1)
            final = clause.item < 0 and (clause.close != "，" or (verb >= 0 and signs[verb][3] in _INSTITUTED))
            opened = word == "对" and (self.group is None or not self.group.named)
            begun = opened or (self.group is not None and (self.group.found or (self.group.named and word != "在")))
            if opened and "D" in clause.kinds[at:]:
                self.findings.settle()
                begun = False
            if verb >= 0 and (final or begun):
                self._go_on(clause, at, signs[verb][0])
            elif self.group is not None and self.group.last is not None:
                self.group.last.reach(clause.start, clause.end)
        elif clause.close == "，" and ((self.opens and is_topic(clause, self.read)) or is_owned(clause, self.read)):
            self.group = self.findings.nobody()
        elif (bound := self._taking_in()) is not None and not is_instituted(clause, self.read):
            bound.reach(clause.start, clause.end)
        elif start > clause.start and begin > start and self.group is not None and self.group.named:
            self.findings.propose(Found(PLAIN, self.group, "", clause.start, begin, clause.end, [], True))
        else:
            self._thing(clause, at)

    def _verb_first(self, clause: Clause, at: int, *, noun: bool) -> None:
        signs = clause.signs
        if signs[at][3] not in _INSTITUTED and self._taking_in() is not None and is_instituted(clause, self.read):
            self._thing(clause, at + 1)
        elif noun and turns_to_verb(signs, at):
            if self.group is None or not self.group.must:
                self._thing(clause, at + 1)
        elif signs[at][2] == "V" and is_made(clause, at):
            self.group = self.findings.nobody()
        elif clause.item >= 0 and self.findings.duties:
            if self.group is not None and self.group.last is not None:
                self.group.last.reach(clause.start, clause.end)
        else:
            self._go_on(clause, at, signs[at][0])

    def _go_on(self, clause: Clause, at: int, action: int) -> None:
        group = self.group or self.findings.nobody()
        partners = self._names(clause, with_before(clause, at, len(clause.signs))) if "K" in clause.kinds else []
        if not partners and self.findings.takes_in(group, self.segment, action, clause.end):
            return
        activity = not group.named and clause.close == "，"
        made = activity and self.read.startswith(_INSTITUTED, action)
        self.findings.propose(Found(PLAIN, group, "", self.segment, action, clause.end, partners, True, made, activity))

    def _thing(self, clause: Clause, index: int) -> None:
        """Take a clause that says what is done to a thing."""
        signs = clause.signs
        if clause.item >= 0 or clause.close == "：":
            return
        verb = verb_of_thing(signs, index)
        busy = self.group is not None and self.group.named and (self.group.found or self.findings.pending)
        if verb >= 0 and busy and clause.kinds.find("A", 0, verb) < 0 and clause.kinds.find("P", 0, verb) < 0:
            return
        if "Z" in clause.kinds:
            self.defines = True
        if verb < 0 or self.defines:
            self.group = self.group or self.findings.nobody()
            return
        self.findings.settle()
        self.group = self.findings.nobody()
        self.findings.propose(Found(PLAIN, self.group, "", self.segment, signs[verb][0], clause.end))

    def _done_by(self, clause: Clause, by: tuple[Group, list[Name]], sign: Sign) -> None:
        group, partners = by
        waits = self.findings.pending
        if waits is not None and self._is_occasion(waits):
            self.findings.pending = None
        self.findings.settle()
        self.group = group
        self.findings.add(Found(PLAIN, group, "", clause.start, sign[0], clause.end, partners))

    def _is_occasion(self, waits: Found) -> bool:
        """Whether a plain clause before 由X is only what X deals with: what private parties do, or an activity."""
        if waits.group.named:
            return waits.group.private and self.read.startswith(_OCCASIONS, waits.action)
        return not waits.direct and not self.read.startswith(_STATED, waits.action)

    # who

    def _taking_in(self) -> Found | None:
        """Return the duty that takes in plain words about things after it: any but a plain statement."""
        last = self.group.last if self.group is not None else None
        return last if last is not None and last.modality is not PLAIN else None

    def _in_office(self, group: Group | None) -> bool:
        """Whether somebody other than private persons is meant."""
        bodies = self.scanner.bodies
        return group is not None and any(bodies.get(name) != "private" for name, _, _ in group.names)

    def _names(self, clause: Clause, place: tuple[int, int] | None) -> list[Name]:
        return listed(clause.signs, self.text, *place)[0] if place else []

    def _enter(self, clause: Clause, start: int, end: int) -> Group:
        """Return the group of a list of actors, the same for the same names."""
        names, open_list = listed(clause.signs, self.text, start, end)
        key = tuple([name for name, _, _ in names])
        if key == ("其",):
            return self.group or self.findings.nobody()
        group = self.findings.groups.get(key)
        if group is None:
            polity = len(key) == 1 and self.scanner.bodies.get(key[0]) == "polity"
            private = self.scanner.all_private(key)
            group = self.findings.groups[key] = Group(names, open_list, polity, private)
        return group
