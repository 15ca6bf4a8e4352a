"""The pages of imports: choose and upload, look at the preview, apply it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.files.uploads import file_store, uploaded
from bridgehead.ground.imports.actions import APPLICABLE, apply_import, propose_import, renew_import
from bridgehead.ground.imports.preview import content_of, kept_faults, of_the_table
from bridgehead.ground.imports.reading import MOST_ROWS
from bridgehead.ground.imports.registry import Importer, importer_of, importers
from bridgehead.ground.imports.selectors import places, run_of, runs
from bridgehead.ground.imports.templates import write_csv, write_workbook
from bridgehead.ground.journal.reads import record_read
from bridgehead.ground.language import language
from bridgehead.ground.models import ImportRun
from bridgehead.ground.screens.attachments import attachment, choices, form_key, organisation_of, refilled
from bridgehead.ground.screens.filling import filled
from bridgehead.ground.screens.forms import drawn, number
from bridgehead.kernel.errors import BridgeheadError, Fault, sentence

SHOWN = 200
"""Rows and faults on one page of a preview."""
LISTED = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FIELDS = ("kind", "organisation")
_CONFLICTS = ("import.stale", "action.changed_meanwhile")


def imports(request: HttpRequest) -> HttpResponse:
    """Show what can be imported and what was; take a table in and lead to its preview."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    able = list(places(viewer))
    error = None
    if request.method == "POST":
        asked = request.POST
        try:
            at = organisation_of(viewer, asked.get("organisation", ""), able)
            content, name, declared = uploaded(request, "file")
            run = propose_import(
                by=viewer,
                kind=asked.get("kind", ""),
                organisation=int(at.pk),
                content=content,
                name=name,
                declared=declared,
                once=asked.get("key", "")[:64],
            )
            return HttpResponseRedirect(f"{reverse('ground:import-preview')}?run={run.pk}")
        except BridgeheadError as refused:
            if refused.code == "action.repeated":
                return HttpResponseRedirect(reverse("ground:imports"))
            error = refused
    values = (request.POST or request.GET).dict()
    context = {
        "filling": refilled(values, _FIELDS, error),
        "importers": [_offered(one) for one in importers(viewer)],
        "organisations": choices(able),
        "runs": _listed(viewer),
        "key": form_key(),
        "limit_mb": round(file_store().largest_b / 1e6),
        "most_rows": MOST_ROWS,
    }
    return drawn(request, "ground/imports.html", context, 422 if error else 200)


def _listed(viewer: Viewer) -> list[tuple[ImportRun, str]]:
    """Return the newest imports, each with the title of its kind."""
    titles = {one.kind: one.schema.title(language()) for one in importers()}
    return [(run, titles.get(run.kind, run.kind)) for run in runs(viewer)[:LISTED]]


def _offered(importer: Importer) -> dict[str, Any]:
    """Return one importer as the page shows it."""
    schema, speech = importer.schema, language()
    columns = [(c.name, c.description(speech), c.required, c.allowed) for c in schema.columns]
    return {
        "kind": importer.kind,
        "title": schema.title(speech),
        "says": schema.description(speech),
        "columns": columns,
        "key": schema.key,
    }


@dataclass(frozen=True, slots=True)
class Shown:
    """One row of a preview as the page shows it."""

    number: int
    key: str
    outcome: str
    fields: tuple[tuple[str, str, str], ...]


def import_preview(request: HttpRequest) -> HttpResponse:
    """Show what an import would do, and do it."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    posted = request.method == "POST"
    pk = number((request.POST if posted else request.GET).get("run", ""))
    if not pk and not posted:
        return render(request, "ground/import_preview.html", {"run": None, "runs": _listed(viewer)})
    error = None
    if posted:
        try:
            _act(request, viewer, pk)
            return HttpResponseRedirect(f"{reverse('ground:import-preview')}?run={pk}")
        except BridgeheadError as refused:
            if refused.code in ("import.no_such_import", "action.not_allowed"):
                raise
            error = refused
    status = 200 if error is None else (409 if error.code in _CONFLICTS else 422)
    return drawn(request, "ground/import_preview.html", _seen(request, viewer, pk, error), status)


def _act(request: HttpRequest, viewer: Viewer, pk: int) -> None:
    if request.POST.get("do") == "renew":
        renew_import(by=viewer, run=pk)
        return
    try:
        apply_import(
            by=viewer,
            run=pk,
            version=number(request.POST.get("version", "")),
            once=request.POST.get("key", "")[:64],
            reason=request.POST.get("reason", "")[:1000],
        )
    except BridgeheadError as refused:
        # The same form twice: what it asked for is done.
        if refused.code not in ("action.repeated", "import.already_applied"):
            raise


def _seen(request: HttpRequest, viewer: Viewer, pk: int, error: BridgeheadError | None) -> dict[str, Any]:
    run = run_of(viewer, pk)
    record_read(viewer, ImportRun.RECORD, run.pk, run.owner_id, office_id=run.office_id)
    importer = importer_of(run.kind)
    lines = [line for line in run.preview["lines"] if line[2] != "refused"]
    begin = number(request.GET.get("from", ""))
    faults = kept_faults(run.preview["faults"])
    return {
        "run": run,
        "importer": _offered(importer),
        "filling": filled({}, (), error),
        "lines": [_shown(line, importer) for line in lines[begin : begin + SHOWN]],
        "begin": begin,
        "next": begin + SHOWN if len(lines) > begin + SHOWN else None,
        "earlier": max(0, begin - SHOWN) if begin else None,
        "changes": run.new + run.changed,
        "rows": run.new + run.changed + run.unchanged + run.refused,
        "faults": [_said(fault) for fault in faults[:SHOWN]],
        "fault_count": len(faults),
        "table_at_fault": any(of_the_table(fault) for fault in faults),
        "warnings": [_said(fault) for fault in kept_faults(run.preview["warnings"])],
        "applicable": run.state in APPLICABLE and importer.open_to(viewer, run.owner_id),
        "renewable": run.state != ImportRun.State.APPLIED and importer.open_to(viewer, run.owner_id),
        "key": form_key(),
    }


def _shown(line: list[Any], importer: Importer) -> Shown:
    number_, key, outcome, fields = line
    told = tuple((str(name), str(before), str(after)) for name, before, after in fields)
    if outcome == "new":
        told = tuple(one for one in told if one[0] not in importer.schema.key)
    return Shown(int(number_), " · ".join(filter(None, key)), outcome, told)


def _said(fault: Fault) -> dict[str, Any]:
    words = sentence(fault, language())
    place = fault.place
    return {"row": place.row, "column": place.column, "message": words.message, "cure": words.cure, "code": fault.code}


def template(request: HttpRequest, name: str) -> HttpResponse:
    """Send the template of a kind of import, as ``enterprises.csv`` or ``enterprises.xlsx``."""
    kind, _, ending = name.rpartition(".")
    importer = importer_of(kind)
    if ending not in ("csv", "xlsx") or not importer.open_to(request.viewer):  # type: ignore[attr-defined]
        raise BridgeheadError("import.unknown_kind", {"kind": name, "known": [one.kind for one in importers()]})
    schema = importer.schema
    if ending == "csv":
        return attachment(write_csv(schema), name, "text/csv")
    return attachment(write_workbook(schema), name, XLSX)


def table(request: HttpRequest, run: int) -> HttpResponse:
    """Send the table of an import as it was handed in."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found = run_of(viewer, run)
    content = content_of(found.sha256)
    record_read(viewer, ImportRun.RECORD, found.pk, found.owner_id, office_id=found.office_id)
    return attachment(content, found.name, found.media_type)
