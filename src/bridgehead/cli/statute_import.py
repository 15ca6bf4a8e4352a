"""``bridgehead statute import``: store a text in the database, with a journal entry, and say what was read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bridgehead.cli.statute_database import in_database
from bridgehead.cli.statute_files import read_bytes
from bridgehead.cli.terminal import (
    AsJson,
    DataFolder,
    Language,
    RegionFolder,
    console,
    print_json,
    say,
)

if TYPE_CHECKING:
    from bridgehead.rooms.statute.models import StatuteVersion
    from bridgehead.rooms.statute.proposal import Agreement

BY = "bridgehead statute import"
KEEPERS = ("coordination", "government")
"""Kinds of organisations that keep statutes where none is named, the first that there is."""


def import_text(  # noqa: PLR0917 - typer passes options by name
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help=say("文本、markdown 或 .docx 文件", "a text, a markdown file or a .docx")),
    ],
    organisation: Annotated[
        str,
        typer.Option(
            metavar="CODE",
            help=say("由哪个机构保管；默认是协调机构", "organisation that keeps it; by default the coordination body"),
        ),
    ] = "",
    work: Annotated[
        str,
        typer.Option(
            metavar="ID",
            help=say(
                "是哪部法规的又一个文本：编号，或 new；默认按标题和内容认",
                "which statute it is another text of: its id, or new; by default found out by title and content",
            ),
        ),
    ] = "",
    note: Annotated[str, typer.Option(help=say("文本从哪里来", "where the text is from"))] = "",
    json: AsJson = False,
    data: DataFolder = None,
    region: RegionFolder = None,
    lang: Language = None,
) -> None:
    """Import the text of a statute."""
    assert lang is not None
    content = read_bytes(file)

    def imported() -> dict[str, Any]:
        from bridgehead.ground.access.viewer import system
        from bridgehead.rooms.statute.actions import import_statute
        from bridgehead.rooms.statute.parsing import reading_of
        from bridgehead.rooms.statute.proposal import agreement_of

        keeper = _keeper(organisation)
        version = import_statute(
            by=system(BY), organisation=keeper, content=content, name=file.name, work=work, note=note
        )
        to_review = version.duty_rows.filter(to_review=True).count()
        return _told(version, agreement_of(reading_of(version)), version.count_duties(), to_review)

    told = in_database(BY, imported)
    if json:
        print_json(told)
        return
    _print(told, lang)


def _keeper(code: str) -> int:
    """Return the organisation that keeps a statute.

    Raises
    ------
    BridgeheadError
        ``statute.no_such_keeper``.
    """
    from bridgehead.ground.models import Organisation
    from bridgehead.kernel.errors import BridgeheadError

    open_ones = Organisation.objects.filter(closed_on=None)
    if code:
        found = open_ones.filter(code=code).first()
    else:
        listed = list(open_ones.filter(kind__in=KEEPERS))
        found = min(listed, key=lambda one: (KEEPERS.index(one.kind), one.code), default=None)
    if found is None:
        raise BridgeheadError("statute.no_such_keeper", {"code": code or "—"})
    return int(found.pk)


def _told(version: StatuteVersion, agreement: Agreement, duties: int, to_review: int) -> dict[str, Any]:
    return {
        "statute": version.work_id,
        "version": version.pk,
        "title": version.title,
        "adopted_on": version.adopted_on,
        "effective_on": version.effective_on,
        "effective_rule": version.effective_rule or None,
        "articles": version.articles,
        "paragraphs": version.paragraphs,
        "duties": duties,
        "to_review": to_review,
        "warnings": [{"code": code, "line": line} for code, line, _ in version.anomalies],
        "is_regulation": version.work.is_regulation,
        "fingerprints": {
            "agreeing": agreement.agreeing,
            "total": agreement.total,
            "differing": list(agreement.differing) if agreement.is_regulation else [],
        },
        "sha256": version.sha256,
    }


def _print(told: dict[str, Any], lang: str) -> None:
    out = console()
    out.print(told["title"], style="bold", soft_wrap=True)
    a, d, r, w = told["articles"], told["duties"], told["to_review"], len(told["warnings"])
    out.print(
        say(
            f"已导入：{a} 条，{d} 项职责，{r} 项等人核对，{w} 处疑点",
            f"imported: {a} articles, {d} duties, {r} to review, {w} warnings",
            lang,
        )
    )
    marks = told["fingerprints"]
    if told["is_regulation"]:
        n, t = marks["agreeing"], marks["total"]
        out.print(
            say(
                f"地区条例的指纹：{t} 条里有 {n} 条一字不差",
                f"fingerprints of the region's regulation: {n} of {t} articles agree letter by letter",
                lang,
            )
        )
    id = told["version"]
    out.print(f"/statutes/{told['statute']}/  " + say(f"文本编号 {id}", f"text {id}", lang), style="dim")
