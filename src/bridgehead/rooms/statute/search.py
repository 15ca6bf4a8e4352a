"""What the statute room can be searched for: articles by what they ask, provisions and duties of imported texts."""

from __future__ import annotations

from collections.abc import Iterable

from bridgehead.ground.search.registry import Document, Searchable, register
from bridgehead.regions.load import Region
from bridgehead.regions.statute import statute_of
from bridgehead.rooms.statute.models import DutyRow, Provision, StatuteVersion

KINDS = ("article", "provision", "duty")
"""What the room's own search looks through."""
_NUMBERED = ("第 {} 条", "{} 条", "article {}", "art. {}", "{}")


def _articles(region: Region) -> Iterable[Document]:
    for article in statute_of(region).articles.values():
        lists = ("、".join(article.actors_zh), ", ".join(article.actors_en))
        systems = ("、".join(article.systems_zh), ", ".join(article.systems_en))
        yield Document(
            record=str(article.number),
            title_zh=article.title_zh,
            title_en=article.title_en,
            names=tuple(form.format(article.number) for form in _NUMBERED),
            text="\n".join(filter(None, (article.gist_zh, article.gist_en, *lists, *systems))),
            page="statute:article",
            kwargs={"article": article.number},
        )


def _provision(record: Provision) -> Document | None:
    """Return an article of an imported text, with the day the text holds from: a law may have several."""
    version = record.statute
    return Document(
        record=str(record.pk),
        title_zh=f"{record.label} · {version.title}{_since(version)}",
        title_en="",
        text="\n".join(filter(None, (record.chapter, record.text))),
        page="statute:statute",
        kwargs={"work": version.work_id},
        query=f"version={version.pk}#{record.eid}",
    )


def _since(version: StatuteVersion) -> str:
    return f"（{version.begins_on:%Y-%m-%d}）" if version.begins_on else ""


def _duty(record: DutyRow) -> Document | None:
    """Return a duty, with its article and the day its text holds from: the same duty stands in several texts."""
    if record.standing == DutyRow.Standing.REJECTED:
        return None
    bearers = "、".join(one.organ for one in record.bearers.all())
    return Document(
        record=str(record.pk),
        title_zh=f"{bearers or '没有写明由谁承担'}：{record.what}"[:120] + f" · {record.label}{_since(record.statute)}",
        title_en="",
        text="\n".join(filter(None, (record.evidence, bearers, record.deadline, record.frequency))),
        page="statute:duty",
        kwargs={"duty": record.pk},
    )


def register_searchables() -> None:
    """Register articles, provisions and duties."""
    register(Searchable(kind="article", title_zh="条文要点", title_en="Articles", of_region=_articles, order=20))
    register(
        Searchable(
            kind="provision",
            title_zh="法规原文",
            title_en="Provisions",
            model=Provision,
            document=_provision,
            rows=lambda: Provision.objects.select_related("statute"),
            order=22,
        )
    )
    register(
        Searchable(
            kind="duty",
            title_zh="职责",
            title_en="Duties",
            model=DutyRow,
            document=_duty,
            rows=lambda: DutyRow.objects.select_related("statute").prefetch_related("bearers"),
            order=24,
        )
    )
