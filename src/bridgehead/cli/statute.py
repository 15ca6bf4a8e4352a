"""``bridgehead statute``: read texts of statutes, list their duties, compare versions, write them in other forms."""

from __future__ import annotations

import json as json_text
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bridgehead.cli.terminal import (
    EXIT_REFUSED,
    AsJson,
    Language,
    RegionFolder,
    console,
    print_error,
    print_json,
    say,
)

if TYPE_CHECKING:
    from bridgehead.engines.statute.model import Statute
    from bridgehead.kernel.errors import BridgeheadError

MANY = 4
"""From so many files on, progress is shown on a terminal."""

statute_app = typer.Typer(
    help=say("法规文本：条款、职责、版本。", "Texts of statutes: provisions, duties, versions."),
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_TextFile = Annotated[
    Path,
    typer.Argument(
        metavar="FILE",
        help=say("文本、markdown 或 .docx 文件", "a text, a markdown file or a .docx"),
    ),
]


@statute_app.callback()
def _statute() -> None:
    pass


@statute_app.command(
    help=say(
        "读法规文本：结构、数目和每一处提示及其行号；不存储任何东西。有文件读不了时说明并继续，退出码为 2。",
        "Read texts of statutes: structure, counts, every warning with its line; nothing is stored. A file that cannot"
        " be read is told, the others go on, exit code 2.",
    )
)
def read(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...", help=say("文本、markdown 或 .docx 文件", "texts, markdown files or .docx files")
        ),
    ],
    json: AsJson = False,
    predictions: Annotated[
        Path | None,
        typer.Option(
            "--predictions",
            metavar="OUT.json",
            help=say(
                "结构和职责写进这个文件；编号是文件名去掉扩展名",
                "write structure and duties to this file; the id of a document is its file name without its ending",
            ),
        ),
    ] = None,
    region: RegionFolder = None,
    lang: Language = None,
) -> None:
    """Read texts of statutes."""
    assert lang is not None
    reading = _Reading(files, json, lang)
    if predictions is None:
        told = [reading.told(path, statute) for path, statute in reading.statutes()]
    else:
        told = _write_predictions(reading, predictions, region)
    if json:
        print_json({"documents": told, "refused": reading.refused_json()})
    if reading.refused:
        reading.tell_refused()
        raise typer.Exit(EXIT_REFUSED)


class _Reading:
    """Several files being read: one that is refused is told, and the others go on.

    Parameters
    ----------
    files : sequence of Path
    json : bool
        Whether everything is printed as JSON at the end.
    lang : str
    """

    def __init__(self, files: Sequence[Path], json: bool, lang: str) -> None:
        self.files, self.json, self.lang = files, json, lang
        self.refused: list[tuple[Path, BridgeheadError]] = []
        self.names: dict[str, Path] = {}

    def statutes(self) -> Iterator[tuple[Path, Statute]]:
        """Read file after file."""
        from bridgehead.cli.statute_files import read_file
        from bridgehead.kernel.errors import BridgeheadError, Place

        with _progress(len(self.files), self.lang) as advance:
            for path in self.files:
                try:
                    statute = read_file(path)
                    name = statute.source.name
                    if name in self.names:
                        given = {"file": str(path), "name": name, "other": str(self.names[name])}
                        raise BridgeheadError("statute.same_document", given, Place(file=path.name))
                except BridgeheadError as error:
                    self.refused.append((path, error))
                    if not self.json:
                        print_error(error, self.lang, as_json_too=False)
                else:
                    self.names[name] = path
                    yield path, statute
                advance()

    def told(self, path: Path, statute: Statute) -> dict[str, Any]:
        """Print what was read of a file, or return it in JSON types."""
        from bridgehead.cli.statute_files import structure_json
        from bridgehead.cli.statute_words import print_structure

        if self.json:
            return structure_json(path, statute, self.lang)
        if len(self.names) > 1:
            console().print()
        print_structure(console(), path, statute, self.lang)
        return {}

    def tell_refused(self) -> None:
        """Say at the end of a long list how many files were refused."""
        if self.json or len(self.files) < 2:
            return
        count, of = len(self.refused), len(self.files)
        words = say(f"{of} 个文件里有 {count} 个读不了：", f"{count} of {of} files could not be read: ", self.lang)
        names = say("、", ", ", self.lang).join(str(path) for path, _ in self.refused)
        console(stderr=True).print(words + names, style="bold", soft_wrap=True)

    def refused_json(self) -> list[dict[str, Any]]:
        """Return the files that were refused in JSON types."""
        from bridgehead.kernel.errors import as_json

        return [{"file": str(path), **as_json(error, self.lang)} for path, error in self.refused]


def _write_predictions(reading: _Reading, out: Path, region: Path | None) -> list[dict[str, Any]]:
    """Write the predictions of all files, document after document; return what was told of each."""
    from bridgehead.cli.statute_files import DutyReader, counts_of, write_whole
    from bridgehead.engines.statute.exports.predictions import prediction
    from bridgehead.kernel.errors import BridgeheadError

    if any(_same_file(out, path) for path in reading.files):
        raise BridgeheadError("statute.output_is_input", {"file": str(out)})
    reader = DutyReader(region)
    told: list[dict[str, Any]] = []
    totals = {"duties": 0, "warnings": 0}

    def chunks() -> Iterator[bytes]:
        yield b'{"docs": {'
        for path, statute in reading.statutes():
            duties = reader.duties(statute)
            document = prediction(statute, duties)
            lead = ",\n" if told else "\n"
            yield f"{lead}{_compact(document['doc'])}: {_compact(document)}".encode()
            counts = {**counts_of(statute), "duties": len(duties)}
            told.append({"file": str(path), "doc": document["doc"], "counts": counts})
            totals["duties"] += len(duties)
            totals["warnings"] += len(statute.anomalies)
        yield b"\n}}\n"

    write_whole(out, chunks(), overwrite=True)
    if not reading.json:
        count, lang = len(told), reading.lang
        console().print(
            say(
                f"{out}：{count} 份文档，{totals['duties']} 项职责，{totals['warnings']} 个提示",
                f"{out}: {count} documents, {totals['duties']} duties, {totals['warnings']} warnings",
                lang,
            ),
            soft_wrap=True,
        )
    return told


def _compact(value: Any) -> str:
    return json_text.dumps(value, ensure_ascii=False, allow_nan=False)


def _same_file(one: Path, other: Path) -> bool:
    try:
        return os.path.samefile(one, other)
    except OSError:
        return False


@contextmanager
def _progress(count: int, lang: str) -> Iterator[Any]:
    """Give a function that counts one file; a bar is shown where there are many and somebody looks."""
    err = console(stderr=True)
    if count < MANY or not err.is_terminal:
        yield lambda: None
        return
    from rich.progress import Progress

    with Progress(console=err, transient=True) as bar:
        task = bar.add_task(say("读取", "reading", lang), total=count)
        yield lambda: bar.advance(task)


@statute_app.command(
    help=say(
        "列出一部法规的职责：谁、怎样、做什么，逐条列出。由规则推导，未经人工确认。",
        "List the duties of a statute by article: who, how strongly, what. Derived by rules, not confirmed.",
    )
)
def duties(
    file: _TextFile,
    json: AsJson = False,
    csv: Annotated[
        bool, typer.Option("--csv", help=say("输出 CSV（不带字节顺序标记）", "print CSV, without byte order mark"))
    ] = False,
    region: RegionFolder = None,
    lang: Language = None,
) -> None:
    """List the duties of a statute."""
    from bridgehead.cli.statute_files import DutyReader, duty_json, read_file
    from bridgehead.cli.statute_words import print_duties
    from bridgehead.engines.statute.exports.places import paragraphs_by_id, words_of
    from bridgehead.engines.statute.exports.register import rows_of, to_csv

    assert lang is not None
    if json and csv:
        raise typer.BadParameter(say("--json 和 --csv 只能选一个", "--json or --csv, not both", lang))
    statute = read_file(file)
    found = DutyReader(region).duties(statute)
    if json:
        places = paragraphs_by_id(statute)
        told = [duty_json(statute, duty, words_of(statute, duty, places)) for duty in found]
        print_json({"doc": statute.source.name, "title": statute.title, "standing": "derived", "duties": told})
        return
    rows = rows_of(statute, found, lang)
    if csv:
        print(to_csv(rows, lang).decode("utf-8-sig"), end="")
        return
    print_duties(console(), statute, rows, lang)


@statute_app.command(
    help=say(
        "比较一部法规的两个版本：改了什么，改动的字标出；两部不同的法会直说，退出码为 2。",
        "Compare two versions of a statute: what changed, with the words marked; of two different laws it says so,"
        " exit code 2.",
    )
)
def diff(
    old: Annotated[Path, typer.Argument(metavar="A", help=say("较早的版本", "the earlier version"))],
    new: Annotated[Path, typer.Argument(metavar="B", help=say("较晚的版本", "the later version"))],
    json: AsJson = False,
    lang: Language = None,
) -> None:
    """Compare two versions of a statute."""
    from bridgehead.cli.statute_files import comparison_json, read_files
    from bridgehead.cli.statute_words import print_comparison
    from bridgehead.engines.statute.versions import compare

    assert lang is not None
    found = compare(*read_files((old, new)))
    if json:
        print_json(comparison_json(found))
    else:
        print_comparison(console(), found, lang)
    if not found.same_law:
        raise typer.Exit(EXIT_REFUSED)


def _flag(name: str, zh: str, en: str) -> Any:
    return typer.Option(f"--{name}", help=say(zh, en))


@statute_app.command(
    help=say(
        "把一部法规写成别的格式：Akoma Ntoso、JSON-LD，或职责清单 CSV、Word。已有的文件不覆盖，除非说明。",
        "Write a statute in another form: Akoma Ntoso, JSON-LD, or its register of duties as CSV or Word document. A"
        " file that exists is not overwritten unless told.",
    )
)
def export(  # noqa: PLR0917 - typer passes options by name
    file: _TextFile,
    akn: Annotated[bool, _flag("akn", "Akoma Ntoso XML，含职责", "Akoma Ntoso XML with the duties")] = False,
    jsonld: Annotated[bool, _flag("jsonld", "JSON-LD：日期和条文", "JSON-LD: dates and articles")] = False,
    csv: Annotated[bool, _flag("csv", "职责清单 CSV，可用电子表格打开", "register as CSV for spreadsheets")] = False,
    docx: Annotated[bool, _flag("docx", "职责清单 Word 文档", "register as Word document")] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="OUT",
            help=say("写到哪里；默认为当前文件夹，按文档命名", "where to; by default the current folder, named alike"),
        ),
    ] = None,
    overwrite: Annotated[bool, _flag("overwrite", "覆盖已有的文件", "overwrite a file that exists")] = False,
    region: RegionFolder = None,
    lang: Language = None,
) -> None:
    """Write a statute in another form."""
    from bridgehead.cli.statute_files import ENDINGS, DutyReader, exported, read_file, refuse_existing, write_whole
    from bridgehead.kernel.errors import BridgeheadError

    assert lang is not None
    wanted = {"akn": akn, "jsonld": jsonld, "csv": csv, "docx": docx}
    kinds = [kind for kind, on in wanted.items() if on]
    if len(kinds) != 1:
        words = ", ".join(f"--{kind}" for kind in wanted)
        raise typer.BadParameter(say(f"要选一个，也只选一个：{words}", f"choose one, and only one, of {words}", lang))
    kind = kinds[0]
    statute = read_file(file)
    target = out or Path(f"{statute.source.name}{ENDINGS[kind]}")
    if _same_file(target, file):
        raise BridgeheadError("statute.output_is_input", {"file": str(target)})
    refuse_existing(target, overwrite=overwrite)
    found = () if kind == "jsonld" else DutyReader(region).duties(statute)
    write_whole(target, [exported(kind, statute, found, lang)], overwrite=overwrite)
    console().print(say(f"已写入 {target}", f"{target} written", lang), soft_wrap=True)
