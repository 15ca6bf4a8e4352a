"""What a firm is told: each policy that answers, with the decision and its reasons, and the next questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from bridgehead.engines.eligibility.assessment import Answer, assess
from bridgehead.engines.eligibility.facts import Value
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.kernel.hashing import content_hash
from bridgehead.rooms.desk.models import PolicyAnswer, PolicyEdition
from bridgehead.rooms.desk.rules import as_known, read_rule
from bridgehead.rooms.desk.selectors.editions import Answering, answering


@dataclass(frozen=True, slots=True)
class Told:
    """One policy, by the edition that answers for it, and what came out; `refused` where it cannot be worked out."""

    by: Answering
    answer: Answer | None
    refused: BridgeheadError | None = None

    @property
    def verdict(self) -> str:
        """The verdict, ``refused`` where there is none."""
        return self.answer.verdict.value if self.answer is not None else "refused"


def told_of(
    facts: Mapping[str, Value], as_of: date | None = None, known_at: datetime | None = None, subject: str = ""
) -> list[Told]:
    """Return what every policy that answers and is in force says of a firm.

    Parameters
    ----------
    facts : mapping
        What is known of it.
    as_of, known_at, subject
        As for `answering`.

    Articles: 51, 76
    """
    day = as_of or timezone.localdate()
    return [told_by(one, facts, day) for one in answering(day, known_at, subject) if one.rule.in_force(day)]


def told_by(one: Answering, facts: Mapping[str, Value], as_of: date) -> Told:
    """Return what one policy says of a firm, by the edition that answers for it."""
    try:
        return Told(one, assess(one.rule, facts, as_of))
    except BridgeheadError as refused:
        return Told(one, None, refused)


def as_answer(told: Iterable[Told], facts: Mapping[str, Any], as_of: date, subject: str) -> PolicyAnswer:
    """Return what was told as an answer that can be kept: the facts, the edition of each policy and what came out.

    Parameters
    ----------
    told : iterable of Told
        What each policy said.
    facts : mapping
        What is known, as it is kept.
    as_of : date
        The day it was worked out for.
    subject : str
        About whom it is.
    """
    results = [_kept(one) for one in told]
    return PolicyAnswer(
        as_of=as_of,
        subject=subject,
        facts=facts,
        results=results,
        fits=sum(one["verdict"] == "eligible" for one in results),
        open=sum(one["verdict"] == "unknown" for one in results),
        sha256=content_hash({"facts": facts, "as_of": as_of, "results": results}),
    )


@dataclass(frozen=True, slots=True)
class Again:
    """An answer worked out anew by the editions it was given by: what it says now, and where that differs."""

    told: Sequence[Told]
    differs: Sequence[str]


def again(answer: PolicyAnswer, editions: Mapping[int, Answering] | None = None) -> Again:
    """Work an answer out anew, by the very editions it was given by.

    Parameters
    ----------
    answer : PolicyAnswer
        The answer.
    editions : mapping, optional
        What `editions_of` returned for it and others.

    Articles: 76
    """
    facts = as_known(answer.facts)
    by_id = editions_of([answer]) if editions is None else editions
    found, differs = [], []
    for was in answer.results:
        by = by_id.get(was["edition"])
        if by is None or by.policy.code != was["policy"]:
            differs.append(was["policy"])
            continue
        one = told_by(by, facts, answer.as_of)
        found.append(one)
        if _kept(one) != was:
            differs.append(was["policy"])
    return Again(found, differs)


def editions_of(answers: Iterable[PolicyAnswer]) -> Mapping[int, Answering]:
    """Return the editions some answers were given by, by their number in the database."""
    ids = {one["edition"] for answer in answers for one in answer.results}
    rows = PolicyEdition.objects.filter(pk__in=ids).select_related("policy")
    return {row.pk: Answering(row.policy, row, read_rule(row.rule)) for row in rows}


def _kept(one: Told) -> dict[str, Any]:
    found: dict[str, Any] = {
        "policy": one.by.policy.code,
        "edition": one.by.edition.pk,
        "number": one.by.edition.number,
        "sha256": one.by.edition.sha256,
        "verdict": one.verdict,
    }
    if one.answer is None:
        return found | {"refused": one.refused.code if one.refused else ""}
    return found | {
        "missing": list(one.answer.missing),
        "missing_for_amount": list(one.answer.missing_for_amount),
        "amount_cny": one.answer.amount_text,
        "explanation": [line.as_json() for line in one.answer.explanation],
    }
