"""Declarations of the pages and files that show the tables themselves."""

from collections.abc import Iterable

from bridgehead.ground.pages import Download, Example, Page
from bridgehead.regions.load import Region

_VIEWS = "bridgehead.rooms.gateway.views.tables"


def _tables(region: Region) -> Iterable[Example]:
    """Return every table, and one of them searched, sorted and on its second page."""
    for name in region.tables:
        yield Example({"table": name})
    yield Example({"table": "ports"}, "q=a&sort=-id&page=2")


def _files(region: Region) -> Iterable[Example]:
    return [Example({"table": name}) for name in region.tables]


DATA_PAGES = (
    Page(
        name="gateway:data",
        path="data/",
        view=f"{_VIEWS}.data_index",
        title_zh="数据",
        title_en="Data",
        description_zh="本区域的全部表：各有多少行，能下载、能检索，哪些列是假设。",
        description_en="Every table of the region: how many rows it has, to browse, search and download.",
        audience="public",
        nav=90,
        api="/tables",
    ),
    Page(
        name="gateway:assumptions",
        path="data/assumptions/",
        view=f"{_VIEWS}.assumptions",
        title_zh="假设一览",
        title_en="Assumptions",
        description_zh="模型需要而事实里没有的数，逐条列出取值与理由。",
        description_en="What the model needs and the facts lack, row by row with value and reason.",
        audience="public",
        api="/assumptions",
    ),
    Page(
        name="gateway:table",
        path="data/<table:table>/",
        view=f"{_VIEWS}.table",
        title_zh="数据表",
        title_en="Table",
        description_zh="一张表的内容、列说明、来源与下载。",
        description_en="The rows of one table with the meaning of its columns, its sources and its files.",
        audience="public",
        api="/tables/{table}",
        examples=_tables,
    ),
    Page(
        name="gateway:about",
        path="about/",
        view=f"{_VIEWS}.about",
        title_zh="关于与许可",
        title_en="About and licences",
        description_zh="平台是什么、数据从哪里来、按什么许可使用、现在用的是哪一版。",
        description_en="What the platform is, where its data come from, their licences, and the edition in use.",
        audience="public",
        api="/about",
    ),
)

DATA_DOWNLOADS = (
    Download(
        name="table", path="data/<table:table>.csv", view=f"{_VIEWS}.table_csv", audience="public", examples=_files
    ),
    Download(
        name="template",
        path="data/<table:table>.template.csv",
        view=f"{_VIEWS}.template_csv",
        audience="public",
        examples=_files,
    ),
    Download(
        name="schema",
        path="data/<table:table>.schema.csv",
        view=f"{_VIEWS}.schema_csv",
        audience="public",
        examples=_files,
    ),
)
