"""From bytes on the disk to text: every encoding but UTF-8 is named, and nothing on the disk raises."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.kernel import decoding
from bridgehead.kernel.decoding import decode, guess_encoding, read_text

CHINESE = "id,name_zh\r\nmanzhouli,满洲里市\r\nerenhot,二连浩特市（边境）\r\n"


def codes(content: decoding.Content) -> list[str]:
    return [fault.code for fault in content.faults]


def test_utf8_with_and_without_byte_order_mark() -> None:
    for encoding in ("utf-8", "utf-8-sig"):
        content = decode(CHINESE.encode(encoding), "ports.csv")
        assert content.text == CHINESE
        assert not content.faults


@pytest.mark.parametrize(
    ("encoding", "guess"),
    [
        ("gbk", "GBK/GB18030"),
        ("gb18030", "GBK/GB18030"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
    ],
)
def test_other_encodings_are_named_in_the_cure(encoding: str, guess: str) -> None:
    from bridgehead.kernel.errors import sentence

    content = decode(CHINESE.encode(encoding), "ports.csv")
    assert content.text is None
    assert not content.complete
    assert codes(content) == ["table.wrong_encoding"]
    for language in ("zh", "en"):
        assert guess in sentence(content.faults[0], language).cure


def test_big5_and_latin_are_told_apart() -> None:
    assert guess_encoding("口岸名稱,滿洲里,鐵路,公路,開放".encode("big5")) in {"Big5", "GBK/GB18030"}
    assert guess_encoding("Größe,Länge".encode("latin-1")) == "Windows-1252 / Windows-1251"
    assert guess_encoding("Забайкальск,Чита".encode("cp1251")) == "Windows-1252 / Windows-1251"


def test_the_first_bad_row_is_named() -> None:
    content = decode(b"id\na\nb\n\xff\nc\n", "x.csv")
    assert content.faults[0].place.row == 4


@pytest.mark.parametrize("data", [b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x9c\xff", bytes(range(256)), b"id\n\x00\n"])
def test_binary_is_no_text(data: bytes) -> None:
    assert codes(decode(data, "x.csv")) == ["table.not_text"]


def test_what_lies_at_the_path(tmp_path: Path) -> None:
    assert codes(read_text(tmp_path / "none.csv", "none.csv")) == ["table.missing_file"]
    absent = read_text(tmp_path / "none.csv", "none.csv", optional=True)
    assert absent.faults == ()
    assert absent.complete
    assert not absent.present
    (tmp_path / "places.csv").mkdir()
    assert codes(read_text(tmp_path / "places.csv", "places.csv")) == ["table.not_a_file"]
    os.mkfifo(tmp_path / "pipe.csv")
    assert codes(read_text(tmp_path / "pipe.csv", "pipe.csv")) == ["table.not_a_file"]
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    assert codes(read_text(tmp_path / "loop.csv", "loop.csv", optional=True)) == ["table.unreadable"]
    (tmp_path / "dangling.csv").symlink_to(tmp_path / "gone.csv")
    assert codes(read_text(tmp_path / "dangling.csv", "dangling.csv", optional=True)) == ["table.missing_file"]
    assert codes(read_text(tmp_path / ("x" * 300), "long.csv", optional=True)) == ["table.unreadable"]
    assert codes(read_text(tmp_path / "nul\x00.csv", "nul.csv", optional=True)) == ["table.unreadable"]


def test_a_file_nobody_may_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ports.csv"
    path.write_text("id\n")

    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    content = read_text(path, "ports.csv")
    assert codes(content) == ["table.unreadable"]
    assert content.faults[0].parameters == {"reason": "Permission denied"}


def test_a_file_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ports.csv"
    with path.open("wb") as stream:
        stream.truncate(decoding.LARGEST_FILE + 1)
    monkeypatch.setattr(Path, "read_bytes", lambda self: pytest.fail("read"))
    assert codes(read_text(path, "ports.csv")) == ["table.too_large"]


@given(st.binary(max_size=400))
def test_any_bytes_give_text_or_one_fault(data: bytes) -> None:
    content = decode(data, "x.csv")
    assert (content.text is None) == (len(content.faults) == 1)


@given(st.text())
def test_text_comes_back(text: str) -> None:
    if "\x00" not in text and not text.startswith("\ufeff"):
        assert decode(text.encode(), "x.csv").text == text
