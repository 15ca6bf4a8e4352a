"""Template filters of the forms and pages of people and organisations."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import template
from django.utils.translation import gettext as _

from bridgehead.ground import wording
from bridgehead.ground.language import language, list_mark
from bridgehead.ground.models import Organisation, Person
from bridgehead.ground.people.selectors import Term

register = template.Library()


@register.filter
def as_typed(value: Any) -> str:
    """Return a value as a form sends it."""
    return "" if value is None else str(value)


@register.filter
def named_in(value: Any, options: Iterable[tuple[Any, str]] | None) -> str:
    """Return the words of a value among the options of a field; the value itself for a field without."""
    return next((said for one, said in options or () if str(one) == str(value)), str(value or ""))


@register.filter
def among(value: Any, options: Iterable[tuple[Any, str]]) -> bool:
    """Say whether a value is one of the options of a field."""
    return any(str(one) == str(value) for one, _said in options)


@register.filter
def as_options(records: Iterable[Organisation | Person]) -> list[tuple[int, str]]:
    """Return organisations or people as options of a field."""
    code = language()
    return [
        (one.pk, one.name(code) if isinstance(one, Organisation) else f"{one.name} ({one.login})") for one in records
    ]


@register.filter
def role_options(meanings: Iterable[Any]) -> list[tuple[str, str]]:
    """Return roles as options of a field."""
    return [(one.role.name, one.word) for one in meanings]


@register.filter
def membership_options(members: Iterable[Any]) -> list[tuple[int, str]]:
    """Return somebody's own memberships as options of a field."""
    return [(one.record.pk, one.word) for one in members]


@register.filter
def key(beginning: str, number: int) -> str:
    """Return the name of the form of one record: ``end-17``."""
    return f"{beginning}{number}"


@register.filter
def listed(words: Iterable[str]) -> str:
    """Return words joined as the language joins them."""
    return list_mark(language()).join(words)


@register.filter
def lines(text: str | None) -> list[str]:
    """Return the values of a field that takes several."""
    return (text or "").split("\n")


@register.filter
def term(one: Term) -> str:
    """Return from when to when something holds."""
    code = language()
    begin = wording.day(one.starts_on, code)
    last: date | None = one.withdrawn_on or one.ends_on
    if last is None:
        return _("%(day)s 起") % {"day": begin}
    return _("%(begin)s 至 %(end)s") % {"begin": begin, "end": wording.day(last, code)}


@register.filter
def state_words(one: Term) -> str:
    """Return how something stands today."""
    return {
        "coming": _("未开始"),
        "running": _("有效"),
        "ending": _("快到期"),
        "over": _("已到期"),
        "withdrawn": _("已收回"),
    }[one.state]


@register.filter
def done_words(name: str) -> str:
    """Return what was done by a form, in a sentence; nothing for a name no form has."""
    return {
        "create": _("已登记这个机构。"),
        "edit": _("已保存。"),
        "close": _("已记下关闭日期。"),
        "enrol": _("已登记并授予角色。请本人在登录页用“忘了密码”设置密码。"),
        "appoint": _("已授予角色。"),
        "end": _("已结束。"),
        "off": _("账号已停用。"),
        "on": _("账号已恢复。"),
        "email": _("电子邮箱已更正。请本人在登录页用“忘了密码”设置密码。"),
        "factor": _("两步验证已清除。本人登录后可以重新开启。"),
        "give": _("已登记。"),
        "withdraw": _("已撤回。"),
    }.get(name, "")
