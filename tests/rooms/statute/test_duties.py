"""The review queue and a duty: what a person answered is never lost."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from django.test import Client

from bridgehead.ground.access.grants import viewer_of
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.actions import Deed
from bridgehead.ground.models import JournalEntry
from bridgehead.ground.region import current
from bridgehead.ground.search.find import find
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.statute.actions import (
    answer_duty,
    date_version,
    import_statute,
    reject_duty,
    reread_version,
    texts,
    withdraw_answer,
    withdraw_version,
)
from bridgehead.rooms.statute.derived import state_of
from bridgehead.rooms.statute.models import Answer, DutyRow, StatuteVersion
from bridgehead.rooms.statute.parsing import Reading
from tests.ground.world import member, organisation
from tests.rooms.statute.conftest import Office
from tests.statutes import LATER

pytestmark = pytest.mark.django_db
NOBODY = "提前两个小时告知"


def _row(version: StatuteVersion, words: str, modality: str = "") -> DutyRow:
    with as_system("tests"):
        rows = DutyRow.objects.filter(statute=version, evidence__contains=words)
        return (rows.filter(modality=modality) if modality else rows).select_related("answer").first()


def _organs(row: DutyRow) -> list[tuple[str, str]]:
    with as_system("tests"):
        return [(one.organ, one.part) for one in DutyRow.objects.get(pk=row.pk).bearers.all()]


def _answer(office: Office, row: DutyRow, *organs: str, **more: object) -> Answer:
    told = [{"organ": one, "name": one, "part": "actor"} for one in organs]
    return answer_duty(by=office.viewer, duty=row.pk, organisation=office.organisation.pk, bearers=told, **more)


def test_unnamed_and_inherited_actors_wait_for_review(office: Office, earlier: StatuteVersion) -> None:
    with as_system("tests"):
        waiting = DutyRow.objects.filter(to_review=True)
        assert waiting.exists()
        assert all(set(row.doubts) & {"unnamed", "inherited"} for row in waiting)
        assert not any(set(row.doubts) & {"unnamed", "inherited"} for row in DutyRow.objects.filter(to_review=False))
        total = waiting.count()
    html = office.client().get("/duties/review/").content.decode()
    assert f"{total} 项职责等人核对" in html
    assert NOBODY in html


def test_a_confirmation_from_the_queue_is_journalled_and_leaves_the_queue(
    office: Office, earlier: StatuteVersion
) -> None:
    row = _row(earlier, NOBODY)
    client = office.client()
    html = client.get("/duties/review/").content.decode()
    once = re.search(r'name="once" value="([^"]+)"', html).group(1)
    fields = {
        "form": "confirm",
        "once": once,
        "duty": row.pk,
        "seen": state_of(row),
        "organisation": office.organisation.pk,
    }
    assert client.post("/duties/review/", fields).status_code == 302
    with as_system("tests"):
        now = DutyRow.objects.select_related("answer").get(pk=row.pk)
        assert (now.standing, now.to_review) == ("confirmed", False)
        entry = JournalEntry.objects.get(action="duty.answer", record_kind="duty_answer")
        assert entry.actor_name == "王协调"
    assert _organs(row) == _organs(now)


def test_a_correction_shows_everywhere(office: Office, earlier: StatuteVersion, client: Client) -> None:
    row = _row(earlier, NOBODY)
    page = office.client()
    html = page.get(f"/duties/{row.pk}/").content.decode()
    once = re.search(r'name="form" value="answer">\s*<input type="hidden" name="once" value="([^"]+)"', html).group(1)
    fields = {
        "form": "answer",
        "once": once,
        "seen": re.search(r'name="seen" value="([^"]+)"', html).group(1),
        "organisation": office.organisation.pk,
        "organ": ["运输企业", "", "渡口经营者"],
        "part": ["lead", "actor", "co_actor"],
        "modality": "may",
        "deadline": "出发前两小时",
        "assessment": "on",
        "comment": "承第一款",
    }
    assert page.post(f"/duties/{row.pk}/", fields).status_code == 302
    assert _organs(row) == [("运输企业", "lead"), ("渡口经营者", "co_actor")]
    told = client.get(f"/api/duties/{row.pk}").json()
    assert (told["standing"], told["leads"], told["co_actors"]) == ("corrected", ["运输企业"], ["渡口经营者"])
    assert (told["modality"], told["deadline"], told["assessment"]) == ("may", "出发前两小时", True)
    said = told["answers"][0]["corrections"]
    assert said == {"modality": "may", "deadline": "出发前两小时", "assessment": True}, "only what differs is kept"
    register = client.get(f"/statutes/versions/{earlier.pk}.csv").content.decode("utf-8-sig")
    line = next(one for one in register.splitlines() if row.eid in one)
    for word in ("运输企业", "可以", "出发前两小时", "考核", "已由人更正"):
        assert word in line


def test_an_organ_somebody_names_is_the_one_the_rules_read(
    office: Office, earlier: StatuteVersion, client: Client
) -> None:
    def listed(kind: str) -> list[tuple[str, int]]:
        found = client.get("/api/organs").json()["organs"]
        return [(one["organ"], one["bears"]) for one in found if one["kind"] == kind]

    before = dict(listed("department"))
    _answer(office, _row(earlier, NOBODY), "交通运输主管部门")
    assert _organs(_row(earlier, NOBODY)) == [("交通运输", "actor")]
    assert dict(listed("department")) == {**before, "交通运输": before["交通运输"] + 1}
    assert not listed("unknown")
    _answer(office, _row(earlier, NOBODY), "运输企业")
    assert not listed("unknown"), "a body the gazetteer does not know has the kind the rules give its name"


def _reject(office: Office, row: DutyRow, why: str = "说的是目的", **more: object) -> Answer:
    return reject_duty(by=office.viewer, duty=row.pk, organisation=office.organisation.pk, comment=why, **more)


def test_what_is_no_duty_counts_nowhere_and_stays_on_record(
    office: Office, earlier: StatuteVersion, client: Client
) -> None:
    row = _row(earlier, NOBODY)
    work = earlier.work_id
    before = client.get(f"/api/statutes/{work}/duties").json()["duties"]
    with pytest.raises(BridgeheadError, match=r"form\.missing"):
        _reject(office, row, " ")
    _reject(office, row)
    assert client.get(f"/api/statutes/{work}/duties").json()["duties"] == before - 1
    duties = client.get(f"/api/statutes/{work}").json()["duties"]
    assert len(duties) == before - 1
    assert row.pk not in {one["id"] for one in duties}
    listed = client.get("/api/statutes").json()["statutes"][0]
    assert (listed["duties"], listed["texts"][0]["duties"]) == (before - 1, before - 1)
    assert client.get(f"/api/statutes/{work}").json()["texts"][0]["duties"] == before - 1
    assert row.eid not in client.get(f"/statutes/versions/{earlier.pk}.csv").content.decode("utf-8-sig")
    html = client.get(f"/statutes/{work}/").content.decode()
    assert f"{before - 1} 项职责" in html
    assert f'id="{row.eid}"' in html, "the article says that somebody looked at it"
    assert f'id="say-{row.eid}"' not in html, "its words are not marked"
    assert "说的是目的" in client.get(f"/duties/{row.pk}/").content.decode()
    hits = find(current(), office.viewer, NOBODY, "duty", 1)
    assert not hits.found
    now = _row(earlier, NOBODY)
    assert (now.standing, now.to_review) == ("rejected", False)


def test_a_rejection_survives_and_can_be_taken_back(office: Office, earlier: StatuteVersion) -> None:
    row = _row(earlier, NOBODY)
    answer = _reject(office, row)
    reread_version(by=office.viewer, statute=earlier.pk)
    assert _row(earlier, NOBODY).standing == "rejected"
    later = import_statute(
        by=office.viewer, organisation=office.organisation.pk, content=LATER.read_bytes(), name=LATER.name
    )
    assert _row(later, NOBODY).standing == "rejected"
    read = _organs(row)
    withdraw_answer(by=office.viewer, answer=answer.pk, version=answer.version)
    for version in (earlier, later):
        assert (_row(version, NOBODY).standing, _row(version, NOBODY).to_review) == ("read", True)
    assert _organs(row) == read


def test_the_form_of_a_duty_rejects_it_only_with_a_reason(office: Office, earlier: StatuteVersion) -> None:
    row = _row(earlier, "排队时间")
    page = office.client()
    html = page.get(f"/duties/{row.pk}/").content.decode()
    once = re.search(r'name="form" value="answer">\s*<input type="hidden" name="once" value="([^"]+)"', html).group(1)
    fields = {"form": "answer", "once": once, "seen": state_of(row), "verdict": "rejected", "modality": row.modality}
    refused = page.post(f"/duties/{row.pk}/", {**fields, "organ": ["写到一半的单位"], "part": ["lead"]})
    assert refused.status_code == 422
    assert "写到一半的单位" in refused.content.decode(), "what was typed is still there"
    assert page.post(f"/duties/{row.pk}/", {**fields, "comment": "说的是目的"}).status_code == 302
    with as_system("tests"):
        entry = JournalEntry.objects.get(action="duty.reject", record_kind="duty_answer")
        assert entry.actor_name == "王协调"
        named = [one["organ"] for one in DutyRow.objects.get(pk=row.pk).read["bearers"]]
    again = page.get(f"/duties/{row.pk}/").content.decode()
    assert all(f'name="organ" value="{one}"' in again for one in named), "what was read is there to be said again"
    assert named


def test_taking_a_rejection_of_carried_words_back_gives_the_carried_answer_back(
    office: Office, earlier: StatuteVersion
) -> None:
    _answer(office, _row(earlier, "排队时间"), "港务局")
    later = import_statute(
        by=office.viewer, organisation=office.organisation.pk, content=LATER.read_bytes(), name=LATER.name
    )
    rejected = _reject(office, _row(later, "排队时间"))
    assert _row(later, "排队时间").standing == "rejected"
    assert _row(earlier, "排队时间").standing == "corrected"
    withdraw_answer(by=office.viewer, answer=rejected.pk, version=rejected.version)
    now = _row(later, "排队时间")
    assert (now.standing, now.to_review, _organs(now)) == ("carried", True, [("港务局", "actor")])


def test_only_who_bears_a_duty_is_carried_to_other_words(office: Office, earlier: StatuteVersion) -> None:
    _answer(office, _row(earlier, "排队时间"), "港务局", asks={"modality": "may", "deadline": "每月"})
    later = import_statute(
        by=office.viewer, organisation=office.organisation.pk, content=LATER.read_bytes(), name=LATER.name
    )
    now = _row(later, "排队时间")
    assert (now.modality, now.deadline) != ("may", "每月"), "its words ask what they ask"
    assert _organs(now) == [("港务局", "actor")]


def test_an_answer_on_what_a_duty_asks_is_checked(office: Office, earlier: StatuteVersion) -> None:
    row = _row(earlier, NOBODY)
    with pytest.raises(BridgeheadError) as refused:
        _answer(office, row, "港务局", asks={"modality": "should", "deadline": "日" * 201, "frequency": "月" * 201})
    told = [(fault.code, fault.place.field) for fault in refused.value.faults]
    assert told == [
        ("statute.not_a_modality", "modality"),
        ("statute.term_too_long", "deadline"),
        ("statute.term_too_long", "frequency"),
    ]


def test_an_answer_survives_a_new_reading(office: Office, earlier: StatuteVersion) -> None:
    row = _row(earlier, NOBODY)
    _answer(office, row, "运输企业", comment="承前款")
    reread_version(by=office.viewer, statute=earlier.pk)
    again = _row(earlier, NOBODY)
    assert again.pk == row.pk, "its address is what it was"
    assert (again.standing, _organs(again)) == ("corrected", [("运输企业", "actor")])


def test_all_that_was_confirmed_survives_other_rules(
    office: Office, earlier: StatuteVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = _row(earlier, NOBODY)
    _answer(office, row)
    assert _row(earlier, NOBODY).standing == "confirmed"
    read = texts.reading_of

    def otherwise(version: StatuteVersion) -> Reading:
        reading = read(version)
        return replace(reading, duties=tuple(replace(one, reporting=True, deadline=None) for one in reading.duties))

    monkeypatch.setattr(texts, "reading_of", otherwise)
    reread_version(by=office.viewer, statute=earlier.pk)
    now = _row(earlier, NOBODY)
    assert (now.standing, now.deadline, now.reporting) == ("confirmed", row.deadline, row.reporting)
    assert (now.read["deadline"], now.read["reporting"]) == ("", True), "what the rules read by now stands beside it"


def test_an_answer_survives_a_new_version_where_the_words_are_the_same(office: Office, earlier: StatuteVersion) -> None:
    _answer(office, _row(earlier, NOBODY), "运输企业")
    later = import_statute(
        by=office.viewer, organisation=office.organisation.pk, content=LATER.read_bytes(), name=LATER.name
    )
    row = _row(later, NOBODY)
    assert row.eid.startswith("art_9__")
    assert (row.standing, row.to_review, _organs(row)) == ("corrected", False, [("运输企业", "actor")])


def test_an_answer_on_words_that_changed_is_carried_over_and_looked_at_again(
    office: Office, earlier: StatuteVersion
) -> None:
    row = _row(earlier, "排队时间")
    _answer(office, row, "港务局")
    later = import_statute(
        by=office.viewer, organisation=office.organisation.pk, content=LATER.read_bytes(), name=LATER.name
    )
    now = _row(later, "排队时间")
    assert (now.standing, now.to_review, _organs(now)) == ("carried", True, [("港务局", "actor")])
    _answer(office, now, "港务局")
    confirmed = _row(later, "排队时间")
    assert (confirmed.standing, confirmed.to_review) == ("corrected", False)
    assert _row(earlier, "排队时间").standing == "corrected", "the answer on the old words stands"


def test_an_answer_taken_back_gives_the_reading_back(office: Office, earlier: StatuteVersion) -> None:
    row = _row(earlier, NOBODY)
    read = _organs(row)
    answer = _answer(office, row, "港务局")
    withdraw_answer(by=office.viewer, answer=answer.pk, version=answer.version)
    now = _row(earlier, NOBODY)
    assert (now.standing, now.to_review, _organs(now)) == ("read", True, read)
    with pytest.raises(BridgeheadError, match=r"statute\.answer_withdrawn"):
        withdraw_answer(by=office.viewer, answer=answer.pk, version=answer.version + 1)


def test_what_changes_answers_or_duties_of_a_law_holds_the_law(
    office: Office, earlier: StatuteVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[str] = []
    lock = Deed.lock
    monkeypatch.setattr(
        Deed, "lock", lambda deed, model, *more: [held.append(model.RECORD), lock(deed, model, *more)][1]
    )
    answer = _answer(office, _row(earlier, NOBODY), "港务局")
    withdraw_answer(by=office.viewer, answer=answer.pk, version=answer.version)
    assert held.index("statute") < held.index("duty_answer"), "always the law first, so that two do not wait in a ring"
    for change in (reread_version, withdraw_version):
        held.clear()
        with as_system("tests"):
            version = StatuteVersion.objects.get(pk=earlier.pk).version
        change(by=office.viewer, statute=earlier.pk, version=version)
        assert "statute" in held


def test_a_duty_that_was_found_says_in_which_text(office: Office, later: StatuteVersion, client: Client) -> None:
    date_version(by=office.viewer, statute=later.pk, version=later.version, day=date(2030, 1, 1))
    found = client.get("/api/statutes/find", {"q": NOBODY, "kind": "duty"}).json()["results"]
    titles = [one["title"] for one in found]
    assert len(titles) == 2
    assert sum("2030-01-01" in one for one in titles) == 1
    assert sum("2019-06-01" in one for one in titles) == 1


def test_the_form_takes_as_many_bearers_as_a_duty_may_have(office: Office, earlier: StatuteVersion) -> None:
    row = _row(earlier, NOBODY)
    page = office.client()
    html = page.get(f"/duties/{row.pk}/").content.decode()
    once = re.search(r'name="form" value="answer">\s*<input type="hidden" name="once" value="([^"]+)"', html).group(1)
    fields = {"form": "answer", "once": once, "seen": state_of(row), "modality": row.modality}
    organs = {"organ": [f"单位{n}" for n in range(60)] + [""] * 3, "part": ["actor"] * 63}
    assert page.post(f"/duties/{row.pk}/", {**fields, **organs}).status_code == 302
    assert len(_organs(row)) == 60


def test_a_later_answer_takes_the_place_of_the_one_before(office: Office, earlier: StatuteVersion) -> None:
    row = _row(earlier, NOBODY)
    _answer(office, row, "港务局")
    _answer(office, row, "运输企业")
    with as_system("tests"):
        assert Answer.objects.filter(withdrawn_at=None).count() == 1
        assert Answer.objects.count() == 2
    assert _organs(row) == [("运输企业", "actor")]


def test_nobody_confirms_what_they_did_not_see(office: Office, earlier: StatuteVersion) -> None:
    row = _row(earlier, NOBODY)
    seen = state_of(row)
    _answer(office, row, "港务局")
    with pytest.raises(BridgeheadError, match=r"action\.changed_meanwhile"):
        _answer(office, row, "运输企业", seen=seen)
    assert _organs(row) == [("港务局", "actor")]


def test_another_organisation_does_not_replace_an_answer(office: Office, earlier: StatuteVersion) -> None:
    county = organisation("county", "government")
    somebody = viewer_of(member(county, "coordination"))
    row = _row(earlier, NOBODY)
    theirs = {"duty": row.pk, "organisation": county.pk}
    answer_duty(by=somebody, bearers=[{"organ": "港务局", "name": "港务局", "part": "actor"}], **theirs)
    _answer(office, row, "运输企业")
    assert _organs(row) == [("运输企业", "actor")], "who keeps the statute has the last word"
    with pytest.raises(BridgeheadError, match=r"statute\.answered_by_other"):
        answer_duty(by=somebody, bearers=[], **theirs)


def test_only_who_answered_is_offered_to_take_it_back(office: Office, earlier: StatuteVersion, client: Client) -> None:
    row = _row(earlier, NOBODY)
    _answer(office, row, "港务局")
    client.force_login(member(organisation("county", "government"), "coordination"))
    offered = 'name="form" value="withdraw"'
    assert offered not in client.get(f"/duties/{row.pk}/").content.decode()
    assert offered in office.client().get(f"/duties/{row.pk}/").content.decode()


def test_an_organ_that_is_no_more_says_who_took_over(office: Office, earlier: StatuteVersion, client: Client) -> None:
    _answer(office, _row(earlier, NOBODY), "检验检疫")
    html = client.get("/organs/检验检疫/").content.decode()
    assert re.search(r'现由谁承担.*?<a href="/organs/%E6%B5%B7%E5%85%B3/">\s*海关.*?2018 年 3 月 17 日', html, re.S)
    told = client.get("/api/organs/检验检疫").json()["taken_over"]
    assert [(one["successors"], one["since"]) for one in told] == [(["海关"], "2018-03-17")]
    assert client.get("/api/organs/海关").json()["took_over_from"] == ["检验检疫"]
    assert "接过了谁的职责" in client.get("/organs/海关/").content.decode()


def test_an_organ_with_odd_characters_has_its_page(office: Office, earlier: StatuteVersion, client: Client) -> None:
    row = _row(earlier, NOBODY)
    _answer(office, row, "海事/港航管理机构")
    assert client.get("/organs/海事/港航管理机构/").status_code == 200
    assert client.get("/api/organs/海事/港航管理机构").status_code == 200
    for address in ("/organs/", f"/statutes/{earlier.work_id}/matrix/", f"/duties/{row.pk}/"):
        assert client.get(address).status_code == 200, address


def test_an_answer_goes_with_its_words_when_the_rules_cut_them_otherwise(
    office: Office, earlier: StatuteVersion
) -> None:
    row = _row(earlier, NOBODY)
    answer = _answer(office, row, "运输企业")
    with as_system("tests"):  # as if the rules had given another anchor then
        Answer.objects.filter(pk=answer.pk).update(anchor="of other rules")
        DutyRow.objects.filter(pk=row.pk).update(anchor="of other rules")
    reread_version(by=office.viewer, statute=earlier.pk)
    now = _row(earlier, NOBODY)
    assert (now.standing, now.to_review, _organs(now)) == ("carried", True, [("运输企业", "actor")])


@pytest.mark.parametrize(
    ("bearers", "code"),
    [
        ([{"organ": "", "part": "actor"}], "statute.bearer_unnamed"),
        ([{"organ": "港务局", "part": "actor"}, {"organ": "港务局", "part": "lead"}], "statute.bearer_doubled"),
        ([{"organ": "港务局", "part": "boss"}], "statute.unknown_part"),
        ([{"organ": "..", "part": "actor"}], "statute.bearer_bad_name"),
        ([{"organ": "海关/../港务局", "part": "actor"}], "statute.bearer_bad_name"),
        ([{"organ": "/港务局", "part": "actor"}], "statute.bearer_bad_name"),
        ([{"organ": "港务局/", "part": "actor"}], "statute.bearer_bad_name"),
        ([{"organ": "港务\u202e局", "part": "actor"}], "statute.bearer_bad_name"),
        ([{"organ": "港" * 121, "part": "actor"}], "statute.bearer_too_long"),
        ([{"organ": f"单位{n}", "part": "actor"} for n in range(61)], "statute.too_many_bearers"),
    ],
)
def test_what_is_wrong_with_an_answer_is_told(
    office: Office, earlier: StatuteVersion, bearers: list[dict[str, str]], code: str
) -> None:
    row = _row(earlier, NOBODY)
    with pytest.raises(BridgeheadError) as refused:
        answer_duty(by=office.viewer, duty=row.pk, organisation=office.organisation.pk, bearers=bearers)
    assert code in {fault.code for fault in refused.value.faults}
    with as_system("tests"):
        assert not Answer.objects.exists()


def test_only_those_answer_who_may(earlier: StatuteVersion, client: Client) -> None:
    row = _row(earlier, NOBODY)
    assert client.get("/duties/review/").status_code == 401
    assert 'name="organ"' not in client.get(f"/duties/{row.pk}/").content.decode()
    firm = organisation("firm", "enterprise")
    somebody = member(firm, "enterprise")
    with pytest.raises(BridgeheadError, match=r"action\.not_allowed"):
        answer_duty(by=viewer_of(somebody), duty=row.pk, organisation=firm.pk, bearers=[])
    client.force_login(somebody)
    assert client.get("/duties/review/").status_code == 403
    sent = {"form": "answer", "once": "x" * 20, "organ": ["港务局"], "part": ["actor"]}
    assert client.post(f"/duties/{row.pk}/", sent).status_code == 403
    with as_system("tests"):
        assert not Answer.objects.exists()


def test_each_field_of_an_answer_is_one_line(office: Office, earlier: StatuteVersion) -> None:
    html = office.client().get(f"/duties/{_row(earlier, NOBODY).pk}/").content.decode()
    for name in ("deadline", "frequency", "comment"):
        assert re.search(rf'<input [^>]*name="{name}" type="text"', html), name
    assert "<textarea" not in html
