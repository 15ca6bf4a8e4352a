"""What the ground itself can be searched for: its pages and those of the rooms, organisations and files."""

from __future__ import annotations

from collections.abc import Iterable

from bridgehead.ground.access.audience import SIGNED_IN
from bridgehead.ground.files.selectors import kept_back
from bridgehead.ground.models import Organisation, StoredFile
from bridgehead.ground.pages import pages
from bridgehead.ground.search.registry import Document, Searchable, register
from bridgehead.regions.load import Region


def _pages(region: Region) -> Iterable[Document]:
    for page in pages():
        if "<" not in page.path:
            yield Document(
                record=page.name,
                title_zh=page.title_zh,
                title_en=page.title_en,
                names=tuple(page.title(code) for code in page.languages[2:]),
                text="\n".join(page.description(code) for code in page.languages),
                page=page.name,
                audience=page.audience,
            )


def _organisation(record: Organisation) -> Document:
    return Document(
        record=str(record.pk),
        title_zh=record.name_zh,
        title_en=record.name_en,
        names=tuple(filter(None, (record.code, record.uscc))),
        page="ground:organisation",
        kwargs={"organisation": record.code},
    )


def _file(record: StoredFile) -> Document | None:
    """Return a file by its name and note; a withdrawn one is not found any more."""
    if record.withdrawn_at is not None:
        return None
    return Document(
        record=str(record.pk),
        title_zh=record.name,
        title_en="",
        text=record.note,
        page="ground:files",
        query=f"before={record.pk + 1}",  # the list from this file on
    )


def register_searchables() -> None:
    """Register pages, organisations and files."""
    register(
        Searchable(
            kind="page",
            title_zh="页面",
            title_en="Pages",
            title_ru="Страницы",
            title_mn="Хуудас",
            of_region=_pages,
            order=90,
        )
    )
    register(
        Searchable(
            kind="organisation",
            title_zh="机构",
            title_en="Organisations",
            title_ru="Организации",
            title_mn="Байгууллага",
            model=Organisation,
            document=_organisation,
            order=30,
        )
    )
    register(
        Searchable(
            kind="file",
            title_zh="文件",
            title_en="Files",
            title_ru="Файлы",
            title_mn="Файл",
            model=StoredFile,
            document=_file,
            rows=lambda: StoredFile.objects.filter(withdrawn_at=None),
            audience=SIGNED_IN,
            kept_back=kept_back,
            order=40,
        )
    )
