"""The pages of duties: the matrix, the organs, the review queue and one duty."""

from collections.abc import Callable
from typing import Any

from bridgehead.ground.pages import Example, Page
from bridgehead.ground.screens.declared.accounts import A_FORM
from bridgehead.rooms.statute.pages.imported import NEEDS, of

VIEWS = "bridgehead.rooms.statute.views.duties"


def _matrix(query: str) -> Callable[[Any], Example]:
    return lambda work: Example({"work": work.pk}, query)


DUTY_PAGES: tuple[Page, ...] = (
    Page(
        name="statute:matrix",
        path="statutes/<int:work>/matrix/",
        view=f"{VIEWS}.matrix",
        title_zh="职责表",
        title_en="Duty matrix",
        description_zh="一部法规的单位乘条文：谁在哪一条里要做什么，可以筛选和打印。",
        description_en="Organs by articles of a statute: who owes what where; to filter and to print.",
        audience="public",
        articles=(6,),
        api="/statutes/{work}/duties",
        needs=NEEDS,
        examples=of(
            "Work", lambda one: Example({"work": one.pk}), lambda one: Example({"work": one.pk}, "modality=must")
        ),
    ),
    Page(
        name="statute:organs",
        path="organs/",
        view=f"{VIEWS}.organ_list",
        title_zh="单位的职责",
        title_en="Duties by organ",
        description_zh="法规点到名的单位，各有多少项职责、配合多少项。",
        description_en="The organs statutes name, with the duties each bears and takes part in.",
        audience="public",
        articles=(6,),
        nav=30,
        nav_zh="单位",
        nav_en="Organs",
        api="/organs",
    ),
    Page(
        name="statute:organ",
        path="organs/<path:organ>/",
        view=f"{VIEWS}.organ",
        title_zh="一个单位的职责",
        title_en="Duties of an organ",
        description_zh="一个单位在全部法规里要做的事，写明条、款、期限和依据。",
        description_en="Everything one organ owes in all statutes, with article, deadline and evidence.",
        audience="public",
        articles=(6,),
        api="/organs/{organ}",
        needs=NEEDS,
        examples=of("Bearer", lambda one: Example({"organ": one.organ})),
    ),
    Page(
        name="statute:review",
        path="duties/review/",
        view=f"{VIEWS}.review",
        title_zh="核对职责",
        title_en="Review duties",
        description_zh="没有写明或承前省略由谁承担的职责，由人确认或更正；核对过的，重读和换新文本都不会丢。",
        description_en="Duties with an unnamed or inherited bearer, for a person to confirm or correct once.",
        audience="statute.review",
        posts=True,
        nav=40,
        nav_zh="核对",
        nav_en="Review",
        without_api=A_FORM,
    ),
    Page(
        name="statute:duty",
        path="duties/<int:duty>/",
        view=f"{VIEWS}.duty",
        title_zh="一项职责",
        title_en="A duty",
        description_zh="一项职责的依据、按规则读出的承担者和人的核对。",
        description_en="What one duty rests on, who bears it by the rules, and what people answered.",
        audience="public",
        posts=True,
        api="/duties/{duty}",
        needs=NEEDS,
        examples=of("DutyRow", lambda one: Example({"duty": one.pk})),
    ),
)
