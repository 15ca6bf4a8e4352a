"""``bridgehead ledger paper``: the papers of the ledger as Word documents, the same as the pages send."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bridgehead.cli.ledger import OnDay, TaskId, ledger_app, reading
from bridgehead.cli.papers import Overwrite, document
from bridgehead.cli.terminal import AsJson, DataFolder, Language, RegionFolder, say

if TYPE_CHECKING:
    from bridgehead.ground.access.viewer import Viewer

paper_app = typer.Typer(
    help=say(
        "打印台账的公文：责任清单、一项任务、一个单位、一条或者全部条文的落实情况。",
        "Papers of the ledger: responsibilities, a task, a body, the dossier of an article, the whole regulation.",
    ),
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
ledger_app.add_typer(paper_app, name="paper")

Out = Annotated[
    Path, typer.Option("--out", "-o", metavar="FILE.docx", help=say("写到哪里", "the file that is written"))
]
OfYear = Annotated[
    str,
    typer.Option("--year", metavar="YEAR", help=say("哪一年；默认今年", "the year; the running one by default")),
]


@paper_app.callback()
def _paper() -> None:
    pass


@paper_app.command(help=say("责任清单", "The list of responsibilities"))
def responsibilities(  # noqa: PLR0917 - typer passes options by name
    out: Out,
    on: OnDay = "",
    overwrite: Overwrite = False,
    json: AsJson = False,
    data: DataFolder = None,
    region: RegionFolder = None,
    lang: Language = None,
) -> None:
    """Write the list of responsibilities."""
    assert lang is not None

    def made(viewer: Viewer) -> bytes:
        from bridgehead.rooms.ledger.papers.duties import responsibilities as paper
        from bridgehead.rooms.ledger.selectors.board import day_of

        return paper(viewer, day_of(on))

    reading(lang, lambda viewer: document(out, lambda: made(viewer), overwrite, json, lang))


@paper_app.command(help=say("一项任务和它的证据", "One task with its evidence"))
def task(  # noqa: PLR0917 - typer passes options by name
    id: TaskId,
    out: Out,
    on: OnDay = "",
    overwrite: Overwrite = False,
    json: AsJson = False,
    data: DataFolder = None,
    region: RegionFolder = None,
    lang: Language = None,
) -> None:
    """Write the paper of one task."""
    assert lang is not None

    def made(viewer: Viewer) -> bytes:
        from bridgehead.rooms.ledger.papers.tasks import task_paper
        from bridgehead.rooms.ledger.selectors.board import day_of

        return task_paper(viewer, id, day_of(on))

    reading(lang, lambda viewer: document(out, lambda: made(viewer), overwrite, json, lang))


@paper_app.command(help=say("一个单位负责什么、欠什么", "What one organisation answers for and owes"))
def body(  # noqa: PLR0917 - typer passes options by name
    code: Annotated[str, typer.Argument(metavar="CODE", help=say("机构代码", "code of the organisation"))],
    out: Out,
    on: OnDay = "",
    overwrite: Overwrite = False,
    json: AsJson = False,
    data: DataFolder = None,
    region: RegionFolder = None,
    lang: Language = None,
) -> None:
    """Write the paper of one organisation."""
    assert lang is not None

    def made(viewer: Viewer) -> bytes:
        from bridgehead.cli.ledger import organisation_of
        from bridgehead.rooms.ledger.papers.bodies import body_paper
        from bridgehead.rooms.ledger.selectors.board import day_of

        return body_paper(viewer, organisation_of(code).code, day_of(on))

    reading(lang, lambda viewer: document(out, lambda: made(viewer), overwrite, json, lang))


@paper_app.command(help=say("一条的落实情况", "How an article is carried out"))
def dossier(  # noqa: PLR0917 - typer passes options by name
    article: Annotated[int, typer.Argument(metavar="N", min=1, help=say("第几条", "number of the article"))],
    out: Out,
    year: OfYear = "",
    overwrite: Overwrite = False,
    json: AsJson = False,
    data: DataFolder = None,
    region: RegionFolder = None,
    lang: Language = None,
) -> None:
    """Write the dossier of an article."""
    assert lang is not None

    def made(viewer: Viewer) -> bytes:
        from bridgehead.rooms.ledger.selectors.dossier_papers import paper_of
        from bridgehead.rooms.ledger.selectors.dossiers import dossier_of, when
        from bridgehead.rooms.ledger.who import wholly

        asked = when(year)
        return paper_of(dossier_of(viewer, article, asked), asked, whole=wholly(viewer))

    reading(lang, lambda viewer: document(out, lambda: made(viewer), overwrite, json, lang))


@paper_app.command(help=say("全部条文的落实情况，一份报告", "How the whole regulation is carried out, as one report"))
def report(  # noqa: PLR0917 - typer passes options by name
    out: Out,
    year: OfYear = "",
    overwrite: Overwrite = False,
    json: AsJson = False,
    data: DataFolder = None,
    region: RegionFolder = None,
    lang: Language = None,
) -> None:
    """Write the report on the whole regulation."""
    assert lang is not None

    def made(viewer: Viewer) -> bytes:
        from bridgehead.rooms.ledger.selectors.dossier_papers import report_paper
        from bridgehead.rooms.ledger.selectors.dossiers import report_of, when
        from bridgehead.rooms.ledger.who import wholly

        return report_paper(report_of(viewer, when(year)), whole=wholly(viewer))

    reading(lang, lambda viewer: document(out, lambda: made(viewer), overwrite, json, lang))
