"""The pages of the ledger: programmes."""

from collections.abc import Iterable
from typing import Any

from bridgehead.ground.pages import Download, Example, Page
from bridgehead.ground.screens.declared.accounts import A_FORM
from bridgehead.regions.load import Region
from bridgehead.regions.programmes import kinds_of
from bridgehead.rooms.ledger.pages.records import NEEDS, of
from bridgehead.rooms.ledger.who import READ, RUN

VIEWS = "bridgehead.rooms.ledger.views"
ALL = (*range(9, 29), *range(30, 36), 37, 38, *range(43, 49), 50, *range(52, 58), 60)
"""Articles that programmes of some kind serve, the later chapters apart."""
LATER = (*range(64, 68), *range(69, 72), 74, 75, 78, 80)
SHOWN_KINDS = 3


def _kinds(region: Region) -> Iterable[Example]:
    return [Example({"kind": one}) for one in list(kinds_of(region))[:SHOWN_KINDS]]


def _programme(one: Any) -> Example:
    return Example({"programme": one.pk})


PAGES: tuple[Page, ...] = (
    Page(
        name="ledger:programmes",
        path="programmes/",
        view=f"{VIEWS}.programmes.programmes",
        title_zh="项目登记簿",
        title_en="Programmes",
        description_zh="登记了哪些项目，各在哪个阶段，下一步是什么、哪天，哪些逾期，哪些超预算。",
        description_en="The programmes entered: stage, next step and day of each, which are late, which over budget.",
        audience=READ,
        articles=(*ALL, *LATER),
        nav=40,
        nav_zh="项目",
        nav_en="Programmes",
        api="/programmes",
        examples=lambda region: [Example(), Example(query="only=over&by=article")],
    ),
    Page(
        name="ledger:programme-kind",
        path="programmes/kinds/<id:kind>/",
        view=f"{VIEWS}.programmes.programme_kind",
        title_zh="一类项目",
        title_en="A kind of programmes",
        description_zh="一类项目的阶段和各阶段的个数，由记录算出的指标，和全部项目。",
        description_en="The stages of a kind with how many stand at each, its indicators, and its programmes.",
        audience=READ,
        articles=(*ALL, *LATER),
        api="/programmes/kinds/{kind}",
        examples=_kinds,
    ),
    Page(
        name="ledger:new-programme",
        path="programmes/kinds/<id:kind>/new/",
        view=f"{VIEWS}.programme_forms.new_programme",
        title_zh="登记项目",
        title_en="Enter a programme",
        description_zh="按类别填写一个项目：名称、牵头单位、下一步、来源和这一类的数据项。",
        description_en="Enter a programme of a kind: name, lead, next step, source and what the kind records.",
        audience=RUN,
        posts=True,
        without_api=A_FORM,
        examples=_kinds,
    ),
    Page(
        name="ledger:programme",
        path="programmes/<int:programme>/",
        view=f"{VIEWS}.programme_page.programme",
        title_zh="一个项目",
        title_en="A programme",
        description_zh="一个项目的事实、阶段和材料、下一步、参与方、资金与下级项目、逐笔事项。",
        description_en="A programme: facts, stages with evidence, next step, parties, money with its parts, items.",
        audience=READ,
        posts=True,
        articles=(*ALL, *LATER),
        api="/programmes/{programme}",
        needs=NEEDS,
        examples=of("Programme", _programme),
    ),
    Page(
        name="ledger:edit-programme",
        path="programmes/<int:programme>/edit/",
        view=f"{VIEWS}.programme_forms.edit_programme",
        title_zh="修改项目",
        title_en="Change a programme",
        description_zh="修改一个项目的名称、牵头单位、来源、上级项目和数据项；阶段不在这里改。",
        description_en="Change name, lead, source, parent and fields of a programme; its stage is not changed here.",
        audience=RUN,
        posts=True,
        without_api=A_FORM,
        needs=NEEDS,
        examples=of("Programme", _programme),
    ),
)
DOWNLOADS: tuple[Download, ...] = (
    Download(name="programmes-csv", path="programmes.csv", view=f"{VIEWS}.programmes.programmes_csv", audience=READ),
    Download(name="programmes-docx", path="programmes.docx", view=f"{VIEWS}.programmes.programmes_docx", audience=READ),
    Download(
        name="programme-docx",
        path="programmes/<int:programme>.docx",
        view=f"{VIEWS}.programmes.programme_docx",
        audience=READ,
        examples=of("Programme", _programme),
    ),
    Download(
        name="programme-kind-docx",
        path="programmes/kinds/<id:kind>.docx",
        view=f"{VIEWS}.programmes.programme_kind_docx",
        audience=READ,
        examples=_kinds,
    ),
)
