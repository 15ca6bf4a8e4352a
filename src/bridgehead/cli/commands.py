"""The commands of ``bridgehead`` put together."""

from __future__ import annotations

from typing import Annotated

import typer

import bridgehead
from bridgehead.cli.admin_link import admin_link
from bridgehead.cli.articles import article, coverage
from bridgehead.cli.backup import backup, doctor, restore
from bridgehead.cli.demo_data import demo_data
from bridgehead.cli.desk import desk_app
from bridgehead.cli.flows import flows_app
from bridgehead.cli.get import get
from bridgehead.cli.journal import journal_app
from bridgehead.cli.ledger import ledger_app
from bridgehead.cli.ledger_papers import paper_app  # noqa: F401 - it stands under the ledger's commands
from bridgehead.cli.port import port_app
from bridgehead.cli.region import region_app
from bridgehead.cli.route import route
from bridgehead.cli.run import run
from bridgehead.cli.search import search
from bridgehead.cli.statute import statute_app
from bridgehead.cli.statute_import import import_text
from bridgehead.cli.statute_versions import list_texts, reread, withdraw
from bridgehead.cli.terminal import say
from bridgehead.cli.work import work

app = typer.Typer(
    name="bridgehead",
    help=say("向北开放桥头堡的开放操作平台。", "The open operating platform of a border-gateway region."),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(value: bool) -> None:
    if value:
        print(f"bridgehead {bridgehead.__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_print_version, help=say("显示版本", "print the version")),
    ] = False,
) -> None:
    pass


app.command(
    help=say(
        "启动平台：检查区域，准备数据文件夹，计算所缺的结果，提供页面。",
        "Start the platform: check the region, prepare the data folder, compute what is missing, serve the pages.",
    )
)(run)
app.command(
    name="admin-link",
    help=say(
        "给出建立第一个管理员的新链接（24 小时内有效，只能用一次；旧链接作废）；已有管理员时拒绝。",
        "Print a new link for the first administrator (good once, 24 hours; the old one no more); refused once "
        "there is one.",
    ),
)(admin_link)
app.command(
    help=say(
        "在单独的进程里做后台任务，可以在几台机器上同时开；`bridgehead run` 自己也做。",
        "Do background work in processes of its own, on several machines if need be; `bridgehead run` does it, too.",
    )
)(work)
app.add_typer(region_app, name="region")
app.command(
    help=say(
        "备份数据库和文件，不用停机；SQLite 和 PostgreSQL 用同一种格式。文件缺失或损坏时照样备份其余的，退出码为 1。",
        "Back up database and files while people work; one format for SQLite and PostgreSQL. Where files are missing or"
        " damaged the rest is backed up and the exit code is 1.",
    )
)(backup)
app.command(
    help=say(
        "把备份恢复到一个空的平台：先核对全部内容，再一次写入。",
        "Restore a backup into an empty platform: everything is checked first, then written at once.",
    )
)(restore)
app.command(
    help=say(
        "检查平台：数据库、日志、时钟、磁盘、密钥、文件、任务、邮件、检索、备份；有故障时退出码为 1。",
        "Examine the platform: database, journal, clock, disk, key, files, tasks, mails, search index, backup; exit"
        " code 1 for faults.",
    )
)(doctor)
app.add_typer(journal_app, name="journal")
app.command(
    help=say(
        "为一批货找从 A 到 B 的走法，逐段给出时间、费用和所用的参数。",
        "Find the way of a consignment from A to B, leg by leg with time, cost and the parameters behind them.",
    )
)(route)
app.add_typer(flows_app, name="flows")
app.add_typer(port_app, name="port")
app.command(
    help=say(
        "用自己的话说明一条要求什么，以及承担它的页面、接口、测试和文档。",
        "Show what an article asks, in our own words, and the pages, operations, tests and documents that serve it.",
    )
)(article)
app.command(
    help=say(
        "列出全部条文：归哪个房间、状态，还有什么没有做；--full 写全，并列出页面。",
        "Print the table of all articles: their room, status and what is not built yet; --full with their pages.",
    )
)(coverage)
statute_app.command(
    name="import",
    help=say(
        "把一部法规的文本导入数据库：认出是哪一部、是否与地区条例的指纹一致，读出条款和职责，写入日志。",
        "Import the text of a statute into the database: which one it is, whether it agrees with the fingerprints of"
        " the region's regulation, its provisions and duties, with an entry in the journal.",
    ),
)(import_text)
statute_app.command(
    name="list",
    help=say(
        "列出导入的文本：编号、从哪天起、职责数、读出职责的规则是否现行。",
        "List the imported texts: id, from which day, how many duties, whether they were read by the current rules.",
    ),
)(list_texts)
statute_app.command(
    help=say(
        "用现行规则重读导入的文本，人的核对保留；写入日志。有的不行时说明并继续，退出码为 2。",
        "Read imported texts anew by the current rules; what people answered stays; with an entry in the journal. One"
        " that is refused is told, the others go on, exit code 2.",
    )
)(reread)
statute_app.command(
    help=say(
        "撤回不该导入的文本：原文留作凭据，条款和职责不再出现；写入日志。有的不行时说明并继续，退出码为 2。",
        "Withdraw texts that should not have been imported: the file stays for proof, provisions and duties go; with an"
        " entry in the journal. One that is refused is told, the others go on, exit code 2.",
    )
)(withdraw)
app.add_typer(statute_app, name="statute")
app.add_typer(ledger_app, name="ledger")
app.add_typer(desk_app, name="desk")
app.command(
    help=say(
        "在全部房间里找人人可看的东西；rebuild 重建检索索引。",
        "Search every room for what everybody may see; `rebuild` builds the search index anew.",
    )
)(search)
app.command(
    help=say(
        "不开服务器，打印一个页面或接口的回答；被拒绝（4xx）时退出码为 2，平台自身出错（5xx）时为 1。",
        "Print a page or an API answer without a server; exit code 2 for a refusal (4xx), 1 for a fault of ours (5xx).",
    )
)(get)
app.command(
    name="demo-data",
    help=say(
        "填入标明“示意”的机构、人员、委托和代理，全部经由操作、记入日志；--wipe 清除。",
        "Fill in organisations, people, mandates and absences marked as demonstration, by actions; --wipe removes.",
    ),
)(demo_data)
