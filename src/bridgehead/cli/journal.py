"""``bridgehead journal``: verify the journal, carry its anchor out of the house, say that the clock is right."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bridgehead.cli.terminal import (
    EXIT_REFUSED,
    AsJson,
    DataFolder,
    Language,
    console,
    print_json,
    say,
    start_django,
)

if TYPE_CHECKING:
    from bridgehead.ground.journal.verify import Report
    from bridgehead.kernel.chain import Finding

MOST_SHOWN = 40

journal_app = typer.Typer(
    help=say("日志。", "The journal."),
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@journal_app.callback()
def _journal() -> None:
    pass


@journal_app.command(
    help=say(
        "核对日志：逐条与链和锚点比对，指出每一处改动、调换、插入或删除；有问题时退出码为 2。",
        "Hold the journal against chain and anchors, name every change, move, insertion or removal; exit code 2 then.",
    )
)
def verify(
    anchor: Annotated[
        list[Path] | None,
        typer.Option(
            "--anchor",
            metavar="FILE",
            help=say(
                "锚点文件，可以写几次；数据文件夹里的 anchors.jsonl 总会用到",
                "file of anchors, may be given several times; anchors.jsonl of the data folder is always used",
            ),
        ),
    ] = None,
    json: AsJson = False,
    data: DataFolder = None,
    lang: Language = None,
) -> None:
    """Verify the journal."""
    start_django()
    from bridgehead.ground import database
    from bridgehead.ground.journal import anchors
    from bridgehead.ground.journal.verify import verify as hold

    assert lang is not None
    files = [*(anchor or ())]
    if anchors.own_file().is_file():
        files.append(anchors.own_file())
    with database.worded():
        report = hold(anchors.read(files))
    if json:
        print_json(as_json(report))
    else:
        _print(report, lang)
    if not report.sound:
        raise typer.Exit(EXIT_REFUSED)


@journal_app.command(
    name="anchor",
    help=say(
        "封存日志并导出锚点（链的末端）：写进文件，请抄送到平台以外保存。",
        "Seal the journal and export its anchor, the end of the chain, to a file; keep a copy outside the platform.",
    ),
)
def export_anchor(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]",
            help=say(
                "锚点文件；默认为数据文件夹里的 anchors.jsonl", "file of anchors; anchors.jsonl of the data folder"
            ),
            show_default=False,
        ),
    ] = None,
    data: DataFolder = None,
    lang: Language = None,
) -> None:
    """Export an anchor."""
    start_django()
    from bridgehead.ground import database
    from bridgehead.ground.journal import anchors
    from bridgehead.ground.journal.seal import seal_pending

    with database.worded():
        seal_pending()
        anchor = anchors.export(file)
    print(anchors.line(anchor))


@journal_app.command(
    name="accept-clock",
    help=say(
        "确认现在的时钟是对的：以前的时钟走快了、日志停写时用，会记入日志。",
        "Say that the clock is right now, after an earlier one ran ahead and writing stopped; the journal notes it.",
    ),
)
def accept_clock(
    data: DataFolder = None,
    lang: Language = None,
) -> None:
    """Accept the clock."""
    start_django()
    from bridgehead.ground import database
    from bridgehead.ground.access.viewer import system
    from bridgehead.ground.journal.resume import accept_clock as accept

    with database.worded():
        accept(by=system("bridgehead journal accept-clock"))
    console().print(say("已确认，日志继续。", "Accepted; the journal goes on.", lang))


def as_json(report: Report) -> dict[str, Any]:
    """Return a report in JSON types."""
    return {
        "sound": report.sound,
        "entries": report.entries,
        "sealed": report.sealed,
        "unsealed": list(report.unsealed),
        "late": list(report.late),
        "chain": report.chain,
        "anchors": report.anchors,
        "findings": [
            {"kind": one.kind, "position": one.position, "entry": one.entry}
            | ({} if one.until is None else {"until": one.until})
            for one in report.findings
        ],
    }


def _print(report: Report, lang: str) -> None:
    out = console()
    for one in report.findings[:MOST_SHOWN]:
        out.print(_words(one, lang))
    if len(report.findings) > MOST_SHOWN:
        more = len(report.findings) - MOST_SHOWN
        out.print(say(f"……还有 {more} 处，见 --json", f"... and {more} more, see --json", lang))
    told = (report.entries, report.sealed, len(report.unsealed), report.anchors, report.chain[:16])
    out.print(
        say(
            "日志 {} 条，已封存 {} 条，末尾未封存 {} 条，对照锚点 {} 个，链的末端 {}…".format(*told),
            "entries {}, sealed {}, unsealed at the end {}, anchors held against {}, end of the chain {}…".format(
                *told
            ),
            lang,
        )
    )
    if report.late:
        out.print(
            say(
                f"{len(report.late)} 条封存时间比记录时间晚一分钟以上，值得看一眼：{report.late[0]} 等",
                f"{len(report.late)} were sealed over a minute after their time, worth a look: {report.late[0]} ...",
                lang,
            )
        )
    sound = say("完好。", "Sound.", lang)
    out.print(
        sound if report.sound else say(f"{len(report.findings)} 处不符。", f"{len(report.findings)} faults.", lang)
    )


_KINDS = {
    "changed": ("内容被改", "was changed"),
    "removed": ("被删去", "was removed"),
    "inserted": ("是后来插入的", "was inserted"),
    "reordered": ("被调换了位置", "stands at another place"),
    "seal_changed": ("的封记被改", "has a changed seal"),
    "seal_removed": ("的封记被删", "has lost its seal"),
    "head": ("：链的末端与记录不符", ": the chain ends elsewhere than its head says"),
    "anchor": ("：与锚点不符，此处或以前被整段重写", ": differs from the anchor; rewritten here or before"),
}


def _words(one: Finding, lang: str) -> str:
    zh, en = _KINDS[one.kind]
    entry = "" if one.entry is None else say(f"第 {one.entry} 条", f"entry {one.entry}", lang)
    place = "" if one.position is None else say(f"链上第 {one.position} 位", f"position {one.position}", lang)
    if one.until is not None:
        place = say(f"链上第 {one.position} 至 {one.until} 位", f"positions {one.position} to {one.until}", lang)
    where = say("（", " (", lang) + place + say("）", ")", lang) if entry and place else ""
    return f"{entry or place}{where}{say(zh, ' ' + en if not en.startswith(':') else en, lang)}"
