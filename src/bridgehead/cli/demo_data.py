"""``bridgehead demo-data``: fill a marked demonstration, or take it away."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bridgehead.cli.run import alone, data_folder, make_secret_key, writable
from bridgehead.cli.terminal import (
    AsJson,
    DataFolder,
    Language,
    RegionFolder,
    console,
    print_json,
    say,
    start_django,
)

if TYPE_CHECKING:
    from bridgehead.ground.demonstration.registry import Stage

PASSWORD_FILE = "demo.password"  # noqa: S105 - the name of a file
LOOPBACK = frozenset(("localhost", "127.0.0.1", "[::1]"))


def demo_data(
    *,
    wipe: Annotated[
        bool, typer.Option("--wipe", help=say("清除示意数据；日志保留", "remove the demonstration; the journal stays"))
    ] = False,
    beside_real_data: Annotated[
        bool,
        typer.Option(
            "--beside-real-data",
            help=say(
                "平台上已有真实人员也填入；示意账号不能登录",
                "fill it in beside real people, too; nobody of the demonstration can sign in then",
            ),
        ),
    ] = False,
    json: AsJson = False,
    data: DataFolder = None,
    region: RegionFolder = None,
    lang: Language = None,
) -> None:
    """Fill or remove the demonstration."""
    assert lang is not None
    folder = data_folder()
    writable(folder)
    with alone(folder):
        make_secret_key(folder)
        start_django()
        from bridgehead.ground import database
        from bridgehead.ground.access.viewer import system
        from bridgehead.ground.demonstration import registry
        from bridgehead.ground.people.organisations import adopt_region
        from bridgehead.ground.region import current

        loaded = current().region
        with database.worded():
            database.bring_up_to_date()
            adopt_region(by=system(registry.BY), region=loaded)
            if wipe:
                stage = registry.wipe(loaded)
                (folder / PASSWORD_FILE).unlink(missing_ok=True)
            else:
                password = _password(folder) if _loopback_only() else ""
                stage = registry.fill(loaded, password, beside_real_data=beside_real_data)
            people = [] if wipe else _people()
    if json:
        print_json({"made": dict(stage.made), "password": stage.password or None, "people": people})
        return
    _print(stage, people, wipe, lang)


def _loopback_only() -> bool:
    """Tell whether the platform answers to this machine alone."""
    from django.conf import settings

    return set(settings.ALLOWED_HOSTS) <= LOOPBACK and not settings.SESSION_COOKIE_SECURE


def _password(folder: Path) -> str:
    """Return the common password of the demonstration, made once a data folder."""
    file = folder / PASSWORD_FILE
    if not file.is_file():
        with os.fdopen(os.open(file, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="ascii") as stream:
            stream.write("-".join(("demo", *(secrets.token_hex(2) for _ in range(4)))) + "\n")
    return file.read_text(encoding="ascii").strip()


def _people() -> list[dict[str, Any]]:
    from bridgehead.ground.access.viewer import as_system
    from bridgehead.ground.models import Membership

    with as_system("bridgehead demo-data"):
        rows = Membership.objects.filter(person__demo=True).select_related("person", "organisation").order_by("id")
        return [{"login": r.person.login, "role": r.role, "organisation": r.organisation.code} for r in rows]


def _print(stage: Stage, people: list[dict[str, Any]], wipe: bool, lang: str) -> None:
    out = console()
    for one in people:
        out.print(f"{one['login']:<40} {one['role']:<20} {one['organisation']}", soft_wrap=True)
    if wipe:
        told = stage.made["removed"], stage.made["closed"]
        zh, en = "已清除 {} 条，关闭 {} 条；日志保留。", "{} records removed, {} closed; the journal stays."
        out.print(say(zh, en, lang).format(*told))
        return
    made = sum(stage.made.values())
    out.print(say(f"新增 {made} 条示意记录。", f"{made} records of the demonstration made.", lang))
    if stage.password:
        out.print(say(f"共用密码：{stage.password}", f"common password: {stage.password}", lang), soft_wrap=True)
    else:
        zh = "示意账号没有密码：平台对别的机器开放，或有真实人员。"
        en = "Nobody of it has a password: the platform is open to other machines, or holds real people."
        out.print(say(zh, en, lang), soft_wrap=True)
