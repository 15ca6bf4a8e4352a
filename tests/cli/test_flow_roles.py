"""The command that prints the port roles: a table in two languages, and JSON that is the operation's answer."""

from __future__ import annotations

import json

import pytest
import typer
from typer.testing import CliRunner

from bridgehead.cli.flow_roles import roles

app = typer.Typer()
app.command()(roles)


@pytest.mark.article(13)
def test_the_command_says_who_leads() -> None:
    said = CliRunner().invoke(app, ["--lang", "en"])
    assert said.exit_code == 0
    assert "Ganqimaodu road and Ceke road carry 97% the same goods" in said.output
    assert "no decision" in said.output
    body = json.loads(CliRunner().invoke(app, ["--json", "--lang", "zh"]).output)
    assert body["markets"][0]["parts"][0]["role"] == "leads"
