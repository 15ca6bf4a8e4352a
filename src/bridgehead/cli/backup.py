"""``bridgehead backup``, ``restore`` and ``doctor``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bridgehead.cli.terminal import AsJson, DataFolder, Language, console, print_json, say, start_django


def backup(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]",
            help=say("备份文件；默认以日期时间命名，放在当前文件夹", "the archive; by default named by the time, here"),
            show_default=False,
        ),
    ] = None,
    json: AsJson = False,
    data: DataFolder = None,
    lang: Language = None,
) -> None:
    """Write a backup while people work."""
    start_django()
    from django.utils import timezone
    from rich.progress import Progress

    from bridgehead.ground.backup.saving import save
    from bridgehead.ground.journal.seal import seal_pending

    file = file or Path(f"bridgehead-{timezone.localtime():%Y%m%d-%H%M%S}.tar.gz")
    out = console(stderr=True)
    with Progress(console=out, transient=True, disable=not out.is_terminal) as bar:
        task = bar.add_task(say("备份", "backing up", lang))
        seal_pending()
        saved = save(file, lambda what, done, total: bar.update(task, description=what, completed=done, total=total))
    if json:
        told = {"file": str(saved.file), "tables": saved.tables, "rows": saved.rows, "files": saved.files}
        print_json({**told, "missing": list(saved.missing), "size_b": saved.size_b, "journal": saved.position})
        return
    words = (saved.file, saved.tables, saved.rows, saved.files, saved.size_b / 1e6, saved.position)
    console().print(
        say(
            "{}：{} 张表，{} 行，{} 个文件，{:.1f} MB，日志到第 {} 位。".format(*words),
            "{}: {} tables, {} rows, {} files, {:.1f} MB, journal up to position {}.".format(*words),
            lang,
        )
    )
    if saved.missing:
        missing = len(saved.missing)
        console().print(
            say(f"{missing} 个文件不在库里，备份里没有。", f"{missing} files are missing in the store and here.", lang)
        )


def restore(
    file: Annotated[Path, typer.Argument(help=say("备份文件", "the archive"))],
    json: AsJson = False,
    data: DataFolder = None,
    lang: Language = None,
) -> None:
    """Restore a backup into an empty platform."""
    start_django()
    from bridgehead.ground.backup.restoring import restore as take_back

    found = take_back(file)
    if json:
        told = {"tables": found.tables, "rows": found.rows, "files": found.files, "missing": list(found.missing)}
        print_json({**told, "journal": found.position, "begun": found.begun})
        return
    words = (found.tables, found.rows, found.files, found.position, found.begun)
    console().print(
        say(
            "已恢复：{} 张表，{} 行，{} 个文件；日志到第 {} 位，核对无误；备份开始于 {}。".format(*words),
            "Restored: {} tables, {} rows, {} files; journal up to position {}, verified; backup begun {}.".format(
                *words
            ),
            lang,
        )
    )


def doctor(
    full: Annotated[
        bool, typer.Option("--full", help=say("核对整本日志和每个文件", "verify the whole journal and every file"))
    ] = False,
    json: AsJson = False,
    data: DataFolder = None,
    lang: Language = None,
) -> None:
    """Examine the platform; exit code 1 if something is wrong."""
    start_django()
    from bridgehead.ground.doctor.checks import examine, findings_json, headline

    assert lang is not None
    found = examine(full=full)
    if json:
        print_json(findings_json(found, lang))
    else:
        out = console()
        for one in found:
            if one.severity != "ok":
                out.print(f"{one.mark(lang)}  {one.title(lang)}: {one.said(lang)}")
                if one.cure(lang):
                    out.print(f"    {one.cure(lang)}", style="dim")
        out.print(headline(found, lang))
    if any(one.severity == "error" for one in found):
        raise typer.Exit(1)
