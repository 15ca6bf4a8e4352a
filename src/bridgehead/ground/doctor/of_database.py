"""Checks of the database itself: sound, up to date, durable, guarded."""

from __future__ import annotations

from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from bridgehead.ground.access.row_security import POLICY
from bridgehead.ground.doctor.finding import OK, Found, check


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
