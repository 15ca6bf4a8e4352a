"""Actions on law inspections: the plan, questions, samples chosen or drawn, and what was found on site."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bridgehead.engines.obligations.drawing import draw
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.files.uploads import Received
from bridgehead.ground.models import Organisation
from bridgehead.rooms.ledger.actions.supervision_parts import (
    LONGEST_LINE,
    LONGEST_TITLE,
    body,
    kept_file,
    known_articles,
    not_later,
    refuse_ended,
    require_keeper,
    today,
    told,
)
from bridgehead.rooms.ledger.models import (
    Finding,
    Inspection,
    Lot,
    Question,
    Rectification,
    Sample,
    SupervisionCase,
)
from bridgehead.rooms.ledger.pools import pool

MOST_DRAWN = 200
LONGEST_SEED = 64


@action("inspection.plan")
def plan_inspection(
    deed: Deed,
    *,
    organisation: int,
    office: int | None,
    title: str,
    articles: Iterable[int],
    group: Iterable[str],
    starts_on: date,
    ends_on: date,
    plan: str = "",
    case: int | None = None,
) -> Inspection:
    """Plan an inspection: what is looked at, by whom, when.

    Raises
    ------
    BridgeheadError
        ``form.missing``, ``ledger.unknown_body``, ``supervision.unknown_article``, ``supervision.ends_before``,
        ``supervision.other_case``; all at once.

    Articles: 83
    """
    require_keeper(deed, organisation)
    owner = deed.lock(Organisation, organisation)
    inspected = body(deed, office, "office")
    title = told(deed, title, "title", longest=LONGEST_TITLE)
    about = known_articles(deed, articles)
    names = [one.strip() for one in group if one.strip()]
    if not names:
        deed.refuse("form.missing", None, "group")
    if ends_on < starts_on:
        deed.refuse("supervision.ends_before", {"starts": str(starts_on), "ends": str(ends_on)}, "ends_on")
    plan = told(deed, plan, "plan", needed=False)
    of_it = deed.lock(SupervisionCase, case) if case is not None else None
    if of_it is not None and of_it.owner_id != owner.pk:
        deed.refuse("supervision.other_case", None, "case")
    deed.check()
    return deed.create(
        Inspection(
            owner=owner,
            office=inspected,
            case=of_it,
            title=title,
            plan=plan,
            articles=about,
            group=names,
            starts_on=starts_on,
            ends_on=ends_on,
            author_id=deed.by.person_id,
        )
    )


def _held(deed: Deed, inspection: int) -> Inspection:
    record = deed.lock(Inspection, inspection)
    require_keeper(deed, record.owner_id)
    refuse_ended(deed, record)
    return record


def _sides(inspection: Inspection) -> dict[str, int]:
    return {"owner_id": inspection.owner_id, "office_id": inspection.office_id}


@action("inspection.suggest")
def write_suggestions(deed: Deed, *, inspection: int, suggestions: str, version: int | None = None) -> Inspection:
    """Write what the inspection suggests, for its report."""
    record = deed.lock(Inspection, inspection, version)
    require_keeper(deed, record.owner_id)
    refuse_ended(deed, record)
    text = told(deed, suggestions, "suggestions", needed=False)
    deed.check()
    return deed.change(record, suggestions=text)


@action("inspection.ask")
def ask_question(deed: Deed, *, inspection: int, article: int | None, text: str, check_what: str = "") -> Question:
    """Add a question about one of the articles that are looked at.

    Raises
    ------
    BridgeheadError
        ``form.missing``, ``supervision.article_not_chosen``.

    Articles: 83
    """
    record = _held(deed, inspection)
    check_article(deed, record, article)
    text = told(deed, text, "text", longest=LONGEST_LINE)
    check_what = told(deed, check_what, "check_what", needed=False, longest=LONGEST_LINE)
    deed.check()
    return deed.create(Question(inspection=record, **_sides(record), article=article, text=text, check_what=check_what))


def check_article(deed: Deed, inspection: Inspection, article: int | None) -> None:
    """Note an article that the inspection does not look at."""
    if article not in inspection.articles:
        told = {"article": article or "", "chosen": list(inspection.articles)}
        deed.refuse("supervision.article_not_chosen", told, "article")


@action("inspection.choose_sample")
def choose_sample(deed: Deed, *, inspection: int, name: str, place: str = "", visit_on: date | None = None) -> Sample:
    """Choose a body or a place to visit.

    Articles: 83
    """
    record = _held(deed, inspection)
    name = told(deed, name, "name", longest=LONGEST_TITLE)
    place = told(deed, place, "place", needed=False, longest=LONGEST_TITLE)
    deed.check()
    return deed.create(Sample(inspection=record, **_sides(record), name=name, place=place, visit_on=visit_on))


@action("inspection.draw")
def draw_samples(deed: Deed, *, inspection: int, kind: str, seed: str, wanted: int | None) -> Lot:
    """Draw samples by lot: seed and pool are kept, so that anybody can draw again and get the same.

    Parameters
    ----------
    deed : Deed
        Who draws.
    inspection : int
        The inspection.
    kind : str
        What is drawn from: one of `bridgehead.rooms.ledger.pools.kinds`.
    seed : str
        Fixed before it is known what it draws, such as a number drawn in public.
    wanted : int
        How many.

    Raises
    ------
    BridgeheadError
        ``form.no_such_choice``, ``form.missing``, ``supervision.too_long``, ``supervision.draw_count``,
        ``supervision.empty_pool``, ``supervision.drawn_before`` where the same pool was drawn from already.

    Articles: 83
    """
    record = _held(deed, inspection)
    seed = told(deed, seed, "seed", longest=LONGEST_SEED)
    from_pool = pool(deed.by, kind)
    if from_pool is None:
        deed.refuse("form.no_such_choice", {"value": kind}, "kind")
    elif not from_pool:
        deed.refuse("supervision.empty_pool", None, "kind")
    if wanted is None or not 0 < wanted <= MOST_DRAWN:
        deed.refuse("supervision.draw_count", {"limit": MOST_DRAWN}, "wanted")
    if record.lots.filter(kind=kind).exists():
        deed.refuse("supervision.drawn_before", None, "kind")
    deed.check()
    names = {one: (zh, en) for one, zh, en in from_pool or ()}
    lot = deed.create(
        Lot(
            inspection=record,
            **_sides(record),
            kind=kind,
            seed=seed,
            pool=[[one, *names[one]] for one in sorted(names)],
            wanted=wanted,
            drawn_on=today(deed),
            author_id=deed.by.person_id,
        )
    )
    for one in draw(seed, names, wanted or 0):
        zh, en = (name[:LONGEST_TITLE] for name in names[one])
        deed.create(Sample(inspection=record, **_sides(record), lot=lot, drawn_id=one, name=zh, name_en=en))
    return lot


@action("inspection.find")
def record_finding(
    deed: Deed,
    *,
    inspection: int,
    article: int | None,
    found_on: date,
    text: str,
    conforming: bool,
    office: int | None = None,
    severity: str = "",
    measure: str = "",
    due_on: date | None = None,
    sample: int | None = None,
    question: int | None = None,
    file: Received | None = None,
) -> Finding:
    """Record what was found on site; a fault has a body that answers for it, and is to be mended by a day.

    Raises
    ------
    BridgeheadError
        ``supervision.article_not_chosen``, ``supervision.finding_unowned`` for a fault without a responsible body,
        ``form.missing``, ``form.no_such_choice``, ``supervision.not_yet``, ``supervision.due_before``,
        ``supervision.before_inspection``, ``supervision.question_elsewhere`` for a question about another article,
        ``supervision.conforming_with_fault`` where what is in order is to be mended; all at once.

    Articles: 83
    """
    record = _held(deed, inspection)
    asked, visited, article = place_found(deed, record, article, question, sample)
    text = told(deed, text, "text")
    not_later(deed, found_on, "found_on")
    if found_on < record.starts_on:
        deed.refuse("supervision.before_inspection", {"on": str(found_on), "starts": str(record.starts_on)}, "found_on")
    if conforming:
        _check_conforming(deed, office=office, severity=severity, measure=measure.strip(), due_on=due_on)
    mends = None if conforming else _check_fault(deed, office, severity, due_on, found_on)
    measure = told(deed, measure, "measure", needed=not conforming)
    deed.check()
    deed.holds_from(found_on)
    finding = deed.create(
        Finding(
            inspection=record,
            owner_id=record.owner_id,
            office=mends,
            sample=visited,
            question=asked,
            article=article,
            matter=record.title,
            found_on=found_on,
            text=text,
            conforming=conforming,
            severity="" if conforming else severity,
            file=kept_file(deed, file, record.owner_id, mends.pk if mends else None),
            author_id=deed.by.person_id,
        )
    )
    if mends is not None:
        deed.create(
            Rectification(finding=finding, owner_id=record.owner_id, office=mends, measure=measure, due_on=due_on)
        )
    return finding


def place_found(
    deed: Deed, inspection: Inspection, article: int | None, question: int | None, sample: int | None
) -> tuple[Question | None, Sample | None, int | None]:
    """Return to which question, sample and article a finding belongs, noting what is none of its inspection."""
    asked = inspection.questions.filter(pk=question).first() if question else None
    visited = inspection.samples.filter(pk=sample).first() if sample else None
    for given, there, field in ((question, asked, "question"), (sample, visited, "sample")):
        if given and there is None:
            deed.refuse("form.no_such_choice", {"value": given}, field)
    if asked is not None and article not in (None, asked.article):
        deed.refuse("supervision.question_elsewhere", {"article": article, "asked": asked.article}, "question")
    about = asked.article if asked is not None and article is None else article
    check_article(deed, inspection, about)
    return asked, visited, about


def _check_conforming(deed: Deed, **of_a_fault: object) -> None:
    """Note what only a fault has, where something is in order: it would be lost."""
    for field, value in of_a_fault.items():
        if value:
            deed.refuse("supervision.conforming_with_fault", None, field)


def _check_fault(
    deed: Deed, office: int | None, severity: str, due_on: date | None, found_on: date
) -> Organisation | None:
    if not office:
        deed.refuse("supervision.finding_unowned", None, "office")
    if severity not in Finding.Severity.values:
        deed.refuse("form.no_such_choice" if severity else "form.missing", {"value": severity}, "severity")
    if due_on is None:
        deed.refuse("form.missing", None, "due_on")
    elif due_on < found_on:
        deed.refuse("supervision.due_before", {"due": str(due_on), "on": str(found_on)}, "due_on")
    return body(deed, office, "office") if office else None
