"""``bridgehead ledger``: who owes what, duties and who answers for them, one task, the calendar, papers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from bridgehead.cli.papers import Overwrite, written
from bridgehead.cli.statute_database import in_database
from bridgehead.cli.terminal import AsJson, DataFolder, Language, RegionFolder, console, print_json, say

if TYPE_CHECKING:
    from bridgehead.ground.access.viewer import Viewer
    from bridgehead.ground.models import Organisation

BY = "bridgehead ledger"
LACKING = ("lead", "task", "text")
T = TypeVar("T")

ledger_app = typer.Typer(
    help=say("台账：职责、任务、证据、到期。", "The ledger: duties, tasks, evidence, what is due."),
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)

OnDay = Annotated[
    str,
    typer.Option(
        "--on",
        metavar="DAY",
        help=say("哪一天的情况，YYYY-MM-DD；默认今天", "as it stood on this day, YYYY-MM-DD; today by default"),
    ),
]
OfArticle = Annotated[
    int | None,
    typer.Option("--article", metavar="N", min=1, help=say("只看这一条", "only what serves this article")),
]
TaskId = Annotated[int, typer.Argument(metavar="ID", help=say("任务的编号", "id of the task"))]


@ledger_app.callback()
def _ledger() -> None:
    pass


def reading(lang: str, read: Callable[[Viewer], T]) -> T:
    """Read the ledger as the platform itself, in the language of the terminal.

    Parameters
    ----------
    lang : str
        ``zh`` or ``en``.
    read : callable
        Takes the viewer; it imports what it needs of the rooms itself.
    """

    def work() -> T:
        from django.utils.translation import override

        from bridgehead.ground.access.viewer import system
        from bridgehead.ground.language import django_code

        with override(django_code(lang)):
            return read(system(BY))

    return in_database(BY, work)


def _check_article(article: int | None) -> None:
    """Refuse an article of which nothing is found and that the regulation does not have; other laws may have it."""
    from bridgehead.kernel.errors import BridgeheadError, Place
    from bridgehead.rooms.statute.public import article_numbers

    known = article_numbers()
    if article is not None and known and article not in known:
        raise BridgeheadError("dossier.no_such_article", {"article": article}, Place(field="article"))


def organisation_of(code: str) -> Organisation:
    """Return an organisation by its code.

    Raises
    ------
    BridgeheadError
        ``organisation.no_such_organisation``.
    """
    from bridgehead.ground.models import Organisation
    from bridgehead.kernel.errors import BridgeheadError, Place

    found = Organisation.objects.filter(code=code.strip()).first()
    if found is None:
        raise BridgeheadError("organisation.no_such_organisation", {"code": code}, Place(field="organisation"))
    return found


def coordination_office(code: str = "") -> Organisation:
    """Return the body that keeps the ledger of the region: the one named, else the only coordination body.

    Raises
    ------
    BridgeheadError
        ``ledger.no_coordination_office`` where there is none, ``ledger.several_coordination_offices``;
        ``organisation.no_such_organisation`` for a code nobody has.
    """
    from bridgehead.ground.models import Organisation
    from bridgehead.kernel.errors import BridgeheadError

    if code:
        return organisation_of(code)
    found = list(Organisation.objects.filter(kind="coordination", closed_on=None).order_by("code"))
    if not found:
        raise BridgeheadError("ledger.no_coordination_office", {})
    if len(found) > 1:
        raise BridgeheadError("ledger.several_coordination_offices", {"codes": [one.code for one in found]})
    return found[0]


@ledger_app.command(
    help=say(
        "谁欠什么、何时到期：按单位计数，列出任务；任何一天都可以问。",
        "Who owes what by when: counted by organisation, with the tasks; of any day.",
    )
)
def owed(  # noqa: PLR0917 - typer passes options by name
    on: OnDay = "",
    organisation: Annotated[
        str, typer.Option(metavar="CODE", help=say("只看这个单位牵头的", "only what this organisation leads"))
    ] = "",
    article: OfArticle = None,
    late: Annotated[bool, typer.Option("--late", help=say("只看已过期的", "only what is late"))] = False,
    page: Annotated[int, typer.Option(min=1, help=say("任务的第几页", "page of the tasks"))] = 1,
    json: AsJson = False,
    data: DataFolder = None,
    region: RegionFolder = None,
    lang: Language = None,
) -> None:
    """Show who owes what on a day."""
    assert lang is not None

    def read(viewer: Viewer) -> Any:
        from bridgehead.cli.ledger_words import print_board
        from bridgehead.rooms.ledger.api.duties import board_json
        from bridgehead.rooms.ledger.selectors.board import Filters, board, day_of

        at = organisation_of(organisation).pk if organisation else None
        seen = board(viewer, Filters(day_of(on), at, article, late, page))
        if not seen.owed:
            _check_article(article)
        return print_json(board_json(seen)) if json else print_board(console(), seen, lang)

    reading(lang, read)


@ledger_app.command(
    help=say(
        "责任清单：每项职责谁牵头、谁配合，布置了几项任务、完成几项。",
        "The list of responsibilities: who leads each duty, who joins in, how many tasks it became and were done.",
    )
)
def duties(  # noqa: PLR0917 - typer passes options by name
    article: OfArticle = None,
    lacking: Annotated[
        str,
        typer.Option(
            metavar="|".join(LACKING),
            help=say(
                "只看没有牵头单位、没有布置任务，或文字已变的",
                "only those without a lead, without a task, or with other words by now",
            ),
        ),
    ] = "",
    on: OnDay = "",
    json: AsJson = False,
    data: DataFolder = None,
    region: RegionFolder = None,
    lang: Language = None,
) -> None:
    """List duties and who answers for them."""
    assert lang is not None
    if lacking and lacking not in LACKING:
        raise typer.BadParameter(say("--lacking 只能是 ", "--lacking takes ", lang) + ", ".join(LACKING))

    def read(viewer: Viewer) -> Any:
        from bridgehead.cli.ledger_words import print_register
        from bridgehead.rooms.ledger.api.duties import register_json
        from bridgehead.rooms.ledger.selectors.board import day_of
        from bridgehead.rooms.ledger.selectors.duties import register

        found = register(viewer, article=article, lacking=lacking, on=day_of(on))
        if not found.lines:
            _check_article(article)
        return print_json(register_json(found)) if json else print_register(console(), found, lang)

    reading(lang, read)


@ledger_app.command(
    name="take-over",
    help=say(
        "把已导入法规的职责接收进台账，由地区的协调机构保管；写入日志。以前接收过的不动。",
        "Take the duties of the imported regulation over into the ledger, kept by the coordination body of the region;"
        " with an entry in the journal. Those taken over before stay as they are.",
    ),
)
def take_over(  # noqa: PLR0917 - typer passes options by name
    work: Annotated[
        int | None,
        typer.Option(
            metavar="ID",
            min=1,
            help=say(
                "哪部法规，见 bridgehead statute list --json；默认是地区条例",
                "which statute, see `bridgehead statute list --json`; by default the region's own regulation",
            ),
        ),
    ] = None,
    organisation: Annotated[
        str,
        typer.Option(
            metavar="CODE",
            help=say("由哪个机构保管；默认是唯一的协调机构", "who keeps it; by default the only coordination body"),
        ),
    ] = "",
    json: AsJson = False,
    data: DataFolder = None,
    region: RegionFolder = None,
    lang: Language = None,
) -> None:
    """Take duties over."""
    assert lang is not None

    def done() -> dict[str, Any]:
        from bridgehead.ground.access.viewer import system
        from bridgehead.rooms.ledger.actions.duties import take_over as act
        from bridgehead.rooms.ledger.models import Duty

        office = coordination_office(organisation)
        looked = act(by=system(f"{BY} take-over"), owner=office.pk, work=work)
        total = Duty.objects.filter(owner=office).exclude(state=Duty.State.GONE).count()
        return {"organisation": office.code, "taken": looked.taken, "total": total}

    told = in_database(f"{BY} take-over", done)
    if json:
        print_json(told)
        return
    taken, total, code = told["taken"], told["total"], told["organisation"]
    console().print(
        say(
            f"接收 {taken} 项职责，台账里共 {total} 项；由 {code} 保管",
            f"{taken} duties taken over, {total} in the ledger; kept by {code}",
            lang,
        ),
        soft_wrap=True,
    )


@ledger_app.command(
    help=say(
        "一项任务：谁、何时、做到哪里、证据、过期后做了什么；可以问过去的一天。",
        "One task: who, by when, how far, its evidence, what was done about its being late; of a past day, too.",
    )
)
def task(  # noqa: PLR0917 - typer passes options by name
    id: TaskId,
    on: OnDay = "",
    json: AsJson = False,
    data: DataFolder = None,
    region: RegionFolder = None,
    lang: Language = None,
) -> None:
    """Show one task."""
    assert lang is not None

    def read(viewer: Viewer) -> Any:
        from bridgehead.cli.ledger_words import print_task
        from bridgehead.rooms.ledger.api.duties import whole_task_json
        from bridgehead.rooms.ledger.selectors.board import day_of
        from bridgehead.rooms.ledger.selectors.tasks import task_page

        seen = task_page(viewer, id, day_of(on))
        return print_json(whole_task_json(seen)) if json else print_task(console(), seen, lang)

    reading(lang, read)


@ledger_app.command(
    help=say(
        "一个月里的会议、到期的任务和别的事；--ics 写成别的日历能收的文件，不写月份就是前后一年多。",
        "What falls in a month: meetings, tasks and all else that is due; --ics writes it for other calendars, more"
        " than a year of it where no month is named.",
    )
)
def calendar(  # noqa: PLR0917 - typer passes options by name
    month: Annotated[
        str, typer.Option(metavar="YYYY-MM", help=say("哪个月；默认本月", "the month; this one by default"))
    ] = "",
    ics: Annotated[
        Path | None,
        typer.Option("--ics", metavar="FILE", help=say("写成 iCalendar 文件", "write it as an iCalendar file")),
    ] = None,
    overwrite: Overwrite = False,
    json: AsJson = False,
    data: DataFolder = None,
    region: RegionFolder = None,
    lang: Language = None,
) -> None:
    """Show or write the calendar."""
    assert lang is not None

    def read(viewer: Viewer) -> Any:
        from bridgehead.cli.ledger_words import print_month
        from bridgehead.rooms.ledger.api.duties import month_json
        from bridgehead.rooms.ledger.selectors.calendar import month as month_seen
        from bridgehead.rooms.ledger.selectors.calendar import month_of

        asked = month_of(month)
        if ics is not None:
            return written(ics, lambda: _as_icalendar(viewer, asked if month else None), overwrite, json, lang)
        seen = month_seen(viewer, asked)
        return print_json(month_json(seen)) if json else print_month(console(), seen, lang)

    reading(lang, read)


def _as_icalendar(viewer: Viewer, month: Any) -> bytes:
    """Return a month, or as long a span as the page sends, in the form calendars take over."""
    from django.utils import timezone

    from bridgehead.rooms.ledger.papers.icalendar import icalendar
    from bridgehead.rooms.ledger.selectors.calendar import things
    from bridgehead.rooms.ledger.views.calendar import AHEAD, BACK

    today = timezone.localdate()
    first, last = (month.first, month.last) if month else (today - BACK, today + AHEAD)
    return icalendar(things(viewer, first, last), today)


@ledger_app.command(
    help=say(
        "重新推算每项任务的完成份额和状态，从今天起；放假安排公布后，把暂定的期限重算一遍。改正自检指出的问题。",
        "Work out anew how every task stands, from today on, and count terms again whose days off are announced by now:"
        " the cure for what the doctor finds.",
    )
)
def restate(json: AsJson = False, data: DataFolder = None, region: RegionFolder = None, lang: Language = None) -> None:
    """Work out anew how tasks stand."""
    assert lang is not None

    def done() -> dict[str, Any]:
        from django.db import transaction
        from django.utils import timezone

        from bridgehead.ground.access.viewer import system
        from bridgehead.rooms.ledger.actions.terms import settle
        from bridgehead.rooms.ledger.models import Task
        from bridgehead.rooms.ledger.spells import amiss, mend

        today = timezone.localdate()
        wrong = amiss(Task.objects.filter(parent=None).values_list("pk", flat=True), today)
        with transaction.atomic():
            mend(wrong, today)
        settled, left = settle(system(BY))
        return {"tasks": Task.objects.count(), "mended": wrong, "settled": settled, "left": left}

    told = in_database(BY, done)
    if json:
        print_json(told)
        return
    count, of = len(told["mended"]), told["tasks"]
    console().print(
        say(f"{of} 项任务里有 {count} 项重新推算", f"{count} of {of} tasks were worked out anew", lang), soft_wrap=True
    )
    if told["settled"]:
        some = ", ".join(told["settled"])
        console().print(say(f"期限已重算：{some}", f"terms counted again: {some}", lang), soft_wrap=True)
    if told["left"]:
        some = ", ".join(told["left"])
        console().print(say(f"期限要由人来定：{some}", f"terms somebody has to set: {some}", lang), soft_wrap=True)
