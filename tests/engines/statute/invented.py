"""Invented statutes and ways to damage them; no sentence of a real one."""

from __future__ import annotations

TITLE = "甲州河灯保护条例"
HEAD = "（2019年3月5日甲州第二届人民代表大会第一次会议通过　2021年6月7日甲州第三届人民代表大会第二次会议修正）"
BODY = (
    "第一章 总则",
    "第一条 为了保护河灯，方便行人，制定本条例。",
    "第二条 甲州境内放河灯，适用本条例。",
    "本条例所称河灯，是指浮在水面的灯。",
    "第二章 放灯",
    "第三条 放灯的人应当遵守下列规定：",
    "（一）灯里不放油；",
    "（二）灯的大小合乎下列尺寸：",
    "1．长不过一尺；",
    "2．高不过半尺。",
    "（三）放完以后收回。",
    "第四条 违反本条例第三条的，由州人民政府劝止。",
    "第三章 附则",
    "第五条 本条例自2019年5月1日起施行。",
)
CHAPTERS = tuple(line for line in BODY if "章" in line[:4])


def whole(*, head: str = HEAD, body: tuple[str, ...] = BODY, title: str = TITLE, end: str = "\n") -> str:
    """Return the text of an invented statute."""
    return end.join((title, head, *body)) + end
