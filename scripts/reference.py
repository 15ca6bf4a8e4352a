"""Write the reference pages of the documentation from what the platform declares; anything undocumented fails.

Tables come from their schemas, pages from their declarations, commands from the command line itself, operations from
the OpenAPI description, errors from the message files, coverage from the region's trace.
"""

from __future__ import annotations

import csv
import inspect
import os
import sys
import tomllib
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import Any

REFERENCE = Path(__file__).resolve().parents[1] / "docs" / "reference"
WRITTEN_BY = "<!-- Written by scripts/reference.py; edit the declarations, not this page. -->\n\n"
TABLES_HEAD = """# Tables

A region is a folder of these tables. Loader, check, data pages and templates read the same schemas.

"""
PAGES_HEAD = """# Pages

Every page also stands under `/en/` in English, those marked *ru mn* under `/ru/` and `/mn/` in Russian and Mongolian.
The third column says for whom a page is: everybody, everybody who is signed in, or those whose roles hold the
permission named.

"""
API_HEAD = """# API

Every operation answers JSON; `lang=zh` or `lang=en` chooses the language, `lang=ru` or `lang=mn` where the page beside
the operation has it, and English elsewhere. Errors have one shape everywhere.

"""
ERRORS_HEAD = """# Errors

Codes are stable; sentences may improve.

"""


def cell(words: object) -> str:
    """Return words safe inside a cell of a markdown table."""
    return str(words).replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(list(head))]
    lines += ["| " + " | ".join(cell(value) for value in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def tables_page(missing: list[str]) -> str:
    """Return the page of all table schemas."""
    from bridgehead.regions.folder import schemas

    parts = [
        WRITTEN_BY,
        TABLES_HEAD,
    ]
    for name, schema in sorted(schemas().items()):
        for language, words in (("zh", schema.description_zh), ("en", schema.description_en)):
            if not words:
                missing.append(f"table {name}: description_{language}")
        need = "optional" if schema.optional else "required"
        parts.append(f"## {name}\n\n{schema.title_en} ({schema.title_zh}), {need}. {schema.description_en}\n\n")
        rows = []
        for column in schema.columns:
            if not (column.description_zh and column.description_en):
                missing.append(f"table {name}, column {column.name}: description")
            marks = ", ".join(m for m, on in (("key", column.key), ("required", column.required)) if on)
            rows.append((f"`{column.name}`", column.type, column.unit or "", marks, column.description_en))
        parts.append(table(("column", "type", "unit", "", "meaning"), rows) + "\n")
    return "".join(parts)


def pages_page(missing: list[str]) -> str:
    """Return the page of all page declarations."""
    from bridgehead.ground.pages import pages

    rows = []
    for page in pages():
        for attribute in ("title_zh", "title_en", "description_zh", "description_en"):
            if not getattr(page, attribute):
                missing.append(f"page {page.name}: {attribute}")
        chips = ", ".join(str(number) for number in page.articles)
        if not page.api and not page.without_api:
            missing.append(f"page {page.name}: neither an operation nor why there is none")
        operation = f"`/api{page.api}`" if page.api else page.without_api
        audience = page.audience if page.audience in ("public", "signed-in") else f"`{page.audience}`"
        where = (f"`{page.name}`", f"`/{page.path}`", audience)
        more = " ".join(page.languages[2:])
        rows.append((*where, more, page.title_en, page.description_en, chips, operation))
    head = ("page", "address", "for", "languages", "title", "answers", "articles", "API")
    return WRITTEN_BY + PAGES_HEAD + table(head, rows)


def commands_page(missing: list[str]) -> str:
    """Return the page of all commands with their options."""
    import typer.main

    from bridgehead.cli.main import app

    parts = [WRITTEN_BY, "# Commands\n\n"]

    def describe(command: Any, path: str) -> None:
        inner = getattr(command, "commands", {})
        if not command.help:
            missing.append(f"command {path}: help")
        parts.append(f"## {path}\n\n{inspect.cleandoc(command.help or '')}\n\n")
        rows = []
        for parameter in command.params:
            if {"--help", "--install-completion", "--show-completion"} & set(parameter.opts):
                continue
            words = getattr(parameter, "help", None)
            if not words:
                missing.append(f"command {path}, {parameter.name}: help")
            argument = parameter.param_type_name == "argument"
            name = parameter.name.upper() if argument else ", ".join(parameter.opts)
            rows.append((f"`{name}`", "required" if parameter.required else "", words))
        if rows:
            parts.append(table(("option", "", "meaning"), rows) + "\n")
        for name, below in sorted(inner.items()):
            describe(below, f"{path} {name}")

    describe(typer.main.get_command(app), "bridgehead")
    return "".join(parts)


def api_page(missing: list[str]) -> str:
    """Return the page of all operations of the API."""
    from bridgehead.site.api import api

    paths = api.get_openapi_schema()["paths"]
    rows = []
    for path, methods in sorted(paths.items()):
        for method, operation in methods.items():
            words = operation.get("description") or ""
            if not words:
                missing.append(f"API {method} {path}: description")
            inputs = ", ".join(f"`{p['name']}`" for p in operation.get("parameters", []))
            rows.append((f"`{method.upper()} {path}`", words.split("\n\n")[0], inputs))
    return WRITTEN_BY + API_HEAD + table(("operation", "answers", "inputs"), rows)


def errors_page(missing: list[str]) -> str:
    """Return the page of all error codes."""
    messages = {
        language: tomllib.loads(files("bridgehead.kernel").joinpath("messages", f"{language}.toml").read_text("utf-8"))
        for language in ("zh", "en")
    }

    def flat(tree: dict[str, object], path: str = "") -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for key, value in tree.items():
            here = f"{path}.{key}" if path else key
            if isinstance(value, dict) and "message" in value:
                found[here] = value
            elif isinstance(value, dict):
                found |= flat(value, here)
        return found

    zh, en = flat(messages["zh"]), flat(messages["en"])
    missing += [f"error {code}: only in one language" for code in sorted(zh.keys() ^ en.keys())]
    missing += [
        f"error {code}: message or cure empty"
        for code, m in (zh | en).items()
        if not (m.get("message") and m.get("cure"))
    ]
    rows = [(f"`{code}`", en[code]["message"], en[code].get("cure", "")) for code in sorted(en)]
    return (
        WRITTEN_BY
        + "# Errors\n\nCodes are stable; sentences may improve.\n\n"
        + table(("code", "what is wrong", "how to mend it"), rows)
    )


def quantities_page(missing: list[str]) -> str:
    """Return the page of the quantities that the table of parameters may hold."""
    from bridgehead.engines.network.quantities import QUANTITIES

    missing += [f"quantity {name}: meaning" for name, quantity in QUANTITIES.items() if not quantity.meaning]
    rows = [
        (f"`{q.name}`", ", ".join(q.units), ", ".join(q.selectors), "list" if q.register else "", q.meaning)
        for q in QUANTITIES.values()
    ]
    return (
        WRITTEN_BY
        + "# Quantities of the parameters\n\n`$` stands for any currency with an `exchange_rate`. A list may be empty;"
        + " every other quantity must resolve to one row wherever the model asks for it.\n\n"
        + table(("quantity", "units", "selectors", "", "meaning"), rows)
    )


def roles_page(missing: list[str]) -> str:
    """Return the page of the roles and what each may do."""
    from bridgehead.ground.access.roles import roles
    from bridgehead.ground.people.selectors import meaning

    known = roles()
    missing += [f"permission {name}: words" for name in sorted(known.permissions - known.meanings.keys())]
    rows = []
    for role in known.roles.values():
        told = meaning(role, "en")
        kinds = ", ".join(word.en for name, word in known.kinds.items() if name in role.kinds)
        name = f"{told.role.word.en} ({told.role.word.zh})" + (", reads only" if role.read_only else "")
        parts = (told.here, told.everywhere, told.sees, told.gives)
        rows.append((f"`{role.name}`", name, kinds, *(", ".join(words) for words in parts)))
    head = ("role", "name", "held in", "may in its organisation", "may everywhere", "sees", "may give")
    scopes = [(f"`{scope}`", known.scopes[scope].en, known.scopes[scope].zh) for scope in known.mandate_scopes]
    return (
        WRITTEN_BY
        + "# Roles\n\nWritten from `ground/access/roles.toml`.\n\n"
        + table(head, rows)
        + "\n## What a mandate can cover\n\n"
        + table(("scope", "", ""), scopes)
    )


def terms_page(missing: list[str]) -> str:
    """Return the page of the terms that recur on traders' pages."""
    with (files("bridgehead.ground") / "translations" / "terms.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    missing += [f"term {row[0]}: a language is empty" for row in rows if len(row) != 4 or not all(row)]
    said = "Terms of the pages for traders, each said in one way only.\n\n"
    return WRITTEN_BY + "# Terms in four languages\n\n" + said + table(rows[0], rows[1:])


def coverage_page(missing: list[str]) -> str:
    """Return the page of the coverage of the shipped region's articles."""
    from bridgehead.regions.load import load_region
    from bridgehead.regions.trace import coverage_markdown

    return WRITTEN_BY + "# Coverage of the articles\n\n" + coverage_markdown(load_region(), "en") + "\n"


def main() -> int:
    """Write all reference pages; return 1 and name everything undocumented if there is any."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bridgehead.site.settings")
    import django

    django.setup()
    missing: list[str] = []
    REFERENCE.mkdir(parents=True, exist_ok=True)
    makers = {
        "tables": tables_page,
        "quantities": quantities_page,
        "pages": pages_page,
        "commands": commands_page,
        "api": api_page,
        "errors": errors_page,
        "roles": roles_page,
        "terms": terms_page,
        "coverage": coverage_page,
    }
    for name, make in makers.items():
        # The coverage table stands in the repository, where the README leads to it; a test holds it to the trace.
        file = "coverage.md" if name == "coverage" else f"{name}.generated.md"
        (REFERENCE / file).write_text(make(missing), encoding="utf-8")
    for line in missing:
        print(f"undocumented: {line}", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    raise SystemExit(main())
