"""``bridgehead flows roles``: who might do what among the ports, with the tests each port passes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridgehead.cli.terminal import (
    AsJson,
    DataFolder,
    Language,
    RegionFolder,
    console,
    print_json,
    print_results_not_kept,
    print_table,
    say,
    start_django,
)

if TYPE_CHECKING:
    from bridgehead.ground.region import Loaded


def roles(json: AsJson = False, data: DataFolder = None, region: RegionFolder = None, lang: Language = None) -> None:
    """Show what each port carries and the proposed division of work between the ports."""
    assert lang is not None
    start_django()
    from django.utils.translation import override

    from bridgehead.ground.language import django_code
    from bridgehead.ground.region import current
    from bridgehead.rooms.gateway.api.port_roles import port_roles

    loaded = current()
    with override(django_code(lang)):
        if json:
            print_json(port_roles(loaded).model_dump(mode="json"))
        else:
            _print(loaded, lang)
    print_results_not_kept(loaded.store, lang)


def _print(loaded: Loaded, lang: str) -> None:
    from rich.table import Table

    from bridgehead.ground.wording import mass_with_unit, percent
    from bridgehead.rooms.gateway.selectors import division, port_roles

    out = console()
    out.print(port_roles.statement(loaded), style="bold", soft_wrap=True)
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(say("市场", "market", lang), overflow="fold")
    table.add_column(say("货量", "freight", lang), justify="right", no_wrap=True)
    table.add_column(say("口岸", "port", lang), no_wrap=True)
    table.add_column(say("角色", "role", lang), no_wrap=True)
    table.add_column(say("份额", "share", lang), justify="right", no_wrap=True)
    table.add_column(say("通过", "passed", lang), justify="right", no_wrap=True)
    for market in division.markets(loaded):
        for i, part in enumerate(market.parts):
            head = ("", "") if i else (market.name, mass_with_unit(market.tonnes, lang))
            table.add_row(*head, part.name, part.role_word, percent(part.share, lang), f"{part.passed}/5")
    print_table(out, table)
    said = say(
        "模型按规则的建议，不是决定；--json 给出每项检验的数。",
        "A proposal of the model by rules, no decision; --json gives the number of every test.",
        lang,
    )
    out.print(said, style="dim")
