"""The checks of the ground, and the examination that runs them all."""

from __future__ import annotations

import json
import os
import shutil
import stat
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from bridgehead.ground.access.row_security import POLICY
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.backup.saving import notes
from bridgehead.ground.doctor.finding import OK, Finding, Found, check, checks
from bridgehead.ground.files.uploads import file_store
from bridgehead.ground.journal import anchors
from bridgehead.ground.journal.verify import verify
from bridgehead.ground.language import speak
from bridgehead.ground.models import JournalEntry, JournalHead, JournalSeal, StoredFile, Task
from bridgehead.kernel.errors import BridgeheadError

LEAST_FREE_B = 1_000_000_000
LONGEST_TAIL = timedelta(seconds=5)
OLDEST_BACKUP = timedelta(days=2)
FILES_SAMPLED = 50


def examine(full: bool = False) -> tuple[Finding, ...]:
    """Run every check and return what each found; a check that cannot be run is a finding itself.

    Parameters
    ----------
    full : bool
        Whether to verify the whole journal and every file.
    """
    found = []
    with as_system("doctor"):
        for one in checks():
            try:
                said = one.look(full)
            except Exception as trouble:  # the next check may still tell what the matter is
                said = Found("error", f"查不了：{trouble}", f"cannot be looked at: {trouble}")
            found.append(Finding(one.name, one.title_zh, one.title_en, said))
    return tuple(found)


def headline(found: Sequence[Finding], code: str) -> str:
    """Return the answer in one sentence."""
    errors, warnings = (sum(one.severity == grave for one in found) for grave in ("error", "warning"))
    if not errors and not warnings:
        return speak(code, f"{len(found)} 项检查，一切正常。", f"{len(found)} checks, everything is in order.")
    if not errors:
        return speak(code, f"没有故障，{warnings} 件事要留意。", f"No faults, {warnings} to note.")
    return speak(code, f"{errors} 处故障要处理，{warnings} 件事要留意。", f"{errors} to be mended, {warnings} to note.")


def findings_json(found: Sequence[Finding], code: str) -> dict[str, Any]:
    """Return the findings in JSON types."""
    return {
        "sound": not any(one.severity == "error" for one in found),
        "summary": headline(found, code),
        "checks": [
            {
                "name": one.name,
                "title": one.title(code),
                "severity": one.severity,
                "found": one.said(code),
                "cure": one.cure(code) or None,
            }
            for one in found
        ],
    }


@check("database", "数据库", "Database")
def database_opens(full: bool) -> Found:
    """Ask the database something, and see whether it is sound."""
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute("SHOW server_version")
            version = cursor.fetchone()[0]
            return Found("ok", f"PostgreSQL {version}", f"PostgreSQL {version}")
        cursor.execute("PRAGMA integrity_check(1)" if full else "PRAGMA quick_check(1)")
        said = cursor.fetchone()[0]
        cursor.execute("PRAGMA foreign_key_check")
        orphans = cursor.fetchall()
    if said != "ok" or orphans:
        return Found(
            "error",
            f"数据库文件损坏：{said}，{len(orphans)} 行指向不存在的记录",
            f"the file is damaged: {said}, {len(orphans)} rows point to nothing",
            "停止平台，用 bridgehead restore 恢复最近的备份。",
            "Stop the platform and restore the last backup.",
        )
    return Found("ok", "SQLite，完好", "SQLite, sound")


@check("migrations", "数据库版本", "Version of the database")
def migrations_applied(full: bool) -> Found:
    """See whether every migration was applied."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        return OK
    return Found(
        "error",
        f"还有 {len(plan)} 步升级没有做",
        f"{len(plan)} migrations are missing",
        "用 bridgehead run 启动一次，会自动升级。",
        "Start it once with bridgehead run, which brings it up to date.",
    )


@check("durability", "写入的持久性", "Durability of writes")
def writes_last(full: bool) -> Found:
    """See whether what is confirmed outlives a power cut."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA synchronous")
            level = int(cursor.fetchone()[0])
            cursor.execute("PRAGMA journal_mode")
            wal = cursor.fetchone()[0] in ("wal", "memory")
            if level >= 2 and wal:
                return OK
            told = (f"synchronous={level}，日志模式{'' if wal else '不'}是 WAL", f"synchronous={level}, WAL {wal}")
        else:
            cursor.execute("SELECT current_setting('fsync'), current_setting('synchronous_commit')")
            fsync, commit = cursor.fetchone()
            if fsync == "on" and commit != "off":
                return OK
            told = (f"fsync={fsync}，synchronous_commit={commit}", f"fsync={fsync}, synchronous_commit={commit}")
    return Found(
        "warning",
        told[0] + "：断电可能丢失最后几笔",
        told[1] + ": a power cut may take the last writes",
        "去掉 BRIDGEHEAD_SQLITE_SYNCHRONOUS=normal，或在 PostgreSQL 打开 fsync。",
        "Drop BRIDGEHEAD_SQLITE_SYNCHRONOUS=normal, or turn fsync on in PostgreSQL.",
    )


@check("journal", "日志", "Journal")
def journal_sound(full: bool) -> Found:
    """Hold the journal against its chain: all of it, or its end."""
    if full:
        file = anchors.own_file()
        report = verify(anchors.read([file]) if file.is_file() else ())
        if report.sound:
            return Found("ok", f"{report.entries} 条全部核对", f"all {report.entries} entries verified")
        wrong = len(report.findings)
    else:
        head = JournalHead.objects.get(pk=1)
        last = JournalSeal.objects.order_by("-position").first()
        if (last is None and head.position == 0) or (
            last and (last.position, last.chain) == (head.position, head.chain)
        ):
            return Found("ok", f"链的末端在第 {head.position} 位", f"the chain ends at position {head.position}")
        wrong = 1
    return Found(
        "error",
        f"{wrong} 处与链不符",
        f"{wrong} places do not fit the chain",
        "运行 bridgehead journal verify 看是哪几条，保留现场，查明是谁动过数据库。",
        "Run bridgehead journal verify to see which, keep everything as it is, find out who touched the database.",
    )


@check("sealing", "封存", "Sealing")
def sealing_goes_on(full: bool) -> Found:
    """See whether entries wait for their seal."""
    last = JournalSeal.objects.order_by("-entry_id").values_list("entry_id", flat=True).first() or 0
    waiting = JournalEntry.objects.filter(pk__gt=last).order_by("id").first()
    if waiting is None or timezone.now() - waiting.recorded_at < LONGEST_TAIL:
        return OK
    return Found(
        "warning",
        f"第 {waiting.pk} 条以后还没有封存",
        f"entries from {waiting.pk} on are not sealed",
        "平台运行时会自动封存；没有运行时可以运行 bridgehead journal anchor。",
        "The running platform seals by itself; while it does not run, bridgehead journal anchor does.",
    )


@check("clock", "时钟", "Clock")
def clock_goes_forward(full: bool) -> Found:
    """See whether the clock is behind the journal."""
    latest = JournalHead.objects.values_list("latest_at", flat=True).first()
    if latest is None or timezone.now() >= latest - timedelta(seconds=5):
        return OK
    return Found(
        "error",
        f"时钟比日志晚：日志到 {latest:%Y-%m-%d %H:%M:%S}",
        f"the clock is behind the journal, which is at {latest:%Y-%m-%d %H:%M:%S}",
        "校准时钟；如果以前的时钟错了，运行 bridgehead journal accept-clock。",
        "Set the clock right; if the earlier one was wrong, run bridgehead journal accept-clock.",
    )


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


@check("files", "文件库", "Store of files")
def files_are_there(full: bool) -> Found:
    """See whether the files the database names lie in the store with the right content."""
    store = file_store()
    wanted = StoredFile.objects.order_by("-id").values_list("sha256", flat=True).distinct()
    wanted = wanted if full else wanted[:FILES_SAMPLED]
    broken = count = 0
    for sha256 in wanted:
        count += 1
        try:
            store.verify(sha256)
        except BridgeheadError:
            broken += 1
    if not broken:
        return Found("ok", f"核对了 {count} 个", f"{count} verified")
    return Found(
        "error",
        f"{count} 个里有 {broken} 个缺失或损坏",
        f"{broken} of {count} are missing or damaged",
        "从备份里取回 files/ 文件夹里的同名文件。",
        "Take the files of the same names back from a backup.",
    )


@check("tasks", "后台任务", "Background tasks")
def tasks_get_done(full: bool) -> Found:
    """See whether work failed, or waits for nobody."""
    failed = Task.objects.filter(state=Task.State.FAILED).count()
    late = Task.objects.filter(state=Task.State.WAITING, run_after__lt=timezone.now() - timedelta(minutes=10)).count()
    if not failed and not late:
        return OK
    return Found(
        "warning",
        f"{failed} 件失败，{late} 件等了十分钟以上",
        f"{failed} failed, {late} have waited for more than ten minutes",
        "在任务页看原因；没有运行 bridgehead run 或 bridgehead work 时，任务会一直等着。",
        "See the reasons among the tasks; they wait while neither bridgehead run nor bridgehead work runs.",
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


@check("row_security", "行级安全", "Row-level security")
def second_lock_holds(full: bool) -> Found:
    """See whether PostgreSQL guards every owned table, also against the role the platform runs as."""
    if connection.vendor != "postgresql":
        return Found("ok", "SQLite 没有，只有一道门", "SQLite has none; the gate alone decides")
    owned = [one._meta.db_table for one in apps.get_models() if hasattr(one, "VISIBILITY")]
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        above = bool(cursor.fetchone()[0])
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid"
            " WHERE c.relrowsecurity AND c.relforcerowsecurity AND p.polname = %s",
            [POLICY],
        )
        guarded = {name for (name,) in cursor.fetchall()}
    open_tables = sorted(set(owned) - guarded)
    if not above and not open_tables:
        return Found("ok", f"{len(owned)} 张表", f"{len(owned)} tables")
    if above:
        return Found(
            "error",
            "数据库角色是超级用户，行级安全对它无效",
            "the role is a superuser, which row-level security does not bind",
            "给平台一个普通角色。",
            "Give the platform an ordinary role.",
        )
    return Found("error", f"没有保护：{'、'.join(open_tables)}", f"not guarded: {', '.join(open_tables)}")
