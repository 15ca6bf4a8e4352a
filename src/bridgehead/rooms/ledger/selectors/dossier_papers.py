"""Dossiers as papers an office files: the same sections as on the page, as a Word document."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from bridgehead.ground.language import language, speak
from bridgehead.ground.region import current
from bridgehead.ground.wording import day, number, standing_label
from bridgehead.kernel.source import standing_of
from bridgehead.render.docx_paper import Block, Grid, Heading, PageBreak, Paper, Points, Text, docx_paper
from bridgehead.rooms.ledger.dossier import Line, Section
from bridgehead.rooms.ledger.papers.common import partly
from bridgehead.rooms.ledger.selectors.dossiers import FIGURES, Dossier, Report, When

WRITTEN_CM, YEAR_CM = 16.6, 1.3
"""How wide the text of a paper is, and its column of years."""
FIGURES_CM = (3.6, 2.6, 2.6, 3.9, 3.9)


def paper_of(dossier: Dossier, when: When, *, whole: bool) -> bytes:
    """Return the dossier of an article as .docx.

    Parameters
    ----------
    dossier : Dossier
        The dossier.
    when : When
        The year it is about.
    whole : bool
        Whether it rests on the records of every public body.
    """
    title = _("第 %(n)d 条落实情况") % {"n": dossier.article}
    blocks = [*_cover(when, whole), *_article(dossier, when, level=1)]
    return docx_paper(
        Paper(f"{title}　{dossier.title}" if language() == "zh" else f"{title}: {dossier.title}", blocks, language())
    )


def report_paper(report: Report, *, whole: bool) -> bytes:
    """Return the whole regulation as one .docx: an answer, a table of all articles, then chapter by chapter."""
    blocks: list[Block] = [*_cover(report.when, whole), Text(report.says, bold=True), _table(report)]
    for part in report.chapters:
        blocks += [PageBreak(), Heading(_("第 %(n)d 章　%(title)s") % {"n": part.number, "title": part.title}, 1)]
        for dossier in part.dossiers:
            blocks.append(Heading(_("第 %(n)d 条　%(title)s") % {"n": dossier.article, "title": dossier.title}, 2))
            blocks += _article(dossier, report.when, level=3)
    return docx_paper(Paper(_("%(year)d 年条例落实情况报告") % {"year": report.when.year}, blocks, language()))


def standing_note(when: When, whole: bool) -> list[str]:
    """Return what a reader must know of a dossier before they read it: as of when, made how, what it cannot say."""
    code = language()
    said = [
        _("截至 %(day)s；%(year)d 年与 %(before)d 年并列。")
        % {"day": day(when.on, code), "year": when.year, "before": when.before},
        _("由台账的记录自动汇总：职责来自法规文本，任务进度只看已认可的证据。"),
        _("没有记录，不等于没有做；这里不对没有记录的事下结论。"),
    ]
    return said if whole else [*said, partly()]


def _cover(when: When, whole: bool) -> list[Block]:
    region = current().region.settings
    name = region.name_en if language() == "en" else region.name_zh
    return [Text(name, bold=True), *(Text(one, fine=True) for one in standing_note(when, whole))]


def _table(report: Report) -> Grid:
    code = language()
    heads = (
        pgettext("dossier", "条"),
        pgettext("dossier", "标题"),
        pgettext("dossier", "职责"),
        pgettext("dossier", "在办任务"),
        pgettext("dossier", "其中逾期"),
        pgettext("dossier", "办结任务"),
        pgettext("dossier", "有证据"),
        pgettext("dossier", "缺口"),
    )
    rows = []
    for one in report.dossiers:
        told = (one.numbers.duties, one.numbers.owed, one.numbers.late, one.numbers.done, one.numbers.evidenced)
        rows.append([str(one.article), one.title, *(number(n, code) for n in told), number(len(one.gaps), code)])
    return Grid(heads, rows, (1.2, 5.4, 1.5, 1.8, 1.8, 1.8, 1.6, 1.5), (0, 2, 3, 4, 5, 6, 7))


def _article(dossier: Dossier, when: When, level: int) -> Iterator[Block]:
    yield Text(dossier.says, bold=True)
    if dossier.gist:
        yield Text(_("要点（我们的话，不是原文）：%(gist)s") % {"gist": dossier.gist})
    if dossier.gaps:
        yield Heading(_("还缺什么"), level)
        yield Points([f"{one.title}{_colon()}{one.says}" for one in dossier.gaps])
    for section in dossier.sections:
        yield Heading(section.title, level)
        if section.gap:
            yield Text(section.gap)
        if section.lines or section.before:
            yield _figures(section, when) if section.key == FIGURES else _both_years(section, when)
        for year, more in ((when.year, section.more), (when.before, section.more_before)):
            if more:
                yield Text(f"{_year(year)}{_colon()}{more_of(more)}", fine=True)


def _both_years(section: Section, when: When) -> Grid:
    """Return a section as one table: the year, then the year before; one of which there is nothing says so."""
    width = len(section.heads)
    none = [pgettext("dossier", "没有记录"), *[""] * (width - 1)]
    rows = []
    for year, lines in ((when.year, section.lines), (when.before, section.before)):
        rows += [[str(year), *cells] for cells in ([_cells(one, width) for one in lines] or [none])]
    heads = (pgettext("dossier", "年"), *section.heads)
    widths = (YEAR_CM, *[(WRITTEN_CM - YEAR_CM) / width] * width)
    return Grid(heads, rows, widths, tuple(at + 1 for at in section.numbers))


def _figures(section: Section, when: When) -> Grid:
    """Return figures with the values of both years beside each other, and what belongs to each of them."""
    before = {(one.cells[0], one.address): one for one in section.before}
    pairs = [(one, before.pop((one.cells[0], one.address), None)) for one in section.lines]
    pairs += [(None, one) for one in before.values()]
    rows = []
    for now, then in pairs:
        named = now or then
        both = (now, then)
        assert named is not None
        rows.append([named.cells[0], *(_value(one) for one in both), *(_details(section, one) for one in both)])
    years = (when.year, when.before)
    heads = (
        section.heads[0],
        *(_year(year) for year in years),
        *(pgettext("dossier", "%(year)d 年说明") % {"year": year} for year in years),
    )
    return Grid(heads, rows, FIGURES_CM, (1, 2))


def _value(line: Line | None) -> str:
    if line is None:
        return pgettext("dossier", "没有记录")
    return _with_standing(line.cells[1] or "—", line)


def _details(section: Section, line: Line | None) -> str:
    """Return what else a line says, each with the head of its column."""
    if line is None:
        return "—"
    told = zip(section.heads[2:], line.cells[2:], strict=False)
    said = [f"{head}{_colon()}{cell}" for head, cell in told if cell and cell != "—"]
    return speak(language(), "；", "; ").join(said) or "—"


def more_of(more: int) -> str:
    """Return how many lines are not given."""
    told = {"n": number(more, language())}
    return ngettext("另有 %(n)s 条没有列出，在台账里查看。", "另有 %(n)s 条没有列出，在台账里查看。", more) % told


def _cells(line: Line, columns: int) -> list[str]:
    """Return the cells of a line, the standing of its figure behind the last one; a short line is filled up."""
    cells = [one or "—" for one in line.cells[:columns]] + ["—"] * (columns - len(line.cells))
    return [*cells[:-1], _with_standing(cells[-1], line)]


def _with_standing(cell: str, line: Line) -> str:
    if not line.standing:
        return cell
    return speak(language(), f"{cell}（{_standing(line.standing)}）", f"{cell} ({_standing(line.standing)})")


def _year(year: int) -> str:
    return _("%(year)d 年") % {"year": year}


def _standing(word: str) -> str:
    return standing_label(standing_of(word), language())


def _colon() -> str:
    return speak(language(), "：", ": ")
