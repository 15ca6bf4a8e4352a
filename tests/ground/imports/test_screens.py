"""The screens of files and imports over HTTP: forms without script, drafts kept, nothing shown to the wrong people."""

from __future__ import annotations

import html
import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.files.store import FileStore
from bridgehead.ground.imports.registry import importer_of
from bridgehead.ground.imports.templates import write_csv
from bridgehead.ground.models import ImportRun, JournalEntry, Organisation, Person, StoredFile
from tests.ground.files import samples
from tests.ground.imports.test_imports import number
from tests.ground.people import member, organisation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_own_folder")]


def signed_in(viewer: Viewer) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=viewer.person_id))
    return client


def upload(content: bytes, name: str, declared: str = "application/octet-stream") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, declared)


def table(*rows: tuple[str, ...]) -> bytes:
    return write_csv(importer_of("enterprises").schema, rows)


def words(answer: Any) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def key_of(answer: Any, name: str = "key") -> str:
    return re.search(rf'name="{name}" value="(\w+)"', answer.content.decode())[1]  # type: ignore[index]


@pytest.fixture
def seat() -> Organisation:
    return organisation("region", "government")


@pytest.fixture
def admin(seat: Organisation) -> Client:
    return signed_in(member("admin", seat, "administrator"))


def test_a_table_goes_from_upload_over_preview_to_import_and_back(admin: Client, seat: Organisation) -> None:
    content = table((number(1), "甲公司", "", "enterprise", ""), (number(2), "乙公司", "", "broker", "region"))
    sent = admin.post("/imports/", {"kind": "enterprises", "file": upload(content, "企业.csv", "text/csv")})
    assert sent.status_code == 302
    seen = admin.get(sent["Location"])
    assert "可以导入：新增 2 条，改动 0 条" in words(seen)
    assert "导入这 2 条" in words(seen)
    assert not Organisation.objects.filter(uscc=number(1)).exists()
    form = {"run": key_of(seen, "run"), "version": key_of(seen, "version"), "key": key_of(seen)}
    done = admin.post("/imports/preview/", form, follow=True)
    assert "已导入：新增 2 条" in words(done)
    assert Organisation.objects.get(uscc=number(2)).office == seat
    # The same form again, by the button "back": it is done, and done once.
    again = admin.post("/imports/preview/", form, follow=True)
    assert again.status_code == 200
    assert JournalEntry.objects.filter(action="import.apply").count() == 1
    twice = admin.post("/imports/", {"kind": "enterprises", "file": upload(content, "企业.csv")}, follow=True)
    assert "没有要导入的：记录早已如此" in words(twice)
    assert "导入这" not in words(twice)
    kept = admin.get(f"/imports/tables/{ImportRun.objects.latest('id').pk}")
    assert kept.content == content


def test_faults_stand_on_the_preview_with_row_and_column_in_both_languages(admin: Client) -> None:
    content = table((number(1), "", "", "company", ""))
    told = {"kind": "enterprises", "file": upload(content, "t.csv")}
    seen = admin.post("/en/imports/", told, follow=True)
    assert "Not to be imported: 1 row is refused" in words(seen)
    for expected in ("Row 3 name_zh", "Row 3 kind", "“company” is not one of the words allowed here."):
        assert expected in words(seen)
    assert "第 3 行" in words(admin.get(f"/imports/preview/?run={ImportRun.objects.get().pk}"))


@pytest.mark.parametrize(
    ("filled", "answer", "said"),
    [
        ("", "没有要导入的：表头下面没有填写任何一行", "不用决定"),
        (None, "不能导入：表格本身有错", "缺少列“kind”"),
        (f"{number(1)},甲,,enterprise,\r\n" * 2_001, "不能导入：表格本身有错", "表格超过了 2000 行"),
        (
            f"{number(1)},甲,,enterprise,\r\nx,乙,,enterprise,\r\n",
            "不能导入：1 行有错",
            "没有错的行，改好表格后会改变什么 1",
        ),
    ],
)
def test_the_heading_says_whether_rows_or_the_table_are_at_fault(
    admin: Client, filled: str | None, answer: str, said: str
) -> None:
    content = table() + filled.encode() if filled is not None else f"uscc,name_zh\n{number(1)},甲\n".encode()
    seen = words(admin.post("/imports/", {"kind": "enterprises", "file": upload(content, "t.csv")}, follow=True))
    assert answer in seen
    assert said in seen
    assert "等待决定" not in seen.partition("以前的导入")[0]


@pytest.mark.parametrize("speech", ["", "/en"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_template_is_filled_previewed_mended_applied_and_repeated(
    admin: Client, seat: Organisation, ending: str, speech: str
) -> None:
    got = admin.get(f"/imports/templates/enterprises.{ending}").content
    sound = [(number(at), f"公司 {at}", "", "enterprise", "region") for at in range(6)]
    bad = [*sound[:3], ("91150000X", "丁", "", "enterprise", ""), (number(4), "", "", "company", ""), sound[5][:4]]
    bad[5] = (*bad[5], "nowhere")

    def sent(rows: list[tuple[str, ...]]) -> Any:
        if ending == "csv":
            content = got + "".join(",".join(row) + "\r\n" for row in rows).encode()
        else:
            book = load_workbook(io.BytesIO(got))
            for line, row in enumerate(rows, start=2):
                for place, cell in enumerate(row, start=1):
                    book.worksheets[0].cell(line, place).value = cell or None
            out = io.BytesIO()
            book.save(out)
            content = out.getvalue()
        told = {"kind": "enterprises", "file": upload(content, f"t.{ending}")}
        return admin.post(f"{speech}/imports/", told, follow=True)

    begin = 3 if ending == "csv" else 2
    first = words(sent(bad))
    row = "Row {}" if speech else "第 {} 行"
    for at, column in ((3, "uscc"), (4, "name_zh"), (4, "kind"), (5, "office")):
        assert f"{row.format(begin + at)} {column}" in first
    mended = sent(sound)
    assert ("Ready to import: 6 new" if speech else "可以导入：新增 6 条") in words(mended)
    form = {"run": key_of(mended, "run"), "version": key_of(mended, "version"), "key": key_of(mended)}
    done = words(admin.post(f"{speech}/imports/preview/", form, follow=True))
    assert ("Imported: 6 new" if speech else "已导入：新增 6 条") in done
    again = words(sent(sound))
    assert ("Nothing to import: the records are so already" if speech else "没有要导入的：记录早已如此") in again
    assert ("nothing to decide" if speech else "不用决定") in again


def test_a_refused_file_leaves_the_form_as_it_was_filled_in(admin: Client, seat: Organisation) -> None:
    answer = admin.post("/imports/", {"kind": "members", "file": upload(samples.png(), "t.csv")})
    assert answer.status_code == 422
    assert 'value="members" selected' in answer.content.decode()
    assert "自称是“.csv”" in words(answer)
    assert 'aria-invalid="true"' in answer.content.decode()
    assert admin.post("/imports/", {"kind": "members"}).status_code == 422


def test_a_file_beyond_the_limit_is_cut_off_and_the_form_stays(admin: Client, settings: Any, tmp_path: Path) -> None:
    settings.BRIDGEHEAD_FILE_MB = 0.1
    with (tmp_path / "large.csv").open("wb") as sparse:
        sparse.truncate(5_000_000)
    with (tmp_path / "large.csv").open("rb") as sparse:
        answer = admin.post("/imports/", {"kind": "members", "file": sparse})
    assert answer.status_code == 422
    assert "超过了 0.1 MB 的上限" in words(answer)
    assert 'value="members" selected' in answer.content.decode()


def test_a_preview_out_of_date_says_so_and_shows_the_new_one(admin: Client) -> None:
    first = table((number(1), "甲公司", "", "enterprise", ""))
    one = admin.post("/imports/", {"kind": "enterprises", "file": upload(first, "a.csv")}, follow=True)
    two = admin.post("/imports/", {"kind": "enterprises", "file": upload(first, "b.csv")}, follow=True)
    form = {"run": key_of(two, "run"), "version": key_of(two, "version"), "key": key_of(two)}
    other = {"run": key_of(one, "run"), "version": key_of(one, "version"), "key": key_of(one)}
    admin.post("/imports/preview/", form)
    stale = admin.post("/imports/preview/", other)
    assert stale.status_code == 409
    assert "记录已经被别人改动" in words(stale)
    assert "没有要导入的" in words(stale)


def test_a_form_without_its_token_changes_nothing(seat: Organisation) -> None:
    viewer = member("admin", seat, "administrator")
    client = Client(enforce_csrf_checks=True)
    client.force_login(Person.objects.get(pk=viewer.person_id))
    assert client.post("/imports/", {"kind": "members"}).status_code == 403
    assert client.post("/files/", {"do": "withdraw", "file": "1", "version": "1"}).status_code == 403


def test_others_see_neither_an_import_nor_its_table(admin: Client) -> None:
    content = table((number(1), "甲公司", "", "enterprise", ""))
    admin.post("/imports/", {"kind": "enterprises", "file": upload(content, "t.csv")})
    pk = ImportRun.objects.get().pk
    other = signed_in(member("boss", organisation("e1"), "enterprise_admin"))
    for address in (f"/imports/preview/?run={pk}", f"/imports/tables/{pk}", "/imports/templates/enterprises.csv"):
        answer = other.get(address)
        assert answer.status_code == 404, address
        assert "甲公司" not in words(answer)
    assert other.post("/imports/preview/", {"run": pk}).status_code == 404
    assert Client().get(f"/imports/tables/{pk}").status_code == 401
    assert other.get("/imports/templates/members.xlsx").status_code == 200


def test_a_file_is_handed_in_listed_sent_as_an_attachment_and_withdrawn() -> None:
    office = organisation("o1", "department")
    at = organisation("e1", office=office.pk)
    anna = signed_in(member("anna", at, "enterprise"))
    told = {"file": upload(samples.portable(), "合同.pdf", "application/pdf"), "note": "第一稿", "to_office": "y"}
    listed = anna.post("/files/", told, follow=True)
    assert "您能看到 1 个文件" in words(listed)
    assert "第一稿" in words(listed)
    kept = StoredFile.objects.get()
    assert kept.office == office
    answer = anna.get(f"/files/{kept.pk}")
    assert answer.content == samples.portable()
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%E5%90%88%E5%90%8C.pdf"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    official = signed_in(member("olga", office, "officer"))
    assert official.get(f"/files/{kept.pk}").status_code == 200
    assert JournalEntry.objects.filter(action="read.record", owner_id=at.pk, record_kind="file").count() == 1
    stranger = signed_in(member("ben", organisation("e2"), "enterprise"))
    assert stranger.get(f"/files/{kept.pk}").status_code == 404
    assert Client().get(f"/files/{kept.pk}").status_code == 401
    anna.post("/files/", {"do": "withdraw", "file": kept.pk, "version": kept.version})
    assert "已撤回" in words(anna.get("/files/"))
    assert anna.get(f"/files/{kept.pk}").status_code == 422


def test_a_hostile_file_is_refused_beside_its_field_and_the_note_is_kept(tmp_path: Path) -> None:
    anna = signed_in(member("anna", organisation("e1"), "enterprise"))
    hostile = samples.archive(samples.word_parts() | {"word/vbaProject.bin": b"x", "word/activeX/a.xml": "<a/>"})
    answer = anna.post("/en/files/", {"file": upload(hostile, "a.docx"), "note": "my note"})
    assert answer.status_code == 422
    assert 'value="my note"' in answer.content.decode()
    for code in ("The file contains macros", "The file contains ActiveX controls"):
        assert code in words(answer)
    assert list(FileStore(tmp_path / "files").names()) == []
    assert not StoredFile.objects.exists()


def test_the_same_form_twice_is_one_file() -> None:
    anna = signed_in(member("anna", organisation("e1"), "enterprise"))
    key = key_of(anna.get("/files/"))
    for _ in range(2):
        anna.post("/files/", {"file": upload(samples.png(), "a.png"), "key": key})
    assert StoredFile.objects.count() == 1


def test_templates_open_as_what_they_say(admin: Client) -> None:
    from openpyxl import load_workbook

    answer = admin.get("/imports/templates/enterprises.xlsx")
    book = load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["enterprises", "说明 Explanation"]
    assert [cell.value for cell in book["enterprises"][1]] == ["uscc", "name_zh", "name_en", "kind", "office"]
    assert book["enterprises"]["A2"].number_format == "@"
    assert admin.get("/imports/templates/enterprises.pdf").status_code == 404


@pytest.mark.parametrize("given", ["x", "-1", "99999999999999999999", "1;2", "１"])
def test_a_number_that_is_none_finds_nothing(admin: Client, given: str) -> None:
    assert admin.get("/imports/preview/", {"run": given}).status_code in (200, 404)
    assert admin.post("/imports/preview/", {"run": given}).status_code == 404
    assert admin.get("/files/", {"before": given}).status_code == 200
