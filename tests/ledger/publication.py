"""Records of publications for tests: a public copy, a question that waits, and one whose answer is public."""

from __future__ import annotations

from bridgehead.ground.access.viewer import ANONYMOUS
from bridgehead.rooms.ledger.actions.publication import publish_dossier
from bridgehead.rooms.ledger.actions.questions import approve_answer, ask, draft_answer, publish_answer, route
from bridgehead.rooms.ledger.actions.tasks import give_task
from bridgehead.rooms.ledger.models import PublicQuestion
from bridgehead.rooms.ledger.selectors.dossiers import when
from bridgehead.rooms.ledger.selectors.question_codes import held_by
from bridgehead.rooms.statute.public import article_numbers
from tests.ledger import LedgerWorld, seen_as

ARTICLE = 14


def asked(text: str, **told: str) -> tuple[PublicQuestion, str]:
    """Return a question somebody from the public sent, and its code."""
    article = ARTICLE if ARTICLE in article_numbers() else None
    taken = ask(by=ANONYMOUS, kind="question", article=article, text=text, **told)
    return held_by(taken.number, taken.code), taken.code


def answered(world: LedgerWorld, text: str) -> tuple[PublicQuestion, str]:
    """Return a question commerce answered and its head approved, and its code."""
    row, code = asked(text)
    row = route(by=seen_as(world.coordinator), question=row.pk, version=row.version, organisation=world.commerce.pk)
    row = draft_answer(
        by=seen_as(world.commerce_officer), question=row.pk, version=row.version, answer="查验时间已经延长到 20 时。"
    )
    return approve_answer(by=seen_as(world.commerce_head), question=row.pk, version=row.version), code


def make(world: LedgerWorld) -> None:
    """Publish the dossier of an article, take a question in, and publish the answer to another.

    A region without a regulation has nothing to publish of it; its public asks all the same.
    """
    by = seen_as(world.coordinator)
    task = {"owner": world.office.pk, "lead": world.commerce.pk, "title": "延长查验时间", "term": "20wd"}
    give_task(by=by, article=ARTICLE, **task)
    if ARTICLE in article_numbers():
        told = {"owner": world.office.pk, "article": ARTICLE, "year": when().year}
        publish_dossier(by=by, sections=["duties", "tasks"], note="按季更新", **told)
    asked("口岸几点开？")
    row, _ = answered(world, "查验能不能晚一点结束？")
    publish_answer(by=by, question=row.pk, version=row.version, asked="查验能否延时？")
