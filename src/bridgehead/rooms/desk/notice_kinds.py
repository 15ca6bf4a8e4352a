"""The kinds of notices: what each is called, what it says, whom it is for.

A sentence is told the words of its notice by name. It stands on the platform alone; a mail says only what its kind is
called.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import pgettext

FIRMS, OFFICES = "firms", "offices"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of notice.

    Attributes
    ----------
    name : str
        Its name.
    readers : str
        ``firms`` or ``offices``.
    title : callable
        Gives what such notices are called, in the language of the request.
    sentence : callable
        Gives what they say, with ``%(name)s`` for each word they are told.
    mailed : bool
        Whether they go out by e-mail to whoever has not chosen.
    """

    name: str
    readers: str
    title: Callable[[], str]
    sentence: Callable[[], str]
    mailed: bool = True


def _kinds(*found: Kind) -> Mapping[str, Kind]:
    return {one.name: one for one in found}


# Of cases. An office has its queue, so that nothing of it is mailed unless it is urgent or somebody asks for it.
KINDS: Mapping[str, Kind] = _kinds(
    Kind(
        "case_new",
        OFFICES,
        lambda: pgettext("notice", "新办件"),
        lambda: pgettext("notice", "新办件 %(number)s：%(title)s"),
        mailed=False,
    ),
    Kind(
        "case_urgent",
        OFFICES,
        lambda: pgettext("notice", "新的急件"),
        lambda: pgettext("notice", "急件 %(number)s：%(title)s"),
    ),
    Kind(
        "case_reply",
        OFFICES,
        lambda: pgettext("notice", "申请人补来了材料"),
        lambda: pgettext("notice", "办件 %(number)s 的申请人补来了材料"),
        mailed=False,
    ),
    Kind(
        "case_written",
        OFFICES,
        lambda: pgettext("notice", "申请人留言了"),
        lambda: pgettext("notice", "办件 %(number)s 的申请人留言了"),
        mailed=False,
    ),
    Kind(
        "case_near",
        OFFICES,
        lambda: pgettext("notice", "办件的时限快用完了"),
        lambda: pgettext("notice", "办件 %(number)s 的时限快用完了：%(title)s"),
        mailed=False,
    ),
    Kind(
        "case_due",
        OFFICES,
        lambda: pgettext("notice", "办件的时限用完了"),
        lambda: pgettext("notice", "办件 %(number)s 的时限用完了：%(title)s"),
    ),
    Kind(
        "case_escalated",
        OFFICES,
        lambda: pgettext("notice", "办件超过时限，报到上一级"),
        lambda: pgettext("notice", "办件 %(number)s 超过时限，报到了上一级：%(title)s"),
    ),
    Kind(
        "case_supervised",
        OFFICES,
        lambda: pgettext("notice", "办件超时，提请督查"),
        lambda: pgettext("notice", "办件 %(number)s 超过时限还没有办结，提请督查：%(title)s"),
    ),
    Kind(
        "case_waits",
        FIRMS,
        lambda: pgettext("notice", "办件等您补充"),
        lambda: pgettext("notice", "办件 %(number)s 等您补充：%(title)s"),
    ),
    Kind(
        "case_moved",
        FIRMS,
        lambda: pgettext("notice", "办件有进展"),
        lambda: pgettext("notice", "办件 %(number)s 到了“%(state)s”：%(title)s"),
    ),
    Kind(
        "case_closed",
        FIRMS,
        lambda: pgettext("notice", "办件有结果"),
        lambda: pgettext("notice", "办件 %(number)s 有了结果“%(state)s”：%(title)s"),
    ),
    Kind(
        "case_message",
        FIRMS,
        lambda: pgettext("notice", "承办单位留言了"),
        lambda: pgettext("notice", "办件 %(number)s 有新留言：%(title)s"),
    ),
    # Of projects abroad.
    Kind(
        "outbound_signal",
        FIRMS,
        lambda: pgettext("notice", "境外风险提示"),
        lambda: pgettext("notice", "境外项目“%(project)s”有风险提示：%(title)s"),
    ),
    Kind(
        "outbound_visit_planned",
        FIRMS,
        lambda: pgettext("notice", "要来巡查境外项目"),
        lambda: pgettext("notice", "%(day)s要来巡查境外项目“%(project)s”"),
    ),
    Kind(
        "outbound_visit_recorded",
        FIRMS,
        lambda: pgettext("notice", "巡查有结果"),
        lambda: pgettext("notice", "%(day)s对境外项目“%(project)s”的巡查有结果了"),
    ),
    Kind(
        "outbound_named",
        OFFICES,
        lambda: pgettext("notice", "企业让本单位看境外项目"),
        lambda: pgettext("notice", "一家企业让本单位看它的一个境外项目"),
        mailed=False,
    ),
    Kind(
        "outbound_signal_office",
        OFFICES,
        lambda: pgettext("notice", "境外风险提示到了项目"),
        lambda: pgettext("notice", "一个境外项目有风险提示：%(title)s"),
    ),
    # Of policies.
    Kind(
        "policy_fits",
        FIRMS,
        lambda: pgettext("notice", "有适合的政策"),
        lambda: pgettext("notice", "按您填的情况，这项政策适合您的企业，还没有申请：%(title)s"),
    ),
    # Of public replies.
    Kind(
        "question_public",
        FIRMS,
        lambda: pgettext("notice", "您的问题公开答复了"),
        lambda: pgettext("notice", "您问过的问题现在有公开答复，没有写您是谁：%(question)s"),
        mailed=False,
    ),
    # Of promotion.
    Kind(
        "fair_room",
        FIRMS,
        lambda: pgettext("notice", "展会候补转正"),
        lambda: pgettext("notice", "展会“%(title)s”有名额了，%(day)s开始"),
    ),
    Kind(
        "fair_changed",
        FIRMS,
        lambda: pgettext("notice", "展会有变动"),
        lambda: pgettext("notice", "展会“%(title)s”的时间或地点变了，现在是 %(day)s"),
    ),
    Kind(
        "fair_cancelled",
        FIRMS,
        lambda: pgettext("notice", "展会取消"),
        lambda: pgettext("notice", "%(day)s的展会“%(title)s”取消了"),
    ),
    Kind(
        "enquiry_new",
        FIRMS,
        lambda: pgettext("notice", "有企业询盘"),
        lambda: pgettext("notice", "%(firm)s 向您询盘"),
    ),
    Kind(
        "enquiry_accepted",
        FIRMS,
        lambda: pgettext("notice", "询盘有答复"),
        lambda: pgettext("notice", "%(firm)s 接受了您的询盘，可以联系了"),
    ),
    Kind(
        "enquiry_declined",
        FIRMS,
        lambda: pgettext("notice", "询盘被婉拒"),
        lambda: pgettext("notice", "%(firm)s 婉拒了您的询盘"),
        mailed=False,
    ),
    # Of trade news.
    Kind(
        "news",
        FIRMS,
        lambda: pgettext("notice", "订阅的资讯"),
        lambda: pgettext("notice", "您订阅的资讯：%(title)s"),
        mailed=False,
    ),
    # Of training.
    Kind(
        "training_seat",
        FIRMS,
        lambda: pgettext("notice", "培训候补转正"),
        lambda: pgettext("notice", "%(name)s 在培训“%(title)s”里有座位了，%(at)s 开始"),
    ),
    Kind(
        "training_changed",
        FIRMS,
        lambda: pgettext("notice", "培训有变动"),
        lambda: pgettext("notice", "培训“%(title)s”的时间、地点或链接变了，现在是 %(at)s"),
    ),
    Kind(
        "training_cancelled",
        FIRMS,
        lambda: pgettext("notice", "培训取消"),
        lambda: pgettext("notice", "%(at)s 的培训“%(title)s”取消了"),
    ),
    Kind(
        "training_certificate",
        FIRMS,
        lambda: pgettext("notice", "培训证明"),
        lambda: pgettext("notice", "%(name)s 的培训证明可以下载了：%(title)s"),
        mailed=False,
    ),
)
