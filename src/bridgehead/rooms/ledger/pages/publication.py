"""The pages of the ledger: what is published, and what the public asks."""

from __future__ import annotations

from typing import Any

from bridgehead.ground.pages import Download, Example, Page
from bridgehead.ground.screens.declared.accounts import A_FORM
from bridgehead.rooms.ledger.pages.dossiers import articles_shown
from bridgehead.rooms.ledger.pages.records import NEEDS, of

COPIES = "bridgehead.rooms.ledger.views.publication"
QUESTIONS = "bridgehead.rooms.ledger.views.publication_questions"


def _article(record: Any) -> Example:
    return Example({"article": record.article})


PAGES: tuple[Page, ...] = (
    Page(
        name="ledger:public",
        path="public/",
        view=f"{COPIES}.public",
        title_zh="公开的落实情况",
        title_en="What is public",
        description_zh="地区公开的条文落实情况，和对公众提问、建议、投诉的答复。",
        description_en="How articles are carried out, as the region publishes it, and its answers to the public.",
        audience="public",
        articles=(7,),
        nav=100,
        nav_zh="公开",
        nav_en="Public",
        api="/public",
    ),
    Page(
        name="ledger:public-article",
        path="public/<int:article>/",
        view=f"{COPIES}.public_one",
        title_zh="公开的一条",
        title_en="A published article",
        description_zh="一条的落实情况的公开文本：哪天公开的、截至哪天、由谁公开，记录以后再变它也不变。",
        description_en="The public copy of an article: published when, as of when, by whom; frozen since then.",
        audience="public",
        articles=(7,),
        api="/public/{article}",
        needs=NEEDS,
        examples=of("Publication", _article, is_open=True),
    ),
    Page(
        name="ledger:ask",
        path="public/ask/",
        view=f"{QUESTIONS}.ask_page",
        title_zh="提问、建议、投诉",
        title_en="Ask, suggest or complain",
        description_zh="任何人都可以提问、建议或投诉，不用账号；会得到编号和查询码，答复有期限。",
        description_en="Anybody may ask, suggest or complain without an account; there is a number and a term.",
        audience="public",
        posts=True,
        articles=(7,),
        without_api=A_FORM,
    ),
    Page(
        name="ledger:question-state",
        path="public/state/",
        view=f"{QUESTIONS}.state_page",
        title_zh="查询办到哪一步",
        title_en="Look up a question",
        description_zh="用编号和查询码查看自己的来件办到哪一步、答复是什么，没有答到可以再问一次。",
        description_en="See how far your question is by its number and code, and ask again once.",
        audience="public",
        posts=True,
        articles=(7,),
        without_api=A_FORM,
    ),
    Page(
        name="ledger:publish",
        path="dossiers/<int:article>/publish/",
        view=f"{COPIES}.publish",
        title_zh="公开一条的落实情况",
        title_en="Publish a dossier",
        description_zh="看公众将要看到的样子，勾选公开哪些部分，公开；公开过的可以撤回。",
        description_en="Look at what the public would see, tick what it does, publish; withdraw what was published.",
        audience="ledger.publish",
        posts=True,
        articles=(7,),
        without_api=A_FORM,
        examples=articles_shown,
    ),
    Page(
        name="ledger:questions",
        path="questions/",
        view=f"{QUESTIONS}.question_list",
        title_zh="公众来件",
        title_en="Questions of the public",
        description_zh="公众的提问、建议和投诉：哪些等分办、等答复、等核准，逾期的在前。",
        description_en="What the public asked: waiting for a body, an answer or approval, with what is late first.",
        audience="ledger.read",
        articles=(7,),
        nav=95,
        nav_zh="来件",
        nav_en="Questions",
        api="/questions",
    ),
    Page(
        name="ledger:question",
        path="questions/<int:question>/",
        view=f"{QUESTIONS}.question",
        title_zh="一件公众来件",
        title_en="A question of the public",
        description_zh="一件来件的原文、期限、答复和办理：分给哪个单位、谁写答复、谁核准、是否公开。",
        description_en="One question with its term and answer: who answers, who approves, whether it is public.",
        audience="ledger.read",
        posts=True,
        articles=(7,),
        api="/questions/{question}",
        needs=NEEDS,
        examples=of("PublicQuestion", lambda one: Example({"question": one.pk})),
    ),
)
DOWNLOADS: tuple[Download, ...] = (
    Download(
        name="answer-docx",
        path="questions/<int:question>.docx",
        view=f"{QUESTIONS}.answer_docx",
        audience="ledger.read",
        examples=of("PublicQuestion", lambda one: Example({"question": one.pk}), state="answered"),
    ),
)
