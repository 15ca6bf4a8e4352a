"""The store keeps a file whole or not at all, and knows when it has gone bad."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.ground.files.store import CHUNK_B, FileStore
from bridgehead.kernel.errors import BridgeheadError


def everything(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def refused(store: FileStore, chunks: Iterator[bytes] | list[bytes]) -> str:
    with pytest.raises(BridgeheadError) as caught:
        store.put(chunks)
    return caught.value.code


@given(st.lists(st.binary(max_size=50), min_size=1).filter(any))
def test_what_is_put_comes_back_under_the_name_of_its_content(
    tmp_path_factory: pytest.TempPathFactory, chunks: list[bytes]
) -> None:
    store = FileStore(tmp_path_factory.mktemp("store"))
    kept = store.put(chunks)
    content = b"".join(chunks)
    assert kept.sha256 == hashlib.sha256(content).hexdigest()
    assert kept.size_b == store.verify(kept.sha256) == len(content)
    assert store.open_whole(kept.sha256) == content
    assert not store.put([content]).fresh
    assert len(everything(store.folder)) == 1
    assert list(store.names()) == [kept.sha256]


def test_an_endless_stream_is_cut_off_at_the_limit(tmp_path: Path) -> None:
    read = 0

    def gigabyte() -> Iterator[bytes]:
        nonlocal read
        for _ in range(1_000_000_000 // CHUNK_B):
            read += CHUNK_B
            yield bytes(CHUNK_B)

    store = FileStore(tmp_path, largest_b=2_000_000)
    assert refused(store, gigabyte()) == "file.too_large"
    assert read <= 2_000_000 + CHUNK_B
    assert not everything(tmp_path)


def test_a_file_of_just_the_limit_is_kept(tmp_path: Path) -> None:
    assert FileStore(tmp_path, largest_b=10).put([b"x" * 10]).size_b == 10
    assert refused(FileStore(tmp_path, largest_b=10), [b"x" * 11]) == "file.too_large"


def test_nothing_is_no_file(tmp_path: Path) -> None:
    assert refused(FileStore(tmp_path), []) == "file.empty"
    assert not everything(tmp_path)


def test_a_stream_that_breaks_leaves_nothing(tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionResetError("gone")

    assert refused(FileStore(tmp_path), broken()) == "file.not_kept"
    assert not everything(tmp_path)


def test_a_changed_byte_is_found_and_the_same_upload_mends_it(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    kept = store.put([b"content"])
    path = store.path(kept.sha256)
    path.chmod(0o600)
    path.write_bytes(b"contemt")
    for look in (store.verify, store.open_whole):
        with pytest.raises(BridgeheadError) as caught:
            look(kept.sha256)
        assert caught.value.code == "file.damaged"
    assert store.put([b"content"]).fresh
    assert store.open_whole(kept.sha256) == b"content"
    assert list(store.names()) == [kept.sha256]
    assert any("damaged" in path.name for path in everything(tmp_path))


def test_a_file_that_is_gone_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(BridgeheadError) as caught:
        FileStore(tmp_path).open_whole("0" * 64)
    assert caught.value.code == "file.missing"
    with pytest.raises(ValueError, match="sha-256"):
        FileStore(tmp_path).path("../../etc/passwd")


def test_many_at_once_with_the_same_content_keep_one(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    found: list[str] = []
    ready = threading.Barrier(8)

    def put() -> None:
        ready.wait()
        found.append(store.put([b"same" * 50_000]).sha256)

    threads = [threading.Thread(target=put) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert len(everything(tmp_path)) == 1


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a disk of one megabyte of its own; skip where none can be made."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)], check=False)
    if made.returncode:
        pytest.skip("no right to make a small disk here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_told_and_nothing_is_left_on_it(small_disk: Path) -> None:
    store = FileStore(small_disk / "files")
    before = store.put([b"small"])
    assert refused(store, [os.urandom(CHUNK_B) for _ in range(40)]) == "file.disk_full"
    assert everything(small_disk) == [store.path(before.sha256)]
    assert store.put([b"another small one"]).fresh


def test_a_disk_without_writing_is_told_and_recovers_by_itself(small_disk: Path) -> None:
    store = FileStore(small_disk / "files")
    store.put([b"one"])
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    assert refused(store, [b"two"]) == "file.folder_read_only"
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    assert store.put([b"two"]).fresh


@pytest.mark.skipif(os.name != "posix", reason="there is no SIGKILL")
def test_a_writer_killed_in_the_middle_leaves_no_file_and_its_rest_is_swept(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from bridgehead.ground.files.store import FileStore\n"
        "def slow():\n    yield b'half' * 100\n    print('going', flush=True)\n    time.sleep(60)\n    yield b'rest'\n"
        "FileStore(Path(sys.argv[1])).put(slow())"
    )
    child = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE)
    assert child.stdout is not None
    assert child.stdout.readline() == b"going\n"
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    store = FileStore(tmp_path)
    assert list(store.names()) == []
    (left,) = everything(tmp_path)
    os.utime(left, (time.time() - 7200,) * 2)
    kept = store.put([b"next"])
    assert everything(tmp_path) == [store.path(kept.sha256)]
