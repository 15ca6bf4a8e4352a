"""Importing a statute: the preview stores nothing, the import all of it, bad input nothing."""

from __future__ import annotations

import base64
import re
import zlib
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bridgehead.ground.access.grants import viewer_of
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.files.uploads import file_store
from bridgehead.ground.models import JournalEntry
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.statute.actions import answer_duty, import_statute, reread_version, texts, withdraw_version
from bridgehead.rooms.statute.models import Bearer, DutyRow, Provision, StatuteVersion, Work
from bridgehead.rooms.statute.proposal import Proposal
from tests.ground.world import member, organisation
from tests.rooms.statute.conftest import Office
from tests.statutes import EARLIER, LATER

pytestmark = pytest.mark.django_db
SHARED = Path(__file__).parents[4] / "shared" / "statutes"


def _counts() -> dict[str, int]:
    with as_system("tests"):
        return {one.__name__: one.objects.count() for one in (Work, StatuteVersion, Provision, DutyRow, Bearer)}


def _upload(client: Client, file: Path | SimpleUploadedFile, **fields: str):
    if isinstance(file, Path):
        file = SimpleUploadedFile(file.name, file.read_bytes(), "text/plain")
    return client.post("/statutes/import/", {"do": "preview", "file": file, **fields})


def _hidden(html: str) -> dict[str, str]:
    form = next(one for one in re.findall(r"<form.*?</form>", html, re.S) if 'name="packed"' in one)
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    found.pop("csrfmiddlewaretoken", None)
    return found


@pytest.mark.article(86)
def test_a_preview_shows_everything_and_stores_nothing(office: Office) -> None:
    kept = set(file_store().names())
    page = _upload(office.client(), EARLIER)
    assert page.status_code == 200
    html = page.content.decode()
    assert "读出 11 条" in html
    assert "2019 年 3 月 29 日" in html
    assert "2019 年 6 月 1 日 起施行" in html
    assert "4 章，0 节，11 条" in html
    assert "一般规定" in html
    assert not any(_counts().values())
    assert set(file_store().names()) == kept, "not even the file"
    with as_system("tests"):
        assert not JournalEntry.objects.filter(action="statute.import").exists()


def test_the_second_step_imports_what_was_seen(office: Office) -> None:
    client = office.client()
    fields = _hidden(_upload(client, EARLIER).content.decode())
    assert zlib.decompress(base64.b64decode(fields["packed"])) == EARLIER.read_bytes()
    answer = client.post("/statutes/import/", fields)
    assert answer.status_code == 302
    with as_system("tests"):
        version = StatuteVersion.objects.get()
        entries = JournalEntry.objects.filter(action="statute.import")
        assert {one.record_kind for one in entries} == {"statute", "statute_version"}
        assert {one.actor_name for one in entries} == {"王协调"}
        assert version.owner_id == office.organisation.pk
        assert Provision.objects.count() == version.articles == 11
        assert DutyRow.objects.count() == version.duties > 10
    assert file_store().open_whole(version.sha256) == EARLIER.read_bytes()
    assert client.get(answer["Location"]).status_code == 200


def test_the_same_form_twice_imports_once(office: Office) -> None:
    client = office.client()
    fields = _hidden(_upload(client, EARLIER).content.decode())
    client.post("/statutes/import/", fields)
    before = _counts()
    assert client.post("/statutes/import/", fields).status_code in (302, 422)
    assert _counts() == before


def test_pasted_text_is_imported_like_a_file(office: Office) -> None:
    client = office.client()
    page = client.post("/statutes/import/", {"do": "preview", "text": EARLIER.read_text(encoding="utf-8")})
    assert "读出 11 条" in page.content.decode()
    assert client.post("/statutes/import/", _hidden(page.content.decode())).status_code == 302


PARTED = """甲州河灯条例
（2019年3月5日甲州人民代表大会通过）
第一编 总则
第一章 一般规定
第一条 放灯的人应当登记。
第二编 大灯
第一章 大灯的做法
第二条 大灯应当用纸做。
附 则
第三条 本条例自2019年5月1日起施行。
"""


def test_chapters_of_several_parts_are_shown_each_with_its_own_articles(office: Office) -> None:
    client = office.client()
    html = client.post("/statutes/import/", {"do": "preview", "text": PARTED}).content.decode()
    places = [html.index(words) for words in ("一般规定", "放灯的人应当登记", "大灯的做法", "大灯应当用纸做")]
    assert places == sorted(places)
    assert html.count("放灯的人应当登记") == 1
    page = client.get(client.post("/statutes/import/", _hidden(html))["Location"]).content.decode()
    heads = re.findall(r'<h2 class="part-head" id="(\w+)">\s*(.*?)\s*</h2>', page)
    assert [one[0] for one in heads] == ["part_1", "part_1__chp_1", "part_2", "part_2__chp_1", "part_3"]
    assert [one[1] for one in heads[::2]] == ["第一编 总则", "第二编 大灯", "附 则"]
    ids = ("part_1__chp_1", "art_1", "part_2", "art_2", "part_3", "art_3")
    places = [page.index(f'id="{one}"') for one in ids]
    assert places == sorted(places)
    with as_system("tests"):
        told = list(Provision.objects.order_by("position").values_list("chapter", flat=True))
    assert told == ["一般规定", "大灯的做法", ""]


def test_the_very_same_text_is_not_imported_twice(office: Office, earlier: StatuteVersion) -> None:
    html = _upload(office.client(), EARLIER).content.decode()
    assert "已经导入过" in html
    assert 'name="packed"' not in html
    with pytest.raises(BridgeheadError, match=r"statute\.already_imported"):
        import_statute(
            by=office.viewer, organisation=office.organisation.pk, content=EARLIER.read_bytes(), name=EARLIER.name
        )


def test_a_second_text_becomes_a_version_of_the_same_law(office: Office, earlier: StatuteVersion) -> None:
    html = _upload(office.client(), LATER).content.decode()
    assert "“青石湾自治区渡口服务条例”的又一个文本" in html
    assert "新增 1" in html
    version = import_statute(
        by=office.viewer, organisation=office.organisation.pk, content=LATER.read_bytes(), name=LATER.name
    )
    assert version.work_id == earlier.work_id
    assert str(earlier.begins_on) == "2019-06-01"
    assert str(version.begins_on) == "2024-09-26"


@pytest.mark.parametrize("order", [(EARLIER, LATER), (LATER, EARLIER)], ids=["in order", "the later first"])
def test_the_text_in_force_does_not_depend_on_the_order_of_imports(
    office: Office, client: Client, order: tuple[Path, Path]
) -> None:
    for file in order:
        import_statute(by=office.viewer, organisation=office.organisation.pk, content=file.read_bytes(), name=file.name)
    listed = client.get("/api/statutes").json()["statutes"]
    assert len(listed) == 1
    assert [one["file"] for one in listed[0]["texts"]] == [LATER.name, EARLIER.name]
    assert listed[0]["in_force"] == client.get(f"/api/statutes/{listed[0]['id']}").json()["shown"]
    assert listed[0]["in_force"] == listed[0]["texts"][0]["id"]
    told = client.get(f"/api/statutes/{listed[0]['id']}/compare").json()
    assert told["new"] == listed[0]["in_force"]


def test_a_law_of_the_same_title_is_another_law(office: Office, earlier: StatuteVersion) -> None:
    text = "\n".join(
        [
            earlier.title,
            "（2022年4月8日东岸市人民代表大会常务委员会通过）",
            "第一条　为了养护灯塔，制定本条例。",
            "第二条　灯塔看守人应当每晚点灯，不得擅离。",
            "第三条　捐款修灯塔的人，由市长写信致谢。",
            "第四条　本条例自2022年5月1日起施行。",
        ]
    ).encode()
    html = _upload(office.client(), SimpleUploadedFile("namesake.txt", text, "text/plain")).content.decode()
    assert "已有一部同名的法规" in html
    version = import_statute(by=office.viewer, organisation=office.organisation.pk, content=text, name="namesake.txt")
    assert version.work_id != earlier.work_id


def test_a_long_note_stores_nothing(office: Office) -> None:
    kept = set(file_store().names())
    with pytest.raises(BridgeheadError, match=r"statute\.note_too_long"):
        import_statute(
            by=office.viewer,
            organisation=office.organisation.pk,
            content=EARLIER.read_bytes(),
            name=EARLIER.name,
            note="x" * 501,
        )
    assert set(file_store().names()) == kept


def test_another_law_is_not_taken_for_a_version(office: Office, earlier: StatuteVersion) -> None:
    other = "\n".join(
        [
            "乌兰湖市图书馆条例",
            "（2021年5月6日乌兰湖市人民代表大会常务委员会通过）",
            "第一条　为了方便读者，制定本条例。",
            "第二条　公共图书馆应当免费开放，每周开放时间不得少于五十六小时。",
            "第三条　读者应当爱护文献；损坏的，应当赔偿。",
            "第四条　本条例自2021年7月1日起施行。",
        ]
    ).encode()
    with pytest.raises(BridgeheadError, match=r"statute\.other_law"):
        import_statute(
            by=office.viewer,
            organisation=office.organisation.pk,
            content=other,
            name="library.txt",
            work=str(earlier.work_id),
        )
    version = import_statute(by=office.viewer, organisation=office.organisation.pk, content=other, name="library.txt")
    assert version.work_id != earlier.work_id


ENGLISH = b"An Act to make provision about harbours.\n\n1 Duty of the authority\n(1) It must keep the harbour open.\n"
CONTRACT = "\n".join(
    [
        "货物买卖合同",
        "甲方：青石湾贸易公司　乙方：东岸运输公司",
        "第一条　甲方向乙方购买煤炭一千吨。",
        "第二条　乙方应当在三十日内交货。",
        "第三条　违约方应当支付违约金。",
        "甲方（盖章）　乙方（盖章）",
    ]
).encode()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "empty.txt"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF", "scan.txt"),
        (ENGLISH, "act.txt"),
        (CONTRACT, "contract.txt"),
        ("第一条　应当守时。\n".encode() * 750_000, "endless.txt"),
        (b"PK\x03\x04 not really a docx", "broken.docx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old.doc"),
    ],
    ids=["empty", "pdf", "english", "contract", "20 MB", "broken docx", "doc"],
)
def test_bad_input_is_told_and_nothing_is_stored(office: Office, content: bytes, name: str) -> None:
    kept = set(file_store().names())
    with pytest.raises(BridgeheadError) as refused:
        import_statute(by=office.viewer, organisation=office.organisation.pk, content=content, name=name)
    assert refused.value.code.startswith(("statute.", "file."))
    page = _upload(office.client(), SimpleUploadedFile(name, content, "text/plain"))
    assert page.status_code in (413, 422)
    assert not any(_counts().values())
    assert set(file_store().names()) == kept


def test_gbk_is_converted_and_says_so(office: Office) -> None:
    content = EARLIER.read_text(encoding="utf-8").encode("gb18030")
    html = _upload(office.client(), SimpleUploadedFile("gbk.txt", content, "text/plain")).content.decode()
    assert "读出 11 条" in html
    assert "statute.converted" in html or "GB" in html
    version = import_statute(by=office.viewer, organisation=office.organisation.pk, content=content, name="gbk.txt")
    assert version.articles == 11
    assert file_store().open_whole(version.sha256) == content


def test_only_those_may_import_who_may(client: Client, office: Office) -> None:
    assert client.get("/statutes/import/").status_code == 401
    firm = organisation("firm", "enterprise")
    somebody = member(firm, "enterprise")
    client.force_login(somebody)
    assert client.get("/statutes/import/").status_code == 403
    from bridgehead.ground.access.grants import viewer_of

    with pytest.raises(BridgeheadError, match=r"action\.not_allowed"):
        import_statute(by=viewer_of(somebody), organisation=firm.pk, content=EARLIER.read_bytes(), name=EARLIER.name)
    assert not any(_counts().values())


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"do": "preview"}, "statute.nothing_given"),
        ({"do": "import", "packed": "no base64"}, "statute.form_damaged"),
        ({"do": "import", "packed": base64.b64encode(b"no zlib").decode()}, "statute.form_damaged"),
        ({"do": "preview", "text": EARLIER.read_text(encoding="utf-8"), "work": "99999"}, "no_such_statute_here"),
    ],
)
def test_a_broken_form_is_told(office: Office, fields: dict[str, str], code: str) -> None:
    page = office.client().post("/statutes/import/", fields)
    assert page.status_code in (404, 422)
    assert not any(_counts().values())
    if page.status_code == 422:
        assert 'class="error"' in page.content.decode() or 'class="says"' in page.content.decode()


def test_a_withdrawn_text_is_gone_from_pages_and_search_and_stays_for_proof(
    office: Office, earlier: StatuteVersion, client: Client
) -> None:
    assert client.get("/api/statutes/find?q=渡口经营者").json()["found"] > 0
    withdraw_version(by=office.viewer, statute=earlier.pk, version=earlier.version, reason="导错了")
    assert client.get("/api/statutes/find?q=渡口经营者").json()["found"] == 0
    assert client.get(f"/statutes/{earlier.work_id}/").status_code == 404
    assert file_store().open_whole(earlier.sha256) == EARLIER.read_bytes()
    again = import_statute(
        by=office.viewer, organisation=office.organisation.pk, content=EARLIER.read_bytes(), name=EARLIER.name
    )
    assert again.pk != earlier.pk


def test_reading_anew_gives_the_same_ids(office: Office, earlier: StatuteVersion) -> None:
    with as_system("tests"):
        before = list(DutyRow.objects.values_list("pk", "eid", "modality", "what"))
    reread_version(by=office.viewer, statute=earlier.pk)
    with as_system("tests"):
        assert list(DutyRow.objects.values_list("pk", "eid", "modality", "what")) == before


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared statutes are not there")
def test_the_regulation_is_recognised_by_its_fingerprints(office: Office) -> None:
    file = SHARED / "nmg-bridgehead-2023.txt"
    html = _upload(office.client(), file).content.decode()
    assert "86 条里有 86 条一字不差" in html
    version = import_statute(
        by=office.viewer, organisation=office.organisation.pk, content=file.read_bytes(), name=file.name
    )
    assert version.work.is_regulation
    page = office.client().get("/articles/6/").content.decode()
    assert "原文与职责" in page
    assert 'class="pair"' in page


def test_a_text_is_read_anew_and_withdrawn_on_its_page(office: Office, earlier: StatuteVersion, client: Client) -> None:
    address = f"/statutes/{earlier.work_id}/"
    assert "管理这个文本" not in client.get(address).content.decode()
    own = office.client()

    def send(form: str, **fields: object):
        html = own.get(address).content.decode()
        found = next(one for one in re.findall(r"<form.*?</form>", html, re.S) if f'name="form" value="{form}"' in one)
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', found))
        hidden.pop("csrfmiddlewaretoken", None)
        return own.post(address, {**hidden, **fields})

    assert send("reread").status_code == 302
    assert send("withdraw").status_code == 422, "not without a reason"
    assert send("withdraw", reason="导错了").status_code == 302
    assert own.get(address).status_code == 404
    with as_system("tests"):
        assert JournalEntry.objects.get(action="statute.withdraw").reason == "导错了"


def test_the_doctor_tells_of_texts_read_by_earlier_rules(office: Office, earlier: StatuteVersion) -> None:
    from bridgehead.rooms.statute.checks import statutes_are_read_by_todays_rules

    with as_system("tests"):
        assert statutes_are_read_by_todays_rules(False).severity == "ok"
        StatuteVersion.objects.update(rules="of an earlier edition")
        found = statutes_are_read_by_todays_rules(False)
    assert (found.severity, "1 个按以前的规则读出" in found.zh) == ("warning", True)
    html = office.client().get(f"/statutes/{earlier.work_id}/").content.decode()
    assert "按以前的规则读出" in html
    reread_version(by=office.viewer, statute=earlier.pk)
    with as_system("tests"):
        assert statutes_are_read_by_todays_rules(False).severity == "ok"


def test_a_law_without_a_text_is_not_filled_with_another(office: Office, earlier: StatuteVersion) -> None:
    withdraw_version(by=office.viewer, statute=earlier.pk, version=earlier.version)
    other = "工坊守则条例\n第一条 为了安全，制定本条例。\n第二条 工人应当戴帽。\n第三条 工坊不得夜里开炉。\n"
    told = {"by": office.viewer, "organisation": office.organisation.pk, "content": other.encode(), "name": "other.txt"}
    with pytest.raises(BridgeheadError, match=r"statute\.other_law"):
        import_statute(**told, work=str(earlier.work_id))
    again = {**told, "content": EARLIER.read_bytes() + b"\n"}
    assert import_statute(**again, work=str(earlier.work_id)).work_id == earlier.work_id


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared statute texts are not beside this checkout")
def test_the_regulation_is_known_though_a_draft_came_first(office: Office) -> None:
    text = (SHARED / "nmg-bridgehead-2023.txt").read_text(encoding="utf-8")
    told = {"by": office.viewer, "organisation": office.organisation.pk, "name": "text.txt"}
    draft = import_statute(**told, content=text.replace("应当", "应").encode())
    assert not draft.work.is_regulation
    adopted = import_statute(**told, content=text.encode())
    assert adopted.work_id == draft.work_id
    assert adopted.work.is_regulation


def test_only_who_keeps_a_law_gives_it_another_text(office: Office, earlier: StatuteVersion) -> None:
    county = organisation("county", "government")
    somebody = member(county, "coordination")
    told = {"by": viewer_of(somebody), "organisation": county.pk, "content": LATER.read_bytes(), "name": LATER.name}
    before, kept = _counts(), set(file_store().names())
    for work in ("", str(earlier.work_id)):
        with pytest.raises(BridgeheadError, match=r"statute\.kept_by_other"):
            import_statute(**told, work=work)
    client = Client()
    client.force_login(somebody)
    page = _upload(client, LATER)
    assert (page.status_code, "协调办公室" in page.content.decode()) == (422, True), "it says whom to give the text to"
    assert (_counts(), set(file_store().names())) == (before, kept)
    with pytest.raises(BridgeheadError, match=r"action\.not_allowed"):
        withdraw_version(by=viewer_of(somebody), statute=earlier.pk, version=earlier.version)


def test_a_second_press_of_import_is_no_refusal(office: Office) -> None:
    client = office.client()
    fields = _hidden(_upload(client, EARLIER).content.decode())
    assert client.post("/statutes/import/", fields).status_code == 302
    again = client.post("/statutes/import/", fields)
    assert (again.status_code, again["Location"]) == (302, "/statutes/")
    assert _counts()["StatuteVersion"] == 1
    other = {**fields, "key": "of another form"}
    assert client.post("/statutes/import/", other).status_code == 422


@pytest.mark.parametrize("checked", [True, False])
def test_a_pasted_text_too_long_for_a_form_is_told_the_way_out(office: Office, checked: bool) -> None:
    client = Client(enforce_csrf_checks=checked)
    client.force_login(office.person)
    client.get("/statutes/import/")
    page = client.post("/statutes/import/", {"do": "preview", "text": "第一条　" + "长" * 400_000})
    assert page.status_code == 413
    assert "存成文件" in page.content.decode()
    assert not any(_counts().values())


def test_the_doctor_asks_nobody_to_answer_on_a_text_that_is_gone(office: Office, later: StatuteVersion) -> None:
    from bridgehead.rooms.statute.checks import statutes_are_read_by_todays_rules

    with as_system("tests"):
        words = set(DutyRow.objects.exclude(statute=later).values_list("anchor", flat=True))
        row = DutyRow.objects.filter(statute=later).exclude(anchor__in=words).first()
    answer_duty(by=office.viewer, duty=row.pk, organisation=office.organisation.pk, bearers=[])
    withdraw_version(by=office.viewer, statute=later.pk, version=later.version)
    with as_system("tests"):
        assert statutes_are_read_by_todays_rules(False).severity == "ok"


def test_a_law_is_known_by_the_title_an_amendment_gave_it(office: Office, later: StatuteVersion) -> None:
    renamed = LATER.read_text(encoding="utf-8").replace("渡口服务条例", "渡口管理服务条例")
    told = {"by": office.viewer, "organisation": office.organisation.pk, "name": "renamed.txt"}
    import_statute(**told, content=renamed.encode(), work=str(later.work_id))
    again = import_statute(**told, content=renamed.replace("二十日", "三十日").encode() + b"\n")
    assert again.work_id == later.work_id


def test_a_law_imported_twice_at_once_is_one_law(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"by": office.viewer, "organisation": office.organisation.pk}
    propose = texts.propose

    def slowly(*given: Any) -> Proposal:
        proposal = propose(*given)
        monkeypatch.setattr(texts, "propose", propose)
        import_statute(**told, content=EARLIER.read_bytes(), name="somebody else's.txt")
        return proposal

    monkeypatch.setattr(texts, "propose", slowly)
    with pytest.raises(BridgeheadError, match=r"statute\.preview_outdated"):
        import_statute(**told, content=LATER.read_bytes(), name=LATER.name)
    assert (_counts()["Work"], _counts()["StatuteVersion"]) == (1, 1)
    import_statute(**told, content=LATER.read_bytes(), name=LATER.name)
    assert (_counts()["Work"], _counts()["StatuteVersion"]) == (1, 2)
