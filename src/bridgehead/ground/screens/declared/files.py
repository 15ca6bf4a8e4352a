"""The page of files, and the file itself."""

from collections.abc import Iterable

from bridgehead.ground.language import LANGUAGES
from bridgehead.ground.pages import Download, Example, Page
from bridgehead.ground.screens.declared.accounts import A_FORM
from bridgehead.regions.load import Region

VIEWS = "bridgehead.ground.screens.views.files"


def _none(region: Region) -> Iterable[Example]:
    """Return nothing: a region comes without files of people."""
    return ()


PAGES = (
    Page(
        name="ground:files",
        path="files/",
        view=f"{VIEWS}.files",
        title_zh="文件",
        title_en="Files",
        description_zh="本单位交来的文件：上传、下载、撤回；每个文件都检查过，不含会运行的东西。",
        description_en="Files your organisation handed in: upload, download, withdraw; none holds anything that runs.",
        audience="signed-in",
        languages=LANGUAGES,
        title_ru="Файлы",
        title_mn="Файлууд",
        description_ru=(
            "Файлы, которые сдала ваша организация: загрузить, скачать, отозвать; исполняемого содержимого в них нет."
        ),
        description_mn=(
            "Танай байгууллагын өгсөн файлууд: байршуулах, татах, буцаан авах; ажиллуулдаг агуулга байхгүй."
        ),
        posts=True,
        nav=50,
        without_api=A_FORM,
    ),
)

DOWNLOADS = (
    Download(name="file", path="files/<int:file>", view=f"{VIEWS}.file", audience="signed-in", examples=_none),
)
