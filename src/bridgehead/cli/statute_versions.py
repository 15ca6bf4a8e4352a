"""``bridgehead statute list``, ``reread`` and ``withdraw``: the texts in the database, read anew or taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from bridgehead.cli.statute_database import in_database
from bridgehead.cli.terminal import (
    EXIT_REFUSED,
    AsJson,
    DataFolder,
    Language,
    RegionFolder,
    console,
    print_error,
    print_json,
    print_table,
    say,
)
from bridgehead.kernel.errors import BridgeheadError, as_json

if TYPE_CHECKING:
    from bridgehead.rooms.statute.models import StatuteVersion

BY = "bridgehead statute"
T = TypeVar("T")

_Texts = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="ID...",
        help=say("文本的编号，见 bridgehead statute list", "ids of texts, see `bridgehead statute list`"),
    ),
]


def list_texts(
    json: AsJson = False, data: DataFolder = None, region: RegionFolder = None, lang: Language = None
) -> None:
    """List the texts in the database."""
    assert lang is not None
    told = in_database(BY, lambda: [_told(record) for record in _standing()])
    if json:
        print_json({"texts": told})
        return
    if not told:
        console().print(say("还没有导入文本。", "No text has been imported yet.", lang))
        return
    from rich.table import Table

    from bridgehead.kernel.errors import visible

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(say("编号", "id", lang), justify="right", no_wrap=True)
    table.add_column(say("法规", "statute", lang), overflow="fold")
    table.add_column(say("自", "from", lang), no_wrap=True)
    table.add_column(say("职责", "duties", lang), justify="right", no_wrap=True)
    table.add_column(say("规则", "rules", lang), no_wrap=True)
    for one in told:
        rules = say("现行", "current", lang) if one["rules_current"] else say("较旧", "older", lang)
        table.add_row(
            str(one["version"]), visible(one["title"]), str(one["begins_on"] or "—"), str(one["duties"]), rules
        )
    print_table(console(), table)


def reread(  # noqa: PLR0917 - typer passes options by name
    texts: _Texts = None,
    outdated: Annotated[
        bool,
        typer.Option(
            "--outdated",
            help=say("所有用旧规则读出的文本", "every text whose duties were read by older rules"),
        ),
    ] = False,
    json: AsJson = False,
    data: DataFolder = None,
    region: RegionFolder = None,
    lang: Language = None,
) -> None:
    """Read texts of the database anew."""
    assert lang is not None
    named = list(texts or ())
    if bool(named) == outdated:
        raise typer.BadParameter(say("写出编号，或者用 --outdated", "name texts, or say --outdated", lang))

    def chosen() -> list[str]:
        return [str(one.pk) for one in _standing() if not _is_current(one)] if outdated else named

    def done(text: str) -> StatuteVersion:
        from bridgehead.ground.access.viewer import system
        from bridgehead.rooms.statute.actions import reread_version

        return reread_version(by=system(f"{BY} reread"), statute=_found(text).pk)

    _each(chosen, done, json=json, lang=lang, words=("已重读", "read anew"))


def withdraw(  # noqa: PLR0917 - typer passes options by name
    texts: _Texts = None,
    reason: Annotated[str, typer.Option(help=say("为什么撤回；写入日志", "why; it goes into the journal"))] = "",
    json: AsJson = False,
    data: DataFolder = None,
    region: RegionFolder = None,
    lang: Language = None,
) -> None:
    """Withdraw texts that should not have been imported."""
    assert lang is not None
    if not texts:
        raise typer.BadParameter(say("写出要撤回的文本的编号", "name the texts to withdraw", lang))
    if not reason.strip():
        raise typer.BadParameter(say("用 --reason 写明为什么撤回", "say why with --reason", lang))

    def done(text: str) -> StatuteVersion:
        from bridgehead.ground.access.viewer import system
        from bridgehead.rooms.statute.actions import withdraw_version

        record = _found(text)
        given: dict[str, Any] = {"statute": record.pk, "version": record.version, "reason": reason.strip()[:1000]}
        return withdraw_version(by=system(f"{BY} withdraw"), **given)

    _each(lambda: list(texts), done, json=json, lang=lang, words=("已撤回", "withdrawn"))


def _each(
    chosen: Callable[[], list[str]],
    act: Callable[[str], StatuteVersion],
    *,
    json: bool,
    lang: str,
    words: tuple[str, str],
) -> None:
    """Do something with each text; one that is refused is told, and the others go on.

    Parameters
    ----------
    chosen : callable
        The ids, once the database is there.
    act : callable
        What is done with one.
    json : bool
    lang : str
    words : tuple of str
        What was done, in Chinese and English.
    """
    refused: list[tuple[str, BridgeheadError]] = []
    told: list[dict[str, Any]] = []

    def work() -> None:
        for text in dict.fromkeys(chosen()):
            try:
                told.append(_told(act(text)))
            except BridgeheadError as error:
                refused.append((text, error))

    in_database(BY, work)
    if json:
        print_json({"texts": told, "refused": [{"id": text, **as_json(error, lang)} for text, error in refused]})
    else:
        for one in told:
            duties = say(f"，{one['duties']} 项职责", f", {one['duties']} duties", lang) if not one["withdrawn"] else ""
            console().print(f"{say(*words, lang)}  {one['version']}  {one['title']}{duties}", soft_wrap=True)
        for _, error in refused:
            print_error(error, lang, as_json_too=False)
        if not told and not refused:
            console().print(say("没有要做的。", "Nothing to do.", lang))
    if refused:
        raise typer.Exit(EXIT_REFUSED)


def _standing() -> list[StatuteVersion]:
    from bridgehead.rooms.statute.models import StatuteVersion

    return list(StatuteVersion.objects.filter(withdrawn_at=None))


def _found(text: str) -> StatuteVersion:
    """Return a text by its id.

    Raises
    ------
    BridgeheadError
        ``statute.no_such_version``.
    """
    found = next((one for one in _standing() if str(one.pk) == text.strip()), None)
    if found is None:
        raise BridgeheadError("statute.no_such_version", {"id": text})
    return found


def _is_current(record: StatuteVersion) -> bool:
    from bridgehead.rooms.statute.parsing import edition

    return record.rules == edition()


def _told(record: StatuteVersion) -> dict[str, Any]:
    return {
        "version": record.pk,
        "statute": record.work_id,
        "title": record.title,
        "file": record.file_name,
        "begins_on": record.begins_on,
        "articles": record.articles,
        "duties": record.count_duties(),
        "rules_current": _is_current(record),
        "withdrawn": record.withdrawn_at is not None,
        "sha256": record.sha256,
    }
