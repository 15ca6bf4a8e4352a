"""The pages of imports, their templates, and the table somebody handed in."""

from collections.abc import Iterable

from bridgehead.ground.pages import Download, Example, Page
from bridgehead.ground.screens.declared.accounts import A_FORM
from bridgehead.regions.load import Region

VIEWS = "bridgehead.ground.screens.views.imports"


def _templates(region: Region) -> Iterable[Example]:
    """Return the templates of both kinds."""
    kinds = ("enterprises", "members")
    return [Example({"name": f"{kind}.{ending}"}) for kind in kinds for ending in ("csv", "xlsx")]


def _none(region: Region) -> Iterable[Example]:
    """Return nothing: a region comes without imports of people."""
    return ()


PAGES = (
    Page(
        name="ground:imports",
        path="imports/",
        view=f"{VIEWS}.imports",
        title_zh="导入",
        title_en="Imports",
        description_zh="用表格一次登记许多记录：下载模板，填好上传，看过预览再导入。",
        description_en="Register many records by a table: take the template, upload it, see the preview, then import.",
        audience="import.run",
        posts=True,
        nav=60,
        without_api=A_FORM,
    ),
    Page(
        name="ground:import-preview",
        path="imports/preview/",
        view=f"{VIEWS}.import_preview",
        title_zh="导入预览",
        title_en="Preview of an import",
        description_zh="导入会新增什么、改动什么、拒绝什么；看过以后一次导入，或者什么都不导入。",
        description_en="What an import would add, change and refuse; then all of it is imported at once, or nothing.",
        audience="import.run",
        posts=True,
        without_api=A_FORM,
    ),
)

DOWNLOADS = (
    Download(
        name="import-template",
        path="imports/templates/<id:name>",
        view=f"{VIEWS}.template",
        audience="import.run",
        examples=_templates,
    ),
    Download(
        name="import-table",
        path="imports/tables/<int:run>",
        view=f"{VIEWS}.table",
        audience="import.run",
        examples=_none,
    ),
)
