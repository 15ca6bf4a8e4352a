"""Pages and papers of dossiers: the list of articles, one article, the whole regulation as one report."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language
from bridgehead.ground.screens.attachments import attachment
from bridgehead.rooms.ledger.selectors.dossier_index import index_of
from bridgehead.rooms.ledger.selectors.dossier_papers import paper_of, report_paper
from bridgehead.rooms.ledger.selectors.dossiers import When, dossier_of, report_of, when
from bridgehead.rooms.ledger.selectors.publication import open_copies
from bridgehead.rooms.ledger.who import PUBLISH, wholly

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def dossiers(request: HttpRequest) -> HttpResponse:
    """Show every article with how far it is carried out.

    Articles: 6, 79
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    asked = request.GET
    found = index_of(viewer, _when(request), asked.get("chapter", ""), bool(asked.get("gaps", "")))
    context = {"seen": found, "wholly": wholly(viewer), "public": open_copies(viewer)}
    return render(request, "ledger/dossiers.html", context)


def dossier(request: HttpRequest, article: int) -> HttpResponse:
    """Show the dossier of an article.

    Articles: 6, 79, 85
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    asked = _when(request)
    context = {
        "seen": dossier_of(viewer, article, asked),
        "when": asked,
        "wholly": wholly(viewer),
        "may_publish": viewer.grant_for(PUBLISH, None, to_write=True) is not None,
        "public_on": open_copies(viewer, article).get(article),
    }
    return render(request, "ledger/dossier.html", context)


def report(request: HttpRequest) -> HttpResponse:
    """Show the whole regulation as one report, to be read through and printed.

    Articles: 6, 79, 85
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found = report_of(viewer, _when(request))
    return render(request, "ledger/dossier_report.html", {"seen": found, "wholly": wholly(viewer)})


def dossier_docx(request: HttpRequest, article: int) -> HttpResponse:
    """Send the dossier of an article as a Word document.

    Articles: 6, 79, 85
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    asked = _when(request)
    content = paper_of(dossier_of(viewer, article, asked), asked, whole=wholly(viewer))
    return attachment(content, f"dossier-{article}-{asked.year}-{language()}.docx", WORD)


def report_docx(request: HttpRequest) -> HttpResponse:
    """Send the whole regulation as one Word document.

    Articles: 6, 79, 85
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    asked = _when(request)
    content = report_paper(report_of(viewer, asked), whole=wholly(viewer))
    return attachment(content, f"dossiers-{asked.year}-{language()}.docx", WORD)


def _when(request: HttpRequest) -> When:
    return when(request.GET.get("year", ""))
