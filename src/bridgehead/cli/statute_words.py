"""What the commands of ``bridgehead statute`` print: structure and warnings, duties by article, changes with marks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bridgehead.cli.statute_files import counts_of, warning_of
from bridgehead.cli.terminal import NARROWEST, print_table, say
from bridgehead.kernel.errors import sentence, visible

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from bridgehead.engines.statute.exports.register import Row
    from bridgehead.engines.statute.model import Chapter, Statute
    from bridgehead.engines.statute.versions import Change, Comparison
    from bridgehead.engines.statute.versions.model import Piece

KEPT_AROUND = 14
"""Characters shown of an unchanged stretch on each side of a change."""
KEPT_OF_UNCHANGED = 30
"""Characters shown of a provision that has another place, but the same words."""

_COUNTED = {
    "chapters": ("章", "chapters"),
    "sections": ("节", "sections"),
    "articles": ("条", "articles"),
    "paragraphs": ("款", "paragraphs"),
    "items": ("项", "items"),
    "subitems": ("目", "sub-items"),
    "appendices": ("个附件", "appendices"),
    "warnings": ("个提示", "warnings"),
}
_KINDS = {
    "kept": ("未动", "kept"),
    "renumbered": ("改号", "renumbered"),
    "changed": ("修改", "changed"),
    "moved": ("移动", "moved"),
    "moved_and_changed": ("移动并修改", "moved and changed"),
    "split": ("拆分", "split"),
    "merged": ("合并", "merged"),
    "new": ("新增", "new"),
    "repealed": ("删去", "repealed"),
}
_ID_WORDS = {
    "part": ("第{}编", "part {}"),
    "subpart": ("第{}分编", "subpart {}"),
    "chp": ("第{}章", "ch. {}"),
    "sec": ("第{}节", "sec. {}"),
    "art": ("第{}条", "art. {}"),
    "para": ("第{}款", "para. {}"),
    "item": ("第{}项", "item {}"),
    "subitem": ("第{}目", "sub-item {}"),
    "app": ("附件{}", "appendix {}"),
}
_ID = re.compile(r"([a-z]+)_(\d+)(?:_(\d+))?")


def print_structure(out: Console, path: Path, statute: Statute, lang: str) -> None:
    """Print what was read of a file, and every warning with its line."""
    out.print(statute.title or say("（没有标题）", "(no title)", lang), style="bold", soft_wrap=True)
    out.print(f"{path}  {statute.source.kind}  {statute.source.encoding}", style="dim", soft_wrap=True)
    for event in statute.events:
        out.print(f"{event.day.isoformat()}  {visible(event.what)}", soft_wrap=True)
    effect = statute.effect
    since = effect.day.isoformat() if effect.day else effect.rule or say("没有写明", "not stated", lang)
    out.print(say(f"施行：{since}", f"in force: {since}", lang), soft_wrap=True)
    out.print(count_words(counts_of(statute), lang), style="bold", soft_wrap=True)
    if statute.chapters:
        _print_chapters(out, statute, lang)
    print_warnings(out, path, statute, lang)


def count_words(counts: dict[str, int], lang: str) -> str:
    """Return counts in words; what there is none of is left out, but for articles and warnings."""
    shown = {name: count for name, count in counts.items() if count or name in ("articles", "warnings")}
    if lang == "zh":
        return "，".join(f"{count} {_COUNTED[name][0]}" for name, count in shown.items())
    return ", ".join(f"{_COUNTED[name][1]} {count}" for name, count in shown.items())


def _print_chapters(out: Console, statute: Statute, lang: str) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(say("章", "ch.", lang), justify="right", no_wrap=True)
    table.add_column(say("标题", "title", lang), overflow="fold")
    table.add_column(say("条", "articles", lang), overflow="fold")
    in_parts = any("part_" in chapter.id for chapter in statute.chapters)
    for chapter in statute.chapters:
        number = id_words(chapter.id, lang) if in_parts else str(chapter.number)
        table.add_row(number, _chapter_title(chapter, lang), _range(statute, chapter))
    print_table(out, table)


def _chapter_title(chapter: Chapter, lang: str) -> str:
    return visible(chapter.title) if chapter.title else say("（标题缺失）", "(heading lost)", lang)


def _range(statute: Statute, chapter: Chapter) -> str:
    labels = [article.label for article in statute.articles if statute.chapter_of(article) is chapter]
    return f"{labels[0]}—{labels[-1]}" if len(labels) > 1 else "".join(labels)


def print_warnings(out: Console, path: Path, statute: Statute, lang: str) -> None:
    """Print every warning of a file with its line."""
    if not statute.anomalies:
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(say("行", "line", lang), justify="right", no_wrap=True)
    table.add_column(say("提示", "warning", lang), overflow="fold")
    table.add_column(say("代码", "code", lang), style="dim", overflow="fold")
    for anomaly in statute.anomalies:
        words = sentence(warning_of(anomaly, path.name), lang)
        table.add_row(str(anomaly.line), words.message, anomaly.code)
    print_table(out, table)


def print_duties(out: Console, statute: Statute, rows: Sequence[Row], lang: str) -> None:
    """Print the duties of a statute by article."""
    from rich.table import Table
    from rich.text import Text

    from bridgehead.engines.statute.exports.register import heads

    named = heads(lang)
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(named["article"], no_wrap=True)
    table.add_column(named["modality"], no_wrap=True)
    table.add_column(named["actors"], overflow="fold", ratio=2)
    table.add_column(named["action"], overflow="fold", ratio=5)
    table.add_column(named["confidence"], no_wrap=True, justify="right")
    before = ""
    for row in rows:
        where = f"{row.article} {row.paragraph}"
        what = Text(visible(row.action, max(200, len(row.action))))
        if notes := _notes(row, named, lang):
            what.append(f"\n{notes}", style="dim")
        table.add_row(
            "" if where == before else where, row.modality, _bearers(row, named, lang), what, f"{row.confidence:.2f}"
        )
        before = where
    out.print(statute.title, style="bold", soft_wrap=True)
    print_table(out, table)
    counts = Counter(row.modality for row in rows)
    by_modality = ", ".join(f"{word} {count}" for word, count in counts.most_common())
    doubtful = sum(bool(row.doubts) for row in rows)
    out.print(
        say(
            f"{len(rows)} 项职责（{by_modality}），{doubtful} 项存疑；由规则推导，未经人工确认",
            f"{len(rows)} duties ({by_modality}), {doubtful} in doubt; derived by rules, not confirmed by a person",
            lang,
        ),
        style="bold",
        soft_wrap=True,
    )


def _bearers(row: Row, named: dict[str, str], lang: str) -> str:
    """Return who is bound, who leads and who takes part, on lines of their own."""
    colon = say("：", ": ", lang)
    lines = [f"{row.actors} …" if row.open_list else row.actors]
    lines += [f"{named[name]}{colon}{words}" for name in ("leads", "co_actors") if (words := getattr(row, name))]
    return visible_lines([*lines, row.successors])


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def visible_lines(lines: Sequence[str]) -> str:
    """Return lines fit for a screen; empty ones are left out."""
    return "\n".join(visible(line) for line in lines if line)


def _notes(row: Row, named: dict[str, str], lang: str) -> str:
    colon = say("：", ": ", lang)
    names = ("deadline", "frequency", "flags", "doubts")
    told = [f"{named[name]}{colon}{words}" for name in names if (words := getattr(row, name))]
    return visible(say("；", "; ", lang).join(told))


def id_words(id: str, lang: str) -> str:
    """Return an id as people say it: ``art_16__para_1`` as 第16条第1款; an unknown part stays as it is."""
    parts = []
    for part in id.split("__"):
        found = _ID.fullmatch(part)
        if found is None or found[1] not in _ID_WORDS:
            parts.append(part)
            continue
        words = say(*_ID_WORDS[found[1]], lang).format(found[2])
        parts.append(words + (say(f"之{found[3]}", f"-{found[3]}", lang) if found[3] else ""))
    return say("", " ", lang).join(parts)


def print_comparison(out: Console, found: Comparison, lang: str) -> None:
    """Print every change somebody decided on, with the words marked, within the width of the terminal."""
    from rich.text import Text

    _print_sides(out, found, lang)
    if not found.same_law:
        likeness = f"{found.likeness.text:.0%}"
        out.print(
            say(
                f"这是两部不同的法：共有文字只占 {likeness}，没有逐条比较。",
                f"These are two different laws: they share {likeness} of their words; nothing was compared.",
                lang,
            ),
            style="bold",
        )
        return
    for words, pieces in (
        (say("标题", "title", lang), found.title),
        (say("条文之前", "before the articles", lang), found.preamble),
    ):
        if any(piece.real for piece in pieces):
            out.print(words, style="bold")
            _print_words(out, _marked(pieces))
    for event, sign in (*((one, "-") for one in found.events_dropped), *((one, "+") for one in found.events_added)):
        _print_words(out, Text(f"{sign} {event.day.isoformat()}  {visible(event.what)}"))
    edits = found.edits
    for change in edits:
        _print_change(out, change, lang)
    renumbered = sum(change.kind.value == "renumbered" for change in found.articles)
    counts = Counter(say(*_KINDS[change.kind.value], lang) for change in edits)
    told = ", ".join(f"{word} {count}" for word, count in counts.most_common())
    if edits:
        out.print()
    out.print(
        say(
            f"{len(edits)} 处改动" + (f"（{told}）" if told else "") + f"，另有 {renumbered} 条只改了号",
            f"{_count(len(edits), 'change')}{f' ({told})' if told else ''}; "
            f"{_count(renumbered, 'article')} only renumbered",
            lang,
        ),
        style="bold",
    )


def _print_sides(out: Console, found: Comparison, lang: str) -> None:
    """Print which two texts are compared: title, file, from when each is in force."""
    if found.old.title == found.new.title:
        out.print(visible(found.old.title), style="bold")
    for sign, statute in (("-", found.old), ("+", found.new)):
        effect = statute.effect
        since = effect.day.isoformat() if effect.day else effect.rule or say("没有写明", "not stated", lang)
        title = "" if found.old.title == found.new.title else f"{visible(statute.title)}  "
        words = say(f"施行：{since}", f"in force: {since}", lang)
        out.print(f"{sign} {title}{visible(statute.source.name)}  {words}", style="dim")


def _print_change(out: Console, change: Change, lang: str) -> None:
    old = say("、", ", ", lang).join(id_words(one, lang) for one in change.old)
    new = say("、", ", ", lang).join(id_words(one, lang) for one in change.new)
    where = old if old == new or not new else f"{old} → {new}" if old else new
    out.print()
    out.print(f"{say(*_KINDS[change.kind.value], lang)}  {where}", style="bold")
    if change.pieces:
        _print_words(out, _marked(change.pieces))


def _print_words(out: Console, words: Text) -> None:
    """Print words two columns in, broken where the terminal ends."""
    from rich.text import Text

    for line in words.wrap(out, max(NARROWEST, out.width - 2), overflow="fold"):
        line.rstrip()
        out.print(Text("  ").append_text(line), soft_wrap=True)


def _marked(pieces: Sequence[Piece]) -> Text:
    """Return words with what was struck out in [-…-] and what was put in in {+…+}; far unchanged words are left out.

    A number that only follows a renumbering is told as 第三条→第四条; of another look only the new one is shown.
    """
    from rich.text import Text

    if all(piece.mark.value == "equal" for piece in pieces):
        start = "".join(piece.text for piece in pieces)
        return Text(_words(start[:KEPT_OF_UNCHANGED]) + ("…" if len(start) > KEPT_OF_UNCHANGED else ""), style="dim")
    text = Text()
    last = len(pieces) - 1
    for at, piece in enumerate(pieces):
        words, mark = _words(piece.text), piece.mark.value
        if mark == "equal":
            text.append(_shortened(words, at == 0, at == last), style="dim")
        elif piece.cause.value == "layout":
            text.append(words if mark == "insert" else "", style="dim")
        elif piece.cause.value == "renumbering":
            text.append(words + ("→" if mark == "delete" else ""), style="dim")
        elif mark == "delete":
            text.append(f"[-{words}-]", style="red strike")
        else:
            text.append(f"{{+{words}+}}", style="green underline")
    return text


def _words(text: str) -> str:
    """Return words of a text fit for a screen; each line of it stays one."""
    return "\n".join(visible(line, max(200, len(line))) for line in text.replace("\u3000", "  ").split("\n"))


def _shortened(words: str, first: bool, last: bool) -> str:
    before = "" if first else words[:KEPT_AROUND]
    after = "" if last else words[-KEPT_AROUND:]
    return words if len(words) <= len(before) + len(after) + 1 else f"{before}…{after}"
