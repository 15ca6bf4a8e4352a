"""The page of the translations, and the words of a language to read."""

from collections.abc import Iterable

from bridgehead.ground.language import REVIEWED_BY_NAME
from bridgehead.ground.pages import Download, Example, Page
from bridgehead.regions.load import Region

VIEWS = "bridgehead.ground.screens.views.translations"


def _languages(region: Region) -> Iterable[Example]:
    return [Example({"language": language}) for language in REVIEWED_BY_NAME]


PAGES = (
    Page(
        name="ground:translations",
        path="translations/",
        view=f"{VIEWS}.translations",
        title_zh="译文",
        title_en="Translations",
        description_zh="俄文和蒙古文各有多少条文字，谁在什么时候审读签署，之后改了什么；未签署的页面标明未经审读。",
        description_en=(
            "How many texts there are in Russian and Mongolian, who read and signed them when, and what changed since; "
            "pages say so where nobody has."
        ),
        audience="translation.sign",
        posts=True,
        nav=95,
        api="/translations",
    ),
)

DOWNLOADS = (
    Download(
        name="translation-csv",
        path="translations/<id:language>.csv",
        view=f"{VIEWS}.translation_csv",
        audience="translation.sign",
        examples=_languages,
    ),
)
