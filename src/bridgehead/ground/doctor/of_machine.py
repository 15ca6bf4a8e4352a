"""Checks of the machine and the data folder: room, keys, transport, files, backups."""

from __future__ import annotations

import json
import os
import shutil
import stat
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from bridgehead.ground.backup.saving import notes
from bridgehead.ground.doctor.finding import OK, Found, check
from bridgehead.ground.files.naming import named_files, naming_files
from bridgehead.ground.files.uploads import file_store
from bridgehead.kernel.errors import BridgeheadError

LEAST_FREE_B = 1_000_000_000
OLDEST_BACKUP = timedelta(days=2)
FILES_SAMPLED = 50


@check("disk", "磁盘", "Disk")
def disk_has_room(full: bool) -> Found:
    """See whether the data folder can be written to and has room."""
    folder: Path = settings.BRIDGEHEAD_DATA
    if not os.access(folder, os.W_OK):
        return Found(
            "error",
            "数据文件夹不能写",
            "the data folder cannot be written to",
            "检查权限和挂载。",
            "Check permissions and the mount.",
        )
    free = shutil.disk_usage(folder).free
    if free >= LEAST_FREE_B:
        return Found("ok", f"剩余 {free / 1e9:,.0f} GB", f"{free / 1e9:,.0f} GB free")
    return Found(
        "warning",
        f"只剩 {free / 1e6:,.0f} MB",
        f"only {free / 1e6:,.0f} MB are free",
        "腾出空间，或把数据文件夹移到大的磁盘。",
        "Make room, or move the data folder to a larger disk.",
    )


@check("key", "签名密钥", "Key that signs")
def key_is_kept(full: bool) -> Found:
    """See whether the key that signs sessions is kept and read by nobody else."""
    file = settings.BRIDGEHEAD_DATA / "secret.key"
    if os.environ.get("BRIDGEHEAD_SECRET_KEY"):
        return Found("ok", "由环境变量给出", "given by the environment")
    if not file.is_file():
        return Found(
            "warning",
            "没有密钥文件，重启后要重新登录",
            "there is no key file; sessions end with the process",
            "用 bridgehead run 启动会生成。",
            "bridgehead run makes it.",
        )
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        return Found("error", "密钥文件别人也能读", "others can read the key file", "chmod 600。", "chmod 600.")
    return OK


@check("tls", "加密传输", "Encrypted transport")
def cookies_are_safe(full: bool) -> Found:
    """See whether a platform open to other machines sends its cookies over TLS only."""
    if settings.SESSION_COOKIE_SECURE:
        return OK
    hosts = set(settings.ALLOWED_HOSTS) - {"localhost", "127.0.0.1", "[::1]"}
    if not hosts:
        return Found("ok", "只在本机", "this machine only")
    return Found(
        "warning",
        "对其他机器开放，但没有用 TLS",
        "open to other machines without TLS",
        "在前面放一个 TLS 代理，并设 BRIDGEHEAD_HTTPS=on。",
        "Put a proxy with TLS in front and set BRIDGEHEAD_HTTPS=on.",
    )


@check("backup", "备份", "Backup")
def backup_is_recent(full: bool) -> Found:
    """See whether there was a backup lately."""
    try:
        told = [json.loads(line) for line in notes().read_text(encoding="utf-8").splitlines() if line.strip()]
        last = max(datetime.fromisoformat(one["at"]) for one in told)
    except (OSError, ValueError, KeyError):
        last = None
    if last is not None and timezone.now() - last < OLDEST_BACKUP:
        return Found("ok", f"最近一次 {last:%Y-%m-%d %H:%M}", f"the last one {last:%Y-%m-%d %H:%M}")
    when_zh = f"最近一次是 {last:%Y-%m-%d}" if last else "还没有做过"
    when_en = f"the last one was {last:%Y-%m-%d}" if last else "there was none yet"
    return Found(
        "warning",
        when_zh,
        when_en,
        "每天运行 bridgehead backup，把文件存到别的机器上。",
        "Run bridgehead backup every day and keep the file on another machine.",
    )


@check("files", "文件库", "Store of files")
def files_are_there(full: bool) -> Found:
    """See whether the files the database names lie in the store with the right content: the newest, or all."""
    wanted: set[str] = set()
    for model in naming_files():
        named = named_files(model)
        wanted |= set(named if full else named[:FILES_SAMPLED])
    broken = sorted(filter(_is_broken, wanted))
    if not broken:
        return Found("ok", f"核对了 {len(wanted)} 个", f"{len(wanted)} verified")
    first = f"{broken[0][:2]}/{broken[0][2:14]}…"
    return Found(
        "error",
        f"{len(wanted)} 个里有 {len(broken)} 个缺失或损坏，第一个是 files/{first}",
        f"{len(broken)} of {len(wanted)} are missing or damaged, the first is files/{first}",
        "从备份里取回 files/ 文件夹里的同名文件。",
        "Take the files of the same names back from a backup.",
    )


def _is_broken(sha256: str) -> bool:
    try:
        file_store().verify(sha256)
    except BridgeheadError:
        return True
    return False


@check("orphans", "无主的文件", "Files nothing names")
def files_nothing_names(full: bool) -> Found:
    """Count what lies in the store and no record names: information, no fault."""
    store = file_store()
    named: set[str] = set()
    for model in naming_files():
        named |= set(named_files(model))
    orphans = [store.path(name) for name in store.names() if name not in named]
    aside = list(store.folder.glob("[0-9a-f][0-9a-f]/*.damaged-*"))
    if not orphans and not aside:
        return Found("ok", "没有", "none")
    megabytes = _size_b([*orphans, *aside]) / 1e6
    return Found(
        "ok",
        f"{len(orphans)} 个没有记录指向，{len(aside)} 个是移到一旁的损坏副本，共 {megabytes:,.1f} MB",
        f"no record names {len(orphans)}, and {len(aside)} are damaged copies moved aside: {megabytes:,.1f} MB",
        "不用处理；多半来自中断的上传。备份里不含它们。",
        "Nothing has to be done; most come from uploads broken off. No backup holds them.",
    )


def _size_b(files: Iterable[Path]) -> int:
    total = 0
    for file in files:
        try:
            total += file.stat().st_size
        except OSError:  # gone meanwhile
            continue
    return total
