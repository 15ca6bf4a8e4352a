"""``bridgehead route --published``: the model beside every published time and price."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridgehead.cli.terminal import console, print_json, print_table, say

if TYPE_CHECKING:
    from bridgehead.regions.load import Region


def show(region: Region, json: bool, lang: str) -> None:
    """Print the table of published figures with ours beside them, the ratio, and why where it is out of the way."""
    from bridgehead.ground.published import as_json, comparisons

    found = comparisons(region)
    if json:
        print_json({"region": region.id, "routes": [as_json(region, one, lang) for one in found]})
        return
    out = console()
    if not found:
        out.print(say("这个区域没有公布的时间或价格可对照。", "This region has no published figure to compare.", lang))
        return
    from rich.table import Table
    from rich.text import Text

    from bridgehead.ground.wording import number, references, unit_label

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(say("路线、指标、来源", "route, metric, source", lang), overflow="fold", ratio=1)
    for head in (say("公布", "published", lang), say("模型", "ours", lang), say("比值", "ratio", lang)):
        table.add_column(head, justify="right", no_wrap=True)
    for one in found:
        row = one.published
        remarks = [f"{row.metric}, {unit_label(row.unit, lang)}, {row.by}"]
        remarks += [reference.title or reference.host for reference in references(row.source)]
        if one.circular:
            remarks.append(say("循环：参数取自同一数字", "circular: a parameter was made from this very figure", lang))
        if row.explanation:
            remarks.append(row.explanation)
        elif not one.plausible:
            remarks.append(say("差一倍以上，未说明", "off by more than a factor of two, not explained", lang))
        ends = f"{region.name(row.origin, lang)} → {region.name(row.destination, lang)}"
        numbers = (number(row.value, lang), number(one.ours, lang), number(one.ratio, lang, 2))
        table.add_row(Text.assemble((ends, "bold"), ("\n" + "\n".join(remarks), "dim")), *numbers)
    print_table(out, table)
    within = sum(one.plausible for one in found)
    out.print(
        say(
            f"{len(found)} 项，{within} 项在 0.5 到 2 倍之间。",
            f"{len(found)} figures, {within} with a ratio between 0.5 and 2.",
            lang,
        ),
        style="bold",
    )
