"""``bridgehead admin-link``: a new link for the first administrator."""

from __future__ import annotations

from typing import Annotated

import typer

from bridgehead.cli.terminal import DataFolder, Language, say, start_django


def admin_link(
    address: Annotated[
        str,
        typer.Option(
            help=say("平台的地址，写在链接前面", "address of the platform, to stand before the link"),
        ),
    ] = "http://127.0.0.1:8000",
    data: DataFolder = None,
    lang: Language = None,
) -> None:
    """Print a new link for the first administrator."""
    start_django()
    from bridgehead.ground import database
    from bridgehead.ground.language import beginning
    from bridgehead.ground.people.links import new_claim

    assert lang is not None
    with database.worded():
        secret = new_claim()
    path = beginning(lang)
    print(f"{address.rstrip('/')}{path}first-administrator/?link={secret}")
