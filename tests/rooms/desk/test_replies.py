"""Public replies: two people stand for one, nothing tells who asked, and whoever asks next is shown it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from bridgehead.ground.access.viewer import ANONYMOUS, as_system, viewing
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.desk.actions.case_moves import Given, move_case
from bridgehead.rooms.desk.actions.policies import withdraw_policy
from bridgehead.rooms.desk.actions.replies import change_reply, release_reply, return_reply, withdraw_reply
from bridgehead.rooms.desk.models import Case, Notice, Policy, PublicReply
from bridgehead.rooms.desk.selectors.replies import replies, replies_about, similar_replies
from tests.desk.cases import QUESTION, CaseWorld, Now, lodged
from tests.desk.policies import PolicyWorld, changed, published, rule
from tests.desk.replies import TEXTS, drafted, published_policy, question, released, reply_told
from tests.ground.world import member
from tests.ledger import seen_as
from tests.rooms.desk.test_case_pages import seen, sent

pytestmark = [pytest.mark.django_db, pytest.mark.article(51)]


def codes(refused: pytest.ExceptionInfo[BridgeheadError]) -> set[str]:
    return {one.code for one in refused.value.faults}


def listed(q: str = "", policy: str = "") -> list[str]:
    return [one.question for one in replies(ANONYMOUS, q, policy).items]


def test_only_an_answered_question_whose_asker_allows_it_becomes_public(there: CaseWorld) -> None:
    open_case = lodged(there)
    unwilling = question(there, may_publish="no")
    for case in (open_case, unwilling):
        with pytest.raises(BridgeheadError) as refused:
            drafted(there, case)
        assert codes(refused) == {"reply.not_for_the_public"}
    case = question(there)
    drafted(there, case)
    with pytest.raises(BridgeheadError) as refused:
        drafted(there, case)
    assert codes(refused) == {"reply.there_is_one"}


@pytest.mark.parametrize(
    ("amiss", "expected"),
    [
        ({"expires_on": None}, {"form.missing@expires_on"}),
        ({"expires_on": date(2026, 3, 2)}, {"reply.expires_too_soon@expires_on"}),
        ({"expires_on": date(2029, 1, 1)}, {"reply.expires_too_late@expires_on"}),
        ({"texts": {"question": TEXTS["question"]}}, {"form.missing@answer_zh"}),
        ({"policies": "no-such"}, {"reply.unknown_policy@policies"}),
        ({"policies": "a,b,c,d,e,f"}, {"reply.too_many_policies@policies"}),
    ],
)
def test_whatever_is_wrong_with_a_reply_is_told_at_its_field(
    there: CaseWorld, amiss: dict[str, Any], expected: set[str]
) -> None:
    with pytest.raises(BridgeheadError) as refused:
        drafted(there, **amiss)
    assert {f"{one.code}@{one.place.field}" for one in refused.value.faults} == expected


@pytest.mark.parametrize("words", ["甲公司", "甲 公司", "甲\u200b公司", "冯\u00ad外贸", "冯外贸", "2026-0000NN"])
def test_names_and_numbers_of_who_asked_are_refused_in_every_field(there: CaseWorld, words: str) -> None:
    case = question(there)
    said = words.replace("2026-0000NN", case.number)
    texts = {"question": TEXTS["question"], "answer": {"zh": f"答复{said}：可以。", "ru": f"Для «{said}» можно."}}
    with pytest.raises(BridgeheadError) as refused:
        drafted(there, case, texts=texts)
    assert sorted(str(one.place.field) for one in refused.value.faults) == ["answer_ru", "answer_zh"]
    assert codes(refused) == {"reply.tells_who_asked"}


def test_nobody_releases_what_they_wrote_and_a_draft_goes_back_with_a_reason(there: CaseWorld) -> None:
    row = drafted(there)
    with pytest.raises(BridgeheadError, match=r"action\.not_allowed"):
        release_reply(by=seen_as(there.officer), reply=row.pk, version=row.version)
    row = return_reply(by=seen_as(there.head), reply=row.pk, version=row.version, reason="写明依据")
    assert row.returned == "写明依据"
    row = change_reply(by=seen_as(there.head), reply=row.pk, version=row.version, told=reply_told())
    with pytest.raises(BridgeheadError, match=r"reply\.own_work"):
        release_reply(by=seen_as(there.head), reply=row.pk, version=row.version)
    with pytest.raises(IntegrityError), transaction.atomic(), as_system("tests"):
        PublicReply.objects.filter(pk=row.pk).update(released_by=row.written_by)
    other = member(there.commerce, "head", "second-head", "孙厅长")
    assert release_reply(by=seen_as(other), reply=row.pk, version=row.version).is_open
    with pytest.raises(BridgeheadError) as refused:
        change_reply(by=seen_as(there.officer), reply=row.pk, version=row.version + 1, told=reply_told())
    assert "reply.not_a_draft" in codes(refused)


def test_a_question_opened_again_is_not_released(there: CaseWorld) -> None:
    row = drafted(there)
    with as_system("tests"):
        case = Case.objects.get(pk=row.case_id)
    again = Given({"reason": "还有疑问"})
    move_case(by=seen_as(there.trader), case=case.pk, version=case.version, move="reopen", given=again)
    with pytest.raises(BridgeheadError) as refused:
        release_reply(by=seen_as(there.head), reply=row.pk, version=row.version)
    assert codes(refused) == {"reply.not_for_the_public"}


def test_who_asked_is_told_and_nothing_of_the_case_is_public(there: CaseWorld, client: Client) -> None:
    row = released(there)
    with as_system("tests"):
        case = Case.objects.get(pk=row.case_id)
        told = Notice.objects.get(kind="question_public")
    assert (told.owner_id, told.kwargs) == (there.firm.pk, {"reply": row.pk})
    pages = [f"{code}/services/answers/{end}" for code in ("", "/en", "/ru", "/mn") for end in ("", f"{row.pk}/")]
    pages += ["/api/answers", f"/api/answers/{row.pk}", "/api/search?q=增值税", "/services/answers/?q=增值税"]
    secrets = (case.number, case.title, QUESTION["question"], "甲公司", "冯外贸", f"/cases/{case.pk}", "alpha")
    for who in (None, there.competitor, there.city_officer):
        for address in pages:
            html = seen(client, who, address)
            for secret in secrets:
                assert secret not in html, (who, address, secret)
    assert "月销售额不超过标准的免征" in seen(client, None, f"/services/answers/{row.pk}/")
    assert "When is a small taxpayer exempt" in seen(client, None, f"/ru/services/answers/{row.pk}/")


def test_a_draft_and_its_case_are_its_offices_own(there: CaseWorld, client: Client) -> None:
    row = drafted(there)
    ways = ("/services/answers/{}/", "/desk/public-answers/{}/", "/api/answers/{}")
    for who in (None, there.trader, there.competitor, there.city_officer):
        client.logout()
        if who is not None:
            client.force_login(who)
        for way in ways:
            assert client.get(way.format(row.pk)).status_code in (302, 401, 403, 404), (who, way)
        assert client.get(f"/desk/cases/{row.case_id}/answer/").status_code in (302, 401, 403, 404)
    assert "这是草稿" in seen(client, there.officer, f"/services/answers/{row.pk}/")
    assert listed() == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="the second lock is that of PostgreSQL")
def test_the_database_itself_shows_no_draft_to_others(there: CaseWorld) -> None:
    draft, public = drafted(there), released(there)
    with viewing(ANONYMOUS):
        assert list(PublicReply.objects.values_list("pk", flat=True)) == [public.pk]
    with viewing(seen_as(there.trader)):
        assert list(PublicReply.objects.values_list("pk", flat=True)) == [public.pk]
    with viewing(seen_as(there.officer)):
        assert set(PublicReply.objects.values_list("pk", flat=True)) == {draft.pk, public.pk}


def test_a_reply_ends_by_itself_and_by_withdrawal(there: CaseWorld, client: Client, now: Now) -> None:
    row = released(there)
    assert listed() == [TEXTS["question"]["zh"]]
    assert listed("增值税") == [TEXTS["question"]["zh"]]
    assert listed("羊绒") == []
    now.set("2027-01-01 09:30")
    assert listed() == listed("增值税") == []
    assert similar_replies(ANONYMOUS, "免征增值税的条件") == []
    assert "已过期" in seen(client, None, f"/services/answers/{row.pk}/")
    assert client.get(f"/api/answers/{row.pk}").json()["current"] is False
    now.set("2026-03-03 09:30")
    withdraw_reply(by=seen_as(there.head), reply=row.pk, version=row.version, reason="规定改了")
    assert listed() == listed("增值税") == []
    client.logout()
    assert client.get(f"/services/answers/{row.pk}/").status_code == 404


def test_a_reply_stands_with_its_policies(there: CaseWorld, client: Client) -> None:
    row = released(there, policies=published_policy(there))
    published_policy(there, "cn-vat-small")
    assert [one.record.pk for one in replies_about("cn-vat-small-exempt")] == [row.pk]
    assert replies_about("cn-vat-small") == []
    assert listed(policy="cn-vat-small-exempt") == [TEXTS["question"]["zh"]]
    assert listed("增值税", "cn-vat-small") == []
    assert client.get(f"/api/answers/{row.pk}").json()["policies"] == ["cn-vat-small-exempt"]


def keepers(there: CaseWorld) -> PolicyWorld:
    """Return the people of the desk as those who keep the library."""
    firms = (there.commerce, there.firm, there.rival)
    officers = (there.officer, there.second_officer, there.head, there.city_officer)
    return PolicyWorld(*firms, *officers, there.trader, there.competitor)


def test_a_reply_ends_with_a_policy_it_rests_on(there: CaseWorld, client: Client) -> None:
    code = published(keepers(there), rule("cn-vat-small-exempt")).policy.code
    published(keepers(there), rule("cn-vat-small"))
    row = released(there, policies=f"cn-vat-small,{code}")
    other = released(there, policies="cn-vat-small")
    assert len(listed()) == len(listed("增值税")) == 2
    policy = Policy.objects.get(code=code)
    withdraw_policy(by=seen_as(there.head), policy=policy.pk, version=policy.version, reason="文件废止")
    assert [one.record.pk for one in replies(ANONYMOUS).items] == [other.pk]
    assert [one.record.pk for one in replies(ANONYMOUS, "增值税").items] == [other.pk]
    assert replies(ANONYMOUS, "增值税").total == 1
    assert [one.record.pk for one in similar_replies(ANONYMOUS, "免征增值税的条件")] == [other.pk]
    assert replies_about(code) == []
    html = seen(client, None, f"/services/answers/{row.pk}/")
    assert "答复不再适用" in html
    assert "起不再使用" in html
    assert "答复不再适用" not in seen(client, None, f"/services/answers/{other.pk}/")
    assert "no longer holds" in seen(client, None, f"/en/services/answers/{row.pk}/")
    assert client.get(f"/api/answers/{row.pk}").json()["current"] is False
    assert client.get(f"/api/answers/{other.pk}").json()["current"] is True
    assert "所依据的政策已不再使用" in seen(client, there.officer, f"/desk/public-answers/{row.pk}/")


def test_no_reply_rests_on_a_policy_that_is_no_longer_in_use(there: CaseWorld) -> None:
    row = published(keepers(there), rule("cn-vat-small-exempt"))
    draft = drafted(there, policies=row.policy.code)
    policy = Policy.objects.get(pk=row.policy_id)
    withdraw_policy(by=seen_as(there.head), policy=policy.pk, version=policy.version, reason="文件废止")
    with pytest.raises(BridgeheadError) as refused:
        release_reply(by=seen_as(there.head), reply=draft.pk, version=draft.version)
    assert codes(refused) == {"reply.withdrawn_policy"}
    with pytest.raises(BridgeheadError) as refused:
        drafted(there, policies=row.policy.code)
    assert codes(refused) == {"reply.withdrawn_policy"}
    assert refused.value.faults[0].place.field == "policies"


def test_a_reply_says_that_its_policy_changed_since(there: CaseWorld, client: Client, now: Now) -> None:
    first = published(keepers(there), rule("cn-vat-small-exempt"))
    row = released(there, policies=first.policy.code)
    address = f"/services/answers/{row.pk}/"
    said = "这项政策有变化"
    now.set("2026-03-03 09:30")
    changed(keepers(there), first, rule("cn-vat-small-exempt", staff=100), date(2026, 3, 10))
    assert said not in seen(client, None, address)
    now.set("2026-03-10 09:30")
    assert said in seen(client, None, address)
    assert listed() == [TEXTS["question"]["zh"]]
    assert client.get(f"/api/answers/{row.pk}").json()["current"] is True


@pytest.mark.parametrize(
    ("asked", "finds"),
    [
        ("我们是小规模纳税人，怎样免征增值税？", True),
        ("增值税免征条件", True),
        ("羊绒出口要不要检疫证书", False),
        ("", False),
        ("？！", False),
    ],
)
def test_whoever_begins_a_question_is_shown_what_is_alike(there: CaseWorld, asked: str, finds: bool) -> None:
    released(there)
    assert bool(similar_replies(ANONYMOUS, asked)) is finds


def test_the_form_shows_what_is_alike_before_lodging(there: CaseWorld, client: Client) -> None:
    row = released(there)
    link = f"/services/answers/{row.pk}/"
    assert link not in seen(client, there.competitor, "/services/policy_question/")
    assert link in seen(client, there.competitor, "/services/policy_question/?about=小规模纳税人免征增值税")
    assert "没有相近的公开答复" in seen(client, None, "/services/policy_question/?about=羊绒检疫")
    fields = {"title": "增值税", "question": "小规模纳税人怎样免征增值税？", "keep": "yes", "firm": str(there.rival.pk)}
    answer = sent(client, there.competitor, "/services/policy_question/", "lodge", **fields)
    assert answer.status_code == 302
    assert link in seen(client, there.competitor, str(answer.headers["Location"]))
    assert "similar" not in seen(client, there.competitor, "/services/relief/")


def test_an_officer_goes_from_the_case_to_the_public_page(there: CaseWorld, client: Client) -> None:
    case = question(there)
    page = f"/desk/cases/{case.pk}/"
    assert f"{page}answer/" in seen(client, there.officer, page)
    assert f"{page}answer/" not in seen(client, there.trader, page)
    assert case.title in seen(client, there.officer, "/desk/public-answers/")
    html = seen(client, there.officer, f"{page}answer/")
    assert QUESTION["question"] in html
    assert "按政策第一条" in html
    fields = {f"{kind}_{code}": text for kind, by in TEXTS.items() for code, text in by.items()}
    fields |= {"expires_on": "2026-12-31", "policies": ""}
    refused = sent(client, there.officer, f"{page}answer/", "reply", **{**fields, "answer_zh": "甲公司可以"})
    assert refused.status_code == 422
    assert "看得出是谁问的" in refused.content.decode()
    answer = sent(client, there.officer, f"{page}answer/", "reply", **fields)
    assert answer.status_code == 302
    with as_system("tests"):
        row = PublicReply.objects.get()
    keep = f"/desk/public-answers/{row.pk}/"
    assert answer.headers["Location"] == keep
    assert keep in seen(client, there.officer, page)
    assert 'value="release"' not in seen(client, there.officer, keep)
    assert 'value="release"' in seen(client, there.head, keep)
    version = {"version": str(row.version)}
    assert sent(client, there.head, keep, "release", **version).status_code == 302
    assert listed() == [TEXTS["question"]["zh"]]
    assert client.get("/en/desk/public-answers/").status_code == 200
