"""The pages of organisations, members, mandates and absences."""

from __future__ import annotations

from collections.abc import Iterable

from bridgehead.ground.language import LANGUAGES
from bridgehead.ground.pages import Download, Example, Page
from bridgehead.regions.load import Region

VIEWS = "bridgehead.ground.screens.views.people"


def _lists(region: Region) -> Iterable[Example]:
    """Return the whole tree, and a search for the last organisation of the region's table."""
    yield Example()
    for row in region.rows("orgs")[-1:]:
        yield Example(query=f"q={row['id']}")


def _organisations(region: Region) -> Iterable[Example]:
    for row in region.rows("orgs"):
        yield Example({"organisation": row["id"]})


def _first(region: Region) -> Iterable[Example]:
    """Return the organisation at the top of the region's table."""
    for row in region.rows("orgs")[:1]:
        yield Example({"organisation": row["id"]})


PAGES: tuple[Page, ...] = (
    Page(
        name="ground:organisations",
        path="organisations/",
        view=f"{VIEWS}.organisations",
        title_zh="机构",
        title_en="Organisations",
        description_zh="平台上有哪些机构，谁在谁之下，各自与哪些条文有关。",
        description_en="Which organisations there are, who stands below whom, and which articles speak of each.",
        audience="public",
        posts=True,
        articles=(5, 6, 79),
        nav=10,
        api="/organisations",
        examples=_lists,
    ),
    Page(
        name="ground:organisation",
        path="organisations/<id:organisation>/",
        view=f"{VIEWS}.organisation",
        title_zh="一个机构",
        title_en="An organisation",
        description_zh="一个机构的名称、性质、上下级、有关条文，以及各室知道的事。",
        description_en="Names, kind and place of an organisation, its articles, and what the rooms know of it.",
        audience="public",
        posts=True,
        articles=(5, 6, 79),
        api="/organisations/{organisation}",
        examples=_organisations,
    ),
    Page(
        name="ground:members",
        path="organisations/<id:organisation>/members/",
        view=f"{VIEWS}.members",
        title_zh="成员与角色",
        title_en="Members and roles",
        description_zh="谁在这个机构担任什么角色、到什么时候，每个角色可以做什么。",
        description_en="Who holds which role in the organisation and until when, and what each role may do.",
        audience="member.read",
        languages=LANGUAGES,
        title_ru="Сотрудники и роли",
        title_mn="Гишүүд ба үүрэг",
        description_ru="Кто и до какого срока исполняет какую роль в организации и что может каждая роль.",
        description_mn="Байгууллагад хэн ямар үүргийг хэдий хүртэл эрхэлдэг, үүрэг бүр юу хийж болох.",
        posts=True,
        articles=(79,),
        api="/organisations/{organisation}/members",
        examples=_first,
    ),
    Page(
        name="ground:mandates",
        path="organisations/<id:organisation>/mandates/",
        view=f"{VIEWS}.mandates",
        title_zh="委托",
        title_en="Mandates",
        description_zh="这个机构委托了谁、受谁委托，范围和期限。",
        description_en="Whom the organisation mandated and who mandated it, for what and until when.",
        audience="organisation.read",
        languages=LANGUAGES,
        title_ru="Доверенности",
        title_mn="Итгэмжлэл",
        description_ru="Кому организация выдала доверенность и от кого получила, на что и до какого срока.",
        description_mn="Байгууллага хэнд итгэмжлэл олгосон, хэнээс авсан, юунд, хэдий хүртэл.",
        posts=True,
        articles=(79,),
        api="/organisations/{organisation}/mandates",
        examples=_first,
    ),
    Page(
        name="ground:absences",
        path="organisations/<id:organisation>/absences/",
        view=f"{VIEWS}.absences",
        title_zh="代理职务",
        title_en="Standing in",
        description_zh="谁不在时由谁代理职务，从哪天到哪天。",
        description_en="Who stands in for whom during an absence, from when to when.",
        audience="member.read",
        languages=LANGUAGES,
        title_ru="Замещение",
        title_mn="Түр орлох",
        description_ru="Кто кого замещает во время отсутствия, с какого и по какой день.",
        description_mn="Эзгүй үед хэн хэнийг орлодог, хэднээс хэдний өдөр хүртэл.",
        posts=True,
        articles=(79,),
        api="/organisations/{organisation}/absences",
        examples=_first,
    ),
)

DOWNLOADS: tuple[Download, ...] = (
    Download(
        name="organisations-csv",
        path="organisations.csv",
        view=f"{VIEWS}.organisations_csv",
        audience="public",
    ),
)
