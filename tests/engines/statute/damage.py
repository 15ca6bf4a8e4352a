"""What real sources do to a statute, as functions of the lines of a clean text."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from bridgehead.engines.statute.numerals import full_width, number_of

HEADING = re.compile(r"^第[一二三四五六七八九十百]+[章节]")
ARTICLE = re.compile(r"^第([一二三四五六七八九十百]+)条[ \u3000]*")
Lines = list[str]


def heads(lines: Lines) -> Lines:
    return [line for line in lines if HEADING.match(line)]


def before_body(lines: Lines, more: Lines) -> Lines:
    first = next((at for at, line in enumerate(lines) if HEADING.match(line) or ARTICLE.match(line)), 0)
    return [*lines[:first], *more, *lines[first:]]


def running_heads(lines: Lines, rnd: random.Random) -> Lines:
    damaged: Lines = []
    for at, line in enumerate(lines):
        if at and at % 25 == 0:
            damaged += [f"— {at // 25} —", lines[0]]
        damaged.append(line)
    return damaged


def torn_pages(lines: Lines, rnd: random.Random) -> Lines:
    """Break a paragraph in the middle by the foot of one page and the head of the next."""
    damaged: Lines = []
    for at, line in enumerate(lines):
        if at > 4 and at % 30 == 0 and len(line) > 60 and not HEADING.match(line):
            damaged += [line[:41], f"— {at // 30} —", line[41:]]
        else:
            damaged.append(line)
    return damaged


def dotted_contents(lines: Lines, rnd: random.Random) -> Lines:
    return before_body(lines, ["目  录", *(f"{line}……………{page}" for page, line in enumerate(heads(lines), 1))])


def tabbed_contents(lines: Lines, rnd: random.Random) -> Lines:
    return before_body(lines, ["目录", *(f"{line}\t{page}" for page, line in enumerate(heads(lines), 1))])


def bare_contents(lines: Lines, rnd: random.Random) -> Lines:
    return before_body(lines, ["目　次", *(re.sub(r"^第\S+?[章节]\s*", "", line) for line in heads(lines))])


def contents_and_title_again(lines: Lines, rnd: random.Random) -> Lines:
    return [lines[0], "目 录", *heads(lines), *lines]


def wrapped(width: int, indent: str = "") -> Callable[[Lines, random.Random], Lines]:
    def damage(lines: Lines, rnd: random.Random) -> Lines:
        damaged: Lines = []
        for line in lines:
            whole = indent + line
            damaged += [whole[at : at + width] for at in range(0, len(whole), width)]
        return damaged

    return damage


def spaced_labels(lines: Lines, rnd: random.Random) -> Lines:
    def space(found: re.Match[str]) -> str:
        return " ".join(found[0].strip()) + "  "

    return [ARTICLE.sub(space, re.sub(r"^第([一二三四五六七八九十]+)章", r"第 \1 章", line)) for line in lines]


def tight_labels(lines: Lines, rnd: random.Random) -> Lines:
    return [ARTICLE.sub(lambda found: found[0].rstrip(), line) for line in lines]


def arabic(lines: Lines, rnd: random.Random) -> Lines:
    return [ARTICLE.sub(lambda found: f"第{number_of(found[1])}条 ", line) for line in lines]


def wide_digits(lines: Lines, rnd: random.Random) -> Lines:
    return [ARTICLE.sub(lambda found: f"第{full_width(number_of(found[1]) or 0)}条　", line) for line in lines]


def label_lines(lines: Lines, rnd: random.Random) -> Lines:
    damaged: Lines = []
    for line in lines:
        found = ARTICLE.match(line)
        damaged += [found[0].strip(), line[found.end() :]] if found else [line]
    return damaged


def half_width_brackets(lines: Lines, rnd: random.Random) -> Lines:
    return [re.sub(r"^（([一二三四五六七八九十]+)）", r"(\1) ", line) for line in lines]


def pasted_page(lines: Lines, rnd: random.Random) -> Lines:
    top = [
        "首页 > 政策法规 > 地方性法规",
        "发布时间：2024-03-05 来源：甲州人大网 浏览次数：12",
        "字号：【大】【中】【小】 打印 关闭",
    ]
    return [*top, *lines, "打印本页 关闭窗口", "版权所有：甲州人大网"]


def markup(lines: Lines, rnd: random.Random) -> Lines:
    body = (f'<p style="text-indent:2em"><span>{line}</span>&nbsp;</p>' for line in lines)
    return ["<html><head><title>x</title></head><body><div class=a>", *body, "</div></body></html>"]


DAMAGES: dict[str, Callable[[Lines, random.Random], Lines]] = {
    "running_heads": running_heads,
    "torn_pages": torn_pages,
    "dotted_contents": dotted_contents,
    "tabbed_contents": tabbed_contents,
    "bare_contents": bare_contents,
    "contents_and_title_again": contents_and_title_again,
    "spaced_labels": spaced_labels,
    "tight_labels": tight_labels,
    "arabic": arabic,
    "wide_digits": wide_digits,
    "label_lines": label_lines,
    "half_width_brackets": half_width_brackets,
    "pasted_page": pasted_page,
    "markup": markup,
}
WRAPS = {
    "wrap_20": wrapped(20),
    "wrap_30": wrapped(30),
    "wrap_45_indented": wrapped(45, "　　"),
    "wrap_60": wrapped(60),
}
