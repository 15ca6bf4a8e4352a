"""The pages of public replies."""

from __future__ import annotations

from bridgehead.ground.language import LANGUAGES
from bridgehead.ground.pages import Download, Example, Page
from bridgehead.ground.screens.declared.accounts import A_FORM
from bridgehead.rooms.desk.pages.records import NEEDS, of
from bridgehead.rooms.desk.who import OFFER

VIEWS = "bridgehead.rooms.desk.views.replies"
DESK = "bridgehead.rooms.desk.views.replies_desk"

_items = of("PublicReply", lambda one: Example({"reply": one.pk}), is_open=True)
_questions = of(
    "Case", lambda one: Example({"case": one.pk}), service="policy_question", outcome="answered", form__may_publish=True
)

PAGES: tuple[Page, ...] = (
    Page(
        name="desk:replies",
        path="services/answers/",
        view=f"{VIEWS}.replies",
        title_zh="公开答复",
        title_en="Questions answered",
        title_ru="Ответы на вопросы",
        title_mn="Нийтэд хариулсан асуултууд",
        description_zh="别人问过、已经答复并且公开的政策问题，按字词和政策查。",
        description_en="Questions on policy that others asked, answered for everybody; by words and by policy.",
        description_ru="Вопросы о мерах поддержки, на которые уже ответили для всех; по словам и по мерам.",
        description_mn="Бусдын асууж, нийтэд хариулсан бодлогын асуултууд; үг, бодлогоор хайна.",
        audience="public",
        languages=LANGUAGES,
        articles=(51,),
        api="/answers",
        examples=lambda region: (Example(), Example({}, "q=政策")),
    ),
    Page(
        name="desk:reply",
        path="services/answers/<int:reply>/",
        view=f"{VIEWS}.reply",
        title_zh="一条公开答复",
        title_en="A question answered",
        title_ru="Ответ на вопрос",
        title_mn="Нэг асуултын хариу",
        description_zh="一个政策问题和主管单位的答复，写明依据哪项政策、管到哪天。",
        description_en="A question on policy with the answer of the office in charge, the policies, and its end.",
        description_ru="Вопрос о мерах поддержки и ответ ведомства: на каких мерах основан, до какого дня действует.",
        description_mn="Бодлогын асуулт, хариуцсан байгууллагын хариу: аль бодлогод үндэслэсэн, хэдий хүртэл хүчинтэй.",
        audience="public",
        languages=LANGUAGES,
        articles=(51,),
        api="/answers/{reply}",
        needs=NEEDS,
        examples=_items,
    ),
    Page(
        name="desk:replies-desk",
        path="desk/public-answers/",
        view=f"{DESK}.desk",
        title_zh="编写公开答复",
        title_en="Answers you make public",
        description_zh="可以公开的问答、等发布的草稿、正在有效的、过期和撤回的。",
        description_en="Answered questions that may become public, drafts, what holds, what is over.",
        audience=OFFER,
        articles=(51,),
        without_api=A_FORM,
    ),
    Page(
        name="desk:reply-new",
        path="desk/cases/<int:case>/answer/",
        view=f"{DESK}.new",
        title_zh="写成公开答复",
        title_en="Word an answer for everybody",
        description_zh="把一件已答复的政策问答改写成不透露是谁问的公开答复；由另一个人发布。",
        description_en="Word an answered question anew, without who asked; somebody else releases it.",
        audience=OFFER,
        posts=True,
        articles=(51,),
        without_api=A_FORM,
        needs=NEEDS,
        examples=_questions,
    ),
    Page(
        name="desk:reply-keep",
        path="desk/public-answers/<int:reply>/",
        view=f"{DESK}.keep",
        title_zh="办一条公开答复",
        title_en="Release an answer",
        description_zh="改草稿、发布、退回、撤回。",
        description_en="Change a draft, release it, send it back, withdraw it.",
        audience=OFFER,
        posts=True,
        articles=(51,),
        without_api=A_FORM,
        needs=NEEDS,
        examples=_items,
    ),
)
DOWNLOADS: tuple[Download, ...] = ()
