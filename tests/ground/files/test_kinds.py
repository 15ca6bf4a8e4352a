"""Files are what their content says: sound ones are taken, and every hostile one has its reason."""

from __future__ import annotations

import io
import time
import zipfile
import zlib

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject, TextStringObject

from bridgehead.ground.files.kinds import inspect, kinds, plain_name
from bridgehead.ground.files.texts import decode_text
from bridgehead.kernel.errors import BridgeheadError
from tests.ground.files import samples

MACRO_WORD = "application/vnd.ms-word.document.macroEnabled.main+xml"


def codes(content: bytes, name: str, declared: str = "") -> list[str]:
    with pytest.raises(BridgeheadError) as caught:
        inspect(content, name, declared)
    return [fault.code for fault in caught.value.faults]


SOUND = {
    "report.pdf": samples.portable(),
    "photo.PNG": samples.png(),
    "photo.jpeg": samples.jpeg(),
    "photo.jpg": samples.jpeg() + samples.jpeg(),
    "letter.docx": samples.word(),
    "table.xlsx": samples.workbook(),
    "table.csv": "id,名称\n1,甲\n".encode(),
    "note.txt": "二连浩特口岸\n".encode("gb18030"),
    "wide.txt": "策克口岸\n".encode("utf-16"),
    "marked.csv": "\ufeffid,名称\n".encode(),
}


@pytest.mark.parametrize("name", SOUND)
def test_sound_files_are_taken(name: str) -> None:
    kind = inspect(SOUND[name], name)
    assert name.rpartition(".")[2].lower() in kind.endings


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_file_with_the_type_browsers_declare_is_taken_and_with_another_is_not(name: str) -> None:
    kind = inspect(SOUND[name], name)
    for declared in (*kind.declared, "application/octet-stream", f"{kind.media_type}; charset=utf-8"):
        assert inspect(SOUND[name], name, declared) == kind
    assert codes(SOUND[name], name, "video/mp4") == ["file.type_mismatch"]


@pytest.mark.parametrize("name", SOUND)
@pytest.mark.parametrize("ending", ["pdf", "png", "jpg", "docx", "xlsx", "csv", "exe", "html"])
def test_a_file_under_the_ending_of_another_is_refused(name: str, ending: str) -> None:
    kind = inspect(SOUND[name], name)
    text_for_text = kind.name in ("csv", "txt") and ending in ("csv", "txt")
    if ending not in kind.endings and not text_for_text:
        assert codes(SOUND[name], f"file.{ending}") == ["file.type_mismatch"]


@pytest.mark.parametrize("name", [name for name in SOUND if not name.endswith((".csv", ".txt"))])
def test_a_file_cut_off_anywhere_is_refused(name: str) -> None:
    content = SOUND[name] if name != "photo.jpg" else samples.jpeg()
    for cut in range(1, len(content) - 8, max(1, len(content) // 12)):
        assert codes(content[:cut], name), cut


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file.empty"),
        (b"MZ\x90\x00" + b"\x00" * 60, "file.executable"),
        (b"\x7fELF\x02\x01\x01" + b"\x00" * 60, "file.executable"),
        (b"#!/bin/sh\nrm -r x\n", "file.executable"),
        (b"<!DOCTYPE html><p>x", "file.markup"),
        (b'\xef\xbb\xbf  <svg xmlns="http://www.w3.org/2000/svg"/>', "file.markup"),
        ('<?xml version="1.0"?><a/>'.encode("utf-16"), "file.markup"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512, "file.old_office"),
        (b"GIF89a" + b"\x00" * 40, "file.unknown_type"),
        (samples.archive({"a.txt": "a"}), "file.unknown_type"),
        ("Ульяновск, Забайкальск и другие города\n".encode("cp1251"), "file.wrong_encoding"),
        (b"a\x00b\x00\x00", "file.unknown_type"),
    ],
)
def test_other_kinds_are_refused_by_name(content: bytes, code: str) -> None:
    assert code in codes(content, "table.csv")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<html><script>1</script></html>\n" + samples.portable(), "a.pdf"),
        (samples.portable() + samples.archive({"a": "b"}), "a.pdf"),
        (samples.portable() + b"\n<script>alert(1)</script>" * 9, "a.pdf"),
        (b"%PDF-1.4\n<html><script>1</script>\n" + samples.portable()[9:], "a.pdf"),
        (samples.png() + samples.archive({"a": "b"}), "a.png"),
        (samples.jpeg() + samples.archive({"a": "b"}), "a.jpg"),
        (samples.jpeg() + b"<?php system($_GET[0]);", "a.jpg"),
        (samples.word() + b"MZ", "a.docx"),
        (samples.archive({"a": "b"}, zipfile.ZIP_STORED)[:31] + samples.word(), "a.docx"),
    ],
)
def test_a_file_that_is_two_things_is_refused(content: bytes, name: str) -> None:
    assert "file.mixed" in codes(content, name)


def _office(part: str, content: bytes | str = b"x") -> bytes:
    return samples.archive(samples.word_parts() | {part: content})


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (samples.word(main=MACRO_WORD), "file.macros"),
        (_office("word/vbaProject.bin"), "file.macros"),
        (_office("word/_rels/document.xml.rels", samples.relations(("vbaProject", "x.bin", ""))), "file.macros"),
        (_office("word/activeX/activeX1.xml", "<a/>"), "file.activex"),
        (_office("word/_rels/document.xml.rels", samples.relations(("control", "x.xml", ""))), "file.activex"),
        (_office("word/embeddings/oleObject1.bin"), "file.embedded_object"),
        (_office("word/media/image1.png", b"MZ\x90\x00"), "file.embedded_object"),
        (_office("word/_rels/document.xml.rels", samples.relations(("aFChunk", "x.htm", ""))), "file.embedded_object"),
        (
            _office("word/_rels/settings.xml.rels", samples.relations(("attachedTemplate", "http://a/t", "External"))),
            "file.external_link",
        ),
        (
            _office("word/_rels/document.xml.rels", samples.relations(("image", "http://a/i.png", "External"))),
            "file.external_link",
        ),
        (
            _office("word/_rels/document.xml.rels", samples.relations(("hyperlink", "\\\\srv\\x", "External"))),
            "file.external_link",
        ),
        (
            _office("word/_rels/document.xml.rels", samples.relations(("hyperlink", "javascript:x", "External"))),
            "file.external_link",
        ),
        (_office("xl/externalLinks/externalLink1.xml", "<a/>"), "file.external_link"),
        (
            samples.word(
                "<w:p><w:r><w:instrText>DDE</w:instrText></w:r><w:r><w:instrText>AUTO c:\\x</w:instrText></w:r></w:p>"
            ),
            "file.external_link",
        ),
        (samples.word('<w:p><w:fldSimple w:instr="INCLUDEPICTURE http://a/b"/></w:p>'), "file.external_link"),
        (_office("word/inner.zip", samples.archive({"a": "b"})), "file.archive_nested"),
        (_office("../../etc/cron.d/x"), "file.archive_names"),
        (_office("C:/x"), "file.archive_names"),
        (_office("/etc/x"), "file.archive_names"),
        (_office("WORD/document.xml", "<a/>"), "file.archive_names"),
        (
            _office("word/x.xml", '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>'),
            "file.document_type",
        ),
        (_office("word/x.xml", '<!DOCTYPE a SYSTEM "http://a/b"><a/>'.encode("utf-16")), "file.document_type"),
        (_office("word/x.xml", "<a>"), "file.damaged_content"),
        (_office("word/x.xml", "<a>&undefined;</a>"), "file.damaged_content"),
    ],
)
def test_office_files_with_what_runs_or_reaches_out_are_refused(content: bytes, code: str) -> None:
    assert codes(content, "a.docx") == [code]


def test_hyperlinks_to_the_web_and_ordinary_fields_are_fine() -> None:
    links = samples.relations(
        ("hyperlink", "https://example.org/", "External"), ("hyperlink", "mailto:a@b.cn", "External")
    )
    fields = '<w:p><w:fldSimple w:instr=" PAGE "/><w:r><w:instrText>HYPERLINK "https://a.cn"</w:instrText></w:r></w:p>'
    parts = samples.word_parts(fields) | {"word/_rels/document.xml.rels": links}
    assert inspect(samples.archive(parts), "a.docx").name == "docx"


def test_all_faults_of_a_file_are_told_at_once_with_their_parts() -> None:
    parts = samples.word_parts() | {
        "word/vbaProject.bin": b"x",
        "word/activeX/a.xml": "<a/>",
        "../x": b"y",
        "word/media/i.png": b"\x7fELF",
    }
    with pytest.raises(BridgeheadError) as caught:
        inspect(samples.archive(parts), "a.xlsx", "text/csv")
    found = {fault.code: fault.parameters.get("parts") for fault in caught.value.faults}
    assert found == {
        "file.archive_names": ["../x"],
        "file.macros": ["word/vbaProject.bin"],
        "file.activex": ["word/activeX/a.xml"],
        "file.embedded_object": ["word/media/i.png"],
        "file.type_mismatch": None,
    }


def _laughs() -> str:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    return f'<!DOCTYPE x [<!ENTITY l0 "ha">{levels}]><sst>&l11;</sst>'


def test_billion_laughs_in_a_workbook_end_before_the_first_one() -> None:
    content = samples.repacked(samples.workbook(), {"xl/sharedStrings.xml": _laughs()})
    started = time.monotonic()
    assert codes(content, "a.xlsx") == ["file.document_type"]
    assert time.monotonic() - started < 2


def _bomb(unfolded_b: int) -> bytes:
    sheet = b"<worksheet>" + b" " * unfolded_b + b"</worksheet>"
    return samples.repacked(samples.workbook(), {"xl/worksheets/sheet1.xml": sheet})


def test_a_bomb_is_refused_whatever_its_headers_say() -> None:
    bomb = _bomb(300_000_000)
    assert len(bomb) < 400_000
    for content in (bomb, samples.lying(bomb, "xl/worksheets/sheet1.xml", 2_000)):
        started = time.monotonic()
        assert codes(content, "a.xlsx") == ["file.archive_bomb"]
        assert time.monotonic() - started < 5


def test_a_bomb_below_the_limit_of_size_is_refused_by_its_ratio() -> None:
    assert codes(_bomb(100_000_000), "a.xlsx") == ["file.archive_bomb"]


@pytest.mark.parametrize("claimed_b", [0, 10, 1_000_000])
def test_headers_that_lie_are_found_below_the_limit_too(claimed_b: int) -> None:
    content = samples.lying(samples.word(), "word/document.xml", claimed_b)
    assert codes(content, "a.docx") == ["file.archive_lies"]


def test_members_that_share_their_bytes_are_refused() -> None:
    content = bytearray(samples.word())
    first = content.find(b"PK\x01\x02")
    second = content.find(b"PK\x01\x02", first + 1)
    content[second + 42 : second + 46] = content[first + 42 : first + 46]
    assert set(codes(bytes(content), "a.docx")) & {"file.archive_lies", "file.damaged_content"}


def test_too_many_members_are_refused_before_they_are_listed() -> None:
    few = samples.archive({f"word/{n}": b"" for n in range(2_001)})
    many = samples.archive({f"word/{n:060}": b"" for n in range(12_000)}, zipfile.ZIP_STORED)
    assert codes(few, "a.docx") == codes(many, "a.docx") == ["file.archive_parts"]


def test_an_archive_with_a_password_is_refused() -> None:
    content = bytearray(samples.word())
    place = content.find(b"PK\x01\x02")
    content[place + 8] |= 1
    assert codes(bytes(content), "a.docx") == ["file.encrypted"]


def _with(entry: str, value: object) -> bytes:
    return samples.portable(DictionaryObject({NameObject(entry): value}))


def _attached() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_attachment("a.exe", b"MZ")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (_with("/OpenAction", samples.script_action()), "file.script"),
        (_with("/AA", DictionaryObject({NameObject("/WC"): samples.script_action()})), "file.script"),
        (_with("/Extra", ArrayObject([DictionaryObject({NameObject("/JS"): TextStringObject("x")})])), "file.script"),
        (_with("/Extra", samples.action("/Launch", F="cmd.exe")), "file.launch"),
        (_with("/OpenAction", samples.action("/URI", URI="https://a.cn/")), "file.launch"),
        (_with("/Extra", samples.action("/SubmitForm", F="https://a.cn/")), "file.launch"),
        (_with("/Extra", samples.action("/GoToR", F="\\\\srv\\x.pdf")), "file.external_link"),
        (_with("/Extra", samples.action("/URI", URI="file:///etc/passwd")), "file.external_link"),
        (_with("/AcroForm", DictionaryObject({NameObject("/XFA"): TextStringObject("x")})), "file.script"),
        (_attached(), "file.embedded_file"),
        (samples.portable(compress=True), "file.script"),
    ],
)
def test_documents_that_act_are_refused(content: bytes, code: str) -> None:
    assert code in codes(content, "a.pdf")


def test_a_script_hidden_in_a_compressed_stream_is_not_to_be_seen_in_the_bytes() -> None:
    content = samples.portable(compress=True)
    assert b"JavaScript" not in content
    assert b"/JS" not in content
    assert PdfReader(io.BytesIO(content)).trailer["/Root"]["/OpenAction"]["/S"] == "/JavaScript"


def test_a_script_that_a_later_revision_took_out_of_sight_is_found() -> None:
    first = _with("/OpenAction", samples.script_action())
    root = first.rfind(b"/Catalog")
    number = int(first[: first.rfind(b" 0 obj", 0, root)].rpartition(b"\n")[2])
    place = len(first)
    revised = b"%d 0 obj\n<< /Type /Catalog /Pages 1 0 R >>\nendobj\n" % number
    start = int(first[first.rfind(b"startxref") + 9 :].split()[0])
    table = b"xref\n%d 1\n%010d 00000 n \ntrailer\n<< /Size 9 /Root %d 0 R /Prev %d >>\n" % (
        number,
        place,
        number,
        start,
    )
    content = first + revised + table + b"startxref\n%d\n%%%%EOF\n" % (place + len(revised))
    assert "/OpenAction" not in PdfReader(io.BytesIO(content)).trailer["/Root"]
    assert "file.script" in codes(content, "a.pdf")


@pytest.mark.parametrize("password", ["", "secret"])
def test_an_encrypted_document_is_refused_as_that(password: str) -> None:
    writer = PdfWriter(clone_from=io.BytesIO(samples.portable()))
    writer.encrypt(user_password=password, owner_password="owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    assert codes(out.getvalue(), "a.pdf") == ["file.encrypted"]


def _appended(more: bytes) -> bytes:
    """Return a sound document with a further object that its cross-reference does not know."""
    sound = samples.portable()
    return sound + more + sound[sound.rfind(b"startxref") :]


def test_a_document_whose_object_stream_unfolds_without_end_is_refused_in_time() -> None:
    packed = zlib.compress(b" " * 400_000_000, 9)
    stream = b"9 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n" % len(packed)
    content = _appended(stream + packed + b"\nendstream\nendobj\n")
    started = time.monotonic()
    assert codes(content, "a.pdf") == ["file.too_complicated"]
    assert time.monotonic() - started < 15


def test_an_object_inside_itself_without_end_is_refused() -> None:
    content = b"9 0 obj\n" + b"[" * 2_000_000 + b"\nendobj\n"
    assert codes(_appended(content), "a.pdf") == ["file.too_complicated"]


def test_a_long_document_with_streams_is_taken_quickly() -> None:
    writer = PdfWriter()
    for _ in range(300):
        page = writer.add_blank_page(200, 200)
        stream = DecodedStreamObject()
        stream.set_data(b"0 0 m 10 10 l S\n" * 200)
        page[NameObject("/Contents")] = writer._add_object(stream.flate_encode())
    out = io.BytesIO()
    writer.write(out)
    started = time.monotonic()
    assert inspect(out.getvalue(), "a.pdf").name == "pdf"
    assert time.monotonic() - started < 5


def test_a_picture_larger_than_any_screen_is_refused() -> None:
    assert codes(samples.png(100_000, 100_000), "a.png") == ["file.picture_too_large"]


def test_a_picture_with_a_changed_byte_is_refused() -> None:
    content = bytearray(samples.png())
    content[45] ^= 1
    assert codes(bytes(content), "a.png") == ["file.damaged_content"]


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=400), st.sampled_from(sorted(SOUND)))
@example(b"%PDF-1.7\n%%EOF", "report.pdf")
def test_no_bytes_at_all_make_the_reader_stumble(content: bytes, name: str) -> None:
    for whole in (content, SOUND[name][:40] + content) if name != "report.pdf" else (content,):
        try:
            kind = inspect(whole, name)
        except BridgeheadError:
            continue
        assert kind.name in ("csv", "txt") or whole == SOUND[name]


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"))))
def test_text_in_the_encodings_that_say_so_comes_back_as_it_was(text: str) -> None:
    assert decode_text(text.encode("utf-16")) == text
    assert decode_text(b"\xef\xbb\xbf" + text.encode()) == text


@given(st.text(alphabet="口岸甲乙二连浩特的一是策克通关铁路公路货物abc,;\n", min_size=1))
def test_chinese_in_the_encoding_of_chinese_spreadsheets_comes_back_as_it_was(text: str) -> None:
    content = text.encode("gb18030")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        assert decode_text(content) == text
    else:  # a few characters read as either; a file that says nothing of itself counts as UTF-8
        assert decode_text(content) == content.decode("utf-8")


@pytest.mark.parametrize(
    ("given_name", "plain"),
    [
        ("C:\\Users\\甲\\表.csv", "表.csv"),
        ("../../etc/passwd", "passwd"),
        (" a.pdf ", "a.pdf"),
        ("e\u0301.txt", "é.txt"),
    ],
)
def test_names_lose_their_folders(given_name: str, plain: str) -> None:
    assert plain_name(given_name) == plain


@pytest.mark.parametrize("bad", ["", "/", "..", "a\u202efdp.exe", "a\x00.pdf", "a\n.pdf", "a" * 201, "\u200b.pdf"])
def test_names_nobody_can_read_are_refused(bad: str) -> None:
    with pytest.raises(BridgeheadError) as caught:
        plain_name(bad)
    assert caught.value.code == "file.bad_name"


def test_the_table_of_kinds_is_whole() -> None:
    assert list(kinds()) == ["pdf", "png", "jpeg", "docx", "xlsx", "csv", "txt"]
    endings = [ending for kind in kinds().values() for ending in kind.endings]
    assert len(endings) == len(set(endings))
    assert all(kind.title("zh") and kind.title("en") for kind in kinds().values())


def test_a_place_may_take_fewer_kinds() -> None:
    with pytest.raises(BridgeheadError) as caught:
        inspect(SOUND["report.pdf"], "report.pdf", taken=("csv", "xlsx"))
    assert caught.value.code == "file.kind_not_taken_here"
