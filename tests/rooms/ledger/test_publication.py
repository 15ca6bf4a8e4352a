"""What is public stays as it was published and shows nothing else; what the public asks is answered by two people."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.grants import today
from bridgehead.ground.access.viewer import ANONYMOUS, as_system, viewing
from bridgehead.ground.models import JournalEntry, Person
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.ledger.actions.evidence import Told, accept_evidence, draft_evidence
from bridgehead.rooms.ledger.actions.publication import publish_dossier, withdraw_publication
from bridgehead.rooms.ledger.actions.questions import (
    LONGEST_TEXT,
    approve_answer,
    ask,
    ask_again,
    draft_answer,
    publish_answer,
    return_answer,
    route,
    withdraw_answer,
)
from bridgehead.rooms.ledger.actions.tasks import give_task
from bridgehead.rooms.ledger.models import PublicAnswer, Publication, PublicQuestion
from bridgehead.rooms.ledger.region import calendar
from bridgehead.rooms.ledger.selectors.dossiers import when
from bridgehead.rooms.ledger.selectors.publication import public_article, public_list
from bridgehead.rooms.ledger.selectors.publication_copy import choosable, digest_of, only, whole_copy
from bridgehead.rooms.ledger.selectors.publication_due import questions_due
from bridgehead.rooms.ledger.selectors.publication_questions import asked_of, question_page, questions
from bridgehead.rooms.ledger.selectors.question_codes import held_by
from tests.ground.world import member, organisation
from tests.ledger import LedgerWorld, seen_as
from tests.ledger.publication import ARTICLE, answered, asked

pytestmark = pytest.mark.article(7)
EVERY = ("duties", "tasks", "evidence")
MARKUP = "<script>alert(1)</script>"


def published(world: LedgerWorld, **told: Any) -> Publication:
    kept = {"owner": world.office.pk, "article": ARTICLE, "year": when().year, "sections": EVERY}
    return publish_dossier(by=seen_as(world.coordinator), **(kept | told))


def proven_task(world: LedgerWorld, claim: str) -> None:
    """Give commerce a task under the article and accept evidence of it."""
    task = give_task(
        by=seen_as(world.coordinator),
        owner=world.office.pk,
        lead=world.commerce.pk,
        title="延长查验时间",
        article=ARTICLE,
        due_on=today() + timedelta(days=30),
    )
    told = Told(claim, "商务厅", today(), completes=True)
    given = draft_evidence(by=seen_as(world.commerce_officer), task=task.pk, organisation=world.commerce.pk, told=told)
    with as_system("tests"):
        type(given).objects.filter(pk=given.pk).update(state="handed_in")
    accept_evidence(by=seen_as(world.coordinator), evidence=given.pk, version=given.version)


def codes(refused: pytest.ExceptionInfo[BridgeheadError]) -> set[str]:
    return {fault.code for fault in refused.value.faults}


def enterprise_user() -> Person:
    with as_system("tests"):
        return member(organisation("trader", "enterprise", "外贸公司"), "enterprise", "trader-user", "冯外贸")


def test_the_public_copy_stays_as_it_was_published(world: LedgerWorld) -> None:
    proven_task(world, "验收已经通过")
    row = published(world, note="按季更新")
    with viewing(ANONYMOUS):
        before = public_article(ANONYMOUS, ARTICLE)
        proven_task(world, "后来的一份")
        after = public_article(ANONYMOUS, ARTICLE)
    assert after == before
    assert after.shown[0].copy.says == "", "the sentence counts sections that are not public"
    assert [one.key for one in after.shown[0].copy.sections] == list(EVERY)
    assert len(after.shown[0].copy.sections[2].lines) == 1
    assert digest_of(row.content) == row.sha256
    again = published(world)
    with as_system("tests"):
        row.refresh_from_db()
    assert (row.is_open, row.withdrawn_on) == (False, today()), "a new copy takes the place of the old one"
    with viewing(ANONYMOUS):
        assert len(public_article(ANONYMOUS, ARTICLE).shown[0].copy.sections[2].lines) == 2
        withdraw_publication(by=seen_as(world.coordinator), publication=again.pk, version=again.version, reason="有误")
        with pytest.raises(BridgeheadError) as refused:
            public_article(ANONYMOUS, ARTICLE)
    assert codes(refused) == {"publication.no_such_copy"}


def test_the_sentence_that_counts_every_section_is_public_only_with_all_of_them(world: LedgerWorld) -> None:
    proven_task(world, "验收已经通过")
    asked = when()
    with viewing(seen_as(world.coordinator)):
        whole = whole_copy(seen_as(world.coordinator), world.office, ARTICLE, asked)
    keys = [key for key, _ in choosable(whole, "zh")]
    for code in whole:
        assert only(whole, keys)[code]["says"] == whole[code]["says"] != ""
        assert {only(whole, set(keys) - {one})[code]["says"] for one in keys} == {""}


def test_no_name_of_a_person_no_file_and_no_link_is_public(world: LedgerWorld) -> None:
    proven_task(world, "钱经办已交 验收单.pdf，见 https://intra.example/f/7")
    kept = json.dumps(published(world).content, ensure_ascii=False)
    assert [word for word in ("钱经办", "验收单", "intra.example", "/tasks/", "/evidence/") if word in kept] == []
    assert "（姓名不公开）已交 （文件不公开），见 （链接不公开）" in kept


def test_strangers_see_nothing_of_what_is_not_public(world: LedgerWorld) -> None:
    proven_task(world, "验收已经通过")
    published(world, sections=["tasks"])
    row, _ = asked("口岸几点开？", contact="13800000000")
    hidden, _ = answered(world, "查验能不能晚一点结束？")
    for viewer in (ANONYMOUS, seen_as(enterprise_user())):
        with viewing(viewer):
            assert not visible(PublicQuestion, viewer).exists()
            assert not visible(PublicAnswer, viewer).exists()
            seen = public_list(viewer)
            assert ([one.record.article for one in seen.copies], seen.answers) == ([ARTICLE], [])
            assert [one.key for one in public_article(viewer, ARTICLE).shown[0].copy.sections] == ["tasks"]
            for one in (row, hidden):
                with pytest.raises(BridgeheadError):
                    question_page(viewer, one.pk)
    with viewing(seen_as(world.transport_officer)):
        assert not visible(PublicQuestion, seen_as(world.transport_officer)).exists(), "only who answers it"


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"sections": []}, "publication.no_sections"),
        ({"sections": ["tasks", "secrets"]}, "publication.unknown_section"),
        ({"article": 999}, "dossier.no_such_article"),
        ({"year": 1900}, "request.bad_filter"),
        ({"note": "长" * 501}, "form.text_too_long"),
        ({"seen": "0" * 64}, "publication.changed_since_seen"),
    ],
)
def test_what_cannot_be_published(world: LedgerWorld, told: dict[str, Any], code: str) -> None:
    with pytest.raises(BridgeheadError) as refused:
        published(world, **told)
    assert codes(refused) == {code}


def test_only_the_office_publishes_and_only_what_it_saw(world: LedgerWorld) -> None:
    with pytest.raises(BridgeheadError) as refused:
        publish_dossier(
            by=seen_as(world.commerce_head), owner=world.office.pk, article=ARTICLE, year=when().year, sections=EVERY
        )
    assert codes(refused) == {"action.not_allowed"}
    by = seen_as(world.coordinator)
    with viewing(by):
        seen = digest_of(whole_copy(by, world.office, ARTICLE, when()))
    proven_task(world, "预览以后才认可的")
    with pytest.raises(BridgeheadError) as refused:
        published(world, seen=seen)
    assert codes(refused) == {"publication.changed_since_seen"}


def ticked(page: str) -> list[str]:
    """Return which sections are ticked on the page on which they are published."""
    boxes = re.findall(r'<input type="checkbox" name="sections" value="(\w+)"([^>]*)>', page)
    assert len(boxes) > 3
    return [key for key, rest in boxes if "checked" in rest]


def test_what_is_ticked_when_it_is_published_is_public_and_nothing_else(world: LedgerWorld, browser: Any) -> None:
    proven_task(world, "验收已经通过")
    office, here = browser(world.coordinator), f"/dossiers/{ARTICLE}/publish/"

    def sent(*sections: str, **more: str) -> Any:
        found = office.get(here).context
        told = {"form": "publish", "once": found["form"].once, "seen": found["seen"], "sections": sections}
        return office.post(here, told | more)

    assert ticked(office.get(here).content.decode()) == [], "nothing was published before"
    refused = sent(note="按季更新")
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "没有选公开哪些部分" in page
    assert "按季更新" in page
    assert Client().get(f"/public/{ARTICLE}/").status_code == 404
    refused = sent("evidence", seen="0" * 64)
    assert (refused.status_code, ticked(refused.content.decode())) == (422, ["evidence"]), "the ticks are kept"
    assert sent("evidence").status_code == 302
    with viewing(ANONYMOUS):
        assert [one.key for one in public_article(ANONYMOUS, ARTICLE).shown[0].copy.sections] == ["evidence"]
    assert ticked(office.get(here).content.decode()) == ["evidence"], "as it was published last"
    assert sent("duties", "tasks").status_code == 302
    assert set(ticked(office.get(here).content.decode())) == {"duties", "tasks"}


def test_two_bodies_publish_the_same_article_side_by_side(world: LedgerWorld, browser: Any) -> None:
    proven_task(world, "验收已经通过")
    with as_system("tests"):
        other = organisation("coordination-2", "coordination", "盟市协调机构")
        publisher = member(other, "coordination", "other-coordinator", "丁协调")
    first, year = published(world, sections=["tasks"]), when().year
    second = publish_dossier(by=seen_as(publisher), owner=other.pk, article=ARTICLE, year=year, sections=["duties"])
    with viewing(ANONYMOUS):
        seen, whole = public_article(ANONYMOUS, ARTICLE), public_list(ANONYMOUS)
    assert {one.record.pk for one in seen.shown} == {first.pk, second.pk}
    assert {one.record.pk for one in whole.copies} == {first.pk, second.pk}
    assert whole.says.startswith("公开了 1 条")
    assert whole.regulation in Client().get("/public/").content.decode()
    assert seen.other_years == []
    for address in ("/public/", f"/public/{ARTICLE}/"):
        page = Client().get(address).content.decode()
        assert "盟市协调机构" in page
        assert "协调机构" in page.replace("盟市协调机构", "")
    told = Client().get(f"/api/public/{ARTICLE}").json()
    assert {one["published_by"] for one in told["copies"]} == {"协调机构", "盟市协调机构"}
    withdraw_publication(by=seen_as(publisher), publication=second.pk, version=second.version, reason="有误")
    with viewing(ANONYMOUS):
        assert [one.record.pk for one in public_article(ANONYMOUS, ARTICLE).shown] == [first.pk]
    page = browser(publisher).get(f"/dossiers/{ARTICLE}/publish/").content.decode()
    assert ticked(page) == ["duties"], "what this body published last, not another"


@pytest.mark.article(7)
def test_a_question_is_answered_by_one_person_and_approved_by_another(world: LedgerWorld) -> None:
    row, code = asked("查验能不能晚一点结束？", contact="13800000000")
    assert (row.owner_id, row.state, row.office_id) == (world.office.pk, "new", None)
    assert row.due_on == calendar().add(today(), 15)
    row = route(by=seen_as(world.coordinator), question=row.pk, version=row.version, organisation=world.commerce.pk)
    for drafts in (world.commerce_head, world.commerce_officer):
        row = draft_answer(by=seen_as(drafts), question=row.pk, version=row.version, answer="可以，20 时结束。")
    with pytest.raises(BridgeheadError) as refused:  # the head wrote at it, too
        approve_answer(by=seen_as(world.commerce_head), question=row.pk, version=row.version)
    assert codes(refused) == {"question.own_answer"}
    with pytest.raises(BridgeheadError) as refused:
        approve_answer(by=seen_as(world.commerce_officer), question=row.pk, version=row.version)
    assert codes(refused) == {"action.not_allowed"}
    row = return_answer(by=seen_as(world.coordinator), question=row.pk, version=row.version, reason="写明依据")
    assert (row.state, row.returned, held_by(row.number, code).answer) == ("routed", "写明依据", "可以，20 时结束。")
    row = draft_answer(by=seen_as(world.commerce_officer), question=row.pk, version=row.version, answer="依据通告。")
    row = approve_answer(by=seen_as(world.coordinator), question=row.pk, version=row.version)
    assert (row.state, row.answered_on, row.contact) == ("answered", today(), "")
    with as_system("tests"):
        kept = [one.before + one.after for one in JournalEntry.objects.filter(record_kind=PublicQuestion.RECORD)]
    assert len(kept) == 7
    assert not any("13800000000" in one or row.code_hash in one for one in kept)


def test_a_public_answer_is_edited_withdrawn_and_never_the_original(world: LedgerWorld, browser: Any) -> None:
    by = seen_as(world.coordinator)
    row, _ = answered(world, f"我是冯某，{MARKUP} 查验能不能晚一点结束？")
    public = publish_answer(by=by, question=row.pk, version=row.version, asked=f"查验能否延时？{MARKUP}")
    with pytest.raises(BridgeheadError) as refused:
        publish_answer(by=by, question=row.pk, version=row.version, asked="又一次")
    assert codes(refused) == {"question.published"}
    page = Client().get("/public/").content.decode()
    assert "查验能否延时？&lt;script&gt;" in page
    assert MARKUP not in page
    assert "冯某" not in page
    inside = browser(world.coordinator).get(f"/questions/{row.pk}/").content.decode()
    assert MARKUP not in inside
    withdraw_answer(by=by, answer=public.pk, version=public.version, reason="改写法")
    assert "查验能否延时" not in Client().get("/public/").content.decode()


def test_a_question_is_asked_again_once(world: LedgerWorld) -> None:
    row, code = answered(world, "查验能不能晚一点结束？")
    waiting, other = asked("口岸几点开？")
    for number, key, fault in (
        (row.number, other, "question.unknown"),
        ("2026-000000x", code, "question.unknown"),
        ("号", code, "question.unknown"),
        (waiting.number, other, "question.not_answered_yet"),
    ):
        with pytest.raises(BridgeheadError) as refused:
            ask_again(by=ANONYMOUS, number=number, code=key, text="没有答到")
        assert codes(refused) == {fault}
    again = ask_again(by=ANONYMOUS, number=row.number, code=f" {code.lower()} ", text="周末呢？")
    assert (again.state, again.text, again.earlier, again.earlier_answer) == (
        "new",
        "周末呢？",
        "查验能不能晚一点结束？",
        "查验时间已经延长到 20 时。",
    )
    again = route(
        by=seen_as(world.coordinator), question=again.pk, version=again.version, organisation=world.customs.pk
    )
    again = draft_answer(by=seen_as(world.customs_officer), question=again.pk, version=again.version, answer="也可以。")
    approve_answer(by=seen_as(world.coordinator), question=again.pk, version=again.version)
    with pytest.raises(BridgeheadError) as refused:
        ask_again(by=ANONYMOUS, number=row.number, code=code, text="再来一次")
    assert codes(refused) == {"question.asked_again"}


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"text": " \n "}, {"form.missing"}),
        ({"text": "长" * (LONGEST_TEXT + 1)}, {"form.text_too_long"}),
        ({"kind": "praise", "article": 999}, {"form.no_such_choice", "dossier.no_such_article"}),
        ({"contact": "1" * 201}, {"form.text_too_long"}),
    ],
)
def test_what_cannot_be_asked(world: LedgerWorld, told: dict[str, Any], expected: set[str]) -> None:
    with pytest.raises(BridgeheadError) as refused:
        ask(by=ANONYMOUS, **({"kind": "question", "text": "口岸几点开？"} | told))
    assert codes(refused) == expected
    with as_system("tests"):
        assert not PublicQuestion.objects.exists()


def test_what_waits_is_listed_with_what_is_late_first(world: LedgerWorld, seen_by: Callable[..., Any]) -> None:
    late, _ = asked("口岸几点开？", contact="13800000000")
    fresh, _ = asked("要带什么单证？")
    with as_system("tests"):
        PublicQuestion.objects.filter(pk=late.pk).update(due_on=today() - timedelta(days=7))
    found = seen_by(world.coordinator, questions)
    assert found.says == "2 件公众来件在等，1 件已逾期"
    assert [(one.record.pk, one.late) for one in found.rows] == [(late.pk, True), (fresh.pk, False)]
    assert seen_by(world.coordinator, question_page, late.pk).contact == "13800000000"
    route(by=seen_as(world.coordinator), question=fresh.pk, version=fresh.version, organisation=world.commerce.pk)
    assert seen_by(world.commerce_officer, question_page, fresh.pk).contact == ""
    due = seen_by(world.coordinator, questions_due, [world.office.pk], today())
    assert [(one.organisation, one.what, one.due_on) for one in due] == [
        (world.office.pk, "等分办", calendar().add(today(), 3))
    ]
    due = seen_by(world.commerce_officer, questions_due, [world.commerce.pk], today())
    assert [(one.title.partition(" ")[2], one.what, one.due_on) for one in due] == [
        ("要带什么单证？", "等答复", fresh.due_on)
    ]
    assert asked_of(fresh, fresh.due_on).late is False
    assert asked_of(fresh, fresh.due_on + timedelta(days=1)).late is True


@pytest.mark.article(7)
def test_anybody_asks_and_looks_it_up_on_the_pages(world: LedgerWorld) -> None:
    client = Client()

    keys = (f"a-form-{number}" for number in itertools.count())

    def sent(address: str, **fields: str) -> Any:
        return client.post(address, {"once": next(keys)} | fields)

    refused = sent("/public/ask/", form="ask", kind="question", text="", article="", contact="老王")
    assert refused.status_code == 422
    assert "老王" in refused.content.decode(), "what was typed is still there"
    taken = sent("/public/ask/", form="ask", kind="question", text=f"几点开？{MARKUP}", article="14", contact="")
    shown = taken.context["taken"]
    assert shown.code in taken.content.decode()
    with as_system("tests"):
        assert PublicQuestion.objects.get().number == shown.number
    wrong = sent("/public/state/", form="look", number=shown.number, password="AAAAAAAAAAAA")
    assert wrong.status_code == 422
    assert "几点开" not in wrong.content.decode()
    found = sent("/public/state/", form="look", number=shown.number, password=shown.code)
    page = found.content.decode()
    assert found.status_code == 200
    assert "几点开？&lt;script&gt;" in page
    assert found["Cache-Control"] == "no-store, private"
    for _ in range(12):
        last = sent("/public/state/", form="look", number=shown.number, password="AAAAAAAAAAAA")
    assert last.status_code == 429, "codes cannot be tried one after the other"


def test_pages_of_publications_answer_the_right_people(world: LedgerWorld, browser: Callable[[Person], Client]) -> None:
    proven_task(world, "验收已经通过")
    office = browser(world.coordinator)
    form = office.get(f"/dossiers/{ARTICLE}/publish/").context
    sent = {"form": "publish", "once": form["form"].once, "seen": form["seen"], "note": "按季更新", "sections": "tasks"}
    done = office.post(f"/dossiers/{ARTICLE}/publish/", sent)
    assert done.status_code == 302
    public = Client().get(done["Location"]).content.decode()
    assert "延长查验时间" in public
    assert "验收已经通过" not in public
    assert "按季更新" in public
    row, _ = asked("口岸几点开？")
    form = office.get(f"/questions/{row.pk}/").context["forms"]["route"]
    given = {"form": "route", "once": form.once, "version": str(form.version), "organisation": str(world.commerce.pk)}
    assert office.post(f"/questions/{row.pk}/", given).status_code == 302
    assert office.post(f"/questions/{row.pk}/", given | {"once": "another-key"}).status_code == 409
    assert browser(world.commerce_officer).get(f"/questions/{row.pk}/").context["forms"].keys() == {"draft"}
    stranger = browser(enterprise_user())
    for address in (f"/dossiers/{ARTICLE}/", f"/dossiers/{ARTICLE}/publish/", "/questions/", f"/questions/{row.pk}/"):
        assert stranger.get(address).status_code == 403
        assert Client().get(address).status_code in (302, 401, 403)
